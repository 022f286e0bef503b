"""Whatever ends the addition of a recording, at whatever moment: nothing of it is there, or all of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from small_archive import write_tones
from test_add import SRT, seen
from tones import encoded

from player.intake.beginning import begin
from player.intake.transaction import recover

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT: Final = 120  # seconds until a test is given up; none is measured by it
#: Ends itself by a signal just before it does the n-th thing to a file of the archive.
DOOMED: Final = """
import os, sys
from pathlib import Path
from player.archive.archive import Archive
from player.intake.adding import Wanted, add

root, sound, words, moment, number = sys.argv[1:]
count = 0

def heard(event, arguments):
    global count
    if event not in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.utime", "os.truncate"}:
        return
    if not any(isinstance(each, (str, bytes)) and os.fsdecode(each).startswith(root) for each in arguments):
        return
    count += 1
    if count == int(moment):
        os.kill(os.getpid(), int(number))

archive = Archive(Path(root))
sys.addaudithook(heard)
add(archive, Wanted((Path(sound),), transcript=(Path(words),), title="On the quay", date="1971"))
print(count)
"""


def doomed(root: Path, sound: Path, words: Path, moment: int, number: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYER_CACHE": str(root.parent / "cache")}
    return subprocess.run(
        [sys.executable, "-c", DOOMED, str(root), str(sound), str(words), str(moment), str(number)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_archive_is_as_it_was_or_complete_whenever_it_ends(tmp_path: Path, number: signal.Signals) -> None:
    root, words = tmp_path / "archive", tmp_path / "quay.srt"
    begin(root)
    words.write_text(SRT, encoding="utf-8")
    write_tones(tmp_path / "quay.wav", seconds=3)
    sound = encoded(tmp_path / "quay.wav", "mp3 of constant bitrate")
    before = seen(root)
    shutil.copytree(root, tmp_path / "whole")
    done = doomed(tmp_path / "whole", sound, words, 0, 0)
    assert done.returncode == 0, done.stderr
    after = seen(tmp_path / "whole")
    moments = int(done.stdout)
    assert moments > 30
    complete = 0
    for moment in range(1, moments + 1):
        ended = doomed(root, sound, words, moment, number)
        assert ended.returncode != 0, moment
        if number == signal.SIGINT:
            # Python undoes what it began itself, or has done all of it.
            assert seen(root) in (before, after), moment
        recover(root)
        found = seen(root)
        assert found in (before, after), (moment, sorted(set(found) ^ set(before)))
        if found == after:
            complete += 1
            shutil.rmtree(root)
            begin(root)
    assert complete
    again = doomed(root, sound, words, 0, 0)
    assert again.returncode == 0, again.stderr
    assert seen(root) == after


@pytest.mark.long
@pytest.mark.parametrize("size", [10_000, 40_000, 60_000])
def test_a_disk_that_becomes_full_leaves_nothing(tmp_path: Path, size: int) -> None:
    """No file may be larger than ``size``: the sound cannot be written, or the copy that browsers play."""
    begin(tmp_path / "archive")
    write_tones(tmp_path / "quay.wav", seconds=6)
    sound = encoded(tmp_path / "quay.wav", "mp3 of constant bitrate")
    assert 40_000 < sound.stat().st_size < 60_000
    before = seen(tmp_path / "archive")
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    script = f"{limited}from player.cli import main\nmain()"
    words = ["add", str(sound), "--title", "x", "--date", "1971", "--archive", str(tmp_path / "archive")]
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PLAYER_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )
    if size < 60_000:
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        assert "file too large" in done.stderr.lower() or "limit exceeded" in done.stderr.lower(), done.stderr
        assert seen(tmp_path / "archive") == before
    else:
        assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_two_at_a_time_are_told_to_wait(tmp_path: Path) -> None:
    from player.archive.archive import Archive  # noqa: PLC0415  # this test alone needs them
    from player.errors import WriteError  # noqa: PLC0415
    from player.intake.adding import Wanted, add  # noqa: PLC0415
    from player.intake.transaction import transaction  # noqa: PLC0415

    begin(tmp_path / "archive")
    write_tones(tmp_path / "quay.wav", seconds=2)
    with transaction(tmp_path / "archive"), pytest.raises(WriteError, match="another command is changing this archive"):
        add(Archive(tmp_path / "archive"), Wanted((tmp_path / "quay.wav",), title="x", date="1971"))
