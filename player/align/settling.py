"""Makes cues of lines that were placed, so that none overlaps another or ends after the sound; the rest stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from player.align.asked import NotPlaced, Placed, SpokenLine
from player.align.spoken_forms import spoken_line
from player.archive.line_marks import heard, is_aligned, with_aligned
from player.archive.transcript import Cue
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.transcript import Line

_NOT_HEARD: Final = "not made out (noise, or other words than these)"


@dataclass(frozen=True)
class Left:
    """A line that could not be placed, and why, as a part of a sentence."""

    line: Line
    why: str


@dataclass(frozen=True)
class Settled:
    """The lines that were placed, as cues in their order, each with its confidence; and those that were not."""

    cues: tuple[Cue, ...]
    confidences: Mapping[str, float]
    left: tuple[Left, ...]


def is_wanted(line: Line, *, again: bool) -> bool:
    """Tell whether a line is to be placed: untimed, timed roughly, or ``again`` where a machine did it before.

    What somebody has heard and found right stays.
    """
    if not isinstance(line, Cue):
        return True
    return not heard(line) and (line.is_approximate or (again and is_aligned(line)))


def is_spoken(line: SpokenLine) -> bool:
    """Tell whether anything in a line is said: not in a stage direction, nor in a dash."""
    return any(way for ways in line.words for way in ways)


def spoken_lines(lines: Sequence[Line], language: str, part: Span, *, again: bool) -> list[SpokenLine]:
    """Say what is to be looked for in a passage of the sound: times count from its beginning.

    Lines between which a timed line ends before the passage, or begins after it, are left out.
    """
    found: list[SpokenLine] = []
    for line, is_within in zip(lines, _within(lines, part, again=again), strict=True):
        if not is_within:
            continue
        ways = spoken_line(line.text, language)
        if not is_wanted(line, again=again) and isinstance(line, Cue):
            found.append(SpokenLine(line.id, ways, fixed=_moved(line.span, part)))
        elif isinstance(line, Cue):
            near = _moved(line.span, part) if line.span.overlaps(part) else None
            found.append(SpokenLine(line.id, ways, near=near))
        else:
            found.append(SpokenLine(line.id, ways))
    return found


def settled(
    lines: Sequence[Line], answers: Mapping[str, Placed | NotPlaced | None], part: Span, *, again: bool
) -> Settled:
    """Make cues of what was placed in a passage of the sound; ``answers`` are those by the identifiers of lines.

    A line that would overlap the next ends where that begins, if all its words have begun by then; else the one of
    which the machine is less sure is left.
    """
    kept: list[Cue | _Found] = []
    why: dict[str, str] = {}
    for line in lines:
        if line.id not in answers:
            if isinstance(line, Cue) and not is_wanted(line, again=again):
                _put(kept, line, why)
            continue
        answer = answers[line.id]
        found = _found(line, answer, part) if isinstance(answer, Placed) else None
        if found is not None:
            _put(kept, found, why)
        else:
            why[line.id] = answer.why if isinstance(answer, NotPlaced) else _NOT_HEARD
    placed = {each.line.id: each for each in kept if isinstance(each, _Found)}
    left = [Left(line, why.get(line.id, _NOT_HEARD)) for line in lines if line.id in answers and line.id not in placed]
    cues = tuple(_cue(placed[line.id]) for line in lines if line.id in placed)
    return Settled(cues, {name: each.confidence for name, each in placed.items()}, tuple(left))


@dataclass(frozen=True)
class _Found:
    """A line with the times at which it was found, from the beginning of the sound."""

    line: Line
    start: int
    end: int
    words: tuple[int | None, ...]
    confidence: float

    @property
    def last(self) -> int:
        """When the last of its words begins of which that is known."""
        return max((word for word in self.words if word is not None), default=self.start)


def _within(lines: Sequence[Line], part: Span, *, again: bool) -> Iterator[bool]:
    """Tell of each line whether it may be said in a passage, by the timed lines before and after it."""
    fixed = [line.span if isinstance(line, Cue) and not is_wanted(line, again=again) else None for line in lines]
    after: list[int | None] = []
    following: int | None = None
    for span in reversed(fixed):
        after.append(following)
        following = span.start if span is not None else following
    before = 0
    for span, following in zip(fixed, reversed(after), strict=True):
        if span is not None:
            before = span.end
            yield span.overlaps(part)
        else:
            yield before < part.end and (following is None or following > part.start)


def _moved(span: Span, part: Span) -> Span:
    """Count the times of what overlaps a passage from its beginning."""
    return Span(max(0, span.start - part.start), span.end - part.start)


def _found(line: Line, placed: Placed, part: Span) -> _Found | None:
    """Give a line where it was found; None where that is not within the passage.

    A word that would not begin after the one before it, and within the line, is left without a time.
    """
    start, end = placed.start + part.start, min(placed.end + part.start, part.end)
    if not part.start <= start < end:
        return None
    words: list[int | None] = []
    latest = start - 1
    for word in placed.words:
        moment = None if word is None else word + part.start
        is_known = moment is not None and latest < moment < end
        words.append(moment if is_known else None)
        latest = moment if moment is not None and is_known else latest
    is_whole = len(words) == len(line.text.split())
    return _Found(line, start, end, tuple(words) if is_whole else (), placed.confidence)


def _put(kept: list[Cue | _Found], new: Cue | _Found, why: dict[str, str]) -> None:
    """Put a line behind those that are kept, after which it begins; one of them, or itself, may have to give way."""
    while kept:
        before = kept[-1]
        if before.end <= new.start or (isinstance(before, Cue) and isinstance(new, Cue)):
            break
        if isinstance(before, _Found) and before.last < new.start:
            kept[-1] = replace(before, end=new.start)
            break
        if isinstance(before, _Found) and (isinstance(new, Cue) or before.confidence < new.confidence):
            why[before.line.id] = f"it would overlap {_named(new)}"
            kept.pop()
            continue
        if isinstance(new, _Found):
            why[new.line.id] = f"it would overlap {_named(before)}"
            return
    kept.append(new)


def _named(each: Cue | _Found) -> str:
    return each.id if isinstance(each, Cue) else each.line.id


def _cue(found: _Found) -> Cue:
    line = found.line
    words = tuple(None if word is None else word - found.start for word in found.words)
    cue = Cue(
        *(line.id, found.start, found.end, line.text, line.turns, words, line.citations, line.line),
        opens_paragraph=line.opens_paragraph,
        page=line.page,
        comments=line.comments,
        is_unchecked=line.is_unchecked,
    )
    return with_aligned(cue, found.confidence)
