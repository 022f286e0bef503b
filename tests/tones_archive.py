"""An archive with one record, whose sound says words that ``tiny_engine`` hears, and ``player align`` run on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tiny_engine
from click.testing import CliRunner
from tones import write_tones

from player.archive.webvtt.reading import read_transcript
from player.cli import main
from player.intake.beginning import begin

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from click.testing import Result

    from player.archive.transcript import Transcript

TRANSCRIPT: Final = """\
WEBVTT
Language: en

NOTE page: 1

NOTE untimed k1
<v Ada>Quay, tide!

NOTE source: log, p. 2

NOTE untimed k2
<v Ben>Ferry <i>rope</i> slip.

NOTE page: 2

NOTE approximate

k3
00:00:01.000 --> 00:00:02.000
<v Ada>Mole buoy.

k4
00:00:07.250 --> 00:00:08.000
<v Ben>Lamp, which a person timed.

NOTE untimed k5
<v Ada>Nobody said this.

NOTE untimed k6
<v Ada>Dock.
"""
RECORD: Final = """\
title = "Tones"
date = "1971"
sources = ["log"]
media = "tones.wav"

[[speaker]]
name = "Ada"
kind = "person"

[[speaker]]
name = "Ben"
kind = "unidentified"
"""


def write_archive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write an archive: twelve seconds of sound that says the first twelve words. Its cache is its own."""
    monkeypatch.setenv("PLAYER_CACHE", str(folder / "cache"))
    monkeypatch.setenv(tiny_engine.LOG, str(folder / "log"))
    tiny_engine.install(monkeypatch)
    archive = folder / "archive"
    begin(archive)
    (archive / "transcripts/sources.toml").write_text('[log]\ntitle = "A log"\nkind = "document"\n', encoding="utf-8")
    records = archive / "transcripts/tones"
    records.mkdir()
    (records / "recording.toml").write_text(RECORD, encoding="utf-8")
    (records / "transcript.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    write_tones(archive / "media/tones.wav", seconds=12)
    return archive


def align(root: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["align", "tones", *map(str, words), "--archive", str(root)])


def transcript(root: Path) -> Transcript:
    return read_transcript(root / "transcripts/tones/transcript.vtt")


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def heard(root: Path) -> list[str]:
    """Give the pieces that were listened to."""
    log = root.parent / "log"
    return log.read_text(encoding="utf-8").split() if log.exists() else []
