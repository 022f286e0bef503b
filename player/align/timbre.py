"""Measures how the voice of a line sounds: the shape of its spectrum, and its pitch, over and over within the line.

The shape is told by mel-frequency cepstral coefficients (Davis & Mermelstein, IEEE Trans. ASSP 28, 1980), without the
one that is the loudness; the pitch by the highest peak of the autocorrelation, divided by that of its window (Boersma,
Proc. Inst. Phonetic Sciences 17, 1993). The speech of a line is divided into stretches of 0.4 s, and each of these
gives one row of means: how far the rows of one line lie from each other says what the words alone change.

A sound that is no voice has no timbre, so that nobody's name is offered for a tone or for hiss: some of a voice has a
pitch, that pitch is never quite at rest, and its spectrum changes with every syllable.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from player.align.samples import RATE
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from player.timecode import Span

    Rows = NDArray[np.float64]

#: Lines that are shorter, or of which less is speech, say too little of a voice, and have no timbre; in milliseconds.
SHORTEST: Final = SECOND
_LEAST_SPEECH: Final = 600
#: More of one line adds nothing.
_LONGEST: Final = 60 * SECOND

_HOP: Final = RATE // 100
_WINDOW: Final = RATE // 40
_POINTS: Final = 512
_BANDS: Final = 30
_COEFFICIENTS: Final = 19
_LOWEST, _HIGHEST = 100, 7600
#: What is added to the power of each band, so that silence is no minus infinity: less than the last bit's noise.
_FLOOR: Final = 100.0
# Frames that are less loud than the loudest of a line by this much are pauses: 20 dB, as a natural logarithm.
_PAUSE: Final = 4.5
# Frames of speech that make one row.
_STRETCH: Final = 40

# Pitch is looked for where only a fourth of the samples are left, in windows of 60 ms.
_THINNED: Final = 4
_PITCH_WINDOW: Final = 240
_PITCH_HOP: Final = 80
_DEEPEST, _SHRILLEST = 60, 400
#: How much of a window has to come again after a period for it to count as voiced.
_VOICED: Final = 0.6
#: In octaves: what is further from the middle of a line is an octave error.
_ASTRAY: Final = 0.6
_FEWEST_VOICED: Final = 5
# What a voice is at least. Of lines that flite says, at 5 dB too, 0.23 and more are voiced, pitches move by 0.017
# octaves at 10 dB, and the coefficients by 0.55; noise has 0.05, 0 and 0.32, held tones with a tremolo 1, 0.001 and
# 0.52, a tune of such tones 1, 0 and 2.
_LEAST_VOICED: Final = 0.1
_LEAST_MOVE: Final = 0.003
_LEAST_CHANGE: Final = 0.45
_FEWEST_MOVES: Final = 3
# Frames of which the mean is taken, so that the chance of noise counts for less.
_SMOOTHED: Final = 5


@dataclass(frozen=True, eq=False)
class Timbre:
    """How a line sounds: one row for each stretch of its speech, the last column the pitch, as log2 of hertz.

    The pitch is NaN in a line that is voiceless. ``start`` is that of the line, and ``speech`` how much of it is
    speech, both in milliseconds.
    """

    start: int
    speech: int
    rows: Rows


def timbres(
    lines: Sequence[Span], samples: Any, progress: Callable[[float], object] = lambda _: None
) -> list[Timbre | None]:
    """Measure each line in the samples of a recording, 16,000 a second of one channel; None where one is too short.

    One in which no voice is heard has none either. ``progress`` is told how many are done, from 0 to 1.
    """
    found = []
    for number, line in enumerate(lines, 1):
        first = max(0, line.start * RATE // SECOND)
        last = min(line.end, line.start + _LONGEST) * RATE // SECOND
        found.append(_timbre(line.start, np.asarray(samples[first:last], dtype=np.float32)))
        progress(number / len(lines))
    return found


def _timbre(start: int, sound: NDArray[np.float32]) -> Timbre | None:
    if len(sound) * SECOND < SHORTEST * RATE:
        return None
    cepstra, loudness = _cepstra(sound)
    is_speech = _is_speech(loudness)
    count = int(is_speech.sum())
    if count * _HOP * SECOND < _LEAST_SPEECH * RATE:
        return None
    pitches = _pitches(sound)
    each = _of_frames(pitches, len(loudness))
    if not _is_voice(cepstra[is_speech], each[is_speech], pitches):
        return None
    is_voiced = each > 0
    middle = float(np.median(each[is_voiced])) if is_voiced.any() else np.nan
    parts = max(1, round(count / _STRETCH))
    rows = [
        np.append(shape.mean(axis=0), _pitch_of(pitch, middle))
        for shape, pitch in zip(
            np.array_split(cepstra[is_speech], parts), np.array_split(each[is_speech], parts), strict=True
        )
    ]
    return Timbre(start, count * _HOP * SECOND // RATE, np.array(rows, dtype=np.float64))


def has_voice(line: Span, samples: Any) -> bool:
    """Tell whether a voice is heard in a line, however short; ``samples`` are those of the whole recording."""
    sound = np.asarray(samples[max(0, line.start) * RATE // SECOND : line.end * RATE // SECOND], dtype=np.float32)
    if len(sound) < max(_WINDOW, _PITCH_WINDOW * _THINNED):
        return False
    cepstra, loudness, pitches = *_cepstra(sound), _pitches(sound)
    is_speech = _is_speech(loudness)
    return _is_voice(cepstra[is_speech], _of_frames(pitches, len(loudness))[is_speech], pitches)


def _is_voice(cepstra: NDArray[np.float32], voiced: NDArray[np.float64], pitches: NDArray[np.float64]) -> bool:
    """Tell whether the loud frames of a line, and the pitches of all of it, are those of a voice."""
    if len(cepstra) < _SMOOTHED or np.count_nonzero(voiced) < _LEAST_VOICED * len(voiced):
        return False
    smooth = np.lib.stride_tricks.sliding_window_view(cepstra, _SMOOTHED, axis=0).mean(axis=-1)
    if np.sqrt((smooth.std(axis=0) ** 2).mean()) < _LEAST_CHANGE:
        return False
    moves = np.abs(np.diff(pitches))[(pitches[1:] > 0) & (pitches[:-1] > 0)]
    moves = moves[moves < _ASTRAY]
    return len(moves) >= _FEWEST_MOVES and float(np.percentile(moves, 75)) >= _LEAST_MOVE


def _is_speech(loudness: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell which frames are as loud as speech is beside the pauses of a line."""
    is_speech: NDArray[np.bool_] = loudness > max(np.percentile(loudness, 95) - _PAUSE, np.percentile(loudness, 30))
    return is_speech


def _of_frames(pitches: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Give as many pitches as there are frames: those of the pitch are twice as far apart."""
    return pitches[np.minimum(np.arange(count) * _HOP // (_PITCH_HOP * _THINNED), len(pitches) - 1)]


def _pitch_of(pitches: NDArray[np.float64], middle: float) -> float:
    """Give the mean pitch of a stretch; that of the line where too little of it is voiced."""
    sure = pitches[(pitches > 0) & (np.abs(pitches - middle) < _ASTRAY)]
    return float(sure.mean()) if len(sure) >= _FEWEST_VOICED else middle


def _cepstra(sound: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give the coefficients of each frame, one every 10 ms, and how loud it is."""
    lifted = np.append(sound[:1], sound[1:] - np.float32(0.97) * sound[:-1])
    frames = np.lib.stride_tricks.sliding_window_view(lifted, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hamming(_WINDOW).astype(np.float32), _POINTS)) ** 2
    energies = np.log(power.astype(np.float32) @ _bands() + np.float32(_FLOOR))
    return energies @ _cosines(), energies.mean(axis=1)


def _pitches(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Give the pitch every 20 ms, as log2 of hertz; 0 where nothing is voiced."""
    rate = RATE // _THINNED
    thin = sound[: len(sound) // _THINNED * _THINNED].reshape(-1, _THINNED).mean(axis=1)
    frames = np.lib.stride_tricks.sliding_window_view(thin, _PITCH_WINDOW)[::_PITCH_HOP]
    window = np.hanning(_PITCH_WINDOW)
    spectra = np.fft.rfft((frames - frames.mean(axis=1, keepdims=True)) * window, _POINTS)
    own = np.fft.irfft(np.abs(spectra) ** 2, _POINTS)
    of_window = np.fft.irfft(np.abs(np.fft.rfft(window, _POINTS)) ** 2, _POINTS)
    least, most = rate // _SHRILLEST, rate // _DEEPEST
    again = own[:, least - 1 : most + 2] / (own[:, :1] + 1e-9) * (of_window[0] / of_window[least - 1 : most + 2])
    best = again[:, 1:-1].argmax(axis=1) + 1
    at = np.arange(len(again))
    before, there, after = again[at, best - 1], again[at, best], again[at, best + 1]
    # Between two samples lies the top of the parabola through the three highest.
    bend = before - 2 * there + after
    beside = np.clip(np.divide(before - after, 2 * bend, out=np.zeros_like(bend), where=bend < 0), -0.5, 0.5)
    periods = best + least - 1 + beside
    return np.where(there > _VOICED, np.log2(rate / periods), 0.0)


@cache
def _bands() -> NDArray[np.float32]:
    """Give the weights of the mel bands, triangles that overlap by half: a column a band."""
    edges = 700 * (np.exp(np.linspace(_mel(_LOWEST), _mel(_HIGHEST), _BANDS + 2) / 1127) - 1)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    at = (np.arange(_POINTS // 2 + 1) * RATE / _POINTS)[:, None]
    rising, falling = (at - low) / (middle - low), (high - at) / (high - middle)
    bands: NDArray[np.float32] = np.clip(np.minimum(rising, falling), 0, None).astype(np.float32)
    return bands


def _mel(hertz: float) -> float:
    return float(1127 * np.log(1 + hertz / 700))


@cache
def _cosines() -> NDArray[np.float32]:
    """Give the discrete cosine transform of the bands, without its first coefficient."""
    order, band = np.arange(1, _COEFFICIENTS + 1), np.arange(_BANDS)[:, None]
    cosines: NDArray[np.float32] = (np.cos(np.pi * order * (band + 0.5) / _BANDS) * np.sqrt(2 / _BANDS)).astype("f4")
    return cosines
