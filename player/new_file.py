"""A target and what is to be in it into a whole file, or none: written beside its place, then put there in one step."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def new_file(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give an empty file beside ``target`` to write to, and put it at ``target`` once the block ends well.

    Where the block ends otherwise, even by Ctrl-C, the file is removed and ``target`` is as it was. What is at
    ``target`` is replaced only with ``force``, also when it came there while the block ran.

    :raise FileExistsError: where ``target`` is there and ``force`` is not given.
    :raise OSError: where the folder cannot be written.
    """
    # Not named after the target: that may be as long as a name can be.
    beside = target.with_name(f".{secrets.token_hex(8)}.part")
    os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield beside
        if force:
            beside.replace(target)
        else:
            _place(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _place(beside: Path, target: Path) -> None:
    """Put the file at ``target`` unless something is there: a hard link is made by one process, or refused."""
    try:
        os.link(beside, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links, such as FAT: the name is taken first, and then given its content.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        with contextlib.ExitStack() as undo:
            undo.callback(target.unlink)
            beside.replace(target)
            undo.pop_all()
