"""Names the access copies in the cache, so that a name says of which sound one is, and what is silent in it.

It is made of the path of the sound, of its stamp, and, where passages are silent in the copy, of the recording whose
they are and of these passages.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.audio import cache

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.audio.silence import Silence

#: Where the copies lie in the cache: the number is that of how they are made.
CACHE_KIND: Final = "access-1"
# How many parts the name of a copy has in which nothing is silent: the path, and the two of the stamp.
_PLAIN: Final = 3


def cached_name(held: Path, kind: str, silent: Silence) -> str:
    """Name the copy of the file at ``held``, as it is now.

    :raise AudioError: where it cannot be read.
    """
    real = Path(os.path.realpath(held))
    return f"{_named_after(real)}-{cache.stamp_of(real).text}{silent.key}.{kind}"


def is_of_now(copy: Path, held: Path) -> bool:
    """Tell whether a copy is of the file at ``held`` as it is now.

    :raise AudioError: where that cannot be read.
    """
    real = Path(os.path.realpath(held))
    return _parts(copy)[:_PLAIN] == [_named_after(real), *cache.stamp_of(real).text.split("-")]


def of_before(place: Path, silent: Silence) -> Iterator[Path]:
    """Find the copies in the cache that the one at ``place`` takes the place of, and their sidecars.

    They are of what was at the same path before, or of the same recording while other passages of it were closed. Those
    of another recording that names the same sound stay, or each would take the place of the other without end.
    """
    new = _parts(place)
    with contextlib.suppress(OSError):
        for each in list(place.parent.iterdir()):
            old = _parts(each)
            if old[0] != new[0] or old == new:
                continue
            is_plain = len(old) == _PLAIN
            if old[:_PLAIN] != new[:_PLAIN] or (bool(silent.spans) if is_plain else old[_PLAIN] == silent.owner):
                yield each


def _named_after(real: Path) -> str:
    return hashlib.sha256(os.fsencode(real)).hexdigest()


def _parts(path: Path) -> list[str]:
    """Give the parts of a copy's name: the path, the two of the stamp, whose passages are silent, and which."""
    return path.name.partition(".")[0].split("-")
