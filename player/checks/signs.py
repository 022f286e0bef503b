"""Advises on signs in texts that not every form in which these are handed on has a place for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.toml.declared import walk
from player.errors import Advice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.toml.declared import Table

# No characters of XML 1.0 (https://www.w3.org/TR/xml/#charsets), and ends of lines that only some programs know.
_SIGN: Final = re.compile("[\ufffe\uffff\u2028\u2029]")
_OF_LINES: Final = "\u2028\u2029"


def table_advice(top: Table) -> Iterator[Advice]:
    """Say so of the texts of a table, and of the tables below it."""
    for table in walk(top):
        for key in table.keys:
            value = getattr(table, key.filled)
            texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
            yield from _advice(table.path, table.line_of(key.name), *(each for each in texts if isinstance(each, str)))


def words_advice(recording: Recording) -> Iterator[Advice]:
    """Say so of the lines of a recording's transcript, and of those of its translations."""
    texts = (*([recording.transcript] if recording.transcript else ()), *recording.translations)
    for text in texts:
        for line in text.lines:
            yield from _advice(text.path, line.line, line.text)


def _advice(path: Path, line: int | None, *texts: str) -> Iterator[Advice]:
    found = dict.fromkeys(sign for text in texts for sign in _SIGN.findall(text))
    for sign in found:
        if sign in _OF_LINES:
            what = "ends a line for some programs and not for others"
            remedy = "write a space, or begin a new line"
        else:
            what = "is no character: Word, the feed and others in XML leave it out, or show that something is missing"
            remedy = "remove it"
        yield Advice(path, line, f"U+{ord(sign):04X} stands here, which {what}", remedy)
