"""docs/scale.md is true: its cluster makes what it says, and any of its servers answers, as written but for ports."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final
from urllib.request import urlopen

import pytest
from clusters import LIMIT, WORKER, cluster
from deployed import nginx, service
from documents import blocks, commands
from programs import program
from tones import ffmpeg

pytest.importorskip("distributed", reason="Dask's distributed is not installed (the extra cluster)")
pytestmark = pytest.mark.long

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT: Final = "docs/scale.md"
SYSTEMS: Final = "systemctl "
SHOWN: Final = [command for block in blocks(DOCUMENT) if block.kind == "sh" for command in commands(block)]
UNITS: Final = [block.text for block in blocks(DOCUMENT) if block.kind == "ini"]
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
    own = [" ".join(command.split()[:2]) for command in SHOWN if not command.startswith((SYSTEMS, "docker compose "))]
    assert own == ["dask scheduler", "dask worker", "player access"]


def test_systemd_accepts_the_units_and_they_start_what_is_shown(tmp_path: Path) -> None:
    found = program("systemd-analyze")
    started = [
        command
        for unit in UNITS
        for command in re.findall(r"^ExecStart=/opt/tape-player/bin/(.*)$", unit, re.MULTILINE)
    ]
    assert started == [command for command in SHOWN if command.startswith("dask")]
    for name, text in zip(("dask-scheduler.service", "dask-worker@1.service"), UNITS, strict=True):
        path = tmp_path / name
        path.write_text(text.replace("/opt/tape-player/bin/dask", "/bin/true"), encoding="utf-8")
        done = subprocess.run([found, "verify", path], capture_output=True, text=True, check=False, timeout=LIMIT)
        assert (done.returncode, done.stdout + done.stderr) == (0, "")


def asked_at(address: str) -> tuple[int, bytes]:
    with urlopen(address, timeout=LIMIT) as answer:  # noqa: S310  # our own server
        return answer.status, answer.read()


def test_any_server_answers_behind_one_address_and_one_may_end(archive: Path, tmp_path: Path) -> None:
    (server,) = [block.text for block in blocks(DOCUMENT) if block.kind == "nginx"]
    told = {"PLAYER_URL": "", "PLAYER_PROXIES": "1", "PLAYER_ACCESS_LOG": ""}
    paths = ("/", "/recordings/tones", "/recordings/tones/clip.mp3?t=1,2", "/media/tones", "/search?q=voice")
    with ExitStack() as stack:
        with ExitStack() as first:
            for number, named in enumerate(("8000", "8001")):
                until = stack if number else first
                port = until.enter_context(service(archive, tmp_path / f"cache-{number}", **told))
                server = server.replace(f"127.0.0.1:{named}", f"127.0.0.1:{port}")
            address = f"http://127.0.0.1:{stack.enter_context(nginx(tmp_path / 'nginx', server))}"
            # Each request goes to the next server.
            before = [[asked_at(f"{address}{path}") for _ in range(2)] for path in paths]
            assert all(one == other for one, other in before), "both answer alike"
        after = [asked_at(f"{address}{path}") for path in paths for _ in range(3)]
    assert {status for status, _ in after} == {200}
    assert (tmp_path / "cache-0" / "clips").exists()
    assert (tmp_path / "cache-1" / "clips").exists()
