"""What it costs to add an hour's MP3 with its captions, beside what ffmpeg needs for the copy for browsers alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import imageio_ffmpeg
from bench._processes import cost

if TYPE_CHECKING:
    from collections.abc import Iterator

FFMPEG: Final = imageio_ffmpeg.get_ffmpeg_exe()
RUNS: Final = 2
MINUTES: Final = 60
#: Speech is loud and soft in turn; noise takes an encoder about as long.
SPEECH: Final = f"anoisesrc=d={60 * MINUTES}:c=pink:r=44100:a=0.2:s=1963,tremolo=f=3:d=0.8"
AAC: Final = ("-c:a", "aac", "-aac_pns", "0", "-b:a", "64k")
COPY: Final = (*AAC, "-use_editlist", "1", "-movflags", "+faststart", "-movie_timescale", "44100", "-f", "ipod")


def measure() -> Iterator[str]:
    """Make an hour of sound and its captions, add it, and give what that takes of the processors; the least of two."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sound, words = folder / "hour.mp3", folder / "hour.srt"
        made = ["-v", "error", "-f", "lavfi", "-i", SPEECH, "-ac", "1", "-b:a", "128k", str(sound)]
        subprocess.run([FFMPEG, *made], check=True)
        words.write_text("".join(_captions()), encoding="utf-8")
        alone = min(
            cost([FFMPEG, "-v", "error", "-y", "-i", str(sound), *COPY, str(folder / "copy.m4a")]) for _ in range(RUNS)
        )
        taken = min(_added(folder, sound, words, run) for run in range(RUNS))
        yield (
            f"add, an hour's MP3 with {20 * MINUTES} captions: {taken:.1f} s of the processors; "
            f"ffmpeg's copy of it alone: {alone:.1f} s; {taken / alone:.2f} times as much (limit 1.3)"
        )


def _captions() -> Iterator[str]:
    for number in range(20 * MINUTES):
        minute, second = divmod(3 * number, 60)
        yield (
            f"{number + 1}\n00:{minute:02}:{second:02},000 --> 00:{minute:02}:{second + 2:02},800\n"
            f"Line {number + 1} of a talk about ferries.\n\n"
        )


def _added(folder: Path, sound: Path, words: Path, run: int) -> float:
    archive, cache = folder / f"archive-{run}", str(folder / f"cache-{run}")
    player = [sys.executable, "-m", "player"]
    subprocess.run([*player, "init", str(archive)], check=True, stdout=subprocess.DEVNULL)
    named = ["--title", "The ferry", "--date", "1971", "--archive", str(archive)]
    return cost([*player, "add", str(sound), "--transcript", str(words), *named], PLAYER_CACHE=cache)
