"""Reads where the frames of a FLAC file lie, so that of one that lies elsewhere a passage costs what the passage does.

A frame of FLAC needs no other: those of a passage, after a head that says how they are sampled, are a file of their
own.
ffmpeg finds them in one pass, which copies them and decodes nothing. A file is indexed only where its frames fill it
from its head to its end, and all of them but the last have the same number of samples.

Source: RFC 9639, sections 6 (file), 8.1 and 8.2 (head of a block, STREAMINFO), 9.1 (head of a frame).
"""

from __future__ import annotations

import base64
import os
import sys
import zlib
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache, ffmpeg
from player.audio.decode import stream
from player.elsewhere import read_at
from player.errors import AudioError, unreadable
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

#: ffmpeg's name for the codec, and for the kind of file.
CODEC: Final = "flac"
#: The name of the index in the cache.
KIND: Final = "flac-frames-1"
# How many strides a second has, about: each is one number of the index, and what is read beside a passage.
_STRIDES: Final = 3
_NAME: Final = b"fLaC"
_BLOCK_HEAD: Final = 4
_LAST: Final = 0x80
# STREAMINFO: the kind of its block, its size, and where it has the number of samples, after four bits of others.
_INFO: Final = 0
_INFO_SIZE: Final = 34
_COUNT: Final = 13
# More blocks before the frames than any program writes.
_MOST_BLOCKS: Final = 1000
_SYNC: Final = (b"\xff\xf8", b"\xff\xf9")
# What stands in each line of a list of packets: where it begins, how long it lasts, how large it is.
_LINE: Final = slice(2, 5)
_READ: Final = 1 << 16


@value
class Frames:
    """Where frames lie: strides of so many ``samples``, with so many bytes each, one after another from ``start`` on.

    ``info`` is the file's STREAMINFO, of which a file of some of its frames has another.
    """

    start: int
    samples: int
    sizes: array[int]
    info: bytes

    @property
    def head(self) -> bytes:
        """What a file of some of the frames begins with: of how many, and with which digest, it does not say."""
        unsaid = bytearray(self.info)
        unsaid[_COUNT] &= 0xF0
        unsaid[_COUNT + 1 :] = bytes(_INFO_SIZE - _COUNT - 1)
        return _NAME + bytes((_LAST | _INFO, 0, 0, _INFO_SIZE)) + bytes(unsaid)

    def of(self, first: int, last: int) -> tuple[range, int]:
        """Give the bytes of the frames that hold the samples ``[first, last)``, and the first sample that they give."""
        begin, stop = first // self.samples, -(-last // self.samples)
        places = list(accumulate(self.sizes[:stop], initial=self.start))
        return range(places[begin], places[-1]), begin * self.samples


def frames(path: Path) -> Frames | None:
    """Give the index of the FLAC file at ``path``, from the cache if it is there; None where it cannot be indexed.

    :raise AudioError: where the file cannot be read.
    """
    found: dict[str, Any] = cache.derived(path, KIND, lambda: _index(path))
    if not found:
        return None
    sizes = array("I", zlib.decompress(base64.b64decode(found["sizes"])))
    if sys.byteorder == "big":
        sizes.byteswap()
    return Frames(found["start"], found["samples"], sizes, base64.b64decode(found["info"]))


def _index(path: Path) -> dict[str, Any]:
    """Index the file; an empty result is cached too, so that it is not tried again."""
    try:
        with files.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            head = _head(file, size)
            found = None if head is None else _sizes(path)
            if head is None or found is None:
                return {}
            start, info = head
            samples, sizes = found
            places = list(accumulate(sizes, initial=start))
            begins = places[-2], places[len(places) // 2 - 1], start
            if places[-1] != size or any(read_at(file, 2, each) not in _SYNC for each in begins):
                return {}
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    except AudioError as error:
        from player.storage.faults import StorageError  # noqa: PLC0415  # where a sound lies elsewhere

        if isinstance(error, StorageError):
            raise
        return {}  # of what ffmpeg makes nothing but by decoding it
    if sys.byteorder == "big":
        sizes.byteswap()
    packed = base64.b64encode(zlib.compress(sizes.tobytes())).decode()
    return {"start": start, "samples": samples, "sizes": packed, "info": base64.b64encode(info).decode()}


def _head(file: FileIO, size: int) -> tuple[int, bytes] | None:
    """Find where the first frame begins, and what STREAMINFO says; None where this is no plain FLAC file."""
    info, at = b"", len(_NAME)
    if read_at(file, at, 0) != _NAME:
        return None
    for _ in range(_MOST_BLOCKS):
        head = read_at(file, _BLOCK_HEAD, at)
        if len(head) < _BLOCK_HEAD:
            return None
        length = int.from_bytes(head[1:], "big")
        at += _BLOCK_HEAD
        if head[0] & ~_LAST == _INFO and length == _INFO_SIZE:
            info = read_at(file, length, at)
        at += length
        if head[0] & _LAST:
            return (at, info) if info and at < size else None
    return None


def _sizes(path: Path) -> tuple[int, array[int]] | None:
    """Give the samples of a stride of frames, and the bytes of each stride; None where frames differ in samples."""
    rate = stream.header(path).rate
    each, stride, at = 0, 0, 0
    sizes: array[int] = array("I")
    held = number = 0
    is_last = False
    for begin, length, size in _packets(path):
        if not each:
            each = length
            stride = max(1, rate // (_STRIDES * max(1, each)))
        # The last may be shorter; none comes after it.
        if is_last or begin != at or not 0 < length <= each:
            return None
        is_last = length < each
        at += length
        held += size
        number += 1
        if number == stride:
            sizes.append(held)
            held = number = 0
    if held:
        sizes.append(held)
    return (each * stride, sizes) if sizes else None


def _packets(path: Path) -> Iterator[tuple[int, int, int]]:
    """Give where each frame begins and how long it is, in samples, and how large."""
    with ffmpeg.decoding(path, "-c:a", "copy", "-f", "framecrc", "pipe:1") as running:
        rest = b""
        while piece := running.read(_READ):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if not line.startswith(b"#"):
                    begin, length, size = map(int, line.split(b",")[_LINE])
                    yield begin, length, size
