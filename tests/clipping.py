"""The small archive as a reading, and the command over it: what the tests of clips share."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from click.testing import CliRunner, Result
from tones import ffmpeg

from player.archive.archive import Archive
from player.cli import main
from player.clips.clip import make
from player.clips.cut import Cut
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

RIGHTS = """
[[rights]]
object = "audio"
uri = "https://example.org/terms"
basis = "Own work"
certainty = "documented"
"""


def run(archive: Path, *arguments: str) -> Result:
    """Run the command on an archive, in this process."""
    return CliRunner().invoke(main, [*arguments, "--archive", str(archive)])


def start(archive: Path, *arguments: str, **named: Any) -> subprocess.Popen[bytes]:
    """Run the command on an archive, in a process of its own."""
    command = [sys.executable, "-m", "player", *arguments, "--archive", str(archive)]
    return subprocess.Popen(command, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **named})


def at_terminal(archive: Path, *arguments: str, **named: Any) -> tuple[bytes, bytes]:
    """Run the command on an archive at a terminal; give what it writes to standard output, and what a reader sees."""
    ours, theirs = pty.openpty()
    with start(archive, *arguments, **{**named, "stderr": theirs}) as process:
        os.close(theirs)
        seen = b""
        # A terminal gives what it has in pieces, and an error at its end.
        with suppress(OSError):
            while piece := os.read(ours, 1 << 16):
                seen += piece
        said, _ = process.communicate()
    os.close(ours)
    assert process.returncode == 0, seen
    return said, seen


def as_reading(archive: Path) -> None:
    """Let the recording be a reading, with rights."""
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text('kind = "reading"\n' + path.read_text(encoding="utf-8") + RIGHTS, encoding="utf-8")


def cut(archive: Path, target: Path, *spans: Span, **named: Any) -> Path:
    """Make a clip with all that goes with it."""
    opened = Archive(archive)
    what = Cut(spans or (Span(2000, 4000),), target.suffix, **named)
    return make(opened.recording("tones"), what, target, opened.sources).path


def pitches(path: Path, rate: int = 8000) -> list[int]:
    """Give the strongest frequency of each whole second of a sound, to the nearest 50 Hz."""
    samples = np.frombuffer(ffmpeg("-i", str(path), "-ar", str(rate), "-ac", "1", "-f", "s16le", "-"), "<i2")
    found = []
    for second in range(samples.size // rate):
        middle = samples[second * rate + rate // 4 : (second + 1) * rate - rate // 4].astype(float)
        peak = np.abs(np.fft.rfft(middle * np.hanning(middle.size))).argmax() * rate / middle.size
        found.append(round(float(peak) / 50) * 50)
    return found
