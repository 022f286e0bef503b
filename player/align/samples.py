"""Gives a sound as 16,000 samples a second of one channel, in a file of the cache that can be looked into anywhere.

Recognisers read 16-bit samples at this rate. Sample 0 is the first of the linear decode, which is time 0 of the page's
clock: ffmpeg has then left out what the encoder of an MP3 put before the sound, and several sounds are joined. Ten
hours take 1.15 GB, so the file goes when what was made of it is written.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import mmap
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache, ffmpeg, probe
from player.audio.decode import stream
from player.errors import AudioError, WriteError, reason, shown
from player.files import new_file
from player.roots import cache_folder
from player.timecode import SECOND

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module has no other way not to be there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from player.timecode import Span

#: Samples a second.
RATE: Final = 16_000

_KIND: Final = "samples-1"
_WIDTH: Final = 2
# After so many days nobody goes on with the work for which they were made.
_OLD: Final = 7
# What has to stay free beside the samples, for what is kept of the work.
_SPARE: Final = 50_000_000


@dataclass(frozen=True)
class Samples:
    """Samples of the sound at ``sound``: ``length`` of them from ``first`` on, in the file at ``path``.

    The file holds those of the whole sound, 16-bit little-endian; ``digest`` is the SHA-256 of the sound.
    """

    sound: Path
    digest: str
    path: Path
    length: int
    first: int = 0

    @property
    def duration(self) -> int:
        """How long they last, in milliseconds."""
        return self.length * SECOND // RATE

    def within(self, part: Span) -> Samples:
        """Give those of a passage, counted from its beginning on."""
        first = min(self.length, part.start * RATE // SECOND)
        last = min(self.length, part.end * RATE // SECOND)
        return replace(self, first=self.first + first, length=last - first)

    def open(self) -> Any:
        """Give them as a ``numpy`` array of ``int16`` that cannot be written; only what is looked at is read.

        :raise AudioError: where they are gone.
        """
        return self.mapped()[0]

    def mapped(self) -> tuple[Any, Callable[[], object]]:
        """Give them so, and a function that gives back the memory of what was looked at; it is read again if need be.

        :raise AudioError: where they are gone.
        """
        import numpy as np  # noqa: PLC0415  # an extra

        try:
            with files.opened(self.path) as file:
                held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            found = np.frombuffer(held, "<i2", self.length, self.first * _WIDTH)
        except (OSError, ValueError):
            raise AudioError(f"{shown(self.path)}: the samples of the sound are gone; try again") from None
        advice = getattr(mmap, "MADV_DONTNEED", None)  # not on Windows
        return found, (lambda: None) if advice is None else partial(held.madvise, advice)


@contextlib.contextmanager
def samples(sound: Path, progress: Callable[[float], object] = lambda _: None) -> Iterator[Samples]:
    """Give the samples of the sound at ``sound``: decoded now, or kept since a run that was ended before its time.

    They stay in the cache until ``forget``; where that cannot be written, they are in a temporary folder, and go with
    the block. ``progress`` is told how much is decoded, from 0 to 1.

    :raise AudioError: where the sound cannot be decoded, or has no samples.
    :raise WriteError: where there is no room.
    """
    with contextlib.ExitStack() as stack:
        place = _place(sound)
        folder = place.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_tried(folder))
        except OSError:
            folder = Path(stack.enter_context(_temporary(sound)))
            place = folder / place.name
        found = probe.probe(sound)
        length = math.ceil(found.length * RATE / found.rate)
        if not length:
            raise AudioError(f"{shown(sound)}: the file contains no sound; replace it with a sound file that plays")
        digest = cache.digest(sound)
        if not _is_whole(place, length):
            _remove(folder.glob(f"{_name(sound)}-*.s16"))
            _remove(older(folder.glob("*.s16"), _OLD))
            _refuse_full(sound, folder, length * _WIDTH)
            _write(sound, place, length, progress)
        stack.enter_context(_held(place))
        yield Samples(sound, digest, place, length)


def forget(sound: Path) -> None:
    """Remove the samples of the sound at ``sound`` from the cache, and old ones, but for what a process works on."""
    if (root := cache_folder()) is not None:
        _remove((root / _KIND).glob(f"{_name(sound)}-*.s16"))
        _remove(older((root / _KIND).glob("*.s16"), _OLD))


def older(paths: Iterable[Path], days: int) -> list[Path]:
    """Give those files that were written more than so many days ago."""
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > days * 24 * 3600:
                found.append(path)
    return found


def _place(sound: Path) -> Path:
    """Give the place in the cache, by which what was derived from a sound is found when that is removed."""
    root = cache_folder() or Path(tempfile.gettempdir())
    return root / _KIND / f"{_name(sound)}-{cache.stamp_of(sound).text}.s16"


def _name(sound: Path) -> str:
    return hashlib.sha256(os.fsencode(os.path.realpath(sound))).hexdigest()


@contextlib.contextmanager
def _tried(folder: Path) -> Iterator[None]:
    """Try whether a folder can be written.

    :raise OSError: where it cannot.
    """
    handle, name = tempfile.mkstemp(dir=folder, prefix=".tape-player-")
    os.close(handle)
    Path(name).unlink()
    yield


def _temporary(sound: Path) -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="tape-player-")
    except OSError as error:
        raise WriteError(
            f"{shown(sound)}: there is no folder for its samples ({reason(error)}); "
            "set PLAYER_CACHE to one that can be written"
        ) from None


@contextlib.contextmanager
def _held(place: Path) -> Iterator[None]:
    """Hold a file that is worked on, so that no other process removes it when it has done its own work."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            file = stack.enter_context(files.opened(place))
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield


def _is_whole(place: Path, length: int) -> bool:
    try:
        return place.stat().st_size == length * _WIDTH
    except OSError:
        return False


def _remove(paths: Iterable[Path]) -> None:
    for each in list(paths):
        with contextlib.suppress(OSError), files.opened(each) as file:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            each.unlink(missing_ok=True)


def _refuse_full(sound: Path, folder: Path, size: int) -> None:
    """Refuse to begin what cannot end.

    :raise WriteError: where the disk has too little room.
    """
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return
    if free < size + _SPARE:
        raise WriteError(
            f"{shown(sound)}: its samples take {math.ceil((size + _SPARE) / 1e6)} MB for as long as it is worked on, "
            f"and the disk of {shown(folder)} has {free // 1_000_000} MB free; "
            "set PLAYER_CACHE to a folder with more room"
        )


def _write(sound: Path, place: Path, length: int, progress: Callable[[float], object]) -> None:
    """Decode the sound, and put its samples in place once all of them are there.

    ffmpeg's resampler begins with the first sample and hands on what its filter still holds at the end; so the length
    is that of the sound, and is only made even to the sample here.
    """
    seen = cache.stamp_of(sound)
    header = stream.header(sound)
    count = header.channels
    # By its own channels, whatever they are called: as 2.1 the third would be left out.
    mixed = f"pan=mono|c0={'+'.join(f'{1 / count:.9f}*c{number}' for number in range(count))}"
    sound_in = ("-f", header.format, "-ar", str(header.rate), "-ac", str(count), "-i", "pipe:0")
    try:
        with new_file(place, force=True) as beside:
            with stream.linear(sound) as read:
                pieces = _pieces(read, header, length, progress)
                sound_out = ("-af", f"{mixed},aresample={RATE}", "-c:a", "pcm_s16le", "-f", "s16le", "-y")
                ffmpeg.encode(pieces, (*sound_in, *sound_out, f"file:{beside}"))
            os.truncate(beside, length * _WIDTH)
    except OSError as error:
        raise WriteError(
            f"{shown(sound)}: its samples cannot be written to {shown(place.parent)} ({reason(error)}); "
            "set PLAYER_CACHE to a folder with room"
        ) from None
    except WriteError as error:
        # ffmpeg names no file.
        raise WriteError(f"{shown(sound)}: its samples cannot be written to {shown(place.parent)}: {error}") from None
    if cache.stamp_of(sound) != seen:
        place.unlink(missing_ok=True)
        raise AudioError(f"{shown(sound)}: the file was changed while it was read; try again")


def _pieces(
    read: Callable[[int], bytes], header: stream.Header, length: int, progress: Callable[[float], object]
) -> Iterator[bytes]:
    whole = length * header.rate / RATE * header.frame
    taken = 0
    while piece := read(header.piece):
        taken += len(piece)
        yield piece
        progress(min(1.0, taken / whole))
