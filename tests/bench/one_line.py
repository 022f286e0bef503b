"""What changing one line of a transcript of 20,000 costs in its file, beside writing all of the file."""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import long_talk

from player.archive.webvtt.changing import spliced, with_lines
from player.archive.webvtt.reading import read_transcript
from player.archive.webvtt.writing import write_transcript
from player.desk.operations import perform
from player.files import new_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES: Final = 20_000
RUNS: Final = 9
LIMIT: Final = 1.5

_NONE_USED: Final = frozenset[str]().__contains__


def measure() -> Iterator[str]:
    """Change a line in the middle of the file and write it, by turns with writing the whole, and give the figures."""
    with tempfile.TemporaryDirectory() as folder:
        long_talk.write_archive(Path(folder) / "archive", LINES)
        path = Path(folder) / "archive" / "transcripts" / long_talk.SLUG / "transcript.vtt"
        whole = read_transcript(path)
        asked = {"do": "words", "id": f"L{LINES // 2}", "turn": 0, "text": "Two crates of pears went ashore."}

        def change() -> None:
            splice = perform(whole.lines, asked, used=_NONE_USED)
            spliced(whole.lines, [splice])
            content = with_lines(path, path.read_bytes(), [splice])
            with new_file(path, force=True) as beside:
                beside.write_bytes(content)

        def write() -> None:
            write_transcript(path, whole.lines, whole.header)

        def copy() -> None:
            content = path.read_bytes()
            with new_file(path, force=True) as beside:
                beside.write_bytes(content)

        def read() -> None:
            read_transcript(path)

        yield f"one_line: CPU seconds, of {LINES:,} lines with every word timed, medians of {RUNS} runs that take turns"
        took: dict[str, list[float]] = {each.__name__: [] for each in (change, write, read, copy)}
        for _ in range(RUNS):
            for each in (change, write, read, copy):
                took[each.__name__].append(_took(each))
        one, all_lines, reading, bytes_alone = (statistics.median(each) for each in took.values())
        yield f"  {'one line changed':34}{one:8.3f}"
        yield f"  {'all lines written':34}{all_lines:8.3f}   ratio {one / all_lines:5.2f}, at most {LIMIT}"
        beside = all_lines + reading
        yield f"  {'all lines read and written':34}{beside:8.3f}   ratio {one / beside:5.2f}, no limit"
        yield f"  {'the bytes alone read and written':34}{bytes_alone:8.3f}   ratio {one / bytes_alone:5.2f}, no limit"


def _took(work: Callable[[], None]) -> float:
    gc.collect()
    begun = time.process_time()
    work()
    return time.process_time() - begun
