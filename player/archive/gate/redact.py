"""Takes away from a recording what may not be shown, as ``shown`` has decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from player.archive.gate.doubts_shown import doubts_shown
from player.archive.gate.names import speaker_shown, voices, without
from player.archive.gate.reviewers import header_shown
from player.archive.gate.spans import Ordered, reaches
from player.archive.line_marks import without_names
from player.archive.recording import Recording, Unread
from player.archive.transcript import Cue, Turn, in_turn
from player.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from player.archive.annotations import Annotation
    from player.archive.gate.names import Private
    from player.archive.gate.shown import ClosedPassage, Shown
    from player.archive.recording import Record
    from player.archive.transcript import Line, Transcript
    from player.archive.translation import Translation

_Record = TypeVar("_Record", bound="Record")


def redacted_record(record: _Record, shown: Shown, private: Private) -> _Record:
    """Give a record as it is shown: without a sound that is withheld, and with the names that may be shown."""
    called = voices(record, private)
    record = replace(
        record,
        speaker=tuple(speaker_shown(speaker, called, private) for speaker in record.speaker),
        access=(),
        closed=(),
        shown=shown,
    )
    if shown.transcript is not None and record.has_machine_draft:
        # Who speaks is known by the draft, this one or one before it: its voices, and the names given to them.
        record = replace(record, speaker=())
    if shown.sound is not None:
        record = replace(record, media=None, media_name=None, media_faults=())
    return record


def redacted(recording: Recording, shown: Shown, private: Private) -> Recording:
    """Give a recording as it is shown: its lines, translations and notes, without what is closed."""
    called = voices(recording, private)
    closed = [each for each in shown.passages if each.words]
    transcript, translations = recording.transcript, recording.translations
    if transcript is not None and (closed or called or shown.replaces_names):
        translations = tuple(_translation(each, transcript, closed, called) for each in translations)
        header = header_shown(transcript.header, called, private)
        places = Ordered(each.span for each in closed)
        numbers = [places.first(reach) for reach in reaches(transcript.lines)]
        lines = lines_shown(transcript.lines, numbers, closed, called, private)
        transcript = replace(transcript, lines=lines, header=header, faults=())
    if shown.transcript is not None:
        transcript, translations = None, ()
    return replace(
        redacted_record(recording, shown, private),
        transcript=transcript,
        translations=translations,
        annotations=_notes(recording.annotations, shown, private),
        unread=_unread(recording.unread, shown),
    )


def lines_shown(
    lines: Sequence[Line],
    numbers: Sequence[int | None],
    closed: list[ClosedPassage],
    called: Mapping[str, str],
    private: Private,
) -> tuple[Line, ...]:
    """Give lines with one in place of those of each closed passage, and voices by the names that are shown.

    ``numbers`` has for each line that of its passage, None where it is open.
    """
    kept: list[Line] = []
    stand_ins: dict[str, Cue] = {}
    for line, number in zip(lines, numbers, strict=True):
        if number is None:
            marks = doubts_shown(line, called, private) if line.comments else ()
            shown = _open(line, called)
            kept.append(replace(shown, comments=(*shown.comments, *marks)) if marks else shown)
        elif (passage := closed[number]).id not in stand_ins:
            stand_ins[passage.id] = _closed_line(passage, line)
    stand_ins |= {each.id: _closed_line(each, None) for each in closed if each.id not in stand_ins}
    return tuple(in_turn([*kept, *stand_ins.values()]))


def _closed_line(passage: ClosedPassage, first: Line | None) -> Cue:
    text = f"[{passage.label}]"
    return Cue(
        passage.id,
        passage.line.start,
        passage.line.end,
        text,
        (Turn(None, text),),
        (),
        (),
        first.line if first else 0,
        opens_paragraph=bool(first and first.opens_paragraph),
        page=first.page if first else None,
    )


def _open(line: Line, called: Mapping[str, str]) -> Line:
    """Give a line that is shown: with its voices by the names that are, and without comments, which may name others."""
    line = without_names(line) if line.comments else line
    if any(turn.speaker in called for turn in line.turns):
        turns = tuple(Turn(called.get(turn.speaker or "", turn.speaker), turn.text) for turn in line.turns)
        return replace(line, turns=turns)
    return line


def _translation(
    translation: Translation, transcript: Transcript, closed: list[ClosedPassage], called: Mapping[str, str]
) -> Translation:
    """Give a translation without what is closed; it has the times and identifiers of the transcript's lines."""
    places = Ordered(each.span for each in closed)
    of_lines = zip(transcript.lines, reaches(transcript.lines), strict=True)
    open_lines = {line.id for line, reach in of_lines if places.first(reach) is None}
    kept = [_open(line, called) for line in translation.lines if line.id in open_lines]
    if translation.lines:
        kept += (_closed_line(each, None) for each in closed)
    return replace(translation, lines=tuple(in_turn(kept)), faults=())


def _notes(notes: Iterable[Annotation], shown: Shown, private: Private) -> tuple[Annotation, ...]:
    if shown.notes is not None:
        return ()
    closed = Ordered(each.line for each in shown.passages if each.words)
    is_lost = shown.transcript is not None or any(each.words for each in shown.passages)
    return tuple(without(note, private) for note in notes if not _is_touched(note, closed, is_lost=is_lost))


def _is_touched(note: Annotation, closed: Ordered, *, is_lost: bool) -> bool:
    """Tell whether a note belongs to lines that are closed, or to lines of which nobody knows where they are."""
    if note.is_adrift or note.beside:
        return is_lost
    return note.span is not None and closed.first(note.span) is not None


def _unread(unread: Unread, shown: Shown) -> Unread:
    """Give what cannot be read of what is shown, without the words that messages quote."""
    return Unread(
        media=() if shown.sound is not None else _wordless(unread.media),
        transcript=() if shown.transcript is not None else _wordless(unread.transcript),
        annotations=() if shown.notes is not None else _wordless(unread.annotations),
    )


def _wordless(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(Fault(fault.path, fault.line, "there is a fault here", "player check says which") for fault in faults)
