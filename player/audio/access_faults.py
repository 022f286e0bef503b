"""Says what is wrong with the copy that an archive ships, or with the folder of copies, and what to do about it."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player import files
from player.elsewhere import takes
from player.errors import reason

if TYPE_CHECKING:
    from io import FileIO

#: Where the copies lie in ``media``.
FOLDER: Final = "access"

_LEADS_OUT: Final = "this link leads out of media"
_PERMISSION: Final = "give the player permission to read it"


@dataclass(frozen=True)
class Wrong:
    """Why the copy that an archive ships is not played: the file that is not right, and what is wrong with it.

    ``is_ours`` where it was made by ``make``, and can be made again without asking. ``first`` is what has to be done
    before it can be made, and ``instead`` what is to be done in place of that; both are empty for most.
    """

    path: Path
    what: str
    is_ours: bool = True
    first: str = ""
    instead: str = ""

    @property
    def effect(self) -> str:
        """What is wrong, and what comes of it."""
        return f"{self.what}, so {'no copy is' if self.path.name == FOLDER else 'it is not'} played"

    def remedy(self, slug: str) -> str:
        """Say what to do about it where it is the copy of the recording called ``slug``."""
        if self.instead:
            return self.instead
        first = f"{self.first}, and " if self.first else ""
        return f"{first}make it again: player access {slug}{'' if self.is_ours else ' --force'}"


class WrongError(Exception):
    """A copy is not to be played."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong
        super().__init__(wrong.what)


def of_folder(media_folder: Path) -> Wrong | None:
    """Say why copies can be neither played from the folder of copies nor written there; None where they can.

    It need not be there. ``media`` itself may be a link, to another disk for instance.
    """
    folder = media_folder / FOLDER
    make = "and make the copies: player access --all"
    if leads_out(media_folder, folder):
        return Wrong(folder, _LEADS_OUT, instead=f"put a folder there, {make}")
    try:
        # Only who may search a folder finds itself in it.
        os.stat(f"{folder}/.")  # noqa: PTH116  # a Path drops the dot
    except FileNotFoundError:
        if folder.is_symlink():
            return Wrong(folder, "this link leads nowhere", instead=f"put a folder there, {make}")
    except NotADirectoryError:
        return Wrong(folder, "this is not a folder, as access copies need", instead=f"move it elsewhere, {make}")
    except OSError as error:
        return Wrong(folder, f"this folder cannot be read ({reason(error)})", instead=_PERMISSION)
    return None


def making(slug: str, held: Path, options: str = "") -> str:
    """Give the command that makes the copy of a sound: beside that, where all servers would find it there.

    Whether these keys may write there is not tried, for that would be to write.
    """
    command = f"player access {slug}{options}"
    return f"{command} --beside, with keys that may write there" if takes(held) else command


def refuse_link_out(media_folder: Path, path: Path) -> None:
    """Refuse what lies outside ``media``, where links lead: an archive shows nothing but its own.

    :raise WrongError: where it does.
    """
    if leads_out(media_folder, path):
        raise WrongError(Wrong(path, _LEADS_OUT, is_ours=False))


def leads_out(media_folder: Path, path: Path) -> bool:
    """Tell whether what is at ``path`` lies outside ``media``."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(media_folder))


def opened(path: Path, *, is_ours: bool = True) -> FileIO:
    """Open a copy or its sidecar, to be read.

    :raise FileNotFoundError: where there is none.
    :raise WrongError: where it cannot be read, or something else is there.
    """
    try:
        return files.opened(path)
    except FileNotFoundError:
        raise
    except PermissionError as error:
        raise WrongError(Wrong(path, f"it cannot be read ({reason(error)})", is_ours, instead=_PERMISSION)) from None
    except OSError as error:
        is_other = isinstance(error, IsADirectoryError) or error.errno == errno.EINVAL
        if is_other:
            is_folder = os.path.isdir(path)  # noqa: PTH112  # is_dir raises where a folder above may not be entered
            what = f"it is {'a folder' if is_folder else 'a pipe or a device'}, not a file"
            raise WrongError(Wrong(path, what, is_ours, first="move it elsewhere")) from None
        raise WrongError(Wrong(path, f"it cannot be read ({reason(error)})", is_ours)) from None
