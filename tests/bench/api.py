"""What it costs a server to answer with lines by time, beside what Flask's "hello" costs the same server."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import textwrap
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import long_talk
from browser.conftest import REPOSITORY, serving
from started import port_of, started

from ._processes import processes_at, worked
from .many_pages import HELLO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES: Final = 20_000
#: Requests of each in a turn, on one connection, and turns of each.
ASKED: Final = 1500
ROUNDS: Final = 5
#: A passage of so many seconds, each time another: ``?from=25&to=80`` lasts 55.
LASTS: Final = 55
LEAST: Final = 0.5
READING: Final = "1963-11-05-attwood-reading"
READING_LASTS: Final = 324


def measure() -> Iterator[str]:
    """Ask three servers in turns: hello, the reading's lines in both languages, and those of a transcript of 20,000."""
    chance = random.Random(1963)  # noqa: S311  # the same passages each time, not a secret
    yield f"api: passages of {LASTS} s, each another; {ROUNDS} turns of {ASKED} requests; milliseconds of a processor"
    yield f"  {'lines by time of':34}{'the API':>10}{'hello':>10}{'ratio':>7}  from, to    limit"
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        long = long_talk.write_archive(folder / "archive", LINES)
        hello = stack.enter_context(started([sys.executable, "-c", textwrap.dedent(HELLO)]))
        short_one = stack.enter_context(serving(REPOSITORY, folder / "cache"))
        long_one = stack.enter_context(serving(long, folder / "cache"))
        for what, address, slug, end, more in (
            ("the shipped reading", short_one, READING, READING_LASTS, ""),
            ("the same in Spanish", short_one, READING, READING_LASTS, "&language=es"),
            (f"a transcript of {LINES:,} lines", long_one, long_talk.SLUG, LINES * long_talk.LINE // 1000, ""),
        ):
            for coding in ("identity", "gzip"):

                def passage(slug: str = slug, last: int = end - LASTS, more: str = more) -> str:
                    first = chance.randint(0, last)
                    return f"/api/recordings/{slug}/cues?from={first}&to={first + LASTS}{more}"

                turns = [
                    (_cost(address, passage, coding), _cost(hello, lambda: "/", coding)) for _ in range(ROUNDS + 1)
                ][1:]  # in the first, whatever is made once is made
                ratios = sorted(theirs / ours for ours, theirs in turns)
                ours, theirs = (statistics.median(each) for each in zip(*turns, strict=True))
                yield (
                    f"  {f'{what}, {coding}':34}{ours:7.3f} ms{theirs:7.3f} ms{statistics.median(ratios):7.2f}"
                    f"  {ratios[0]:.2f}, {ratios[-1]:.2f}  {LEAST}x at least"
                )


def _cost(address: str, path: Callable[[], str], coding: str) -> float:
    """Give what an answer costs the server, in milliseconds of a processor."""
    servers = processes_at(port_of(address))
    before = sum(map(_own, servers))
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    for _ in range(ASKED):
        connection.request("GET", path(), headers={"Accept-Encoding": coding})
        answer = connection.getresponse()
        assert answer.read()
        assert answer.status == 200
    connection.close()
    return (sum(map(_own, servers)) - before) / ASKED


def _own(process: int) -> float:
    """Give what a server has worked itself: in some turn ffmpeg ends that has counted the samples of the long sound."""
    return worked(process, with_ended=False)
