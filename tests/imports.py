"""What the tests of imports share: a recording to bring a transcript into, and lines as readers give them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from player.archive.archive import Archive
from player.archive.webvtt.reading import parse
from player.intake.transcripts import bringing
from player.intake.transcripts.imported import Imported, ImportedLine
from player.intake.transcripts.names import Speakers

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Line
    from player.intake.transcripts.bringing import Brought

SLUG = "ferry"
DIGEST = "ab" * 32

RECORD = """\
title = "The ferry"
date = "1957"
status = "not held"

[[speaker]]
name = "Anna Reed"
kind = "person"
"""


def write_record(root: Path, record: str = RECORD) -> Record:
    """Write an archive with one recording that has no transcript yet."""
    folder = root / "transcripts" / SLUG
    folder.mkdir(parents=True)
    (root / "media").mkdir()
    (folder / "recording.toml").write_text(record, encoding="utf-8")
    return Archive(root).record(SLUG)


def timed(*texts: str, **known: Any) -> list[ImportedLine]:
    """Give lines of a second each."""
    return [
        ImportedLine(text, start=number * 1000, end=number * 1000 + 1000, origin=number + 1, **known)
        for number, text in enumerate(texts)
    ]


def prepare(record: Record, lines: list[ImportedLine], **options: Any) -> Brought:
    """Prepare lines as those of a file."""
    known = {name: options.pop(name) for name in ("header", "notes", "language") if name in options}
    wanted: dict[str, Any] = {"speakers": Speakers(), "digest": DIGEST, "length": None, **options}
    return bringing.prepared(record, Imported("a test", tuple(lines), **known), **wanted)


def read_again(record: Record, brought: Brought) -> list[Line]:
    """Read what would be written, without its lines in the file; nothing may be wrong with it."""
    found = parse(record.folder / "transcript.vtt", brought.transcript.decode())
    assert found.faults == ()
    return [replace(line, line=0) for line in found.lines]


def what(brought: Brought) -> str:
    """Give all that is told, a thing a line."""
    return "\n".join(f"{remark.deed.value}: {remark.what} {list(remark.lines)}" for remark in brought.remarks)
