"""What the feed of an archive of 5,000 recordings costs, beside the page that lists them.

``PLAYER_BENCH_RECORDINGS`` says of how many recordings.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, Final

from player.web.app import create_app

from . import _thousands as thousands
from ._thousands import Place, row
from .many import Many, write_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

RECORDINGS: Final = 5_000
AGAIN: Final = 50
ROUNDS: Final = 5
PACKED: Final = {"Accept-Encoding": "gzip"}


def measure() -> Iterator[str]:
    """Ask for the feed and for the list: the first time in a process, after a change, and again."""
    count = int(os.environ.get("PLAYER_BENCH_RECORDINGS", RECORDINGS))
    place = _place(count)
    os.environ["PLAYER_CACHE"] = str(place.cache)
    yield f"feed: of {count:,} recordings, CPU in one process"
    yield thousands.HEAD
    app = create_app(place.archive)
    app.extensions["index"].look()
    client = app.test_client()
    client.get("/people/")  # templates are compiled, modules imported
    beside = _cost(lambda: client.get("/recordings/", headers=PACKED))
    first = _cost(lambda: client.get("/feed.xml", headers=PACKED))
    yield row("the first time / the list, the first time", _ms(first), _ms(beside), first / beside, "3x")
    pages = app.extensions["kept_pages"]
    made = [_made(client, "/feed.xml", pages) for _ in range(ROUNDS)]
    listed = [_cost(lambda: client.get("/recordings/?page=2", headers=PACKED)) for _ in range(ROUNDS)]
    yield _medians("made anew (300 records) / a page of the list", made, listed, "100x")
    tag = client.get("/feed.xml", headers=PACKED).headers["ETag"]
    told = [_cost(lambda: client.get("/feed.xml", headers={**PACKED, "If-None-Match": tag})) for _ in range(AGAIN)]
    sent = [_cost(lambda: client.get("/feed.xml", headers=PACKED)) for _ in range(AGAIN)]
    assert client.get("/feed.xml", headers={"If-None-Match": tag}).status_code == 304
    yield _medians("again, as it was sent / a page of the list", sent, listed, "1x")
    yield _medians("told that it is the same (304) / a page of the list", told, listed, "1x")


def _place(count: int) -> Place:
    """Give an archive of many short recordings that asks for a feed, with its index made."""
    found = Place(thousands.folder() / f"feed-{count}", thousands.folder() / f"feed-cache-{count}")
    if not found.archive.exists():
        write_archive(found.archive, Many(recordings=count, lines=8, notes=1, beside=100))
        about = found.archive / "transcripts" / "archive.toml"
        about.write_text('name = "Many"\nfeed = true\n', encoding="utf-8")
        for each in found.archive.rglob("*"):
            os.utime(each, (1_000_000_000, 1_000_000_000))  # what was changed a moment ago is not kept
    found.cost("index")
    return found


def _made(client: FlaskClient, address: str, pages: object) -> float:
    """Have a page made that is not kept."""
    vars(pages)["_pages"].clear()
    return _cost(lambda: client.get(address, headers=PACKED))


def _cost(ask: Callable[[], object]) -> float:
    begun = time.process_time()
    ask()
    return time.process_time() - begun


def _medians(what: str, ours: list[float], beside: list[float], limit: str) -> str:
    mine, theirs = statistics.median(ours), statistics.median(beside)
    return row(what, _ms(mine), _ms(theirs), mine / theirs, limit)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
