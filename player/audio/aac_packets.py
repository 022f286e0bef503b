"""Finds the packets of AAC in an MP4 file: how large each is, where it lies, and how it is to be decoded.

Of the tables only what a passage needs is read, and nothing is believed of them: what is found is proved later on.
Sources: ISO/IEC 14496-12:2022, sections 8.5.2 (descriptions), 8.6.1.2 (times), 8.7.3 to 8.7.5 (sizes, chunks);
ISO/IEC 14496-14:2020, section 6.7 (esds).
"""

from __future__ import annotations

import os
import struct
import sys
from array import array
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.audio.copied_sound import NotCopiedError
from player.audio.decode.mp4_boxes import VERSION, DamagedError, box, boxes, content, sound_of, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO

    from player.audio.decode.mp4_edits import Edits

#: How many samples of each channel a packet gives.
EACH: Final = 1024
# What is after version, flags and times in a track's media header: how many of its units a second has (8.4.2).
_UNITS: Final = {0: struct.Struct(">12xI"), 1: struct.Struct(">20xI")}
_TIMES: Final = struct.Struct(">II")
_RUN: Final = struct.Struct(">III")
_SIZES: Final = struct.Struct(">4xII")
# In a description: its version, channels; where the boxes in one of version 0 begin (8.5.2, 12.2.3).
_DESCRIPTION: Final = struct.Struct(">8xH6xH")
_BOXES: Final = 28
# More than any program writes: a packet that is shorter than others comes last; descriptions are of some bytes.
_MOST_TIMES: Final = 64
_MOST_RUNS: Final = 1 << 20
_MOST_CONFIG: Final = 1 << 12
# Where no edit list says where the sound begins, a tag may: encoders begin at most so late.
_LATEST: Final = 8 * EACH


@dataclass(frozen=True)
class Track:
    """The first sound of a file: ``count`` packets, which are to give ``total`` samples, at ``rate`` a second.

    ``config`` is what its decoder has to know, the content of its box ``esds``. The others say where the tables are:
    where sizes begin; where the offsets of chunks begin, how many there are, and the bytes of each; and in ``runs``
    from which chunk on so many packets are in each.
    """

    rate: int
    channels: int
    count: int
    total: int
    config: bytes
    sizes: int
    chunks: tuple[int, int, int]
    runs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Packets:
    """Some packets in a row: how large each is, and the ``pieces`` of the file that they fill, as start and stop."""

    sizes: array[int]
    pieces: tuple[tuple[int, int], ...]

    @property
    def length(self) -> int:
        """How many bytes they have."""
        return sum(stop - start for start, stop in self.pieces)


def read_track(file: FileIO) -> Track:
    """Read what the file's boxes say of its first sound.

    :raise NotCopiedError: where they say what is not known here, or cannot be followed.
    :raise OSError: where the file cannot be read.
    """
    try:
        return _track(file)
    except DamagedError:
        raise NotCopiedError("the file's tables of packets are damaged") from None


def read_packets(file: FileIO, track: Track, first: int, stop: int) -> Packets:
    """Find the packets ``[first, stop)`` of a track.

    :raise NotCopiedError: where they are not there.
    :raise OSError: where the file cannot be read.
    """
    if not 0 <= first < stop <= track.count:
        raise NotCopiedError("the file has fewer packets than its sound needs")
    try:
        sizes = _numbers(file, track.sizes + 4 * first, stop - first, "I")
        pieces: list[tuple[int, int]] = []
        for offset, begin, end in _chunks(file, track, first, stop):
            # Of a chunk that begins before, what lies before.
            head = sum(_numbers(file, track.sizes + 4 * begin, max(0, first - begin), "I"))
            start = offset + head
            size = sum(sizes[max(0, begin - first) : end - first])
            if pieces and pieces[-1][1] == start:
                start = pieces.pop()[0]
                size += offset + head - start
            pieces.append((start, start + size))
    except DamagedError:
        raise NotCopiedError("the file's tables of packets are damaged") from None
    if any(end > os.fstat(file.fileno()).st_size for _, end in pieces):
        raise NotCopiedError("the file ends before its last packets")
    return Packets(sizes, tuple(pieces))


def beginning(edits: Edits | None, track: Track, length: int) -> int:
    """Tell which of the samples that its packets give is the first of the ``length`` that are heard.

    :raise NotCopiedError: where that is not certain.
    """
    if edits is None:
        raise NotCopiedError("its edit list, which says where its sound begins, is damaged")
    # A pause before the sound is not decoded.
    starts = [start for start in edits.starts if start >= 0]
    if len(starts) > 1 or not edits.is_steady or (edits.starts and not starts):
        raise NotCopiedError("its edit list has several parts")
    begin = starts[0] if starts else track.total - length
    if not 0 <= begin <= (track.total if starts else _LATEST):
        raise NotCopiedError("it is not certain which samples its packets give")
    return begin


def _track(file: FileIO) -> Track:
    movie = box(file, 0, os.fstat(file.fileno()).st_size, b"moov")
    sound = None if movie is None else sound_of(file, *movie)
    if sound is None:
        raise DamagedError
    found = {name: (start, end) for name, start, end in boxes(file, *_needed(file, sound, b"mdia", b"minf", b"stbl"))}
    if b"ctts" in found or not {b"stsd", b"stts", b"stsc", b"stsz"} <= found.keys():
        raise NotCopiedError("its packets are not listed as those of sound usually are")
    channels, config = _description(file, *found[b"stsd"])
    same, count = _SIZES.unpack(content(file, *found[b"stsz"], _SIZES.size))
    sizes = found[b"stsz"][0] + _SIZES.size
    if same or sizes + 4 * count > found[b"stsz"][1]:
        raise DamagedError
    name, width = (b"stco", 4) if b"stco" in found else (b"co64", 8)
    if name not in found:
        raise DamagedError
    _, listed, offsets = table(file, *found[name])
    if offsets + width * listed > found[name][1]:
        raise DamagedError
    rate = _rate(file, sound)
    total = _total(file, *found[b"stts"], count)
    return Track(
        rate, channels, count, total, config, sizes, (offsets, listed, width), _runs(file, *found[b"stsc"], listed)
    )


def _needed(file: FileIO, place: tuple[int, int], *names: bytes) -> tuple[int, int]:
    found = box(file, *place, *names)
    if found is None:
        raise DamagedError
    return found


def _rate(file: FileIO, sound: tuple[int, int]) -> int:
    head = _needed(file, sound, b"mdia", b"mdhd")
    (version,) = VERSION.unpack(content(file, *head, VERSION.size))
    if (unit := _UNITS.get(version)) is None:
        raise DamagedError
    (rate,) = unit.unpack(content(file, *head, unit.size))
    return int(rate)


def _description(file: FileIO, start: int, end: int) -> tuple[int, bytes]:
    """Give the channels of the only description, and what the decoder has to know."""
    _, count, start = table(file, start, end)
    described = list(boxes(file, start, end))
    if count != 1 or len(described) != 1 or described[0][0] != b"mp4a":
        raise NotCopiedError("its packets are described in a way that is not known here")
    _, start, end = described[0]
    version, channels = _DESCRIPTION.unpack(content(file, start, end, _DESCRIPTION.size))
    place = box(file, start + _BOXES, end, b"esds") if not version else None
    if place is None or place[1] - place[0] > _MOST_CONFIG:
        raise NotCopiedError("its packets are described in a way that is not known here")
    return channels, content(file, *place, place[1] - place[0])


def _total(file: FileIO, start: int, end: int, count: int) -> int:
    """Tell how many samples all packets are to give: each of them the same, only the last may have fewer."""
    _, entries, start = table(file, start, end)
    if not 0 < entries <= _MOST_TIMES:
        raise NotCopiedError("its packets do not all give the same number of samples")
    times = list(_TIMES.iter_unpack(content(file, start, end, entries * _TIMES.size)))
    last, length = times[-1]
    is_short = last == 1 and 0 < length < EACH
    if any(each != EACH for _, each in (times[:-1] if is_short else times)):
        raise NotCopiedError("its packets do not all give the same number of samples")
    if sum(number for number, _ in times) != count:
        raise DamagedError
    return count * EACH - (EACH - length if is_short else 0)


def _runs(file: FileIO, start: int, end: int, chunks: int) -> tuple[tuple[int, int], ...]:
    """Read from which chunk on so many packets are in each; the last entry is the end."""
    _, count, start = table(file, start, end)
    if not 0 < count <= _MOST_RUNS:
        raise DamagedError
    entries = list(_RUN.iter_unpack(content(file, start, end, count * _RUN.size)))
    runs = [*((first - 1, each) for first, each, _ in entries), (chunks, 0)]
    if runs[0][0] or any(one[0] >= other[0] or not one[1] for one, other in pairwise(runs)):
        raise DamagedError
    if any(number != 1 for _, _, number in entries):
        raise NotCopiedError("its packets are described in a way that is not known here")
    return tuple(runs)


def _chunks(file: FileIO, track: Track, first: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Give the chunks in which packets ``[first, stop)`` are: where each lies, and its packets up to ``stop``."""
    offsets, _, width = track.chunks
    at = 0
    for (chunk, each), (following, _) in pairwise(track.runs):
        after = at + (following - chunk) * each
        if after > first:
            skipped = max(0, first - at) // each
            begin = at + skipped * each
            wanted = min(following - chunk, -(-(stop - at) // each)) - skipped
            places = _numbers(file, offsets + width * (chunk + skipped), wanted, "I" if width == 4 else "Q")  # noqa: PLR2004  # bytes
            for place in places:
                yield place, begin, min(begin + each, stop)
                begin += each
        if after >= stop:
            return
        at = after
    raise DamagedError


def _numbers(file: FileIO, start: int, count: int, kind: str) -> array[int]:
    """Read ``count`` numbers of a table; the place of the table's end was compared with its count before."""
    numbers = array(kind)
    numbers.frombytes(content(file, start, start + count * numbers.itemsize, count * numbers.itemsize))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
