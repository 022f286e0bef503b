"""The first bytes of an MP3 file, or of one of its frames, into what they state: its kind, and what to leave out.

Sources: ISO/IEC 11172-3:1993, 2.4.1.3 and 2.4.1.7 (header, side information); ISO/IEC 13818-3:1998 (lower rates); MPEG
2.5 and the tag as LAME writes them (Mp3 Info Tag rev 1); ID3v2.4.0, sections 3.1 and 3.4 (length of a tag).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

#: More bytes than a frame and the header of the next.
LONGEST: Final = 2048
_ID3_HEAD: Final = 10
# By so much is a decoder late: 528 samples of the filter bank and one.
_DECODER_DELAY: Final = 529
# More than any file has; what is no sound may seem to have millions, of ten bytes each.
_MOST_TAGS: Final = 100
_MOST_BIG_VALUES: Final = 288
NO_HOLE: Final = (1 << 62, 1 << 62)

_BITRATES: Final = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
# By the two bits of the version: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5.
_RATES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@dataclass(frozen=True)
class Kind:
    """What the frames of a file have in common.

    ``sizes`` are a frame's bytes by the third byte of its header, 0 for what is another kind's; ``head`` the bytes
    before the side information, which has ``side`` bytes. The masks are for side information read as one number.
    """

    second: int
    is_mono: bool
    rate: int
    samples: int
    head: int
    side: int
    sizes: tuple[int, ...]
    big_values: int
    excess: int
    carries: int
    switched: int


@dataclass(frozen=True)
class Tag:
    """What a header frame of ``size`` bytes states: raw samples to leave out at the beginning, and a hole after.

    ``length`` are the bytes of all frames, 0 where they are not stated.
    """

    size: int = 0
    skip: int = 0
    hole: tuple[int, int] = NO_HOLE
    length: int = 0


def has_tag(frame: bytes) -> bool:
    """Tell whether the frame that begins so may be taken for a header frame, and skipped."""
    return any(name in frame[:LONGEST] for name in (b"Xing", b"Info", b"VBRI"))


def after_id3(file: BinaryIO) -> int:
    """Give the first byte after the ID3v2 tags that a file begins with, however long they are."""
    at = 0
    for _ in range(_MOST_TAGS):
        file.seek(at)
        head = file.read(_ID3_HEAD)
        if len(head) < _ID3_HEAD or head[:3] != b"ID3" or 0xFF in head[3:5] or max(head[6:]) > 0x7F:  # noqa: PLR2004
            return at
        # The size is of four times seven bits, and has neither head nor foot in it.
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        has_foot = head[3] == 4 and head[5] & 0x10  # noqa: PLR2004
        at += _ID3_HEAD + size + (_ID3_HEAD if has_foot else 0)
    return at


def kind_of(frame: bytes) -> Kind | None:
    """Tell of what kind a frame is that begins so; None where it is no frame of layer III with a stated bitrate."""
    if len(frame) < LONGEST or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:  # noqa: PLR2004
        return None
    version, fourth = frame[1] >> 3 & 3, frame[3]
    row = frame[2] >> 2 & 3
    if version not in _RATES or row == 3:  # noqa: PLR2004
        return None
    is_first, is_mono, rate = version == 3, fourth >> 6 == 3, _RATES[version][row]  # noqa: PLR2004
    sizes = [0] * 256
    for number, bitrate in enumerate(_BITRATES[is_first]):
        for padding in (0, 1) if bitrate else ():
            size = bitrate * (144_000 if is_first else 72_000) // rate + padding
            for private in (0, 1):
                sizes[number << 4 | row << 2 | padding << 1 | private] = size
    side = (17 if is_mono else 32) if is_first else (9 if is_mono else 17)
    granules = (2 if is_first else 1) * (1 if is_mono else 2)
    width = 59 if is_first else 63
    # Of each granule the place of big_values' last bit and of window_switching_flag, counted from the last bit of all.
    lowest = [granule * width + width - 21 for granule in range(granules)]
    switches = [granule * width + width - (34 if is_first else 39) for granule in range(granules)]
    return Kind(
        second=frame[1],
        is_mono=is_mono,
        rate=rate,
        samples=1152 if is_first else 576,
        head=4 if frame[1] & 1 else 6,
        side=side,
        sizes=tuple(sizes),
        big_values=sum(0x1FF << bit for bit in lowest),
        excess=sum(0x1FF - _MOST_BIG_VALUES << bit for bit in lowest),
        carries=sum(1 << bit + 9 for bit in lowest),
        switched=sum(1 << bit for bit in switches),
    )


def tag_of(frame: bytes, kind: Kind) -> Tag | None:
    """Read the header frame that a file begins with, if it does; None where what it states is not enough to go by."""
    size = kind.sizes[frame[2]]
    # ffmpeg looks where the side information ends in a frame without a checksum, with one too.
    at = 4 + kind.side
    if frame[36:40] == b"VBRI":
        # Version, delay, quality, bytes, frames.
        counts = frame[46:54] if frame[40:42] == b"\0\1" else b""
        return Tag(size) if any(counts) else None
    if frame[at : at + 4] not in {b"Xing", b"Info"}:
        return Tag()
    flags = int.from_bytes(frame[at + 4 : at + 8])
    at += 8
    frames = int.from_bytes(frame[at : at + 4]) if flags & 1 else 0
    at += 4 * (flags & 1)
    length = int.from_bytes(frame[at : at + 4]) if flags & 2 else 0
    at += 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    if not frames and not length:
        return None
    if frame[at : at + 4] not in {b"LAME", b"Lavf", b"Lavc"}:
        return Tag(size)
    delay, padding = divmod(int.from_bytes(frame[at + 21 : at + 24]), 1 << 12)
    end = frames * kind.samples
    begins = end - padding + _DECODER_DELAY
    hole = (begins, end) if frames and begins < end else NO_HOLE
    return Tag(size, delay + _DECODER_DELAY, hole, length)
