"""Makes the folder that a command is to write to, with those around it, and leaves none that stays empty."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from player.errors import ClipError, reason, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def new_folder(folder: Path | None) -> Iterator[None]:
    """Make a folder, if one is named and not there; after the block, whatever is empty of what was made is gone.

    :raise ClipError: where it cannot be made.
    """
    if folder is None:
        yield
        return
    made: list[Path] = []
    try:
        try:
            for each in reversed([folder, *folder.parents]):
                if not each.is_dir():
                    each.mkdir()
                    made.append(each)
        except OSError as error:
            raise ClipError(f"{shown(folder)}: the folder cannot be made ({reason(error)}); name another") from None
        yield
    finally:
        with contextlib.suppress(OSError):  # something is in it
            for each in reversed(made):
                each.rmdir()
