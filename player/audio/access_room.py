"""Keeps the cached access copies within a limit: those that were heard longest ago go first.

A copy, its sidecar and the label that says where the sound lies are one. The sidecar's time of access says when the
copy was last heard. Who is being sent a copy that goes has it open, and receives it to its end.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from player.audio import access
from player.errors import AudioError
from player.roots import cache_folder

_LABEL: Final = ".path"


@dataclass
class _Kept:
    """What belongs to one cached copy: its files, when it was last heard, and how many bytes it takes."""

    used: int = 0
    size: int = 0
    files: list[Path] = field(default_factory=list)

    @property
    def held(self) -> Path | None:
        """Where the sound lay that it was made from; None where nobody knows."""
        with contextlib.suppress(OSError, ValueError):
            for path in self.files:
                if path.suffix == _LABEL:
                    return Path(os.fsdecode(path.read_bytes()))
        return None

    def remove(self) -> None:
        """Remove it, the sidecar first: a copy without one is none."""
        for path in sorted(self.files, key=lambda path: path.suffix != ".json"):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def holds(copy: Path) -> bool:
    """Tell whether a copy is one of the cache; else it is the archive's own."""
    return copy.parent == _folder()


def use(copy: Path) -> None:
    """Record that a copy was heard now, if it is one of the cache: nothing is written into the archive."""
    sidecar = copy.with_suffix(".json")
    if not holds(copy):
        return
    with contextlib.suppress(OSError):
        os.utime(sidecar, ns=(time.time_ns(), sidecar.stat().st_mtime_ns))


def label(copy: Path, held: Path) -> None:
    """Write down where the sound lies that a copy was made from, so that it goes when that does."""
    with contextlib.suppress(OSError):
        copy.with_suffix(_LABEL).write_bytes(os.fsencode(os.path.realpath(held)))


def remove(copy: Path) -> None:
    """Remove a copy and what belongs to it."""
    for each in _kept():
        if copy in each.files:
            each.remove()


def sweep() -> None:
    """Remove the copies of sounds that were changed or removed.

    Where the folder of a sound is gone too, its disk may only be away.
    """
    for each in _kept():
        held = each.held
        if held is None or not os.path.isdir(held.parent):  # noqa: PTH112  # is_dir raises where it may not be entered
            continue
        # A sound that cannot be read at the moment may be the same.
        with contextlib.suppress(AudioError, OSError):
            copies = [path for path in each.files if path.suffix[1:] in access.KINDS]
            if not _is_there(held) or not any(access.is_kept(copy, held) for copy in copies):
                each.remove()


def make(most: int, *, but: Path | None = None) -> None:
    """Remove cached copies, ``but`` one, until no more than ``most`` bytes are left."""
    kept = _kept()
    left = sum(each.size for each in kept)
    for each in sorted(kept, key=lambda each: each.used):
        if left <= most:
            return
        if but not in each.files:
            each.remove()
            left -= each.size


def _is_there(path: Path) -> bool:
    """Tell whether there is a file.

    :raise OSError: where nobody knows.
    """
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


def _kept() -> list[_Kept]:
    """List the cached copies; what is being written is not among them."""
    found: dict[str, _Kept] = {}
    folder = _folder()
    paths: list[Path] = []
    with contextlib.suppress(OSError):
        paths = list(folder.iterdir()) if folder else []
    for path in paths:
        # One may go meanwhile: another server may share the cache.
        with contextlib.suppress(OSError):
            state = path.lstat()
            if stat.S_ISREG(state.st_mode) and not path.name.startswith("."):
                each = found.setdefault(path.stem, _Kept())
                each.files.append(path)
                each.size += state.st_size
                each.used = max(each.used, state.st_atime_ns if path.suffix == ".json" else 0)
    return list(found.values())


def _folder() -> Path | None:
    root = cache_folder()
    return None if root is None else root / access.CACHE_KIND
