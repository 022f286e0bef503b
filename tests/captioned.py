"""What the sample files of captions say, and how a reader's answer is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.intake.transcripts.formats import read

if TYPE_CHECKING:
    from player.intake.transcripts.imported import Deed, Imported, ImportedLine

SAMPLES: Final = Path(__file__).with_name("data") / "transcripts"
#: Every file of captions among the samples.
CAPTIONS: Final = sorted(path for format_ in ("webvtt", "srt", "sbv") for path in (SAMPLES / format_).iterdir())


def sample(name: str) -> Imported:
    """Read the file of a format, as ``srt/tags.srt``."""
    return read(SAMPLES / name)


def said(imported: Imported) -> list[tuple[int | None, int | None, str]]:
    """Give when each line is said, and what."""
    return [(line.start, line.end, line.text) for line in imported.lines]


def voices(imported: Imported) -> list[str | None]:
    """Give who says each line."""
    return [line.turns[0].speaker if line.turns else None for line in imported.lines]


def told(imported: Imported, deed: Deed) -> dict[str, tuple[int, ...]]:
    """Give what was done, with the lines of the file."""
    return {remark.what: remark.lines for remark in imported.remarks if remark.deed is deed}


def line(text: str, start: int | None = None, end: int | None = None, **others: object) -> ImportedLine:
    """Make a line."""
    from player.intake.transcripts.imported import ImportedLine  # noqa: PLC0415  # the name of the type is its own

    return ImportedLine(text, start=start, end=end, **others)  # type: ignore[arg-type]  # whatever a test gives
