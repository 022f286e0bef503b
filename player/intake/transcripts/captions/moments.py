"""Reads the two times of a caption as programs write them, which is not always as their formats ask for.

Minutes and seconds of one digit, a comma for a full stop, a fraction that is a number of milliseconds, a time before 0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.webvtt.faults import Fractions, fractions_of
from player.timecode import HOUR, LONGEST, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Three digits may also stand behind a colon; two there would be frames, of which nobody knows how many are a second.
_BEFORE_FRACTION: Final = r"(?:[.,] ?|:(?=[0-9]{3}(?![0-9])))"
_TIME: Final = (
    rf"(-?)(?:([0-9]{{1,6}}): ?)?([0-9]{{1,4}}): ?([0-9]{{1,2}})(?:{_BEFORE_FRACTION}([0-9]{{1,9}}))?(?![0-9:])"
)
#: Two times with an arrow between them, however that is drawn; and with a comma, as in SBV.
ARROWED: Final = rf"[\t ]*{_TIME}[\t ]*(?:-+ ?>+|[–—]+>|→)[\t ]*{_TIME}"  # as some editors make them
#: What seems meant as such, and cannot be read.
UNREADABLE: Final = r"[\t ]*-?[0-9]{1,6}:[0-9][0-9:., \t]*-->[^\n]*"
COMMAED: Final = rf"[\t ]*{_TIME},{_TIME}[\t ]*$"
_FRACTION: Final = re.compile(r"[0-9]: ?[0-9]{1,2}[.,] ?([0-9]{1,9})(?![0-9:])")
# Of one time, how many groups there are in the pattern: sign, hours, minutes, seconds, fraction.
_GROUPS: Final = 5
_WHOLE: Final = len("000")
_SIXTY: Final = 60
# So many fractions show how they are written.
_ENOUGH: Final = 6

#: What a pattern gives for two times: the parts of one after those of the other.
Parts = tuple[str, ...]


class Fractioned(NamedTuple):
    """How the fractions of a file are read, and whether its own times show that this is right."""

    fractions: Fractions
    is_shown: bool


def fractioned(lines: Iterable[str], timings: Sequence[Parts]) -> Fractioned:
    """Tell how the fractions of a second in a file are written, by its own times.

    ``lines`` are all that have times, ``timings`` the parts of those whose fractions do not all have three digits.

    Where the digits alone do not show it, that reading is meant by which fewer captions end before they start. Where
    that shows nothing either, a program that does not pad its minutes and seconds does not pad milliseconds either.
    """
    digits = {each for line in lines for each in _FRACTION.findall(line)}
    count = sum(bool(parts[at]) for parts in timings for at in (4, 9))
    # Of numbers of milliseconds, nine in ten have three digits.
    if not digits or (count >= _ENOUGH and max(map(len, digits)) < _WHOLE):
        return Fractioned(Fractions.DECIMAL, is_shown=True)
    fractions = fractions_of(f"0:00.{each}" for each in digits)
    if fractions is not Fractions.UNCLEAR and any(len(each) >= _WHOLE for each in digits):
        return Fractioned(fractions, is_shown=True)
    # Whatever else there is, no number begins with a zero.
    if any(len(each) > 1 and each[0] == "0" for each in digits):
        return Fractioned(Fractions.DECIMAL, is_shown=True)
    decimal, number = (_wrong(timings, each) for each in (Fractions.DECIMAL, Fractions.NUMBER))
    if decimal != number:
        return Fractioned(Fractions.DECIMAL if decimal < number else Fractions.NUMBER, is_shown=True)
    is_padded = all(len(parts[3]) > 1 and len(parts[8]) > 1 for parts in timings)
    return Fractioned(Fractions.DECIMAL if is_padded else Fractions.NUMBER, is_shown=False)


def moment(parts: Parts, fractions: Fractions) -> int | None:
    """Read the parts of a time into milliseconds, below 0 where it has a minus; None where it is beyond any recording.

    A minute or second of 60 is the next hour or minute: so programs write what they round.
    """
    sign, hours, minutes, seconds, fraction = parts
    minute, second = int(minutes), int(seconds)
    if second > _SIXTY or (hours and minute > _SIXTY):
        return None
    whole = int(hours or 0) * HOUR + minute * MINUTE + second * SECOND
    if fraction:
        whole += int(fraction) if len(fraction) == _WHOLE else fractions.readings(fraction)[0]
    if whole > LONGEST:
        return None
    return -whole if sign else whole


def both(parts: Parts, fractions: Fractions) -> tuple[int, int] | None:
    """Read the parts of two times; None where either cannot be one, or there are none."""
    if not parts[3]:
        return None
    start, end = moment(parts[:_GROUPS], fractions), moment(parts[_GROUPS : 2 * _GROUPS], fractions)
    return None if start is None or end is None else (start, end)


def is_whole(parts: Parts) -> bool:
    """Tell whether the fractions of two times have three digits each, as their formats ask for."""
    return len(parts[4]) == _WHOLE == len(parts[9])


def pattern(timing: str, rest: str = "") -> re.Pattern[str]:
    """Make a pattern that finds lines of times in a text; ``rest`` is what may follow these."""
    return re.compile(f"^{timing}{rest}", re.MULTILINE)


def _wrong(timings: Sequence[Parts], fractions: Fractions) -> int:
    """Count the captions that would end no later than they start."""
    times = (both(parts, fractions) for parts in timings)
    return sum(each is not None and each[1] <= each[0] for each in times)
