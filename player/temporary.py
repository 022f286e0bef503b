"""What has to lie somewhere for a moment into a folder for it, or into what to do where there is none."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from player.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def temporary_folder(purpose: str) -> Iterator[Path]:
    """Give an empty folder that is gone after the block; ``purpose`` says what cannot be done without.

    :raise WriteError: where the system has no temporary folder that can be written.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="tape-player-")
    except OSError as error:
        # Of a folder that was not found Python's own words list where it looked.
        why = "none can be written" if isinstance(error, FileNotFoundError) else error.strerror
        raise WriteError(
            f"there is no temporary folder {purpose} ({why}); name one that can be written in TMPDIR"
        ) from None
    with folder as name:
        yield Path(name)
