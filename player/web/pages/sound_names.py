"""A sound file into the name that browsers know it by when they remember a place in it.

The name has to stay when the archive is edited, when its folder is moved and when it is served at another port; to
differ between archives that give one slug to two recordings; and to say nothing of the server's folders. A place is a
moment of a sound, so it is the sound that is named: by its size, its first bytes and its last.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

from player import files

if TYPE_CHECKING:
    from pathlib import Path

_END: Final = 4096
_LETTERS: Final = 12


def sound_name(path: Path) -> str:
    """Give the name of the sound in the file at ``path``; an empty one where it cannot be read."""
    try:
        with files.opened(path) as file:
            size = file.seek(0, os.SEEK_END)
            digest = hashlib.sha256(str(size).encode())
            for start in (0, max(0, size - _END)):
                file.seek(start)
                digest.update(file.read(_END))
    except OSError:
        return ""
    return digest.hexdigest()[:_LETTERS]
