"""What the pages of an archive of 2,000 recordings cost, beside those of one that has two."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING, Final

from programs import find
from started import started

from player.archive.webvtt.reading import read_transcript
from player.web.app import create_app

from . import _thousands as thousands
from ._thousands import FEW, MANY, missing, row
from .many import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ._thousands import Client

PAGE: Final = f"/recordings/{slug(0)}"
ASKED: Final = 300
ROUNDS: Final = 5
SECONDS: Final = 3
RENDERED: Final = 20
#: Some of the lists' pages, first and later ones, by what they are.
LISTS: Final = {
    "shelf": ("/recordings/", "/recordings/?page=2", "/recordings/?sort=title", "/"),
    "person": ("/people/person-{}",),
    "source": ("/sources/source-{}",),
}
HELLO: Final = """
    from flask import Flask
    from player.web.serving import server

    def factory():
        app = Flask("hello")
        app.get("/")(lambda: "hello")
        return app

    server.serve(factory, "127.0.0.1", 0)
"""


def measure() -> Iterator[str]:
    """Ask two servers in turns, and render pages for the first time."""
    yield f"many_pages: {MANY:,} recordings beside {FEW}, or beside what is named"
    yield thousands.HEAD
    if not thousands.is_there("index"):
        yield missing("a recording's page, the shelf, a person, a source")
        return
    few, many = thousands.place(FEW), thousands.place(MANY)
    with few.served() as beside, many.served() as ours:
        yield warm(ours, beside, MANY)
        yield _against_hello(ours)
        for what, forms in LISTS.items():
            yield _list(what, forms, ours, beside)
    yield _first(many.archive, many.cache)


def warm(ours: Client, beside: Client, many: int) -> str:
    """Ask for the page of the same recording in both."""
    mine, theirs = (statistics.median(times) for times in _in_turns([(ours, [PAGE]), (beside, [PAGE])], ASKED))
    return row(
        f"a recording's page, warm, median: in {many:,}, in {FEW}", _ms(mine), _ms(theirs), mine / theirs, "1.1x"
    )


def _against_hello(ours: Client) -> str:
    what = "the same beside Flask answering “hello”, a second"
    if not find("wrk"):
        return missing(f"{what} (needs wrk)")
    with started([sys.executable, "-c", textwrap.dedent(HELLO)]) as hello:
        turns = [(_rate(ours.address + PAGE), _rate(f"{hello}/")) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(each) for each in zip(*turns, strict=True))
    return row(what, f"{mine:.0f} /s", f"{theirs:.0f} /s", mine / theirs, "0.5x at least")


def _rate(address: str) -> float:
    """Give how many answers a second wrk gets on eight connections."""
    headers = [word for name, value in thousands.HEADERS.items() for word in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", *headers, address]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in told, told
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])


def _list(what: str, forms: Sequence[str], ours: Client, beside: Client) -> str:
    """Ask for a list's pages: of each of two people or sources, and of many that lie all over."""
    asked = [
        [form.format(number + 1) for number in range(0, count, max(1, count // 100)) for form in forms]
        for count in (MANY, FEW)
    ]
    # A list of two has no second page.
    asked[1] = [path for path in asked[1] if "page=" not in path]
    times = _in_turns([(ours, asked[0]), (beside, asked[1])], ASKED)
    mine, theirs = (statistics.quantiles(each, n=20)[-1] for each in times)
    return row(f"the {what} page, 95 %: in {MANY:,}, in {FEW}", _ms(mine), _ms(theirs), mine / theirs, "2x")


def _in_turns(clients: Sequence[tuple[Client, Sequence[str]]], count: int) -> list[list[float]]:
    """Ask each server for its pages in turn; give the seconds that its answers took."""
    found: list[list[float]] = [[] for _ in clients]
    for number in range(count):
        for (client, paths), times in zip(clients, found, strict=True):
            begun = time.perf_counter()
            client.get(paths[number % len(paths)])
            times.append(time.perf_counter() - begun)
    return found


def _first(archive: Path, cache: Path) -> str:
    """Render pages that nobody asked for before, and read their transcripts; compare the processors' time."""
    os.environ["PLAYER_CACHE"] = str(cache)
    client = create_app(archive).test_client()
    client.get(f"/recordings/{slug(MANY - 1)}")  # templates are compiled, modules imported
    ratios, pages, readings = [], [], []
    for number in range(0, MANY - 1, MANY // RENDERED):
        begun = time.process_time()
        assert client.get(f"/recordings/{slug(number)}").status_code == 200
        rendered = time.process_time()
        read_transcript(archive / "transcripts" / slug(number) / "transcript.vtt")
        pages.append(rendered - begun)
        readings.append(time.process_time() - rendered)
        ratios.append(pages[-1] / readings[-1])
    what = "a page the first time, beside reading its transcript, CPU"
    page, reading = statistics.median(pages), statistics.median(readings)
    return row(what, _ms(page), _ms(reading), statistics.median(ratios), "3x")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
