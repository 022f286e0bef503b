"""Says how well any speech at all, and silence, fit each frame: the ground that a text's words must stand out from.

A free loop of phones is what words are usually weighed against (R. Rose and D. Paul, "A hidden Markov model based
keyword recognition system", ICASSP 1990). In noise the model's silence fits speech too, so loudness has a say as well.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from player.align import quieting
from player.align.acoustic_model import STATES

Array = np.ndarray[Any, Any]

# What another phone costs, in nepers.
_CHANGE: Final = 3.0
# Frames over which the loop is evened out, and loudness.
_EVEN: Final = 9
_LOUD: Final = 5
# Steady noise stays below this mean of the logarithm of energy by its floor (95 % of frames below 0.22 in pink noise);
# speech of the same power as the noise has 0.34. What lies above tells against silence, so many nepers for each.
_STEADY: Final = 0.2
_AGAINST: Final = 8.0
# The loudest frames of 30 s, 3 in 100: of steady noise below 0.26, of speech in noise of its power above 0.59.
_SOME: Final = 0.97
_STANDS_OUT: Final = 0.35
# What is so much fainter than the loudest frames is not heard, such as the end of a synthesiser's breath.
_LOUDEST: Final = 0.95
_FAINT: Final = 3e-4
_BOUNDS: Final = (-0.5, 2.0)


def any_speech(plain: Array) -> Array:
    """Give the fit of each frame along the likeliest sequence of phones, evened out; ``plain`` has three a phone."""
    frames, states = plain.shape
    firsts = np.arange(0, states, STATES)
    before = np.arange(states) - 1
    came = np.empty((frames, states), np.int16)
    own = np.arange(states)
    best = np.zeros(states)
    for frame in range(frames):
        ended = firsts[int(best[firsts + STATES - 1].argmax())] + STATES - 1
        entering = np.concatenate([best[:1], best[:-1]])
        entering[firsts] = best[ended] - _CHANGE
        source = before.copy()
        source[firsts] = ended
        is_new = entering > best
        came[frame] = np.where(is_new, source, own)
        best = np.where(is_new, entering, best) + plain[frame]
        best -= best.max()
    fits = np.empty(frames)
    state = int(best.argmax())
    for frame in range(frames - 1, -1, -1):
        fits[frame] = plain[frame, state]
        state = int(came[frame, state])
    return _evened(fits, _EVEN)


def has_speech(energies: Array) -> bool:
    """Tell whether anything in some sound stands out from steady noise, as speech of the noise's own power does."""
    return bool(np.quantile(_loudness(energies), _SOME) > _STANDS_OUT)


def _loudness(energies: Array) -> Array:
    steady = np.maximum(quieting.noise(energies), np.quantile(energies, _LOUDEST, axis=0) * _FAINT)
    over = np.log(np.maximum(energies / steady, 1e-9)).clip(0, 3).mean(1)
    return _evened(over, _LOUD)


def silence(plain: Array, number: int, energies: Array) -> Array:
    """Give the fit of each frame to the phone of silence, less what loudness above steady noise tells against it."""
    fits: Array = plain.reshape(len(plain), -1, STATES)[:, number].max(1)
    against: Array = ((_loudness(energies) - _STEADY) * _AGAINST).clip(*_BOUNDS)
    return fits - against


def _evened(values: Array, frames: int) -> Array:
    half = frames // 2
    padded = np.pad(values, half, mode="edge")
    return np.convolve(padded, np.ones(frames) / frames, "valid")
