"""Divides the paragraphs of a typescript into parts that have a voice, a time and a page of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.errors import quoted
from player.intake.transcripts.imported import Deed, Remark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.intake.transcripts.documents.heads import Head, Style
    from player.intake.transcripts.documents.paragraphs import Paragraph

_CLOCK: Final = r"[0-9]{1,3}:[0-5][0-9](?:[.,;:][0-9]{1,3})?"
# A time, or the number of a page, that stands in brackets within the text. In round ones, "(3:16)" may be a verse.
_INNER: Final = re.compile(
    rf"[\[{{<]\s{{0,3}}(?P<time>(?:[0-9]{{1,3}}:)?{_CLOCK})\s{{0,3}}[\]}}>]"
    rf"|\(\s{{0,3}}(?P<long>[0-9]{{1,3}}:{_CLOCK})\s{{0,3}}\)"
    r"|[\[{]\s{0,3}(?:page|pg\.?|p\.)\s{0,3}(?P<page>[0-9]{1,4}|[ivxlc]{1,7})\s{0,3}[\]}]",
    re.IGNORECASE,
)
# A paragraph that nobody says: "[laughter]", "(The telephone rings.)", "*applause*".
_EVENT: Final = re.compile(r"\[[^\[\]]*\][.]?|\([^()]*\)[.]?|\*[^*]*\*|♪.*")


@dataclass
class Part:
    """What becomes a line. ``time`` is as it is written, ``start`` in milliseconds where columns say it."""

    text: str
    speaker: str | None
    time: str | None
    start: int | None
    page: str | None
    line: int | None
    opens: bool
    comments: tuple[str, ...] = ()


@dataclass
class _Waiting:
    """A name, or a time, whose words come in the next paragraph."""

    name: str | None
    time: str | None
    line: int | None


class PartReader:
    """Reads paragraphs in order, and remembers who speaks and which page it is."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._voice: str | None = None
        self._page: str | None = None
        self._waiting: _Waiting | None = None
        self._parts: list[Part] = []
        self._empty: list[tuple[str, int | None]] = []
        self._pages: list[int | None] = []
        self._others: list[int | None] = []

    def read(self, paragraphs: Sequence[Paragraph]) -> list[Part]:
        """Give the parts of paragraphs. A time with no words after it is a part without text."""
        for paragraph in paragraphs:
            first = paragraph.pieces[0]
            head = self._style.head(first.text)
            named = paragraph.speaker or (head and head.name)
            if not named and self._waiting is None and self._style.may_be_others(head.rest if head else first.text):
                self._voice = None
                self._others.append(first.line)
            self._voice = named or self._voice
            if head is not None and not head.rest and len(paragraph.pieces) == 1:
                self._page = first.page or self._page
                self._wait(head, first.line)
            else:
                self._paragraph(paragraph, head)
        self._give_up()
        return self._parts

    def remarks(self) -> list[Remark]:
        """Tell of pages that were named in the text, and of names without words."""
        told = [
            Remark(Deed.LEFT_OUT, f"a name without words, {quoted(name)}", () if line is None else (line,))
            for name, line in self._empty
        ]
        if self._others:
            lines = tuple(line for line in self._others if line is not None)
            count = "a paragraph" if len(self._others) == 1 else f"{len(self._others)} paragraphs"
            what = f"{count} that somebody else may say, without a voice until the next name"
            told.append(Remark(Deed.READ, what, lines))
        if self._pages:
            lines = tuple(line for line in self._pages if line is not None)
            count = "a page number" if len(self._pages) == 1 else f"{len(self._pages)} page numbers"
            told.insert(0, Remark(Deed.READ, f"{count} in the text, kept with the lines", lines))
        return told

    def _wait(self, head: Head, line: int | None) -> None:
        before = self._waiting
        if before is not None and before.name and head.name:
            self._give_up()
            before = None
        if before is not None and before.time and head.time:
            self._idle(before)
            before.time = None
        name = head.name or (before.name if before else None)
        self._waiting = _Waiting(name, head.time or (before.time if before else None), line)

    def _give_up(self) -> None:
        """Tell of what waited for words that did not come."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            if waiting.name:
                self._empty.append((waiting.name, waiting.line))
            self._idle(waiting)

    def _idle(self, waiting: _Waiting) -> None:
        if waiting.time:
            self._parts.append(Part("", None, waiting.time, None, self._page, waiting.line, opens=True))

    def _paragraph(self, paragraph: Paragraph, head: Head | None) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and head is not None:
            if waiting.name and head.name:
                self._empty.append((waiting.name, waiting.line))
            if waiting.time and head.time:
                self._idle(waiting)
        text = paragraph.pieces[0].text if head is None else head.rest
        named = (head.name if head else None) or (waiting.name if waiting else None)
        has_no_voice = (paragraph.is_heading and head is None) or (
            _EVENT.fullmatch(text.strip()) and not named and not paragraph.speaker
        )
        time = (head.time if head else None) or (waiting.time if waiting else None)
        part = Part(
            text="",
            speaker=None if has_no_voice else self._voice,
            time=time,
            start=paragraph.start,
            page=None,
            line=None,
            opens=True,
            comments=paragraph.comments,
        )
        count = len(self._parts)
        for number, piece in enumerate(paragraph.pieces):
            self._page = piece.page or self._page
            part.line = piece.line
            self._piece(piece.text if number else text, part)
        name = named if len(self._parts) == count or has_no_voice else None
        if part.time or name:
            # Words that they belong to may come next: a time ends the paragraph, or nothing is left of it.
            self._waiting = _Waiting(name, part.time, part.line)

    def _piece(self, text: str, part: Part) -> None:
        """Divide a piece where a time or a page number stands in it."""
        at = 0
        for match in _INNER.finditer(text):
            self._words(text[at : match.start()], part)
            at = match.end()
            if match["page"]:
                self._page = match["page"]
                self._pages.append(part.line)
            else:
                if part.time:
                    self._idle(_Waiting(None, part.time, part.line))
                part.time, part.start = match["time"] or match["long"], None
        self._words(text[at:], part)

    def _words(self, text: str, part: Part) -> None:
        # A soft hyphen says where a word may be divided, which is the page's business.
        words = " ".join(text.replace("\u00ad", "").split())
        if not words:
            return
        opens, comments = part.opens, part.comments
        self._parts.append(Part(words, part.speaker, part.time, part.start, self._page, part.line, opens, comments))
        part.time, part.start, part.opens, part.comments = None, None, False, ()
