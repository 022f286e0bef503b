"""The documents for people, README.md and those in docs/: their blocks, the commands they show, the names in them."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
#: Every document, by its path below the root.
DOCUMENTS: Final = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
}
_BLOCK: Final = re.compile(
    r"^(?P<indent> *)```(?P<kind>\w*)(?: (?P<path>\S+))?\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
# A comment after a command, of which none here has a "#" of its own.
_COMMENT: Final = re.compile(r"\s+#\s.*")


@dataclass(frozen=True)
class Block:
    """A fenced block: what its fence calls it, the file that it is, if it is one, its text, and its line."""

    kind: str
    path: str | None
    text: str
    line: int


def blocks(document: str) -> list[Block]:
    """List the fenced blocks of a document, in order."""
    text = DOCUMENTS[document]
    return [
        Block(match["kind"], match["path"], textwrap.dedent(match["text"]), text.count("\n", 0, match.start()) + 1)
        for match in _BLOCK.finditer(text)
    ]


def commands(block: Block) -> list[str]:
    """List the commands of a block of shell: a line each, without its comment."""
    lines = block.text.replace("\\\n", " ").splitlines()
    return [_COMMENT.sub("", line) for line in lines if line.strip()]


def prose(document: str) -> str:
    """Give a document without its fenced blocks."""
    return _BLOCK.sub("", DOCUMENTS[document])


def spans(document: str) -> list[str]:
    """List what stands between backticks in the prose of a document."""
    return [" ".join(found.split()) for found in re.findall(r"`([^`]+)`", prose(document))]


def anchors(document: str) -> set[str]:
    """Give the names by which the headings of a document can be linked to, as GitHub makes them."""
    headings = re.findall(r"^#{1,6} (.+)$", prose(document), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
