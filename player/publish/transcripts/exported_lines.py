"""Makes the lines of a transcript, or of a translation of it, as they go into files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from player.archive import line_marks
from player.archive.doubts import doubts
from player.archive.gate.shown import CLOSED_LINE
from player.archive.part_openings import part_openings
from player.archive.transcript import Cue, Turn
from player.publish.transcripts.plain_signs import in_one_line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from player.archive.doubts import Doubt
    from player.archive.recording import Recording
    from player.archive.references import Citation
    from player.archive.transcript import Line
    from player.archive.translation import Translation


@dataclass(frozen=True)
class ExportedLine:
    """A line. Times are milliseconds from the beginning of the recording, None where it is not timed.

    ``end`` is None where nothing says how long it lasts. ``turns`` say all of ``text``, in its order; ``words`` are as
    those of a cue.
    """

    id: str
    text: str
    turns: tuple[Turn, ...]
    start: int | None
    end: int | None
    words: tuple[int | None, ...]
    is_approximate: bool
    page: str | None
    opens_paragraph: bool
    citations: tuple[Citation, ...]
    language: str
    #: What people say of its words, by their numbers, and the numbers of those of which a machine is not sure.
    doubts: tuple[Doubt, ...] = ()
    unsure: tuple[int, ...] = ()
    is_unchecked: bool = False
    #: Whether it stands in place of what is closed, and why that is, where it is told.
    is_closed: bool = False
    reason: str | None = None
    #: In a translation: whether it has not been translated, and since when its words are older than those said.
    is_untranslated: bool = False
    older: str | None = None
    #: The titles of the parts of the recording that begin with it.
    parts: tuple[str, ...] = ()

    @property
    def voices(self) -> tuple[str, ...]:
        """Who speaks in it, each once."""
        return tuple(dict.fromkeys(turn.speaker for turn in self.turns if turn.speaker))

    @property
    def until(self) -> int | None:
        """When it ends, also where nothing says so: a millisecond after it begins."""
        return None if self.start is None else self.end if self.end is not None else self.start + 1


def exported_lines(recording: Recording, translation: Translation | None) -> Iterator[ExportedLine]:
    """Give the lines of a recording as they are shown, in the words of a translation where one is given."""
    said = recording.transcript.lines if recording.transcript else ()
    closed = {each.id: each.reason for each in recording.shown.passages if each.words}
    opening = part_openings(recording.part, said)
    translated = {line.id: line for line in translation.lines} if translation else {}
    older = translation.older if translation else {}
    for line in said:
        made = _line(line, recording.language)
        if line.id in closed or line.id.startswith(CLOSED_LINE):
            made = replace(made, is_closed=True, reason=closed.get(line.id), words=(), doubts=(), unsure=())
        elif translation is not None:
            other = translated.get(line.id)
            made = replace(made, is_untranslated=True) if other is None else _translated(made, other, translation)
            made = replace(made, older=older.get(line.id))
        titles = tuple(in_one_line(recording.part[place].title) for place in opening.get(line.id, ()))
        yield replace(made, parts=titles) if titles else made


def by_turn(line: ExportedLine) -> Iterator[ExportedLine]:
    """Give what each voice says of a line, as a line of its own; when any but the first begins to speak, is not known.

    What is said of words goes with the turn that has all of them.
    """
    if len(line.turns) == 1:
        yield line
        return
    begin = 0
    for number, turn in enumerate(line.turns):
        count = len(turn.text.split())
        after = begin + count
        said = tuple(
            replace(each, first=each.first - begin, last=each.last - begin)
            for each in line.doubts
            if begin <= each.first and each.last < after
        )
        one = replace(line, text=turn.text, turns=(turn,), words=(), doubts=said)
        one = replace(one, unsure=tuple(each - begin for each in line.unsure if begin <= each < after))
        if number:
            one = replace(one, start=None, end=None, opens_paragraph=False, parts=())
        if number < len(line.turns) - 1:
            one = replace(one, is_untranslated=False, older=None)
        yield one
        begin = after


def _line(line: Line, language: str) -> ExportedLine:
    cue = line if isinstance(line, Cue) else None
    turns = tuple(_turns(line.turns)) or (Turn(None, plain(line.text)),)
    text = "\n".join(turn.text for turn in turns)
    has_words = len(text.split()) == len(line.text.split())
    return ExportedLine(
        line.id,
        text,
        turns,
        cue.start if cue else None,
        cue.span.end if cue and cue.has_length else None,
        cue.words if cue and has_words else (),
        cue is not None and cue.is_approximate,
        line.page,
        line.opens_paragraph,
        line.citations,
        language,
        doubts(line) if line.comments and has_words else (),
        line_marks.doubtful(line) if line.is_unchecked and has_words else (),
        line.is_unchecked,
    )


def _translated(made: ExportedLine, other: Line, translation: Translation) -> ExportedLine:
    """Give a line in other words, said by whoever says it; of these words nobody has said when, or how sure, they are.

    Where a translation names no voice, all of it is said by those who speak in the line.
    """
    its = _line(other, translation.language)
    turns = its.turns if its.voices or not made.voices else (Turn(" and ".join(made.voices), its.text),)
    return replace(
        made, text=its.text, turns=turns, words=its.words, language=translation.language, doubts=(), unsure=()
    )


def _turns(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Give turns, those of one voice one after the other as one: two voices may both be called by one name."""
    kept: Turn | None = None
    for turn in turns:
        name, text = in_one_line(turn.speaker or "") or None, plain(turn.text)
        if not text:
            continue
        if kept is not None and kept.speaker == name:
            kept = Turn(name, f"{kept.text}\n{text}")
            continue
        if kept is not None:
            yield kept
        kept = Turn(name, text)
    if kept is not None:
        yield kept
