"""Tells lines without spoken words: a stage direction, or what an editor says, alone in its brackets."""

from __future__ import annotations

import re
from typing import Final

_BRACKETS: Final = re.compile(r"\[[^][]*\]|\{[^{}]*\}")


def is_unspoken(text: str) -> bool:
    """Tell whether all of a line stands in square or curly brackets, as in ``[A door is shut.]``; so it has no time."""
    rest, count = _BRACKETS.subn("", text)
    return bool(count) and not any(map(str.isalnum, rest))
