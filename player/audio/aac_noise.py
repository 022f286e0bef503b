"""Finds out whether AAC has noise that its decoder makes up: no two decoders, or decodings, give the same samples.

An encoder may leave a band out and state only how loud it is (perceptual noise substitution). ffmpeg draws the noise on
random numbers that go on since its first packet, so a copy cannot be exact. Whether a band is such is said in front of
the spectrum, so for the first channel of a packet nothing has to be decoded; encoders that do it do it in both.

Source: ISO/IEC 14496-3:2019, 4.4.2.1 and 4.4.2.7 (raw_data_block, ics_info, section_data), 4.6.13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.elsewhere import read_at

if TYPE_CHECKING:
    from io import FileIO

    from player.audio.aac_packets import Packets

#: Why no copy is exact, as the end of a sentence that begins with 'because'.
WHY: Final = (
    "it has noise that every decoder makes up anew (perceptual noise substitution), which is never the same twice"
)
# So many packets are looked at, in turn over all there are; noise is in most, or in the quiet ones.
_LOOKED_AT: Final = 256
# How much of a packet is before its spectrum, at most: what is skipped may be longer, and then is not looked at.
_HEAD: Final = 512
# Elements: one channel, two; data to skip; filling.
_ONE, _TWO, _SKIPPED, _FILLED = 0, 1, 4, 6
_SHORT: Final = 2  # a sequence of eight short windows
_NOISE: Final = 13  # where another band has the number of a table
_MOST_ELEMENTS: Final = 16


def is_in(file: FileIO, packets: Packets) -> bool:
    """Tell whether there is such noise in some of the packets of a file that are looked at.

    :raise OSError: where the file cannot be read.
    """
    count = len(packets.sizes)
    wanted = {number * count // _LOOKED_AT for number in range(_LOOKED_AT)}
    pieces = iter(packets.pieces)
    at, stop = next(pieces)
    for number, size in enumerate(packets.sizes):
        if number in wanted and has_noise(read_at(file, min(size, _HEAD), at)):
            return True
        at += size
        if at >= stop and number < count - 1:
            at, stop = next(pieces)
    return False


def has_noise(packet: bytes) -> bool:
    """Tell whether the first channel of a packet has a band of noise; no, where it cannot be followed."""
    try:
        return _has_noise(_Bits(packet))
    except IndexError:
        return False


class _Bits:
    """The bits of a packet, read one number after another."""

    def __init__(self, data: bytes) -> None:
        self._number, self._length, self._at = int.from_bytes(data), 8 * len(data), 0

    def read(self, count: int) -> int:
        """Read a number of so many bits.

        :raise IndexError: where they are not there.
        """
        self._at += count
        if self._at > self._length:
            raise IndexError(self._at)
        return self._number >> (self._length - self._at) & ((1 << count) - 1)

    def align(self) -> None:
        """Go on at the next whole byte."""
        self._at += -self._at % 8


def _has_noise(bits: _Bits) -> bool:
    for _ in range(_MOST_ELEMENTS):
        element = bits.read(3)
        if element == _FILLED:
            count = bits.read(4)
            bits.read(8 * (count if count < 15 else 14 + bits.read(8)))  # noqa: PLR2004  # of four bits, all
        elif element == _SKIPPED:
            bits.read(4)
            is_aligned, count = bits.read(1), bits.read(8)
            count += bits.read(8) if count == 255 else 0  # noqa: PLR2004  # of eight bits, all
            if is_aligned:
                bits.align()
            bits.read(8 * count)
        elif element in {_ONE, _TWO}:
            bits.read(4)
            return _in_channel(bits, is_common=element == _TWO and bool(bits.read(1)))
        else:
            return False
    return False


def _in_channel(bits: _Bits, *, is_common: bool) -> bool:
    """Tell it of the channel whose data comes next; two may have their windows in common, which then come first."""
    if is_common:
        is_short, bands, groups = _windows(bits)
        if bits.read(2) == 1:
            bits.read(bands * groups)
        bits.read(8)
    else:
        bits.read(8)
        is_short, bands, groups = _windows(bits)
    width = 3 if is_short else 5
    for _ in range(groups):
        band = 0
        while band < bands:
            if bits.read(4) == _NOISE:
                return True
            while (length := bits.read(width)) == (1 << width) - 1:
                band += length
            band += length
    return False


def _windows(bits: _Bits) -> tuple[bool, int, int]:
    """Read how the windows of a channel are: whether they are short, how many bands there are, in how many groups."""
    bits.read(1)
    is_short = bits.read(2) == _SHORT
    bits.read(1)
    if is_short:
        bands = bits.read(4)
        # A bit for each window after the first: whether it is of the same group.
        return True, bands, 8 - bits.read(7).bit_count()
    bands = bits.read(6)
    if bits.read(1):
        raise IndexError  # prediction, which this profile does not have
    return False, bands, 1
