"""The server beside nginx, and what clients that hold it up cost all others."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import holding
from browser.conftest import REPOSITORY, serving
from deployed import nginx
from programs import find
from small_archive import write_archive, write_tones

from ._processes import processes_at, worked

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Sequence

PAGE: Final = "/recordings/1963-11-05-attwood-reading"
SIZE: Final = 256_000_000
RANGE: Final = 1_000_000
#: For wrk: ranges of 1 MB, each from another place.
RANGES: Final = f"""
math.randomseed(1963)
request = function()
  local first = math.random(0, {SIZE - RANGE})
  wrk.headers["Range"] = "bytes=" .. first .. "-" .. (first + {RANGE - 1})
  return wrk.format("GET")
end
"""
#: For nginx: the same file, sent as nginx sends files best, by one process beside the player's one.
STATIC: Final = """
access_log off;
sendfile on;
tcp_nopush on;
location /media/tones {{ alias {sound}; }}
"""
ROUNDS: Final = 5
SECONDS: Final = 5
ASKED: Final = 400
LISTENERS: Final = 1000
TRICKLERS: Final = 300
EVERY: Final = 10  # seconds between two bytes of a client that trickles
HELD: Final = 30  # seconds after which memory is looked at again


def measure() -> Iterator[str]:
    """Give the throughput of ranges, then the time of a page and the memory of the server while clients are held."""
    missing = [name for name in ("wrk", "nginx") if not find(name)]
    if missing:
        yield f"serving: no {' and no '.join(missing)} here (on Debian: apt-get install wrk nginx-light)"
    else:
        yield from _throughput()
    if holding.can_open(LISTENERS + 100):
        yield from _held()
    else:
        yield f"serving: {LISTENERS} clients are more than this process may open; raise the limit (ulimit -n 2000)"


def _throughput() -> Iterator[str]:
    """Let wrk ask nginx and the player for the same ranges, in turns."""
    yield f"serving: ranges of 1 MB from a file of {SIZE // 1_000_000} MB, {ROUNDS} turns of {SECONDS} s for each"
    yield f"  {'connections':13}{'the player':>20}{'nginx':>20}{'ratio':>8}  from, to   limit     of the processors"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = write_archive(folder / "archive")
        sound = _stretched(archive / "media" / "tones.wav")
        with nginx(folder / "nginx", STATIC.format(sound=sound)) as port, serving(archive, folder / "cache") as site:
            addresses = [f"{site}/media/tones", f"http://127.0.0.1:{port}/media/tones"]
            for connections in (32, 256):
                turns = [[_asked(address, connections, folder) for address in addresses] for _ in range(ROUNDS)]
                ratios = sorted(ours / theirs for (ours, _), (theirs, _) in turns)
                (ours, work), (theirs, their_work) = (
                    (statistics.median(found[0] for found in each), statistics.median(found[1] for found in each))
                    for each in zip(*turns, strict=True)
                )
                yield (
                    f"  {connections:<13}{ours:8.0f} /s {work:5.2f} ms {theirs:8.0f} /s {their_work:5.2f} ms"
                    f"{statistics.median(ratios):7.2f}  {ratios[0]:.2f}, {ratios[-1]:.2f}  0.8 at least"
                    f"{their_work / work:10.2f}"
                )


def _stretched(sound: Path) -> Path:
    with sound.open("r+b") as file:
        file.truncate(SIZE)
    return sound


def _asked(address: str, connections: int, folder: Path) -> tuple[float, float]:
    """Let wrk ask; give how many ranges a second were answered, and the milliseconds of the processors for each."""
    (folder / "ranges.lua").write_text(RANGES, encoding="utf-8")
    command = ["wrk", "-t2", f"-c{connections}", f"-d{SECONDS}s", "-s", str(folder / "ranges.lua"), address]
    servers = processes_at(int(address.split(":")[2].partition("/")[0]))
    before = sum(map(worked, servers))
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in told, told
    count, rate = (re.findall(form, told)[0] for form in (r"(\d+) requests in", r"Requests/sec:\s+([\d.]+)"))
    return float(rate), (sum(map(worked, servers)) - before) / int(count)


def _held() -> Iterator[str]:
    """Time the shipped page of two servers in turns: one that holds nobody else, and one that holds many."""
    yield f"serving: the shipped page asked for {ASKED} times, in turns with one that nobody else asks"
    yield f"  {'beside':24}{'median':>9}{'ratio':>7}  limit{'95 %':>11}{'more':>10}  limit{'memory':>10}{'threads':>9}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = _with_a_long_sound(folder / "archive")
        with serving(archive, folder / "cache") as alone, serving(archive, folder / "cache") as site:
            ports = [int(each.rpartition(":")[2]) for each in (alone, site)]
            _times(ports)  # whatever is made once is made
            yield _row("nobody", ports)
            with holding.paused(ports[1], "/media/long", LISTENERS):
                yield _row(f"{LISTENERS} who paused", ports)
                time.sleep(HELD)
                yield _row(f"the same {HELD} s later", ports)
            yield _row("nobody", ports)
            with holding.begun(ports[1], TRICKLERS) as clients, _trickling(clients):
                yield _row(f"{TRICKLERS} who trickle", ports)
                time.sleep(HELD)
                yield _row(f"the same {HELD} s later", ports)


def _with_a_long_sound(root: Path) -> Path:
    """Copy the shipped archive and add a sound that no buffer on the way of it holds."""
    for folder in ("media", "transcripts"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    write_tones(root / "media" / "long.wav", seconds=1)
    _stretched(root / "media" / "long.wav")
    (root / "transcripts" / "long").mkdir()
    record = 'title = "Long"\ndate = "1963"\nmedia = "long.wav"\n'
    (root / "transcripts" / "long" / "recording.toml").write_text(record, encoding="utf-8")
    return root


def _row(beside: str, ports: Sequence[int]) -> str:
    alone, times = _times(ports)
    ratio = statistics.median(times) / statistics.median(alone)
    late, late_alone = (statistics.quantiles(each, n=20)[-1] for each in (times, alone))
    (server,) = processes_at(ports[1])
    status = Path(f"/proc/{server}/status").read_text(encoding="utf-8")
    memory, threads = (int(re.findall(rf"{key}:\s+(\d+)", status)[0]) for key in ("VmRSS", "Threads"))
    return (
        f"  {beside:24}{statistics.median(times) * 1000:6.1f} ms{ratio:7.2f}   2.00{late * 1000:8.1f} ms"
        f"{(late - late_alone) * 1000:+7.1f} ms +20 ms{memory / 1024:7.0f} MB{threads:9}"
    )


def _times(ports: Sequence[int]) -> list[list[float]]:
    """Ask each server in turn; give the seconds that its answers took."""
    found: list[list[float]] = [[] for _ in ports]
    for _ in range(ASKED):
        for port, times in zip(ports, found, strict=True):
            begun = time.perf_counter()
            connection = HTTPConnection("127.0.0.1", port, timeout=holding.LIMIT)
            connection.request("GET", PAGE, headers={"Accept-Encoding": "br"})
            answer = connection.getresponse()
            assert answer.read()
            assert answer.status == 200
            connection.close()
            times.append(time.perf_counter() - begun)
    return found


@contextmanager
def _trickling(clients: Sequence[socket.socket]) -> Iterator[None]:
    """Have each client send a byte every EVERY seconds."""
    is_over = threading.Event()

    def send() -> None:
        while True:
            for client in clients:
                if is_over.wait(EVERY / len(clients)):
                    return
                client.sendall(b"x")

    with ExitStack() as ending:
        thread = threading.Thread(target=send)
        thread.start()
        ending.callback(thread.join)
        ending.callback(is_over.set)
        yield
