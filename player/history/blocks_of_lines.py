"""Reads one line of a version of a transcript without reading the others, of which there may be many thousands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.comments import PAGE, UNTIMED
from player.archive.webvtt.reading import parse
from player.errors import ArchiveError
from player.history.comparing import lines_in

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.transcript import Line

_ENDS: Final = re.compile(r"\r\n?|\n")
_PAGE: Final = re.compile(rf"^NOTE[ \t]+{PAGE}.*$", re.MULTILINE)


def line_in(path: Path, data: bytes, name: str) -> Line | None:
    """Give the line of this identifier in a version of the transcript at ``path``; None where it has none.

    It is as it would be among the others, but for where it stands in the file and when the next begins.
    """
    text = _ENDS.sub("\n", data.decode("utf-8-sig", errors="replace"))
    if (line := _alone(path, text, name)) is not None:
        return line
    return next((line for line in lines_in(path, data) if line.id == name), None)


def _alone(path: Path, text: str, name: str) -> Line | None:
    """Read the line by itself, where its identifier stands above its times, or in its comment, and nowhere else."""
    is_it = re.compile(rf"^(?:NOTE[ \t]+{UNTIMED}[ \t]+)?{re.escape(name)}[ \t]*$", re.MULTILINE)
    found = list(is_it.finditer(text))
    if len(found) != 1:
        return None
    place = found[0]
    above = text[: place.start()]
    head, _, rest = above.partition("\n\n")
    blocks = rest.split("\n\n")
    comments: list[str] = []
    if blocks.pop():
        return None  # something stands directly above it
    while blocks and (not blocks[-1] or _is_comment(blocks[-1])):
        comments.insert(0, blocks.pop())
    pages = _PAGE.findall(rest)
    page = pages[-1:] if not any(_PAGE.search(each) for each in comments) else []
    below = text[place.start() :].partition("\n\n")[0]
    small = "\n\n".join([head, *page, *comments, below])
    try:
        lines = parse(path, small).lines
    except ArchiveError:
        return None
    return lines[0] if len(lines) == 1 and lines[0].id == name else None


def _is_comment(block: str) -> bool:
    plain = block.strip("\n")
    return (
        plain.startswith(("NOTE ", "NOTE\t", "NOTE\n"))
        and not plain[4:].lstrip().startswith(UNTIMED)
        and ARROW not in plain
    )
