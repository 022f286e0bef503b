"""Work in pieces is done once, kept as it is done, and ends with whoever began it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from tones import write_tones

from player.align.pieces import Job, Progress, Work, count, forget
from player.align.samples import RATE, samples
from player.audio import forgetting
from player.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT: Final = 120  # seconds until a test is given up; none is measured by it
JOBS: Final = [Job([at * RATE, (at + 1) * RATE], 1000) for at in range(6)]
#: Works without end on one piece in each of two processes.
ENDLESS: Final = """
import sys
from pathlib import Path
from player.align.pieces import Job, Work
from player.align.samples import samples

if __name__ == "__main__":
    with samples(Path(sys.argv[1])) as held:
        Work(held).done([Job(1, 1), Job(2, 1)], "piecework:endless", {"log": sys.argv[2], "how": sys.argv[3]}, what="x")
"""


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return write_tones(tmp_path / "tape.wav", seconds=6)


@pytest.fixture
def work(sound: Path) -> Iterator[Work]:
    with samples(sound) as held:
        yield Work(held)


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").glob("pieces-1/*.json"))


def lines(path: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8").splitlines()) if path.exists() else []


def loudest(work: Work, log: Path, **settings: Any) -> list[Any]:
    return work.done(JOBS, "piecework:loudest", {"log": str(log), **settings}, what="Looking for the loudest")


def test_each_piece_is_done_and_kept_and_not_done_again(work: Work, tmp_path: Path) -> None:
    log = tmp_path / "log"
    first = loudest(work, log)
    assert [each["of"] for each in first] == [job.values for job in JOBS]
    assert all(6000 < each["loudest"] < 12_000 for each in first)
    assert len(kept(tmp_path)) == len(lines(log)) == count(work.samples.sound) == 6
    assert loudest(work, log) == first
    assert len(lines(log)) == 6
    assert set(kept(tmp_path)) < set(forgetting.derived(work.samples.sound)), "they go with a sound that is withdrawn"
    forget(work.samples.sound)
    assert kept(tmp_path) == []


@pytest.mark.long
@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"sha256": "0", "result": 1}', b"\xff\xff", b"[" * 100_000])
def test_a_damaged_piece_is_done_anew(work: Work, tmp_path: Path, damage: bytes) -> None:
    first = loudest(work, tmp_path / "log")
    broken = kept(tmp_path)[2]
    broken.write_bytes(damage)
    assert loudest(work, tmp_path / "log") == first
    assert len(lines(tmp_path / "log")) == 7
    entry = json.loads(broken.read_text(encoding="utf-8"))
    assert entry["result"] in first


@pytest.mark.long
def test_other_settings_and_another_sound_are_other_work(work: Work, tmp_path: Path) -> None:
    log = tmp_path / "log"
    loudest(work, log)
    loudest(work, log, model="another")
    assert len(lines(log)) == 12
    write_tones(work.samples.sound, seconds=6, seed=2)
    with samples(work.samples.sound) as held:
        loudest(Work(held), log)
    assert len(lines(log)) == 18


@pytest.mark.long
def test_what_is_refused_ends_all_and_what_was_done_stays(work: Work, tmp_path: Path) -> None:
    jobs = [Job(number, 1000) for number in range(8)]
    with pytest.raises(AudioError, match=r"^\d: this is refused$"):
        work.done(jobs, "piecework:refusing", {}, what="x")
    assert 4 <= len(kept(tmp_path)) <= 5


@pytest.mark.long
def test_progress_counts_sound_and_tells_the_time_left_by_what_is_measured(work: Work) -> None:
    told: list[Progress] = []
    work.progress = told.append
    work.processes = 1
    jobs = [Job([0, 10], 1000), Job([10, 20], 3000)]
    work.done(jobs[:1], "piecework:loudest", {}, what="One")
    work.done(jobs, "piecework:loudest", {}, what="Both")
    assert [(each.what, each.done, each.pieces, each.kept, each.part) for each in told] == [
        ("One", 0, 1, 0, 0.0),
        ("One", 1, 1, 0, 1.0),
        ("Both", 1, 2, 1, 0.25),
        ("Both", 2, 2, 1, 1.0),
    ]
    assert told[2].left is None
    assert told[3].left == 0


@pytest.mark.long
def test_where_nothing_can_be_kept_the_work_goes_on_and_says_so_once(
    work: Work, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache/pieces-1").write_text("a file where the folder should be", encoding="utf-8")
    assert len(loudest(work, tmp_path / "log")) == 6
    assert len([each for each in caplog.messages if "what is done cannot be kept" in each]) == 1


@pytest.mark.long
@pytest.mark.parametrize("how", ["lets others run", "holds all"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_began_it(
    sound: Path, tmp_path: Path, how: str, number: signal.Signals
) -> None:
    if how == "holds all" and number == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("only Linux ends a process that lets no thread run")
    log, script = tmp_path / "log", tmp_path / "endless.py"
    script.write_text(ENDLESS, encoding="utf-8")
    os.mkfifo(log)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    command = [sys.executable, str(script), str(sound), str(log), how]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True) as process:
        pids: list[int] = []
        while len(pids) < 2:
            pids += [int(line) for line in log.read_text(encoding="utf-8").split()]
        process.send_signal(number)
        # The pipe of its errors is theirs too: it ends when the last of them does.
        _, said = process.communicate(timeout=LIMIT)
    assert process.returncode
    assert len(set(pids)) == 2
    assert number == signal.SIGINT or said == b""
