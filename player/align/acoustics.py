"""Hears sound as an acoustic model does: samples to cepstra, and cepstra to how well each senone fits each frame.

The front end is that of the model's own trainer (Sphinx: pre-emphasis, 25.6 ms Hamming windows every 10 ms, mel filters
of unit area, cosine transform, lifter), so that its means and variances apply.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from player.align.acoustic_model import AcousticModel

Array = np.ndarray[Any, Any]

RATE: Final = 16_000
#: Samples from one frame to the next, and in one.
STEP: Final = 160
_WIDTH: Final = 410
_POINTS: Final = 512
_PRE_EMPHASIS: Final = 0.97
_CEPSTRA: Final = 13
# How much of the model's spread cepstra are widened to, and how many times at most: the mean error of word starts was
# 59 and 44 ms with these at 0 dB (two dialogues of flite's voices, windows of 15 s), 601 and 80 without.
_SPREAD: Final = 0.9
_WIDEST: Final = 2.0
# Of so many scores all are held: 80 MB, which 80 s of speech have.
_HELD: Final = 20_000_000
#: Frames whose cepstra the differences of a frame reach on either side.
REACH: Final = 3


@lru_cache(maxsize=4)
def _filters(low: float, high: float, count: int) -> Array:
    """Give the mel filters as a matrix: points of the spectrum, filters (``fe_build_melfilters`` of Sphinx)."""
    edges = np.linspace(_mel(low), _mel(high), count + 2)
    spacing = RATE / _POINTS
    hertz = np.round(700 * (10 ** (edges / 2595) - 1) / spacing) * spacing
    frequencies = np.arange(_POINTS // 2 + 1) * spacing
    left, centre, right = hertz[:-2], hertz[1:-1], hertz[2:]
    rising = (frequencies[:, None] - left) / (centre - left)
    falling = (right - frequencies[:, None]) / (right - centre)
    triangles: Array = np.maximum(0, np.minimum(rising, falling)) * (2 / (right - left))
    return triangles.astype(np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


@lru_cache(maxsize=4)
def _cosines(count: int, lifter: int) -> Array:
    """Give the cosine transform with its lifter as a matrix: filters, cepstra."""
    order = np.arange(_CEPSTRA)
    matrix = np.cos(np.pi * order * (np.arange(count)[:, None] + 0.5) / count) * np.sqrt(2 / count)
    matrix[:, 0] /= np.sqrt(2)
    lifted: Array = matrix * (1 + lifter / 2 * np.sin(np.pi * order / lifter))
    return lifted.astype(np.float32)


def bands(samples: Array, parameters: dict[str, Any]) -> Array:
    """Give the energy in each mel band of each frame: one row every 10 ms, the first from the first sample on."""
    signal = samples.astype(np.float32)
    signal[1:] -= _PRE_EMPHASIS * signal[:-1].copy()
    count = max(0, (len(signal) - _WIDTH) // STEP + 1)
    window = np.hamming(_WIDTH).astype(np.float32)
    filters = _filters(parameters["lowerf"], parameters["upperf"], parameters["nfilt"])
    rows = np.empty((count, filters.shape[1]), np.float32)
    if not count:
        return rows
    frames = np.lib.stride_tricks.sliding_window_view(signal, _WIDTH)[::STEP]
    for begin in range(0, count, 1000):
        spectrum = np.fft.rfft(frames[begin : begin + 1000] * window, _POINTS)
        rows[begin : begin + 1000] = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ filters
    return rows


def cepstra(energies: Array, parameters: dict[str, Any]) -> Array:
    """Give the cepstra of mel energies, without their mean."""
    cosines = _cosines(parameters["nfilt"], parameters["lifter"])
    return np.asarray(np.log(np.maximum(energies, 1e-4)) @ cosines)


def normalised(values: Array, spread: Array) -> Array:
    """Give cepstra with a mean of zero, and with as much spread as speech has under the model.

    Noise makes all frames alike, and so do filters against it; a speaker's cepstra then spread less than those that the
    model was trained on (O. Viikki and K. Laurila, "Cepstral domain segmental feature vector normalization", 1998).
    """
    centred = values - values.mean(0)
    widened = centred * (_SPREAD * spread / np.maximum(centred.std(0), 1e-3)).clip(1, _WIDEST)
    return np.asarray(widened, np.float32)


def features(cepstral: Array) -> Array:
    """Give the three streams of each frame: cepstra, first and second differences, as ``1s_c_d_dd`` has them."""
    padded = np.concatenate([cepstral[:1].repeat(REACH, 0), cepstral, cepstral[-1:].repeat(REACH, 0)])
    count = len(cepstral)

    def moved(by: int) -> Array:
        return padded[REACH + by : REACH + by + count]

    first = moved(2) - moved(-2)
    second = (moved(3) - moved(-1)) - (moved(1) - moved(-3))
    return np.stack([moved(0), first, second])


def scores(model: AcousticModel, streams: Array, senones: Array) -> Array:
    """Give the log likelihood of each frame under each of ``senones``: frames, senones."""
    _, frames, _ = streams.shape
    total = np.zeros((frames, len(senones)), np.float32)
    books = model.codebooks[senones]
    for stream, values in enumerate(streams):
        for book in np.unique(books):
            means, precisions = model.means[stream, book], model.precisions[stream, book]
            constant = model.constants[stream, book] - 0.5 * (means * means * precisions).sum(-1)
            density = values @ (means * precisions).T - 0.5 * ((values * values) @ precisions.T) + constant
            top = density.max(1, keepdims=True)
            columns = np.flatnonzero(books == book)
            mixed = np.exp(np.maximum(density - top, -45)) @ np.exp(model.weights[stream][:, senones[columns]])
            total[:, columns] += np.log(mixed + 1e-30) + top
    return total


@dataclass(frozen=True, eq=False)
class Scores:
    """How well ``senones`` fit the frames of ``streams``, above ``ground``: held where they are few, else made anew.

    Of two minutes they would take 150 MB. They are asked for by frames, as of an array: ``scores[begin:end]``.
    """

    model: AcousticModel
    streams: Array
    senones: Array
    ground: Array
    _held: list[Array] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self) * len(self.senones) <= _HELD:
            self._held.append(self._made(slice(None), self.senones))

    def __len__(self) -> int:
        return int(self.streams.shape[1])

    def __getitem__(self, frames: slice) -> Array:
        return np.asarray(self._held[0][frames]) if self._held else self._made(frames, self.senones)

    def of(self, frames: slice, columns: Array) -> Array:
        """Give the scores of some frames under some of the senones, by their number among these."""
        if self._held:
            return np.asarray(self._held[0][frames][:, columns])
        needed, places = np.unique(columns, return_inverse=True)
        return np.asarray(self._made(frames, self.senones[needed])[:, places])

    def _made(self, frames: slice, senones: Array) -> Array:
        made = scores(self.model, self.streams[:, frames], senones)
        made -= self.ground[frames]
        return made
