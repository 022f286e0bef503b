"""Finds the access copy of a sound: what browsers play where the sound that is held is not exact in them.

An archive may ship one, ``media/access/<slug>.m4a`` or ``.flac``, with a sidecar ``<slug>.json`` that names the
SHA-256 of the copy and of the sound that it was made from. Otherwise one is made into the cache, keyed by the path and
the stamp of the sound. Clips are always cut from what is held.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import cache, exact
from player.audio.access_make import KINDS, VERSION, Made, make, sidecar_of
from player.errors import AudioError, WriteError, reason, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["KINDS", "Copy", "Made", "cached", "fault", "make", "make_cached", "needed", "of", "place", "shipped"]

#: Where the copies lie in ``media``, and where in the cache: the number is that of how they are made.
FOLDER: Final = "access"
CACHE_KIND: Final = "access-1"

# Bytes of a file whose digest is worth waiting for: a fifth of a second.
_SMALL: Final = 64 << 20
_LARGEST_SIDECAR: Final = 1 << 16
# One copy at a time: each keeps two processors busy.
_making = threading.Lock()


@dataclass(frozen=True)
class Copy:
    """An access copy at ``path``: its ``kind`` (``"m4a"`` or ``"flac"``) and the SHA-256 of what it was made from."""

    path: Path
    kind: str
    made_from: str

    @property
    def type(self) -> str:
        """Its MIME type with its codec, as ``<source type>`` has it."""
        return KINDS[self.kind]

    @property
    def mimetype(self) -> str:
        """Its MIME type."""
        return self.type.partition(";")[0]


class _UnusableError(Exception):
    """A copy is not to be played: what is wrong with it, as a sentence without an end."""

    def __init__(self, path: Path, what: str) -> None:
        self.path = path
        self.what = what
        super().__init__(what)


def needed(path: Path) -> str | None:
    """Say why browsers need a copy of the sound at ``path``, as a part of a sentence; None where they play it exactly.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    return exact.inexact(path)


def place(media_folder: Path, slug: str, kind: str) -> Path:
    """Give the place of a recording's copy in an archive."""
    return media_folder / FOLDER / f"{slug}.{kind}"


def shipped(media_folder: Path, slug: str, held: Path) -> Copy | None:
    """Give the copy that an archive ships of the sound at ``held``; None where it has none that is right.

    Nor where a file is so large that its digest, not yet cached, would be waited for: ``fault`` computes it.

    :raise AudioError: where ``held`` cannot be read.
    """
    try:
        return _judged(media_folder, slug, held, _quick_digest)
    except _UnusableError:
        return None


def fault(media_folder: Path, slug: str, held: Path) -> tuple[Path, str] | None:
    """Say which file is in the way of the copy that an archive ships, and what is wrong with it; None where nothing is.

    Nothing is wrong either where there is no copy. Digests are computed, however large the files are.

    :raise AudioError: where ``held`` cannot be read.
    """
    try:
        _judged(media_folder, slug, held, cache.digest)
    except _UnusableError as error:
        return error.path, error.what
    return None


def cached(held: Path) -> Copy | None:
    """Give the copy of the sound at ``held`` that is in the cache; None where none is complete.

    :raise AudioError: where ``held`` cannot be read.
    """
    for kind in KINDS:
        place = _place(held, kind)
        if place is None:
            return None
        with contextlib.suppress(_UnusableError, OSError):
            told = _told(sidecar_of(place))
            if told.name == place.name and place.stat().st_size == told.size:
                return Copy(place, told.kind, told.made_from)
    return None


def make_cached(held: Path, progress: Callable[[float], object] | None = None) -> Copy:
    """Make a copy of the sound at ``held`` into the cache, unless it is there; those of what was there before go.

    :raise AudioError: where the sound cannot be read or decoded to its end.
    :raise WriteError: where the copy cannot be written, or does not have the sound's times.
    """
    with _making:
        if (there := cached(held)) is not None:
            return there
        place = _place(held, "m4a")
        if place is None:
            raise WriteError("the cache: there is no home folder; set PLAYER_CACHE to a folder that can be written")
        make(held, place, progress=progress, force=True)
        found = cached(held)
        if found is None:
            raise AudioError(f"{shown(held)}: the file changed while it was copied; try again")
        for old in _of_same_path(place):
            old.unlink(missing_ok=True)
        return found


def of(media_folder: Path, slug: str, held: Path) -> list[Copy]:
    """List the copies of the sound at ``held`` that can be played now, the best first; nothing is decoded for it."""
    found: list[Copy | None] = []
    with contextlib.suppress(AudioError):
        found.append(shipped(media_folder, slug, held))
    with contextlib.suppress(AudioError):
        found.append(cached(held) if needed(held) else None)
    return [copy for copy in found if copy is not None]


@dataclass(frozen=True)
class _Told:
    """What a sidecar says."""

    name: str
    kind: str
    size: int
    sha256: str
    made_from: str


def _judged(media_folder: Path, slug: str, held: Path, digest: Callable[[Path], str | None]) -> Copy | None:
    """Give the copy that an archive ships; None where there is none, or a digest that it needs is not known.

    :raise _UnusableError: where it is not right.
    """
    places = {place(media_folder, slug, kind).name: place(media_folder, slug, kind) for kind in KINDS}
    there = [each for each in places.values() if os.path.lexists(each)]
    sidecar = place(media_folder, slug, "json")
    if not os.path.lexists(sidecar):
        if there:
            raise _UnusableError(there[0], f"nothing says what it was made from: {sidecar.name} is not beside it")
        return None
    told = _told(sidecar)
    path = places.get(told.name)
    if path is None:
        raise _UnusableError(sidecar, f"it is not about a copy of this recording, but about {told.name}")
    if told.made_from != (known := digest(held)):
        if known is None:
            return None
        raise _UnusableError(path, f"it was made from another sound than {held.name} is now")
    return Copy(path, told.kind, told.made_from) if _is_intact(path, told, digest) else None


def _is_intact(path: Path, told: _Told, digest: Callable[[Path], str | None]) -> bool:
    """Tell whether a copy is known to be as it was made: not where its digest is needed and not known.

    :raise _UnusableError: where it is known not to be.
    """
    try:
        size = path.stat().st_size
        known = digest(path) if size == told.size else ""
    except FileNotFoundError:
        raise _UnusableError(path, "it is not there, though its sidecar is") from None
    except OSError as error:
        raise _UnusableError(path, f"it cannot be read ({reason(error)})") from None
    except AudioError as error:
        raise _UnusableError(path, str(error).partition("; ")[0]) from None
    if size < told.size:
        raise _UnusableError(path, f"it was cut short: {size:,} of {told.size:,} bytes are there")
    if known not in {None, told.sha256}:
        raise _UnusableError(path, "it was changed since it was made: its SHA-256 is not the one in its sidecar")
    return known is not None


def _told(sidecar: Path) -> _Told:
    """Read a sidecar.

    :raise _UnusableError: where it cannot be read, or is not one.
    """
    try:
        with files.opened(sidecar) as file:
            content = file.read(_LARGEST_SIDECAR)
        told: Any = json.loads(content)
        copy, made_from = told["copy"], told["made_from"]
        kind = str(copy["name"]).rpartition(".")[2]
        found = _Told(copy["name"], kind, copy["bytes"], copy["sha256"], made_from["sha256"])
        is_one = told["version"] == VERSION and kind in KINDS and isinstance(found.size, int)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        is_one = False
    if not is_one:
        raise _UnusableError(sidecar, "it cannot be read as what says what a copy was made from")
    return found


def _quick_digest(path: Path) -> str | None:
    with contextlib.suppress(OSError):
        return cache.digest(path) if path.stat().st_size <= _SMALL else cache.kept_digest(path)
    return None


def _place(held: Path, kind: str) -> Path | None:
    """Give the place in the cache of a copy of the file at ``held``, as it is now; None where there is no cache."""
    root = cache.folder()
    if root is None:
        return None
    real = Path(os.path.realpath(held))
    return root / CACHE_KIND / f"{_named_after(real)}-{cache.stamp_of(real).text}.{kind}"


def _named_after(real: Path) -> str:
    return hashlib.sha256(os.fsencode(real)).hexdigest()


def _of_same_path(place: Path) -> Iterator[Path]:
    """Find the copies in the cache that were made of what was at the same path before, and their sidecars."""
    path = place.name.partition("-")[0]
    with contextlib.suppress(OSError):
        for each in list(place.parent.iterdir()):
            if each.name.partition("-")[0] == path and each.stem != place.stem:
                yield each
