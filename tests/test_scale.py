"""docs/scale.md is true: the cluster that it starts makes what it says, except for ports and folders."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from clusters import LIMIT, WORKER, cluster
from documents import blocks, commands
from tones import ffmpeg

pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT: Final = "docs/scale.md"
SHOWN: Final = [command for block in blocks(DOCUMENT) if block.kind == "sh" for command in commands(block)]
SCHEDULER: Final = "tcp://127.0.0.1:8786"


def asked(beginning: str) -> list[str]:
    (command,) = [command for command in SHOWN if command.startswith(beginning)]
    return shlex.split(command)


def test_the_cluster_that_is_shown_makes_copies(archive: Path, tmp_path: Path) -> None:
    (archive / "media" / "tones.wav").unlink()
    ffmpeg("-f", "lavfi", "-i", "sine=r=16000", "-t", "4", str(archive / "media" / "tones.mp3"))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    scheduler, worker = asked("dask scheduler"), asked("dask worker")
    assert scheduler[2:] == ["--host", "127.0.0.1", "--port", "8786", "--no-dashboard"]
    assert worker[2] == SCHEDULER
    assert set(WORKER) >= set(worker[3:])
    with cluster(tmp_path / "cluster") as there:
        there.add(*worker[3:])
        command = re.sub(SCHEDULER, there.address, " ".join(asked("player access"))).replace("/srv/tapes", str(archive))
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", *shlex.split(command)],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=True,
        )
    assert "tones.m4a: 0:04, " in done.stdout


def test_each_command_that_is_shown_is_one_of_those() -> None:
    assert [" ".join(command.split()[:2]) for command in SHOWN] == ["dask scheduler", "dask worker", "player access"]
