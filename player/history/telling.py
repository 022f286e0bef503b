"""Says in a few words how a line differs from what it was: word by word, who speaks, and when."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from player.archive.doubts import doubts, with_doubts
from player.archive.line_marks import MARKS, heard
from player.archive.transcript import Cue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.transcript import Line

    #: What became of a word, and the word.
    Word = tuple[Literal["same", "gone", "new"], str]


def words(before: Line | None, after: Line | None) -> list[Word]:
    """Give the words of both lines in their order: those that stayed, those that went, and those that came."""
    old = before.text.split() if before else []
    new = after.text.split() if after else []
    found: list[Word] = []
    for kind, first, last, own, own_last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += (("same", word) for word in old[first:last])
            continue
        found += (("gone", word) for word in old[first:last])
        found += (("new", word) for word in new[own:own_last])
    return found


def what(before: Line | None, after: Line | None) -> list[str]:
    """Say what else of a line was changed than its words; nothing where it came or went."""
    return [] if before is None or after is None else list(_what(before, after))


def _what(before: Line, after: Line) -> Iterator[str]:
    old, new = _voices(before), _voices(after)
    if old != new:
        yield f"Speaker: {old} → {new}"
    yield from _times(before, after)
    if before.opens_paragraph != after.opens_paragraph:
        yield "a paragraph begins" if after.opens_paragraph else "no paragraph begins any more"
    if before.page != after.page:
        yield f"page: {before.page or 'none'} → {after.page or 'none'}"
    if before.citations != after.citations:
        yield "sources"
    if heard(before) != heard(after):
        names = ", ".join(each.name for each in heard(after))
        yield f"heard by {names}" if names else "no longer marked as heard"
    was, now = _doubted(before), _doubted(after)
    yield from (f"no longer {each}" for each in was if each not in now)
    yield from (each for each in now if each not in was)
    if _own_comments(before) != _own_comments(after):
        yield "comments"


def _doubted(line: Line) -> list[str]:
    """Give what people say of words of a line: which are doubtful, and how else they are read."""
    found: list[str] = []
    there = line.text.split()
    for doubt in doubts(line):
        said = " ".join(there[doubt.first : doubt.last + 1])
        found += [f"doubtful: {said}"] if doubt.is_doubtful else []
        found += (
            f"read otherwise: {said}, as {each.text}{f' ({each.by})' if each.by else ''}" for each in doubt.readings
        )
    return found


def _own_comments(line: Line) -> list[str]:
    """Give the comments that say nothing which is told otherwise, or which a program says of its own work."""
    return [each for each in with_doubts(line, ()).comments if not each.startswith(MARKS)]


def _times(before: Line, after: Line) -> Iterator[str]:
    if not (isinstance(before, Cue) and isinstance(after, Cue)):
        if isinstance(before, Cue) != isinstance(after, Cue):
            yield "it has times" if isinstance(after, Cue) else "it has no times"
        return
    yield from _moved("start", after.start - before.start)
    yield from _moved("end", after.end - before.end)
    if before.is_approximate != after.is_approximate:
        yield "its times are rough" if after.is_approximate else "its times are no longer rough"
    if before.text == after.text and _spoken(before) != _spoken(after):
        yield "times of its words"


def _spoken(line: Cue) -> list[int | None]:
    """Give when each word begins, from the beginning of the recording."""
    return [None if each is None else line.start + each for each in line.words]


def _moved(edge: str, by: int) -> Iterator[str]:
    if by:
        yield f"{edge} {abs(by)} ms {'later' if by > 0 else 'earlier'}"


def _voices(line: Line) -> str:
    return ", ".join(dict.fromkeys(turn.speaker or "nobody named" for turn in line.turns)) or "nobody named"
