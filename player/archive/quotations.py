"""The quotations in a text, each held against the words of the sources it is said to come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUOTATION = re.compile(r"“([^”]*)”")
_MARKS = str.maketrans({"‘": "'", "’": "'", "“": "'", "”": "'", '"': "'", "—": "-", "–": "-", "\u00a0": " "})


def quotations(text: str) -> list[str]:
    """List what stands in ``text`` between “ and ”."""
    return _QUOTATION.findall(text)


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
