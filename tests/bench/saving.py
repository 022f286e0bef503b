"""What keeping one step at the desk costs with a transcript of 20,000 lines, beside writing its file."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import long_talk

from player.archive.archive import Archive
from player.desk.working import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES: Final = 20_000
RUNS: Final = 25
LIMIT: Final = 1.5


def measure() -> Iterator[str]:
    """Keep steps by turns with writing the file, each until it is on the disk, and give the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = long_talk.write_archive(Path(folder) / "archive", LINES)
        archive = Archive(root)
        copy = WorkingCopy.opened(archive, archive.record(long_talk.SLUG), "Ines Keeper")
        data = copy.path.read_bytes()
        names = iter(line.id for line in copy.lines)
        beside = Path(folder) / "beside"

        def save() -> None:
            copy.step({"do": "words", "id": next(names), "turn": 0, "text": "Two crates of pears."}, copy.state)
            _ = copy.unwritten, copy.can_undo

        def write() -> None:
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())

        first = _took(save)  # it gives each line its identifier in the file, where one has none
        took: dict[str, list[float]] = {each.__name__: [] for each in (save, write)}
        for _ in range(RUNS):
            for each in (save, write):
                took[each.__name__].append(_took(each))
        one, whole = (statistics.median(each) for each in took.values())
        yield f"saving: milliseconds, of {LINES:,} lines with every word timed, medians of {RUNS} runs that take turns"
        yield f"  {'one step of the desk kept':34}{one * 1000:8.1f}"
        yield f"  {'the file written':34}{whole * 1000:8.1f}   ratio {one / whole:5.2f}, at most {LIMIT}"
        yield f"  {'the first step, with the names':34}{first * 1000:8.1f}"
        begun = time.perf_counter()
        WorkingCopy.opened(archive, archive.record(long_talk.SLUG), "Ines Keeper")
        yield f"  {'the working copy opened again':34}{(time.perf_counter() - begun) * 1000:8.1f}"
        begun = time.perf_counter()
        copy.write()
        yield f"  {'all of it written to the archive':34}{(time.perf_counter() - begun) * 1000:8.1f}"


def _took(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
