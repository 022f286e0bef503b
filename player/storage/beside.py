"""Keeps what was derived from a sound in object storage beside it, so that one server finds it and all others read it.

``tape.flac`` has ``tape.flac.player.json`` beside it: its outline, its digest, the index of its frames, and which
access copies lie there too. It is believed only where it is of this very object (its address, size and entity tag),
and was written by who has the same secret, ``PLAYER_BESIDE_KEY``: a digest that anybody may write would vouch for any
sound.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from player.storage.faults import ChangedError, MissingError, RefusedError, StorageError
from player.storage.looks import Look
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from player.storage.addresses import Address

#: The secret that all servers of an archive share.
KEY: Final = "PLAYER_BESIDE_KEY"
#: How to have one.
MAKING: Final = "make one: openssl rand -hex 32"
_SUFFIX: Final = ".player.json"
_SHORTEST: Final = 32  # characters of a secret: 16 random bytes in hexadecimal
# Ten hours of MP3 take 60 kB, and of FLAC or M4A half a megabyte to one.
_MOST: Final = 8 << 20
# How often it is written anew where others write at the same time.
_ATTEMPTS: Final = 5

_log = logging.getLogger(__name__)
# When this process last changed what lies beside a sound.
_changed: Final[dict[Address, float]] = {}


@value
class Entry:
    """What lies beside a sound and was written by us, of the sound as it was ``of`` the time: values by kinds."""

    of: Look
    values: dict[str, Any]

    def is_of(self, seen: Look) -> bool:
        """Tell whether it is of a sound as it was seen."""
        return (self.of.size, self.of.tag) == (seen.size, seen.tag)


def is_beside(address: Address) -> bool:
    """Tell whether anything is kept beside a sound: in S3, and where there is a secret.

    :raise StorageError: where that is too short to be one.
    """
    return address.scheme == "s3" and secret() is not None


def require(address: Address) -> None:
    """Refuse to put anything beside a sound where nobody could believe it.

    :raise StorageError: where there is no secret, or none that is one.
    """
    if not is_beside(address):
        raise StorageError(f"{KEY} is not set: give a secret that all servers share; {MAKING}")


def found(address: Address, seen: Look) -> dict[str, Any]:
    """Give what lies beside a sound and is of it, as it was seen, by kinds; nothing where that cannot be believed.

    :raise StorageError: where nobody knows, since the storage does not answer.
    """
    if not is_beside(address):
        return {}
    entry, _, _ = _there(address, seen)
    return entry.values if entry is not None and entry.is_of(seen) else {}


def change(
    address: Address, seen: Look, changed: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """Have what lies beside a sound be as it is ``changed``, given what was there, and what was of an earlier sound.

    Whoever writes at the same time is not written over: what they wrote is changed, too. Given is what was found there
    and written with another secret: nobody vouches for it, nor will know of it.

    :raise StorageError: where that may not be done, or cannot.
    """
    from player.storage import s3_writing  # noqa: PLC0415  # 20 ms and 25 MB, where sounds lie there

    place = beside(address)
    for _ in range(_ATTEMPTS):
        entry, there, anothers = _there(address, seen)
        values = entry.values if entry is not None else {}
        before, earlier = (values, {}) if entry is None or entry.is_of(seen) else ({}, values)
        values = changed(dict(before), earlier)
        if values == before:
            return anothers
        told = {"size": seen.size, "tag": seen.tag, "values": values, "mac": _mac(address, seen, values)}
        content = json.dumps(told).encode()
        if s3_writing.create(place, content) if there is None else s3_writing.replace(place, content, there):
            _changed[address] = time.monotonic()
            return anothers
    raise ChangedError(f"{place}: others write there at the same time; try again")


def changed_at(address: Address) -> float:
    """Tell when this process last changed what lies beside a sound, by ``time.monotonic``; 0 where it has not."""
    return _changed.get(address, 0.0)


def beside(address: Address, suffix: str = _SUFFIX) -> Address:
    """Give the address of what lies beside a sound."""
    return replace(address, path=f"{address.path}{suffix}")


def vouched(address: Address, *told: object) -> str:
    """Give what only who has the secret can say of an address.

    :raise StorageError: where the secret is too short to be one.
    """
    text = json.dumps([str(address), *told], sort_keys=True, separators=(",", ":"))
    return hmac.digest((secret() or "").encode(), text.encode(), "sha256").hex()


def _there(address: Address, seen: Look) -> tuple[Entry | None, Look | None, dict[str, Any]]:
    """Give what lies beside a sound, if that is ours; what the object is, if there is any; and what it says if not.

    :raise StorageError: where nobody knows.
    """
    from player.storage import s3  # noqa: PLC0415  # as above

    place = beside(address)
    try:
        there = s3.look(place)
        text = s3.read(place, there, 0, there.size) if 0 < there.size <= _MOST else b""
    except (MissingError, RefusedError):
        return None, None, {}  # who may not list a bucket is refused what is not there
    entry, is_ours = _told(address, text)
    if is_ours:
        return entry, there, {}
    if entry is None or entry.is_of(seen):
        _log.warning("%s: it was not written with this %s, or is damaged, and is not used", place, KEY)
    return None, there, {} if entry is None else entry.values


def _told(address: Address, text: bytes) -> tuple[Entry | None, bool]:
    """Read what lies beside a sound, if it is such as we write, and tell whether it is ours."""
    try:
        told = json.loads(text)
        entry = Entry(Look(told["size"], told["tag"], 0), told["values"])
        if not isinstance(entry.values, dict):
            return None, False
        return entry, hmac.compare_digest(told["mac"], _mac(address, entry.of, entry.values))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None, False


def _mac(address: Address, seen: Look, values: dict[str, Any]) -> str:
    return vouched(address, seen.size, seen.tag, values)


def secret() -> str | None:
    """Give the secret that all servers share; None where there is none.

    :raise StorageError: where it is too short to be one.
    """
    text = os.environ.get(KEY, "").strip()
    if text and len(text) < _SHORTEST:
        raise StorageError(f"{KEY} is too short to keep anybody out; {MAKING}")
    return text or None
