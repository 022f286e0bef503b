"""Says what came of ``player align``: in lines, in the rows of its table, and in values for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.commands.advised import option as named_archive
from player.commands.advised import with_archive
from player.commands.output import marked_if_unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.align.aligned import Aligned
    from player.align.settling import Left
    from player.archive.recording import Record

# So many lines that were not placed are each named; the table of --report has all.
_NAMED: Final = 20
_WORDS: Final = 6
_PASSAGES: Final = 5
COLUMNS: Final = ("id", "page", "speaker", "words", "start", "end", "confidence", "why not", "unchecked")
_UNSPOKEN: Final = "it has no spoken words"
_CAUSES: Final = (
    "possible causes: noise over the voices; a text of another sound; another language than recording.toml says"
)


def report(
    record: Record, aligned: Aligned, text: Path | None = None, *, dry_run: bool = False, is_report: bool = False
) -> Iterator[str]:
    """Say what was placed, what was not, and what to do now, for who reads it at a terminal."""
    from player.archive.gate.declared import DRAFT

    state = record.shown.record
    is_draft = state is not None and state.state == DRAFT
    for each in _told(record.slug, aligned, text, dry_run=dry_run, is_report=is_report, is_draft=is_draft):
        yield with_archive(each)
    if aligned.is_written and record.closed:
        closed = f"passages of {record.slug} are closed; look which lines are within them now: player closed"
        yield f"{closed}{named_archive()}"


def _told(
    slug: str, aligned: Aligned, text: Path | None, *, dry_run: bool, is_report: bool, is_draft: bool
) -> Iterator[str]:
    """Say in a few lines what was placed, what was not, and what to do now."""
    from player.errors import shown
    from player.timecode import display

    settled = aligned.settled
    count = len(settled.cues) + len(settled.left)
    lines = f"{count} line{'' if count == 1 else 's'}"
    words = text if text is not None and dry_run else aligned.path
    if not settled.cues and not aligned.is_vain:
        yield f"{slug}: {_nothing_new(aligned)}"
        yield from _left(aligned, words, slug, is_report=is_report)
        return
    if not settled.cues:
        yield f"{slug}: none of {lines} was placed in {display(aligned.duration)} of sound; nothing is written"
        yield from _left(aligned, words, slug, is_report=is_report)
        yield _CAUSES
        return
    sure = list(settled.confidences.values())
    first, last = settled.cues[0], settled.cues[-1]
    what = f"{len(settled.cues)} of {lines} {'is' if len(settled.cues) == 1 else 'are'} placed"
    yield f"{slug}: {what}, from {display(first.start)} to {display(last.end)}"
    mean = sum(sure) / len(sure)
    yield f"confidence in the times, not in the words: {mean:.2f} in the mean, {min(sure):.2f} the least (1 is certain)"
    yield from _left(aligned, words, slug, is_report=is_report)
    if dry_run:
        yield "nothing is written; what was done is kept, so that without --dry-run it is done at once"
        return
    if not aligned.is_written:
        yield f"{shown(aligned.path)}: all of it is as it was already; nothing is written"
        return
    is_new = aligned.brought is not None and aligned.brought.before is None
    before = "" if is_new else "; what it was is kept in history"
    yield f"{shown(aligned.path)} is written, bound to the sound{before}"
    for path in aligned.translations:
        yield f"{shown(path)}: its lines have the new times too"
    for path in aligned.others:
        yield f"{shown(path)}: its lines do not match those before, and stay as they are; see: player check --all"
    drafts = " --drafts" if is_draft else ""
    yield f"to hear it: player serve{drafts}, and then http://127.0.0.1:8000/recordings/{slug}"


def _nothing_new(aligned: Aligned) -> str:
    """Say that a transcript has as many times as it can have."""
    from player.archive.line_marks import is_aligned

    timed = f"{aligned.timed} {'line is' if aligned.timed == 1 else 'lines are'} timed already"
    if aligned.settled.left:
        return f"nothing new could be placed; {timed}"
    again = "; --again places anew what a machine placed" if any(map(is_aligned, aligned.lines)) else ""
    return f"nothing is left to place; {timed}{again}"


def _left(aligned: Aligned, words: Path, slug: str, *, is_report: bool) -> Iterator[str]:
    """Say which lines were not placed, and what has none; ``words`` is the file in which they may be corrected."""
    from player.errors import shown
    from player.timecode import clock

    left, unspoken = aligned.settled.left, len(aligned.unspoken)
    if left:
        yield f"not placed, and left as {'it was' if len(left) == 1 else 'they were'}: {len(left)}"
    for each in left[:_NAMED]:
        yield f"  {_named(each)}: {each.why}"
    if len(left) > _NAMED:
        rest = "" if is_report else " (--report FILE lists all)"
        yield f"  and {len(left) - _NAMED} more{rest}"
    if unspoken:
        yield f"{unspoken} {'line has' if unspoken == 1 else 'lines have'} no spoken words to look for"
    if aligned.unwritten:
        spans = [f"{clock(span.start)} to {clock(span.end)}" for span in aligned.unwritten]
        more = f" ({len(spans) - _PASSAGES} more)" if len(spans) > _PASSAGES else ""
        yield f"speech, or a sound like it, that no line has: {', '.join(spans[:_PASSAGES])}{more}"
    if left and not aligned.is_vain:
        then = f", and then: player align {slug}" if words == aligned.path else ""
        yield f"where their words are not those that are said, correct them in {shown(words)}{then}"


def _named(left: Left) -> str:
    from player.errors import printable

    words = left.line.text.split()
    page = f", page {printable(left.line.page)}" if left.line.page else ""
    more = " …" if len(words) > _WORDS else ""
    begins = printable(" ".join(words[:_WORDS]))
    said = f'{left.line.id}{page} "{begins}{more}"'
    return f"{said}{marked_if_unchecked(is_unchecked=left.line.is_unchecked)}"


def rows(aligned: Aligned) -> Iterator[dict[str, Any]]:
    """Give what was done with each line that was to be placed."""
    from player.archive.machine import LABEL
    from player.timecode import vtt

    cues = {cue.id: cue for cue in aligned.settled.cues}
    why = {each.line.id: each.why for each in aligned.settled.left}
    why |= {line.id: _UNSPOKEN for line in aligned.unspoken}
    for line in aligned.lines:
        if line.id not in cues and line.id not in why:
            continue
        cue = cues.get(line.id)
        times = (None, None) if cue is None else (vtt(cue.start), vtt(cue.end))
        sure = aligned.settled.confidences.get(line.id)
        words = " ".join(line.text.split())
        unchecked = LABEL if line.is_unchecked else None
        found = (line.id, line.page, line.speaker, words, *times, sure, why.get(line.id), unchecked)
        yield dict(zip(COLUMNS, found, strict=True))


def values(slug: str, aligned: Aligned) -> dict[str, Any]:
    """Give what was done with the transcript of a recording, for other programs."""
    from player.errors import shown
    from player.timecode import vtt

    return {
        "recording": slug,
        "transcript": shown(aligned.path),
        "written": aligned.is_written,
        "placed": len(aligned.settled.cues),
        "left": len(aligned.settled.left),
        "unspoken": len(aligned.unspoken),
        "unwritten": [[vtt(span.start), vtt(span.end)] for span in aligned.unwritten],
        "lines": list(rows(aligned)),
        "translations": [shown(path) for path in aligned.translations],
    }
