"""A server in a process of its own, an ffmpeg that does as a test says, and requests to the one."""

from __future__ import annotations

import os
import posixpath
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import imageio_ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LIMIT = 120  # seconds until a test is given up; none is measured by it


def real_ffmpeg() -> str:
    found = str(imageio_ffmpeg.get_ffmpeg_exe())
    return shutil.which(found) or found


def gated(folder: Path, script: str) -> Path:
    """Write an ffmpeg that notes that it was started, and then does what ``script`` says."""
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\necho $$ >> {folder}/started\n{script}\n")
    program.chmod(0o755)
    return program


@contextmanager
def serving(
    archive: Path,
    folder: Path,
    ffmpeg: Path | str,
    stop: signal.Signals = signal.SIGTERM,
    before: Sequence[str] = (),
    **variables: str,
) -> Iterator[str]:
    """Serve an archive from a process of its own, started by the program ``before`` where there is one."""
    environment = {
        **os.environ, **variables, "PLAYER_CACHE": str(folder / "cache"), "IMAGEIO_FFMPEG_EXE": str(ffmpeg)
    }  # fmt: skip
    command = [*before, sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(archive)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, start_new_session=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[4]
        try:
            yield address
        finally:
            os.killpg(process.pid, stop)
            process.communicate(timeout=LIMIT)


def get(address: str, query: str, path: str = "clip.mp3") -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=LIMIT)
    try:
        whole = posixpath.normpath(f"/recordings/tones/{quote(path)}")
        connection.request("GET", f"{whole}?{query}")
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def until(is_so: Any) -> None:
    """Wait until something is so."""
    given_up = time.monotonic() + LIMIT
    while not is_so():
        assert time.monotonic() < given_up
        time.sleep(0.01)
