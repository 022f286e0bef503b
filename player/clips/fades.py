"""A passage in pieces into the same, its head coming up and its tail going down; only their pieces are touched."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from player.audio.decode.window import Decoding, Passage
from player.timecode import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator

# pydub makes an object of each sample in a fade, twenty times the bytes of the sample: longer ones are made in parts.
_AT_ONCE: Final = 1 << 16


def faded(whole: Decoding, fade_in: int, fade_out: int) -> Decoding:
    """Let the passage come up over its first ``fade_in`` milliseconds and go down over its last ``fade_out``."""
    if not fade_in and not fade_out:
        return whole
    return replace(whole, _begin=partial(_faded, whole, fade_in, fade_out))


def _faded(whole: Decoding, fade_in: int, fade_out: int) -> Iterator[bytes]:
    at = 0
    for samples in whole.pieces():
        count = len(samples) // whole.frame
        risen = _sloped(whole, samples, at, (fade_in, 0), 0)
        yield _sloped(whole, risen, at, (0, fade_out), whole.length - fade_out * whole.rate // SECOND)
        at += count


def _sloped(whole: Decoding, samples: bytes, at: int, fades: tuple[int, int], begin: int) -> bytes:
    """Fade what of a piece, from the sample ``at`` on, is in the fade that begins at the sample ``begin``."""
    # pydub takes 40 ms to import.
    from player.audio import segment  # noqa: PLC0415

    length = sum(fades) * whole.rate // SECOND
    first = max(begin, at)
    last = min(begin + length, at + len(samples) // whole.frame)
    if first >= last:
        return samples
    head, tail = (first - at) * whole.frame, (last - at) * whole.frame
    part = samples[head:tail]
    if last - first == length and len(part) <= _AT_ONCE:
        slope = segment.faded(Passage(part, whole.rate, whole.channels, whole.width), *fades).samples
    else:
        slope = segment.sloped(part, whole.width, whole.frame, first - begin, length, is_out=fades[1] > 0)
    return samples[:head] + slope + samples[tail:]
