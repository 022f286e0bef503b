"""Where nothing can be written, not even to a temporary folder, what cannot be done is told, and all else is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from clip_server import get, serving, until
from clipping import cut
from small_archive import bind

# In a mount namespace of its own: the file system that all is on is mounted once more, to be read only.
_READ_ONLY = 'mount --make-rprivate / && mount -o remount,ro,bind / && exec "$@"'
#: Told once each, where the cache cannot be written.
NOT_KEPT = (
    "what was derived from the sound cannot be cached (read-only file system)",
    "the index cannot be kept (read-only file system)",
)
NO_FOLDER = "(none can be written); set TMPDIR to one that can be written"


def _unshare() -> list[str] | None:
    """Give how to start a program on a file system that it can only read; None where this machine does not let one."""
    for own in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        command = [*own, "sh", "-c", _READ_ONLY, "-"]
        try:
            done = subprocess.run([*command, "sh", "-c", "! touch /tmp/x"], capture_output=True, check=False)
        except OSError:
            return None
        if done.returncode == 0:
            return command
    return None


def _reason() -> str:
    """Say why nothing can be mounted: where the root is a folder of another file system, it cannot be by itself."""
    mounts = Path("/proc/self/mountinfo")
    points = {line.split()[4] for line in mounts.read_text(encoding="utf-8").splitlines()} if mounts.exists() else {"/"}
    return "no file system can be mounted to be read only here" if "/" in points else "the root is no mount point here"


READ_ONLY = _unshare()
pytestmark = pytest.mark.skipif(READ_ONLY is None, reason=_reason())


def player(archive: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*(READ_ONLY or ()), sys.executable, "-m", "player", *arguments, "--archive", str(archive)]
    environment = {**os.environ, "PLAYER_CACHE": str(archive.parent / "cache")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list",), "A tape of tones"),
        (("check",), "nothing is wrong"),
        (("annotations", "tones"), "Who Ada is"),
        (("clip", "tones", "--from", "2", "--to", "3", "--dry-run"), "0:02 to 0:03 of tones"),
        (("verify", "clip.wav"), "cut again, it is identical, sample for sample"),
    ],
    ids=["list", "check", "annotations", "dry run", "verify"],
)
def test_what_only_reads_is_done(archive: Path, arguments: tuple[str, ...], words: str) -> None:
    bind(archive)
    path = cut(archive, archive.parent / "clip.wav")
    done = player(archive, *(str(path) if each == "clip.wav" else each for each in arguments))
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
    told = done.stderr.splitlines()
    assert len(told) == len({each for each in NOT_KEPT for line in told if each in line})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("clip", "tones", "--from", "2", "--to", "3", "-o", "out.wav"), "the clip cannot be written (read-only file"),
        (("clip", "tones", "--from", "2", "--to", "3", "--format", "mp3", "-o", "-"), NO_FOLDER),
        (("clips", "tones", "--all-annotations", "-o", "folder"), "the folder cannot be made (read-only file system)"),
        (("access", "tones", "--force"), "the copy cannot be written (read-only file system)"),
        (("verify", "clip.mp3"), f"there is no temporary folder to cut the clip again in {NO_FOLDER}"),
    ],
    ids=["clip", "standard output", "clips", "access", "verify"],
)
def test_what_has_to_be_written_is_refused_in_words(archive: Path, arguments: tuple[str, ...], words: str) -> None:
    cut(archive, archive.parent / "clip.mp3")
    names = {name: str(archive.parent / name) for name in ("clip.mp3", "out.wav", "folder")}
    done = player(archive, *(names.get(each, each) for each in arguments))
    assert done.returncode == 1, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_pages_sounds_and_drawings_are_served_and_a_clip_is_refused_in_words(archive: Path, tmp_path: Path) -> None:
    with serving(archive, tmp_path, "ffmpeg-is-not-asked", before=READ_ONLY or ()) as address:
        for path in ("../tones", "../../", "../../media/tones", "cite"):
            assert get(address, "", path)[0] == 200, path
        until(lambda: get(address, "", "waveform.svg")[0] == 200)
        for _ in range(5):
            status, _headers, body = get(address, "t=2,3", "clip.wav")
            assert status == 500
            assert b"The server could not write the clip" in body
        assert get(address, "", "../tones")[0] == 200
