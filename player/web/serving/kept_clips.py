"""Cuts a clip for visitors once, keeps its file for others who ask for the same, and removes it in time.

Clips are kept under the player's cache, in ``clips``, in files named by everything that they depend on, what may be
shown of the recording among it; the names begin with what stands for the recording, so that its clips can be found.
Whoever asks for a kept one has to ask first whether it may still be sent. Their bytes are
limited; those that were used longest ago go first. Each clip is cut in a folder of its own; if the process is killed,
the next cut removes the folder. Where the cache cannot be written, a clip is cut in the system's temporary folder and
removed as soon as it is opened.
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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg
from player.audio.formats import FORMATS
from player.clips.clip import make
from player.clips.defaults import COPY, FADE
from player.clips.provenance import made_by
from player.errors import AudioError, ClipError, NotFoundError, PlayerError, WriteError, reason, shown
from player.files import sweep, unfinished_folder
from player.roots import cache_folder
from player.stamp import close_stamp, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.clips.cut import Cut

_log = logging.getLogger(__name__)

# Part of each name: another number where the same passage is to make another file.
_VERSION: Final = "clip-4"
#: What the names begin with of files that are made of clips of many recordings.
OF_MANY: Final = "basket-"
# Letters of what stands for a recording in the names of files, and of a clip's version.
_LETTERS: Final = 16
# How many requests may wait for a clip that another has cut; each holds one of the server's threads meanwhile.
_WAITING: Final = 4
#: How many threads a clip that is being cut may hold.
PER_CUT: Final = 1 + _WAITING


class BusyError(PlayerError):
    """The server is cutting as many clips as it may."""

    status = 503


@dataclass(frozen=True)
class KeptClip:
    """The file of a clip; ``version`` differs for other bytes, and stays the same when the clip is cut again.

    ``is_copy`` says whether it has the recording's own frames.
    """

    path: Path
    version: str
    is_copy: bool = False


class _Wanted:
    """A clip that several visitors want at the same time: one request cuts it, the others wait."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.requests = 0


class KeptClips:
    """Clips that were cut, up to ``most`` bytes of them; at most ``at_once`` are cut at a time."""

    def __init__(self, most: int, at_once: int) -> None:
        self._most = most
        self._cutting = threading.BoundedSemaphore(at_once)
        self._wanted: dict[str, _Wanted] = {}
        self._wanted_lock = threading.Lock()
        self._folder_lock = threading.Lock()

    @contextlib.contextmanager
    def file(self, recording: Recording, cut: Cut, sources: Mapping[str, Source]) -> Iterator[KeptClip]:
        """Give a clip with its provenance in its tags. Its file exists while the block runs; opened, it can be read on.

        Where a copy is asked for and cannot be had, the clip is encoded, and kept as that.

        :raise BusyError: where it would have to be cut, and enough others are being cut.
        :raise ClipError: where it cannot be cut as asked.
        :raise AudioError: where the sound cannot be read, or the clip cannot be written anywhere.
        """
        with self.kept(
            lambda: names(recording, cut),
            cut.suffix,
            lambda target: make(recording, cut, target, sources, beside=False).not_copied is None,
        ) as (kept, is_first):
            yield replace(kept, is_copy=cut.is_copy and is_first)

    @contextlib.contextmanager
    def kept(
        self, names_now: Callable[[], list[str]], suffix: str, make: Callable[[Path], bool]
    ) -> Iterator[tuple[KeptClip, bool]]:
        """Give the file of one of these names, made where none is kept, and whether it has the first.

        What is made has the first name, or the last where ``make`` says that it is not what was asked for. Errors are
        those of ``file``.
        """
        wanted = names_now()
        with contextlib.ExitStack() as stack:
            found = self._find(stack, wanted)
            if found is None:
                stack.enter_context(self._only_one(wanted[0]))
                found = self._find(stack, wanted)
            if found is None:
                made, is_first = self._cut(stack, suffix, make)
                stack.enter_context(self._folder_lock)
                name = wanted[0 if is_first else -1]
                # A recording may have changed while it was read.
                found = self._keep(made, name) if wanted == names_now() else made, name
            path, name = found
            yield KeptClip(path, Path(name).stem.partition("-")[2][:_LETTERS]), name == wanted[0]

    def _find(self, stack: contextlib.ExitStack, names: Sequence[str]) -> tuple[Path, str] | None:
        """Give the clip of one of these names if it is kept, and let nobody remove it until ``stack`` ends."""
        folder = _folder()
        if folder is None:
            return None
        with contextlib.ExitStack() as locked:
            locked.enter_context(self._folder_lock)
            for name in names:
                if _use(folder / name):
                    stack.push(locked.pop_all())
                    return folder / name, name
        return None

    @contextlib.contextmanager
    def _only_one(self, name: str) -> Iterator[None]:
        """Let one request at a time cut the clip of that name."""
        with self._wanted_lock:
            wanted = self._wanted.setdefault(name, _Wanted())
            if wanted.requests > _WAITING:
                raise BusyError(
                    "this clip is being cut, and many others are waiting for it; try again in a few seconds"
                )
            wanted.requests += 1
        try:
            with wanted.lock:
                yield
        finally:
            with self._wanted_lock:
                wanted.requests -= 1
                if not wanted.requests:
                    del self._wanted[name]

    def _cut(self, stack: contextlib.ExitStack, suffix: str, cut: Callable[[Path], bool]) -> tuple[Path, bool]:
        if not self._cutting.acquire(blocking=False):
            raise BusyError("the server is cutting as many clips as it can; try again in a few seconds")
        stack.callback(self._cutting.release)
        for parent in _parents():
            sweep(parent)
            try:
                place = stack.enter_context(unfinished_folder(parent))
            except OSError as error:
                _log.warning("%s: clips cannot be cut there (%s)", shown(parent), reason(error))
                continue
            target = place / f"clip{suffix}"
            try:
                is_first = cut(target)
            except (ClipError, OSError) as error:
                # A fault of the place is the server's business; any other is the visitor's.
                if isinstance(error, ClipError) and place.name not in str(error):
                    raise
                _log.warning("%s", error)
            else:
                return target, is_first
        raise WriteError(
            "the server could not write the clip; free space in its cache, or name another folder in PLAYER_CACHE",
            visitors="The server could not write the clip; try again later.",
        )

    def _keep(self, made: Path, name: str) -> Path:
        """Move a clip into the folder of kept clips; where that is not possible, leave it where it was made."""
        folder = _folder()
        size = made.stat().st_size
        if folder is None or size > self._most:
            return made
        try:
            _make_room(folder, self._most - size)
            made.replace(folder / name)
        except OSError as error:
            _log.warning("%s: the clip cannot be kept (%s)", shown(folder), reason(error))
            return made
        return folder / name


def _parents() -> Iterator[Path]:
    """Give the folders in which a clip may be cut, the best first."""
    folder = _folder()
    if folder is not None:
        yield folder
    try:
        yield Path(tempfile.gettempdir())
    except OSError:
        _log.warning("no temporary folder can be written; name one in TMPDIR")


def _folder() -> Path | None:
    """Give the folder of the kept clips, made if it is missing; None where that is not possible."""
    root = cache_folder()
    if root is None:
        return None
    try:
        (root / "clips").mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return root / "clips"


def names(recording: Recording, cut: Cut) -> list[str]:
    """Name a clip's file so that the name differs for another sound, another record or another maker of clips.

    What is to be a copy has a name for one, and after that one for what is encoded in its place.
    """
    media = recording.media
    if media is None:
        raise NotFoundError(f"{recording.slug}: the archive does not hold its sound; name a recording that it holds")
    about = sorted((*recording.folder.glob("*.*"), *recording.folder.parent.glob("*.toml")))
    (span,), suffix = cut.spans, cut.suffix
    parts = [
        *(_VERSION, made_by(), _encoder(), recording.slug, _state(media, is_sound=True), *map(_state, about)),
        *(span.start, span.end, FADE, repr(FORMATS[suffix]), repr(recording.shown)),
    ]
    ways = ([COPY], [COPY, "encoded"]) if cut.is_copy else ([],)
    digests = [hashlib.sha256(json.dumps([*parts, *way]).encode()).hexdigest() for way in ways]
    return [f"{of(recording.folder)}-{digest}{suffix}" for digest in digests]


def of(folder: Path) -> str:
    """Give what the names of a recording's clips begin with; ``folder`` is that of its record."""
    return hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:_LETTERS]


def all_of(folder: Path) -> list[Path]:
    """List all clips that are kept of a recording; one that is removed while it is sent is sent to its end.

    Files of many recordings are among them, whichever these are: they are made again when they are asked for.
    """
    kept = _folder()
    names = (f"{of(folder)}-", OF_MANY)
    with contextlib.suppress(OSError):
        return [path for path in kept.iterdir() if path.name.startswith(names)] if kept else []
    return []


def _encoder() -> list[str]:
    """Identify the ffmpeg: another one makes other files."""
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
    """Tell whether a clip is there, and record that it was used now, without changing when it was made."""
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
