"""Finds what in a WebVTT file is its grammar, and what people's words: only these can be taken out of it.

Grammar is what programs read: the first word, times, identifiers, settings, tags and their classes, the names of header
lines and labels in them, the words that comments of ours begin with, what these point at, numbers and days.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.doubt_marks import DOUBTFUL, VARIANT
from player.archive.line_marks import ALIGNED, CONFIDENCE, DOUBTS, OLDER
from player.archive.machine import HEARD, UNKNOWN, WORD_CONFIDENCE
from player.archive.machine_origin import CREATED, CREATOR, ORIGIN
from player.archive.older_translations import GONE
from player.archive.references import IDENTIFIER
from player.archive.webvtt.blocks import is_signed, normal, scan
from player.archive.webvtt.comments import APPROXIMATE, PAGE, PARAGRAPH, UNTIMED
from player.archive.webvtt.header import USAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.webvtt.blocks import Block

    #: From which sign of a text to which, not including that one.
    Span = tuple[int, int]

# The elements of FADGI, Guidelines for Embedding Metadata in WebVTT Files 1.0 (2024), and what players write there.
# What else stands before a colon may be words.
_ELEMENTS: Final = (
    *(USAGE, ORIGIN, CREATOR, CREATED, "Type", "Language", "Responsible Party", "Media Identifier"),
    *("Originating File", "Title", "Kind", "Region", "X-TIMESTAMP-MAP"),
)
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NAME: Final = IDENTIFIER.pattern
_ELEMENT: Final = re.compile(rf"\s*(?:{'|'.join(map(re.escape, _ELEMENTS))})\s*[:=]", re.IGNORECASE)
# Those that have no words behind them, but codes.
_CODED: Final = re.compile(r"\s*(?:Type|Language|Kind|Region|X-TIMESTAMP-MAP)\s*[:=].*", re.IGNORECASE)
# In a header: labels, digests, days, and what says that something is not known.
_IN_HEADER: Final = re.compile(rf"(?:[:;]\s*\[[^\[\]]*\])|\b[0-9a-fA-F]{{64}}\b|\b{_DAY}\b|\b{UNKNOWN}\b")
_COMMENT: Final = re.compile(
    "|".join(
        (
            rf"\s*(?:{PARAGRAPH}|{APPROXIMATE})\s*\Z",
            rf"\s*(?:{ALIGNED}|{CONFIDENCE}|{WORD_CONFIDENCE}|{OLDER})[-0-9. \t]*",
            rf"\s*(?:{DOUBTS}|{PAGE})",
            r"\s*part:[ \t]*[0-9]*",
            rf"\s*{UNTIMED}(?:[ \t]+{_NAME})?(?=[ \t\n]|\Z)",
            rf"\s*{HEARD}(?:\s*{_DAY}\s*,)?",
            rf"\s*(?:{DOUBTFUL}|{VARIANT})(?:\s*[0-9]+(?:\s*-\s*[0-9]+)?)?",
            rf"\s*{re.escape(GONE)}(?:\s*{_NAME}(?:\s*,\s*{OLDER}[-0-9 \t]*)?)?",
        )
    )
)
_SOURCE: Final = re.compile(rf"^[ \t]*sources?[ \t]*:(?:[ \t]*{_NAME}(?=[ \t]*(?:,|$)))?", re.MULTILINE | re.IGNORECASE)
# Of a tag, all but what stands behind its name and classes, such as the name of a voice. A character reference is a
# sign, and no word.
_TAG: Final = re.compile(r"</?(?:[bciuv]|ruby|rt)(?:\.[^\s<>]*)?(?=[\s>])|</?lang(?:[.\s][^<>\n]*)?>|<[0-9:.]+>")
_REFERENCE: Final = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{0,31});")
# In a style sheet, words are what stands in quotation marks, and in comments.
_WORDS_OF_STYLE: Final = re.compile(r"\"[^\"]*\"|'[^']*'|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def grammar_of(text: str) -> list[Span]:
    """Give the spans of the text of a WebVTT file that are its grammar, but for ``signs_of``."""
    return list(_spans(text))


def signs_of(text: str) -> list[Span]:
    """Give where tags stand, and characters are written as references: words may be around them, but no part of one."""
    found = [each.span() for each in _TAG.finditer(text)] if "<" in text else []
    return found + ([each.span() for each in _REFERENCE.finditer(text)] if "&" in text else [])


def grammar_of_comment(text: str) -> list[Span]:
    """Give the spans that are grammar of what a comment says, which stands behind ``NOTE``."""
    if (found := _COMMENT.match(text)) is not None:
        return [found.span()]
    return [found.span() for found in _SOURCE.finditer(text)]


def grammar_of_citation(text: str) -> list[Span]:
    """Give the span of the id in ``id, locator``."""
    found = re.compile(rf"\s*{_NAME}(?=\s*(?:,|\Z))").match(text)
    return [] if found is None else [found.span()]


def _spans(text: str) -> Iterator[Span]:
    mark = len(text) - len(text.removeprefix("\ufeff"))
    plain = normal(text[mark:])
    starts = [found.start() for found in _LINE.finditer(text)]
    if is_signed(plain):
        own = mark + len("WEBVTT")
        yield 0, own
        yield from _moved(own, _of_header(plain.partition("\n")[0][len("WEBVTT") :]))
    found = scan(plain)
    for number, line in enumerate(found.header, 1):
        yield from _moved(starts[number], _of_header(line))
    for block in found.blocks:
        yield from _of_block(block, starts)


def _of_header(line: str) -> Iterator[Span]:
    if (coded := _CODED.match(line)) is not None:
        yield coded.span()
    elif (element := _ELEMENT.match(line)) is not None:
        yield element.span()
        yield from (found.span() for found in _IN_HEADER.finditer(line, element.end() - 1))


def _of_block(block: Block, starts: list[int]) -> Iterator[Span]:
    """Give the grammar of one block, whose lines begin at ``starts``, counted from the first of the file."""
    first = block.line - 1
    if block.arrow is not None:
        # The identifier and the times.
        for at in range(block.arrow + 1):
            yield starts[first + at], starts[first + at] + len(block.lines[at])
    elif block.kind == "comment":
        yield starts[first], starts[first] + len("NOTE")
        yield from _across(block, starts, grammar_of_comment("\n".join(block.lines)[len("NOTE") :]), len("NOTE"))
    elif block.kind != "stray":
        said = "\n".join(block.lines)
        at = 0
        spans = []
        for words in _WORDS_OF_STYLE.finditer(said):
            spans.append((at, words.start()))
            at = words.end()
        yield from _across(block, starts, [*spans, (at, len(said))], 0)


def _across(block: Block, starts: list[int], spans: list[Span], before: int) -> Iterator[Span]:
    """Give spans of the lines of a block, ``before`` signs after its first, as spans of the text."""
    places = [0]
    for line in block.lines:
        places.append(places[-1] + len(line) + 1)
    for first, last in spans:
        for at, line in enumerate(block.lines):
            begin, end = max(first + before, places[at]), min(last + before, places[at] + len(line))
            if begin < end:
                start = starts[block.line - 1 + at]
                yield start + begin - places[at], start + end - places[at]


def _moved(by: int, spans: Iterator[Span]) -> Iterator[Span]:
    yield from ((first + by, last + by) for first, last in spans)
