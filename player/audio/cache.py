"""Derives values from files once, and caches each until its file changes.

Values are what JSON can hold. They lie under ``PLAYER_CACHE`` (by default ``tape-player`` in the user's cache folder,
as the XDG Base Directory Specification 0.8 places it), one small file each, never beside the media, keyed by the path
and the stamp of the file that they come from. Where the folder cannot be written the program goes on without it, keeps
values in memory for as long as it runs, and says so once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.elsewhere import beside
from player.errors import AudioError, reason, unreadable
from player.files import new_file
from player.roots import cache_folder
from player.stamp import Stamp, close_stamp

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT_IN_MEMORY: Final = 512
# Bytes of a file whose digest is worth waiting for: a fifth of a second.
_SMALL: Final = 64 << 20
# In seconds: what took _LONG to fail is not tried again for _LET_BE. The last minute of ten hours may be damaged, and
# each look at the page would decode them again.
_LONG: Final = 5
_LET_BE: Final = 600
_SHA_256: Final = "sha256-1"


@dataclass
class _Wanted:
    """A value that several threads want at the same time: the first derives it, the others wait for the outcome."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: bool = False
    value: Any = None
    failure: AudioError | None = None


_lock = threading.Lock()
_memory: OrderedDict[tuple[object, ...], Any] = OrderedDict()
_deriving: dict[tuple[object, ...], _Wanted] = {}
_failed: dict[tuple[object, ...], tuple[float, AudioError]] = {}
_reported: set[Path | None] = set()


def derived(path: Path, kind: str, derive: Callable[[], Any]) -> Any:
    """Give the value that ``derive`` makes of the file at ``path``, from the cache if the file has not changed since.

    ``kind`` names what is derived and the version of how, such as ``"peaks-1-1000"``: letters, digits and hyphens.

    :raise AudioError: where the file cannot be read; and whatever ``derive`` raises, which is kept for ten minutes
        where it took long.
    """
    path = Path(os.path.realpath(path))
    seen = stamp_of(path)
    root = cache_folder()
    key = (root, path, kind, seen)
    if (value := _remembered(key)) is not None:
        return value
    if (failure := _failed_lately(key)) is not None:
        raise failure
    with _lock:
        wanted = _deriving.setdefault(key, _Wanted())
    with wanted.lock:
        if not wanted.is_over:
            begun = time.monotonic()
            try:
                wanted.value = _keep(root, path, kind, seen, derive)
            except AudioError as error:
                wanted.failure = error
                if time.monotonic() - begun >= _LONG:
                    with _lock:
                        _failed[key] = time.monotonic(), error
            finally:
                # Whoever asks from now on starts afresh: the value is in memory, or may be another.
                with _lock:
                    _deriving.pop(key, None)
            wanted.is_over = True
    if wanted.failure is not None:
        raise wanted.failure
    return wanted.value


def kept(path: Path, kind: str) -> Any:
    """Give the value that ``derived`` has cached for the file at ``path``; None, at once, where there is none.

    :raise AudioError: where the file cannot be read.
    """
    path = Path(os.path.realpath(path))
    seen = stamp_of(path)
    root = cache_folder()
    key = (root, path, kind, seen)
    if (value := _remembered(key)) is not None or root is None:
        return value
    found = _read(_place(root, path, kind), _label(path, seen))
    return None if found is None else _remember(key, found)


def remembered(path: Path, seen: Stamp) -> dict[str, Any]:
    """Give what this process has lately derived from the file at ``path`` while it had a stamp, by kinds."""
    path = Path(os.path.realpath(path))
    root = cache_folder()
    with _lock:
        return {str(key[2]): value for key, value in _memory.items() if (key[0], key[1], key[3]) == (root, path, seen)}


def keep(path: Path, kind: str, value: Any, seen: Stamp) -> bool:
    """Cache what another process derived from the file at ``path``, which that saw with this stamp; tell whether.

    It is not kept where the file is another now, or may be. A stamp's time of change is the machine's own, and where a
    file stands for a sound elsewhere, so is the file.

    :raise AudioError: where the file cannot be read.
    """
    path = Path(os.path.realpath(path))
    now = stamp_of(path)
    if now.lasting != seen.lasting or not now.is_settled:
        return False
    root = cache_folder()
    place = None if root is None else _place(root, path, kind)
    _write(root, place, {**_label(path, now), "value": value})
    _remember((root, path, kind, now), value)
    return True


def keep_digest(path: Path, sha256: str, seen: Stamp) -> bool:
    """Cache the digest of the file at ``path``, as ``keep`` does.

    :raise AudioError: where the file cannot be read.
    """
    return keep(path, _SHA_256, sha256, seen)


def sweep() -> None:
    """Remove from the cache what killed processes left unfinished."""
    root = cache_folder()
    if root is None:
        return
    try:
        kinds = [kind for kind in root.iterdir() if kind.is_dir()]
    except OSError:
        return
    for kind in kinds:
        files.sweep(kind)


def digest(path: Path) -> str:
    """Give the SHA-256 of the file at ``path``, in hexadecimal.

    :raise AudioError: where the file cannot be read.
    """
    return str(derived(path, _SHA_256, lambda: _digest(path)))


def kept_digest(path: Path) -> str | None:
    """Give at once what ``digest`` has cached; None where the file would have to be read.

    :raise AudioError: where the file cannot be read.
    """
    found = kept(path, _SHA_256)
    return None if found is None else str(found)


def quick_digest(path: Path) -> str | None:
    """Give at once what ``digest`` gives; None where it is not cached and the file is large, or is not there.

    :raise AudioError: where the file cannot be read.
    """
    with contextlib.suppress(OSError):
        return digest(path) if path.stat().st_size <= _SMALL else kept_digest(path)
    return None


def stamp_of(path: Path) -> Stamp:
    """Stamp the file at ``path`` as a sound.

    :raise AudioError: where it cannot be read.
    """
    try:
        return close_stamp(path)
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None


def _digest(path: Path) -> str:
    try:
        with files.opened(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None


def _keep(root: Path | None, path: Path, kind: str, seen: Stamp, derive: Callable[[], Any]) -> Any:
    key = (root, path, kind, seen)
    place = None if root is None else _place(root, path, kind)
    label = _label(path, seen)
    # Another thread may have derived it between the look above and the lock.
    if (known := _remembered(key)) is not None:
        return known
    if place is not None and (found := _read(place, label)) is not None:
        return _remember(key, found)
    found = beside(path, kind)
    value = derive() if found is None else found
    if stamp_of(path) != seen or not seen.is_settled:
        return value
    _write(root, place, {**label, "value": value})
    return _remember(key, value)


def _place(root: Path, path: Path, kind: str) -> Path:
    return root / kind / f"{hashlib.sha256(os.fsencode(path)).hexdigest()}.json"


def _label(path: Path, seen: Stamp) -> dict[str, Any]:
    where = os.fsdecode(path).encode(errors="replace").decode()
    return {
        "path": where,
        "size": seen.size,
        "mtime_ns": seen.modified,
        "ctime_ns": seen.changed,
        "parts_sha256": seen.parts,
    }


def _failed_lately(key: tuple[object, ...]) -> AudioError | None:
    """Give the failure to derive the value, if it took long and was not long ago."""
    now = time.monotonic()
    with _lock:
        for each in [each for each, (moment, _) in _failed.items() if now - moment >= _LET_BE]:
            del _failed[each]
        return _failed[key][1] if key in _failed else None


def _remembered(key: tuple[object, ...]) -> Any:
    with _lock:
        return _memory.get(key)


def _remember(key: tuple[object, ...], value: Any) -> Any:
    with _lock:
        _memory[key] = value
        if len(_memory) > _KEPT_IN_MEMORY:
            _memory.popitem(last=False)
    return value


def _read(place: Path, label: dict[str, Any]) -> Any:
    """Read the value at ``place``; None where there is none, or it is of another file, or it is damaged."""
    try:
        entry = json.loads(files.content(place))
        if {name: entry[name] for name in label} == label:
            return entry["value"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return None


def _write(root: Path | None, place: Path | None, entry: dict[str, Any]) -> None:
    try:
        if place is None:
            raise FileNotFoundError(2, "there is no home folder")
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_fifo():
            place.unlink()  # what lies in the cache is the program's own, and this is no entry
        with new_file(place, force=True) as beside:
            beside.write_text(json.dumps(entry), encoding="utf-8")
    except OSError as error:
        if root not in _reported:
            import logging  # noqa: PLC0415  # 2 ms, for what hardly ever is to be said

            _reported.add(root)
            logging.getLogger(__name__).warning(
                "%s: what was derived from the sound cannot be cached (%s) and will be derived again; "
                "set PLAYER_CACHE to a folder that can be written",
                "the cache" if root is None else root,
                reason(error),
            )
