"""The server beside nginx, and what clients that hold it up cost all others."""

from __future__ import annotations

import re
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
from small_archive import write_archive

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
    yield f"  {'connections':13}{'the player':>12}{'nginx':>12}{'ratio':>8}   from, to    limit"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = write_archive(folder / "archive")
        sound = archive / "media" / "tones.wav"
        with sound.open("r+b") as file:
            file.truncate(SIZE)
        (folder / "ranges.lua").write_text(RANGES, encoding="utf-8")
        with nginx(folder / "nginx", STATIC.format(sound=sound)) as port, serving(archive, folder / "cache") as site:
            for connections in (32, 256):
                ours, theirs = [], []
                for _ in range(ROUNDS):
                    theirs.append(_wrk(f"http://127.0.0.1:{port}/media/tones", connections, folder))
                    ours.append(_wrk(f"{site}/media/tones", connections, folder))
                ratios = sorted(mine / other for mine, other in zip(ours, theirs, strict=True))
                yield (
                    f"  {connections:<13}{statistics.median(ours):9.0f} /s{statistics.median(theirs):9.0f} /s"
                    f"{statistics.median(ratios):8.2f}   {ratios[0]:.2f}, {ratios[-1]:.2f}  0.8 or more"
                )


def _wrk(address: str, connections: int, folder: Path) -> float:
    """Give how many ranges a second were answered."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{SECONDS}s", "-s", str(folder / "ranges.lua"), address]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found, told
    assert "Non-2xx" not in told, told
    return float(found[1])


def _held() -> Iterator[str]:
    """Time the shipped page alone, beside listeners who paused, and beside requests that trickle in."""
    yield f"serving: the shipped page asked for {ASKED} times, one after another, each by a connection of its own"
    yield f"  {'beside':24}{'median':>9}{'ratio':>7}  limit{'95 %':>11}{'more':>9}  limit{'memory':>12}{'threads':>9}"
    with tempfile.TemporaryDirectory() as cache, serving(REPOSITORY, Path(cache)) as site:
        port = int(site.rpartition(":")[2])
        server = _process_at(port)
        _times(port)  # whatever is made once is made
        alone = _times(port)
        yield _row("nobody", alone, alone, server)
        with holding.paused(port, "/media/1963-11-05-attwood-reading", LISTENERS):
            yield _row(f"{LISTENERS} who paused", _times(port), alone, server)
            time.sleep(HELD)
            yield _row(f"the same {HELD} s later", _times(port), alone, server)
        yield _row("nobody", _times(port), alone, server)
        with holding.begun(port, TRICKLERS) as clients, _trickling(clients):
            yield _row(f"{TRICKLERS} who trickle", _times(port), alone, server)
            time.sleep(HELD)
            yield _row(f"the same {HELD} s later", _times(port), alone, server)


def _row(beside: str, times: Sequence[float], alone: Sequence[float], server: int) -> str:
    median, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    more = late - statistics.quantiles(alone, n=20)[-1]
    status = Path(f"/proc/{server}/status").read_text(encoding="utf-8")
    memory, threads = (int(re.findall(rf"{key}:\s+(\d+)", status)[0]) for key in ("VmRSS", "Threads"))
    return (
        f"  {beside:24}{median * 1000:6.1f} ms{median / statistics.median(alone):7.2f}  2.00 {late * 1000:8.1f} ms"
        f"{more * 1000:+6.1f} ms  +20 ms{memory / 1024:7.0f} MB{threads:9}"
    )


def _times(port: int) -> list[float]:
    found = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", port, timeout=holding.LIMIT)
        connection.request("GET", PAGE, headers={"Accept-Encoding": "br"})
        answer = connection.getresponse()
        assert answer.read()
        assert answer.status == 200
        connection.close()
        found.append(time.perf_counter() - begun)
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


def _process_at(port: int) -> int:
    """Give the process that listens at ``port``: a child of this one, since ``serving`` starts it."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_text(encoding="utf-8").split("\0")
        except OSError:
            continue
        status = (path.parent / "status").read_text(encoding="utf-8")
        if "serve" in words and re.search(rf"PPid:\s+{_own_id()}\n", status):
            return int(path.parent.name)
    raise AssertionError(port)


def _own_id() -> int:
    return int(Path("/proc/self/stat").read_text(encoding="utf-8").split()[0])
