"""Whatever ends ``player align``, at whatever moment: the archive is as it was or complete, and the next run goes on.

What is counted are pieces: none that is kept is done again. A tiny engine of the tests' own listens.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

import pytest
import tiny_align
import tiny_engine
from drawing import SEED, kills
from test_index_disk import OWN_MOUNTS, mounting

from player.align import pieces
from player.intake.transaction import recover

ROOT: Final = Path(__file__).resolve().parents[1]
PROGRAM: Final = Path(tiny_align.__file__)
LIMIT: Final = 300  # seconds until a test is given up; none is measured by it
PIECES: Final = 6
#: `make bench` ends it a hundred times in each of the ways.
KILLS: Final = kills(8)

pytestmark = pytest.mark.long


class Run:
    """Runs the command on an archive beside a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.root, self.cache, self.log = folder / "archive", folder / "cache", folder.with_name(f"{folder.name}.log")
        folder.mkdir(exist_ok=True)
        self.transcript = tiny_align.write_archive(self.root)

    def __call__(self, *doom: int, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run it; ``before`` is a shell's command before it, such as a limit."""
        self.log.unlink(missing_ok=True)
        command = [sys.executable, str(PROGRAM), str(self.root), *map(str, doom)]
        if before:
            command = [*(OWN_MOUNTS or ["sh", "-c"]), f'{before} && exec "$@"', "sh", *command]
        # Its errors end only when all its processes have ended.
        return subprocess.run(
            command, env=self.environment(**environment), capture_output=True, text=True, check=False, timeout=LIMIT
        )

    def environment(self, **others: str) -> dict[str, str]:
        path = f"{ROOT}{os.pathsep}{PROGRAM.parent}"
        named = {"PYTHONPATH": path, "PLAYER_CACHE": str(self.cache), tiny_engine.LOG: str(self.log)}
        return {**os.environ, **named, **others}

    @property
    def done(self) -> int:
        """How many pieces were begun in the last run."""
        return len(self.log.read_bytes().split()) if self.log.exists() else 0

    @property
    def kept(self) -> int:
        """How many pieces are kept."""
        return len(list(self.cache.glob("pieces-1/*.json")))

    def files(self) -> dict[str, bytes]:
        """Give what the archive holds, but for the moment at which the history was written."""
        return {
            str(path.relative_to(self.root)): _DATE.sub(b"", path.read_bytes())
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not path.name.startswith(".tape-player")
        }


_DATE: Final = re.compile(rb'(?<="date": ")[0-9-]{10}T[0-9:]{8}Z')


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path / "one")


def complete(tmp_path: Path) -> tuple[dict[str, bytes], int, float]:
    """Give what an archive holds after a run that nothing ends, how many things that does to files, and how long."""
    whole = Run(tmp_path / "whole")
    begun = time.monotonic()
    ran = whole(0, 0)
    assert ran.returncode == 0, ran.stderr
    things = re.search(r"things done: (\d+)", ran.stdout)
    assert things is not None
    assert whole.done == PIECES
    return whole.files(), int(things[1]), time.monotonic() - begun


def check(run: Run, before: dict[str, bytes], after: dict[str, bytes], was_kept: int, told: object) -> None:
    """Hold what a run has left to what must be so; where it was complete, begin again from the archive as it was."""
    assert run.done <= PIECES - was_kept, f"{told}: something that was kept was done again"
    recover(run.root)
    found = run.files()
    assert found in (before, after), (told, sorted(set(found.items()) ^ set(before.items())))
    if found == after:
        shutil.rmtree(run.root)
        tiny_align.write_archive(run.root)
        # The sound was written anew: what is kept belongs to what is the same to the digest.


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_at_any_thing_that_it_does_to_a_file(tmp_path: Path, run: Run, number: signal.Signals) -> None:
    before = run.files()
    after, things, _ = complete(tmp_path)
    assert things > 60
    drawn = random.Random(SEED)  # noqa: S311  # which moments, not a secret
    for moment in sorted(drawn.sample(range(1, things + 1), min(KILLS, things))):
        was_kept = run.kept
        ran = run(moment, int(number))
        # It may have less to do than the run that was counted, and reach its end.
        if "things done" not in ran.stdout or ran.returncode != 0:
            assert ran.returncode != 0, (moment, ran.stdout)
            assert "Traceback" not in ran.stderr, (moment, ran.stderr)
        check(run, before, after, was_kept, (moment, ran.stderr))
    kept = run.kept
    ran = run()
    assert ran.returncode == 0, ran.stderr
    assert run.done == PIECES - kept
    assert run.files() == after
    assert run.kept == 0


def test_it_ends_at_any_time(tmp_path: Path, run: Run) -> None:
    before = run.files()
    after, _, length = complete(tmp_path)
    drawn = random.Random(SEED)  # noqa: S311  # when, not a secret
    for _ in range(KILLS):
        was_kept, moment = run.kept, drawn.uniform(0, length)
        run.log.unlink(missing_ok=True)
        with subprocess.Popen(
            [sys.executable, str(PROGRAM), str(run.root)],
            env=run.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            timer = threading.Timer(moment, process.kill)
            timer.start()
            process.communicate(timeout=LIMIT)
            timer.cancel()
        check(run, before, after, was_kept, moment)
    kept = run.kept
    assert run().returncode == 0
    assert run.done == PIECES - kept
    assert run.files() == after


def test_the_next_run_goes_on_where_it_was(run: Run) -> None:
    """Ended at each piece in turn, by the process that begins it, which ends with its parent then."""
    kept = 0
    for number in range(1, PIECES + 1):
        if run.kept + number > PIECES:
            break
        ran = run(**{tiny_engine.KILLS: str(number)})
        assert ran.returncode == -signal.SIGKILL
        assert run.done in {number, number + 1}, "two processes work, and no piece is begun after the end"
        assert run.kept >= kept
        kept = run.kept
    assert kept
    ran = run()
    assert ran.returncode == 0, ran.stderr
    assert run.done == PIECES - kept
    assert f"Listening: {kept} of {PIECES} pieces are there from before; it goes on with the rest" in ran.stderr


def test_a_cache_that_cannot_be_written_is_done_without(run: Run) -> None:
    run.cache.write_text("a file where the folder should be", encoding="utf-8")
    ran = run()
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.count("cannot be kept") == 1
    assert run.done == PIECES


@pytest.mark.parametrize("size", [100_000, 1500])
def test_a_file_that_may_not_be_so_large_is_told(run: Run, size: int) -> None:
    """No file may be larger than ``size``: the samples cannot be written, or the transcript."""
    before = run.files()
    if size < 5000:
        lines = "\n".join(f"NOTE untimed x{number}\nNever.\n" for number in range(60))
        run.transcript.write_text(f"{run.transcript.read_text(encoding='utf-8')}\n{lines}", encoding="utf-8")
        before = run.files()
        assert run(before="true").returncode == 0
        shutil.rmtree(run.root)
        tiny_align.write_archive(run.root)
        run.transcript.write_bytes(before["transcripts/tones/transcript.vtt"])
    ran = run(before=f"ulimit -f {size // 512}")
    assert ran.returncode == 1, ran.stderr
    assert "Traceback" not in ran.stderr
    assert run.files() == before


@mounting
def test_a_full_disk_below_the_cache_is_told(run: Run) -> None:
    run.cache.mkdir()
    before = run.files()
    ran = run(before=f"mount -t tmpfs -o size=200k none {run.cache}")
    assert ran.returncode == 1
    assert "its samples take 51 MB" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert run.files() == before


@mounting
def test_a_full_disk_below_the_archive_loses_nothing_and_the_next_run_does_no_piece_again(run: Run) -> None:
    before = run.files()
    folder, copy = run.root / "transcripts", run.root / "copy"
    mounted = f"cp -a {folder} {copy} && mount -t tmpfs -o size=64k none {folder} && cp -a {copy}/. {folder}"
    full = f"{mounted} && (dd if=/dev/zero of={folder}/filler bs=4k 2>/dev/null; true)"
    ran = run(before=full)
    assert ran.returncode == 1
    assert "this cannot be written (no space left on device)" in ran.stderr
    assert "what was done is kept, and the same command goes on from there" in ran.stderr
    assert "Traceback" not in ran.stderr
    shutil.rmtree(copy)
    assert run.files() == before
    assert run.done == run.kept == PIECES
    ran = run()
    assert ran.returncode == 0
    assert run.done == 0


@mounting
def test_an_archive_that_cannot_be_written_is_told_before_anything_is_listened_to(run: Run) -> None:
    before = run.files()
    ran = run(before=f"mount --bind {run.root} {run.root} && mount -o remount,bind,ro {run.root}")
    assert ran.returncode == 1
    assert "transcripts/tones: this cannot be written; check that you may write there" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert run.done == 0
    assert run.files() == before


def test_two_at_once_both_work_and_one_writes(run: Run) -> None:
    command = [sys.executable, str(PROGRAM), str(run.root)]
    both = [
        subprocess.Popen(command, env=run.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=LIMIT) for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 0], [0, 1]), told
    assert not any("Traceback" in errors for _, errors in told), told
    assert pieces.count(run.root / "media/tones.wav") == 0
    assert b"k6" in run.files()["transcripts/tones/transcript.vtt"]
    kept = list((run.root / "transcripts/tones/history").iterdir())
    # What it was first, and a change or two.
    assert len(kept) in {2, 3}
