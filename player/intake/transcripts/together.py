"""Makes one transcript of those of several sounds that are one recording: each is moved to where its part begins."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from player.archive.parts import OPENS
from player.intake.transcripts.imported import Deed, Imported, ImportedLine, ImportedNote, Remark
from player.intake.transcripts.made import lasting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def together(imported: Sequence[Imported | None], starts: Sequence[int], titles: Sequence[str]) -> Imported:
    """Join transcripts, one for each part of a recording, None where a part has none.

    Where the first line of one is not timed, a comment before it says in which part it is, ``part: 2``.

    ``starts`` is where the parts begin, in milliseconds, ``titles`` what they are called. Words are timed from the
    start of their line, and stay as they are. The last line of a part, where it has no end, lasts as long as its words
    may, roughly, and ends with its part at the latest. What runs past the end of a part belongs to that part all the
    same: it ends with it, or is not timed where it begins past the end, and this is told. Identifiers of more than one
    line are dropped.
    """
    there = [each for each in imported if each is not None]
    ids = Counter(line.id for each in there for line in each.lines if line.id)
    lines: list[ImportedLine] = []
    notes: list[ImportedNote] = []
    remarks: list[Remark] = []
    files: list[tuple[str, int]] = []
    ends: list[int | None] = [*starts[1:], None]
    for number, (each, start, end, title) in enumerate(zip(imported, starts, ends, titles, strict=True), 1):
        if each is None:
            continue
        moved = list(_moved(each, start, end, ids))
        if moved and moved[0].start is None and number > 1:
            moved[0] = replace(moved[0], comments=(*moved[0].comments, f"{OPENS}{number}"))
        remarks += (replace(remark, what=f"{title}: {remark.what}") for remark in each.remarks)
        files.append((title, len(moved)))
        if late := [line for line in each.lines if _is_late(line, start, end)]:
            what = f"{len(late)} {_lines(len(late))} that ran past the end of {title}"
            remarks.append(Remark(Deed.MENDED, what, _origins(late)))
        if past := [line for line in each.lines if _is_past(line, start, end)]:
            what = f"{len(past)} {_lines(len(past))} with a time after the end of {title}, kept without times"
            remarks.append(Remark(Deed.MENDED, what, _origins(past)))
        lines += moved
        notes += (
            replace(note, start=start + note.start, end=None if note.end is None else start + note.end)
            for note in each.notes
        )
    if dropped := sum(count for count in ids.values() if count > 1):
        what = f"{dropped} identifiers of lines, which occur in more than one of the transcripts"
        remarks.append(Remark(Deed.LEFT_OUT, what))
    languages = {each.language for each in there}
    first = there[0] if there else None
    return Imported(
        format=" and ".join(dict.fromkeys(each.format for each in there)),
        lines=tuple(lines),
        remarks=tuple(remarks),
        notes=tuple(notes),
        header=first.header if first else (),
        language=languages.pop() if len(languages) == 1 else None,
        title=first.title if first else None,
        date=first.date if first else None,
        files=tuple(files),
        # Where one part is a machine's, nobody has checked the whole.
        machine=next(filter(None, (each.machine for each in there)), None),
        is_whole=all(each.is_whole for each in there),
        notices=tuple(dict.fromkeys(notice for each in there for notice in each.notices)),
    )


def _moved(imported: Imported, start: int, end: int | None, ids: Counter[str]) -> Iterator[ImportedLine]:
    timed = [line for line in imported.lines if line.start is not None and not _is_past(line, start, end)]
    last = max(timed, key=lambda line: line.start or 0, default=None)
    for line in imported.lines:
        name = line.id if ids[line.id] == 1 else ""
        if line.start is None or _is_past(line, start, end):
            yield replace(line, id=name, start=None, end=None, words=(), is_approximate=False)
            continue
        begins = start + line.start
        ends = None if line.end is None else start + line.end
        is_rough = line.is_approximate
        if end is not None and ends is None and line is last:
            ends = begins + lasting(line.text)
            is_rough = is_rough or ends < end
        if end is not None and ends is not None:
            ends = min(ends, end)
        yield replace(line, id=name, start=begins, end=ends, is_approximate=is_rough)


def _is_late(line: ImportedLine, start: int, end: int | None) -> bool:
    """Tell whether a line begins in its part, and ends after it."""
    if end is None or line.start is None or line.end is None:
        return False
    return start + line.start < end < start + line.end


def _is_past(line: ImportedLine, start: int, end: int | None) -> bool:
    """Tell whether a line begins after its part has ended."""
    return end is not None and line.start is not None and start + line.start >= end


def _origins(lines: Sequence[ImportedLine]) -> tuple[int, ...]:
    return tuple(line.origin for line in lines if line.origin is not None)


def _lines(count: int) -> str:
    return "line" if count == 1 else "lines"
