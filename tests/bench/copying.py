"""What clips of 55 seconds of MP3 cost: copied, encoded, joined, many at a time, beside ffmpeg and other programs.

Whole processes with all that they start, unless a row says otherwise: the processors' time first, then the clock's.
Modules are compiled before, as where the program is installed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import urlopen

from browser.conftest import serving
from own_peak import OWN_PEAK

from ._processes import processes_at, with_children, worked
from .cutting import FFMPEG, HOURS, LATE, make_tapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

RUNS: Final = 9
#: How many copies are made by one command, and how many are asked of a server.
MANY: Final = 200
ASKED: Final = 30
#: Of how many passages a joined clip or a basket is, each of so many seconds.
PARTS: Final = 10
EACH: Final = 5.5
HEAD: Final = f"  {'':66}{'CPU':>8}{'beside':>9}{'ratio':>7}{'clock':>7}{'limit':>7}"
_ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Cost:
    """Seconds of the processors, and of the clock."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Tapes:
    """Where all is: the archive, a passage as a WAV, a part of that, and a place to write to."""

    folder: Path
    archive: Path
    ready: Path

    @property
    def long(self) -> Path:
        return self.archive / "media" / "long.mp3"

    @property
    def out(self) -> Path:
        return self.folder / "out.mp3"

    def player(self, command: str, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "player", command, "--archive", str(self.archive), "--force", *arguments]

    def clip(self, slug: str, start: float, *more: str) -> list[str]:
        return self.player("clip", slug, "--from", str(start), "--to", str(start + 55), "-o", str(self.out), *more)

    def encoding(self, *more: str) -> list[str]:
        return [FFMPEG, "-v", "error", "-y", *more, "-i", str(self.ready), "-b:a", "64k", str(self.out)]

    def seeking(self, slug: str, start: float) -> list[str]:
        tape = str(self.archive / "media" / f"{slug}.mp3")
        return [FFMPEG, "-v", "error", "-y", "-ss", str(start), "-t", "55", "-i", tape, "-c", "copy", str(self.out)]


def measure() -> Iterator[str]:
    """Make two tapes, and give a line for each comparison."""
    with tempfile.TemporaryDirectory() as folder:
        _ENVIRONMENT["PLAYER_CACHE"] = os.environ["PLAYER_CACHE"] = str(Path(folder, "cache"))
        tapes = Tapes(Path(folder), *make_tapes(Path(folder)))
        yield f"copying: 55 s of MP3, whole processes, medians of up to {RUNS} runs that take turns"
        yield HEAD
        for measured in (_one, _first, _served, _many, _joined, _peaks, _peers):
            yield from measured(tapes)


def _one(tapes: Tapes) -> Iterator[str]:
    late, head = (tapes.clip(*where, "--format", "copy") for where in (("long", LATE), ("short", 25)))
    encoded = tapes.clip("long", LATE)
    for command in (late, head, encoded):
        _run(command)
    at_end, at_head, whole, beside = _costs([late, head, encoded, tapes.encoding()], RUNS)
    one = "one ffmpeg encoding the passage"
    yield row(f"copy at the end of {HOURS} h | {one}", at_end, beside, "1.0")
    yield row(f"copy at the end of {HOURS} h | at the head of 5 min", at_end, at_head, "1.1")
    yield row(f"encoded at the end of {HOURS} h | {one}", whole, beside, "1.8")
    # Near the head, where it need not step over ten hours of packets.
    short = str(tapes.archive / "media" / "short.mp3")
    decoding = [FFMPEG, "-v", "error", "-ss", "25", "-t", "55", "-i", short, "-f", "null", "-"]
    bare = _costs([[sys.executable, "-c", "pass"], [sys.executable, "-c", "import click"], decoding], RUNS)
    yield row(f"of which the interpreter alone | {one}", bare[0], beside, "-")
    yield row(f"and with click | {one}", bare[1], beside, "-")
    yield row(f"and one ffmpeg decoding the passage | {one}", bare[2], beside, "-")


def _first(tapes: Tapes) -> Iterator[str]:
    """Copy with nothing kept, not even the index; the account says the SHA-256 of all ten hours.

    With -ss before its input ffmpeg steps over packets, as the index does; with -ss after it, it reads each of them.
    """
    copy = tapes.clip("long", LATE, "--format", "copy")
    stepping = tapes.seeking("long", LATE)
    reading = [*stepping[:4], *stepping[8:10], *stepping[4:8], *stepping[10:]]
    rounds = []
    for number in range(3):
        first = _cost(copy, PLAYER_CACHE=str(tapes.folder / f"first {number}"))
        rounds.append((first, _cost(reading), _cost(stepping)))
    ours, read, stepped = (_median(costs) for costs in zip(*rounds, strict=True))
    yield row(f"first copy ever, at the end of {HOURS} h | ffmpeg -c copy from there", ours, read, "0.3")
    yield row("the same | ffmpeg -ss before the input, -c copy, which is inexact", ours, stepped, "-")


def _served(tapes: Tapes) -> Iterator[str]:
    """Ask a running server for copies, each of another passage: it keeps what it has made."""
    with serving(tapes.archive, tapes.folder / "cache") as address:
        port = urlsplit(address).port
        processes = with_children(processes_at(port or 0))

        def asked(path: str) -> None:
            with urlopen(f"{address}{path}", timeout=600) as answer:  # noqa: S310  # our own server
                answer.read()

        def per(paths: Sequence[str]) -> Cost:
            asked(paths[0])
            before, begun = sum(map(worked, processes)), time.perf_counter()
            for path in paths[1:]:
                asked(path)
            count = len(paths) - 1
            spent = (sum(map(worked, processes)) - before) / 1000
            return Cost(spent / count, (time.perf_counter() - begun) / count)

        clip = "/recordings/long/clip.mp3?t={},{}"
        starts = range(LATE - ASKED, LATE + 1)
        copies = per([f"{clip.format(start, start + 55)}&format=copy" for start in starts])
        encoded = per([clip.format(start, start + 55) for start in starts[:8]])
        baskets = [
            "&".join(f"p=long@{LATE - 900 + 60 * part + start},{LATE - 900 + 60 * part + start + EACH}"
                     for part in range(PARTS))
            for start in range(5)
        ]  # fmt: skip
        zipped, joined = (per([f"/basket.{ext}?{basket}" for basket in baskets]) for ext in ("zip", "mp3"))
    (beside,) = _costs([tapes.encoding()], RUNS)
    parts = _python(_each([tapes.encoding("-ss", str(part * EACH), "-t", str(EACH)) for part in range(PARTS)]))
    (apart,) = _costs([parts], 3)
    yield row("copy in a running server, by request | one ffmpeg encoding the passage", copies, beside, "0.5")
    yield row("encoded in a running server, by request | the same", encoded, beside, "-")
    yield row(f"basket of {PARTS} passages as a ZIP of MP3 | as many ffmpeg encodings", zipped, apart, "-")
    yield row(f"basket of {PARTS} passages as one MP3 | one ffmpeg encoding", joined, beside, "-")


def _many(tapes: Tapes) -> Iterator[str]:
    """Copy by one command what as many runs of ffmpeg copy, inexactly."""
    for slug, longest, limit in (("long", HOURS * 3600, "0.3"), ("short", 300, "1.5")):
        starts = [(longest - 60) * number // MANY for number in range(MANY)]
        table = tapes.folder / "passages.csv"
        table.write_text("".join(f"{start},{start + 55},{number}\n" for number, start in enumerate(starts)), "utf-8")
        copies = ["-o", str(tapes.folder / f"copies of {slug}"), "--format", "copy"]
        many = tapes.player("clips", slug, "--from-csv", str(table), *copies)
        ours, beside = _costs([many, _python(_each([tapes.seeking(slug, start) for start in starts]))], 1)
        where = f"{HOURS} h" if slug == "long" else "5 min"
        yield row(f"{MANY} copies spread over {where} | ffmpeg -ss -c copy of each", ours, beside, limit)


def _joined(tapes: Tapes) -> Iterator[str]:
    """Join ten passages of 5.5 seconds."""
    table = tapes.folder / "parts.csv"
    starts = [LATE - 900 + 60 * part for part in range(PARTS)]
    table.write_text("".join(f"{start},{start + EACH}\n" for start in starts), encoding="utf-8")
    join = tapes.player("clips", "long", "--from-csv", str(table), "--join", "-o", str(tapes.out))
    ways = {"encoded": (), "made equally loud": ("--loudness", "-16"), "copied": ("--format", "copy")}
    for more in ways.values():
        _run([*join, *more])
    *ours, beside = _costs([*([*join, *more] for more in ways.values()), tapes.encoding()], 3)
    for name, cost in zip(ways, ours, strict=True):
        yield row(f"{PARTS} passages joined, {name} | one ffmpeg encoding", cost, beside, "-")


def _peaks(tapes: Tapes) -> Iterator[str]:
    bare = _peak(_python("pass"))
    ways = {
        "copied": tapes.clip("long", LATE, "--format", "copy"),
        "encoded": tapes.clip("long", LATE),
        f"{MANY} copies": tapes.player(
            *("clips", "long", "--from-csv", str(tapes.folder / "passages.csv"), "--format", "copy"),
            *("-o", str(tapes.folder / "copies of long")),
        ),
    }
    for name, command in ways.items():
        more = _peak(command) - bare
        yield f"  peak of the player over the interpreter's {bare:.0f} MB, {name}: +{more:.0f}, limit +20"


def _peers(tapes: Tapes) -> Iterator[str]:
    short, out = str(tapes.archive / "media" / "short.mp3"), str(tapes.out)
    pydub = _python(
        "import warnings; warnings.simplefilter('ignore'); from pydub import AudioSegment\n"
        f"AudioSegment.converter = {FFMPEG!r}\n"
        # codec= goes round ffprobe, which imageio-ffmpeg does not bring.
        f"sound = AudioSegment.from_file({short!r}, start_second=25, duration=55, codec='mp3')\n"
        f"sound.export({out!r}, format='mp3', bitrate='64k').close()"
    )
    copy = tapes.clip("short", 25, "--format", "copy")
    ours, beside = _costs([copy, pydub], 3)
    yield row("copy at the head of 5 min | pydub, which encodes it", ours, beside, "-")
    videogrep = _videogrep(tapes)
    if videogrep is None:
        yield "  videogrep cannot be installed here"
        return
    ours, beside = _costs([copy, videogrep], 3)
    yield row("copy at the head of 5 min | videogrep, which encodes it", ours, beside, "-")


def _videogrep(tapes: Tapes) -> list[str] | None:
    """Install videogrep in an environment of its own, and give the command that cuts the same; None: it cannot be."""
    place = tapes.folder / "videogrep"
    venv.create(place, with_pip=True)
    python = str(place / "bin" / "python")
    with suppress(OSError, subprocess.SubprocessError):
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "videogrep"]
        subprocess.run(pip, check=True, capture_output=True, timeout=600)
        code = VIDEOGREP.format(str(tapes.archive / "media" / "short.mp3"), str(tapes.out))
        subprocess.run([python, "-c", code], check=True, capture_output=True, timeout=600)
        return [python, "-c", code]
    return None


#: What videogrep does with a passage that it has found in the words of a sound.
VIDEOGREP: Final = """
from videogrep import create_supercut
create_supercut([{{"file": {0!r}, "start": 25, "end": 80}}], {1!r})
"""


def row(name: str, ours: Cost, beside: Cost, limit: str) -> str:
    """Give a line of the table."""
    ratios = f"{ours.cpu / beside.cpu:7.2f}{ours.wall / beside.wall:7.2f}"
    return f"  {name:66}{ours.cpu:7.3f}s{beside.cpu:8.3f}s{ratios}{limit:>7}"


def _each(commands: Sequence[Sequence[str]]) -> str:
    return f"import subprocess\nfor command in {[*map(list, commands)]}:\n    subprocess.run(command, check=True)"


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def _costs(commands: Sequence[Sequence[str]], runs: int) -> list[Cost]:
    """Run commands in turn, so that what else the machine does falls on all of them."""
    rounds = [[_cost(command) for command in commands] for _ in range(runs)]
    return [_median(costs) for costs in zip(*rounds, strict=True)]


def _median(costs: Sequence[Cost]) -> Cost:
    middle: Callable[[Sequence[float]], float] = statistics.median
    return Cost(middle([cost.cpu for cost in costs]), middle([cost.wall for cost in costs]))


def _cost(command: Sequence[str], **variables: str) -> Cost:
    environment: Mapping[str, str] = {**_ENVIRONMENT, **variables}
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(command)
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - begun)


def _peak(command: Sequence[str]) -> float:
    """Give the peak in MB of a Python process without its children, from its own account at its end."""
    own = f"{OWN_PEAK}import atexit, sys\natexit.register(lambda: print(own_peak(), file=sys.stderr))\n"
    run = command[2] if command[1] == "-c" else f"import runpy\nsys.argv = {['player', *command[3:]]!r}\n" + _AS_COMMAND
    done = subprocess.run([sys.executable, "-c", own + run], check=True, capture_output=True, env=_ENVIRONMENT)
    return float(done.stderr.split()[-1])


_AS_COMMAND: Final = """
try:
    runpy.run_module('player', run_name='__main__')
except SystemExit:
    pass
"""


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, env=_ENVIRONMENT)
