"""Passes over a stretch of sound: a rough one that tells which lines of a long text it has, and a fine one.

Each is a job on plain values, so that it can be done in any process, and its result kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from player.align import acoustics, cohort, ground, lattice, quieting
from player.align.acoustic_model import model_folder, read_model
from player.align.lattice import Costs
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from player.align.lattice import Lattice

Array = np.ndarray[Any, Any]
#: When something happens, as a frame; how probable it is about then, and at all.
Middle = tuple[float, float, float]

#: Frames of the rough pass are so many of the fine one.
_ROUGH: Final = 3
#: How long a frame is, and how far behind its begin the middle of what it is made of, in milliseconds.
_FRAME: Final = 10
_LATE: Final = 4
_ROUGH_COSTS: Final = Costs(scale=0.25, other=10.0, skip=1e-4)
_FINE_COSTS: Final = Costs(scale=0.25, other=2.8, skip=1e-8)
# How much of a band's energy is left at least where there is noise.
_FLOOR: Final = 0.05
# A line that a rough pass holds for less probable than this was not heard; fewer frames than these hold no line.
_HEARD: Final = 0.5
_FEWEST: Final = 10
# One that holds the text for said, all of it.
_FORCED_COSTS: Final = Costs(scale=0.25, other=30.0, skip=0.0)
#: The window about a word's time in which it is held for right, in milliseconds.
NEAR: Final = 300


def passer(samples: Array, settings: Mapping[str, Any]) -> Callable[[dict[str, Any]], Any]:
    """Make what does a job: ``{"pass": "rough" or "fine", "from": ms, "to": ms, "first": line, "last": line}``.

    ``settings`` has the folder's name of the model, and the text: lines of tokens, each of ways, of words, of phones.
    """
    passes = Passes(samples, settings["model"], settings["lines"])
    return lambda job: getattr(passes, job["pass"])(job)


class Passes:
    """The sound, the text and the model that passes are made with."""

    def __init__(self, samples: Array, model: str, lines: Any) -> None:
        self._samples = samples
        self._model = read_model(model_folder(model))
        numbers = {phone: number for number, phone in enumerate(self._model.phones)}
        self._lines = [
            [[[[numbers[phone] for phone in word] for word in way] for way in token] for token in line]
            for line in lines
        ]
        self._words = [word for line in self._lines for token in line for word in token[0]]

    def rough(self, job: dict[str, Any]) -> list[list[float]]:
        """Tell which of the lines were heard: number, start and end in milliseconds, probability."""
        first, last = job["first"], job["last"]
        if job["to"] - job["from"] < SECOND // 2 or last < first:
            return []
        streams, energies = self._streams(job)
        if not ground.has_speech(energies):
            return []
        plain, _ = self._plain(streams)
        speech, silence = ground.any_speech(plain), ground.silence(plain, self._model.silence, energies)
        count = len(plain) // _ROUGH
        plain = plain[: count * _ROUGH].reshape(count, _ROUGH, -1).mean(1) * _ROUGH
        phones = plain.reshape(count, -1, 3).max(2)
        shape = lattice.lattice(self._model, self._lines[first : last + 1], plain=True)
        grounds = (_slower(silence, count), _slower(speech, count))
        found = lattice.posteriors(shape, phones, grounds, _ROUGH_COSTS, free=True)
        heard = []
        rims = [*shape.line_starts.tolist(), shape.words]
        step = _FRAME * _ROUGH
        for index in range(len(rims) - 1):
            start, likely, _ = middle(found.starts[:, index], NEAR // step)
            end, ended, _ = middle(found.ends[:, index], NEAR // step)
            if min(likely, ended) > _HEARD:
                heard.append(
                    [
                        first + index,
                        round(job["from"] + start * step),
                        round(job["from"] + end * step),
                        min(likely, 0.99),
                    ]
                )
        return heard

    def fine(self, job: dict[str, Any]) -> list[Any]:
        """Give for each line of the job its words' starts and its end, in milliseconds, and how probable each is."""
        first, last = job["first"], job["last"]
        streams, energies = self._streams(job)
        if streams.shape[1] < _FEWEST or not ground.has_speech(energies):
            return []
        shape = lattice.lattice(self._model, self._lines[first : last + 1])
        plain, any_sound = self._plain(streams)
        senones, states = np.unique(shape.senones, return_inverse=True)
        fits = acoustics.Scores(self._model, streams, senones, any_sound)
        shape = replace(shape, senones=states)
        grounds = (ground.silence(plain, self._model.silence, energies), ground.any_speech(plain))
        rims = [*shape.line_starts.tolist(), shape.words]
        core = range(job["core"][0] - first, job["core"][1] + 1 - first)
        asked = range(rims[core.start], rims[core.stop])
        heard = []
        sound = cohort.Sound(streams, any_sound, *grounds)
        unsure = set(core)
        for costs in (_FINE_COSTS, _FORCED_COSTS):
            words = [
                _Word(*when, *_fit(shape, word, fits, grounds[1], when))
                for word, when in zip(asked, _whens(shape, fits, grounds, costs, asked), strict=True)
            ]
            for line in core:
                own = words[rims[line] - asked.start : rims[line + 1] - asked.start]
                is_forced, likely = costs is _FORCED_COSTS, min(own[0].start[1], own[-1].end[1]) > _HEARD
                if likely and not is_forced:
                    unsure.discard(line)
                stands_out = self._stands_out(first + line, sound, own) if is_forced and line in unsure else 0.0
                heard.append([first + line, *_line(own, job["from"]), is_forced, stands_out])
        return heard

    def _stands_out(self, line: int, sound: cohort.Sound, words: Sequence[_Word]) -> float:
        """Tell by how much a line fits better, where it is held to be said, than other words do."""
        frames = slice(int(words[0].start[0]), int(words[-1].end[0]))
        if frames.stop - frames.start < _FEWEST:
            return 0.0
        said = [word for token in self._lines[line] for word in token[0]]
        return round(cohort.stands_out(self._model, sound.within(frames), said, self._words), 2)

    def _streams(self, job: dict[str, Any]) -> tuple[Array, Array]:
        """Give the streams of a job's sound, quieted, and the energies of its bands as they are."""
        rate = acoustics.RATE // SECOND
        samples = np.asarray(self._samples[job["from"] * rate : job["to"] * rate])
        parameters = self._model.feature_parameters
        energies = acoustics.bands(samples, parameters)
        if not len(energies):
            return np.zeros((3, 0, 13), np.float32), energies
        cepstral = acoustics.cepstra(quieting.quieted(energies, job.get("floor", _FLOOR)), parameters)
        return acoustics.features(acoustics.normalised(cepstral, self._model.spread)), energies

    def _plain(self, streams: Array) -> tuple[Array, Array]:
        """Give how each phone by itself fits, above any sound's; and the latter, a column."""
        senones = np.arange(3 * len(self._model.phones))
        fits = acoustics.scores(self._model, streams, senones)
        top = fits.max(1, keepdims=True)
        any_sound = top + np.log(np.exp(fits - top).mean(1, keepdims=True))
        return fits - any_sound, any_sound


def _slower(fits: Array, count: int) -> Array:
    return np.asarray(fits[: count * _ROUGH].reshape(count, _ROUGH).sum(1))


class _Word(NamedTuple):
    """When a word starts and ends, how well it fits there, above any speech, and over how many frames that is."""

    start: Middle
    end: Middle
    fit: float
    frames: int


def _whens(
    shape: Lattice, fits: acoustics.Scores, grounds: tuple[Array, Array], costs: Costs, asked: range
) -> list[tuple[Middle, Middle]]:
    """Give when each word starts and ends that is asked about."""
    found = lattice.posteriors(shape, fits, grounds, costs, asked=asked)
    near = NEAR // _FRAME
    return [(middle(found.starts[:, word], near), middle(found.ends[:, word], near)) for word in range(len(asked))]


def _fit(
    shape: Lattice, word: int, fits: acoustics.Scores, speech: Array, when: tuple[Middle, Middle]
) -> tuple[float, int]:
    """Give how well a word fits from its start to its end, above any speech, and over how many frames that is."""
    start, end = (int(at) for at, _, _ in when)
    length = max(1, end - start)
    frames = slice(start, start + length)
    own = fits.of(frames, shape.senones[lattice.states(shape, word)]) - speech[frames, None]
    return lattice.best(shape, word, own), length


def _line(words: Sequence[_Word], moved: int) -> tuple[list[int], int, list[float], float, float]:
    """Give a line's words' starts, its end, how probable the former are and the latter, and how well its words fit."""
    starts = [round(moved + word.start[0] * _FRAME + _LATE) for word in words]
    sure = [round(word.start[1], 4) for word in words]
    over, ended, _ = words[-1].end
    fit = sum(word.fit for word in words) / sum(word.frames for word in words)
    return starts, round(moved + over * _FRAME + _LATE), sure, round(ended, 4), round(fit, 3)


def middle(column: Array, near: int) -> Middle:
    """Give the median of when something happens, how probable it is ``near`` that, and that it happens at all."""
    # In few digits: of two places that are equally probable, none is more so for the last of many.
    column = column.astype(np.float32)
    passed = np.cumsum(column, dtype=np.float64)
    whole = float(passed[-1])
    if whole <= 0:
        return 0.0, 0.0, 0.0
    at = int(np.searchsorted(passed, whole / 2))
    share = float(column[max(0, at - near) : at + near + 1].sum())
    return float(at), min(1.0, share), min(1.0, whole)
