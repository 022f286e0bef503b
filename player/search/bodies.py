"""Makes one body of folded text out of many, and the letters by which an index finds which bodies to look into."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.letters import MARK, folded

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Between texts that do not go on into each other: no needle holds it.
BORDER: Final = "\n"
#: An index of trigrams finds no fewer letters than three. Words of fewer are written as words at the end.
TRIGRAM: Final = 3


@dataclass(frozen=True)
class Body:
    """Folded text in UTF-8, a space before and after it, and the byte at which each of its texts begins."""

    folded: bytes
    starts: array[int]

    def line_at(self, place: int) -> int:
        """Give the number of the text in which a byte is."""
        return bisect_right(self.starts, place) - 1


def body_of(texts: Iterable[str], *, apart: bool = False) -> Body:
    """Fold ``texts``, such as a transcript's lines, into one; where they are ``apart`` no hit goes on into the next.

    A text without a word begins where the next one does.
    """
    between = BORDER if apart else ""
    parts = [b" "]
    starts = array("I")
    length = 1
    for text in texts:
        starts.append(length)
        if line := folded(text):
            part = f"{line} {between}{' ' if apart else ''}".encode()
            parts.append(part)
            length += len(part)
    return Body(b"".join(parts).removesuffix(b"\n "), starts)


def joined(bodies: Iterable[Body]) -> Body:
    """Make one body of several, such as the notes on a recording, apart from each other; it says where each begins."""
    starts = array("I")
    parts = []
    length = 0
    for body in bodies:
        starts.append(length + 1)
        parts.append(body.folded)
        length += len(body.folded) + len(BORDER)
    return Body(BORDER.encode().join(parts) or b" ", starts)


def letters_of(text: bytes) -> str:
    """Give what an index of trigrams is to hold of folded text: its letters without spaces, then its shortest words.

    Each of those has a space before and after it. What is found there is no more than where a hit may be.
    """
    line = text.decode()
    parted = line.replace(MARK, " ")
    short = {word for word in parted.split() if len(word) < TRIGRAM}
    if MARK in line:
        short.update(_joined(line))
    return f"{parted.replace(' ', '')} {' '.join(sorted(short))} "


def _joined(line: str) -> Iterable[str]:
    """Give the words of two letters that are printed with a mark between them, inside longer ones."""
    for word in line.split():
        parts = word.split(MARK)
        for one, other in pairwise(parts):
            if len(one) + len(other) < TRIGRAM:
                yield one + other
