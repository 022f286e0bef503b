"""Decodes a span of an MP3 from the bytes of its own frames alone, which an index of the file finds.

An index is trusted only after the ffmpeg that is here was tried on both ends of the file: its linear decode must begin
with the samples that the index leads to, and the file's last bytes must give those that are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

from player import files
from player.audio import cache, ffmpeg
from player.audio.decode import mp3_frames, stream
from player.errors import AudioError, unreadable
from player.timecode import SECOND
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

#: ffmpeg's name for what is decoded here.
CODEC: Final = "mp3"
# Bytes after the last stride of frames that are read with it: tags, a picture. No known recording has more.
_MOST_AFTER: Final = 1 << 24
# Bytes of samples that are held in memory until they are counted: a minute of one channel at 22 kHz, 24 s of two at 44.
_HELD: Final = 1 << 22
# Bytes that are passed on at a time: with 1 MB, as elsewhere, a clip takes 2 MB of memory more.
_PIECE: Final = 1 << 18
# How many samples at the beginning are compared.
_COMPARED: Final = 1 << 15


@value
class Index:
    """The frames of an MP3, and how many raw samples of each channel ffmpeg makes of the whole file."""

    frames: mp3_frames.Frames
    raw: int

    @property
    def length(self) -> int:
        """How many samples of each channel a linear decode gives."""
        return self.frames.length(self.raw)


_in_use: Final[WeakValueDictionary[tuple[Any, ...], Index]] = WeakValueDictionary()


def index(path: Path) -> Index | None:
    """Give the index of the MP3 at ``path``, from the cache if it is there; None where the file cannot be indexed.

    :raise AudioError: where the file cannot be read, or holds no sound.
    """
    kept = cache.derived(path, "frames-1", lambda: _index(path))
    return _shared(kept) if kept else None


def _shared(kept: dict[str, Any]) -> Index:
    """Give an index as it was kept: the one that is in use already, where there is one like it.

    That of ten hours takes 45 kB, and of so many clips as are made together each would have its own.
    """
    key = (kept["raw"], *(tuple(each) if isinstance(each, list) else each for each in kept["frames"].values()))
    found = _in_use.get(key)
    if found is None:
        found = _in_use[key] = Index(mp3_frames.unpack(kept["frames"]), kept["raw"])
    return found


def decode(path: Path, found: Index, first: int, last: int) -> bytes | None:
    """Decode the samples ``[first, last)``, which must exist; None where ffmpeg finds fewer in their frames.

    :raise AudioError: where the file cannot be read, or ffmpeg fails.
    """
    pieces = proven(path, found, first, last)
    return None if pieces is None else b"".join(pieces)


def proven(path: Path, found: Index, first: int, last: int) -> Iterator[bytes] | None:
    """Do as ``decode`` does, a piece at a time.

    What the frames give is counted before the first piece: for more samples than are held in memory by a decoding of
    its own, which takes a small part of the time that encoding them will take.

    :raise AudioError: where the file cannot be read, or ffmpeg fails.
    """
    raw = found.frames.raw(first), found.frames.raw(last - 1) + 1
    frame = 2 * found.frames.channels
    piece = max(1, _PIECE // frame) * frame
    begins, ends = ((each - raw[0]) * frame for each in found.frames.hole)
    pieces: Iterator[bytes]
    if (raw[1] - raw[0]) * frame <= _HELD:
        held = _raw(path, found, *raw, piece)
        if held is None:
            return None
        pieces = iter(held)
    else:
        place = place_of(path, found, *raw)
        if place is None or not _gives(path, found, place):
            return None
        pieces = _pieces(path, found, place, raw, piece)
    return _without(pieces, begins, ends) if 0 < begins < (raw[1] - raw[0]) * frame else pieces


def _index(path: Path) -> dict[str, Any]:
    """Index the file and try the index; an empty result is cached too, so that it is not tried again."""
    try:
        found = mp3_frames.read_frames(path)
        size = path.stat().st_size
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    if found is None or len(found.strides) < 2 or size - found.offset(len(found.strides)) > _MOST_AFTER:  # noqa: PLR2004  # a beginning and an end
        return {}
    header = stream.header(path)
    if (header.rate, header.channels, header.width) != (found.rate, found.channels, 2):
        return {}
    counted = _count(path, found, found.begin(found.count * found.samples))
    # A last frame that was cut short, or what looks like one in a tag, may give more; a refused one gives less.
    is_certain = counted == found.count * found.samples or (counted > found.count * found.samples <= found.hole[0])
    believed = Index(found, counted)
    if not is_certain or not _begins_alike(path, believed):
        return {}
    return {"frames": mp3_frames.pack(found), "raw": counted}


def _count(path: Path, found: mp3_frames.Frames, stride: int) -> int:
    """Count the raw samples to the file's end, those before a stride as the frames have them, then as ffmpeg does."""
    # However short its frames, a file of this size gives no more.
    most = path.stat().st_size // mp3_frames.SHORTEST * found.samples * 2 * found.channels
    with _decoding(path, found, stride, None) as running:
        count = running.skip(most)
    return stride * mp3_frames.STRIDE * found.samples + count // (2 * found.channels)


def _begins_alike(path: Path, believed: Index) -> bool:
    """Tell whether the linear decode begins with the samples that the index leads to."""
    count = min(_COMPARED, believed.length)
    with stream.linear(path) as read:
        return count > 0 and read(count * 2 * believed.frames.channels) == decode(path, believed, 0, count)


@value
class Place:
    """Strides of frames, from ``stride`` to before ``stop`` (None is the file's end), and the raw samples they give."""

    stride: int
    stop: int | None
    start: int
    end: int


def place_of(path: Path, found: Index, first: int, last: int) -> Place | None:
    """Find the frames to decode for raw samples to be exact; None where ffmpeg would take the first for a header.

    :raise AudioError: where the file cannot be read.
    """
    index = found.frames
    stride, stop = index.begin(first), index.end(last)
    try:
        with files.opened(path) as file:
            # A frame that looks like a file's header would be skipped if it came first.
            while file.seek(index.offset(stride)) and mp3_frames.is_header_like(file.read(mp3_frames.LONGEST)):
                if not stride:
                    return None
                stride -= 1
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    each = mp3_frames.STRIDE * index.samples
    return Place(stride, stop, stride * each, found.raw if stop is None else stop * each)


def _raw(path: Path, found: Index, first: int, last: int, piece: int) -> list[bytes] | None:
    place = place_of(path, found, first, last)
    if place is None:
        return None
    frame = 2 * found.frames.channels
    with _decoding(path, found.frames, place.stride, place.stop) as running:
        running.skip((first - place.start) * frame)
        samples = list(running.pieces((last - first) * frame, piece))
        after = running.skip((place.end - last) * frame + 1)
    if sum(map(len, samples)) < (last - first) * frame or after != (place.end - last) * frame:
        return None
    stream.warn_of_damage(path, last * SECOND // found.frames.rate, running.complaints)
    return samples


def _gives(path: Path, found: Index, place: Place) -> bool:
    """Tell whether ffmpeg makes of these frames as many samples as the index says."""
    size = (place.end - place.start) * 2 * found.frames.channels
    with _decoding(path, found.frames, place.stride, place.stop) as running:
        return running.skip(size + 1) == size


def _pieces(path: Path, found: Index, place: Place, raw: tuple[int, int], piece: int) -> Iterator[bytes]:
    frame = 2 * found.frames.channels
    with _decoding(path, found.frames, place.stride, place.stop) as running:
        running.skip((raw[0] - place.start) * frame)
        yield from running.pieces((raw[1] - raw[0]) * frame, piece)
        stream.warn_of_damage(path, raw[1] * SECOND // found.frames.rate, running.complaints)


def _without(pieces: Iterator[bytes], begins: int, ends: int) -> Iterator[bytes]:
    """Leave out the bytes from one to another."""
    at = 0
    for samples in pieces:
        yield samples[: max(0, begins - at)] + samples[max(0, ends - at) :]
        at += len(samples)


def _decoding(
    path: Path, found: mp3_frames.Frames, stride: int, stop: int | None
) -> AbstractContextManager[ffmpeg.Running]:
    """Start ffmpeg on the bytes from one stride to another, or to the file's end."""
    end = path.stat().st_size if stop is None else found.offset(stop)
    source = ffmpeg.from_part(path, CODEC, found.offset(stride), end)
    return ffmpeg.decoding(path, "-af", stream.HANDED, "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1", source=source)
