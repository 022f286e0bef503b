"""Reads and writes the elements by which a WebVTT file says what it is and where it comes from.

They are those of the Federal Agencies Digital Guidelines Initiative, Guidelines for Embedding Metadata in WebVTT Files
1.0 (2024), https://www.digitizationguidelines.gov/guidelines/accessibilty_WebVTT.html: lines ``Element: value`` below
WEBVTT, where ``; `` separates one value from the next. Version 2.0 has them in a comment, ``NOTE``, one line for each
value, and an archive's own behind an underscore, as ``_Review history: unreviewed``; so it is written by the program
webvtt_metadata of Emory University, whose README says what has changed. Many files have an empty line between WEBVTT
and the elements. All three are read, and the first is written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.webvtt.blocks import ARROW, is_comment, normal, scan
from player.archive.webvtt.header import USAGE, read_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.transcript import Transcript

    Pairs = Sequence[tuple[str, str]]

TYPE: Final = "Type"
LANGUAGE: Final = "Language"
PARTY: Final = "Responsible Party"
MEDIA: Final = "Media Identifier"
FILE: Final = "Originating File"
CREATED: Final = "File Creation Date"
TITLE: Final = "Title"
#: What the guidelines strongly recommend, in their order.
STRONGLY: Final = (TYPE, LANGUAGE, PARTY, MEDIA, FILE, "File Creator", CREATED)
#: All of them: of the rest, two are recommended, and one is each archive's own.
ELEMENTS: Final = (*STRONGLY, TITLE, "Origin History", USAGE)
#: Those that a file may have once.
ONCE: Final = frozenset({TYPE, FILE, CREATED, TITLE})
#: What a file may be; a transcript that is timed is a caption.
TYPES: Final = ("caption", "subtitle", "audio description", "chapters", "metadata")
CAPTION: Final = TYPES[0]

_KNOWN: Final = {name.casefold(): name for name in ELEMENTS}
# Players write these for themselves, so they tell nothing of a block.
_ANYBODYS: Final = frozenset({LANGUAGE, TITLE})
# So many lines make a block; a comment of one may be anything.
_FEWEST: Final = 2
# What stands further down is not looked at.
_LONGEST: Final = 65_536
_FIRST: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_END: Final = re.compile(rb"\r\n|\r|\n")


def known(name: str) -> str | None:
    """Give the name of an element as the guidelines write it; None where it is none of theirs."""
    return _KNOWN.get(" ".join(name.split()).casefold())


def elements_in(lines: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Give the elements of a block that has nothing else, be it a comment or not; none where it is another block."""
    first, *rest = lines or ("",)
    first = first.removeprefix("NOTE") if is_comment(first) else first
    pairs = []
    for line in (first, *rest) if first.strip() else rest:
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not (colon and value and (known(name) or name.startswith("_"))):
            return ()
        pairs.append((name, value))
    names = {known(name) for name, _ in pairs} - {None}
    return tuple(pairs) if len(names) >= _FEWEST and names - _ANYBODYS else ()


def stated(text: str) -> tuple[tuple[str, str], ...]:
    """Give the pairs of a file's header, and those elements that stand below it and above the first line."""
    head = normal(text[:_LONGEST].partition(ARROW)[0])
    found = scan(head)
    pairs = read_header(found.header, lambda *_: None).pairs
    return (*pairs, *(pair for block in found.blocks for pair in elements_in(block.lines)))


def described(transcript: Transcript) -> tuple[tuple[str, str], ...]:
    """Give the same of a transcript that has been read, as far as that may be shown."""
    comments = transcript.lines[0].comments if transcript.lines else ()
    return (*transcript.header, *(pair for each in comments for pair in elements_in(each.split("\n"))))


def values(pairs: Iterable[tuple[str, str]], element: str) -> Iterator[str]:
    """Give the values of an element, however they are divided."""
    for name, value in pairs:
        if known(name) == element:
            yield from filter(None, map(str.strip, value.split(";")))


def with_elements(before: bytes, elements: Pairs) -> bytes:
    """Give a file with those elements below WEBVTT that it does not have yet; no other byte changes."""
    there = {known(name) for name, _ in stated(before.decode("utf-8-sig", errors="replace"))}
    new = [(name, value) for name, value in elements if name not in there and value]
    if not new:
        return before
    found = _FIRST.match(before)
    first = found[0] if found else b""
    end = _END.search(before)
    eol = end[0] if end else b"\n"
    rest = before[len(first) :]
    below, _, _ = rest.partition(eol)
    # A cue directly below WEBVTT would be read as part of the header.
    blank = eol if ARROW.encode() in below or (rest and not _END.match(rest) and b":" not in below) else b""
    added = b"".join(f"{name}: {value}".encode() + eol for name, value in new)
    return first.rstrip(b"\r\n") + eol + added + blank + rest


def one_value(text: str) -> str:
    """Give a text as a header can hold it as one value."""
    return " ".join(text.split()).replace(ARROW, "\N{RIGHTWARDS ARROW}").replace(";", ",")
