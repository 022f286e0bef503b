"""What every reader of transcripts owes whoever takes over its lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category

from player.intake.transcripts import formats
from player.timecode import LONGEST

if TYPE_CHECKING:
    from player.intake.transcripts.imported import Imported, ImportedLine

DATA = Path(__file__).parent / "data" / "transcripts"


def read(name: str, file_format: str | None = None) -> Imported:
    """Read one of the sample files as an import reads it, by what it is."""
    found = formats.read(DATA / name, file_format)
    are_whole(found)
    return found


def are_whole(found: Imported) -> None:
    for line in found.lines:
        is_whole(line)
    for note in found.notes:
        assert note.title.strip()
        assert note.start >= 0


def is_whole(line: ImportedLine) -> None:
    words = line.text.split()
    assert words
    assert not any(category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in line.text.replace("\n", ""))
    assert all(turn.text in line.text for turn in line.turns)
    assert len(line.word_confidences) in {0, len(words)}
    assert all(sure is None or 0 <= sure <= 1 for sure in (line.confidence, *line.word_confidences))
    if line.start is None:
        assert (line.end, line.words, line.is_approximate) == (None, (), False)
        return
    assert 0 <= line.start <= LONGEST
    assert line.end is None or line.start < line.end
    assert len(line.words) in {0, len(words)}
    times = [time for time in line.words if time is not None]
    assert times == sorted(times)
    assert all(time >= 0 for time in times)
    assert line.end is None or all(time < line.end - line.start for time in times)


def told(found: Imported) -> list[str]:
    """Give what a reader tells of a file, without where."""
    return [f"{remark.deed.value} {remark.what}" for remark in found.remarks]
