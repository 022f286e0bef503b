"""What is to be made of a copy, and what came of it: as processes hand it to one another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """What is copied: the archive at ``root`` into ``folder``, to be at ``address``; ``before`` is there now."""

    root: Path
    folder: Path
    before: Path | None = None
    address: str | None = None
    links_sounds: bool = False
    has_books: bool = True


@dataclass(frozen=True)
class Told:
    """What the page about a copy tells: the day it was made, what is in it, and what of the recordings is not."""

    day: str = ""
    recordings: int = 0
    sounds: int = 0
    without: Sequence[tuple[str, str]] = field(default=())


@dataclass(frozen=True)
class Batch:
    """Addresses to be made; with the ``statics`` of the player, the ``places`` of things, and what the page about the
    copy tells, where these are asked for.
    """

    sources: Sequence[str] = ()
    statics: bool = False
    places: bool = False
    told: Told | None = None


@dataclass
class Made:
    """What came of a batch: files with their sizes and digests, what else has to be made, and what there is not."""

    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    #: The words by which each recording is found.
    words: dict[str, Sequence[str]] = field(default_factory=dict)
    #: The addresses of people, sources, entries, accounts and sets, by kind and identifier.
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    #: What of each recording is shown, as its page was made.
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Recordings of which nothing is closed, nor ever was said to be.
    open: list[str] = field(default_factory=list)
    #: Addresses that are not answered with a page, and why.
    refused: list[tuple[str, str]] = field(default_factory=list)
    #: Recordings whose sound is not there as it should be, and why.
    unheard: list[tuple[str, str]] = field(default_factory=list)
    #: Recordings that are not there as a book, and why; None for those that were not asked for.
    unbound: dict[str, str | None] = field(default_factory=dict)


def batches(sources: Iterable[str], size: int) -> list[Batch]:
    """Divide addresses into batches."""
    every = list(sources)
    return [Batch(every[at : at + size]) for at in range(0, len(every), size)]
