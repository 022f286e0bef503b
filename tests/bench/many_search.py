"""Searching 800,000 lines in a running server, beside ripgrep over the same lines as plain text."""

from __future__ import annotations

import statistics
import subprocess
import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from programs import find

from . import _thousands as thousands
from ._thousands import MANY, missing, row
from .many import ACROSS, COMMON, PHRASE, RARE, Many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._thousands import Client, Place

ROUNDS: Final = 11
#: Words that stand in one or two hundred lines each.
SOME: Final = tuple(Many().words[-1:-200:-20])
#: What is searched for, and the limit of the time beside ripgrep's.
QUERIES: Final = (
    ("a rare word", RARE, "0.1x"),
    ("a phrase", PHRASE, "0.1x"),
    ("a phrase over two lines; rg looks for its beginning", " ".join(ACROSS), "0.1x"),
    ("a word in half of all lines", COMMON, "1x"),
)


def measure() -> Iterator[str]:
    """Search from the words to the first 20 results with their lines and all counts, as a page."""
    yield f"many_search: {MANY * Many().lines:,} lines, beside rg -i -c; medians of {ROUNDS}"
    yield thousands.HEAD
    if not thousands.is_there("web.routes.search") or not find("rg"):
        yield missing("search (needs rg, of Debian's ripgrep)")
        return
    where = thousands.place(MANY)
    with where.served() as client:
        for what, words, limit in QUERIES:
            yield compared(client, where, what, words, limit)
        ratios = [_asked(client, words) / _by_ripgrep(where, words) for words in SOME]
        yield row(f"{len(SOME)} words, each once: median", "", "", statistics.median(ratios), "0.1x")
        yield row(f"{len(SOME)} words, each once: worst", "", "", max(ratios), "")


def compared(client: Client, where: Place, what: str, words: str, limit: str) -> str:
    """Search for the same words in turns."""
    beginning = ACROSS[0] if words.startswith(ACROSS[0]) else words
    turns = [(_asked(client, words), _by_ripgrep(where, beginning)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(each) for each in zip(*turns, strict=True))
    return row(what, f"{ours * 1000:.1f} ms", f"{theirs * 1000:.1f} ms", ours / theirs, limit)


def _asked(client: Client, words: str) -> float:
    path = f"/search?{urlencode({'q': words})}"
    begun = time.perf_counter()
    body = client.get(path)
    took = time.perf_counter() - begun
    assert body
    return took


def _by_ripgrep(where: Place, words: str) -> float:
    begun = time.perf_counter()
    done = subprocess.run(["rg", "-i", "-c", words, where.archive / "lines"], capture_output=True, check=True)
    assert done.stdout
    return time.perf_counter() - begun
