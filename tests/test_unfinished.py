"""What a killed process left unfinished is removed by the next, and nothing else is."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from clip_server import LIMIT, gated, until
from clipping import run, start

from player.files import new_file, sweep, unfinished_file, unfinished_folder
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, time
from pathlib import Path
from player.files import unfinished_file, unfinished_folder
with unfinished_file(Path(sys.argv[1])) as part, unfinished_folder(Path(sys.argv[1])) as place:
    part.write_text("half")
    (place / "half").write_text("half")
    print(part.name, place.name, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_a_living_process_makes_is_left_alone_and_what_a_killed_one_left_is_removed(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        made = set(holder.stdout.readline().split())
        sweep(folder)
        assert names(folder) == made
        holder.send_signal(signal.SIGKILL)
        holder.wait(LIMIT)
    assert names(folder) == made
    sweep(folder)
    assert names(folder) == set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_what_a_killed_process_left_is_removed_though_one_lives_that_was_forked_of_it(folder: Path) -> None:
    program = HOLD.replace(
        "    time.sleep(600)", "    if forked := os.fork():\n        print(forked, flush=True)\n    time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"import os\n{program}", str(folder)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        made = set(holder.stdout.readline().split())
        forked = int(holder.stdout.readline())
        sweep(folder)
        assert names(folder) == made
        holder.send_signal(signal.SIGKILL)
        holder.wait(LIMIT)
        try:
            sweep(folder)
            assert names(folder) == set()
        finally:
            os.kill(forked, signal.SIGKILL)


def test_what_this_process_makes_is_left_alone(folder: Path) -> None:
    with unfinished_file(folder) as part, unfinished_folder(folder) as place:
        for path in (part, place):
            os.utime(path, (1, 1))
        sweep(folder)
        assert part.is_file()
        assert place.is_dir()
    assert names(folder) == set()


def test_what_is_a_users_is_left_alone(folder: Path) -> None:
    kept = {
        "film.part", ".film.part", ".0123456789abcdef.part", ".tape-player.part", ".tape-player-0123.part",
        ".tape-player-0123456789abcdef.before", ".tape-player-0123456789abcdef.part.mp3",
    }  # fmt: skip
    for name in kept:
        (folder / name).write_text("mine", encoding="utf-8")
    sweep(folder)
    assert names(folder) == kept


def test_what_leads_elsewhere_or_would_be_waited_for_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "mine").write_text("mine", encoding="utf-8")
    (folder / ".tape-player-0000000000000001.part").symlink_to(tmp_path / "mine")
    (folder / ".tape-player-0000000000000002.cut").symlink_to(tmp_path / "place")
    (folder / ".tape-player-0000000000000003.part").symlink_to("nowhere")
    os.mkfifo(folder / ".tape-player-0000000000000004.part")
    before = names(folder)
    sweep(folder)
    assert names(folder) == before
    assert (tmp_path / "mine").exists()
    assert (tmp_path / "place" / "mine").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file that is another's")
def test_what_is_another_users_is_left_alone(folder: Path) -> None:
    left = folder / ".tape-player-0123456789abcdef.part"
    left.touch()
    os.chown(left, 65534, 65534)
    sweep(folder)
    assert left.exists()


def test_what_was_not_yet_locked_is_removed_when_it_is_old(folder: Path) -> None:
    young, old = (folder / f".tape-player-000000000000000{number}.new" for number in (1, 2))
    for path in (young, old):
        path.touch()
    os.utime(old, (1, 1))
    sweep(folder)
    assert names(folder) == {young.name}


def test_where_there_are_no_locks_nothing_is_swept_and_files_are_made_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = folder / ".tape-player-0123456789abcdef.part"
    left.touch()

    def unknown(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", unknown)
    with new_file(folder / "made") as beside:
        beside.write_text("whole", encoding="utf-8")
    assert names(folder) == {"made", left.name}


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    sweep(tmp_path / "none")
    (tmp_path / "file").touch()
    sweep(tmp_path / "file")


def test_a_clip_whose_maker_is_killed_leaves_nothing_behind_the_next_one(
    archive: Path, folder: Path, tmp_path: Path
) -> None:
    """Beside a person's own files; the encoder is killed with its maker, as when a machine loses its power."""
    (folder / "mine.part").write_text("mine", encoding="utf-8")
    encoder = gated(tmp_path, "exec sleep 600")
    environment = {**os.environ, "IMAGEIO_FFMPEG_EXE": str(encoder)}
    clip = ("clip", "tones", "--from", "2", "--to", "4", "-o", str(folder / "a.mp3"))
    with start(archive, *clip, env=environment, start_new_session=True) as maker:
        until((tmp_path / "started").exists)
        os.killpg(maker.pid, signal.SIGKILL)
        maker.communicate(timeout=LIMIT)
    assert len(names(folder)) > 1, "something is left"
    done = run(archive, *clip)
    assert done.exit_code == 0, done.output
    assert names(folder) == {"mine.part", "a.mp3", "a.mp3.json", "a.mp3.vtt"}


def test_what_was_left_in_the_cache_is_gone_when_a_server_starts(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    for kind in ("clips", "sha256-1"):
        (tmp_path / "cache" / kind).mkdir(parents=True)
        (tmp_path / "cache" / kind / ".tape-player-0123456789abcdef.part").touch()
    (tmp_path / "cache" / "clips" / ".tape-player-0123456789abcdef.cut").mkdir()
    (tmp_path / "cache" / "mine").write_text("mine", encoding="utf-8")
    os.mkfifo(tmp_path / "cache" / "pipe")
    create_app(archive)
    assert {path.name for path in (tmp_path / "cache").rglob("*")} == {"clips", "sha256-1", "mine", "pipe"}
