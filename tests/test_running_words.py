"""How many words two texts have in common does not hang on lines, capitals and signs."""

from __future__ import annotations

import random

import pytest

from player.intake.transcripts import running_words
from player.intake.transcripts.running_words import common

QUAY = "The ferry left at low water, and nobody on the quay saw it go."


@pytest.mark.parametrize(
    "lines", [[QUAY], QUAY.split(), [QUAY.upper()], [QUAY.replace(",", " -"), ""], [QUAY.replace("quay", "quáy")]]
)
def test_the_same_words_are_the_same_text(lines: list[str]) -> None:
    assert common(lines, [QUAY]) == (14, 14, 14)


def test_each_text_has_its_own_share() -> None:
    found = common(["The ferry left."], [QUAY])
    assert (found.of_new, found.of_old) == (1, 3 / 14)
    assert common([], [QUAY]).of_new == common([QUAY], []).of_old == 0


def test_what_was_moved_is_in_common_too() -> None:
    words = [f"word{number}" for number in range(60)]
    parts = [" ".join(words[first : first + 10]) for first in range(0, 60, 10)]
    assert common(parts[::-1], parts).both == 54


def test_scripts_without_spaces_are_compared_by_letters() -> None:
    assert common(["船が港を", "出た。"], ["船が港を出た"]) == (6, 6, 6)


def test_it_is_the_longest_in_order() -> None:
    chance = random.Random(15)  # noqa: S311  # the same each time, and nothing secret
    for _ in range(50):
        one, other = (["".join(chance.choices("abcd", k=1)) for _ in range(chance.randrange(1, 12))] for _ in "xy")
        table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
        for row, a in enumerate(one, 1):
            for column, b in enumerate(other, 1):
                beside = max(table[row - 1][column], table[row][column - 1])
                table[row][column] = table[row - 1][column - 1] + 1 if a == b else beside
        assert running_words._longest(one, other) == table[-1][-1]  # noqa: SLF001  # the count beside it hides it


def test_of_very_many_words_none_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_words, "_MOST", 10)
    assert common(["Go it saw quay the on nobody and water low at left ferry the"], [QUAY]) == (14, 14, 14)
