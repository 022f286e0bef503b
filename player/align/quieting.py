"""Takes noise that goes on out of the energies of mel bands, so that speech fits a model trained on clean speech.

A Wiener filter by the decision-directed ratio of speech to noise (Y. Ephraim and D. Malah, "Speech enhancement using a
minimum mean-square error short-time spectral amplitude estimator", 1984), with a floor under what it takes away.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

Array = np.ndarray[Any, Any]

# The noise of a band is what a tenth of its frames stay below, over 90 ms; that quantile lies so much below its mean.
_QUANTILE: Final = 0.1
_ABOVE: Final = 1.3
_FRAMES: Final = 9
# How much of the ratio comes from the frame before.
_KEPT: Final = 0.8
# Digital silence has no noise to divide by.
_LEAST: Final = 1.0


def quieted(energies: Array, floor: float) -> Array:
    """Give the energies (frames, bands), evened over three frames, without their noise.

    At most all but ``floor`` of one is taken away.
    """
    if len(energies) <= _FRAMES:
        return energies
    padded = np.concatenate([energies[:1], energies, energies[-1:]])
    energies = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    ground = noise(energies)
    over = np.maximum(energies / ground - 1, 0)
    gains = np.empty_like(energies)
    before = np.zeros(energies.shape[1], energies.dtype)
    for frame, (own, whole) in enumerate(zip(over, energies / ground, strict=True)):
        ratio = _KEPT * before + (1 - _KEPT) * own
        gain = np.maximum(ratio / (1 + ratio), floor)
        gains[frame] = gain
        before = gain * gain * whole
    return energies * gains


def noise(energies: Array) -> Array:
    """Give the energy of steady noise in each band."""
    if len(energies) <= _FRAMES:
        return np.full(energies.shape[1], _LEAST, energies.dtype)
    summed = np.cumsum(np.concatenate([np.zeros((1, energies.shape[1])), energies]), 0)
    smooth = (summed[_FRAMES:] - summed[:-_FRAMES]) / _FRAMES
    steady: Array = np.quantile(smooth, _QUANTILE, axis=0) * _ABOVE
    return np.maximum(steady, _LEAST).astype(energies.dtype)
