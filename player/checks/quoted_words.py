"""The quotations in a text, each held against the words of the sources it is said to come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_QUOTATION = re.compile(r"“([^“”]*)”")
# Marks that no source is held against: the low, angled and full-width ones, around whatever they stand.
_FOREIGN = re.compile("[„‟«»‹›〝〟＂]")  # noqa: RUF001  # that they look like others is why they are told
_STRAIGHT = re.compile(r'(?<!\w)"(?=\S)([^"]*)"')  # after a figure it is the sign of inches
# A closing mark is the apostrophe too: one within a word closes nothing, nor does a straight one after an s, for
# 'twas the Chiefs' advice.
_SINGLE = re.compile(r"(?<!\w)‘((?:[^‘’]|(?<=\w)’(?=\w))*)’(?!\w)")
_STRAIGHT_SINGLE = re.compile(r"(?<!\w)'(?=\w)((?:[^']|(?<=\w)'(?=\w))*)(?<![\ss])'(?!\w)")
_MARKS = str.maketrans({"‘": "'", "’": "'", "“": "'", "”": "'", '"': "'", "—": "-", "–": "-", "\u00a0": " "})


def quotations(text: str) -> list[str]:
    """List what stands in ``text`` between “ and ”."""
    return _QUOTATION.findall(text)


def stray_marks(text: str) -> Iterator[str]:
    """Say what in ``text`` is marked as a quotation, and not by one “ and one ”, so that no source is held against it.

    What stands within “ and ” may have marks of its own.
    """
    outside = _QUOTATION.sub(" … ", text)
    if marks := _FOREIGN.findall(outside):
        yield f"there are the quotation marks {' '.join(dict.fromkeys(marks))}"
    elif re.search("[“”]", outside):
        yield "a “ or a ” is without its other"
    for pattern in (_STRAIGHT, _SINGLE, _STRAIGHT_SINGLE):
        for match in pattern.finditer(outside):
            if len(match[1].split()) > 1:
                yield f"other marks stand around {match[0]}"


def unverified(text: str, excerpts: Iterable[str]) -> list[str]:
    """List the quotations in ``text``, between “ and ”, that stand in none of the excerpts.

    White space is folded and the shapes of quotation marks and dashes are one; case and words are exact, but for the
    case of a first letter and for a comma or full stop before the closing mark, which a quoting sentence may put there.
    """
    sources = [folded(excerpt) for excerpt in excerpts]
    return [quotation for quotation in quotations(text) if not any(stands_in(quotation, source) for source in sources)]


def stands_in(quotation: str, source: str) -> bool:
    """Tell whether ``quotation`` stands word for word in ``source``, which has been folded."""
    return _is_in(folded(quotation), source)


def folded(text: str) -> str:
    """Write white space, and the shapes of quotation marks and dashes, in one way."""
    return re.sub(r"\s+", " ", text.translate(_MARKS)).strip()


def _is_in(quotation: str, source: str) -> bool:
    words = quotation.rstrip(".,;: ")
    if not words:
        return False
    first = f"[{re.escape(words[0].upper())}{re.escape(words[0].lower())}]"
    return re.search(rf"(?<!\w){first}{re.escape(words[1:])}(?!\w)", source) is not None
