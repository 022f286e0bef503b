"""Puts marks into a WebVTT file, or takes them out: comments above lines, items of the header; no other byte changes.

A mark of a line is a comment of one line directly above it, as ``NOTE heard: 2026-11-29, Ines Keeper``. An item of the
header is a ``Local Usage Element`` with a label, as ``[Reviewed] 2026-11-29, Ines Keeper``.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from player.archive.webvtt.blocks import ARROW, normal, scan
from player.archive.webvtt.comments import is_untimed
from player.archive.webvtt.header import USAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from player.archive.webvtt.blocks import Block

    #: Tells whether a mark, as it stands behind ``NOTE`` or in the header behind its label, is one that is meant.
    Meant = Callable[[str], bool]

# A line with its end.
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
# A comment above which an empty line was put with it.
_HAS_LINE_ABOVE: Final = re.compile(rb"NOTE\t")
_END: Final = re.compile(rb"\r\n|\r|\n")
_ENDS: Final = b"\r\n"
# What stands above the first line is shorter than so many bytes.
_LONGEST_HEAD: Final = 262_144


def with_marks(before: bytes, marks: Mapping[int, str]) -> bytes:
    """Give a file with a comment above some of its lines, each named by the line of its times or of its comment."""
    if not marks:
        return before
    lines, eol = _lines(before), _eol(before)
    for block in _blocks(before):
        if (mark := marks.get(_named(block))) is not None and (block.timing is not None or is_untimed(block)):
            first = block.line - 1
            # Without an empty line above, it would be read as part of what stands there; a tab says that this is new.
            above, sign = (b"", " ") if block.apart else (eol, "\t")
            lines[first] = above + f"NOTE{sign}{mark}".encode() + 2 * eol + lines[first]
    return b"".join(lines)


def without_marks(before: bytes, wanted: Collection[int], is_meant: Meant) -> bytes:
    """Give a file without those comments above some of its lines that are meant; lines as for ``with_marks``."""
    lines = _lines(before)
    above: list[Block] = []
    gone: list[Block] = []
    below: dict[int, Block | None] = {}
    for block in _blocks(before):
        if block.kind == "comment" and not is_untimed(block):
            above.append(block)
            continue
        if _named(block) in wanted:
            meant = [each for each in above if is_meant("\n".join(each.lines).removeprefix("NOTE").strip())]
            left = [each for each in above if each not in meant]
            for each in meant:
                below[each.line] = next((other for other in left if other.line > each.line), None)
            gone += meant
        above = []
    for block in gone:
        first, after = block.line - 1, block.line - 1 + len(block.lines)
        if _HAS_LINE_ABOVE.match(lines[first]):
            # The empty line above came with the first of such comments, and goes with the last.
            if (other := below[block.line]) is not None:
                lines[other.line - 1] = re.sub(rb"\ANOTE ", b"NOTE\t", lines[other.line - 1])
            elif first and not lines[first - 1].strip(_ENDS):
                lines[first - 1] = b""
        # The empty line below goes with it.
        after += after < len(lines) and not lines[after].strip(_ENDS)
        lines[first:after] = [b""] * (after - first)
    return b"".join(lines)


def with_item(before: bytes, label: str, value: str) -> bytes:
    """Give a file with another item at the end of its header."""
    header, rest = _header(before)
    head, eol = b"".join(header), _eol(before)
    if not head.endswith((b"\r", b"\n")):
        head += eol
    blank = b"" if not rest or not rest.strip() or rest.startswith((b"\r", b"\n")) else eol
    return head + f"{USAGE}: {label} {value}".encode() + eol + blank + rest


def below_header(before: bytes, comments: Sequence[str]) -> bytes:
    """Give a file with other comments, each of one line, below its header and above all else."""
    header, rest = _header(before)
    head, eol = b"".join(header), _eol(before)
    if not head.endswith((b"\r", b"\n")):
        head += eol
    blank = b"" if not rest or rest.startswith((b"\r", b"\n")) else eol
    return head + b"".join(eol + f"NOTE {each}".encode() + eol for each in comments) + blank + rest


def above_lines(before: bytes) -> str:
    """Give what stands in a file above its first line."""
    before = before[:_LONGEST_HEAD]
    first = next((block for block in _blocks(before) if block.timing is not None or is_untimed(block)), None)
    lines = _lines(before)
    return b"".join(lines if first is None else lines[: first.line - 1]).decode(errors="replace")


def without_items(before: bytes, label: str, is_meant: Meant) -> bytes:
    """Give a file without those items of its header that have a label, and a value that is meant."""
    header, rest = _header(before)
    return b"".join(filter(None, (_without(line, label, is_meant) for line in header))) + rest


def with_element(before: bytes, element: str, change: Callable[[str], str]) -> bytes:
    """Give a file in which ``change`` was made to the text of an element of its header, wherever that stands."""
    header, rest = _header(before)
    changed = []
    for line in header:
        name, colon, value = line.decode(errors="surrogateescape").partition(":")
        is_it = colon and name.strip() == element
        changed.append(f"{name}:{change(value)}".encode(errors="surrogateescape") if is_it else line)
    return b"".join(changed) + rest


def _without(line: bytes, label: str, is_meant: Meant) -> bytes:
    name, colon, value = line.decode(errors="surrogateescape").partition(":")
    if name.strip().removeprefix("\ufeff") != USAGE or not colon:
        return line
    items = value.split(";")

    def goes(item: str) -> bool:
        text = item.strip()
        return text.lower().startswith(label.lower()) and is_meant(text[len(label) :].strip())

    kept = [item for item in items if not goes(item)]
    if len(kept) == len(items):
        return line
    if not any(item.strip() for item in kept):
        return b""
    ends = value[len(value.rstrip("\r\n")) :]
    return f"{name}:{';'.join(kept).rstrip()}{ends}".encode(errors="surrogateescape")


def _header(before: bytes) -> tuple[list[bytes], bytes]:
    """Divide a file into the lines up to the end of its header, and the rest, as ``blocks.scan`` does."""
    lines = _lines(before)
    end = 1
    while end < len(lines) and lines[end].rstrip(_ENDS) and ARROW.encode() not in lines[end]:
        end += 1
    return lines[:end], b"".join(lines[end:])


def _lines(before: bytes) -> list[bytes]:
    return [match[0] for match in _LINE.finditer(before)]


def _eol(before: bytes) -> bytes:
    found = _END.search(before)
    return found[0] if found else b"\n"


def _blocks(before: bytes) -> Sequence[Block]:
    text = before.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    return scan(normal(text)).blocks


def _named(block: Block) -> int:
    """Give the line by which what a block is is named: of its times, or where it begins."""
    return block.line if block.timing is None else block.timing_line
