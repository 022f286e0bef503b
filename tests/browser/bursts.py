"""A sound that tells the time by ear: at every second a burst of noise that is like no other, the rest being silent.

Each burst is the same curve at whatever rate it is sampled, so that a file of one rate can be found in another's.
"""

from __future__ import annotations

import wave
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: Seconds of sound.
SECONDS: Final = 300
#: Seconds that a burst lasts.
LENGTH: Final = 0.06
#: Hz: what a telephone's codec keeps, and what is still below half of 16 kHz where it plays twice as fast.
_BAND: Final = range(300, 3000)
_LOUDNESS: Final = 0.15
_RAMP: Final = 0.002


@lru_cache(maxsize=8)
def bursts(rate: int, seconds: int = SECONDS, seed: int = 1963) -> NDArray[np.float64]:
    """Give the bursts of all seconds at ``rate`` samples a second, one a row."""
    chance = np.random.default_rng(seed)
    phases = chance.uniform(0, 2 * np.pi, (seconds, len(_BAND)))
    time = np.arange(round(LENGTH * rate)) / rate
    edge = np.clip(np.minimum(time, LENGTH - time) / _RAMP, 0, 1)
    rows = []
    for row in phases:
        spectrum = np.zeros(rate // 2 + 1, complex)
        spectrum[_BAND.start : _BAND.stop] = np.exp(1j * row)
        noise = np.fft.irfft(spectrum, rate)[: time.size] * rate
        rows.append(noise * edge * _LOUDNESS / np.sqrt(2 * len(_BAND)))
    return np.array(rows)


def write(path: Path, rate: int, seconds: int = SECONDS, *, late: float = 0) -> Path:
    """Write the sound as a WAV of 16 bits and one channel, its bursts so many seconds ``late``."""
    sound = np.zeros(seconds * rate)
    for second, burst in enumerate(bursts(rate, seconds)):
        first = second * rate + round(late * rate)
        sound[first : first + burst.size] = burst
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


class Ear:
    """Finds bursts in what was recorded at ``rate``, where the sound was played ``speed`` times as fast."""

    def __init__(self, rate: int, speed: int = 1, seconds: int = SECONDS) -> None:
        # A burst that is played twice as fast is the same curve sampled half as often.
        self._templates = bursts(rate // speed, seconds)
        self._templates = self._templates / np.linalg.norm(self._templates, axis=1)[:, None]
        self._length = self._templates.shape[1]

    def find(self, samples: NDArray[Any], near: float) -> tuple[int, int, float] | None:
        """Give the second whose burst is heard first, the sample at which it begins, and how alike they are (to 1).

        ``near`` is the second that is looked for first. None where there is no burst.
        """
        loud = np.flatnonzero(np.abs(samples) > 0.3 * max(np.abs(samples).max(initial=0), 0.05))
        if not loud.size:
            return None
        first = max(0, int(loud[0]) - self._length // 2)
        piece = np.asarray(samples[first : first + 2 * self._length + self._length // 2], float)
        guesses = np.clip(round(near) + np.arange(-1, 2), 0, len(self._templates) - 1)
        found = self._best(piece, guesses)
        if found[2] < 0.5:
            found = max(found, self._best(piece, np.arange(len(self._templates))), key=lambda each: each[2])
        second, at, likeness = found
        return (second, first + at, likeness) if likeness > 0.25 else None

    def _best(self, piece: NDArray[Any], seconds: NDArray[Any]) -> tuple[int, int, float]:
        size = 1 << (piece.size + self._length).bit_length()
        spectrum = np.fft.rfft(piece, size)
        lags = np.fft.irfft(spectrum * np.conj(np.fft.rfft(self._templates[seconds], size)), size)
        row, at = np.unravel_index(lags.argmax(), lags.shape)
        likeness = lags[row, at] / (np.linalg.norm(piece) or 1)
        return int(seconds[row]), int(at if at < piece.size else at - size), float(likeness)
