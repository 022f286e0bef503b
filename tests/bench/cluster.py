"""What it costs to hand recordings to Dask: copies made by two of its workers, beside two processes of this machine.

Whole commands, the clock's time. The cluster is there before, as it is where there is one. What each makes is removed
before the next, and each finds sounds that no cache knows: else one command would have the cache of the one before, and
workers what they remember. ``PLAYER_BENCH_RECORDINGS`` sets how many there are.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clusters import cluster
from tones import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY: Final = int(os.environ.get("PLAYER_BENCH_RECORDINGS", "500"))
RUNS: Final = 3
_SECONDS: Final = 20  # of each sound
# So many nanoseconds ago a file was written that nobody takes for one that is still being written.
_SETTLED: Final = 60_000_000_000


def measure() -> Iterator[str]:
    """Give a line for the comparison."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _archive(Path(folder, "archive"))
        with cluster(Path(folder, "cluster"), workers=2) as there:
            ways = {"pool": ("--jobs", "2"), "dask": ("--cluster", there.address)}
            taken: dict[str, list[float]] = {way: [] for way in ways}
            for _ in range(RUNS):
                for way, where in ways.items():
                    _forget(archive)
                    taken[way].append(_time(archive, Path(folder, "cache"), *where))
        pool, dask = (statistics.median(taken[way]) for way in ("pool", "dask"))
        yield f"cluster: access copies of {MANY} recordings of {_SECONDS} s, medians of {RUNS} runs that take turns"
        yield f"  {'Dask, 2 workers':24}{dask:8.1f} s{'a pool of 2':>14}{pool:8.1f} s{dask / pool:8.2f}   limit 1.2"


def _archive(root: Path) -> Path:
    (root / "media").mkdir(parents=True)
    sound = root / "media" / "ferry-0.mp3"
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=a=0.1:r=16000:seed=7", "-t", str(_SECONDS), "-b:a", "32k", str(sound))
    for number in range(MANY):
        folder = root / "transcripts" / f"ferry-{number}"
        folder.mkdir(parents=True)
        record = f'title = "Ferry {number}"\ndate = "1971"\nmedia = "ferry-{number}.mp3"\n'
        (folder / "recording.toml").write_text(record, encoding="utf-8")
        if number:
            shutil.copy(sound, root / "media" / f"ferry-{number}.mp3")
    return root


def _forget(archive: Path) -> None:
    """Remove the copies, and give each sound a date that nobody has seen."""
    shutil.rmtree(archive / "media" / "access", ignore_errors=True)
    then = time.time_ns() - _SETTLED
    for sound in (archive / "media").glob("*.mp3"):
        os.utime(sound, ns=(then, then))


def _time(archive: Path, cache: Path, *where: str) -> float:
    command = [sys.executable, "-m", "player", "access", "--all", "--archive", str(archive), *where]
    begun = time.perf_counter()
    subprocess.run(command, env={**os.environ, "PLAYER_CACHE": str(cache)}, check=True, capture_output=True)
    return time.perf_counter() - begun
