"""Copies passages of AAC in an MP4 file, as ``copied_sound`` has it: finds the packets, writes and proves them.

A packet gives samples with what the one before it left (its window overlaps by half), and needs no others: those of the
profile LC do not predict. So one more goes first, whose samples the edit list leaves out.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import aac_copy, aac_noise, aac_packets, aac_proof, cache
from player.audio.aac_packets import EACH
from player.audio.copied_sound import NotCopiedError
from player.audio.decode import chunks, mp4_edits
from player.audio.decode.mp4_boxes import DamagedError, box, boxes, content, table
from player.audio.decode.stream import header
from player.errors import AudioError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path
    from typing import BinaryIO

    from player.audio.aac_packets import Packets, Track
    from player.audio.decode.mp4_edits import Edits

#: How many packets before the first sample a decoder needs.
LEAD: Final = 1
_PIECE: Final = 1 << 20
# At so many places of a tape so many packets are looked at.
_LOOKED_AT: Final = 16
#: What a copy has outside of what other programs may add, and the box of tags.
_OWN: Final = (b"ftyp", b"moov", b"mdat")
_TAGS: Final = b"udta"
_OFFSET: Final = struct.Struct(">I")
_MOVED: Final = struct.Struct(">q")
# The tables of a day of sound would fit.
_MOST_IN_BOX: Final = 1 << 26


@dataclass(frozen=True)
class AacCopy:
    """The samples ``[first, last)`` of the AAC at ``path``: packets, whose first ``skip`` samples come before."""

    path: Path
    samples: tuple[int, int]
    track: Track
    packets: Packets
    skip: int

    @property
    def start(self) -> int:
        """Where the first of its packets lies in the file."""
        return min(start for start, _ in self.packets.pieces)

    @property
    def stop(self) -> int:
        """Where the last of them ends."""
        return max(stop for _, stop in self.packets.pieces)

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.track.rate

    @property
    def channels(self) -> int:
        """How many channels it has, as decoded: many programs state two of everything in a description."""
        return header(self.path).channels

    @property
    def before(self) -> int:
        """How many samples before the passage its packets hold."""
        return self.skip

    @property
    def after(self) -> int:
        """How many after it: the last packet has half of what the next one gives."""
        return (len(self.packets.sizes) + 1) * EACH - self.skip - (self.samples[1] - self.samples[0])

    def write(self, target: BinaryIO) -> None:
        """Write the copy: a head, and the packets as they are."""
        length = self.samples[1] - self.samples[0]
        target.write(
            aac_copy.head(self.track.config, self.track.channels, self.rate, self.packets.sizes, (self.skip, length))
        )
        with files.opened(self.path) as file:
            target.writelines(data_of(file, self.packets))

    def is_in(self, clip: Path) -> bool:
        """Tell whether ``clip`` ends with the file's packets, and decodes to the passage's samples."""
        with files.opened(self.path) as one, files.opened(clip) as other:
            other.seek(clip.stat().st_size - self.packets.length)
            if any(other.read(len(data)) != data for data in data_of(one, self.packets)):
                return False
        return aac_proof.is_proven(clip, self.path, *self.samples)

    def is_alike(self, clip: Path, again: Path) -> bool:
        """Tell whether two copies are the same but for their tags, and for where these move the packets."""
        with files.opened(clip) as one, files.opened(again) as other:
            try:
                begin, size, movie = _without_tags(one)
                begun, same_size, same_movie = _without_tags(other)
            except DamagedError:
                return False
            if size != same_size or movie != same_movie:
                return False
            one.seek(begin)
            other.seek(begun)
            return all(
                one.read(min(_PIECE, size - at)) == other.read(min(_PIECE, size - at)) for at in range(0, size, _PIECE)
            )


def find(path: Path, first: int, last: int) -> AacCopy:
    """Find the samples ``[first, last)`` of the AAC at ``path``.

    :raise NotCopiedError: where they cannot be copied.
    :raise AudioError: where the file cannot be read, or decoded to its end.
    """
    known, edits = chunks.chunks(path), mp4_edits.edits(path)
    try:
        with files.opened(path) as file:
            track = _track(file, edits)
            if track.rate != header(path).rate:
                raise NotCopiedError("its times do not count samples")
            begin = aac_packets.beginning(edits, track, known.length)
            head = max(0, (begin + first) // EACH - LEAD)
            tail = -(-(begin + last) // EACH)
            packets = aac_packets.read_packets(file, track, head, tail)
            found = AacCopy(path, (first, last), track, packets, begin + first - head * EACH)
            if found.packets.length > aac_copy.LARGEST // 2 or last - first + found.skip > aac_copy.LONGEST:
                raise NotCopiedError("it has more than 2 GB, or more samples than an M4A counts")
            # From its beginning on, such noise is what it is in the tape.
            if head and aac_noise.is_in(file, packets):
                raise NotCopiedError(aac_noise.WHY)
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    return found


def is_likely(path: Path) -> bool:
    """Tell at once whether copies of the AAC at ``path`` can be exact, as far as its tables and some packets tell.

    :raise AudioError: where the file cannot be read.
    """
    found: bool = cache.derived(path, "copied-1", lambda: {"is_likely": _is_likely(path)})["is_likely"]
    return found


def _is_likely(path: Path) -> bool:
    try:
        with files.opened(path) as file:
            edits = mp4_edits.edits(path)
            track = _track(file, edits)
            if edits is not None and edits.starts:
                aac_packets.beginning(edits, track, track.total)
            # Some in a row at many places: what a tape begins with may be silence.
            begins = {track.count * number // _LOOKED_AT for number in range(_LOOKED_AT)}
            some = (
                aac_packets.read_packets(file, track, begin, min(begin + _LOOKED_AT, track.count)) for begin in begins
            )
            return track.rate == header(path).rate and not any(aac_noise.is_in(file, each) for each in some)
    except NotCopiedError:
        return False
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None


def _track(file: FileIO, edits: Edits | None) -> Track:
    if edits is not None and edits.is_fragmented:
        raise NotCopiedError("its packets are in fragments")
    return aac_packets.read_track(file)


def data_of(file: FileIO, packets: Packets) -> Iterator[bytes]:
    """Give the bytes of packets, some at a time.

    :raise NotCopiedError: where the file ends before.
    """
    for start, stop in packets.pieces:
        file.seek(start)
        for at in range(start, stop, _PIECE):
            data = file.read(min(_PIECE, stop - at))
            if len(data) < min(_PIECE, stop - at):
                raise NotCopiedError("the file ends before its last packets")
            yield data


def _without_tags(file: FileIO) -> tuple[int, int, list[tuple[bytes, bytes]]]:
    """Give where packets begin and how many bytes they are, and what the head has beside tags and their places.

    :raise DamagedError: where it is no copy.
    """
    outside = list(boxes(file, 0, os.fstat(file.fileno()).st_size))
    places = {name: (start, end) for name, start, end in outside if name in _OWN}
    if len(places) < len(_OWN) or sum(name in _OWN for name, _, _ in outside) > len(_OWN):
        raise DamagedError
    begin, end = places[b"mdat"]
    listed = box(file, *places[b"moov"], b"trak", b"mdia", b"minf", b"stbl", b"stco")
    if listed is None:
        raise DamagedError
    _, count, at = table(file, *listed)
    offsets = _content(file, at, listed[1])
    if len(offsets) != count * _OFFSET.size:
        raise DamagedError
    moved = b"".join(_MOVED.pack(place - begin) for (place,) in _OFFSET.iter_unpack(offsets))
    own = [(b"ftyp", _content(file, *places[b"ftyp"]))]
    for name, start, stop in boxes(file, *places[b"moov"]):
        data = _content(file, start, stop) if name != _TAGS else b""
        if start <= at < stop:
            data = data[: at - start] + moved + data[listed[1] - start :]
        own += [(name, data)] if name != _TAGS else []
    return begin, end - begin, own


def _content(file: FileIO, start: int, end: int) -> bytes:
    if end - start > _MOST_IN_BOX:
        raise DamagedError
    return content(file, start, end, end - start)
