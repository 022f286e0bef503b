"""An access copy is there whole or not at all: killed, without room or without the right to write, it is as before."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import count
from typing import TYPE_CHECKING

import pytest
from clipping import run
from copied import SECONDS, SLUG, copy_of, held_of, sidecar_of, write_copied
from tones import ffmpeg, write_tones

from player.audio import access

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.long

# The command, which is killed before the n-th change of a name that it asks the system for. Names change nowhere else.
KILLED = """
import os, signal, sys
from player.cli import main

left = {number}

def watch(event, arguments):
    global left
    if event in ("os.rename", "os.link", "os.remove", "os.mkdir"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
main({arguments!r})
"""
SMALL = """
import resource
from player.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
main({arguments!r})
"""


def without_copy(root: Path) -> Path:
    """Write the archive at ``root`` as it is before a copy was made."""
    write_copied(root)
    copy_of(root).unlink()
    sidecar_of(root).unlink()
    copy_of(root).parent.rmdir()
    return root


def with_stale_copy(root: Path) -> Path:
    """Write the archive at ``root`` as it is where the sound was replaced."""
    write_copied(root)
    write_tones(root / "other.wav", seconds=SECONDS, seed=1)
    ffmpeg("-y", "-i", str(root / "other.wav"), "-b:a", "64k", str(held_of(root)))
    return root


BEFORE = pytest.mark.parametrize("write", [without_copy, with_stale_copy])


def process(script: str, root: Path, **values: int) -> subprocess.CompletedProcess[str]:
    """Run ``player access`` on the archive in a process of its own, by a script."""
    program = script.format(arguments=["access", SLUG, "--archive", str(root)], **values)
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def files(root: Path) -> dict[str, bytes]:
    """Give what lies in media and in the folder of copies, but for what player/files.py leaves on purpose.

    That is what was begun less than a minute ago, and what was there before, which may be the only one.
    """
    left = {".new", ".before"}
    paths = [path for path in (root / "media").rglob("*") if path.is_file() and path.suffix not in left]
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def assert_sound(root: Path, whole: set[bytes]) -> None:
    """What has a copy's name is one that was made whole; it is played where it is right, and otherwise it is said."""
    media, held = root / "media", held_of(root)
    assert not copy_of(root).exists() or copy_of(root).read_bytes() in whole
    played = access.of(media, SLUG, held)
    told = run(root, "check").output
    if played:
        assert access.fault(media, SLUG, held) is None
    else:
        assert f"player access {SLUG}" in told
    assert ".tape-player" not in told


@BEFORE
def test_killed_before_any_of_its_steps_it_leaves_nothing_half_made_and_can_be_made_again(
    tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    made = write(tmp_path / "made")
    stale = copy_of(made).read_bytes() if copy_of(made).exists() else b""
    assert run(made, "access", SLUG).exit_code == 0
    right = copy_of(made).read_bytes()
    for number in count(1):
        root = write(tmp_path / f"killed-{number}")
        done = process(KILLED, root, number=number)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert_sound(root, {stale, right})
        again = run(root, "access", SLUG)
        if again.exit_code:
            assert "use --force to replace it" in again.output
            assert run(root, "access", SLUG, "--force").exit_code == 0
        assert files(root) == files(made)
    assert number > 4


@BEFORE
@pytest.mark.parametrize("size", [500, 20_000, 80_000])
def test_without_room_it_is_told_and_all_is_as_before(tmp_path: Path, write: Callable[[Path], Path], size: int) -> None:
    root = write(tmp_path / "archive")
    before = files(root)
    done = process(SMALL, root, size=size)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert f"{copy_of(root).name}: " in done.stderr
    assert done.stderr.count("\n") == 1
    assert files(root) == before


def test_where_a_file_stands_in_the_way_of_the_folder_it_is_told(tmp_path: Path) -> None:
    root = without_copy(tmp_path / "archive")
    copy_of(root).parent.write_text("mine", encoding="utf-8")
    before = files(root)
    done = run(root, "access", SLUG)
    assert done.exit_code == 1
    assert "access: this is not a folder, as access copies need; move it elsewhere" in done.output
    assert access.of(root / "media", SLUG, held_of(root)) == []
    assert files(root) == before
