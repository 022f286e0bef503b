"""Builds an MP3 around frames of another: what goes before them, so that they decode to what they are in that one.

A frame refers back into the main data of those before it (the bit reservoir). So a frame without sound, the carrier,
goes first, whose main data ends with the bytes that the first frame refers to. Before that goes a header frame, whose
tag states how many samples to leave out at the beginning and at the end: those of the carrier, those that the decoder
needs to find its way in, and those of the frame after the passage.

Sources: ISO/IEC 11172-3:1993, 2.4.1.3, 2.4.1.7 and 2.4.3.1 (header, side information, main_data_begin, CRC);
ISO/IEC 13818-3:1998, 2.4.1.7 (lower rates); MPEG 2.5 and the header frame as LAME writes them (Mp3 Info Tag rev 1).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from player.audio.decode.mp3_frames import DECODER_DELAY

if TYPE_CHECKING:
    from player.audio.decode.mp3_frames import FrameKind

#: How much sound is in a frame after the samples that it gives: half of the transform's window (576) is added to those
#: of the next, and the filter bank goes on for 480.
OVERLAP: Final = 576 + 480
#: The most that the tag can state, in each of two fields of 12 bits.
MOST: Final = 4095
_NUMBERS: Final = range(1, 15)  # of bitrates; 0 is free format, 15 is forbidden
#: How many places in the file the header frame tells.
PLACES: Final = 100
#: Bytes of a header frame after its side information: name and flags, two counts, the table, quality; LAME's own.
_TAG: Final = 8 + 4 + 4 + PLACES + 4 + 36
#: LAME's polynomial (x^16 + x^15 + x^2 + 1), bits in the order in which LAME shifts them, and as in ISO/IEC 11172-3.
_REFLECTED: Final = 0xA001
#: The smallest n for which LAME's polynomial divides x^n - 1, the bits of as many, and the bytes that hold them.
_PERIOD: Final = 32_767
_ALL: Final = (1 << _PERIOD) - 1
_FOLDED: Final = 4096
_STRAIGHT: Final = 0x8005


def lead(kind: FrameKind) -> int:
    """Tell how many frames before the first sample a decoder needs: those of the two granules before it."""
    return 1 if is_first_version(kind) else 2


def is_first_version(kind: FrameKind) -> bool:
    """Tell whether frames are of MPEG-1: two granules each, and references of nine bits."""
    return kind.second & 0x18 == 0x18  # noqa: PLR2004  # the two bits of the version


def furthest(kind: FrameKind) -> int:
    """Tell how many bytes a frame can refer back."""
    return 0x1FF if is_first_version(kind) else 0xFF


def main_data_begin(frame: bytes, kind: FrameKind) -> int:
    """Tell how many bytes before its own main data that of a frame begins."""
    if is_first_version(kind):
        return frame[kind.head] << 1 | frame[kind.head + 1] >> 7
    return frame[kind.head]


def carrier(kind: FrameKind, like: bytes, reservoir: bytes) -> bytes:
    """Make a frame without sound whose main data ends with ``reservoir``; the frame ``like`` is to follow.

    Its side information is zero: no bits, no values, a gain of nothing. It has that frame's bitrate, or the next one in
    which it has room enough: the highest has room for more than any frame can refer to.
    """
    frame = _empty(kind, like, kind.head + kind.side + len(reservoir), kind.second)
    if kind.head > 4:  # noqa: PLR2004  # a header alone; here a checksum follows it
        frame[4:6] = _protection(bytes(frame[2:4] + frame[kind.head : kind.head + kind.side])).to_bytes(2)
    return bytes(frame[: len(frame) - len(reservoir)] + reservoir)


def header_size(kind: FrameKind, like: bytes) -> int:
    """Tell how many bytes the header frame has."""
    return len(_empty(kind, like, 4 + kind.side + _TAG, kind.second | 1))


def header_frame(
    kind: FrameKind,
    like: bytes,
    *,
    trimmed: tuple[int, int],
    frames: int,
    length: int,
    checksum: int,
    places: bytes,
    is_constant: bool,
) -> bytes:
    """Make the header frame of a file of ``length`` bytes with so many ``frames`` after it.

    ``trimmed`` is how many samples of these to leave out at the beginning and at the end. ``checksum`` is that of all
    frames; ``places`` says how far into the file each hundredth of its time is, in 256ths.

    It has no checksum of its own, as decoders look for the tag where it is in a frame without one. It begins with
    ``Info`` where the bitrate is constant, with ``Xing`` elsewhere.
    """
    frame = _empty(kind, like, 4 + kind.side + _TAG, kind.second | 1)
    # What stands in the tag is the encoder's delay, without the decoder's.
    delay, padding = trimmed[0] - DECODER_DELAY, trimmed[1] + DECODER_DELAY
    if not (0 <= delay <= MOST and 0 <= padding <= MOST):
        raise ValueError(trimmed)
    tag = (b"Info" if is_constant else b"Xing") + (0b1111).to_bytes(4)
    tag += frames.to_bytes(4) + length.to_bytes(4) + places + bytes(4)
    # Decoders believe the two numbers only under LAME's name. After it: revision 0, method 1 for a constant bitrate or
    # 0 for what is not said, and 11 bytes of which nothing is known here: filters, loudness, the lowest bitrate.
    tag += b"LAME3.100" + bytes([is_constant]) + bytes(11)
    tag += (delay << 12 | padding).to_bytes(3) + bytes(4) + length.to_bytes(4) + checksum.to_bytes(2)
    at = 4 + kind.side
    frame[at : at + len(tag)] = tag
    at += len(tag)
    frame[at : at + 2] = continued(0, bytes(frame[:at])).to_bytes(2)
    return bytes(frame)


def continued(checksum: int, data: bytes) -> int:
    """Go on with a checksum as LAME has them, by the data that follows; the first begins with 0.

    A checksum is what is left of the bits when they are divided as a polynomial by another, which also divides
    x^32767 - 1. So bits that are 32,767 apart may be laid on one another: of any length 4 KiB are left to be divided.
    """
    if len(data) <= _FOLDED:
        return _divided(checksum, data)
    # What was left until now is laid on the first bits of what follows.
    data = (int.from_bytes(data[:2], "little") ^ checksum).to_bytes(2, "little") + data[2:]
    # Bits of bytes that are 32,767 apart are so eight times. What is short is so in front, where zeros are nothing.
    short = len(data) % _PERIOD
    folded = int.from_bytes(data[:short].rjust(_PERIOD, b"\0"), "little")
    for at in range(short, len(data), _PERIOD):
        folded ^= int.from_bytes(data[at : at + _PERIOD], "little")
    left = 0
    while folded:
        left ^= folded & _ALL
        folded >>= _PERIOD
    return _divided(0, (left << 1).to_bytes(_FOLDED, "little"))


def _divided(checksum: int, data: bytes) -> int:
    single = _single()
    for byte in data:
        checksum = checksum >> 8 ^ single[(checksum ^ byte) & 0xFF]
    return checksum


@lru_cache(maxsize=1)
def _single() -> list[int]:
    """Give what 8 bits make of a checksum."""
    single = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ _REFLECTED * (value & 1)
        single.append(value)
    return single


def _protection(data: bytes) -> int:
    """Give a frame's checksum: of the second half of its header and its side information (11172-3, 2.4.3.1)."""
    value = 0xFFFF
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ _STRAIGHT * (value >> 15)) & 0xFFFF
    return value


def _empty(kind: FrameKind, like: bytes, room: int, second: int) -> bytearray:
    """Make a frame of zeros with a header like another's, of at least ``room`` bytes."""
    rate = like[2] & 0x0C
    for number in _NUMBERS[(like[2] >> 4) - 1 :]:
        size = kind.sizes[number << 4 | rate]
        if size >= room:
            # Mode, copyright and emphasis are the other's; nothing is said of how two channels are joined.
            return bytearray(bytes([0xFF, second, number << 4 | rate, like[3] & 0xCF]).ljust(size, b"\0"))
    raise ValueError(room)
