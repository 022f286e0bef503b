"""Whatever ends the desk, at whatever moment: what it said was kept is there, and of what it wrote all or nothing."""

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

import desk_keeper
import pytest
from desk_keeper import STEPS, open_copy, texts
from drawing import SEED, kills
from small_archive import write_archive
from test_index_disk import OWN_MOUNTS, mounting

from player.archive.archive import Archive
from player.history.versions import content as version_content
from player.history.versions import versions
from player.intake.transaction import recover

ROOT: Final = Path(__file__).resolve().parents[1]
PROGRAM: Final = Path(desk_keeper.__file__)
LIMIT: Final = 300  # seconds until a test is given up; none is measured by it
#: `make bench` ends it a hundred times in each of the ways.
KILLS: Final = kills(5)
TRANSCRIPT: Final = "transcripts/tones/transcript.vtt"


def run(root: Path, *doom: int, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program; ``before`` is a shell's command before it, such as a limit."""
    command = [sys.executable, str(PROGRAM), str(root), *map(str, doom)]
    if before:
        command = [*(OWN_MOUNTS or ["sh", "-c"]), f'{before} && exec "$@"', "sh", *command]
    return subprocess.run(
        command, env=environ(**environment), capture_output=True, text=True, check=False, timeout=LIMIT
    )


def environ(**others: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{PROGRAM.parent}", **others}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return begun(tmp_path / "archive")


def begun(root: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    write_archive(root)
    return root


def expected(archive: Path) -> list[list[str]]:
    """Give the words of the lines after each number of steps."""
    copy = open_copy(archive)
    found = [texts(copy)]
    for step in STEPS:
        copy.step(step)
        found.append(texts(copy))
    return found


def check(root: Path, said: str, after: list[list[str]], told: object) -> None:
    """Hold what a run has left to what must be so, and go on to the end."""
    kept = len(re.findall(r"^\d+$", said, re.MULTILINE))
    recover(root)
    # What was to become a working copy is swept by who begins the next.
    assert [path for path in root.rglob(".tape-player-*") if path.parent.name != "working"] == [], told
    copy = open_copy(root)
    assert texts(copy) in after[kept : kept + 2], told
    is_written = not list((root / "transcripts/tones").glob("working/*.jsonl")) and kept == len(STEPS)
    assert is_written or "written" not in said, told
    for step in STEPS[after.index(texts(copy)) :]:
        copy.step(step)
    assert (copy.write().version is None) == is_written, told
    record = Archive(root).record("tones")
    assert version_content(record, versions(record)[-1].number) == (root / TRANSCRIPT).read_bytes()
    assert texts(open_copy(root)) == after[-1], told


@pytest.mark.long
def test_it_ends_at_any_thing_that_it_does_to_a_file(tmp_path: Path, archive: Path) -> None:
    after = expected(begun(tmp_path / "whole"))
    whole = run(archive, 0, int(signal.SIGKILL))
    found = re.search(r"things done: (\d+)", whole.stdout)
    assert found, (whole.stdout, whole.stderr)
    things = int(found[1])
    assert things >= 100, "`make bench` ends it at a hundred of them"
    drawn = random.Random(SEED)  # noqa: S311  # which moments, not a secret
    for moment in sorted(drawn.sample(range(1, things + 1), min(KILLS, things))):
        root = begun(archive)
        ran = run(root, moment, int(signal.SIGKILL))
        assert ran.returncode == -signal.SIGKILL, (moment, ran.stderr)
        check(root, ran.stdout, after, moment)


@pytest.mark.long
def test_it_ends_at_any_time(tmp_path: Path, archive: Path) -> None:
    after = expected(begun(tmp_path / "whole"))
    since = time.monotonic()
    assert run(archive).returncode == 0
    length = time.monotonic() - since
    drawn = random.Random(SEED)  # noqa: S311  # when, not a secret
    for _ in range(KILLS):
        root, moment = begun(archive), drawn.uniform(length / 2, length)
        command = [sys.executable, str(PROGRAM), str(root)]
        with subprocess.Popen(command, env=environ(), stdout=subprocess.PIPE, text=True) as process:
            timer = threading.Timer(moment, process.kill)
            timer.start()
            said, _ = process.communicate(timeout=LIMIT)
            timer.cancel()
        check(root, said, after, moment)


def test_what_was_begun_of_a_last_line_is_dropped_and_nothing_else(archive: Path) -> None:
    """At each byte of it: the system writes as much as it has done when a process ends or the power fails."""
    copy = open_copy(archive)
    for step in STEPS[:2]:
        copy.step(step)
    (path,) = (archive / "transcripts/tones/working").iterdir()
    before, known = path.read_bytes(), texts(copy)
    copy.step(STEPS[2])
    after = path.read_bytes()
    places = range(len(before), len(after), max(1, (len(after) - len(before)) // 12))
    for place in (*places, len(after) - 1):
        for tail in (b"", b"\0" * 9):
            path.write_bytes(after[:place] + tail)
            assert texts(open_copy(archive)) == known
    # What is kept next stands in its place.
    again = open_copy(archive)
    again.step(STEPS[3])
    assert texts(open_copy(archive)) == texts(again)
    assert path.read_bytes().startswith(before)


@pytest.mark.long
@mounting
@pytest.mark.parametrize("left", [0, 4096, 8192, 12288, 20480])
def test_a_full_disk_loses_nothing_and_it_goes_on_once_there_is_room(archive: Path, tmp_path: Path, left: int) -> None:
    after = expected(begun(tmp_path / "whole"))
    folder, copy, filler = archive / "transcripts", tmp_path / "copy", archive / "transcripts/filler"
    result = tmp_path / "result"
    mounted = f"cp -a {folder} {copy} && mount -t tmpfs -o size=160k none {folder} && cp -a {copy}/. {folder}"
    full = f"(dd if=/dev/zero of={filler} bs=4k 2>/dev/null; truncate -s -{left} {filler})"
    # What is below the mount is gone with it.
    saved = f'"$@" && cp -a {folder} {result} && exit 0; exit 1'
    ran = run(archive, before=f"{mounted} && {full} && sh -c '{saved}' sh \"$@\" && set -- true", FILLER=str(filler))
    assert ran.returncode == 0, (ran.stdout, ran.stderr)
    assert "refused 507" in ran.stdout
    assert ran.stdout.endswith("written\n")
    shutil.rmtree(folder)
    result.rename(folder)
    assert texts(open_copy(archive)) == after[-1]
    assert list(archive.rglob(".tape-player-*")) == []


@pytest.mark.long
def test_a_file_that_may_not_be_so_large_loses_nothing(archive: Path, tmp_path: Path) -> None:
    after = expected(begun(tmp_path / "whole"))
    ran = run(archive, before="ulimit -f 6", FILLER=str(tmp_path / "nothing"))
    assert "refused 507" in ran.stdout, ran.stderr
    kept = len(re.findall(r"^\d+$", ran.stdout, re.MULTILINE))
    assert 0 < kept < len(STEPS)
    assert texts(open_copy(archive)) == after[kept]
