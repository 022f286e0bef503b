"""What the desk costs with a transcript of 20,000 lines: a step beside writing its file, the rest beside reading it.

What is written is read back before it takes the place of what was there, so nothing can cost less than reading.
"""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import long_talk

from player.archive.archive import Archive
from player.archive.webvtt.reading import read_transcript
from player.desk.working import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES: Final = 20_000
RUNS: Final = 25
LIMIT: Final = 1.5
#: Times as long as reading the file: all of a working copy written, and the first step where no line has an identifier.
MOST_WRITTEN: Final = 4
MOST_NAMED: Final = 6


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
        yield f"  {'the first step':34}{first * 1000:8.1f}"
        again = _took(lambda: WorkingCopy.opened(archive, archive.record(long_talk.SLUG), "Ines Keeper"))
        yield f"  {'the working copy opened again':34}{again * 1000:8.1f}"
        reading = statistics.median(_worked(lambda: read_transcript(copy.path)) for _ in range(3))
        yield f"  of the processor: {'the file read':16}{reading * 1000:8.1f}"
        yield _beside("all of it written to the archive", _worked(copy.write), reading, MOST_WRITTEN)
        yield _beside("the first step, naming all lines", _naming(Path(folder) / "bare", data), reading, MOST_NAMED)


def _naming(root: Path, data: bytes) -> float:
    """Give what the first step costs in a transcript whose lines have no identifiers."""
    long_talk.write_archive(root, 1)
    folder = root / "transcripts" / long_talk.SLUG
    (folder / "annotations.toml").unlink()
    (folder / "transcript.vtt").write_bytes(re.sub(rb"(?m)^L[0-9]+\n", b"", data))
    archive = Archive(root)
    copy = WorkingCopy.opened(archive, archive.record(long_talk.SLUG), "Ines Keeper")
    step = {"do": "words", "id": copy.lines[0].id, "turn": 0, "text": "Two crates of pears."}
    return _worked(lambda: copy.step(step, copy.state))


def _beside(what: str, took: float, reading: float, most: int) -> str:
    return f"  {what:34}{took * 1000:8.1f}   {took / reading:5.2f} times reading it, at most {most}"


def _took(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _worked(work: Callable[[], object]) -> float:
    """Give seconds of the processor: what is read and written in memory takes longer where others work too."""
    begun = time.process_time()
    work()
    return time.process_time() - begun
