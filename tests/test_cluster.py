"""What ``--cluster`` hands to Dask: the same report as here; workers and the scheduler may be killed in the middle."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from clusters import LIMIT, Cluster, cluster, until
from site_copy import contents
from tones import ffmpeg

from player.audio import access
from player.web.site.elsewhere import made_of
from player.web.site.made import Batch, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
pytestmark = pytest.mark.long

SLUGS: Final = [f"ferry-{number}" for number in range(8)]
# Waits with the encoding of all but the first two until there is a file, as long as who started it lives.
HOLDING: Final = """\
#!/bin/sh
wait_for() {{ while [ ! -e "$1" ]; do kill -0 $PPID 2>/dev/null || exit 1; sleep 0.05; done; }}
case "$*" in *ferry-[2-9]*"-c:a aac"*) wait_for "{go}";; esac
exec "{ffmpeg}" "$@"
"""
# What a machine has not on which the archive's folder is not mounted.
UNMOUNTED: Final = """\
import errno, os, sys

def hide(event, arguments):
    if event in {{"open", "os.listdir", "os.scandir"}} and str(arguments[0]).startswith("{folder}"):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), arguments[0])

sys.addaudithook(hide)
"""
# What a machine has not that has another folder of clips.
ELSEWHERE: Final = """\
import pathlib

there = pathlib.Path.exists
pathlib.Path.exists = lambda path: "clips" not in path.parts and there(path)
"""
# What a machine has that has another state of the archive.
FEWER: Final = """\
import pathlib

there = pathlib.Path.iterdir
pathlib.Path.iterdir = lambda folder: (path for path in there(folder) if path.name != "ferry-3")
"""


@pytest.fixture
def ferries(tmp_path: Path) -> Path:
    """An archive of recordings that all need a copy but one, whose sound is missing."""
    root = tmp_path / "ferries"
    for folder in ("media", "transcripts"):
        (root / folder).mkdir(parents=True)
    sound = root / "media" / "ferry-0.mp3"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=a=0.1:r=16000:seed=7", "-t", "6", "-b:a", "32k", str(sound))
    for slug in SLUGS:
        (root / "transcripts" / slug).mkdir()
        record = f'title = "{slug}"\ndate = "1971"\nmedia = "{slug}.mp3"\n'
        (root / "transcripts" / slug / "recording.toml").write_text(record, encoding="utf-8")
        if slug not in {"ferry-0", "ferry-5"}:
            shutil.copy(sound, root / "media" / f"{slug}.mp3")
    return root


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers that only do what they are asked."""
    with cluster(tmp_path_factory.mktemp("cluster"), workers=2) as there:
        yield there


@pytest.fixture
def held(tmp_path: Path) -> dict[str, str]:
    """What a process is given whose ffmpeg waits until ``go`` is there."""
    program = tmp_path / "holding-ffmpeg"
    real = subprocess.run(
        [sys.executable, "-c", "from player.audio.ffmpeg import executable; print(executable())"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    program.write_text(HOLDING.format(go=tmp_path / "go", ffmpeg=real.stdout.strip()), encoding="utf-8")
    program.chmod(0o755)
    return {"IMAGEIO_FFMPEG_EXE": str(program)}


def started(root: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", "player", *arguments, "--archive", str(root)]
    return subprocess.Popen(command, cwd=root.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def told(root: Path, *arguments: str) -> tuple[int, str, str]:
    process = started(root, *arguments)
    said, complained = process.communicate(timeout=LIMIT)
    return process.returncode, said, complained


def unfinished(root: Path) -> list[Path]:
    return list((root / "media" / "access").glob(".tape-player-*"))


def right(root: Path) -> list[str]:
    """List the recordings that have a copy which is as its sidecar says."""
    media = root / "media"
    return [slug for slug in SLUGS if access.shipped(media, slug, media / f"{slug}.mp3") is not None]


def test_the_report_is_the_same_here_in_processes_and_on_a_cluster(ferries: Path, two: Cluster) -> None:
    reports = []
    for where in ((), ("--jobs", "2"), ("--cluster", two.address)):
        shutil.rmtree(ferries / "media" / "access", ignore_errors=True)
        reports.append(told(ferries, "access", "--all", *where))
        assert right(ferries) == [slug for slug in SLUGS if slug != "ferry-5"]
    code, said, complained = reports[0]
    assert code == 1
    assert said.splitlines()[0].startswith("ferries/media/access/ferry-0.m4a: 0:06, ")
    assert "ferries/media/ferry-5.mp3" in complained
    assert reports[1:] == reports[:1] * 2
    # What is done is not done again.
    code, said, _ = told(ferries, "access", "--all", "--cluster", two.address)
    assert said.count("this is up to date") == len(SLUGS) - 1


def test_a_worker_killed_in_the_middle_loses_nothing_and_leaves_no_half_file(
    ferries: Path, tmp_path: Path, held: dict[str, str]
) -> None:
    with cluster(tmp_path / "cluster", workers=3, **held) as there:
        process = started(ferries, "access", "--all", "--cluster", there.address)
        until(lambda: len(unfinished(ferries)) >= 6, "each worker writes a copy and what is told of it")
        os.kill(there.workers[1].pid, signal.SIGKILL)
        there.workers[1].wait()
        (tmp_path / "go").touch()
        said, complained = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    assert [line for line in complained.splitlines() if "ferry-5.mp3" not in line] == []
    assert said.splitlines()[len(SLUGS) - 1 :] == [f"{len(SLUGS) - 1} copies made, 1 not made"]
    assert right(ferries) == [slug for slug in SLUGS if slug != "ferry-5"]
    assert unfinished(ferries) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_scheduler_that_goes_away_is_told_and_what_is_done_is_kept(
    ferries: Path, tmp_path: Path, two: Cluster, held: dict[str, str], number: signal.Signals
) -> None:
    with cluster(tmp_path / "cluster", workers=1, **held) as there:
        process = started(ferries, "access", "--all", "--cluster", there.address)
        until(lambda: "ferry-1" in right(ferries) and bool(unfinished(ferries)), "the first are made")
        os.kill(there.scheduler.pid, number)
        said, complained = process.communicate(timeout=LIMIT)
    assert process.returncode == 1
    last = complained.splitlines()[-1]
    gone = "the scheduler is gone; what is done is kept, and the same command goes on from there"
    assert last == f"{there.address}: {gone}"
    assert "Traceback" not in complained
    assert "ferry-0.m4a" in said
    _, said, _ = told(ferries, "access", "--all", "--cluster", two.address)
    assert said.count("this is up to date") == 2
    assert right(ferries) == [slug for slug in SLUGS if slug != "ferry-5"]


def test_ctrl_c_begins_nothing_else(ferries: Path, tmp_path: Path, held: dict[str, str]) -> None:
    with cluster(tmp_path / "cluster", workers=2, **held) as there:
        process = started(ferries, "access", "--all", "--cluster", there.address)
        until(lambda: len(unfinished(ferries)) == 4 and len(right(ferries)) == 2, "both workers write")
        process.send_signal(signal.SIGINT)
        _, complained = process.communicate(timeout=LIMIT)
        (tmp_path / "go").touch()
        until(lambda: not unfinished(ferries), "what was being made is finished")
    assert process.returncode == 1
    assert "stopped; what is done is kept, and the same command goes on from there" in complained
    assert len(right(ferries)) == 4


def test_a_worker_that_does_not_see_the_archive_is_told_before_anything_is_done(ferries: Path, tmp_path: Path) -> None:
    blind = tmp_path / "blind"
    blind.mkdir()
    (blind / "sitecustomize.py").write_text(UNMOUNTED.format(folder=ferries), encoding="utf-8")
    with cluster(tmp_path / "cluster", workers=1) as there:
        there.add(PYTHONPATH=f"{blind}:{os.environ.get('PYTHONPATH', Path(access.__file__).parents[2])}")
        code, said, complained = told(ferries, "access", "--all", "--cluster", there.address)
    assert (code, said) == (1, "")
    assert re.fullmatch(
        rf"the worker tcp://127\.0\.0\.1:\d+ does not see the archive {re.escape(str(ferries))}; "
        r"mount it there, at the same path\n",
        complained,
    )
    assert right(ferries) == []


@pytest.mark.parametrize("hidden", [False, True])
def test_a_worker_that_has_another_archive_or_other_leave_is_told(
    ferries: Path, tmp_path: Path, *, hidden: bool
) -> None:
    with cluster(tmp_path / "cluster") as there:
        if hidden:
            fewer = tmp_path / "fewer"
            fewer.mkdir()
            (fewer / "sitecustomize.py").write_text(FEWER, encoding="utf-8")
            there.add(PYTHONPATH=f"{fewer}:{os.environ.get('PYTHONPATH', Path(access.__file__).parents[2])}")
        else:
            there.add(PLAYER_MEDIA_HOSTS="s3://tapes")
        code, said, complained = told(ferries, "access", "--all", "--cluster", there.address)
    assert (code, said) == (1, "")
    what = (
        r"archive: 7 recordings .*; here it is 8 recordings"
        if hidden
        else r"PLAYER_MEDIA_HOSTS: s3://tapes; here it is"
    )
    assert re.search(rf"the worker \S+ has another {what}", complained)
    assert right(ferries) == []


def test_a_worker_of_another_version_of_the_program_is_told_before_anything_is_done(
    ferries: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(Path(access.__file__).parents[1], other / "player", ignore=shutil.ignore_patterns("__pycache__"))
    begin = other / "player" / "__init__.py"
    begin.write_text(
        re.sub(r'__version__ = "[^"]*"', '__version__ = "0.0.7"', begin.read_text(encoding="utf-8")), "utf-8"
    )
    none = tmp_path / "none"
    none.mkdir()
    (none / "player.py").write_text("", encoding="utf-8")
    with cluster(tmp_path / "cluster") as there:
        for folder in (other, none):
            there.add(PYTHONPATH=str(folder))
        code, said, complained = told(ferries, "access", "--all", "--cluster", there.address)
    assert (code, said) == (1, "")
    assert re.search(r"has version 0\.0\.7 of the program, and here it is .*; install the same", complained)
    assert re.search(r"has not this version of the program; install .* there", complained)
    assert right(ferries) == []


def test_a_scheduler_without_workers_or_none_is_told(ferries: Path, tmp_path: Path) -> None:
    with cluster(tmp_path / "cluster") as there:
        code, _, complained = told(ferries, "access", "--all", "--cluster", there.address)
        assert (code, complained) == (1, f"{there.address}: no worker is there; start some, and try again\n")
    code, _, complained = told(ferries, "access", "--all", "--cluster", there.address)
    assert code == 1
    assert complained.startswith(f"{there.address}: no scheduler of Dask's answers there (")
    assert len(complained.splitlines()) == 1


def test_clips_that_a_cluster_cuts_are_those_that_are_cut_here(archive: Path, tmp_path: Path, two: Cluster) -> None:
    reports, clips = [], []
    asked: tuple[tuple[str, ...], ...] = ((), ("--cluster", two.address))
    for name, where in zip(("here", "there"), asked, strict=True):
        folder = tmp_path / name
        told_of = told(archive, "clips", "tones", "--all-annotations", "--format", "flac", "-o", str(folder), *where)
        reports.append([told_of[0], *(text.replace(f"{name}/", "") for text in told_of[1:])])
        clips.append({path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".flac"})
    assert reports[0][0] == 0
    assert len(clips[0]) > 1
    assert reports[1:] == reports[:1]
    assert clips[1:] == clips[:1]
    again = ("-o", str(tmp_path / "there"), "--cluster", two.address)
    code, said, complained = told(archive, "clips", "tones", "--all-annotations", "--format", "flac", *again)
    assert (code, said.count("already there")) == (0, len(clips[0])), complained


def test_a_folder_that_a_worker_does_not_see_is_told(archive: Path, tmp_path: Path) -> None:
    blind = tmp_path / "blind"
    blind.mkdir()
    (blind / "sitecustomize.py").write_text(ELSEWHERE, encoding="utf-8")
    with cluster(tmp_path / "cluster") as there:
        there.add(PYTHONPATH=f"{blind}:{os.environ.get('PYTHONPATH', Path(access.__file__).parents[2])}")
        clips = tmp_path / "clips"
        where = ("-o", str(clips), "--cluster", there.address)
        code, said, complained = told(archive, "clips", "tones", "--all-annotations", *where)
    assert (code, said) == (1, "")
    assert f"does not see the folder {clips}; name one that all workers see at that path" in complained
    assert not clips.exists()


def test_a_copy_of_the_site_that_a_cluster_makes_is_that_which_is_made_here(
    context_archive: Path, tmp_path: Path, two: Cluster
) -> None:
    asked: tuple[tuple[str, ...], ...] = ((), ("--cluster", two.address))
    reports, copies = [], []
    for name, where in zip(("here", "there"), asked, strict=True):
        code, said, complained = told(context_archive, "export", "--site", str(tmp_path / name), *where)
        assert (code, complained) == (0, "")
        reports.append(said.replace(f"{name}:", ":"))
        copies.append(contents(tmp_path / name))
    assert reports[1:] == reports[:1]
    assert copies[0].keys() == copies[1].keys()
    assert [name for name, content in copies[0].items() if copies[1][name] != content] == []


def test_what_a_worker_that_was_killed_left_of_a_copy_is_made_whole(archive: Path, tmp_path: Path) -> None:
    plan = Plan(archive, tmp_path / "copy")
    (tmp_path / "copy" / "media").mkdir(parents=True)
    batch = Batch(["/recordings/tones"])
    whole = made_of((plan, batch))
    files = contents(plan.folder)
    assert "media/tones.wav" in whole.files
    # The first worker had put the sound in its place, half a page, and told nobody.
    page = plan.folder / "recordings" / "tones" / "index.html"
    page.write_bytes(page.read_bytes()[:100])
    again = made_of((plan, batch))
    assert again.files == whole.files
    assert contents(plan.folder) == files
