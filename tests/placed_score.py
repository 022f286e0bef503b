"""Judges lines that were placed in a sound by the true times of their words; a table for any function that places.

    python tests/placed_score.py module:function [--dialogue harbour] [--snr clean,10,5,0] [--lines] [--hard]

The function is given the lines as a typescript has them and the path of a WAV, and gives for each line what was placed,
or None. ``tests/bench/aligning.py`` has the figures of ``player align`` itself.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

import dialogues
from dialogues import Line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

#: How far, in milliseconds, the start of a line or the mean of its words may be off before the line is wrong.
WRONG: Final = 300
#: For each ratio of speech to noise: the mean error of the starts of words in ms at most; of the lines that are said,
#: how many are placed at least, in percent. And of those placed, how many are wrong at most.
LIMITS: Final[dict[float | None, tuple[int, int]]] = {None: (15, 99), 10: (40, 95), 5: (75, 80), 0: (120, 50)}
MOST_WRONG: Final = 0.5


@dataclass(frozen=True)
class Typed:
    """A line as a typescript has it: what may be known of it before it is placed."""

    id: str
    speaker: str
    text: str


class Placed(Protocol):
    """Where a line was found: milliseconds from the beginning of the sound; for each token its start, or None."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def words(self) -> Sequence[int | None]: ...
    @property
    def confidence(self) -> float: ...


class Place(Protocol):
    """A function that finds lines in a sound; it is told nothing of the truth."""

    def __call__(self, lines: Sequence[Typed], path: Path, /) -> Sequence[Placed | None]: ...


@dataclass(frozen=True)
class Spread:
    """A line of the control: words spread by their length, whatever is heard."""

    start: int
    end: int
    words: tuple[int, ...]
    confidence: float = 0.0


@dataclass(frozen=True)
class Score:
    """How near to the truth lines were placed. ``errors`` are of the starts of words, in milliseconds, signed."""

    said: int
    placed: int
    errors: tuple[float, ...]
    wrong: tuple[str, ...]
    unsaid: tuple[str, ...]
    words: int

    @property
    def mean(self) -> float:
        return statistics.fmean(map(abs, self.errors)) if self.errors else 0.0

    @property
    def median(self) -> float:
        return statistics.median(map(abs, self.errors)) if self.errors else 0.0

    @property
    def bias(self) -> float:
        """Tell by how much words are placed too late, as a median."""
        return statistics.median(self.errors) if self.errors else 0.0

    @property
    def share_placed(self) -> float:
        """Give the share of lines that were placed, of those that are said, in percent."""
        return 100 * self.placed / self.said if self.said else 0.0

    @property
    def share_wrong(self) -> float:
        """Give the share of lines wrongly placed, of those placed, in percent: those never said too."""
        placed = self.placed + len(self.unsaid)
        return 100 * (len(self.wrong) + len(self.unsaid)) / placed if placed else 0.0

    @property
    def share_timed(self) -> float:
        """Give the share of words that have a time, of those in lines placed that are said, in percent."""
        return 100 * len(self.errors) / self.words if self.words else 0.0


def score(
    lines: Sequence[Line], placed: Sequence[Placed | None], said: Collection[str] | None = None, *, far: int = WRONG
) -> Score:
    """Compare what was placed, one for each line, with the truth. ``said`` are the lines that the sound has: all.

    What is off by more than ``far`` milliseconds is wrong.
    A line that is not said has no true times; if it was placed nevertheless, it is wrong.
    """
    errors: list[float] = []
    wrong, unsaid = [], []
    count = words = 0
    for line, found in zip(lines, placed, strict=True):
        is_said = said is None or line.id in said
        if found is None:
            continue
        if not is_said:
            unsaid.append(line.id)
            continue
        count += 1
        words += len(line.starts)
        own = [begun - true for begun, true in zip(found.words, line.starts, strict=True) if begun is not None]
        errors += own
        off = statistics.fmean(map(abs, own)) if own else 0.0
        if max(abs(found.start - line.start), off) > far:
            wrong.append(line.id)
    total = len(lines) if said is None else sum(line.id in said for line in lines)
    return Score(total, count, tuple(errors), tuple(wrong), tuple(unsaid), words)


def spread(lines: Sequence[Line], duration: int) -> list[Spread]:
    """Spread words by their letters over the whole sound: whoever places worse than this has placed nothing."""
    tokens = [[len(token) + 1 for token in line.text.split()] for line in lines]
    scale = duration / sum(map(sum, tokens))
    placed, reached = [], 0
    for lengths in tokens:
        starts = []
        for length in lengths:
            starts.append(round(reached * scale))
            reached += length
        placed.append(Spread(starts[0], round(reached * scale), tuple(starts)))
    return placed


def typed(lines: Sequence[Line]) -> list[Typed]:
    """Give of lines what a typescript has."""
    return [Typed(line.id, line.speaker, line.text) for line in lines]


HEAD: Final = (
    f"{'':16}{'mean':>8}{'median':>8}{'bias':>7}{'timed':>8}{'placed':>8}{'wrong':>8}{'time':>7}   control: mean, wrong"
)


def row(name: str, found: Score, took: float, control: Score) -> str:
    """Print a score: milliseconds, percent, and how long it took beside the length of the sound."""
    return (
        f"{name:16}{found.mean:6.0f}ms{found.median:6.0f}ms{found.bias:+5.0f}ms{found.share_timed:7.1f}%"
        f"{found.share_placed:7.1f}%{found.share_wrong:7.1f}%{took:7.3f}{control.mean:12.0f}ms{control.share_wrong:7.1f}%"
    )


def table(
    place: Place, names: Sequence[str], ratios: Sequence[float | None], *, show_lines: bool, seed: int = 1
) -> Iterator[str]:
    """Place every dialogue at every ratio of speech to noise, then in noise alone and in the sound of the other."""
    yield HEAD
    for name in names:
        for snr in ratios:
            sound = dialogues.dialogue(name, snr, seed=seed)  # type: ignore[arg-type]  # argparse has checked the name
            found, took = _timed(place, sound.lines, sound)
            control = score(sound.lines, spread(sound.lines, sound.duration))
            told = "clean" if snr is None else f"{snr:g} dB"
            result = score(sound.lines, found)
            yield row(f"{name} {told}", result, took, control)
            if show_lines:
                yield from _told_lines(sound.lines, found, result)
    for name in names:
        lines = dialogues.dialogue(name).lines  # type: ignore[arg-type]  # as above
        other = dialogues.dialogue("harbour" if name == "reading" else "reading")
        for told, sound in (("noise alone", dialogues.noise_alone(300)), ("the other's sound", other)):
            found, took = _timed(place, lines, sound)
            count = sum(each is not None for each in found)
            yield f"{name}, {told}: {count} of {len(lines)} lines placed; time / length {took:.3f}"


def hard_table(place: Place, ratios: Sequence[float | None], *, show_lines: bool) -> Iterator[str]:
    """Place the lines of every sound that misleads."""
    from hard_sounds import CASES  # noqa: PLC0415  # which needs this module

    yield f"{'':28}{'mean':>8}{'placed':>8} of those said{'wrong':>7}{'never said, placed':>20}{'time':>7}"
    for name, make in CASES.items():
        for snr in ratios:
            case = make(snr)
            found, took = _timed(place, case.lines, case.sound)
            result = case.score(found)
            told = f"{name} {'clean' if snr is None else f'{snr:g} dB'}"
            yield (
                f"{told:28}{result.mean:6.0f}ms{result.share_placed:7.1f}%{'':13}{len(result.wrong):7}"
                f"{len(result.unsaid):20}{took:7.3f}"
            )
            if show_lines:
                both = zip(case.nearest(found), found, strict=True)
                said = [(line, each) for line, each in both if line.id in case.said or each is not None]
                yield from _told_lines([line for line, _ in said], [each for _, each in said], result)


def _timed(place: Place, lines: Sequence[Line], sound: dialogues.Sound) -> tuple[Sequence[Placed | None], float]:
    begun = time.perf_counter()
    found = place(typed(lines), sound.path)
    return found, (time.perf_counter() - begun) / (sound.duration / 1000)


def _told_lines(lines: Sequence[Line], placed: Sequence[Placed | None], found: Score) -> Iterator[str]:
    """Print lines that are not placed, and those that are wrong or far off, with their words' errors."""
    for line, each in zip(lines, placed, strict=True):
        if line.id in found.unsaid:
            yield f"  x {line.id} never said, placed: {line.text}"
            continue
        if each is None:
            yield f"  - {line.id} at {line.start} not placed: {line.text}"
            continue
        own = [None if at is None else at - true for at, true in zip(each.words, line.starts, strict=True)]
        worst = max((abs(error) for error in own if error is not None), default=0)
        if line.id in found.wrong or worst > WRONG / 2:
            sign = "!" if line.id in found.wrong else " "
            yield f"  {sign} {line.id} at {line.start} ({each.confidence:.2f}): {own}"


def main() -> None:
    """Print the table of the function that is named."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("place", help="module:function; 'spread' for the control alone")
    asked.add_argument("--dialogue", choices=("reading", "harbour"), action="append", help="default: both")
    asked.add_argument("--snr", default="clean,10,5,0", help="decibels, and clean")
    asked.add_argument("--hard", action="store_true", help="the sounds that mislead (hard_sounds.py) instead")
    asked.add_argument("--lines", action="store_true", help="print lines that are missing or far off")
    asked.add_argument("--seed", type=int, default=1, help="of the noise")
    said = asked.parse_args()
    module, _, function = said.place.partition(":")
    place: Place = _spread_typed if module == "spread" else getattr(import_module(module), function)
    ratios = [None if word == "clean" else float(word) for word in said.snr.split(",")]
    names = said.dialogue or ("reading", "harbour")
    rows = table(place, names, ratios, show_lines=said.lines, seed=said.seed)
    for line in hard_table(place, ratios, show_lines=said.lines) if said.hard else rows:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _spread_typed(lines: Sequence[Typed], path: Path) -> list[Spread]:
    samples = dialogues.read_samples(path)
    duration = samples.size * 1000 // dialogues.RATE
    return spread([Line(line.id, line.speaker, line.text, (0,), 0) for line in lines], duration)


if __name__ == "__main__":
    main()
