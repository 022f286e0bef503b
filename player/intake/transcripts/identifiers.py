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
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from player.archive.transcript import Line
    from player.intake.transcripts.imported import ImportedLine

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
# What Microsoft's programs name a line by, after the meeting (RFC 9562); nobody could cite it.
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Letters that a citation can have in it.
_LONGEST: Final = 40


def matched(lines: Sequence[ImportedLine], before: Sequence[Line]) -> list[Line | None]:
    """Give for each line the one of ``before`` that it is: with the same words, and as much else as can be.

    Words are the same also where only the name of who speaks has left them, or come to them: ``Tom: Yes.`` as words,
    and ``Yes.`` as said by Tom.
    """
    found: list[Line | None] = [None] * len(lines)
    if not before:
        return found
    named = {line.id: line for line in before}
    free = {line.id: line for line in before}
    said = [_words(line.text) for line in lines]
    for number, line in enumerate(lines):
        own = named.get(line.id)
        if own is not None and own.id in free and _are_same(line, said[number], own):
            found[number] = free.pop(own.id)
    # A transcript that was timed anew has other starts.
    for has_start in (True, False):
        for form in _FORMS:
            _pair(lines, found, free, form, has_start=has_start)
    return found


def _of_line(line: ImportedLine | Line) -> str:
    return _words(line.text)


def _as_written(line: ImportedLine | Line) -> str:
    """Give the words of a line as they were before a name was taken out of them."""
    return _words(getattr(line, "written", ""))


def _with_names(line: ImportedLine | Line) -> str:
    """Give the words of a line with the names of its voices among them."""
    if not any(turn.speaker is not None for turn in line.turns):
        return ""
    return _words(
        " ".join(turn.text if turn.speaker is None else f"{turn.speaker}: {turn.text}" for turn in line.turns)
    )


# The forms of which the words of a line, and of one that was there, may be the same; in this order.
_FORMS: Final = (
    (_as_written, _of_line),
    (_of_line, _of_line),
    (_with_names, _of_line),
    (_of_line, _with_names),
)


def _are_same(line: ImportedLine, said: str, own: Line) -> bool:
    words = _of_line(own)
    return words == said or words in {_as_written(line), _with_names(line)} or _with_names(own) == said


def _pair(
    lines: Sequence[ImportedLine],
    found: list[Line | None],
    free: dict[str, Line],
    form: tuple[Callable[[ImportedLine | Line], str], Callable[[ImportedLine | Line], str]],
    *,
    has_start: bool,
) -> None:
    """Find for each line that is not found one of those that are ``free``, with the same words and start."""
    of_line, of_own = form
    if not free or None not in found:
        return
    there: dict[tuple[str, int | None], deque[Line]] = defaultdict(deque)
    for own in free.values():
        if words := of_own(own):
            there[words, getattr(own, "start", None) if has_start else None].append(own)
    for number, line in enumerate(lines):
        if found[number] is None and (words := of_line(line)):
            same = there.get((words, line.start if has_start else None))
            if same:
                found[number] = free.pop(same.popleft().id)


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
