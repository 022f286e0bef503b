"""Searching the same lines with the index on a PostgreSQL server and in SQLite's file: the 95th percentile."""

from __future__ import annotations

import os
import statistics
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

from postgres_cluster import cluster
from programs import find

from player.archive.archive import Archive
from player.index import facets, lists
from player.index.index import Index
from player.index.searching import Search

from . import _thousands as thousands
from ._thousands import MANY, missing, row
from .many import ACROSS, COMMON, PHRASE, RARE, Many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUNDS: Final = 5
#: What is searched for: rare words, phrases, words of some hundred lines each, one in half of all lines.
QUERIES: Final = (RARE, PHRASE, " ".join(ACROSS), COMMON, *Many().words[-1:-200:-10])
#: Of a hundred searches so many take no longer.
PERCENT: Final = 95
#: Recordings of 400 lines each; fewer where a machine is busy.
RECORDINGS: Final = int(os.environ.get("PLAYER_BENCH_RECORDINGS", MANY))


def measure() -> Iterator[str]:
    """Search from the words to the first 20 recordings with their lines and all counts; nothing is printed."""
    yield f"index_server: {RECORDINGS * Many().lines:,} lines; each of {len(QUERIES)} searches {ROUNDS} times, in turns"
    yield thousands.HEAD
    if not find("pg_ctl"):
        yield missing("an index on a server (needs pg_ctl, of Debian's postgresql)")
        return
    where = thousands.place(RECORDINGS)
    os.environ["PLAYER_CACHE"] = str(where.cache)
    with cluster() as server:
        file = Searching(where.archive, None)
        there = Searching(where.archive, server.address)
        file.search(COMMON)
        there.search(COMMON)  # whatever is made once is made
        turns = [(there.search(words), file.search(words)) for _ in range(ROUNDS) for words in QUERIES]
    ours, theirs = (list(each) for each in zip(*turns, strict=True))
    for what, of in ((f"{PERCENT}th percentile", _slow), ("median", statistics.median)):
        limit = "2x" if of is _slow else ""
        yield row(f"PostgreSQL, beside SQLite: {what}", _ms(of(ours)), _ms(of(theirs)), of(ours) / of(theirs), limit)


class Searching:
    """An index, in a file or on a server, that is filled."""

    def __init__(self, archive: Path, address: str | None) -> None:
        with _kept_at(address):
            self._index = Index.of(Archive(archive))
            self._index.look()

    def search(self, words: str) -> float:
        """Search, and give the seconds."""
        search = self._search()
        begun = time.perf_counter()
        hits = search.find(words)
        first = search.by_rank(hits, hits.recordings)[:20]
        assert lists.cards_of(self._index, first)
        assert len(search.lines_of(hits, first, 3)) <= len(first)
        facets.facets(self._index, {}, hits.recordings)
        return time.perf_counter() - begun

    def _search(self) -> Search:
        """Give one that remembers nothing that was found, only how frequent letters are."""
        search = Search(self._index)
        search._sample = self.__dict__.setdefault("_sample", search._sampled())  # noqa: SLF001  # what each server has
        return search


@contextmanager
def _kept_at(address: str | None) -> Iterator[None]:
    with patch.dict(os.environ, {"PLAYER_INDEX": address or ""}):
        yield


def _slow(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[PERCENT - 1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
