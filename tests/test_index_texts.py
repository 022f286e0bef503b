"""Texts that a search has read on a server are kept, the last ones and no more, and read again where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.index.postgres.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

THERE = {number: bytes([number]) * 10 for number in range(1, 6)}


def test_what_was_read_last_is_kept_within_bounds_and_what_is_gone_is_left_out() -> None:
    texts, asked = Texts(30), list[list[int]]()

    def read(numbers: list[int]) -> Iterator[tuple[int, bytes]]:
        asked.append(numbers)
        return ((number, THERE[number]) for number in numbers if number in THERE)

    assert texts.of([1, 2, 3], read) == {number: THERE[number] for number in (1, 2, 3)}
    assert texts.of([1, 3], read) == {1: THERE[1], 3: THERE[3]}
    assert texts.of([1, 4, 9], read) == {1: THERE[1], 4: THERE[4]}, "9 was taken out meanwhile"
    assert texts.of([], read) == {}
    assert texts.of([2, 3], read) == {2: THERE[2], 3: THERE[3]}, "2 had to make room"
    assert texts.of(list(THERE), read) == THERE, "more than is kept"
    assert asked[:3] == [[1, 2, 3], [4, 9], [2]]
