"""An archive of several tapes for clips from more than one: "tones", and others that are sampled otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from small_archive import write_archive, write_tones
from tones import ffmpeg

#: The lines of each tape but "tones": none of them is at the same time as another's.
LINES: Final = {
    "quay": ("The harbour office opened at six.", "Nobody came to the harbour office."),
    "mole": ("A ferry passed the mole.", "The harbour office was shut."),
}
RECORD: Final = """\
title = "The {name} tape"
date = "1971-0{month}"
media = "{name}{suffix}"
tags = ["{tag}"]

[[speaker]]
name = "Ines"
kind = "person"
"""


def write_tapes(root: Path) -> Path:
    """Write the archive: "tones" has one channel at 8,000 samples a second, "quay" too, "mole" two at 16,000."""
    write_archive(root)
    for number, (name, lines) in enumerate(LINES.items(), 1):
        folder = root / "transcripts" / name
        folder.mkdir()
        suffix = ".flac" if name == "mole" else ".wav"
        record = RECORD.format(name=name, month=number, suffix=suffix, tag="ferries" if name == "mole" else "offices")
        (folder / "recording.toml").write_text(record, encoding="utf-8")
        said = "".join(
            f"\n{name}-{place}\n00:00:0{place * 2}.000 --> 00:00:0{place * 2 + 1}.500\n<v Ines>{line}\n"
            for place, line in enumerate(lines, number)
        )
        (folder / "transcript.vtt").write_text(f"WEBVTT\nType: caption\nLanguage: en\n{said}", encoding="utf-8")
    write_tones(root / "media" / "quay.wav", seconds=10, step=70)
    (root / "media" / "mole.flac").write_bytes(_mole())
    return root


@cache  # dozens of tests have it
def _mole() -> bytes:
    with TemporaryDirectory() as folder:
        plain, made = Path(folder, "plain.wav"), Path(folder, "mole.flac")
        write_tones(plain, seconds=10, rate=16_000, step=90)
        ffmpeg("-i", str(plain), "-af", "pan=stereo|c0=c0|c1=0.5*c0", "-c:a", "flac", str(made))
        return made.read_bytes()


@pytest.fixture
def tapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive of several tapes; an empty folder beside it is where commands run."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return write_tapes(tmp_path / "archive")
