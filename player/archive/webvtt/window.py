"""Finds the part of a WebVTT file that a change of some lines can concern, so that no more than that has to be read.

What stands between two empty lines is read by itself, whatever else is in the file, but for four things: the names of
cues that have none of their own, the order of cues, the page that was begun, and what the head says. A file has a
window where none of them reaches into it: each arrow is in a cue with a name of its own, and their starts are in order.
In all other files, as in those with line ends of several kinds, there is none, and all of them is read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.webvtt.blocks import ARROW, is_signed, normal, scan
from player.archive.webvtt.comments import PAGE, Comments, is_untimed
from player.archive.webvtt.parts import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: The name of an untimed line, or that of a cue and its start.
_Line = tuple[bytes, bytes, bytes]

_UNTIMED: Final = b"untimed"
_PAGE: Final = PAGE.encode()
_TIME: Final = rb"(?:[0-9]{2}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_HOURS: Final = len(b"00:00:00.000")
# Where so many lines say "page:" and begin none, as nobody's do, all of the file is read.
_MOST_PAGES: Final = 1_000


class Window(NamedTuple):
    """The bytes of a file from ``begin`` up to, and not including, ``end``; with ``head`` before them, it is a file."""

    begin: int
    end: int
    head: bytes


def window(before: bytes, after: Collection[str | None], old: Collection[str], new: Collection[str]) -> Window | None:
    """Give what of a file lines concern that stand ``after`` some, or take the place of ``old`` ones.

    None where it may be all of it. ``new`` are the names of the lines that are put there.
    """
    eol = _eol(before)
    lines = None if eol is None else _lines(before, eol)
    if eol is None or lines is None:
        return None
    number = {name or cue: at for at, (name, cue, _) in enumerate(lines)}
    there = {name for name in (*after, *old) if name is not None and name.encode() in number}
    is_unknown = any(name is not None and name not in there and name not in new for name in (*after, *old))
    is_twice = any(name.encode() in number for name in new if name not in old)
    if len(number) < len(lines) or is_unknown or is_twice:
        return None
    touched = [*(number[name.encode()] for name in there), *([-1] if None in after else [])]
    first, last = _widened(lines, min(touched, default=0), max(touched, default=-1))
    begin, end, head = 0, len(before), b""
    if first > 0:
        begin = _after(before, lines[first - 1], eol)
        page = _page(before, begin, eol)
        if page is None:
            return None
        head = b"WEBVTT" + 2 * eol + page
    if last + 1 < len(lines):
        end = _after(before, lines[last], eol) - len(eol)
    return Window(begin, end, head)


def is_named(before: bytes) -> bool:
    """Tell whether each cue of a file has a name of its own that it is known by, as far as can be told at a glance."""
    eol = _eol(before)
    lines = None if eol is None else _lines(before, eol)
    return lines is not None and len({name or cue for name, cue, _ in lines}) == len(lines)


def _widened(lines: Sequence[_Line], first: int, last: int) -> tuple[int, int]:
    """Give the numbers of lines around those from ``first`` to ``last``: nothing changes in a cue at either end."""
    first -= 1
    while first > 0 and lines[first][0]:
        first -= 1
    last += 1
    while last < len(lines) and lines[last][0]:
        last += 1
    return max(first, 0), min(last, len(lines) - 1)


def _eol(before: bytes) -> bytes | None:
    """Give the end that all lines have; None where there are several kinds."""
    pairs, returns, feeds = before.count(b"\r\n"), before.count(b"\r"), before.count(b"\n")
    if pairs:
        return b"\r\n" if pairs == returns == feeds else None
    return None if returns and feeds else b"\r" if returns else b"\n"


def _lines(before: bytes, eol: bytes) -> list[_Line] | None:
    """Give the lines, in the order of the file; None where something is written in another way."""
    if not is_signed(text_of(before.partition(eol)[0])):
        return None
    found: list[_Line] = _pattern(eol).findall(before)
    starts = [start for _, _, start in found if start]
    if not starts or len(starts) != before.count(ARROW.encode()):
        return None
    if len(found) - len(starts) != before.count(_UNTIMED):
        return None
    if not all(len(start) == _HOURS for start in starts):
        starts = [start if len(start) == _HOURS else b"00:" + start for start in starts]
    if starts != sorted(starts):
        return None
    return found


@lru_cache(maxsize=3)
def _pattern(eol: bytes) -> re.Pattern[bytes]:
    """Give what a line begins with: an untimed one, or a cue that has a name."""
    return re.compile(_written(eol, b"[A-Za-z][0-9A-Za-z_-]*"))


def _written(eol: bytes, name: bytes) -> bytes:
    # Beginning with signs that are always the same, it is found ten times as fast.
    times = rb"[\t\f ]*(%b)[\t\f ]*-->[\t\f ]*%b(?![0-9])" % (_TIME, _TIME)
    return rb"%b%b(?:NOTE untimed (%b)%b|(%b)%b%b)" % (eol, eol, name, eol, name, eol, times)


def _after(before: bytes, line: _Line, eol: bytes) -> int:
    """Give where what follows the empty line below a line begins."""
    match = re.search(_written(eol, line[0] or line[1]), before)
    at = -1 if match is None else before.find(2 * eol, match.start() + 2 * len(eol))
    return len(before) if at < 0 else at + 2 * len(eol)


def _page(before: bytes, end: int, eol: bytes) -> bytes | None:
    """Give the comment that begins the page that is read at a place of a file; None where it is not found."""
    at = end
    for _ in range(_MOST_PAGES):
        at = before.rfind(_PAGE, 0, at)
        begin = before.rfind(2 * eol, 0, max(at, 0)) + 2 * len(eol)
        if at < 0 or begin < 2 * len(eol):
            return b""
        written = text_of(before[begin : before.find(2 * eol, at)])
        (block, *_) = scan(f"WEBVTT\n\n{normal(written)}").blocks
        if block.kind == "comment" and not is_untimed(block):
            comments = Comments(lambda *_: None)
            comments.add(block)
            if (page := comments.for_cue().page) is not None:
                return f"NOTE {PAGE} {page}".encode() + 2 * eol
    return None
