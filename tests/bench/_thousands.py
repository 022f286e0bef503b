"""The archives of made-up recordings that several modules measure: each is written and indexed once.

They are gone when the program ends, unless ``PLAYER_BENCH_FOLDER`` names a folder to keep them in.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from browser.conftest import serving
from started import port_of

import player

from ._processes import cost, processes_at
from .many import Many, write_archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANY: Final = 2_000
FEW: Final = 2
LINES: Final = Many().lines
#: Seconds: an answer that takes longer is none.
PATIENCE: Final = 900
#: What is asked for is compressed, as for every browser.
HEADERS: Final = {"Accept-Encoding": "br, gzip"}
HEAD: Final = f"  {'':56}{'the player':>16}{'beside it':>16}{'ratio':>8}   limit"

_temporary: list[tempfile.TemporaryDirectory[str]] = []


@dataclass(frozen=True)
class Place:
    """An archive, and the cache that belongs to it."""

    archive: Path
    cache: Path

    def command(self, *words: str) -> list[str]:
        """Give a command of the player over the archive."""
        return [sys.executable, "-m", "player", *words, "--archive", str(self.archive)]

    def cost(self, *words: str, cache: Path | None = None) -> float:
        """Run such a command; give the seconds of the processors that it took."""
        return cost(self.command(*words), PLAYER_CACHE=str(cache or self.cache))

    @contextmanager
    def served(self) -> Iterator[Client]:
        """Serve it, and give what asks for its pages."""
        with serving(self.archive, self.cache) as address:
            client = Client(address)
            client.get("/recordings/talk-00001")  # whatever is made once is made
            yield client


class Client:
    """Asks a server on one connection."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.port = port_of(address)
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def get(self, path: str, headers: Mapping[str, str] = HEADERS) -> bytes:
        """Give the body at ``path``."""
        self._connection.request("GET", path, headers=dict(headers))
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return body

    @property
    def processes(self) -> set[int]:
        """The processes that listen there."""
        return processes_at(self.port)


def place(recordings: int, lines: int = LINES) -> Place:
    """Give an archive of so many recordings, with its index made."""
    found = written(recordings, lines)
    _index(found)
    return found


@cache
def written(recordings: int, lines: int = LINES) -> Place:
    """Give an archive of so many recordings of so many lines, and as many people, sources and entries."""
    name = f"{recordings}" if lines == LINES else f"{recordings}-{lines}"
    found = Place(folder() / f"many-{name}", folder() / f"cache-{name}")
    if not found.archive.exists():
        write_archive(found.archive, Many(recordings=recordings, lines=lines, beside=recordings))
    return found


@cache
def folder() -> Path:
    """Give the folder that all is written into."""
    if named := os.environ.get("PLAYER_BENCH_FOLDER"):
        return Path(named)
    _temporary.append(tempfile.TemporaryDirectory())
    return Path(_temporary[0].name)


def is_there(*modules: str) -> bool:
    """Tell whether the program has these modules: what is not built yet cannot be measured."""
    places = [Path(player.__file__).parent.joinpath(*name.split(".")) for name in modules]
    return all(place.is_dir() or place.with_suffix(".py").is_file() for place in places)


def row(what: str, ours: str, beside: str, ratio: float, limit: str) -> str:
    """Print what was measured, what it is compared with, and the limit of their ratio."""
    return f"  {what:56}{ours:>16}{beside:>16}{ratio:7.2f}x   {limit}"


def missing(what: str) -> str:
    """Say in the row's place that there is nothing to measure."""
    return f"  {what:56}{'not there yet':>16}"


@cache
def _index(where: Place) -> None:
    if is_there("commands.index"):
        where.cost("index")
