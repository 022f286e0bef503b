"""Reads Praat's TextGrid, in its long, its short and its chronological form, as Praat itself reads them.

Of a text file, Praat takes free-standing numbers, texts between double quotes, in which ``""`` is one, and what is
between ``<`` and ``>``; all else is for people, as is what follows a ``!``. So the long form and the short one are the
same to it. https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html

praatio 6.2.2 goes by the words around them instead, and cannot read a file that has "item [2]" or "IntervalTier" among
what is said.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from player.errors import ArchiveError, Fault
from player.intake.transcripts.cleaning import clean, name_of
from player.intake.transcripts.decoding import beginning, decoded
from player.intake.transcripts.imported import Imported
from player.intake.transcripts.programs.praat_letters import spelled
from player.intake.transcripts.programs.seconds import milliseconds
from player.intake.transcripts.programs.tiers import Mark, Tier, lines_of_tiers
from player.intake.transcripts.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME: Final = "textgrid"
SUFFIXES: Final = (".textgrid",)

#: Praat takes hexadecimal numbers, fractions and per cent as well, and does not mind a unit behind a number.
_NUMBER: Final = (
    r"[-+]?(?:0[xX][0-9a-fA-F]{1,30}(?:\.[0-9a-fA-F]{0,30})?(?:[pP][-+]?[0-9]{1,2})?"
    r"|[0-9]{1,30}(?:\.[0-9]{0,60})?(?:[eE][-+]?[0-9]{1,3})?)"
)
_TOKEN: Final = re.compile(
    r'(?P<quote>")'
    r"|!(?P<comment>[^\n]*)"
    r"|<(?P<flag>[a-z]{1,20})>"
    rf"|(?P<number>{_NUMBER}%?(?:/{_NUMBER}%?)?)"
    r'|[^\s"]+'
)
_REMEDY: Final = "open it in Praat, and save it again as a text file"
_CHRONOLOGICAL: Final = "Praat chronological TextGrid text file"
#: The most tiers, and marks on all of them: those of days of speech.
_TIERS: Final = 1_000
_MARKS: Final = 1_000_000
#: The classes of tiers, and how many times a mark on one has.
_CLASSES: Final = {"IntervalTier": 2, "TextTier": 1}


class _Token(NamedTuple):
    """A text or a number of the file, and where it stands in it."""

    text: str | None
    number: float | None
    place: int


def is_one(path: Path, content: bytes) -> bool:
    """Tell whether a file seems to be a TextGrid."""
    first = beginning(content)[:400]
    return ("ooTextFile" in first and "TextGrid" in first) or _CHRONOLOGICAL in first or _is_binary(path, content)


def read(path: Path, content: bytes) -> Imported:
    """Read a file."""
    if content.startswith(b"ooBinaryFile"):
        raise ArchiveError([Fault(path, None, "this is a binary TextGrid", _REMEDY)])
    text, remarks = decoded(path, content)
    told = Told()
    reader = _Reader(path, text, told)
    tiers, length = reader.chronological() if _CHRONOLOGICAL in text[:400] else reader.usual()
    kept = [tier for tier in tiers if tier is not None]
    lines = tuple(lines_of_tiers(kept, told))
    if not lines:
        raise ArchiveError([Fault(path, None, "no words were found in it; no interval has a text", _REMEDY)])
    return Imported("TextGrid by Praat", lines, (*remarks, *told.remarks()), length=length)


def _number(text: str) -> float:
    """Read a number as Praat does: ``0.5``, ``50%``, ``1/2`` and ``0x0.8`` are the same."""
    found: list[float] = []
    for part in text.split("/"):
        digits = part.removesuffix("%")
        value = float.fromhex(digits) if "x" in digits.lower() else float(digits)
        found.append(value / 100 if part.endswith("%") else value)
    if len(found) == 1:
        return found[0]
    return found[0] / found[1] if found[1] else math.nan


def _is_binary(path: Path, content: bytes) -> bool:
    return content.startswith(b"ooBinaryFile") and path.suffix.lower() in SUFFIXES


class _Reader:
    """Takes the texts and numbers of a file, one after the other."""

    def __init__(self, path: Path, text: str, told: Told) -> None:
        self._path = path
        self._text = text
        self._told = told
        self._tokens = self._scan()
        self._place = 0
        self._marks = 0
        self._line, self._line_at = 1, 0

    def usual(self) -> tuple[list[Tier | None], int | None]:
        """Read the long or the short form: its tiers, None for those of points, and its length in milliseconds."""
        self._string(), self._string()  # what the file is, and what is in it
        self._number()
        length = milliseconds(self._number())
        tiers = [self._tier() for _ in range(self._count(_TIERS, "tiers"))]
        return tiers, length if length is not None and length > 0 else None

    def chronological(self) -> tuple[list[Tier | None], int | None]:
        """Read the form that has the marks of all tiers in the order of their times."""
        self._string()
        self._number()
        length = milliseconds(self._number())
        kinds: list[tuple[int, Tier]] = []
        for _ in range(self._count(_TIERS, "tiers")):
            kind, name = self._kind(), self._name()
            self._number(), self._number()
            kinds.append((kind, Tier(name)))
        while (number := self._next_number()) is not None:
            if not 1 <= number <= len(kinds) or number != round(number):
                raise self._refused(f"there is no tier {number:g}")
            self._mark(*kinds[int(number) - 1])
        tiers = [self._kept(kind, tier) for kind, tier in kinds]
        return tiers, length if length is not None and length > 0 else None

    def _tier(self) -> Tier | None:
        kind, tier = self._kind(), Tier(self._name())
        self._number(), self._number()
        for _ in range(self._count(_MARKS, "intervals")):
            self._mark(kind, tier)
        return self._kept(kind, tier)

    def _kind(self) -> int:
        found = self._string()
        if found not in _CLASSES:
            raise self._refused("this is no tier of intervals or points")
        return _CLASSES[found]

    def _name(self) -> str:
        return name_of(spelled(self._string())) or ""

    def _mark(self, kind: int, tier: Tier) -> None:
        start = milliseconds(self._number())
        end = milliseconds(self._number()) if kind == 2 else start  # noqa: PLR2004  # an interval has two times
        text = clean(spelled(self._string()))
        line = self._line_of(self._place)
        self._marks += 1
        if self._marks > _MARKS:
            raise self._refused(f"it has more than {_MARKS:,} intervals")
        if not text:
            return
        if start is None or end is None:
            self._told.left_out("interval whose times are none", "intervals whose times are none", line=line)
            return
        tier.marks.append(Mark(start, end, text, line))

    def _kept(self, kind: int, tier: Tier) -> Tier | None:
        """Give a tier, its marks in order; None for one of points, which are no speech."""
        if kind == 1:
            if tier.marks:
                self._told.left_out("mark on tiers of points", "marks on tiers of points", count=len(tier.marks))
            return None
        tier.marks.sort(key=lambda mark: mark.start)
        return tier

    def _count(self, most: int, what: str) -> int:
        found = self._number()
        # Praat takes fewer than none for none.
        if not -_MARKS < found <= most or found != round(found):
            raise self._refused(f"{found:g} is no number of {what}")
        return max(0, int(found))

    def _scan(self) -> Iterator[_Token]:
        place = 0
        while (match := _TOKEN.search(self._text, place)) is not None:
            place = match.end()
            if match["quote"] is not None:
                place = self._end_of_string(match.start())
                yield _Token(self._text[match.end() : place - 1].replace('""', '"'), None, match.start())
            elif match["number"] is not None:
                yield _Token(None, _number(match["number"]), match.start())

    def _end_of_string(self, start: int) -> int:
        """Find where a text ends that begins with a quotation mark: behind the next that is not doubled.

        A pattern would remember each of those that are, at seventy bytes each.
        """
        place = start + 1
        while (place := self._text.find('"', place) + 1) and self._text.startswith('"', place):
            place += 1
        if not place:
            self._place = start
            raise self._refused("a text begins here and ends nowhere")
        return place

    def _string(self) -> str:
        token = next(self._tokens, None)
        self._place = len(self._text) if token is None else token.place
        if token is None or token.text is None:
            raise self._refused("the file ends too early" if token is None else "a number stands where a text should")
        return token.text

    def _number(self) -> float:
        found = self._next_number()
        if found is None:
            raise self._refused("the file ends too early")
        return found

    def _next_number(self) -> float | None:
        token = next(self._tokens, None)
        if token is None:
            self._place = len(self._text)
            return None
        self._place = token.place
        if token.number is None:
            raise self._refused("a text stands where a number should")
        return token.number

    def _line_of(self, place: int) -> int:
        """Give the line on which a place is; the places come in order."""
        if place < self._line_at:
            return self._text.count("\n", 0, place) + 1
        self._line += self._text.count("\n", self._line_at, place)
        self._line_at = place
        return self._line

    def _refused(self, what: str) -> ArchiveError:
        return ArchiveError([Fault(self._path, self._line_of(self._place), f"this is no TextGrid ({what})", _REMEDY)])
