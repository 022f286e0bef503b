"""The small archive with a history: the words of a line were changed, it was divided, and another line was removed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from small_archive import TRANSCRIPT, write_archive

from player.archive.archive import Archive
from player.history.recording import record
from player.intake.transaction import transaction

if TYPE_CHECKING:
    from pathlib import Path

#: What each version has in place of the first line's words, and who made it of the one before, on which day.
NAMED: Final = TRANSCRIPT.replace("\n\n00:00:05", "\n\nc3\n00:00:05")
ONE: Final = NAMED.replace("three.", "trees.")
TWO: Final = ONE.replace(
    "NOTE source: log, p. 2\n\nfirst\n00:00:02.000 --> 00:00:04.500\n<v Ada>One <00:00:02.500>two <00:00:03.000>trees.",
    "NOTE source: log, p. 2\n\na1\n00:00:02.000 --> 00:00:03.000\n<v Ada>One two\n\n"
    "b1\n00:00:03.000 --> 00:00:04.500\n<v Ada>trees.",
)
THREE: Final = TWO.partition("\nc3\n")[0] + "\nlast\n" + TWO.partition("\nlast\n")[2]


def change(archive: Path, after: str, by: str | None, day: str, moved: dict[str, list[str]] | None = None) -> None:
    """Change the transcript, and have it written down as of a day."""
    found = Archive(archive).record("tones")
    path = found.folder / "transcript.vtt"
    before = path.read_bytes()
    with transaction(archive) as changing:
        number = record(changing, found, before, after.encode(), by, "desk", moved)
        changing.replace(path, before, after.encode())
    place = found.folder / "history" / f"{number:04d}.json"
    told: dict[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps({**told, "date": f"{day}T12:00:00Z"}), encoding="utf-8")


def write_storied(root: Path) -> Path:
    """Write the archive at ``root``, and change its transcript three times."""
    archive = write_archive(root)
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(NAMED, encoding="utf-8")
    change(archive, ONE, "Ines Keeper", "2026-11-20")
    change(archive, TWO, "Bo", "2026-11-22", {"first": ["a1", "b1"]})
    change(archive, THREE, "Ines Keeper", "2026-11-29", {"c3": []})
    return archive
