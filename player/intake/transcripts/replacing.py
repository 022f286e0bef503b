"""Holds a transcript that is brought in against the one that is there, so that nothing a person wrote is lost."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.doubt_marks import is_mark
from player.archive.line_marks import ALIGNED, CONFIDENCE, DOUBTS
from player.archive.machine import HEARD, WORD_CONFIDENCE
from player.archive.own_files import own_files
from player.archive.recording import HISTORY
from player.archive.references import IDENTIFIER
from player.archive.transcript import Cue
from player.archive.translation_names import translation_files
from player.archive.webvtt.comments import UNTIMED
from player.archive.webvtt.reading import read_transcript
from player.errors import FEW, ArchiveError
from player.files import content
from player.history.whereabouts import used as used_in_history
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.name_forms import head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.recording import Record
    from player.archive.transcript import Line, Transcript
    from player.intake.transcripts.imported import ImportedLine

TRANSCRIPT: Final = "transcript.vtt"
ANNOTATIONS: Final = "annotations.toml"
_MAY_BE_NAME: Final = re.compile(
    rf"^[ \t]*(?:NOTE[ \t]+{UNTIMED}[ \t]+)?({IDENTIFIER.pattern})[ \t]*\r?$", re.MULTILINE | re.ASCII
)


def published(record: Record) -> set[str]:
    """Give the identifiers of all lines in transcripts that were replaced before."""
    used = set(used_in_history(record))
    # Earlier releases kept such a transcript as a whole.
    for path in own_files(record.folder.parent).among(sorted((record.folder / HISTORY).glob("*.vtt"))):
        with contextlib.suppress(ArchiveError):
            used |= {line.id for line in read_transcript(path).lines}
            continue
        with contextlib.suppress(OSError):
            used |= may_be_named(content(path))
    return used


def may_be_named(data: bytes) -> set[str]:
    """Give all that may be the identifiers of lines in a transcript that cannot be read.

    What is in UTF-16 has none, and was on no page.
    """
    return set(_MAY_BE_NAME.findall(data.decode("utf-8", "replace")))


def with_own(
    line: ImportedLine, known: Line | None, *, is_by_machine: bool = False, is_whole: bool = True
) -> ImportedLine:
    """Give a line with what a person wrote of it in the transcript that is there.

    One that has its identifier comes from that transcript, and says itself what is written of it; where its form
    cannot say all (not ``is_whole``), the rest stays. That somebody has heard it is said of the same words only, and so
    is how sure a machine was of them, where one wrote the new line.
    """
    if known is None:
        return line
    if known.id == line.id:
        return line if is_whole else _with_rest(line, known, is_by_machine=is_by_machine)
    # Where a name has come to the words, nobody is to be named besides.
    has_own = any(turn.speaker for turn in line.turns) or line.text.split() != known.text.split()
    return replace(
        line,
        turns=line.turns if has_own else known.turns,
        citations=(*line.citations, *(each for each in known.citations if each not in line.citations)),
        comments=(*line.comments, *_lasting(line, known, is_by_machine=is_by_machine)),
        opens_paragraph=line.opens_paragraph or known.opens_paragraph,
        page=line.page or known.page,
    )


def _with_rest(line: ImportedLine, known: Line, *, is_by_machine: bool) -> ImportedLine:
    """Give a line with what is there, and its form cannot say: other comments, and when the same words are said."""
    rest = (each for each in _lasting(line, known, is_by_machine=is_by_machine) if not is_mark(each))
    line = replace(line, comments=(*line.comments, *rest))
    if line.words or not isinstance(known, Cue) or (line.start, line.text.split()) != (known.start, known.text.split()):
        return line
    return replace(line, words=known.words)


def _lasting(line: ImportedLine, known: Line, *, is_by_machine: bool) -> Iterator[str]:
    """Give the comments on a line that are there, and are true of the new one too."""
    are_same = line.text.split() == known.text.split()
    is_said = line.confidence is not None or bool(line.word_confidences) or not is_by_machine
    for comment in known.comments:
        if comment in line.comments or comment.startswith(ALIGNED):
            continue
        if comment.startswith((CONFIDENCE, WORD_CONFIDENCE, DOUBTS)) and (is_said or not are_same):
            continue
        if comment.startswith(HEARD) and not are_same:
            continue
        yield comment


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
        what = (
            f"{counted(len(gone) - len(names), 'line')} of the transcript before, which no line of this one surely is"
        )
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
