"""Changes a file that a person keeps: reads it, has its text changed, and puts the whole in its place, or nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.toml.editing import EditError
from player.errors import ArchiveError, Fault, reason
from player.files import content, new_file

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK: Final = "\ufeff"


def rewrite(path: Path, change: Callable[[str], str]) -> bool:
    """Put in place of a file what ``change`` makes of its text; tell whether that differs. A byte order mark stays.

    :raise ArchiveError: where it cannot be read, changed or written, or was changed meanwhile; it is then as it was.
    """
    try:
        before = content(path)
        text = before.decode("utf-8")
    except OSError as error:
        what = f"this cannot be read ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, "check that it is there and that you may read it")]) from None
    except UnicodeDecodeError:
        raise ArchiveError([Fault(path, None, "this is not UTF-8", "save it as UTF-8")]) from None
    mark = _MARK if text.startswith(_MARK) else ""
    try:
        after = f"{mark}{change(text.removeprefix(_MARK))}".encode()
    except EditError:
        what = "this is written in a way that cannot be changed here"
        raise ArchiveError([Fault(path, None, what, "change it by hand")]) from None
    if after == before:
        return False
    put(path, before, after)
    return True


def put(path: Path, before: bytes, after: bytes, again: str = "do it again") -> None:
    """Write a file anew that held ``before``; ``again`` says what to do where it does not any more.

    :raise ArchiveError: where it cannot be written, or has been changed meanwhile; it is then as it was.
    """
    # A link within the archive stays one.
    target = Path(os.path.realpath(path))
    try:
        with new_file(target, force=True) as beside:
            shutil.copymode(target, beside)
            beside.write_bytes(after)
            if content(target) != before:
                raise ArchiveError([Fault(path, None, "this was changed at the same time", again)])
    except OSError as error:
        what = f"this cannot be written ({reason(error)})"
        raise ArchiveError([Fault(path, None, what, f"check that you may write there, and {again}")]) from None
