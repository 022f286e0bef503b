"""What a clip of 55 seconds costs, whole process, beside ffmpeg and pydub doing the same, on tapes made here."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import imageio_ffmpeg
from own_peak import OWN_PEAK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
RATE = 22_050
RUNS = 7
HOURS = 10
#: The end of the long tape, where a clip is cut, in seconds.
LATE = HOURS * 3600 - 100

RECORD = """title = "A tape of {minutes} minutes"
date = "1963-11-05"
place = "Nowhere"
summary = "Noise."
media = "{slug}.mp3"

[original]
description = "Noise"
"""


@dataclass(frozen=True)
class Cost:
    """Medians of several runs: seconds of the wall, and the largest process's peak, in MB."""

    wall: float
    peak: float


def measure() -> Iterator[str]:
    """Make two tapes, cut both, and give a line of figures for each comparison."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measure(Path(folder))


def main() -> None:
    """Print the table."""
    for line in measure():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _measure(folder: Path) -> Iterator[str]:
    os.environ["PLAYER_CACHE"] = str(folder / "cache")
    archive, ready = make_tapes(folder)
    short, long = (archive / "media" / f"{slug}.mp3" for slug in ("short", "long"))
    out = folder / "out.mp3"
    player = [sys.executable, "-m", "player", "clip", "--archive", str(archive), "--force", "-o", str(out)]
    head = [*player, "short", "--from", "25", "--to", "80"]
    late = [*player, "long", "--from", str(LATE), "--to", str(LATE + 55)]
    encode = [FFMPEG, "-v", "error", "-y", "-i", str(ready), "-b:a", "64k", str(out)]
    seek = [FFMPEG, "-v", "error", "-y", "-ss", str(LATE), "-t", "55", "-i", str(long), "-b:a", "64k", str(out)]
    index = _python(
        f"from player.audio.decode.mp3 import _index; from pathlib import Path; _index(Path({str(long)!r}))"
    )
    copy = [FFMPEG, "-v", "error", "-i", str(long), "-c", "copy", "-f", "null", "-"]

    yield f"cutting: 55 s of MP3, whole processes, medians of {RUNS} runs that take turns"
    yield f"  {'':58}{'wall':>8}{'beside':>9}{'ratio':>8}{'limit':>7}"
    yield _row("index of 10 h | ffmpeg -c copy -f null", _costs([index, copy], 3), "1.0")
    _run(head)
    _run(late)
    at_head, at_end, encoding, seeking = _costs([head, late, encode, seek], RUNS)
    yield _row("clip at the end of 10 h | at the head of 5 min", [at_end, at_head], "1.1")
    yield _row("clip at the end of 10 h | one ffmpeg encoding the passage", [at_end, encoding], "2.0")
    yield _row("clip at the end of 10 h | ffmpeg -ss and encode, there", [at_end, seeking], "1.0")
    for name in ("a:b", "start_second"):
        pydub = _pydub(short, 25, out, is_slice=name == "a:b")
        yield _row(f"clip at the head of 5 min | pydub {name}", _costs([head, pydub], 3), "1.0")
    pydub = _pydub(long, LATE, out, is_slice=False)
    yield _row("clip at the end of 10 h | pydub start_second", _costs([late, pydub], 1), "1.0")
    interpreter, asked = _costs([_python("pass"), [*player[:4], "--help"]], RUNS)
    yield _row("player clip --help | python -c pass", [asked, interpreter], "5.0")
    cut = _peak_of_python(late)
    bare = _peak_of_python(_python("pass"))
    yield f"  peak of the player's process {cut:.0f} MB, the interpreter's {bare:.0f} MB: {cut - bare:+.0f}, limit +60"
    yield f"  the largest process of a clip {at_end.peak:.0f} MB, of one ffmpeg encoding {encoding.peak:.0f} MB"
    seen = _run(_python("import runpy, sys\n" + _AS_COMMAND.format(late[3:])))
    yield f"  Flask is {'loaded' if b'flask' in seen else 'absent'}"


_AS_COMMAND = """sys.argv = ['player', *{0!r}]
try:
    runpy.run_module('player', run_name='__main__')
except SystemExit:
    pass
print('loaded:', 'flask' in sys.modules and 'flask')"""


def make_tapes(folder: Path) -> tuple[Path, Path]:
    """Make an archive of two tapes, five minutes and ten hours long, and a passage of 55 s as a WAV."""
    archive, wav, ready = folder / "archive", folder / "noise.wav", folder / "ready.wav"
    (archive / "media").mkdir(parents=True)
    for slug, minutes in (("short", 5), ("long", 60 * HOURS)):
        (archive / "transcripts" / slug).mkdir(parents=True)
        record = RECORD.format(slug=slug, minutes=minutes)
        (archive / "transcripts" / slug / "recording.toml").write_text(record, encoding="utf-8")
    short, long = (archive / "media" / f"{slug}.mp3" for slug in ("short", "long"))
    _run([FFMPEG, "-v", "error", "-f", "lavfi", "-i", f"anoisesrc=d=300:c=pink:r={RATE}:a=0.2:seed=1963", str(wav)])
    bare = ("-write_xing", "0", "-id3v2_version", "0", "-bitexact")
    _run([FFMPEG, "-v", "error", "-i", str(wav), "-c:a", "libmp3lame", "-b:a", "64k", *bare, str(short)])
    frames = short.read_bytes()
    with long.open("wb") as file:
        for _ in range(12 * HOURS):
            file.write(frames)
    _run([FFMPEG, "-v", "error", "-ss", "25", "-t", "55", "-i", str(wav), str(ready)])
    for path in (short, long):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    return archive, ready


def _pydub(path: Path, start: int, out: Path, *, is_slice: bool) -> list[str]:
    # codec= goes round ffprobe, which imageio-ffmpeg does not bring.
    ask = "" if is_slice else f"start_second={start}, duration=55,"
    cut = f"[{1000 * start}:{1000 * (start + 55)}]" if is_slice else ""
    return _python(
        "import warnings; warnings.simplefilter('ignore'); from pydub import AudioSegment\n"
        f"AudioSegment.converter = {FFMPEG!r}\n"
        f"sound = AudioSegment.from_file({str(path)!r}, {ask} codec='mp3'){cut}\n"
        f"sound.export({str(out)!r}, format='mp3', bitrate='64k').close()"
    )


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _costs(commands: Sequence[Sequence[str]], runs: int) -> list[Cost]:
    """Run commands in turn, so that what else the machine does falls on all of them."""
    walls: list[list[float]] = [[] for _ in commands]
    peaks: list[list[float]] = [[] for _ in commands]
    for _ in range(runs):
        for number, command in enumerate(commands):
            wall, peak = _timed(command)
            walls[number].append(wall)
            peaks[number].append(peak)
    return [Cost(statistics.median(wall), statistics.median(peak)) for wall, peak in zip(walls, peaks, strict=True)]


# Whoever runs a command in a process of its own can ask what its children took at most.
_OBSERVER = """import resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True)
wall = time.perf_counter() - begun
print(wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.returncode, done.stderr.decode())"""


def _timed(command: Sequence[str]) -> tuple[float, float]:
    """Run a command; give seconds of the wall, and the peak in MB of the largest of it and its children."""
    wall, peak, code, *said = _run([sys.executable, "-c", _OBSERVER, *command]).decode().split(" ", 3)
    if int(code):
        raise RuntimeError(f"{command}: {said}")
    return float(wall), int(peak) / 1024


def _peak_of_python(command: Sequence[str]) -> float:
    """Give the peak in MB of a Python process without its children, from its own account at its end."""
    own = f"{OWN_PEAK}import atexit, sys\natexit.register(lambda: print(own_peak(), file=sys.stderr))\n"
    code = command[2] if command[1] == "-c" else "import runpy\n" + _AS_COMMAND.format(list(command[3:]))
    done = subprocess.run([sys.executable, "-c", own + code], check=True, capture_output=True)
    return float(done.stderr.split()[-1])


def _run(command: Sequence[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def _row(name: str, costs: Sequence[Cost], limit: str) -> str:
    cost, beside = costs
    return f"  {name:58}{cost.wall:7.3f}s{beside.wall:8.3f}s{cost.wall / beside.wall:8.2f}{limit:>7}"


if __name__ == "__main__":
    main()
