"""Puts files into the folder of a copy: those that an earlier copy has as well are its own, with their times."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from player import files
from player.elsewhere import way_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.web.site.made import Plan

#: How the name of a sound ends while it is copied.
UNFINISHED: Final = ".part"
_PIECE: Final = 1 << 20


class Placed:
    """Puts files into a copy, and counts them: each name with its size, and the digest of what was made for it."""

    def __init__(self, plan: Plan) -> None:
        self._folder, self._links_sounds = str(plan.folder), plan.links_sounds
        self._before = str(plan.before) if plan.before else None
        self._there: set[str] = set()
        self._files: dict[str, tuple[int, str]] = {}

    def taken(self) -> dict[str, tuple[int, str]]:
        """Give what was put there since it was taken last."""
        taken, self._files = self._files, {}
        self._there.clear()  # of thousands of recordings, a process need not know all folders
        return taken

    def write(self, name: str, content: bytes) -> None:
        """Write a file, unless the copy before has the same: then it is that one, with its times."""
        target = self._place(name)
        before = f"{self._before}/{name}" if self._before else None
        if before is None or _content(before, len(content)) != content or not _link(before, target):
            with _anew(target) as file:
                file.write(content)
        self._files[name] = len(content), hashlib.sha256(content).hexdigest()

    def stream(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a large file, of which no more than a piece is in memory; one that is as it was keeps its times."""
        target = self._place(name)
        before = f"{self._before}/{name}" if self._before else None
        digest, size = hashlib.sha256(), 0
        with _anew(target) as written:
            for piece in pieces:
                digest.update(piece)
                size += written.write(piece)
        if before is not None and _is_alike(before, target):
            os.unlink(target)  # noqa: PTH108  # a Path for each of thousands takes as long again
            if not _link(before, target):
                shutil.copy2(before, target)
        self._files[name] = size, digest.hexdigest()

    def put(self, sound: Path, name: str) -> str:
        """Copy or link a sound, unless it is there already; give its name."""
        target = self._place(name)
        state = sound.stat()
        if os.path.exists(target):  # noqa: PTH110  # as above
            # By another recording, or by a worker that was ended before it told of it.
            self._files[name] = state.st_size, ""
            return name
        before = f"{self._before}/{name}" if self._before else None
        is_done = before is not None and _is_same(before, state) and _link(before, target)
        may_link = self._links_sounds and way_of(sound) is None  # what stands for a sound has none of its bytes
        if not (is_done or (may_link and _link(sound, target))):
            # Whole or not at all: whoever is to go on after a worker that was ended takes it for what is there.
            part = f"{target}.{os.urandom(8).hex()}{UNFINISHED}"
            with files.opened(sound) as source, _anew(part) as written:
                shutil.copyfileobj(source, written, _PIECE)
            os.utime(part, ns=(state.st_mtime_ns, state.st_mtime_ns))
            os.replace(part, target)  # noqa: PTH105  # as above
        self._files[name] = state.st_size, ""
        return name

    def _place(self, name: str) -> str:
        """Give the place of a file, in a folder that is there."""
        folder = name.rpartition("/")[0]
        if folder not in self._there:
            os.makedirs(f"{self._folder}/{folder}", exist_ok=True)  # noqa: PTH103  # likewise
            self._there.add(folder)
        return f"{self._folder}/{name}"


def _anew(target: str) -> BinaryIO:
    """Open a file to be written: what was there may be the earlier copy's own, and stays as it is."""
    with suppress(FileNotFoundError):
        os.unlink(target)  # noqa: PTH108  # as above
    return open(target, "xb")  # noqa: PTH123  # likewise


def _is_same(before: str, state: os.stat_result) -> bool:
    with suppress(OSError):
        there_is = os.lstat(before)
        return (there_is.st_size, there_is.st_mtime_ns) == (state.st_size, state.st_mtime_ns)
    return False


def _is_alike(before: str, target: str) -> bool:
    """Tell whether two files have the same bytes, of which few are in memory."""
    with suppress(OSError):
        if os.lstat(before).st_size == os.lstat(target).st_size:
            with files.opened(Path(before)) as one, files.opened(Path(target)) as other:
                pieces = iter(lambda: one.read(_PIECE), b"")
                return all(piece == other.read(len(piece)) for piece in pieces)
    return False


def _content(before: str, size: int) -> bytes | None:
    """Give what an earlier copy has in a file, if it can be the same."""
    with suppress(OSError):
        if os.lstat(before).st_size == size:
            return files.content(Path(before))
    return None


def _link(before: str | Path, target: str) -> bool:
    """Give the file another name, which keeps its times; tell whether the file system could."""
    with suppress(OSError):
        os.link(before, target, follow_symlinks=False)
        return True
    return False
