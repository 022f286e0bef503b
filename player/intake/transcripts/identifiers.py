"""Gives each line that is brought in the identifier by which it is cited.

A line that was there before keeps its own, as long as its words are the same. One that was published, and whose words
are gone, is never given to others: a citation of them would come to mean these.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from itertools import count
from typing import TYPE_CHECKING, Final

from player.archive.gate.shown import CLOSED_LINE
from player.archive.references import IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from player.archive.transcript import Line
    from player.intake.transcripts.imported import ImportedLine

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
# What Microsoft's programs name a line by, after the meeting (RFC 9562); nobody could cite it.
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Letters that a citation can have in it.
_LONGEST: Final = 40


def matched(lines: Sequence[ImportedLine], before: Sequence[Line]) -> list[Line | None]:
    """Give for each line the one of ``before`` that it is: with the same words, and as much else as can be."""
    found: list[Line | None] = [None] * len(lines)
    if not before:
        return found
    named = {line.id: line for line in before}
    free = {line.id: line for line in before}
    said = [_words(line.text) for line in lines]
    for number, line in enumerate(lines):
        own = named.get(line.id)
        if own is not None and own.id in free and _words(own.text) == said[number]:
            found[number] = free.pop(own.id)
    starts: dict[tuple[str, int | None], deque[Line]] = defaultdict(deque)
    for own in free.values():
        starts[_words(own.text), getattr(own, "start", None)].append(own)
    for number, line in enumerate(lines):
        if found[number] is None and (same := starts.get((said[number], line.start))):
            found[number] = free.pop(same.popleft().id)
    # A transcript that was timed anew has other starts.
    words: dict[str, deque[Line]] = defaultdict(deque)
    for own in free.values():
        words[_words(own.text)].append(own)
    for number in range(len(lines)):
        if found[number] is None and (same := words.get(said[number])):
            found[number] = same.popleft()
    return found


def identified(
    lines: Sequence[ImportedLine], same: Sequence[Line | None], used: Collection[str], *, keeps_ids: bool
) -> list[str]:
    """Give each line its identifier: that which it had, else the file's own where it is one, else ``c`` and a number.

    ``same`` is what ``matched`` gives, and ``used`` are the identifiers that were ever published. ``keeps_ids`` says
    whether one that a program made for its own use is kept.
    """
    wanted = [_own(line.id, keeps_ids=keeps_ids) for line in lines]
    there = {each.id for each in same if each is not None}
    barred = {*used, *there, *_repeated(wanted)}
    kept = {name for name in wanted if name} - barred
    taken = barred | kept
    numbers = (each for each in map("c{}".format, count(len(lines) + 1)) if each not in taken)
    return list(_named(wanted, same, kept, taken, numbers))


def _named(
    wanted: Sequence[str],
    same: Sequence[Line | None],
    kept: Collection[str],
    taken: Collection[str],
    numbers: Iterator[str],
) -> Iterator[str]:
    for number, (name, before) in enumerate(zip(wanted, same, strict=True), 1):
        if before is not None:
            yield before.id
        elif name in kept:
            yield name
        else:
            yield plain if (plain := f"c{number}") not in taken else next(numbers)


def _own(name: str, *, keeps_ids: bool) -> str:
    """Give the identifier that a line has in its file, in the form of ours; empty where it has none that can be."""
    if _NUMBER.fullmatch(name):
        return f"c{int(name)}"
    if len(name) > _LONGEST or name.startswith(CLOSED_LINE) or IDENTIFIER.fullmatch(name) is None:
        return ""
    return "" if _UUID.match(name) and not keeps_ids else name


def _repeated(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]  # for its effect


def _words(text: str) -> str:
    return " ".join(text.split())
