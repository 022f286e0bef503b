"""Reads the styles of a Word document, as far as words depend on them: what is hidden, and what begins a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from player.intake.transcripts.documents.zipped import attribute
from player.intake.transcripts.xml_trees import children, local

#: A style is based on another, and that on another; in documents from Word on fewer than so many.
_DEEPEST: Final = 20


@dataclass(frozen=True)
class ParagraphStyle:
    """What the style of a paragraph is called, and what it does."""

    name: str = ""
    is_hidden: bool = False
    breaks_page: bool = False


class Styles:
    """The styles of a document."""

    def __init__(self, root: Any | None) -> None:
        styles = [] if root is None else children(root, "style")
        self._styles = {attribute(style, "styleId"): style for style in styles}
        usual = [style for style in styles if attribute(style, "type") == "paragraph" and _is_true(style, "default")]
        self._usual = attribute(usual[0], "styleId") if usual else None
        defaults = [] if root is None else children(root, "docDefaults")
        self._hides_all = _decided(
            [group for each in defaults for group in children(each, "rPrDefault")], "rPr", "vanish"
        )

    def of_paragraph(self, properties: Any | None) -> ParagraphStyle:
        """Give the style that the properties of a paragraph name."""
        chain = self._chain(_value(properties, "pStyle") or self._usual)
        is_hidden = _decided(chain, "rPr", "vanish")
        if is_hidden is None:
            is_hidden = bool(self._hides_all)
        if not chain:
            return ParagraphStyle(is_hidden=is_hidden)
        return ParagraphStyle(
            name=_value(chain[0], "name") or "",
            is_hidden=is_hidden,
            breaks_page=bool(_decided(chain, "pPr", "pageBreakBefore")),
        )

    def hides(self, properties: Any | None, *, in_hidden: bool) -> bool:
        """Tell whether the properties of a run hide it, themselves or by its style, or its paragraph does."""
        if properties is not None and children(properties, "vanish"):
            return is_on(properties, "vanish")
        return in_hidden or bool(_decided(self._chain(_value(properties, "rStyle")), "rPr", "vanish"))

    def _chain(self, key: str | None) -> list[Any]:
        chain: list[Any] = []
        while key in self._styles and len(chain) < _DEEPEST:
            chain.append(self._styles[key])
            key = _value(chain[-1], "basedOn")
        return chain


def is_on(properties: Any | None, name: str) -> bool:
    """Tell whether a property that is on or off is there, and on."""
    found = [] if properties is None else children(properties, name)
    return bool(found) and attribute(found[0], "val") not in {"0", "false", "off"}


def _is_true(element: Any, name: str) -> bool:
    return attribute(element, name) in {"1", "true", "on"}


def _decided(chain: list[Any], group: str, name: str) -> bool | None:
    """Tell whether a property is on by the first of the styles that says so; None where none does."""
    for style in chain:
        for properties in children(style, group):
            if children(properties, name):
                return is_on(properties, name)
    return None


def _value(element: Any | None, name: str) -> str | None:
    found = [] if element is None else [child for child in element if local(child) == name]
    return attribute(found[0], "val") if found else None
