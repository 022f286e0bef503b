"""A small archive whose sound is an MP3 with an access copy that is right, for tests that spoil it."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from small_archive import write_archive
from tones import encoded, write_tones

from player.audio import access

SLUG = "tones"
SECONDS = 10


@lru_cache(maxsize=1)
def _kept() -> TemporaryDirectory[str]:
    """Keep one such archive for as long as the tests run: each takes a copy of it."""
    folder = TemporaryDirectory(prefix="tape-player-tests-")
    root = write_archive(Path(folder.name) / "archive")
    wav = write_tones(root / "media" / "tones.wav", seconds=SECONDS)
    encoded(wav, "mp3 of constant bitrate").rename(held_of(root))
    wav.unlink()
    record = root / "transcripts" / SLUG / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    access.make(held_of(root), copy_of(root))
    return folder


def write_copied(root: Path) -> Path:
    """Write the archive at ``root``, which must not be there."""
    return Path(shutil.copytree(Path(_kept().name) / "archive", root))


def held_of(root: Path) -> Path:
    return root / "media" / "tones.mp3"


def copy_of(root: Path) -> Path:
    return access.place(root / "media", SLUG, "m4a")


def sidecar_of(root: Path) -> Path:
    return access.place(root / "media", SLUG, "json")
