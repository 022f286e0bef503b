"""Reads where the frames of an MP3 lie and which samples they give, so that a passage costs what the passage does.

A file is indexed only where every frame follows on the one before, all are of one kind, and none has side information
that a decoder refuses: then it is known in which frame each sample of a linear decode lies. Samples are counted as
ffmpeg does: the frame of a Xing, Info or VBRI header is skipped; what the LAME tag states is left out at the beginning,
with the decoder's own delay, and at the end.

Sources: ISO/IEC 11172-3:1993, 2.4.1.3 and 2.4.1.7 (header, side information, main_data_begin); ISO/IEC 13818-3:1998
(lower rates); MPEG 2.5 and the tag as LAME writes them (Mp3 Info Tag rev 1); ID3v2.4.0, sections 3.1 and 3.4 (length of
a tag).
"""

from __future__ import annotations

import base64
import os
import sys
from array import array
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.values import value

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

#: Frames between two offsets that are kept. 32 of the longest, 1441 bytes, are less than 65536: a stride is two bytes.
STRIDE: Final = 32
_CHUNK: Final = 1 << 22
#: Bytes of the shortest frame there is: 8 kbit/s at 24 kHz.
SHORTEST: Final = 24
# A frame refers back up to 511 bytes (main_data_begin has nine bits) into the main data of those before it. Where these
# are missing the decoder loses its place for a few frames; so much main data, in so many frames, brings it back.
_RESERVOIR: Final = 4 * 512
_PRE_ROLL: Final = 16
# Frames after the last that counts: two headers in a row are how a demuxer knows where it is.
_AFTER: Final = 2
#: More bytes than a frame and the header of the next.
LONGEST: Final = 2048
_ID3_HEAD: Final = 10
#: How late a decoder is: the 528 samples of its filter bank, and one.
DECODER_DELAY: Final = 529
# More than any file has; a file that is no sound may seem to have millions, of ten bytes each.
_MOST_TAGS: Final = 100
_MOST_BIG_VALUES: Final = 288
_NO_HOLE: Final = (1 << 62, 1 << 62)

_BITRATES: Final = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
# By the two bits of the version: 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5.
_RATES: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


@value
class Frames:
    """Where the frames of an MP3 lie: ``count`` of them from byte ``start`` on, each giving ``samples`` per channel.

    The samples of a linear decode are those of the frames, counted from the first one's first ("raw"), without the
    first ``skip`` and without those in ``hole``. ``strides`` has the bytes of every whole ``STRIDE`` frames; ``side``
    are the bytes in a frame that are no main data.
    """

    rate: int
    channels: int
    samples: int
    side: int
    count: int
    start: int
    skip: int
    hole: tuple[int, int]
    strides: array[int]

    def raw(self, sample: int) -> int:
        """Give the raw number of a sample of the linear decode."""
        found = sample + self.skip
        begins, ends = self.hole
        return found if found < begins else found + ends - begins

    def length(self, raw: int) -> int:
        """Tell how many samples a linear decode makes of so many raw ones."""
        begins, ends = self.hole
        return max(0, raw - self.skip - max(0, min(raw, ends) - begins))

    def offset(self, stride: int) -> int:
        """Give the byte at which a stride begins."""
        return self.start + sum(self.strides[:stride])

    def begin(self, sample: int) -> int:
        """Give the stride to begin with for a raw sample to be exact: the last that has enough before it, or 0."""
        frame = sample // self.samples
        whole = min(frame // STRIDE, len(self.strides))
        stride = min(max(0, frame - _PRE_ROLL) // STRIDE, whole)
        main = sum(self.strides[stride:whole]) - (whole - stride) * STRIDE * self.side
        while stride and main < _RESERVOIR:
            stride -= 1
            main += self.strides[stride] - STRIDE * self.side
        return stride

    def end(self, sample: int) -> int | None:
        """Give the stride to stop before, where raw samples up to this one are wanted; None is the end of the file."""
        frame = -(-sample // self.samples) + _AFTER
        stride = -(-frame // STRIDE)
        return stride if stride <= len(self.strides) else None


@value
class FrameKind:
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

    def size_at(self, data: bytes, at: int) -> int:
        """Give the bytes of the frame of this kind that begins there; 0 where none does."""
        if len(data) - at < 4 or data[at] != 0xFF or data[at + 1] != self.second:  # noqa: PLR2004  # a header; its first bits
            return 0
        return self.sizes[data[at + 2]] if (data[at + 3] >= 0xC0) is self.is_mono else 0  # noqa: PLR2004  # mode: one channel


@value
class HeaderFrame:
    """What a header frame of ``size`` bytes states: raw samples to leave out at the beginning, and a hole after.

    ``length`` are the bytes of all frames, 0 where they are not stated.
    """

    size: int = 0
    skip: int = 0
    hole: tuple[int, int] = _NO_HOLE
    length: int = 0


def pack(index: Frames) -> dict[str, Any]:
    """Turn an index into values that JSON can hold: 4 bytes for each second or so of sound."""
    strides = array("H", index.strides)
    if sys.byteorder == "big":
        strides.byteswap()
    return {**vars(index), "strides": base64.b64encode(strides.tobytes()).decode()}


def unpack(packed: dict[str, Any]) -> Frames:
    """Turn the values that ``pack`` made back into an index."""
    strides = array("H", base64.b64decode(packed["strides"]))
    if sys.byteorder == "big":
        strides.byteswap()
    return Frames(**{**packed, "hole": tuple(packed["hole"]), "strides": strides})


def read_frames(path: Path) -> Frames | None:
    """Index the MP3 at ``path``; None where it is not an MP3, or the frame of each sample is not certain.

    The file is read once, some megabytes at a time.

    :raise OSError: where the file cannot be read.
    """
    with files.opened(path) as file:
        start = after_id3(file)
        file.seek(start)
        first = file.read(LONGEST)
        kind = kind_of(first)
        if kind is None:
            return None
        tag = header_frame(first, kind)
        if tag is None:
            return None
        start += tag.size
        file.seek(start)
        count, strides = _walk(file, kind)
        hole, length = tag.hole, file.seek(0, os.SEEK_END)
    if hole[1] < count * kind.samples:
        # Frames were added after the header was written. Of a file that is larger by a sixteenth ffmpeg believes no
        # count of frames; where that is not clear there is no index.
        if not tag.length or length - start < 2 * tag.length:
            return None
        hole = _NO_HOLE
    channels = 1 if kind.is_mono else 2
    return Frames(kind.rate, channels, kind.samples, kind.head + kind.side, count, start, tag.skip, hole, strides)


def is_header_like(frame: bytes) -> bool:
    """Tell whether ffmpeg may take a frame for a header frame, from its first bytes, and skip it."""
    return any(name in frame[:LONGEST] for name in (b"Xing", b"Info", b"VBRI"))


def after_id3(file: BinaryIO) -> int:
    """Give the first byte after the ID3v2 tags that a file begins with, however long they are."""
    at = 0
    for _ in range(_MOST_TAGS):
        file.seek(at)
        head = file.read(_ID3_HEAD)
        if len(head) < _ID3_HEAD or head[:3] != b"ID3" or 0xFF in head[3:5] or max(head[6:]) > 0x7F:  # noqa: PLR2004  # ID3v2, 3.1
            return at
        # The size is of four times seven bits, and has neither head nor foot in it.
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        has_foot = head[3] == 4 and head[5] & 0x10  # noqa: PLR2004  # ID3v2.4, 3.1: it has a footer
        at += _ID3_HEAD + size + (_ID3_HEAD if has_foot else 0)
    return at


def has_free_bitrate(path: Path) -> bool:
    """Tell whether the first frame of the MP3 at ``path`` leaves it to the reader to find out how long frames are.

    :raise OSError: where the file cannot be read.
    """
    with files.opened(path) as file:
        file.seek(after_id3(file))
        head = file.read(4)
    return len(head) == 4 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and not head[2] >> 4  # noqa: PLR2004  # as below


def kind_of(frame: bytes) -> FrameKind | None:
    """Tell a frame's kind from its first bytes; None where it is not a layer III frame with a stated bitrate."""
    if len(frame) < LONGEST or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:  # noqa: PLR2004  # sync, layer III
        return None
    version, fourth = frame[1] >> 3 & 3, frame[3]
    row = frame[2] >> 2 & 3
    if version not in _RATES or row == 3:  # noqa: PLR2004  # reserved
        return None
    is_first, is_mono, rate = version == 3, fourth >> 6 == 3, _RATES[version][row]  # noqa: PLR2004  # MPEG-1, one channel
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
    return FrameKind(
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


def header_frame(frame: bytes, kind: FrameKind) -> HeaderFrame | None:
    """Read the header frame that a file begins with, if it does; None where what it states is not enough to go by."""
    size = kind.sizes[frame[2]]
    # ffmpeg looks where the side information ends in a frame without a checksum, with one too.
    at = 4 + kind.side
    if frame[36:40] == b"VBRI":
        # Version, delay, quality, bytes, frames.
        counts = frame[46:54] if frame[40:42] == b"\0\1" else b""
        return HeaderFrame(size) if any(counts) else None
    if frame[at : at + 4] not in {b"Xing", b"Info"}:
        return HeaderFrame()
    flags = int.from_bytes(frame[at + 4 : at + 8])
    at += 8
    frames = int.from_bytes(frame[at : at + 4]) if flags & 1 else 0
    at += 4 * (flags & 1)
    length = int.from_bytes(frame[at : at + 4]) if flags & 2 else 0
    at += 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    if not frames and not length:
        return None
    if frame[at : at + 4] not in {b"LAME", b"Lavf", b"Lavc"}:
        return HeaderFrame(size)
    delay, padding = divmod(int.from_bytes(frame[at + 21 : at + 24]), 1 << 12)
    end = frames * kind.samples
    begins = end - padding + DECODER_DELAY
    hole = (begins, end) if frames and begins < end else _NO_HOLE
    return HeaderFrame(size, delay + DECODER_DELAY, hole, length)


def _walk(file: BinaryIO, kind: FrameKind) -> tuple[int, array[int]]:
    """Count the frames that follow without a gap from here, and measure each whole stride of them in bytes."""
    strides = array("H")
    data, at = b"", 0
    while True:
        chunk = file.read(_CHUNK)
        data, at = data[at:] + chunk, 0
        end = len(data)
        if not chunk:
            data += bytes(LONGEST * STRIDE)
        while at + LONGEST * STRIDE <= len(data):
            found, there = _stride(data, at, kind)
            # What follows the file's last byte is no frame: only the last can reach beyond it.
            found -= there > end
            if found < STRIDE:
                return len(strides) * STRIDE + found, strides
            strides.append(there - at)
            at = there


def _stride(data: bytes, at: int, kind: FrameKind) -> tuple[int, int]:
    """Step over ``STRIDE`` frames, or as many as follow without a gap from ``at``; give their count and their end."""
    second, is_mono, sizes, head, side_end = kind.second, kind.is_mono, kind.sizes, kind.head, kind.head + kind.side
    big_values, excess, carries, switched = kind.big_values, kind.excess, kind.carries, kind.switched
    for count in range(STRIDE):
        size = sizes[data[at + 2]]
        if not size or data[at] != 0xFF or data[at + 1] != second or (data[at + 3] >= 0xC0) is not is_mono:  # noqa: PLR2004  # sync; mode: one channel
            return count, at
        side = int.from_bytes(data[at + head : at + side_end])
        # Decoders refuse big_values over 288: adding what is missing to 511 carries into the bit above each.
        if (side & big_values) + excess & carries:
            return count, at
        # And a switched window whose type, the two bits after the flag, is that of a window not switched.
        if (flags := side & switched) and flags & ~(side << 1 | side << 2):
            return count, at
        at += size
    return STRIDE, at
