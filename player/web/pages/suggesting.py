"""Makes the form in which a listener suggests other words for a line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from player.archive.transcript import Line


def seen_tag(line: Line) -> str:
    """Give what is another when the words of a line are, as they are shown."""
    return hashlib.sha256("\n".join(turn.text for turn in line.turns).encode()).hexdigest()[:16]
