"""Removes from the cache whatever was derived from a sound: its outline, its digest, its indexes, its copies."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from player.roots import cache_folder

if TYPE_CHECKING:
    from pathlib import Path


def derived(sound: Path) -> list[Path]:
    """List the files of the cache that were derived from the sound at a path, whatever lay there at the time.

    Their names begin with the digest of that path.
    """
    name = hashlib.sha256(os.fsencode(os.path.realpath(sound))).hexdigest()
    return [each for kind in _entries(cache_folder()) for each in _entries(kind) if each.name.startswith(name)]


def _entries(folder: Path | None) -> list[Path]:
    try:
        return sorted(folder.iterdir()) if folder is not None and folder.is_dir() else []
    except OSError:
        return []


def remove(paths: list[Path]) -> list[tuple[Path, OSError]]:
    """Remove files, a sidecar before what it vouches for; give those that could not be removed, and why."""
    failed = []
    for path in sorted(paths, key=lambda path: path.suffix != ".json"):
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            failed.append((path, error))
    return failed
