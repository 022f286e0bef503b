"""Says what an object elsewhere is, as far as that tells it from another."""

from __future__ import annotations

from player.values import value


@value
class Look:
    """What an object is: its size in bytes, its entity tag, and when it was modified, in nanoseconds."""

    size: int
    tag: str
    modified: int
