"""Reads the times of a table: seconds, milliseconds, or as clocks show them; what may be two things is refused."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from player.errors import TimecodeError, quoted
from player.timecode import LONGEST, SECOND, parse

_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?")
_WHOLE: Final = re.compile(r"[0-9]{1,12}")
_DECIMAL_COMMA: Final = re.compile(r"([0-9]),([0-9]{1,9})\Z")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_FRAMES: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}[:;][0-9]{2}")


class Unit(Enum):
    """What a number without a colon counts."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"


class WrongTimeError(ValueError):
    """A cell is no time: what is wrong with it, and what to do."""


def moment(cell: str, unit: Unit, delimiter: str) -> int | None:
    """Read a cell as milliseconds; None where it is empty.

    :raise WrongTimeError: where it is no time, or may be two.
    """
    text = cell.strip()
    if not text:
        return None
    if delimiter == "," and _THOUSANDS.fullmatch(text):
        raise WrongTimeError(f"{quoted(text)} may be one number or another", "write it with a point: 1.5")
    text = _DECIMAL_COMMA.sub(r"\1.\2", text)
    if _FRAMES.fullmatch(text):
        what = f"{quoted(text)} counts frames, and nothing says how many a second has"
        raise WrongTimeError(what, "export it with milliseconds: 0:00:12.500")
    if _NUMBER.fullmatch(text):
        value = float(text) * (1 if unit is Unit.MILLISECONDS else SECOND)
        if value > LONGEST:
            raise WrongTimeError(f"no recording is so long as {quoted(text)} {unit.value}", "correct it")
        return round(value)
    try:
        return parse(text)
    except TimecodeError:
        what, remedy = f"{quoted(cell)} is not a time", "write it as 12.5, in seconds, or as 0:00:12.500"
        raise WrongTimeError(what, remedy) from None


def unit_of(spans: list[tuple[str, str]]) -> Unit | None:
    """Say what numbers count of which nothing says it; None where it may be either.

    ``spans`` is what stands where lines begin and end. Programs that write whole numbers alone mean milliseconds, and
    so may people who write seconds: no line is shorter than a tenth of a second, and none lasts a minute and a half.
    """
    cells = [cell.strip() for span in spans for cell in span if cell.strip()]
    if not cells or not all(map(_WHOLE.fullmatch, cells)):
        return Unit.SECONDS
    lengths = [int(end) - int(start) for start, end in spans if _WHOLE.fullmatch(start.strip()) and end.strip()]
    if lengths and min(lengths) >= _SHORTEST:
        return Unit.MILLISECONDS
    return Unit.SECONDS if lengths and max(lengths) < _SHORTEST else None


_SHORTEST: Final = 100
