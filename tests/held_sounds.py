"""Recordings whose sound is held as MP3 or AAC, copies of their passages, and what these say of themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from clipping import run
from small_archive import write_archive
from tones import encode

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from click.testing import Result

RATE: Final = 22_050
#: What closes a passage of a record.
CLOSING: Final = """
[[closed]]
start = "0:01.3"
end = "0:02.1"
until = "2041"
reason = "It was promised"
decided_by = "The keeper"
"""
#: How AAC is encoded of which copies are exact.
WITHOUT_NOISE: Final = ("-c:a", "aac", "-b:a", "64k", "-aac_pns", "0")


def hold(archive: Path, sound: Path, *options: str, name: str = "tones.mp3") -> Path:
    """Let the recording of tones have a sound, encoded with these options, or as is usual for its suffix."""
    media = archive / "media" / name
    usual = ("-c:a", "libmp3lame", "-b:a", "64k") if media.suffix == ".mp3" else WITHOUT_NOISE
    encode(sound, media, *(options or usual))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", name), encoding="utf-8")
    return media


def hold_fed(archive: Path) -> Path:
    """Let the recording of tones have a sound that stands in a feed."""
    return hold(archive, archive / "media" / "tones.wav")


def held_archive(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "tones.mp3") -> Path:
    """Write an archive whose one recording has such a sound, and work in the folder beside it."""
    root = write_archive(folder / "archive")
    hold(root, root / "media" / "tones.wav", name=name)
    monkeypatch.chdir(folder)
    return root


def copy_to(name: str, archive: Path, *more: str, start: str = "2", end: str = "4.5") -> Result:
    """Copy a passage of that recording into a file of a name."""
    arguments = ("clip", "tones", "--from", start, "--to", end, "--format", "copy", "-o", name, *more)
    return run(archive, *arguments)


def sidecar(path: Path) -> dict[str, Any]:
    """Read the sidecar of a clip."""
    found: dict[str, Any] = json.loads(path.with_name(f"{path.name}.json").read_bytes())
    return found


def rewrite(path: Path, **changes: Any) -> None:
    """Change the sidecar of a clip."""
    path.with_name(f"{path.name}.json").write_text(json.dumps(sidecar(path) | changes), encoding="utf-8")
