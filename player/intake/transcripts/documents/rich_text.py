"""Reads Rich Text (.rtf, Microsoft's specification 1.9.1): what a reader of the document sees.

striprtf 0.0.35 gives hidden text and tracked deletions as words, and knows no pages; so the document is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.intake.transcripts.documents.rich_text_reading import RichText
from player.intake.transcripts.documents.typescript import imported
from player.intake.transcripts.documents.zipped import refused

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

NAME: Final = "rtf"
SUFFIXES: Final = (".rtf",)

_SIGNATURE: Final = b"{\\rtf"


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the document says what it is
    """Tell whether the file is Rich Text."""
    return content.lstrip()[: len(_SIGNATURE)] == _SIGNATURE


def read(path: Path, content: bytes) -> Imported:
    """Read a document.

    :raise ArchiveError: where it is none, or has no words.
    """
    if not is_one(path, content):
        raise refused(path, "this is no Rich Text: it does not begin with {\\rtf")
    reader = RichText(path)
    reader.read(content.decode("latin-1"))
    paragraphs, remarks, style = reader.out.finished(reader.pages)
    found = imported("Rich Text", paragraphs, remarks, title=reader.out.title, style=style)
    if not found.lines:
        raise refused(path, "there are no words in the document", "name one that holds a transcript")
    return found
