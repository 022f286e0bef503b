"""Makes milliseconds of the numbers that programs write for times, and mends spans that cannot be."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from player.timecode import HOUR, LONGEST, MINUTE, SECOND

if TYPE_CHECKING:
    from player.intake.transcripts.told import Told

_NUMBER: Final = re.compile(r"\s*[+-]?[0-9]{1,20}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,2})?\s*")
_CLOCK: Final = re.compile(r"\s*(?:([0-9]{1,4}):)?([0-9]{1,4}):([0-9]{1,2})(?:[.,]([0-9]{1,6}))?\s*")


def number(value: object) -> float | None:
    """Give a number, or a text that is one, as a finite number; None for anything else, such as NaN or null."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def milliseconds(seconds: object) -> int | None:
    """Make milliseconds of a number of seconds; None where it is none, or longer than any recording."""
    found = number(seconds)
    return None if found is None or abs(found) * SECOND > LONGEST else round(found * SECOND)


def clock(text: str) -> int | None:
    """Make milliseconds of ``0:28:06``, ``28:06`` or a number of seconds; None where a text is none of them."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return milliseconds(text)
    fraction = round(float(f"0.{match[4] or 0}") * SECOND)
    found = int(match[1] or 0) * HOUR + int(match[2]) * MINUTE + int(match[3]) * SECOND + fraction
    return found if found <= LONGEST else None


def span(start: int | None, end: int | None, told: Told, line: int | None = None) -> tuple[int | None, int | None]:
    """Mend where a line begins and ends, and tell it; a line that ends nowhere lasts until the next begins."""
    if start is None:
        return None, None
    if start < 0:
        if end is None or end <= 0:
            told.mended("line before the beginning, now untimed", "lines before the beginning, now untimed", line=line)
            return None, None
        told.mended("line that begins before 0, now at 0", "lines that begin before 0, now at 0", line=line)
        start = 0
    if end is not None and end <= start:
        told.mended(
            "line that ends no later than it begins, now lasts until the next",
            "lines that end no later than they begin, now last until the next",
            line=line,
        )
        end = None
    return start, end
