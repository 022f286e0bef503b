"""Gives a WebVTT file other lines in place of some of its own: reworded, retimed, divided, joined, new or gone.

What else is in the file stays as it is, byte for byte: comments, styles, settings, header, line ends. A line keeps what
of it is the same, such as the tags around words that stay. A page of the document stays with the line that begins it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from player.archive.machine import TRANSCRIBED
from player.archive.transcript import in_turn
from player.archive.webvtt.marking import with_item
from player.archive.webvtt.part_order import in_order, on_pages, staying
from player.archive.webvtt.part_writing import PartWriter
from player.archive.webvtt.parts import assembled, parts_of
from player.archive.webvtt.reading import Readings
from player.archive.webvtt.window import is_named, window
from player.archive.webvtt.writing import as_read
from player.errors import ArchiveError, Fault, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.transcript import Line, Transcript
    from player.archive.webvtt.parts import Part, Parts

_Written = TypeVar("_Written")


@dataclass(frozen=True)
class Splice:
    """A run of lines that is replaced by another: those with the identifiers ``old``, which follow the line ``after``.

    ``after`` is None where they are the first lines. Both may be empty: lines are put in, or taken out.
    """

    after: str | None
    old: tuple[str, ...]
    new: tuple[Line, ...]


def spliced(lines: Sequence[Line], splices: Iterable[Splice]) -> tuple[Line, ...]:
    """Give lines as they are after splices, each of which is of the lines as those before it have left them.

    :raise ValueError: where one is not of these lines.
    """
    found = list(lines)
    for splice in splices:
        first = 0 if splice.after is None else _number(found, splice.after) + 1
        there = found[first : first + len(splice.old)]
        if tuple(line.id for line in there) != splice.old:
            raise ValueError(f"the lines after {splice.after} are not {', '.join(splice.old)}")
        found[first : first + len(splice.old)] = splice.new
    return tuple(found)


def with_names(path: Path, before: bytes, readings: Readings | None = None) -> bytes:
    """Give the bytes of the transcript at ``path`` in which each cue has its present identifier above its times.

    :raise ArchiveError: where the file would be read back as something else.
    """
    return before if is_named(before) else with_lines(path, before, (), readings)


def with_lines(path: Path, before: bytes, splices: Sequence[Splice], readings: Readings | None = None) -> bytes:
    """Give the bytes of the transcript at ``path``, which holds ``before``, after some splices of its lines.

    Each is of the lines as those before it have left them. Each cue has its present identifier then, also where its
    number alone was one. ``readings`` keeps what is read of the whole file, for those who ask what it says then.

    :raise ArchiveError: where the splices are of other lines, or the file would be read back as something else.
    """
    if splices:
        after = {splice.after for splice in splices}
        old = {name for splice in splices for name in splice.old}
        new = {line.id for splice in splices for line in splice.new}
        part = window(before, after, old, new)
        # All of what comes of it will be read: what is changed is then read by itself only where that is less.
        if part is not None and (readings is None or 2 * (part.end - part.begin) < len(before)):
            changed = _changed(path, part.head + before[part.begin : part.end], splices, Readings(path))
            if changed.startswith(part.head):
                return before[: part.begin] + changed[len(part.head) :] + before[part.end :]
    return _changed(path, before, splices, readings or Readings(path))


def _changed(path: Path, before: bytes, splices: Sequence[Splice], readings: Readings) -> bytes:
    """Change lines of a whole file, all of which is read."""
    old = readings.transcript(before)
    lines = _wanted(path, old.lines, splices)
    after = assembled(_rearranged(path, parts_of(before, old.lines), old.lines, lines), before)
    new = readings.transcript(after)
    if new.header != old.header and old.machine is not None and new.machine is None:
        # Only what it said of a line that is gone or others now said that a machine wrote the words.
        after = with_item(after, f"[{TRANSCRIBED}]", str(old.machine))
        new = readings.transcript(after)
    _refuse_other(path, lines, old, new)
    return after


def _wanted(path: Path, old: Sequence[Line], splices: Sequence[Splice]) -> tuple[Line, ...]:
    try:
        lines = spliced(old, splices)
    except ValueError as error:
        what = f"the lines cannot be changed as asked: {error}"
        raise ArchiveError([Fault(path, None, what, "look at the file as it is now, and do it again")]) from None
    if tuple(in_turn(lines)) != lines:
        raise _unwritable(path, "lines", "they would not be in the order of their times")
    return lines


def _rearranged(path: Path, parts: Parts, old: Sequence[Line], lines: Sequence[Line]) -> Parts:
    """Put the parts of lines in place of those of others."""
    was = {part.line.id: part for part in parts.parts if part.line is not None}
    wanted = {line.id: line for line in lines}
    runs = [*_in_place_of(old, lines)]
    replaced = {name for _, names in runs for name in names}
    writer = PartWriter(parts.eol, [each for name, each in was.items() if name not in wanted and name not in replaced])
    made: dict[str, Part] = {}
    for fresh, names in runs:
        sources = [was[name] for name in names]
        written = _tried(path, fresh[0].id, writer.fresh, fresh, sources)
        made |= {line.id: part for line, part in zip(fresh, written, strict=True)}
    for name, part in was.items():
        if name in wanted:
            made[name] = _tried(path, name, writer.changed, part, wanted[name])
    stay = staying([*was], old, lines)
    # Those that stand in place of others have the comments of these.
    there = [replace(each, remarks=[]) if each.line and each.line.id in replaced else each for each in parts.parts]
    order = in_order(there, made, stay, [line.id for line in lines])
    return replace(parts, parts=_tried(path, "", on_pages, order, writer.page))


def _in_place_of(old: Sequence[Line], lines: Sequence[Line]) -> Iterator[tuple[list[Line], list[str]]]:
    """Give each run of lines that are new, and which stood in their place."""
    there, now = {line.id for line in old}, {line.id for line in lines}
    gone: dict[str | None, list[str]] = {}
    at: str | None = None
    for line in old:
        if line.id in now:
            at = line.id
        else:
            gone.setdefault(at, []).append(line.id)
    fresh: dict[str | None, list[Line]] = {}
    at = None
    for line in lines:
        if line.id in there:
            at = line.id
        else:
            fresh.setdefault(at, []).append(line)
    return ((run, gone.get(at, [])) for at, run in fresh.items())


def _tried(path: Path, name: str, write: Callable[..., _Written], *args: object) -> _Written:
    try:
        return write(*args)
    except ValueError as error:
        raise _unwritable(path, f"the line {name}" if name else "lines", str(error)) from None


def _refuse_other(path: Path, lines: Sequence[Line], old: Transcript, new: Transcript) -> None:
    """Refuse what would not be read as it is meant.

    :raise ArchiveError: naming the first line of which that is so.
    """
    for line, again in zip(lines, new.lines, strict=False):
        is_same = replace(again, line=line.line) == line or as_read(replace(line, line=0)) == replace(again, line=0)
        if not is_same:
            raise _unwritable(path, f"the line {line.id}", "it would be read back as something else")
    if len(lines) != len(new.lines):
        raise _unwritable(path, "lines", "there would be more of them, or fewer")
    if new.header != old.header:
        raise _unwritable(path, "lines", "the header would be read as something else")


def _unwritable(path: Path, part: str, reason: str) -> ArchiveError:
    remedy = "player check names what is wrong with the file; correct that, and try again"
    return ArchiveError([Fault(path, None, f"{part} cannot be written ({reason})", remedy)])


def _number(lines: Sequence[Line], name: str) -> int:
    """Find a line by its identifier.

    :raise ValueError: where there is none.
    """
    number = next((number for number, line in enumerate(lines) if line.id == name), None)
    if number is None:
        raise ValueError(f"there is no line {quoted(name)}")
    return number
