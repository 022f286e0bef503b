"""An MP3 file into where its frames lie and which samples they give, so that a passage costs what the passage does.

A file is indexed only where every frame follows on the one before, all are of one kind, and none has side information
that a decoder refuses: then it is known in which frame each sample of a linear decode lies. Samples are counted as
ffmpeg does: the frame of a Xing, Info or VBRI header is skipped; what the LAME tag states is left out at the beginning,
with the decoder's own delay, and at the end.

Source: ISO/IEC 11172-3:1993, 2.4.1.7 (side information, main_data_begin). The heads are read by ``mp3_head``.
"""

from __future__ import annotations

import base64
import os
import sys
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio.decode.mp3_head import LONGEST, NO_HOLE, Kind, after_id3, kind_of, tag_of

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


@dataclass(frozen=True)
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


def pack(index: Frames) -> dict[str, Any]:
    """Make of an index what JSON can hold: 4 bytes for each second or so of sound."""
    strides = array("H", index.strides)
    if sys.byteorder == "big":
        strides.byteswap()
    return {**vars(index), "strides": base64.b64encode(strides.tobytes()).decode()}


def unpack(packed: dict[str, Any]) -> Frames:
    """Make an index of what ``pack`` made of it."""
    strides = array("H", base64.b64decode(packed["strides"]))
    if sys.byteorder == "big":
        strides.byteswap()
    return Frames(**{**packed, "hole": tuple(packed["hole"]), "strides": strides})


def read_frames(path: Path) -> Frames | None:
    """Index the MP3 at ``path``; None where it is none, or none of which each sample's frame is certain.

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
        tag = tag_of(first, kind)
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
        hole = NO_HOLE
    channels = 1 if kind.is_mono else 2
    return Frames(kind.rate, channels, kind.samples, kind.head + kind.side, count, start, tag.skip, hole, strides)


def _walk(file: BinaryIO, kind: Kind) -> tuple[int, array[int]]:
    """Count the frames that follow on one another from here, and give the bytes of each whole stride of them."""
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


def _stride(data: bytes, at: int, kind: Kind) -> tuple[int, int]:
    """Step over ``STRIDE`` frames, or as many as follow on one another from ``at``; give their count, and where."""
    second, is_mono, sizes, head, side_end = kind.second, kind.is_mono, kind.sizes, kind.head, kind.head + kind.side
    big_values, excess, carries, switched = kind.big_values, kind.excess, kind.carries, kind.switched
    for count in range(STRIDE):
        size = sizes[data[at + 2]]
        if not size or data[at] != 0xFF or data[at + 1] != second or (data[at + 3] >= 0xC0) is not is_mono:  # noqa: PLR2004
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
