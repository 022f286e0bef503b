"""Searching 800,000 lines in a running server, beside ripgrep over the same lines as plain text."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from unittest.mock import patch
from urllib.parse import urlencode

from programs import find

from player.web.app import create_app
from player.web.routes import search
from player.web.serving.kept_answers import KeptAnswers

from . import _thousands as thousands
from ._thousands import MANY, missing, row
from .many import ACROSS, COMMON, PHRASE, RARE, Many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ._thousands import Place

ROUNDS: Final = 11
#: Words that stand in some hundred lines each.
SOME: Final = tuple(Many().words[-1:-200:-20])
#: What is searched for, and the limit of the time beside ripgrep's.
QUERIES: Final = (
    ("a rare word", RARE, "0.1x"),
    ("a phrase", PHRASE, "0.1x"),
    ("a phrase over two lines; rg looks for its beginning", " ".join(ACROSS), "0.1x"),
    ("a word in half of all lines", COMMON, "1x"),
)


def measure() -> Iterator[str]:
    """Search from the words to the first 20 results with their lines and all counts; then print them as a page, too."""
    yield f"many_search: {MANY * Many().lines:,} lines, beside rg -i -c; medians of {ROUNDS}, nothing kept from before"
    yield thousands.HEAD
    if not thousands.is_there("web.routes.search") or not find("rg"):
        yield missing("search (needs rg, of Debian's ripgrep)")
        return
    where = thousands.place(MANY)
    os.environ["PLAYER_CACHE"] = str(where.cache)
    searching = Searching(where)
    for what, words, limit in QUERIES:
        yield from searching.rows(what, words, limit)
    ratios = [searching.found(words) / searching.by_ripgrep(words) for words in SOME]
    yield row(f"{len(SOME)} words of some hundred lines each, once: median", "", "", statistics.median(ratios), "")
    yield row("  the worst of them", "", "", max(ratios), "")
    with where.served() as client:
        client.get(_path(COMMON))
        again = statistics.median(_took(lambda: client.get(_path(COMMON))) for _ in range(ROUNDS))
    yield f"  {'a page that was asked for before, over HTTP':56}{again * 1000:13.1f} ms"


class Searching:
    """The application as a server has it, beside which another process looks for changes, and ripgrep."""

    def __init__(self, where: Place) -> None:
        self._app = create_app(where.archive)
        self._app.extensions["index"].is_watched = lambda: True
        self._client = self._app.test_client()
        self._lines = where.archive / "lines"
        self.page(COMMON)  # whatever is made once is made

    def rows(self, what: str, words: str, limit: str) -> Iterator[str]:
        """Search for the same words in turns."""
        beginning = ACROSS[0] if words.startswith(ACROSS[0]) else words
        turns = [(self.found(words), self.page(words), self.by_ripgrep(beginning)) for _ in range(ROUNDS)]
        found, page, theirs = (statistics.median(each) for each in zip(*turns, strict=True))
        yield row(what, f"{found * 1000:.1f} ms", f"{theirs * 1000:.1f} ms", found / theirs, limit)
        yield row("  and its page printed", f"{page * 1000:.1f} ms", "", page / theirs, "")

    def found(self, words: str) -> float:
        """Search, and leave out the printing; give the seconds."""
        with patch.object(search, "_printed", lambda *_, **__: ("found", HTTPStatus.OK)):
            return self.page(words)

    def page(self, words: str) -> float:
        """Ask for a page that nobody has asked for; give the seconds."""
        self._app.extensions["kept_searches"] = KeptAnswers()
        return _took(lambda: self._client.get(_path(words)))

    def by_ripgrep(self, words: str) -> float:
        """Let ripgrep count the lines of each file; give the seconds."""
        command = ["rg", "-i", "-c", words, str(self._lines)]
        return _took(lambda: subprocess.run(command, capture_output=True, check=True))


def _path(words: str) -> str:
    return f"/search?{urlencode({'q': words})}"


def _took(do: Callable[[], object]) -> float:
    begun = time.perf_counter()
    assert do()
    return time.perf_counter() - begun
