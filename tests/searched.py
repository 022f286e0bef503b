"""An archive whose transcript has the lines of ``data/searches.json``: all that searches is held to one table."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import TYPE_CHECKING

from small_archive import write_archive

from player.archive.transcript import Cue, Turn
from player.search.needles import letters_in, needles_of
from player.search.phrases import find

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.search.phrases import Found

TABLE = json.loads((Path(__file__).parent / "data" / "searches.json").read_text(encoding="utf-8"))
LINES = [
    Cue(
        name,
        start,
        end,
        text,
        (Turn(None, text),),
        tuple(None if each == "-" else int(each) for each in words.split()),
        (),
        1,
    )
    for name, start, end, text, words in TABLE["lines"]
]
SEARCHES: list[tuple[str, list[list[str | int]]]] = [(query, hits) for query, hits in TABLE["searches"]]
WORDLESS: list[str] = TABLE["wordless"]


def rows(found: Iterable[Found]) -> list[list[str | int]]:
    """Give hits as the table has them."""
    hits = [hit for line in found for hit in line.hits]
    return [[hit.first, hit.last, hit.span.start, hit.span.end, hit.text] for hit in hits if hit.span]


def over_all(query: str, hits: list[list[str | int]]) -> list[list[str | int]]:
    """Give what a search over everything finds: one or two letters only as a whole word."""
    is_short = len(letters_in(needles_of(query)[0])) < 3 and '"' not in query
    return rows(find(LINES, f'"{query}"')) if is_short else hits


def write_searched(archive: Path) -> Path:
    """Write the small archive with these lines in it, and nothing else that says anything."""
    write_archive(archive)
    folder = archive / "transcripts" / "tones"
    (folder / "annotations.toml").unlink()
    cues = (f"{cue.id}\n{_time(cue.start)} --> {_time(cue.end)}\n{_payload(cue)}\n" for cue in LINES)
    (folder / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    return archive


def _payload(cue: Cue) -> str:
    words = cue.text.split()
    times = cue.words or (None,) * len(words)
    timed = (
        f"<{_time(cue.start + time)}>{html.escape(word)}" if time else html.escape(word)
        for word, time in zip(words, times, strict=True)
    )
    return " ".join(timed)


def _time(moment: int) -> str:
    return f"00:00:{moment // 1000:02d}.{moment % 1000:03d}"
