"""A copy of many recordings is made by processes that are followed by others: it is what one would have made."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest
from bench.many import Many, write_archive
from site_copy import contents, copied

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="without Linux no process is forked of another"),
]

RECORDINGS: Final = 9
#: Makes a copy as if the archive were large, and writes down who reads what into the index, and who makes ready.
PROGRAM: Final = """
import os, sys
from pathlib import Path
from player.cli import main
from player.index.reading import Reader
from player.web.site import export

def tell(*what):
    with Path(sys.argv[3]).open("a") as file:
        print(*what, os.getpid(), file=file)

def read(self, unit, *asked, before=Reader.read, **how):
    tell("read", "/".join(unit))
    return before(self, unit, *asked, **how)

def ready(plan, before=export._ready_maker):
    tell("ready", "-")
    return before(plan)

Reader.read, export._ready_maker = read, ready
export._FEW, export._RECORDINGS, export._BATCHES = 0, 1, 4
tell("first", "-")
main(["export", "--site", sys.argv[2], "--archive", sys.argv[1]])
"""


def test_a_copy_is_the_same_whoever_makes_it_and_the_first_process_reads_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = write_archive(tmp_path / "archive", Many(recordings=RECORDINGS, lines=5, beside=RECORDINGS))
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "alone"))
    copied(archive, tmp_path / "by one")
    said = tmp_path / "said"
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(archive), str(tmp_path / "by many"), str(said)],
        env={**os.environ, "PLAYER_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert contents(tmp_path / "by many") == contents(tmp_path / "by one")
    told = [line.split() for line in said.read_text(encoding="utf-8").splitlines()]
    ((_, _, first),) = (each for each in told if each[0] == "first")
    read = Counter(what for how, what, _ in told if how == "read")
    assert sum(what.startswith("recording/") for what in read) == RECORDINGS
    assert set(read.values()) == {1}, "each is read once"
    ready = [who for how, _, who in told if how == "ready"]
    assert len(ready) == len({*ready}) >= RECORDINGS // 4, "others follow"
    assert first not in {who for how, _, who in told if how in {"read", "ready"}}
    assert len({who for how, _, who in told if how == "read"}) == 1
