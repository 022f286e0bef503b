"""Reads what the comments of a WebVTT file say of its lines; no browser looks at them.

``NOTE source:``, ``NOTE paragraph``, ``NOTE page:`` and ``NOTE approximate`` stand directly before the line they are
about; a page lasts until another is named. ``NOTE untimed`` and an identifier is a line itself: its words stand on the
lines below, written as those of a cue. Other comments before a line are kept as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from player.archive.references import IDENTIFIER, Citation, parse_citation
from player.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from player.archive.webvtt.blocks import Block

#: The comment before a line that begins a paragraph, and that before a cue whose times are known only roughly.
PARAGRAPH: Final = "paragraph"
APPROXIMATE: Final = "approximate"
#: What the comment begins with that names a page of the document, and that which is an untimed line.
PAGE: Final = "page:"
UNTIMED: Final = "untimed"

_SOURCE: Final = re.compile(r"\s*sources?\s*:", re.IGNORECASE)


class About(NamedTuple):
    """What comments say of a line."""

    citations: tuple[Citation, ...] = ()
    opens_paragraph: bool = False
    is_approximate: bool = False
    page: str | None = None
    comments: tuple[str, ...] = ()


_NOTHING: Final = About()


class Comments:
    """Collects the comments that stand above a line; ``report`` is called with what is wrong with one."""

    def __init__(self, report: Callable[[int, str, str], None]) -> None:
        self._report = report
        #: The page that is being read.
        self._page: str | None = None
        self._forget()

    def _forget(self) -> None:
        self._is_empty = True
        # Those since the last line, each with its own line in the file.
        self._sources: list[tuple[int, Citation]] = []
        self._approximate: int | None = None
        self._opens_paragraph = False
        self._others: list[str] = []

    def add(self, block: Block) -> None:
        """Read a comment that is no line itself."""
        self._is_empty = False
        says = "\n".join(_lines(block)).strip()
        if says == PARAGRAPH:
            self._opens_paragraph = True
        elif says == APPROXIMATE:
            self._approximate = block.line
        elif says.startswith(PAGE) and "\n" not in says:
            self._turn(block.line, says.removeprefix(PAGE).strip())
        else:
            self._add_other(block)

    def for_cue(self) -> About:
        """Give what is said of the cue below, and forget it."""
        if self._is_empty:
            return _NOTHING if self._page is None else _NOTHING._replace(page=self._page)
        about = About(
            tuple(citation for _, citation in self._sources),
            self._opens_paragraph,
            self._approximate is not None,
            self._page,
            tuple(self._others),
        )
        self._forget()
        return about

    def for_untimed(self) -> About:
        """Give what is said of the untimed line below, and forget it."""
        self._report_approximate()
        return self.for_cue()._replace(is_approximate=False)

    def drop(self) -> None:
        """Forget what would be said of something that is no line, without reporting it: that is reported itself."""
        self._forget()

    def end(self) -> None:
        """Report comments below which there is no line, and forget them."""
        for number, citation in self._sources:
            what = f"the source comment {quoted(str(citation))} is not directly above a cue, and is dropped"
            self._report(number, what, "move it above the cue that it gives the source of")
        self._report_approximate()
        self._forget()

    def _report_approximate(self) -> None:
        if self._approximate is not None:
            what = "the comment that times are approximate is not directly above a cue, and is dropped"
            self._report(self._approximate, what, "move it above the cue whose times are approximate")

    def _turn(self, line: int, page: str) -> None:
        if page:
            self._page = page
        else:
            self._report(line, "the comment names no page, and is dropped", "write it like this: NOTE page: 12")

    def _add_other(self, block: Block) -> None:
        lines = _lines(block)
        of_sources = [(number, line.strip()) for number, line in enumerate(lines, block.line) if _SOURCE.match(line)]
        for number, line in of_sources:
            keyword, _, rest = line.partition(":")
            citation = parse_citation(rest) if keyword == "source" else None
            if citation is None:
                what = f"the source comment {quoted(line)} cannot be read, and is dropped"
                self._report(number, what, "write it as NOTE source: id, or NOTE source: id, locator")
            else:
                self._sources.append((number, citation))
        if not of_sources and (text := "\n".join(lines).strip()):
            self._others.append(text)


def is_untimed(block: Block) -> bool:
    """Tell whether a comment is meant as an untimed line."""
    return block.kind == "comment" and _line_of_name(block) is not None


def untimed(block: Block) -> tuple[str, int, str]:
    """Divide an untimed line into its identifier as it is written, the line below it, and what stands from there on."""
    at = _line_of_name(block) or 0
    name = _lines(block)[at].strip().removeprefix(UNTIMED).strip()
    return name, block.line + at + 1, "\n".join(block.lines[at + 1 :])


def untimed_names(blocks: Iterable[Block]) -> dict[str, int]:
    """Give the identifiers of the untimed lines, each with the first line of the file that has it."""
    found: dict[str, int] = {}
    for block in blocks:
        if is_untimed(block) and IDENTIFIER.fullmatch(name := untimed(block)[0]):
            found.setdefault(name, block.line)
    return found


def _line_of_name(block: Block) -> int | None:
    """Find which line of a comment calls it untimed: its first, or, as webvtt-py writes them, the one below NOTE."""
    lines = _lines(block)
    at = 0 if lines[0].strip() or len(lines) == 1 else 1
    return at if UNTIMED in lines[at] and lines[at].split()[0] == UNTIMED else None


def _lines(block: Block) -> list[str]:
    return [block.lines[0].removeprefix("NOTE"), *block.lines[1:]]
