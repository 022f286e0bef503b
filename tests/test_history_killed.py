"""Whatever ends a change of a transcript, at whatever moment: file and history have both changed, or neither."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from drawing import drawn
from histories import SLUG, as_file, begin, change, cue, lines_of, of, present

from player.history import versions
from player.intake.transaction import recover

ROOT: Final = Path(__file__).resolve().parents[1]
LIMIT: Final = 120  # seconds until a test is given up; none is measured by it
#: Ends itself just before it does the n-th thing to a file of the archive.
DOOMED: Final = """
import os, sys
from player.cli import main

root, moment, *words = sys.argv[1:]
count = 0

def heard(event, arguments):
    global count
    if event not in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate"}:
        return
    if not any(isinstance(each, (str, bytes)) and os.fsdecode(each).startswith(root) for each in arguments):
        return
    count += 1
    if count == int(moment):
        os.kill(os.getpid(), 9)

sys.addaudithook(heard)
try:
    main(["history", *words, "--archive", root], standalone_mode=False)
finally:
    print("did", count)
"""


def doomed(root: Path, moment: int, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PLAYER_CACHE": str(root.parent / "cache")}
    return subprocess.run(
        [sys.executable, "-c", DOOMED, str(root), str(moment), SLUG, *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
    )


def made(root: Path) -> Path:
    begin(root, [cue(1, "The pocket boat"), cue(2, "came with Nora Quill"), cue(3, "and left")])
    lines = lines_of(of(root))
    change(root, as_file([cue(1, "The packet boat"), *lines[1:]]))
    change(root, as_file([*lines[:2], cue(3, "and left at nine")]))
    return root


def held(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.mark.sampled
@pytest.mark.long
@pytest.mark.parametrize("words", [("--to", "0"), ("--expunge", "Nora Quill", "--yes")])
def test_a_transcript_and_its_history_change_together_or_not_at_all(tmp_path: Path, words: tuple[str, ...]) -> None:
    root = made(tmp_path / "archive")
    shutil.copytree(root, tmp_path / "first")
    shutil.copytree(root, tmp_path / "whole")
    before = held(root)
    done = doomed(tmp_path / "whole", 0, *words)
    assert done.returncode == 0, done.stderr
    moments = int(done.stdout.split("did ")[-1])
    assert moments > 20
    complete = 0
    # The last things that it does make it complete.
    for moment in sorted({*drawn(range(1, moments + 1), 10), *range(moments - 2, moments + 1)}):
        ended = doomed(root, moment, *words)
        assert ended.returncode in {0, -signal.SIGKILL}, (moment, ended.stderr)
        recover(root)
        found = held(root)
        if found == before:
            continue
        complete += 1
        it = of(root)
        assert not versions.history(it).faults, moment
        assert found.keys() == {*before, f"transcripts/{SLUG}/history/0003.json"}, moment
        assert versions.content(it, 3) == present(it), moment
        if words[0] == "--to":
            assert present(it) == versions.content(it, 0), moment
        else:
            assert not any(b"Quill" in data for data in found.values()), moment
        assert [versions.content(it, number) for number in range(3)]
        shutil.rmtree(root)
        shutil.copytree(tmp_path / "first", root)
    assert complete
