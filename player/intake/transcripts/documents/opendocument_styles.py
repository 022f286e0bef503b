"""Reads the styles of an OpenDocument text, as far as words depend on them: what is hidden, and what begins a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from player.intake.transcripts.documents.zipped import attribute, count_of
from player.intake.transcripts.xml_trees import children, local

#: A style has a parent, and that another; in documents from LibreOffice fewer than so many.
_DEEPEST: Final = 20
_MADE: Final = re.compile("P[0-9]+")


@dataclass(frozen=True)
class ParagraphStyle:
    """What the style of a paragraph is called, and what it does; ``page`` is the number that it gives its page."""

    name: str = ""
    is_hidden: bool = False
    breaks_before: bool = False
    breaks_after: bool = False
    page: int | None = None


class Styles:
    """The styles of a document: those of its parts, and those that were made for single paragraphs."""

    def __init__(self, *roots: Any | None) -> None:
        self._styles: dict[tuple[str | None, str | None], Any] = {}
        for root in roots:
            for style in [] if root is None else root.iter():
                if local(style) == "style":
                    self._styles.setdefault((attribute(style, "family"), attribute(style, "name")), style)

    def of_paragraph(self, name: str | None) -> ParagraphStyle:
        """Give the style of a paragraph by its name."""
        chain = self._chain("paragraph", name)
        number = _found(chain, "paragraph-properties", "page-number")
        before = _found(chain[:1], "paragraph-properties", "break-before")
        begins = bool(chain) and bool(attribute(chain[0], "master-page-name"))
        # Styles that were made for single paragraphs are called P1, P2 …: the one above says what it is.
        names = [attribute(each, "name") or "" for each in chain]
        named = next((each for each in names if not _MADE.fullmatch(each)), "")
        return ParagraphStyle(
            name=named.replace("_20_", " "),
            is_hidden=_found(chain, "text-properties", "display") == "none",
            breaks_before=before == "page" or begins,
            breaks_after=_found(chain[:1], "paragraph-properties", "break-after") == "page",
            page=count_of(number) or None,
        )

    def hides(self, name: str | None) -> bool:
        """Tell whether a style hides the text that has it."""
        return _found(self._chain("text", name), "text-properties", "display") == "none"

    def _chain(self, family: str, name: str | None) -> list[Any]:
        chain: list[Any] = []
        while (style := self._styles.get((family, name))) is not None and len(chain) < _DEEPEST:
            chain.append(style)
            name = attribute(style, "parent-style-name")
        return chain


def _found(chain: list[Any], group: str, name: str) -> str | None:
    for style in chain:
        for properties in children(style, group):
            value = attribute(properties, name)
            if value is not None:
                return value
    return None
