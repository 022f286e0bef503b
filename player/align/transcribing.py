"""Transcribes a sound: a first draft of its words, with the time of each, made by a machine and marked so.

Three steps, each in pieces that are kept (``pieces``): where there are voices; what a recogniser hears there, a window
at a time; and of that, what was said (``doubts``). Its lines are those that the import makes of a recogniser's words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.align import doubts, draft_lines, hearing
from player.align.pieces import Job, count
from player.align.windows import joined, windows, words_of
from player.timecode import SECOND, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.align.pieces import Work
    from player.align.recognisers import Recogniser
    from player.align.windows import Heard
    from player.intake.transcripts.imported import ImportedLine

#: How much of a sound is searched for voices at a time, in milliseconds: with five times as much, a process takes 350
#: MB, and not 150.
_PART: Final = 60 * SECOND
#: Voices with so short a pause between them are one passage.
_TOUCH: Final = 100
#: In how many windows the language is looked for, each of at least so many milliseconds.
_LISTENED: Final = 3
_TELLING: Final = 5 * SECOND
#: Goes up when what is made of a sound becomes another.
_HOW: Final = 1
_LISTENS: Final = "player.align.hearing:recogniser"


@dataclass(frozen=True)
class Draft:
    """What was heard: lines, the passages that were left out as doubtful, and how long voices are heard in all."""

    lines: tuple[ImportedLine, ...]
    left_out: tuple[Span, ...]
    voiced: int


def find_voices(work: Work) -> list[Span]:
    """Find where there are voices in the sound, in order of time."""
    length = work.samples.duration
    parts = [[start, min(start + _PART, length)] for start in range(0, length, _PART)]
    settings = {"faster-whisper": hearing.version(), "how": _HOW}
    found = work.done(
        [Job(part, part[1] - part[0]) for part in parts],
        "player.align.hearing:voiced",
        settings,
        what="Looking for voices",
    )
    return joined((Span(start, end) for part in found for start, end in part if start < end), _TOUCH)


def detected(work: Work, voiced: Sequence[Span], recogniser: Recogniser) -> tuple[str, float] | None:
    """Give the code of the language that the sound seems to be in, and how sure that is; None where nobody speaks."""
    telling = [each for each in windows(voiced, work.samples.duration) if each.duration >= _TELLING]
    step = max(1, len(telling) // _LISTENED)
    jobs = [Job([each.start, each.end], each.duration) for each in telling[step // 2 :: step][:_LISTENED]]
    found = work.done(
        jobs, "player.align.hearing:language_of", _settings(recogniser), what="Listening for the language"
    )
    sums: dict[str, float] = {}
    for code, sure in found:
        sums[code] = sums.get(code, 0) + sure / len(found)
    return max(sums.items(), key=lambda each: each[1]) if sums else None


def transcribed(work: Work, voiced: Sequence[Span], recogniser: Recogniser, language: str) -> Draft:
    """Write down what is said, in the language that Whisper calls so (``en``)."""
    words, left_out = _heard(work, voiced, recogniser, language)
    missing = doubts.unheard(words, voiced, left_out)
    return Draft(tuple(draft_lines.lines_of(words)), tuple(missing), sum(each.duration for each in voiced))


def _heard(work: Work, voiced: Sequence[Span], recogniser: Recogniser, language: str) -> tuple[list[Heard], list[Span]]:
    """Give the words that are said, in order of time, and the passages of which the words do not count."""
    places = windows(voiced, work.samples.duration)
    found = work.done(
        [Job([each.start, each.end], each.duration) for each in places],
        _LISTENS,
        _listening(recogniser, language),
        what="Transcribing",
    )
    left_out: list[Span] = []
    said: list[tuple[Span, Sequence[Heard]]] = []
    for place, value in zip(places, found, strict=True):
        sifted = doubts.sifted(hearing.segments(value), voiced)
        left_out += sifted.left_out
        said.append((place, sifted.words))
    return words_of(said), left_out


def kept(sound: Path, recogniser: Recogniser, language: str) -> int:
    """Tell how many pieces of the sound at ``sound`` an earlier run has transcribed so."""
    return count(sound, _LISTENS, _listening(recogniser, language))


def _listening(recogniser: Recogniser, language: str) -> dict[str, object]:
    return {**_settings(recogniser), "language": language}


def _settings(recogniser: Recogniser) -> dict[str, object]:
    return {
        "faster-whisper": hearing.version(),
        "how": _HOW,
        "folder": str(recogniser.folder),
        "stamp": recogniser.stamp,
    }
