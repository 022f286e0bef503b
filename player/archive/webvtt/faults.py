"""Says what a browser drops or mends of a block of a WebVTT file, and how to put it right."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from player.archive.webvtt.blocks import ARROW, is_comment
from player.errors import quoted
from player.timecode import HOUR, LONGEST, MINUTE, SECOND, display, vtt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.webvtt.blocks import Block, Timing

#: A line, what is wrong, and what to do.
Finding = tuple[int, str, str]

_EXAMPLE = "00:00:01.000 --> 00:00:02.500"
# The last minute of an hour, and second of a minute.
_LAST = 59
# The form that section 4.1 asks for; section 6.3 reads more than this.
_EXACT = re.compile(
    r"([0-9]{2,}:)?[0-9]{2}:[0-9]{2}\.[0-9]{3}[ \t]+-->[ \t]+([0-9]{2,}:)?[0-9]{2}:[0-9]{2}\.[0-9]{3}(?=[ \t]|$)"
)
_LOOSE = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{0,9}))?")
_LIKE_A_TIME = re.compile(r"\s*[0-9][0-9:.,]*\s*-->")
_LIKE_A_TIMING = re.compile(r"\s*[0-9][0-9:]*:[0-9.,]+[^0-9:]{1,8}[0-9][0-9:]*:[0-9.,]+\s*$")

_FRACTION: Final = re.compile(r"[0-9]:[0-9]{1,2}[.,]([0-9]+)")
_WHOLE: Final = len("000")

# What section 6.3 takes for a cue's settings, and how it divides them.
_PERCENTAGE: Final = r"0*(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)%"
_SETTING: Final = re.compile(
    rf"vertical:(?:rl|lr)|line:(?:{_PERCENTAGE}|-?[0-9]+)(?:,(?:start|center|end))?"
    rf"|position:{_PERCENTAGE}(?:,(?:line-left|center|line-right))?|size:{_PERCENTAGE}"
    r"|align:(?:start|center|end|left|right)|region:(?:(?!-->).)+"
)
_BETWEEN_SETTINGS: Final = re.compile(r"[\t\n\f\r ]+")


class Fractions(Enum):
    """How the times of a file are written whose fraction of a second has fewer than three digits.

    Some programs write the milliseconds as a number, so that ``.60`` is 60 of them; some leave off the zeros at the
    end, so that ``.6`` is 600; some always write one digit, or two. The file's own times show which, or show nothing.
    """

    #: As in ``.6`` for 600 milliseconds.
    DECIMAL = "decimal"
    #: As in ``.60`` for 60 milliseconds.
    NUMBER = "number"
    UNCLEAR = "unclear"

    def readings(self, digits: str) -> tuple[int, ...]:
        """Give how many milliseconds ``digits`` are; as decimal and as number where the file does not show which."""
        decimal = int(digits[:_WHOLE].ljust(_WHOLE, "0"))
        number = int(digits or "0") if len(digits) < _WHOLE else decimal
        if self is Fractions.UNCLEAR:
            return decimal, number
        return (decimal,) if self is Fractions.DECIMAL else (number,)


def fractions_of(lines: Iterable[str]) -> Fractions:
    """Tell how the fractions in the timing lines of a file are written.

    No number begins with a zero, and no decimal fraction whose zeros are left off ends in one.
    """
    found = {digits for line in lines for digits in _FRACTION.findall(line)}
    lengths = {len(digits) for digits in found}
    if len(lengths) == 1 or max(lengths, default=0) > _WHOLE:
        return Fractions.DECIMAL
    several = [digits for digits in found if len(digits) > 1]
    begins = any(digits.startswith("0") for digits in several)
    ends = any(digits.endswith("0") for digits in several)
    if begins == ends:
        return Fractions.UNCLEAR
    return Fractions.DECIMAL if begins else Fractions.NUMBER


def block_faults(block: Block, fractions: Fractions) -> Iterator[Finding]:
    """Give what is wrong with a block as such: with its kind, its place and its timing line.

    ``fractions`` is how those of the file's times are written.
    """
    if block.kind == "lost":
        yield _lost(block, fractions)
    elif block.kind == "cue":
        yield from _cue_faults(block)
    elif block.kind == "stray":
        yield _stray(block)
    elif block.kind == "late":
        what = f"a {block.lines[0].strip()} block after the first cue is ignored"
        yield block.line, what, "move it above the first cue, or remove it"


@lru_cache(maxsize=256)
def are_settings(text: str) -> bool:
    """Tell whether a browser knows every setting in ``text``, takes its value, and finds none twice."""
    settings = [setting for setting in _BETWEEN_SETTINGS.split(text) if setting]
    names = {setting.partition(":")[0] for setting in settings}
    return len(names) == len(settings) and all(map(_SETTING.fullmatch, settings))


def timing_faults(line: int, timing: Timing, before: int) -> Iterator[Finding]:
    """Give what is wrong with when a cue is. ``before`` is when the cue above it starts, in milliseconds."""
    start, end = timing.start, timing.end
    if end <= start:
        yield line, f"the cue ends ({display(end)}) no later than it starts ({display(start)})", "give it a later end"
    if start < before:
        what = f"the cue starts ({display(start)}) before the one above it ({display(before)})"
        yield line, what, "correct the time, or put the cues in order"
    if max(start, end) > LONGEST:
        yield line, "the cue lies beyond 1000 hours, where no recording reaches", "correct its hours"


def _cue_faults(block: Block) -> Iterator[Finding]:
    if not block.apart:
        what = "there is no empty line above this cue, so an identifier there is read as part of what is above"
        yield block.timing_line, what, "put an empty line above the cue and its identifier"
    if is_comment(block.identifier):
        what = f"the comment {quoted(block.identifier)} runs into a cue, and is read as its identifier"
        yield block.line, what, "put an empty line between the two"
    line = block.lines[block.arrow or 0]
    exact = _EXACT.match(line)
    if exact is None and block.timing is not None:
        times = f"{vtt(block.timing.start)} {ARROW} {vtt(block.timing.end)}"
        what = f"the timing line {quoted(line)} does not have the form that WebVTT asks for, although browsers read it"
        yield block.timing_line, what, f"write {times}"


def _lost(block: Block, fractions: Fractions) -> Finding:
    line = block.lines[block.arrow or 0]
    if is_comment(block.lines[0]):
        what = f"a comment contains an arrow, which can begin a cue: {quoted(line)}"
        return block.timing_line, what, 'write something else for "-->"'
    if not block.apart and _LIKE_A_TIME.match(line) is None:
        what = f'"-->" within the words of a cue ends it there, and this is lost: {quoted(line)}'
        return block.timing_line, what, "write it as --&gt;"
    reason, remedy = _diagnosis(line, fractions)
    return block.timing_line, f"the timing line {quoted(line)} is dropped, and its cue with it: {reason}", remedy


def _diagnosis(line: str, fractions: Fractions) -> tuple[str, str]:
    """Say why a timing line cannot be read, and what its author probably meant."""
    first, _, rest = line.partition(ARROW)
    texts = (first.strip(), (rest.split() or [""])[0])
    reasons = [reason for reason in map(_reason, texts) if reason]
    return (reasons or ["there is something between its times"])[0], _remedy(
        *(_meant(text, fractions) for text in texts)
    )


def _remedy(starts: Sequence[int], ends: Sequence[int]) -> str:
    """Say which line to write, from what each of its times may mean."""
    if not starts or not ends:
        return f"write it like {_EXAMPLE}"
    readings = list(dict.fromkeys(zip(starts, ends, strict=True)))
    # A cue that would end no later than it starts was not meant.
    likely = [(start, end) for start, end in readings if start < end] or readings
    lines = [f"{vtt(start)} {ARROW} {vtt(end)}" for start, end in likely]
    if len(lines) == 1:
        return f"write {lines[0]}"
    return f"write {lines[0]} if its fractions are decimal, {lines[1]} if they are milliseconds"


def _reason(text: str) -> str | None:
    """Say what keeps one time from being read; None where nothing does."""
    if not text:
        return "a time is missing"
    match = _LOOSE.fullmatch(text)
    if match is None:
        return f"{quoted(text)} is not a time"
    _, minutes, seconds, fraction = match.groups()
    wrongs = (
        ("," in text, "has a comma where a full stop belongs"),
        (int(minutes) > _LAST or int(seconds) > _LAST, "has more than 59 minutes or seconds"),
        (len(fraction or "") != len("000"), "does not have three digits after the full stop"),
        (
            len(minutes) != len("00") or len(seconds) != len("00"),
            "does not have two digits each for minutes and seconds",
        ),
    )
    return next((f"{quoted(text)} {wrong}" for is_so, wrong in wrongs if is_so), None)


def _meant(text: str, fractions: Fractions) -> tuple[int, ...]:
    """Give what moments a text that is no time may mean, in milliseconds; none where nobody could tell."""
    match = _LOOSE.fullmatch(text)
    if match is None or (match[1] and int(match[2]) > _LAST) or int(match[3]) > _LAST:
        return ()
    whole = int(match[1] or 0) * HOUR + int(match[2]) * MINUTE + int(match[3]) * SECOND
    return tuple(whole + fraction for fraction in fractions.readings(match[4] or ""))


def _stray(block: Block) -> Finding:
    if any(_LIKE_A_TIMING.match(line) for line in block.lines[:2]):
        what = f"a cue is dropped because its times are not joined by an arrow: {quoted(block.lines[0])}"
        return block.line, what, f'write "-->" between them, as in {_EXAMPLE}'
    what = f"text that belongs to no cue is dropped: {quoted(block.lines[0])}"
    return block.line, what, "remove the empty line above it, give it times, or begin it with NOTE"
