"""A target and what is to be in it into a whole file, or none: written beside its place, then put there in one step.

What a killed process left beside its place is removed by the next that writes there.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

from player.unfinished import sweep, unfinished_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_swept: set[Path] = set()


@contextlib.contextmanager
def new_file(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give an empty file beside ``target`` to write to, and put it at ``target`` once the block ends well.

    Where the block ends otherwise, even by Ctrl-C, the file is removed and ``target`` is as it was. What is at
    ``target`` is replaced only with ``force``, also when it came there while the block ran.

    :raise FileExistsError: where ``target`` is there and ``force`` is not given.
    :raise OSError: where the folder cannot be written.
    """
    with new_files([target], force=force) as (beside,):
        yield beside


@contextlib.contextmanager
def new_files(targets: Sequence[Path], *, force: bool = False) -> Iterator[list[Path]]:
    """Do as ``new_file`` does for several files that belong together: all are put in place, in this order, or none.

    :raise FileExistsError: where one is there and ``force`` is not given; its ``filename`` is that target.
    :raise OSError: where a folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        # Not named after the targets: these may be as long as a name can be.
        besides = [stack.enter_context(unfinished_file(_swept_once(target.parent))) for target in targets]
        yield besides
        # What was there before is removed after what might put it back.
        before = stack.enter_context(contextlib.ExitStack())
        undo = stack.enter_context(contextlib.ExitStack())
        for beside, target in zip(besides, targets, strict=True):
            if force and target != targets[-1]:
                _replace(beside, target, undo, before)
            elif force:
                beside.replace(target)
            else:
                _place(beside, target)
                undo.callback(target.unlink, missing_ok=True)
        undo.pop_all()


def _swept_once(folder: Path) -> Path:
    if folder not in _swept:
        _swept.add(folder)
        sweep(folder)
    return folder


def _replace(beside: Path, target: Path, undo: contextlib.ExitStack, kept: contextlib.ExitStack) -> None:
    """Put the file in place of what is at ``target``; ``undo`` puts that back, and the end of ``kept`` removes it."""
    # Nobody sweeps it: of a process that is killed just now it may hold all that is left of what was there.
    before = target.with_name(f".tape-player-{secrets.token_hex(8)}.before")
    try:
        os.link(target, before, follow_symlinks=False)
    except FileNotFoundError:
        undo.callback(target.unlink, missing_ok=True)
    except OSError:
        # Without hard links what was there cannot be put back.
        pass
    else:
        kept.callback(before.unlink, missing_ok=True)
        undo.callback(before.replace, target)
    beside.replace(target)


def _place(beside: Path, target: Path) -> None:
    """Put the file at ``target`` unless something is there: a hard link is made by one process, or refused."""
    try:
        os.link(beside, target, follow_symlinks=False)
    except FileExistsError as error:
        raise FileExistsError(error.errno, error.strerror, str(target)) from None
    except OSError:
        # A file system without hard links, such as FAT: the name is taken first, and then given its content.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        with contextlib.ExitStack() as undo:
            undo.callback(target.unlink)
            beside.replace(target)
            undo.pop_all()
