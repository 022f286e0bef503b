"""Reads the tokens of Rich Text: groups, control words, and letters in whatever encoding."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.documents.collecting import Collector
from player.intake.transcripts.documents.rich_text_words import ENCODINGS, FURNITURE, NUMBERED, SIGNS, SKIPPED, STARRED
from player.intake.transcripts.documents.rich_text_words import encoding_of as named_encoding
from player.intake.transcripts.documents.zipped import refused
from player.intake.transcripts.imported import Deed

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from player.intake.transcripts.documents.paragraphs import Paragraph

_TOKEN: Final = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\"
)
#: More paragraphs than a hundred hours of speech have.
_MOST_PARAGRAPHS: Final = 200_000
#: Groups in groups: programs write fewer than so many.
_DEEPEST: Final = 500
_LARGEST_PAGE: Final = 100_000
_DELETED: Final = ("a tracked deletion, not taken", "{} tracked deletions, not taken")
_INSERTED: Final = ("a tracked insertion, taken", "{} tracked insertions, taken")
_HIDDEN: Final = ("a passage of hidden text, not taken", "{} passages of hidden text, not taken")
_COMMENTED: Final = ("a comment, not taken", "{} comments, not taken")
_BOXED: Final = ("a text box, after its paragraph", "{} text boxes, each after its paragraph")
_LISTED: Final = ("the number or bullet of a list item", "the numbers or bullets of {} list items")


@dataclass
class _Group:
    """What holds between two braces, and is as before after them."""

    encoding: str = "cp1252"
    fallback: int = 1
    is_hidden: bool = False
    is_deleted: bool = False
    is_skipped: bool = False
    #: What its text is of: "" for the words, or such as "fonttbl".
    destination: str = ""
    closes: list[Callable[[], None]] = field(default_factory=list)


class RichText:
    """Reads the tokens of a document, in order."""

    def __init__(self, path: Path) -> None:
        self.out = Collector()
        self.pages: int | None = None
        self._path = path
        self._group = _Group()
        self._stack: list[_Group] = []
        self._bytes = bytearray()
        self._units: list[str] = []
        self._to_skip = 0
        self._is_starred = False
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._ansi = "cp1252"
        self._styles: dict[int, str] = {}
        self._style = 0
        self._aside: list[str] = []
        self._rows: list[list[list[Paragraph]]] = []
        self._row: list[list[Paragraph]] = []
        self._cell = 0
        self._in_table = False
        self._breaks_before = False
        self._begins_section = False

    def read(self, text: str) -> None:
        """Read a document to its end."""
        at = 0
        while (match := _TOKEN.match(text, at)) is not None:
            at = match.end()
            if match["byte"]:
                self._plain(chr(int(match["byte"], 16)))
            elif match["text"]:
                self._plain(match["text"])
            else:
                self._flush()
                if match["word"] == "bin":
                    at += max(int(match["number"] or 0), 0)
                elif match["word"]:
                    self._control(match["word"], int(match["number"]) if match["number"] else None)
                elif match["sign"]:
                    self._sign(match["sign"])
                elif match["brace"]:
                    self._brace(match["brace"])
        self._flush()
        while self._stack:
            self._brace("}")
        self._hand_on()
        self._in_table = False
        self._end()
        self._end_table()

    # What text is made of

    def _one(self, take: Callable[[], None]) -> None:
        """Take one sign, unless it stands for one before it."""
        if self._to_skip:
            self._to_skip -= 1
        else:
            take()

    def _plain(self, text: str) -> None:
        skipped = min(self._to_skip, len(text))
        self._to_skip -= skipped
        self._bytes += text[skipped:].encode("latin-1")

    def _flush(self) -> None:
        """Hand on the bytes that have come, as text."""
        if self._bytes:
            words = self._bytes.decode(self._group.encoding, "replace")
            self._bytes.clear()
            self._units.append(words)

    def _hand_on(self) -> None:
        text = "".join(self._units)
        self._units.clear()
        if not text:
            return
        # Characters beyond U+FFFF come as two halves.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
        group = self._group
        if group.destination == "stylesheet":
            self._styles.setdefault(self._style, text.strip(" ;"))
        elif group.destination:
            self._aside.append(text)
        elif not group.is_skipped and group.is_hidden:
            self._tell(text, _HIDDEN)
        elif not group.is_skipped and group.is_deleted:
            self._tell(text, _DELETED)
        elif not group.is_skipped:
            if (self._breaks_before or self._begins_section) and text.strip():
                self._breaks_before = self._begins_section = False
                if self.out.place > 1:
                    self.out.break_page(is_demanded=True)
            self.out.text(text)

    def _tell(self, text: str, what: tuple[str, str]) -> None:
        if text.strip():
            self.out.tell(Deed.LEFT_OUT, *what)

    # Braces, signs and words

    def _brace(self, brace: str) -> None:
        self._hand_on()
        self._is_starred = False
        self._to_skip = 0
        if brace == "{":
            if len(self._stack) >= _DEEPEST:
                raise refused(self._path, f"more than {_DEEPEST} groups stand in each other")
            self._stack.append(self._group)
            self._group = replace(self._group, closes=[])
        elif self._stack:
            for close in self._group.closes:
                close()
            self._group = self._stack.pop()

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._is_starred = True
        elif sign in "\r\n":
            self._control("par", None)
        else:
            text = {"~": "\u00a0", "_": "-", "-": "", "{": "{", "}": "}", "\\": "\\"}.get(sign, "")
            self._one(lambda: self._units.append(text))

    def _control(self, word: str, number: int | None) -> None:
        is_starred, self._is_starred = self._is_starred, False
        if word == "u":
            value = (number or 0) & 0xFFFF
            self._one(lambda: self._units.append(chr(value)))
            self._to_skip = self._group.fallback
            return
        if word in SIGNS:
            self._one(lambda: self._units.append(SIGNS[word]))
            return
        self._hand_on()
        if self._opens(word, is_starred=is_starred):
            return
        group = self._group
        if word in {"v", "deleted", "plain"}:
            self._toggle(word, is_on=number != 0)
        elif word in {"f", "fcharset", "ansicpg", "mac", "pc", "pca"}:
            self._of_letters(word, number or 0)
        elif word == "uc":
            group.fallback = min(max(number or 0, 0), 8)
        elif word == "s":
            self._style = number or 0
        elif word == "nofpages" and number and 0 < number < _LARGEST_PAGE:
            self.pages = number
        elif not group.is_skipped and not group.destination:
            self._word_of_text(word, number)

    def _toggle(self, word: str, *, is_on: bool) -> None:
        group = self._group
        if word == "v":
            group.is_hidden = is_on
        elif word == "deleted":
            group.is_deleted = is_on
        else:
            group.is_hidden = group.is_deleted = False

    def _of_letters(self, word: str, number: int) -> None:
        """Read what says which letters bytes are."""
        if word == "f":
            self._font = number
            self._group.encoding = self._fonts.get(number, self._ansi)
        elif word == "fcharset":
            if self._group.destination == "fonttbl" and len(self._fonts) < _DEEPEST:
                self._fonts[self._font] = ENCODINGS.get(number, self._ansi)
        else:
            self._ansi = self._group.encoding = named_encoding(word, number)

    def _word_of_text(self, word: str, number: int | None = None) -> None:
        self._hand_on()
        if word in {"par", "sect"}:
            self._end()
            self._begins_section = word == "sect" or self._begins_section
        elif word in {"line", "lbr"}:
            self.out.text("\n")
        elif word == "pard":
            self._in_table, self._style, self._breaks_before = False, 0, False
        elif word == "revised" and number != 0:
            self.out.tell(Deed.READ, *_INSERTED)
        elif word in {"cell", "nestcell", "row", "nestrow", "intbl"}:
            self._of_tables(word)
        else:
            self._of_pages(word, number)

    def _of_pages(self, word: str, number: int | None) -> None:
        if word in {"page", "softpage"}:
            self.out.break_page(is_demanded=word == "page")
        elif word == "pagebb":
            self._breaks_before = number != 0
        elif word == "sbknone":
            self._begins_section = False
        elif word in {"pgnstarts", "pgnstart"} and number and 0 < number < _LARGEST_PAGE:
            self.out.number_pages(number)

    def _of_tables(self, word: str) -> None:
        if word == "intbl":
            if not (self._in_table or self._row or self._rows):
                self._cell = len(self.out.paragraphs)
            self._in_table = True
        elif word in {"cell", "nestcell"}:
            self._end_cell()
        elif self._row:
            self._rows.append(self._row)
            self._row = []

    # Groups that are something else than the words around them

    def _opens(self, word: str, *, is_starred: bool) -> bool:
        """Begin what a group is, if this word says so."""
        group = self._group
        if group.is_skipped:
            return False
        if word in FURNITURE:
            self._collect(word, self.out.furniture)
        elif word in {"fonttbl", "stylesheet", "info"}:
            group.destination = word
            group.closes.append(self._forget)
        elif word == "footnote":
            self._apart(lambda paragraphs: self.out.note("footnote", " ".join(each.text for each in paragraphs)))
        elif word in {"shptxt", "dptxbxtext"}:
            self._apart(self._box)
        elif word == "annotation":
            self.out.tell(Deed.LEFT_OUT, *_COMMENTED)
            group.is_skipped = True
        elif word in NUMBERED:
            self.out.tell(Deed.LEFT_OUT, *_LISTED)
            group.is_skipped = True
        elif word in SKIPPED or (is_starred and word not in STARRED):
            group.is_skipped = True
        else:
            return False
        return True

    def _forget(self) -> None:
        self._aside.clear()
        self._style = 0

    def _collect(self, word: str, take: Callable[[str], None]) -> None:
        self._group.destination = word

        def close() -> None:
            text = "".join(self._aside)
            self._aside.clear()
            take(text)

        self._group.closes.append(close)

    def _apart(self, take: Callable[[list[Paragraph]], None]) -> None:
        context: AbstractContextManager[list[Paragraph]] = self.out.apart()
        paragraphs = context.__enter__()  # it is left where the group ends
        style = self._style

        def close() -> None:
            context.__exit__(None, None, None)
            self._style = style
            take(paragraphs)

        self._group.closes.append(close)

    def _box(self, paragraphs: list[Paragraph]) -> None:
        if paragraphs:
            self.out.tell(Deed.READ, *_BOXED)
            self.out.aside(paragraphs)

    # Paragraphs and tables

    def _end(self) -> None:
        if len(self.out.paragraphs) > _MOST_PARAGRAPHS:
            what = f"the document has more than {_MOST_PARAGRAPHS:,} paragraphs"
            raise refused(self._path, what, "check that it is a transcript, or split it")
        before = len(self.out.paragraphs)
        self.out.end(style=self._styles.get(self._style, ""))
        if self._rows and not self._in_table:
            after = self.out.paragraphs[before:]
            del self.out.paragraphs[before:]
            self._end_table()
            self.out.paragraphs += after

    def _end_cell(self) -> None:
        """End a cell: what came since the last one is in it."""
        self.out.end()
        self._row.append(self.out.paragraphs[self._cell :])
        del self.out.paragraphs[self._cell :]

    def _end_table(self) -> None:
        if self._row:
            self._rows.append(self._row)
            self._row = []
        if self._rows:
            self.out.table(self._rows)
            self._rows = []
