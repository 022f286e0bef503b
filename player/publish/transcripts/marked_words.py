"""Writes signs behind words that are doubtful or read otherwise, and behind lines that are not translated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from player.archive.doubts import Doubt
    from player.publish.transcripts.exported_lines import ExportedLine

# As ``str.split()`` has them; and from a word's first letter or digit to its last.
_WORD: Final = re.compile(r"\S+")
_BARE: Final = re.compile(r"\w(?:\S*\w)?")
#: What is said at the head of a file in which there are such signs: of people's doubts, and of a machine's as well.
DOUBTED: Final = "Words before a question mark in brackets are doubtful; after “or” stands how else they are read."
KEY: Final = (
    "[?] stands behind words that somebody doubts, or of which a machine was not sure; "
    "[or …] says how else they are read."
)


def pieces(line: ExportedLine, *, with_unsure: bool = True) -> Iterator[tuple[str, bool]]:
    """Give the text of a line in pieces, and of each whether it is such a sign and no word of the line.

    Without ``with_unsure`` there is none where only a machine was not sure.
    """
    signs: dict[int, list[str]] = {}
    for doubt in line.doubts:
        signs.setdefault(doubt.last, []).append(_sign(doubt))
    for number in line.unsure if with_unsure else ():
        signs.setdefault(number, ["[?]"])
    text, at = line.text, 0
    for number, word in enumerate(_WORD.finditer(text) if signs else ()):
        if number in signs:
            bare = _BARE.search(text, *word.span())
            end = bare.end() if bare else word.end()
            yield text[at:end], False
            yield f" {' '.join(dict.fromkeys(signs[number]))}", True
            at = end
    yield text[at:], False
    if line.is_untranslated:
        yield " [not translated]", True
    if line.older is not None:
        yield " [older than what was said]", True
    if line.is_closed and line.reason:
        yield f" {in_one_line(line.reason)}", True


def marked(line: ExportedLine, *, with_unsure: bool = True) -> str:
    """Give the text of a line with such signs in it."""
    return "".join(text for text, _ in pieces(line, with_unsure=with_unsure))


def has_signs(lines: Iterable[ExportedLine], *, with_unsure: bool = True) -> bool:
    """Tell whether there are signs behind words that need a key."""
    return any(line.doubts or (with_unsure and line.unsure) for line in lines)


def _sign(doubt: Doubt) -> str:
    others = " or ".join(dict.fromkeys(in_one_line(reading.text) for reading in doubt.readings))
    said = " or ".join(filter(None, ("?" if doubt.is_doubtful else "", others)))
    return f"[{said}]" if doubt.is_doubtful else f"[or {said}]"
