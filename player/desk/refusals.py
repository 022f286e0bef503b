"""Defines what the desk refuses: each says what is wrong and what to do, and is answered with a status of its own."""

from __future__ import annotations

import errno
from http import HTTPStatus
from typing import Final

from player.errors import PlayerError

#: What is said then, and what to do.
NO_ROOM: Final = ("There is no room on the disk", "Free some; what was saved before is safe")
# No room: on the disk, in a quota, in one file.
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DeskError(PlayerError):
    """A step cannot be done as asked: ``what`` is wrong, and the ``remedy``."""

    status: int = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy


class DeskFullError(DeskError):
    """There is no room for it. Nothing was lost of what is there."""

    status = HTTPStatus.INSUFFICIENT_STORAGE


class ElsewhereError(DeskError):
    """Somebody else changed the same line since the state that is named."""

    status = HTTPStatus.PRECONDITION_FAILED

    def __init__(self, names: frozenset[str], *, of_a_line: bool = True) -> None:
        what = "This line was changed in another window" if of_a_line else "Something was changed in another window"
        super().__init__(what, "Look at it, and do it again")
        self.names = names


class UndecidedError(DeskError):
    """Lines have two versions, and nobody has chosen between them yet."""

    status = HTTPStatus.CONFLICT


class BusyError(DeskError):
    """Another command changes the archive."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


def is_full(error: BaseException | None) -> bool:
    """Tell whether something could not be written for want of room."""
    return isinstance(error, OSError) and error.errno in _FULL
