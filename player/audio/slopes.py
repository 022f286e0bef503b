"""Fades samples, one at a time, with the gains that pydub's ``fade`` has, to the last bit.

pydub fades what is in hand as a whole; here it may be a part of a longer fade. And what a clip needs of a fade is four
lines, where the whole of pydub takes as long to import as an archive takes to be read.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any, Final

# What pydub fades from and to: -120 dB, and 0 dB.
_SILENT: Final = 10 ** (-120 / 20)
_FULL: Final = 1.0


def sloped(samples: bytes, width: int, frame: int, begin: int, length: int, *, is_out: bool) -> bytes:
    """Give a part of a fade over ``length`` samples, from its sample ``begin`` on.

    A sample of every channel has ``frame`` bytes, each of its channels ``width``.
    """
    audioop = _audioop()
    start, end = (_FULL, _SILENT) if is_out else (_SILENT, _FULL)
    step = (end - start) / length
    parts = (
        audioop.mul(samples[at : at + frame], width, start + step * (begin + at // frame))
        for at in range(0, len(samples), frame)
    )
    return b"".join(parts)


def _audioop() -> Any:
    """Import Python's own module, or from 3.13 on the one that pydub's package brings; neither has types."""
    with warnings.catch_warnings():
        # Until it went, it was said to be going.
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module("audioop")
