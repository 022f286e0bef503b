"""Finds the frames of an MP3 that a passage needs, and writes them, unchanged, into a file of their own.

Of the tape only the passage is read, and what its first frame refers back to; an index of the file says where. What the
new file holds beside the passage is counted: the tag only hides it, so whoever hands the file on has to know.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from player import files
from player.audio import mp3_copy
from player.audio.copied_sound import NotCopiedError
from player.audio.decode import mp3_frames
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from player.audio.decode.mp3 import Index

# Frames are read so many bytes at a time.
_PIECE: Final = 1 << 17


@value
class Passage:
    """Which frames of a file a passage needs: the bytes ``[start, stop)``, which are ``frames`` of one ``kind``.

    ``like`` is the header of the first, ``reservoir`` the bytes before that it refers to. Of the samples that the
    frames give, ``skip`` come before the passage of ``length``. The frames hold sound of ``before`` and ``after``
    samples outside the passage.
    """

    kind: mp3_frames.FrameKind
    start: int
    stop: int
    frames: int
    like: bytes
    reservoir: bytes
    skip: int
    length: int
    before: int
    after: int

    @property
    def trimmed(self) -> tuple[int, int]:
        """How many samples a decoder leaves out at the beginning, with the carrier's, and at the end."""
        each = self.kind.samples
        return each + self.skip, self.frames * each - self.skip - self.length


@value
class Part:
    """A passage of the MP3 at ``path`` that is written into a file, after ``silent`` frames without sound.

    The last of these is its carrier, so there is one at least.
    """

    path: Path
    passage: Passage
    silent: int = 1

    @property
    def frames(self) -> int:
        """How many frames are written for it."""
        return self.silent + self.passage.frames

    @property
    def size(self) -> int:
        """How many bytes they have."""
        return sum(map(len, self.before)) + self.passage.stop - self.passage.start

    @property
    def before(self) -> list[bytes]:
        """The frames without sound."""
        kind, like = self.passage.kind, self.passage.like
        carrier = mp3_copy.carrier(kind, like, self.passage.reservoir)
        return [mp3_copy.carrier(kind, like, b"")] * (self.silent - 1) + [carrier]


def find(path: Path, found: Index, first: int, last: int, *, is_last: bool = True) -> Passage:
    """Find the frames that the samples ``[first, last)`` of the MP3 at ``path`` need.

    Where they are not ``is_last`` in their file, frames without sound follow, and none of the tape has to.

    :raise NotCopiedError: where they cannot be had.
    :raise OSError: where the file cannot be read.
    """
    index = found.frames
    raw = index.raw(first), index.raw(last - 1) + 1
    if raw[1] - raw[0] != last - first:
        raise NotCopiedError("the file's header frame leaves out sound in its middle")
    each = index.samples
    if (raw[1] - 1) // each >= index.count:
        raise NotCopiedError("there are damaged frames in the passage or before it")
    if raw[0] // each == (raw[1] - 1) // each:
        # ffmpeg 5.1, and programs that use it, leave out nothing where both ends are in one frame.
        raise NotCopiedError("the passage lies within one frame")
    with files.opened(path) as file:
        kind = _kind(file, index)
        head = max(0, raw[0] // each - mp3_copy.lead(kind))
        tail = min((raw[1] - 1) // each + is_last, index.count - 1)
        start, like, reservoir = _head(file, index, kind, head)
        stop, reached = _tail(file, index, kind, tail)
    skip = raw[0] - head * each
    after = (reached + 1) * each + mp3_copy.OVERLAP - raw[1]
    return Passage(kind, start, stop, tail - head + 1, like, reservoir, skip, last - first, skip, after)


def write(path: Path, passage: Passage, target: BinaryIO) -> None:
    """Write the file of a passage of the MP3 at ``path`` to ``target``, as ``write_all`` does."""
    write_all([Part(path, passage)], target)


def write_all(parts: Sequence[Part], target: BinaryIO) -> None:
    """Write a file of passages of one kind, one after another, to ``target``, which can be written at any place.

    Its tag leaves out what is before the first and after the last.

    :raise NotCopiedError: where the frames are no more what they were when they were found.
    :raise OSError: where a file cannot be read or written.
    """
    begun, ended = parts[0].passage, parts[-1].passage
    head = mp3_copy.header_size(begun.kind, begun.like)
    count = sum(part.frames for part in parts)
    length = head + sum(part.size for part in parts)
    # Where each hundredth of the time begins, in bytes.
    wanted = [count * place // mp3_copy.PLACES for place in range(mp3_copy.PLACES)]
    places: list[int] = []
    checksum, bitrates, counted, at = 0, set(), 0, head
    target.write(bytes(head))
    for part in parts:
        for data, frames in _coded(part):
            checksum = mp3_copy.continued(checksum, data)
            target.write(data)
            for begin in frames:
                bitrates.add(data[begin + 2] >> 4)
                while len(places) < len(wanted) and wanted[len(places)] <= counted:
                    places.append(at + begin)
                counted += 1
            at += len(data)
    if counted != count or at != length:
        raise NotCopiedError("the frames of the passage do not follow on one another")
    target.seek(0)
    target.write(
        mp3_copy.header_frame(
            begun.kind,
            begun.like,
            trimmed=((parts[0].silent - 1) * begun.kind.samples + begun.trimmed[0], ended.trimmed[1]),
            frames=count,
            length=length,
            checksum=checksum,
            places=bytes(min(255, each * 256 // length) for each in places),
            is_constant=len(bitrates) == 1,
        )
    )


def _coded(part: Part) -> Iterator[tuple[bytes, list[int]]]:
    """Give the bytes that are written for a part, some whole frames at a time, and where in these each begins."""
    before = part.before
    yield b"".join(before), list(accumulate(map(len, before[:-1]), initial=0))
    with files.opened(part.path) as file:
        yield from _frames(file, part.passage.kind, part.passage.start, part.passage.stop)


def _kind(file: BinaryIO, index: mp3_frames.Frames) -> mp3_frames.FrameKind:
    file.seek(index.start)
    kind = mp3_frames.kind_of(file.read(mp3_frames.LONGEST).ljust(mp3_frames.LONGEST, b"\0"))
    if kind is None or (kind.rate, kind.samples) != (index.rate, index.samples):
        raise NotCopiedError("the file is no more what it was when its frames were found")
    return kind


def _head(file: BinaryIO, index: mp3_frames.Frames, kind: mp3_frames.FrameKind, head: int) -> tuple[int, bytes, bytes]:
    """Give where frame ``head`` begins, its header, and the bytes before it that it refers to."""
    stride = index.begin(head * index.samples)
    main = bytearray()
    start = index.offset(stride)
    for number, frame in enumerate(_walk(file, kind, start), stride * mp3_frames.STRIDE):
        if number == head:
            back = mp3_copy.main_data_begin(frame, kind)
            if back > len(main):
                raise NotCopiedError("its first frame refers back to bytes that the file does not have")
            return start, frame[:4], bytes(main[len(main) - back :])
        main += frame[kind.head + kind.side :]
        start += len(frame)
    raise NotCopiedError("the file is no more what it was when its frames were found")


def _tail(file: BinaryIO, index: mp3_frames.Frames, kind: mp3_frames.FrameKind, tail: int) -> tuple[int, int]:
    """Give where frame ``tail`` ends, and the last frame of which some main data is in it or in one before."""
    stride = min(tail // mp3_frames.STRIDE, len(index.strides))
    at = index.offset(stride)
    stop, reached, between = 0, tail, 0
    for number, frame in enumerate(_walk(file, kind, at), stride * mp3_frames.STRIDE):
        at += len(frame)
        if number == tail:
            stop = at
        elif number > tail:
            if mp3_copy.main_data_begin(frame, kind) > between:
                reached = number
            between += len(frame) - kind.head - kind.side
        if number == index.count - 1 or between >= mp3_copy.furthest(kind):
            break
    if not stop:
        raise NotCopiedError("the file is no more what it was when its frames were found")
    return stop, reached


def _walk(file: BinaryIO, kind: mp3_frames.FrameKind, start: int) -> Iterator[bytes]:
    """Give frame after frame from a place in the file on, as long as there are such."""
    file.seek(start)
    data, at = b"", 0
    while True:
        if len(data) - at < mp3_frames.LONGEST:
            data, at = data[at:] + file.read(mp3_frames.LONGEST * mp3_frames.STRIDE), 0
        size = kind.size_at(data, at)
        if not size or at + size > len(data):
            return
        yield data[at : at + size]
        at += size


def _frames(file: BinaryIO, kind: mp3_frames.FrameKind, start: int, stop: int) -> Iterator[tuple[bytes, list[int]]]:
    """Give the bytes ``[start, stop)``, some whole frames at a time, and where in these each begins."""
    file.seek(start)
    data = b""
    while start < stop and (read := file.read(min(_PIECE, stop - start))):
        start += len(read)
        data += read
        at, begins = 0, []
        while (size := kind.size_at(data, at)) and at + size <= len(data):
            begins.append(at)
            at += size
        yield data[:at], begins
        data = data[at:]
