"""Reads sample files of documents, and compares the words of a file with those that came of it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from player.intake.transcripts import formats

if TYPE_CHECKING:
    from player.intake.transcripts.imported import Deed, Imported, ImportedLine

SAMPLES = Path(__file__).parent / "data" / "transcripts"
_WORD = re.compile(r"[^\W\d_]+")


def sample(name: str) -> Imported:
    return formats.read(SAMPLES / name)


def said(found: Imported) -> list[tuple[str | None, str]]:
    """Give who says what, line by line."""
    return [(speaker(line), line.text) for line in found.lines]


def speaker(line: ImportedLine) -> str | None:
    return line.turns[0].speaker if line.turns else None


def told(found: Imported, deed: Deed) -> list[str]:
    return [remark.what for remark in found.remarks if remark.deed is deed]


def words(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(text.replace("\u00ad", "")))


def words_said(found: Imported) -> Counter[str]:
    return words(" ".join(line.text for line in found.lines))


def words_kept_or_told(found: Imported) -> Counter[str]:
    """Give the words of lines, of who speaks, of comments, and of what is told, each as often as it is there."""
    texts = [line.text for line in found.lines]
    texts += [speaker(line) or "" for line in found.lines]
    texts += [comment for line in found.lines for comment in line.comments]
    texts += [remark.what for remark in found.remarks]
    texts += [found.title or ""]
    return words(" ".join(texts))
