"""Writes the times at which lines were placed into a transcript and its translations: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from player.archive.machine import ALIGNED, MachineMade
from player.archive.own_files import OwnFiles
from player.archive.transcript import Cue
from player.archive.translation_names import translation_files
from player.archive.webvtt.binding import bound, with_item
from player.archive.webvtt.reading import parse
from player.archive.webvtt.retiming import with_times
from player.errors import ArchiveError, WriteError
from player.files import content
from player.history.entries import ALIGN
from player.history.recording import record as record_change
from player.intake.transaction import transaction
from player.intake.transcripts import bringing

if TYPE_CHECKING:
    from pathlib import Path

    from player.align.engines import Ready
    from player.align.settling import Settled
    from player.archive.archive import Archive
    from player.archive.recording import Record
    from player.archive.transcript import Line, Transcript
    from player.intake.transcripts.bringing import Brought
    from player.timecode import Span


@dataclass(frozen=True)
class Aligned:
    """What was done: ``settled`` says which lines were placed, in ``duration`` milliseconds of sound.

    ``brought`` is the text that came with it. ``translations`` have the new times too, ``others`` do not. In the lines
    that are ``unspoken`` nothing is said, so they were not looked for; ``timed`` lines had their times already. In the
    passages ``unwritten`` somebody seems to speak, and no line has that.
    """

    path: Path
    lines: tuple[Line, ...]
    settled: Settled
    duration: int
    brought: Brought | None
    translations: tuple[Path, ...] = ()
    others: tuple[Path, ...] = ()
    is_written: bool = False
    unspoken: tuple[Line, ...] = ()
    timed: int = 0
    unwritten: tuple[Span, ...] = ()

    @property
    def is_vain(self) -> bool:
        """Whether no line was placed, and not because most have their times already."""
        is_more = self.brought is None and self.timed >= len(self.settled.left)
        return not self.settled.cues and not is_more


def written(archive: Archive, record: Record, engine: Ready, aligned: Aligned, before: bytes, digest: str) -> Aligned:
    """Write the lines that an engine has placed into a transcript that was ``before``, and into its translations.

    :raise PlayerError: where they cannot be, or a file is another than it was.
    """
    old = parse(aligned.path, before.decode("utf-8-sig", errors="replace"))
    cues = {cue.id: cue for cue in aligned.settled.cues}
    today = dt.datetime.now().astimezone().date()
    made = MachineMade(engine.program, engine.model, today.isoformat())
    after = with_item(with_times(old.path, before, cues), f"[{ALIGNED}]", str(made))
    after = bound(after, digest)
    translated = _translated(archive, record, old, cues, digest)
    is_other = after != before or aligned.brought is not None
    if not is_other and all(text is None for _, text in translated.values()):
        return replace(aligned, others=tuple(translated))
    try:
        with transaction(archive.root) as change:
            if aligned.brought is not None:
                bringing.put(change, record, replace(aligned.brought, transcript=after), ALIGN)
            elif is_other:
                record_change(change, record, before, after, None, ALIGN, follows=False)
                change.replace(old.path, before, after)
            for path, (was, text) in translated.items():
                if text is not None:
                    change.replace(path, was, text)
    except WriteError as error:
        what = "what was done is kept, and the same command goes on from there"
        raise WriteError(f"{error}\n{what}") from None
    follow = tuple(path for path, (_, text) in translated.items() if text is not None)
    others = tuple(path for path, (_, text) in translated.items() if text is None)
    return replace(aligned, translations=follow, others=others, is_written=True)


def _translated(
    archive: Archive, record: Record, old: Transcript, cues: dict[str, Cue], digest: str
) -> dict[Path, tuple[bytes, bytes | None]]:
    """Give each translation as it is, and with the times of the lines that have others now; None where it cannot be."""
    lines = {line.id: line for line in old.lines}
    found: dict[Path, tuple[bytes, bytes | None]] = {}
    own = OwnFiles((archive.root, archive.media, archive.transcripts))
    for path in translation_files(record.folder).values():
        was = b""
        try:
            own.refuse_barred([path])
            was = content(path)
            its = parse(path, was.decode("utf-8-sig", errors="replace"))
            new = {
                line.id: _translated_cue(line, cues[line.id])
                for line in its.lines
                if line.id in cues and _when(line) == _when(lines[line.id])
            }
            after = with_times(path, was, new)
            if its.media_sha256 is not None and its.media_sha256 == old.media_sha256:
                after = bound(after, digest)
        except (ArchiveError, OSError):
            found[path] = (was, None)
            continue
        if after != was:
            found[path] = (was, after)
        elif not new:
            found[path] = (was, None)
    return found


def _when(line: Line) -> tuple[int, int] | None:
    return (line.start, line.end) if isinstance(line, Cue) else None


def _translated_cue(line: Line, cue: Cue) -> Cue:
    return Cue(
        *(line.id, cue.start, cue.end, line.text, line.turns, (), line.citations, line.line),
        opens_paragraph=line.opens_paragraph,
        page=line.page,
        comments=line.comments,
    )
