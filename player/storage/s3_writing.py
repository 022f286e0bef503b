"""Writes objects into storage that speaks S3: each under the condition that nothing of others is replaced.

Small ones are put where there is none yet (``If-None-Match: *``), or in place of the one that was seen (``If-Match``).
A file is sent by parts, so that none is ever held whole; S3 has no condition for these, and so they go where an object
was put before that says that the place is ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player import files
from player.storage import s3
from player.storage.faults import BusyError, ChangedError, MissingError, RefusedError, StorageError

if TYPE_CHECKING:
    from pathlib import Path

    from player.storage.addresses import Address
    from player.storage.looks import Look

# Bytes of a part, the least that S3 takes, and how many parts are on their way at a time.
_PART: Final = 5 << 20
_AT_A_TIME: Final = 2
_TAKEN: Final = ("AlreadyExistsError", "PreconditionError")


def create(address: Address, content: bytes) -> bool:
    """Put an object where there is none; tell whether there was none.

    :raise StorageError: where that may not be done, or cannot.
    """
    return _put(address, content, mode="create")


def replace(address: Address, content: bytes, seen: Look) -> bool:
    """Put an object in place of the one that was seen; tell whether that was still there.

    :raise StorageError: as ``create`` does.
    """
    # Without a version: Python's own None would not be taken for none.
    return _put(address, content, mode={"e_tag": seen.tag})


def upload(address: Address, path: Path, kind: str) -> Look:
    """Send a file by parts, in place of what is there, as one of a media type; give what lies there then.

    :raise StorageError: where it may not be written, or not all of it came there: then what was there is.
    """
    try:
        with files.opened(path) as file:
            given: Any = {"attributes": {"Content-Type": kind}, "chunk_size": _PART, "max_concurrency": _AT_A_TIME}
            tag = s3.library().put(s3.bucket(address.host), address.path, file, **given)["e_tag"]
            size = file.seek(0, 2)
    except Exception as error:  # noqa: BLE001  # obstore's errors have no class in common but this one
        raise _told(address, error) from None
    found = s3.look(address)
    if (found.size, found.tag) != (size, tag or found.tag):
        raise ChangedError(f"{address}: others wrote there at the same time; try again")
    return found


def remove(address: Address, seen: Look | None = None) -> None:
    """Remove an object, if one is there, and is the one that was seen.

    :raise StorageError: where that may not be done, or cannot.
    """
    try:
        there = s3.look(address)
        if seen is None or (there.size, there.tag) == (seen.size, seen.tag):
            s3.library().delete(s3.bucket(address.host), address.path)
    except MissingError:
        return
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001  # as above
        raise _told(address, error, "removed") from None


def _put(address: Address, content: bytes, mode: Any) -> bool:
    try:
        s3.library().put(s3.bucket(address.host), address.path, content, mode=mode)
    except Exception as error:  # noqa: BLE001  # as above
        if type(error).__name__ in _TAKEN:
            return False
        raise _told(address, error) from None
    return True


def _told(address: Address, error: Exception, done: str = "written") -> StorageError:
    """Say in words why nothing could be written, or removed."""
    if isinstance(error, StorageError):
        return error
    told = s3.told(address, error)
    if isinstance(told, RefusedError):
        return RefusedError(f"{address}: the storage does not let it be {done}; give keys that may do so")
    if "answers with 409" in str(told):
        return BusyError(f"{address}: others write there at the same time; try again")
    if "answers with 501" in str(told):
        return StorageError(f"{address}: the storage knows no conditions for writing (If-None-Match); use another")
    return told
