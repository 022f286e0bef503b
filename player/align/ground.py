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


def silence(plain: Array, number: int, energies: Array) -> Array:
    """Give the fit of each frame to the phone of silence, less what loudness above steady noise tells against it."""
    fits: Array = plain.reshape(len(plain), -1, STATES)[:, number].max(1)
    noise = quieting.noise(energies)
    over = np.log(np.maximum(energies / noise, 1e-9)).clip(0, 3).mean(1)
    against: Array = ((_evened(over, _LOUD) - _STEADY) * _AGAINST).clip(*_BOUNDS)
    return fits - against


def _evened(values: Array, frames: int) -> Array:
    half = frames // 2
    padded = np.pad(values, half, mode="edge")
    return np.convolve(padded, np.ones(frames) / frames, "valid")
