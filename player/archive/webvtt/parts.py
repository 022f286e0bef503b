"""Divides a WebVTT file into what may be moved as a whole, so that nothing in it is lost where lines of it change.

A part is a line with the comments above it, or something that is no line with those above it, such as a style. What all
of them hold, one after another, is the file, byte for byte.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from player.archive.webvtt.blocks import normal, scan
from player.archive.webvtt.comments import About, Comments, is_untimed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from player.archive.transcript import Line
    from player.archive.webvtt.blocks import Block

# A line with its end.
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END: Final = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Remark:
    """A comment above a line, with the empty lines below it, and what it says."""

    content: bytes
    about: About
    #: Which of the pieces of the file it is, counted from 0; None where it is new.
    place: int | None = None

    @property
    def turns_page(self) -> bool:
        """Tell whether a page of the document begins with it."""
        return self.about.page is not None

    @property
    def says_nothing(self) -> bool:
        """Tell whether it says nothing that is read."""
        return self.about == About()


@dataclass
class Part:
    """A line, or something else, as it is in the file, with the comments above it and the empty lines below."""

    remarks: list[Remark]
    content: bytes
    block: Block | None = None
    line: Line | None = None
    #: Which of the pieces of the file ``content`` is, counted from 0; None where it is new.
    place: int | None = None


@dataclass
class Parts:
    """All of a file."""

    header: bytes
    parts: list[Part] = field(default_factory=list)
    #: The end of its first line, which those that are new get too.
    eol: bytes = b"\n"


def parts_of(before: bytes, lines: Sequence[Line]) -> Parts:
    """Divide a file that is read as these lines."""
    rows = rows_of(before)
    blocks = scan(normal(text_of(before))).blocks
    at = {line.line: line for line in lines}
    firsts = [block.line - 1 for block in blocks]
    found = Parts(b"".join(rows[: firsts[0]] if firsts else rows), eol=_eol(before))
    remarks: list[Remark] = []
    for place, (block, first, last) in enumerate(zip(blocks, firsts, [*firsts, len(rows)][1:], strict=True)):
        content = b"".join(rows[first:last])
        if block.kind == "comment" and not is_untimed(block):
            remarks.append(Remark(content, _about(block), place))
            continue
        line = at.get(block.line if block.timing is None else block.timing_line)
        found.parts.append(Part(remarks, content, block, line, place))
        remarks = []
    if remarks:
        found.parts.append(Part(remarks, b"", place=len(blocks)))
    return found


def rows_of(content: bytes) -> list[bytes]:
    """Give the lines of a file, each with its end."""
    return [match[0] for match in _LINE.finditer(content)]


def text_of(content: bytes) -> str:
    """Decode a file as it is read."""
    return content.removeprefix(codecs.BOM_UTF8).decode(errors="replace")


def assembled(parts: Parts, before: bytes) -> bytes:
    """Put parts together again: an empty line stands between what did not follow each other in the file before."""
    pieces = list(_pieces(parts))
    out = [parts.header]
    last: int | None = -1
    for content, place in pieces:
        is_next = place is not None and last is not None and place == last + 1
        if not (is_next or _ends_empty(out[-1]) or content.startswith((b"\r", b"\n"))):
            out.append(parts.eol if out[-1].endswith((b"\r", b"\n")) else 2 * parts.eol)
        out.append(content)
        last = place
    after = b"".join(out)
    # Where it ends otherwise than before, it ends as before: with a line end or without.
    if pieces and (pieces[-1][1] is None or b"".join(out[-1:]) != before[len(before) - len(out[-1]) :]):
        after = after.rstrip(b"\r\n") + before[len(before.rstrip(b"\r\n")) :]
    return after


def _pieces(parts: Parts) -> Iterator[tuple[bytes, int | None]]:
    for part in parts.parts:
        for remark in part.remarks:
            yield remark.content, remark.place
        if part.content:
            yield part.content, part.place


def _ends_empty(content: bytes) -> bool:
    """Tell whether an empty line stands at the end."""
    return content[-4:].replace(b"\r\n", b"\n").replace(b"\r", b"\n").endswith(b"\n\n")


def _about(block: Block) -> About:
    comments = Comments(lambda *_: None)
    comments.add(block)
    return comments.for_cue()


def _eol(before: bytes) -> bytes:
    found = _END.search(before)
    return found[0] if found else b"\n"
