"""Divides a WebVTT file into its blocks, as a browser finds them: which cues there are, when, and on which line.

The rules are those of WebVTT (https://www.w3.org/TR/webvtt1/), section 6.1, file parsing, and 6.3, cue timings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from player.timecode import HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ARROW = "-->"

#: ``lost``: an arrow, but no times that can be read. ``late``: a style or region after the first cue, where neither
#: is looked for. ``stray``: text that is nothing.
Kind = Literal["cue", "lost", "comment", "style", "region", "late", "stray"]

_TIME = r"(?:([0-9]+):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})(?![0-9])"
_TIMESTAMP = re.compile(_TIME)
_TIMING = re.compile(rf"[\t\f ]*{_TIME}[\t\f ]*-->[\t\f ]*{_TIME}")
_COMMENT = re.compile(r"NOTE(?:[\t ]|$)")
_DEFINITION = re.compile(r"(STYLE|REGION)[\t\f ]*")
_SIGNATURE = re.compile(r"WEBVTT(?:[\t ]|$)")

# A million years: what is written longer is read as this, and is past the end of any recording all the same.
_MOST_HOURS = "9999999999"


class Timing(NamedTuple):
    """A timing line: start and end in milliseconds, and what follows them."""

    start: int
    end: int
    settings: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: the first is line ``line`` of the file, and ``lines[arrow]`` has the arrow."""

    kind: Kind
    line: int
    lines: tuple[str, ...]
    arrow: int | None
    timing: Timing | None
    #: Whether an empty line stands before it. Without one, an arrow has broken into the block above.
    apart: bool

    @property
    def identifier(self) -> str:
        """The line above the times of a cue; empty where there is none."""
        return self.lines[0] if self.arrow == 1 else ""

    @property
    def payload(self) -> str:
        """What stands below the times of a cue."""
        return "" if self.arrow is None else "\n".join(self.lines[self.arrow + 1 :])

    @property
    def timing_line(self) -> int:
        """The line of a cue's times, counted from 1."""
        return self.line + (self.arrow or 0)


@dataclass(frozen=True, slots=True)
class Scan:
    """A file's header lines, the first of which is line 2 of the file, and its blocks."""

    header: tuple[str, ...]
    blocks: tuple[Block, ...]


def normal(text: str) -> str:
    """Make the line ends of ``text`` one, and its NULs U+FFFD, as the first step of section 6.1 does."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")


def is_signed(text: str) -> bool:
    """Tell whether a normal text begins as a WebVTT file must."""
    return _SIGNATURE.match(text.partition("\n")[0]) is not None


def scan(text: str) -> Scan:
    """Divide a normal, signed text into its header and blocks."""
    lines = text.split("\n")
    header = 1
    while header < len(lines) and lines[header] and ARROW not in lines[header]:
        header += 1
    return Scan(tuple(lines[1:header]), tuple(_blocks(lines, header)))


def timestamp(text: str) -> int | None:
    """Read a whole text as a timestamp (section 6.3), into milliseconds; None where it is none."""
    match = _TIMESTAMP.fullmatch(text)
    return None if match is None else _moment(*match.groups("0"))


def timing(line: str) -> Timing | None:
    """Read a line with an arrow as a cue's times and settings; None where they cannot be read."""
    match = _TIMING.match(line)
    if match is None:
        return None
    parts = match.groups("0")
    return Timing(_moment(*parts[:4]), _moment(*parts[4:]), line[match.end() :])


def is_comment(line: str) -> bool:
    """Tell whether a block that begins with ``line``, and has no arrow, is a comment."""
    return _COMMENT.match(line) is not None


def _blocks(lines: Sequence[str], index: int) -> Iterator[Block]:
    seen_cue = False
    while index < len(lines):
        if not lines[index]:
            index += 1
            continue
        block = _block(lines, index, seen_cue=seen_cue)
        seen_cue = seen_cue or block.kind == "cue"
        index += len(block.lines)
        yield block


def _block(lines: Sequence[str], first: int, *, seen_cue: bool) -> Block:
    """Collect the block at ``first``: an arrow is its own in the first line, or else in the second."""
    count = len(lines)
    arrow = None
    if ARROW in lines[first]:
        arrow = 0
    elif first + 1 < count and ARROW in lines[first + 1]:
        arrow = 1
    stop = first + (arrow or 0) + 1
    while stop < count and lines[stop] and ARROW not in lines[stop]:
        stop += 1
    own = tuple(lines[first:stop])
    times = None if arrow is None else timing(own[arrow])
    kind: Kind = "cue" if times else "lost" if arrow is not None else _kind(own[0], seen_cue=seen_cue)
    return Block(kind, first + 1, own, arrow, times, apart=not lines[first - 1])


def _kind(line: str, *, seen_cue: bool) -> Kind:
    """Tell what a block without an arrow is, by its first line."""
    if is_comment(line):
        return "comment"
    definition = _DEFINITION.fullmatch(line)
    if definition is None:
        return "stray"
    if seen_cue:
        return "late"
    return "style" if definition[1] == "STYLE" else "region"


def _moment(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    return _minute(hours, minutes) + int(seconds) * SECOND + int(fraction)


@lru_cache(maxsize=256)
def _minute(hours: str, minutes: str) -> int:
    """Read hours and minutes into milliseconds: those of one line are mostly those of the line before."""
    if len(hours) > len(_MOST_HOURS):
        hours = min(hours.lstrip("0"), _MOST_HOURS, key=len)
    return int(hours or 0) * HOUR + int(minutes) * MINUTE
