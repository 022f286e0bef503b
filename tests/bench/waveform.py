"""What the outline of ten hours costs, whole process, beside ffmpeg decoding the same to nothing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import imageio_ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FFMPEG: Final = imageio_ffmpeg.get_ffmpeg_exe()
HOURS: Final = 10
RUNS: Final = 3
#: Runs of the server's own thread, by hand.
OUTLINE: Final = """
import sys
from pathlib import Path
from player.audio.waveform_worker import WaveformWorker
worker = WaveformWorker()
worker.look(Path(sys.argv[1]))
worker.join()
assert worker.look(Path(sys.argv[1])).points
"""
# Whoever runs a command in a process of its own can ask what its children took.
OBSERVER: Final = """
import resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, capture_output=True)
took = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - begun, took.ru_utime + took.ru_stime, took.ru_maxrss / 1024)
"""


def measure() -> Iterator[str]:
    """Make a tape of ten hours in three formats, outline each, and give a line of figures for it."""
    yield f"waveform: {HOURS} h at 22050 Hz, whole processes, medians of {RUNS} runs that take turns"
    yield f"  {'':22}{'wall':>8}{'of the processors':>19}{'peak':>9}   beside ffmpeg -f null{'ratio':>8}  limit"
    with tempfile.TemporaryDirectory() as folder:
        for path in _tapes(Path(folder)):
            null = [FFMPEG, "-v", "error", "-i", str(path), "-f", "null", "-"]
            ours, theirs = [], []
            for _ in range(RUNS):
                with tempfile.TemporaryDirectory() as cache:
                    ours.append(_took([sys.executable, "-c", OUTLINE, str(path)], cache))
                theirs.append(_took(null, folder))
            wall, work, peak = (statistics.median(each) for each in zip(*ours, strict=True))
            wall_beside, work_beside, _ = (statistics.median(each) for each in zip(*theirs, strict=True))
            yield (
                f"  outline of a {path.suffix[1:].upper():9}{wall:7.1f}s{work:18.1f}s{peak:6.0f} MB"
                f"   {wall_beside:6.1f}s, {work_beside:4.1f}s{wall / wall_beside:16.2f}  seconds, 100 MB"
            )


def _tapes(folder: Path) -> Iterator[Path]:
    """Make five minutes of noise into ten hours: as MP3, by its frames; as WAV and FLAC, from that."""
    part, tape = folder / "part.mp3", folder / "tape.mp3"
    noise = ["-f", "lavfi", "-i", "anoisesrc=d=300:c=pink:r=22050:a=0.2:seed=1963"]
    bare = ["-write_xing", "0", "-id3v2_version", "0", "-bitexact"]
    _run([FFMPEG, "-v", "error", *noise, "-c:a", "libmp3lame", "-b:a", "64k", *bare, str(part)])
    frames = part.read_bytes()
    with tape.open("wb") as file:
        for _ in range(12 * HOURS):
            file.write(frames)
    others = [tape.with_suffix(suffix) for suffix in (".wav", ".flac")]
    _run([FFMPEG, "-v", "error", "-i", str(tape), *(word for other in others for word in _as_16_bits(other))])
    for path in (tape, *others):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        yield path


def _as_16_bits(path: Path) -> list[str]:
    return ["-sample_fmt", "s16", str(path)]


def _took(command: Sequence[str], cache: str) -> tuple[float, float, float]:
    """Run a command; give seconds of the wall and of the processors, and the peak in MB of its largest process."""
    told = _run([sys.executable, "-c", OBSERVER, *command], {**os.environ, "PLAYER_CACHE": cache}).decode().split()
    return float(told[0]), float(told[1]), float(told[2])


def _run(command: Sequence[str], environment: dict[str, str] | None = None) -> bytes:
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout
