"""What reading, indexing and checking 2,000 recordings costs the processors."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import long_talk
import webvtt

from player.archive.webvtt.reading import read_transcript

from . import _thousands as thousands
from ._thousands import MANY, missing, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS: Final = 7


def measure() -> Iterator[str]:
    """Read one long transcript, then all of an archive, then index and check it twice, and give the costs."""
    yield f"many_checks: seconds of the processors, {MANY:,} recordings"
    yield thousands.HEAD
    yield _reading()
    reading = "the first index and check, beside reading the transcripts"
    again = "player check again, nothing changed, beside the first"
    if not thousands.is_there("index"):
        yield missing(reading)
        yield missing(again)
        return
    where = thousands.written(MANY)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as another:
        alone = _read_all(where.archive)
        # The index is checked as it is made, so that the check after it reads nothing.
        indexed, checked = (where.cost(command, cache=Path(folder)) for command in ("index", "check"))
        first, second = (where.cost("check", cache=Path(another)) for _ in range(2))
    yield row(reading, f"{indexed:.1f} + {checked:.1f} s", f"{alone:.1f} s", (indexed + checked) / alone, "1.5x")
    yield row("  the first check alone", f"{first:.1f} s", f"{alone:.1f} s", first / alone, "")
    yield row(again, f"{second:.2f} s", f"{first:.1f} s", second / first, "0.05x")


def _reading() -> str:
    """Read 8,000 lines whose every word is timed, in turns with webvtt-py, which gives the words no times."""
    with tempfile.TemporaryDirectory() as folder:
        path = long_talk.write_archive(Path(folder) / "archive") / "transcripts" / long_talk.SLUG / "transcript.vtt"
        turns = [(_took(lambda: read_transcript(path)), _took(lambda: webvtt.read(str(path)))) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(each) for each in zip(*turns, strict=True))
    ratio = statistics.median(mine / other for mine, other in turns)
    what = f"reading {long_talk.LINES:,} lines with words, beside webvtt-py"
    return row(what, f"{ours:.3f} s", f"{theirs:.3f} s", ratio, "1.2x")


def _read_all(archive: Path) -> float:
    begun = time.process_time()
    for path in sorted((archive / "transcripts").glob("*/transcript.vtt")):
        read_transcript(path)
    return time.process_time() - begun


def _took(do: Callable[[], object]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun
