"""Reads and writes times: whole milliseconds, the only unit of time, and the half-open span between two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from player.errors import TimecodeError, quoted

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

# A day more than the longest tape anybody keeps in one file; beyond it a number is a slip, or an attack.
LONGEST = 1_000 * HOUR

# Digits of seconds that are fewer than ``LONGEST``.
_FEW = 6

_FRACTION = r"(?:\.(?P<fraction>\d{1,9}))?"
_PLAIN = re.compile(rf"(?P<seconds>\d{{1,9}}){_FRACTION}s?")
_CLOCK = re.compile(
    rf"(?:(?:(?P<hours>\d{{1,4}}):(?=\d{{1,2}}:))?(?P<minutes>\d{{1,4}}))?:(?P<seconds>\d{{2}}){_FRACTION}"
)
_UNITS = re.compile(
    rf"(?=.*[hms])(?:(?P<hours>\d{{1,4}})h)?(?:(?P<minutes>\d{{1,5}})m)?(?:(?P<seconds>\d{{1,9}}){_FRACTION}s)?"
)


@dataclass(frozen=True, order=True)
class Span:
    """A passage ``[start, end)`` in milliseconds: it holds its start and not its end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a span that holds nothing.

        :raise TimecodeError: where the start is negative, or not before the end.
        """
        if self.start < 0:
            raise TimecodeError(f"a passage cannot start before 0:00 ({self.start} ms); give a start of 0 or later")
        if self.end <= self.start:
            raise TimecodeError(
                f"the passage ends ({display(self.end)}) no later than it starts ({display(self.start)}); "
                "give an end after the start"
            )

    @property
    def duration(self) -> int:
        """How long it is, in milliseconds."""
        return self.end - self.start

    def contains(self, moment: int) -> bool:
        """Tell whether ``moment``, in milliseconds, lies in it."""
        return self.start <= moment < self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share a moment."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{display(self.start)} to {display(self.end)}"


def parse(text: str) -> int:
    """Read a time as people write it into milliseconds; what is finer than a millisecond is cut off.

    ``25``, ``:25``, ``0:25``, ``1:02.5``, ``00:01:02.500`` and ``1h2m3s`` all read, and the ``npt`` clock of W3C Media
    Fragments 1.0 (section 4.2.1), with or without its ``npt:``.

    :raise TimecodeError: where the text is not a time.
    """
    if text.isascii() and text.isdecimal() and len(text) <= _FEW:
        return int(text) * SECOND  # what programs ask for, thousands of times
    plain = text.strip().removeprefix("npt:")
    match = _PLAIN.fullmatch(plain) or _CLOCK.fullmatch(plain) or _UNITS.fullmatch(plain)
    if match is None or not plain.isascii():
        raise TimecodeError(f"{quoted(text)} is not a time; write it as 25, :25, 1:02.5 or 1:02:03")
    parts = match.groupdict(default="")
    hours, minutes, seconds = (int(parts.get(unit) or 0) for unit in ("hours", "minutes", "seconds"))
    if (parts.get("hours") and minutes >= 60 and ":" in plain) or (":" in plain and seconds >= 60):  # noqa: PLR2004  # of a clock
        raise TimecodeError(f"{quoted(text)} is not a time; minutes and seconds after a colon stop at 59")
    moment = hours * HOUR + minutes * MINUTE + seconds * SECOND + int(parts["fraction"][:3].ljust(3, "0"))
    if moment > LONGEST:
        raise TimecodeError(f"{quoted(text)} is longer than any recording; give a time below 1000 hours")
    return moment


def parse_fragment(text: str) -> tuple[int, int | None]:
    """Read the value of ``t`` in a W3C media fragment, ``25``, ``25,80`` or ``,80``, into (start, end or None).

    :raise TimecodeError: where a time in it is wrong, or the end is not after the start.
    """
    start_text, comma, end_text = text.strip().removeprefix("npt:").partition(",")
    start = parse(start_text) if start_text or not comma else 0
    if not comma:
        return start, None
    span = Span(start, parse(end_text))
    return span.start, span.end


def display(moment: int) -> str:
    """Write milliseconds as people read them: ``0:25``, ``1:02.5``, ``1:02:03``."""
    whole, fraction = divmod(moment, SECOND)
    text = clock(whole * SECOND)
    return f"{text}.{fraction:03d}".rstrip("0") if fraction else text


def clock(moment: int) -> str:
    """Write milliseconds to the second that has begun: ``0:25``, ``1:02:03``."""
    hours, rest = divmod(moment, HOUR)
    minutes, seconds = rest // MINUTE, rest % MINUTE // SECOND
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def lasting(length: int) -> str:
    """Write a length in milliseconds for a list, to the nearest minute from one minute on: ``45 s``, ``1 h 07 min``."""
    if length < MINUTE - SECOND // 2:
        return f"{(length + SECOND // 2) // SECOND} s"
    hours, minutes = divmod((length + MINUTE // 2) // MINUTE, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def fragment(moment: int) -> str:
    """Write milliseconds as the seconds of a media fragment: ``25``, ``62.5``."""
    whole, fraction = divmod(moment, SECOND)
    return f"{whole}.{fraction:03d}".rstrip("0") if fraction else str(whole)


def vtt(moment: int) -> str:
    """Write milliseconds as a WebVTT timestamp (section 4.1): ``00:01:02.500``."""
    hours, rest = divmod(moment, HOUR)
    return f"{hours:02d}:{rest // MINUTE:02d}:{rest % MINUTE // SECOND:02d}.{moment % SECOND:03d}"


def spoken(moment: int) -> str:
    """Write milliseconds as they are said: ``1 minute 12 seconds``."""
    hours, rest = divmod(moment // SECOND, 3600)
    minutes, seconds = divmod(rest, 60)
    named = [(hours, "hour"), (minutes, "minute"), (seconds, "second")]
    words = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in named if count]
    return " ".join(words) or "0 seconds"
