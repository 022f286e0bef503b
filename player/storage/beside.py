"""Keeps what was derived from a sound in object storage beside it, so that one server finds it and all others read it.

``tape.flac`` has ``tape.flac.player.json`` beside it: its outline, its digest, the index of its frames. It is believed
only where it is of this very object (its address, size and entity tag), and was written by who has the same secret,
``PLAYER_BESIDE_KEY``: a digest that anybody may write would vouch for any sound.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from player.storage.faults import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from player.storage.addresses import Address
    from player.storage.looks import Look

#: The secret that all servers of an archive share.
KEY: Final = "PLAYER_BESIDE_KEY"
#: How to have one.
MAKING: Final = "make one: openssl rand -hex 32"
_SUFFIX: Final = ".player.json"
_SHORTEST: Final = 32  # characters of a secret: 16 random bytes in hexadecimal
# Ten hours of MP3 take 60 kB, and of FLAC 200 kB.
_MOST: Final = 8 << 20

_log = logging.getLogger(__name__)


def is_beside(address: Address) -> bool:
    """Tell whether anything is kept beside a sound: in S3, and where there is a secret.

    :raise StorageError: where that is none.
    """
    return address.scheme == "s3" and _secret() is not None


def found(address: Address, seen: Look) -> dict[str, Any]:
    """Give what lies beside a sound and is of it, as it was seen, by kinds; nothing where that cannot be believed."""
    from player.storage import s3  # noqa: PLC0415  # 20 ms and 25 MB, where sounds lie there

    try:
        if not is_beside(address):
            return {}
        place = _beside(address)
        there = s3.look(place)
        text = s3.read(place, there, 0, there.size) if 0 < there.size <= _MOST else b""
    except StorageError:
        return {}  # nobody has put anything there, or the storage does not answer
    try:
        entry = json.loads(text)
        values, mac = entry["values"], entry["mac"]
        is_of_it = (entry["size"], entry["tag"]) == (seen.size, seen.tag)
        is_ours = isinstance(values, dict) and hmac.compare_digest(mac, _mac(address, seen, values))
    except (ValueError, KeyError, TypeError, RecursionError):
        is_of_it, is_ours, values = True, False, {}
    if is_of_it and not is_ours:
        _log.warning("%s: it was not written with this %s, or is damaged, and is not used", place, KEY)
    return dict(values) if is_of_it and is_ours else {}


def put(address: Address, seen: Look, values: Mapping[str, Any]) -> None:
    """Put what was derived from a sound beside it.

    :raise StorageError: where that may not be done, or cannot.
    """
    from player.storage import s3  # noqa: PLC0415  # as above

    entry = {"size": seen.size, "tag": seen.tag, "values": dict(values), "mac": _mac(address, seen, values)}
    s3.put(_beside(address), json.dumps(entry).encode())


def _beside(address: Address) -> Address:
    return replace(address, path=f"{address.path}{_SUFFIX}")


def _mac(address: Address, seen: Look, values: Mapping[str, Any]) -> str:
    told = json.dumps([str(address), seen.size, seen.tag, values], sort_keys=True, separators=(",", ":"))
    return hmac.digest((_secret() or "").encode(), told.encode(), "sha256").hex()


def _secret() -> str | None:
    text = os.environ.get(KEY, "").strip()
    if text and len(text) < _SHORTEST:
        raise StorageError(f"{KEY} is too short to keep anybody out; {MAKING}")
    return text or None
