"""What reading a transcript of 8,000 lines costs, every word timed, beside webvtt-py reading the same file."""

from __future__ import annotations

import gc
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import long_talk
import webvtt

from player.archive.webvtt.reading import read_transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS: Final = 9
LIMIT: Final = 1.2

_STAMP: Final = re.compile(r" <([0-9:.]+)>(\S+)")
_TAG: Final = re.compile(r"<[^>]*>")


def measure() -> Iterator[str]:
    """Read each shape of the file by turns, and give a line of figures for it."""
    with tempfile.TemporaryDirectory() as folder:
        long_talk.write_archive(Path(folder) / "archive")
        path = Path(folder) / "archive" / "transcripts" / long_talk.SLUG / "transcript.vtt"
        told = path.read_text(encoding="utf-8")
        yield f"transcript: CPU seconds to read {long_talk.LINES:,} lines, medians of {RUNS} runs that take turns"
        yield f"  {'':28}{'ours':>8}{'webvtt-py':>11}{'ratio':>8}  limit"
        for name, text, limit in (
            ("every word timed", told, f"{LIMIT}"),
            ("as YouTube times words", _STAMP.sub(r"<\1><c> \2</c>", told), "none"),
            ("no times of words, no voices", _TAG.sub("", told), "none"),
        ):
            path.write_text(text, encoding="utf-8")
            ours, theirs = [], []
            for _ in range(RUNS):
                ours.append(_took(read_transcript, path))
                theirs.append(_took(webvtt.read, str(path)))
            mine, other = statistics.median(ours), statistics.median(theirs)
            yield f"  {name:28}{mine:8.3f}{other:11.3f}{mine / other:8.2f}  {limit}"


def _took(read: Callable[..., object], path: object) -> float:
    gc.collect()
    begun = time.process_time()
    found = read(path)
    took = time.process_time() - begun
    del found
    return took
