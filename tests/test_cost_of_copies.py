"""A clip costs little: the command imports what it needs and no more, and starts one ffmpeg for a copy, else two."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import imageio_ffmpeg
import pytest
from held_sounds import hold
from small_archive import write_archive
from tones import EXECUTABLE

from player.audio import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

# What imports everything else, and what takes 2 ms or more that no copy needs.
HEAVY = {
    "asyncio", "babel", "email", "flask", "html.entities", "http", "imageio_ffmpeg", "importlib.metadata", "jinja2",
    "logging", "markdown_it", "multiprocessing", "mutagen", "numpy", "pydub", "secrets", "shutil", "sqlite3",
    "tempfile", "waitress", "webvtt",
}  # fmt: skip
#: Modules of the program that read other files than a record's, or are other commands.
ELSEWHERE = {
    "player.archive.chronology", "player.archive.dossiers", "player.archive.script", "player.archive.translation",
    "player.commands.clips", "player.commands.joining_many", "player.commands.serve", "player.history.versions",
    "player.history.whereabouts", "player.letters",
}  # fmt: skip
COMMAND = """import sys
from player.cli import main
main(sys.argv[1:], standalone_mode=False)
print(*sorted(sys.modules), file=sys.stderr)"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = write_archive(tmp_path / "archive")
    # An old file: what is known of it is kept.
    os.utime(hold(root, root / "media" / "tones.wav"), (1_000_000_000, 1_000_000_000))
    # A line that is not plain, or has a note, is written by webvtt-py.
    (root / "transcripts" / "tones" / "annotations.toml").unlink()
    plain = "WEBVTT\n\n00:00.000 --> 00:09.000\nThe ferry is late.\n"
    (root / "transcripts" / "tones" / "transcript.vtt").write_text(plain, encoding="utf-8")
    return root


def cut(archive: Path, name: str, *how: str, **environment: str) -> set[str]:
    """Cut a passage in a process of its own, and give the modules that it has imported."""
    arguments = ["clip", "tones", "--from", "2", "--to", "6.5", *how, "--archive", str(archive)]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments, "-o", str(archive.parent / name)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PLAYER_CACHE": str(archive.parent / "cache"), **environment},
    )
    assert ("copied without encoding it again" in done.stdout) == bool(how)
    return set(done.stderr.split())


@pytest.mark.parametrize(("how", "ffmpegs"), [(("--format", "copy"), 1), pytest.param((), 2, marks=pytest.mark.long)])
def test_a_clip_imports_and_starts_what_it_needs_and_no_more(
    archive: Path, tmp_path: Path, how: tuple[str, ...], ffmpegs: int
) -> None:
    cut(archive, "first.mp3", *how)
    log, counting = tmp_path / "log", tmp_path / "ffmpeg"
    counting.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {EXECUTABLE} "$@"\n', encoding="utf-8")
    counting.chmod(0o755)
    # An ffmpeg that is named is looked for.
    loaded = cut(archive, "second.mp3", *how, IMAGEIO_FFMPEG_EXE=str(counting)) - {"shutil"}
    assert len(log.read_text(encoding="utf-8").splitlines()) == ffmpegs
    assert loaded & (HEAVY | ELSEWHERE) == set()
    assert "player.commands.clip" in loaded


def test_the_ffmpeg_that_is_found_is_the_one_that_the_package_would_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEIO_FFMPEG_EXE", raising=False)
    assert ffmpeg.executable() == imageio_ffmpeg.get_ffmpeg_exe()
    monkeypatch.setattr(ffmpeg, "_brought", lambda: None)
    assert ffmpeg.executable() == imageio_ffmpeg.get_ffmpeg_exe()
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", sys.executable)
    assert ffmpeg.executable() == sys.executable
