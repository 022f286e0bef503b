"""Tells what of a transcript a machine made: its words, or when they are said; and whether anybody has reviewed it.

A header says so in items of its Local Usage Element, which FADGI leaves to each archive::

    Local Usage Element: [Machine Transcript] faster-whisper 1.2.1, tiny.en, 2026-11-29
    Local Usage Element: [Aligned] soundswallower 0.6.7, en-us, 2026-11-29
    Local Usage Element: [Reviewed] 2026-11-29, Ines Keeper

What is not known of a machine is written as ``unknown``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.dates import is_past_day
from player.archive.webvtt.header import USAGE, local_usage
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What stands wherever a machine's words go that nobody has heard.
LABEL: Final = "Machine transcript, not checked"
TRANSCRIBED: Final = "Machine Transcript"
ALIGNED: Final = "Aligned"
REVIEWED: Final = "Reviewed"
#: The digest of the words as the machine wrote them, by which it is seen whether a person has changed any.
WRITTEN: Final = "Machine Words SHA-256"
#: That of its lines as they were written: their times, voices, pages and comments.
LINES_WRITTEN: Final = "Machine Lines SHA-256"
UNKNOWN: Final = "unknown"
#: What the history of a file says whose words are a machine's.
UNREVIEWED: Final = "nobody has checked it"
#: What a comment begins with that says who has heard the line below.
HEARD: Final = "heard:"
#: And one that says how sure the machine is of each word of the line.
WORD_CONFIDENCE: Final = "word confidence:"

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@value
class MachineMade:
    """A program with its version, the model that it used, and the day as 1963-11-05; None where it is not known."""

    program: str
    model: str | None = None
    date: str | None = None

    def __str__(self) -> str:
        return ", ".join((self.program, self.model or UNKNOWN, self.date or UNKNOWN))

    @property
    def readable(self) -> str:
        """Name what is known of it: ``faster-whisper 1.2.1, model tiny.en``."""
        return self.program if self.model is None else f"{self.program}, model {self.model}"


@value
class Review:
    """The day, as 1963-11-05, and the name of who says that something was heard, and is right."""

    date: str
    name: str

    def __str__(self) -> str:
        return f"{self.date}, {self.name}"


def machine_made(header: Sequence[tuple[str, str]], item: str = TRANSCRIBED) -> MachineMade | None:
    """Give the machine that wrote the words, or the one that ``item`` says did something else; None where none did.

    A header that says so and names none is still that of a machine's transcript.
    """
    said = local_usage(header, item)
    if said is None:
        return MachineMade(UNKNOWN) if _is_there(header, item) else None
    program, *rest = (part.strip() for part in said.split(","))
    date = rest.pop() if rest and (rest[-1] == UNKNOWN or _DATE.fullmatch(rest[-1])) else UNKNOWN
    date = date if is_past_day(date) else UNKNOWN
    model = ", ".join(rest) or UNKNOWN
    return MachineMade(program or UNKNOWN, *(None if each == UNKNOWN else each for each in (model, date)))


def reviewed(header: Sequence[tuple[str, str]]) -> Review | None:
    """Give who says that the whole was reviewed; None where nobody does, or it cannot be read."""
    said = local_usage(header, REVIEWED)
    return None if said is None else review(said)


def review(text: str) -> Review | None:
    """Read a day that has begun, and a name; None where the text is something else."""
    date, comma, name = (part.strip() for part in text.partition(","))
    return Review(date, name) if comma and name and is_past_day(date) else None


def is_draft(header: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a machine wrote the words, and nobody says that the whole was reviewed."""
    return machine_made(header) is not None and reviewed(header) is None


def is_heard(comments: Iterable[str]) -> bool:
    """Tell whether one of the comments on a line says that somebody has heard it, and when."""
    return any(each.startswith(HEARD) and review(each.removeprefix(HEARD)) for each in comments)


def with_item(header: Iterable[tuple[str, str]], item: str, value: object | None) -> tuple[tuple[str, str], ...]:
    """Give a header whose Local Usage Element has an item with a value, in place of any before; None removes it."""
    kept: list[tuple[str, str]] = []
    for name, said in header:
        if name != USAGE:
            kept.append((name, said))
            continue
        parts = [part.strip() for part in said.split(";")]
        others = [part for part in parts if part and not part.lower().startswith(f"[{item}]".lower())]
        if others or not said.strip():
            kept.append((name, "; ".join(others)))
    return (*kept, (USAGE, f"[{item}] {value}")) if value is not None else tuple(kept)


def _is_there(header: Sequence[tuple[str, str]], item: str) -> bool:
    label = f"[{item}]".lower()
    return any(
        part.strip().lower().startswith(label) for name, said in header if name == USAGE for part in said.split(";")
    )
