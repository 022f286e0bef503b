"""Fades samples with pydub, as which all fades of clips are held to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.audio.segment import AudioSegment
from player.timecode import SECOND

if TYPE_CHECKING:
    from player.audio.decode.samples import Samples


def pydubs_fade(whole: Samples, fade_in: int, fade_out: int) -> bytes:
    """Fade the samples in over their first ``fade_in`` milliseconds and out over their last ``fade_out``.

    pydub counts in milliseconds, and what is between two of them moves. So its segment claims a rate of a thousand
    samples a second: its milliseconds are then our samples.
    """
    counted = AudioSegment(data=whole.samples, sample_width=whole.width, frame_rate=SECOND, channels=whole.channels)
    if up := fade_in * whole.rate // SECOND:
        counted = counted.fade_in(up)
    if down := fade_out * whole.rate // SECOND:
        counted = counted.fade_out(down)
    return bytes(counted.raw_data)
