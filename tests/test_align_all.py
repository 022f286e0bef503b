"""``player align --all``: the lines of many recordings are placed, here or elsewhere, and written by one process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
import tiny_engine
from clusters import LIMIT, WORKER, cluster, until
from ferries import hearing_tones, told, write_ferries
from tones_archive import files

from player.align import pieces
from player.archive.transcript import Cue
from player.archive.webvtt.reading import read_transcript

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

MANY: Final = 5


@pytest.fixture
def ferries(tmp_path: Path) -> Path:
    """Recordings to be placed, of which one says other words, one has no transcript, and one is timed."""
    root = write_ferries(tmp_path / "ferries", MANY + 2)
    transcript(root, 3).write_text("WEBVTT\n\nNOTE untimed k1\nCrane.\n", encoding="utf-8")
    transcript(root, MANY).unlink()
    transcript(root, MANY + 1).write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nQuay tide.\n", encoding="utf-8")
    return root


@pytest.fixture
def tones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return hearing_tones(tmp_path / "tones")


def transcript(root: Path, number: int) -> Path:
    return root / "transcripts" / f"ferry-{number}" / "transcript.vtt"


def placed(root: Path) -> list[int]:
    """List the recordings all of whose lines have times that a machine gave."""
    found = {number: read_transcript(transcript(root, number)) for number in range(MANY)}
    return [number for number, each in found.items() if each.aligner and all(isinstance(c, Cue) for c in each.lines)]


def test_the_report_and_what_is_written_are_the_same_here_in_processes_and_on_a_cluster(
    ferries: Path, tmp_path: Path, tones: dict[str, str]
) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    reports, made = [], []
    with cluster(tmp_path / "cluster", workers=2, **tones) as there:
        for number, where in enumerate(((), ("--jobs", "2"), ("--cluster", there.address))):
            root = tmp_path / f"{number}" / "ferries"
            shutil.copytree(ferries, root)
            code, said, complained = told(root, "align", "--all", *where, **tones)
            reports.append((code, said.replace(str(root), "ferries"), complained))
            made.append({name: text for name, text in files(root).items() if "/history/" not in name})
            assert placed(root) == [0, 1, 2, 4]
    code, said, complained = reports[0]
    assert (code, complained) == (1, "")
    assert said.count("2 of 2 lines are placed, from 0:00 to 0:04") == MANY - 1
    assert "ferry-3: none of 1 line was placed in 0:04 of sound; nothing is written" in said
    assert said.splitlines()[-1] == "4 transcripts done, 1 timed already, 1 not done"
    assert reports[1:] == reports[:1] * 2
    assert made[1:] == made[:1] * 2
    # What is done is not done again, and who listened has kept nothing of it.
    code, said, _ = told(tmp_path / "2" / "ferries", "align", "--all", **tones)
    assert (code, said.splitlines()[-1]) == (1, "0 transcripts done, 5 timed already, 1 not done")
    left = [path for kept in (tmp_path / "cluster").glob("*-cache/*-1") for path in kept.iterdir()]
    assert [path for path in left if path.parent.name in {"pieces-1", "samples-1"}] == []


def test_a_worker_killed_while_it_listens_loses_nothing(ferries: Path, tmp_path: Path, tones: dict[str, str]) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    log = tmp_path / "log"
    with cluster(tmp_path / "cluster", workers=2, **tones) as there:
        doomed = there.add(**{tiny_engine.LOG: str(log), tiny_engine.KILLS: "1"})
        code, said, complained = told(ferries, "align", "--all", "--cluster", there.address, **tones)
        doomed.wait()
    assert log.read_text(encoding="utf-8").split() != []
    assert (code, complained) == (1, "")
    assert said.splitlines()[-1] == "4 transcripts done, 1 timed already, 1 not done"
    assert [said.count(f"ferry-{number}: 2 of 2 lines are placed") for number in (0, 1, 2, 4)] == [1] * 4
    assert placed(ferries) == [0, 1, 2, 4]
    assert pieces.count(ferries / "media" / "ferry-0.wav") == 0


def test_a_worker_without_the_engine_or_that_may_start_no_processes_is_told_before_anything_is_heard(
    ferries: Path, tmp_path: Path, tones: dict[str, str]
) -> None:
    pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
    bare = tmp_path / "bare"
    shutil.copytree(tmp_path / "tones", bare)
    with (bare / "sitecustomize.py").open("a", encoding="utf-8") as file:
        file.write(WITHOUT)
    before = files(ferries)
    with cluster(tmp_path / "cluster", workers=1, **tones) as there:
        there.add(PYTHONPATH=tones["PYTHONPATH"].replace(str(tmp_path / "tones"), str(bare)))
        there.add(*(word for word in WORKER if word != "--no-nanny"))
        code, said, complained = told(ferries, "align", "--all", "--cluster", there.address, **tones)
    assert (code, said) == (1, "")
    assert "has no soundswallower, which this needs; install it there as here" in complained
    assert "may start no processes, which this needs; start it with --no-nanny" in complained
    assert len(complained.splitlines()) == 2
    assert files(ferries) == before


#: What a machine has not on which the engine was never installed.
WITHOUT: Final = """
import importlib.metadata

found = importlib.metadata.version

def version(name):
    if name == "soundswallower":
        raise importlib.metadata.PackageNotFoundError(name)
    return found(name)

importlib.metadata.version = version
"""


def test_ctrl_c_ends_those_who_listen_at_once_and_what_is_done_is_kept(
    ferries: Path, tmp_path: Path, tones: dict[str, str]
) -> None:
    with (tmp_path / "tones" / "sitecustomize.py").open("a", encoding="utf-8") as file:
        file.write(HELD.format(go=tmp_path / "go"))
    log = tmp_path / "log"
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "player", "align", "--all", "--jobs", "2", "--archive", str(ferries)],
        env={**os.environ, **tones, tiny_engine.LOG: str(log)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: log.exists() and log.read_text(encoding="utf-8").count("0") >= 2, "two listen")
    process.send_signal(signal.SIGINT)
    _, complained = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert complained.splitlines()[0] == "stopped; what is done is kept, and the same command goes on from there"
    assert "Traceback" not in complained
    assert placed(ferries) == []
    (tmp_path / "go").touch()
    code, said, _ = told(ferries, "align", "--all", "--jobs", "2", **tones)
    assert (code, said.splitlines()[-1]) == (1, "4 transcripts done, 1 timed already, 1 not done")


#: Has those who listen to a sound stop in its middle, as long as a file is not there.
HELD: Final = """
import time
from pathlib import Path

heard = tiny_engine.hearing

def hearing(samples, settings):
    do = heard(samples, settings)

    def held(values):
        found = do(values)
        while not Path("{go}").exists():
            time.sleep(0.05)
        return found

    return held

tiny_engine.hearing = hearing
"""
