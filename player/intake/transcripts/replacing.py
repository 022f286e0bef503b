"""Holds a transcript that is brought in against the one that is there, so that nothing a person wrote is lost."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.annotations import read_annotations
from player.archive.recording import HISTORY
from player.archive.translation import translation_files
from player.archive.webvtt.reading import read_transcript
from player.errors import FEW, ArchiveError
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.name_forms import head

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Line, Transcript
    from player.errors import Fault
    from player.intake.transcripts.imported import ImportedLine

TRANSCRIPT: Final = "transcript.vtt"
ANNOTATIONS: Final = "annotations.toml"


def history_place(folder: Path, day: dt.date) -> Path:
    """Give where a transcript that is replaced on a day is kept."""
    number = 1
    place = folder / HISTORY / f"{day.isoformat()}-{TRANSCRIPT}"
    while os.path.lexists(place):
        number += 1
        place = folder / HISTORY / f"{day.isoformat()}-{number}-{TRANSCRIPT}"
    return place


def published(history: Path) -> set[str]:
    """Give the identifiers of all lines in transcripts that were replaced before.

    One that cannot be read, as what is in UTF-16, was on no page.
    """
    used: set[str] = set()
    for path in sorted(history.glob("*.vtt")):
        with contextlib.suppress(ArchiveError):
            used |= {line.id for line in read_transcript(path).lines}
    return used


def with_own(line: ImportedLine, known: Line | None) -> ImportedLine:
    """Give a line with what a person wrote of it in the transcript that is there.

    One that has its identifier comes from that transcript, and says itself what is written of it.
    """
    if known is None or known.id == line.id:
        return line
    # Where a name has come to the words, nobody is to be named besides.
    has_own = any(turn.speaker for turn in line.turns) or line.text.split() != known.text.split()
    return replace(
        line,
        turns=line.turns if has_own else known.turns,
        citations=(*line.citations, *(each for each in known.citations if each not in line.citations)),
        comments=(*line.comments, *(each for each in known.comments if each not in line.comments)),
        opens_paragraph=line.opens_paragraph or known.opens_paragraph,
        page=line.page or known.page,
    )


def refuse_lost(record: Record, old: Transcript, ids: Collection[str]) -> None:
    """Refuse what would leave a note, or a passage that is closed, without its lines.

    :raise ArchiveError: naming each.
    """
    faults: list[Fault] = []
    remedy = "give it start and end in place of cue, and import again"
    for closed in record.closed:
        faults += [
            closed.fault(
                "cue", f'this passage is closed by the line "{name}", whose words are not in the new one', remedy
            )
            for name in dict.fromkeys(closed.cue or ())
            if name not in ids
        ]
    try:
        notes = read_annotations(record.folder / ANNOTATIONS, old.lines)
    except ArchiveError:
        notes = ()  # player check says what is wrong with them
    for note in notes:
        faults += [
            note.fault("cue", f'"{note.id}" belongs to the line "{name}", whose words are not in the new one', remedy)
            for name in dict.fromkeys(note.cue or ())
            if name not in ids
        ]
    if faults:
        raise ArchiveError(faults)


def compared(old: Transcript, made: Sequence[Line]) -> Iterator[Remark]:
    """Say how the lines differ from those that are there."""
    ids = {line.id for line in made}
    if kept := len(ids & {line.id for line in old.lines}):
        so = (
            "is there already, and keeps its identifier"
            if kept == 1
            else "are there already, and keep their identifiers"
        )
        yield Remark(Deed.READ, f"{counted(kept, 'line')} that {so}")
    gone = [line for line in old.lines if line.id not in ids]
    names = [line for line in gone if (found := head(line.text)) is not None and not found.rest]
    if names:
        so = "was only a name" if len(names) == 1 else "were only names"
        yield Remark(Deed.READ, f"{counted(len(names), 'line')} of the transcript before, which {so}")
    if len(gone) > len(names):
        what = f"{counted(len(gone) - len(names), 'line')} of the transcript before, whose words are not in this one"
        yield Remark(Deed.LEFT_OUT, what)
    for path in translation_files(old.path.parent).values():
        yield Remark(Deed.READ, f"{path.name} stays as it is; player check says which of its lines still fit")


def silent(record: Record, old: Transcript, made: Sequence[Line]) -> Iterator[Remark]:
    """Say which speakers of the record said something in the transcript that is there, and say nothing in the new."""
    before, now = ({turn.speaker for line in lines for turn in line.turns} for lines in (old.lines, made))
    names = [speaker.name for speaker in record.speaker if speaker.name in before - now]
    if names:
        first = ", ".join(names[:FEW])
        more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
        verb = "says" if len(names) == 1 else "say"
        who = "that speaker is" if len(names) == 1 else "these speakers are"
        what = f"{first}{more}, who {verb} nothing any more; {who} still in recording.toml, to be removed by hand"
        yield Remark(Deed.READ, what)


def counted(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
