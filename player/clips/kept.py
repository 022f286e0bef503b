"""A recording and a passage into the file of its clip: cut once, kept for the next who asks, and let go in time.

Clips are kept under the player's cache, in ``clips``, in files named by everything that they depend on. A limit on
their bytes holds; those that were used longest ago go first. Each is cut in a folder of its own; where its maker is
killed, the next cut removes that. Where the cache cannot be written, a clip is cut in the system's temporary folder and
gone as soon as it is opened.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import stat
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.audio import cache, ffmpeg
from player.audio.formats import FORMATS
from player.clips.clip import make
from player.clips.cut import FADE, Cut
from player.clips.provenance import made_by
from player.errors import AudioError, ClipError, NotFoundError, PlayerError, shown
from player.files import sweep, unfinished_folder
from player.stamp import close_stamp, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.clip import Clip
    from player.timecode import Span

_log = logging.getLogger(__name__)

# Part of each name: another number where the same passage is to make another file.
_VERSION: Final = "clip-3"
# How many may wait for a clip that is being cut for another; each holds one of the server's threads meanwhile.
_WAITING: Final = 4
#: How many threads a clip that is being cut may hold.
PER_CUT: Final = 1 + _WAITING


class BusyError(PlayerError):
    """As many clips are being cut as may be."""

    status = 503


@dataclass(frozen=True)
class KeptClip:
    """The file of a clip; ``version`` is another text for other bytes, and the same when it is cut again."""

    path: Path
    version: str


class _Turn:
    """Those who want one clip at the same time: one cuts, the others wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted_by = 0


class KeptClips:
    """The clips that were cut, up to ``most`` bytes of them, and the ``at_once`` that may be cut at a time."""

    def __init__(self, most: int, at_once: int) -> None:
        self._most = most
        self._cutting = threading.BoundedSemaphore(at_once)
        self._turns: dict[str, _Turn] = {}
        self._turning = threading.Lock()
        self._shelf = threading.Lock()

    @contextlib.contextmanager
    def file(self, recording: Recording, span: Span, suffix: str, sources: Mapping[str, Source]) -> Iterator[KeptClip]:
        """Give a clip, its provenance in its tags. The file is there while the block runs; what is opened stays.

        :raise BusyError: where it would have to be cut, and enough others are.
        :raise ClipError: where it cannot be cut as asked.
        :raise AudioError: where the sound cannot be read, or the clip nowhere be written.
        """
        name = _name(recording, span, suffix)
        with contextlib.ExitStack() as held:
            path = self._find(held, name)
            if path is None:
                held.enter_context(self._turn(name))
                path = self._find(held, name)
            if path is None:
                cut = Cut((span,), suffix)
                made = self._cut(held, suffix, lambda target: make(recording, cut, target, sources, beside=False))
                held.enter_context(self._shelf)
                # The recording may have changed while it was read.
                path = self._keep(made, name) if name == _name(recording, span, suffix) else made
            yield KeptClip(path, Path(name).stem[:16])

    def _find(self, held: contextlib.ExitStack, name: str) -> Path | None:
        """Give the clip of that name where it is kept, and keep it there until ``held`` ends."""
        folder = _shelf()
        if folder is None:
            return None
        with contextlib.ExitStack() as holding:
            holding.enter_context(self._shelf)
            if _use(folder / name):
                held.push(holding.pop_all())
                return folder / name
        return None

    @contextlib.contextmanager
    def _turn(self, name: str) -> Iterator[None]:
        with self._turning:
            turn = self._turns.setdefault(name, _Turn())
            if turn.wanted_by > _WAITING:
                raise BusyError("this clip is being cut, and enough others wait for it; ask again in a few seconds")
            turn.wanted_by += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._turning:
                turn.wanted_by -= 1
                if not turn.wanted_by:
                    del self._turns[name]

    def _cut(self, held: contextlib.ExitStack, suffix: str, cut: Callable[[Path], Clip]) -> Path:
        if not self._cutting.acquire(blocking=False):
            raise BusyError("as many clips are being cut as this server cuts at a time; ask again in a few seconds")
        held.callback(self._cutting.release)
        for parent in _parents():
            sweep(parent)
            try:
                place = held.enter_context(unfinished_folder(parent))
            except OSError as error:
                _log.warning("%s: no clip can be cut there (%s)", shown(parent), error.strerror)
                continue
            try:
                return cut(place / f"clip{suffix}").path
            except (ClipError, OSError) as error:
                # What is wrong with the place is the server's business, and the rest the asker's.
                if isinstance(error, ClipError) and place.name not in str(error):
                    raise
                _log.warning("%s", error)
        told = "the server could not write the clip"
        raise AudioError(
            f"{told}; make room in its cache, or name another in PLAYER_CACHE",
            visitors="The server could not write the clip; ask again later.",
        )

    def _keep(self, made: Path, name: str) -> Path:
        """Give a clip its place among those that are kept; where it has none, it stays where it was made."""
        folder = _shelf()
        size = made.stat().st_size
        if folder is None or size > self._most:
            return made
        try:
            _make_room(folder, self._most - size)
            made.replace(folder / name)
        except OSError as error:
            _log.warning("%s: the clip cannot be kept (%s)", shown(folder), error.strerror)
            return made
        return folder / name


def _parents() -> Iterator[Path]:
    """Give the folders in which a clip may be cut, the better first."""
    folder = _shelf()
    if folder is not None:
        yield folder
    try:
        yield Path(tempfile.gettempdir())
    except OSError:
        _log.warning("there is no temporary folder that can be written; name one in TMPDIR")


def _shelf() -> Path | None:
    """Give the folder of the clips that are kept, and make it; None where there can be none."""
    root = cache.folder()
    if root is None:
        return None
    try:
        (root / "clips").mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return root / "clips"


def _name(recording: Recording, span: Span, suffix: str) -> str:
    """Give the name of a clip's file: another where the sound is, or what is written of it, or what makes the clip."""
    media = recording.media
    if media is None:
        raise NotFoundError(f"{recording.slug}: the archive does not hold its sound")
    about = sorted((*recording.folder.glob("*.*"), *recording.folder.parent.glob("*.toml")))
    parts = [
        *(_VERSION, made_by(), _encoder(), recording.slug, _state(media, is_sound=True), *map(_state, about)),
        *(span.start, span.end, FADE, repr(FORMATS[suffix])),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest() + suffix


def _encoder() -> list[str]:
    """Tell which ffmpeg there is: another makes other files."""
    try:
        path = Path(ffmpeg.executable())
        return [os.fsencode(path).hex(), stamp(path).text]
    except (AudioError, OSError):
        return []


def _state(path: Path, *, is_sound: bool = False) -> list[str]:
    name = os.fsencode(os.path.realpath(path)).hex()  # unlike Path.resolve, it reads a loop of links
    try:
        return [name, (close_stamp if is_sound else stamp)(path).text]
    except OSError:
        return [name]


def _use(kept: Path) -> bool:
    """Tell whether a clip is there, and stamp it as used now; when it was made is left."""
    try:
        state = kept.lstat()
    except OSError:
        return False
    if not stat.S_ISREG(state.st_mode):
        return False
    with contextlib.suppress(OSError):
        os.utime(kept, ns=(time.time_ns(), state.st_mtime_ns))
    return True


def _make_room(folder: Path, most: int) -> None:
    """Remove clips, the one used longest ago first, until no more than ``most`` bytes are left."""
    found = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            state = path.lstat()
            if stat.S_ISREG(state.st_mode):
                found.append((state.st_atime_ns, path, state.st_size))
    left = sum(size for _, _, size in found)
    for _, path, size in sorted(found):
        if left <= most:
            return
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
            left -= size
