"""Fetches a sound from an address that a person names, and goes on later where it was interrupted.

What has come lies in the cache, under a digest of the address, until the sound is added or a week has passed. What
comes after an interruption is added to it only where the server says that it is of the same file: the request is for a
range, with ``If-Range`` (RFC 9110, sections 13.1.5 and 14).
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import re
import time
import urllib.error
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from player.errors import AddError, printable, reason
from player.files import content
from player.intake.addresses import Answer, ask, noted, parsed
from player.intake.copying import refuse_full, write_all
from player.roots import cache_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module has no other way not to be there

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


#: The most bytes that are fetched: ten hours of two channels, with 24 bits and 48,000 samples a second, are as many.
MOST: Final = 10_500_000_000
_KIND: Final = "fetched-1"
_PIECE: Final = 1 << 18
# How often an interrupted request is made again before the person is told.
_ATTEMPTS: Final = 3
_KEPT: Final = 7 * 24 * 3600  # seconds
_RANGE: Final = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)")


@dataclass(frozen=True)
class Fetched:
    """What was fetched: the file, the ``name`` that its address ends in, and the ``address`` without its query."""

    path: Path
    name: str
    address: str


def fetched(address: str, progress: Callable[[str, float], object]) -> Fetched:
    """Fetch what is at an address, or the rest of it; what has come already is not asked for again.

    :raise AddError: where it cannot be had, is too large, or the address may not be asked.
    """
    shown = noted(address)
    part, told = _places(address)
    name = printable(unquote(Path(urlsplit(shown).path).name)) or parsed(address).hostname or "sound"
    with _locked(part, shown) as file:
        state = _read(told)
        for attempt in range(_ATTEMPTS):
            if state.get("is_whole") and os.fstat(file.fileno()).st_size == state.get("size"):
                return Fetched(part, name, shown)
            try:
                state = _more(address, shown, file, state, told, progress)
            # What a server sends may be anything, and what reads its headers refuses some of it as a wrong value.
            except (OSError, http.client.HTTPException, ValueError) as error:
                if attempt + 1 == _ATTEMPTS:
                    raise AddError(_broken_off(shown, error, os.fstat(file.fileno()).st_size)) from None
                state = _read(told)
    return Fetched(part, name, shown)


def forget(address: str) -> None:
    """Remove what was fetched from an address."""
    for path in _places(address):
        path.unlink(missing_ok=True)


def _more(
    address: str,
    shown: str,
    file: IO[bytes],
    state: dict[str, Any],
    told: Path,
    progress: Callable[[str, float], object],
) -> dict[str, Any]:
    """Ask for what has not come yet, and write it.

    :raise AddError: where the answer is a refusal, or the file is too large.
    :raise OSError, HTTPException: where it is broken off.
    """
    there = file.seek(0, os.SEEK_END)
    validator = state.get("validator")
    headers = {"User-Agent": "tape-player", "Accept": "audio/*, */*;q=0.5", "Accept-Encoding": "identity"}
    if there and validator:
        headers |= {"Range": f"bytes={there}-", "If-Range": str(validator)}
    with contextlib.closing(ask(address, shown, headers)) as answer:
        start, size = _extent(answer, there, shown)
        if size is not None and size > MOST:
            raise AddError(
                f"{shown}: the file has {size / 1e9:.1f} GB; the most that is fetched is {MOST / 1e9:.1f} GB"
            )
        file.seek(start)
        file.truncate()
        state = {"validator": _validator(answer), "size": size, "is_whole": False}
        told.write_text(json.dumps(state), encoding="utf-8")
        refuse_full(told.parent, (size or 0) - start)
        done = start
        while piece := answer.read(_PIECE):
            done += len(piece)
            if done > MOST:
                raise AddError(
                    f"{shown}: the file is larger than {MOST / 1e9:.1f} GB, which is the most that is fetched"
                )
            _written(file, piece, told.parent)
            progress(f"Fetching {urlsplit(shown).hostname}", done / size if size else 0.0)
    if size is not None and done != size:
        raise http.client.IncompleteRead(b"", size - done)
    state = {**state, "size": done, "is_whole": True}
    told.write_text(json.dumps(state), encoding="utf-8")
    return state


def _written(file: IO[bytes], piece: bytes, folder: Path) -> None:
    try:
        write_all(file.write, piece)
    except OSError as error:
        raise AddError(f"{folder}: what comes cannot be written ({reason(error)}); free some space") from None


def _extent(answer: Answer, there: int, shown: str) -> tuple[int, int | None]:
    """Give the byte at which an answer begins, and the size of the whole; None where it is not said.

    :raise AddError: where it is a refusal.
    """
    status = answer.status
    if status == http.HTTPStatus.PARTIAL_CONTENT:
        match = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if match is None or int(match[1]) != there:
            raise AddError(f"{shown}: the server sends another part than the one that is missing; try again later")
        return there, None if match[2] == "*" else int(match[2])
    if status != http.HTTPStatus.OK:
        why = f"{status} {printable(answer.reason)}".strip()
        raise AddError(f"{shown}: the server does not give it ({why}); check the address, and that it is open to all")
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if re.fullmatch(r"\d{1,15}", length) else None


def _validator(answer: Answer) -> str | None:
    """Give what says of a file on a server that it is the same: RFC 9110 lets a weak tag not be used in If-Range."""
    tag = answer.headers.get("ETag", "")
    found = tag if tag.startswith('"') else answer.headers.get("Last-Modified")
    return found if found and len(found) <= 200 and found.isprintable() else None  # noqa: PLR2004  # no tag has more


def _broken_off(shown: str, error: Exception, there: int) -> str:
    why = error.reason if isinstance(error, urllib.error.URLError) else error
    said = reason(why) if isinstance(why, OSError) else printable(str(why)) or "the connection ended"
    again = (
        f"; {there / 1e6:.1f} MB have come, and the same command goes on from there" if there else "; try again later"
    )
    return f"{shown}: it could not be fetched ({said}){again}"


def _places(address: str) -> tuple[Path, Path]:
    """Give where what comes from an address lies, and what is known of it.

    :raise AddError: where there is no cache.
    """
    root = cache_folder()
    if root is None:
        raise AddError("there is no folder to fetch to; set PLAYER_CACHE to one that can be written")
    name = hashlib.sha256(address.encode()).hexdigest()
    return root / _KIND / name, root / _KIND / f"{name}.json"


@contextlib.contextmanager
def _locked(part: Path, shown: str) -> Iterator[IO[bytes]]:
    """Open what has come so far, to be written by this process alone; what is older than a week is removed.

    :raise AddError: where another process fetches it, or the folder cannot be written.
    """
    try:
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in part.parent.iterdir():
            if time.time() - old.stat().st_mtime > _KEPT:
                old.unlink(missing_ok=True)
        file = open(part, "ab+", buffering=0)  # noqa: PTH123, SIM115  # closed below
    except OSError as error:
        raise AddError(f"{part.parent}: this cannot be written ({reason(error)}); set PLAYER_CACHE") from None
    with file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise AddError(f"{shown}: another command is fetching this; wait until it is done") from None
        yield file


def _read(told: Path) -> dict[str, Any]:
    """Read what is known of what has come."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(content(told))
        if isinstance(found, dict):
            return found
    return {}
