"""Ctrl-C is heard at any moment, and no ffmpeg goes on after it."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from player.audio import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

# pydub looks for a module of Python 2 in a bare except: what comes up meanwhile is taken for its absence.
AT_PYDUBS_IMPORT = """
import signal, sys

class Presser:
    def find_spec(self, name, path=None, target=None):
        if name == "StringIO":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Presser())
try:
    import player.audio.segment
except KeyboardInterrupt:
    print("heard")
"""


@pytest.mark.parametrize("is_encoding", [True, False])
def test_an_ffmpeg_just_started_is_ended(
    tmp_path: Path, archive: Path, monkeypatch: pytest.MonkeyPatch, *, is_encoding: bool
) -> None:
    ffmpeg.executable()  # which tries it the first time
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def pressed(*arguments: Any, **named: Any) -> subprocess.Popen[bytes]:
        process = start(*arguments, **named)
        started.append(process)
        signal.raise_signal(signal.SIGINT)
        return process

    monkeypatch.setattr(subprocess, "Popen", pressed)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012  # the two ways to start one
        if is_encoding:
            ffmpeg.encode([b""], ["-f", "s16le", "-i", "pipe:0", str(tmp_path / "out.wav")])
        else:
            with ffmpeg.decoding(archive / "media" / "tones.wav", "-f", "s16le", "pipe:1"):
                raise AssertionError("nothing of the block is done")
    (process,) = started
    assert process.returncode == -signal.SIGKILL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_pydub_does_not_swallow_it() -> None:
    program = [sys.executable, "-W", "ignore", "-c", AT_PYDUBS_IMPORT]
    assert subprocess.run(program, capture_output=True, check=True).stdout == b"heard\n"
