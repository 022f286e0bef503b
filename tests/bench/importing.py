"""What bringing in a transcript of 100,000 cues costs, beside webvtt-py only reading the same file."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from imports import SLUG, write_record

from player.timecode import vtt

from ._processes import cost

if TYPE_CHECKING:
    from collections.abc import Iterator

CUES: Final = 100_000
RUNS: Final = 3
LIMIT: Final = 1.5

_WORDS: Final = ("the", "ferry", "came", "in", "late", "with", "the", "tide", "and", "nobody", "had", "a", "lamp")
_NAMES: Final = ("Anna Reed", "Tom Hale", "Ines Ruiz")


def measure() -> Iterator[str]:
    """Bring in each shape of a file, and give a line of figures for it."""
    shapes = {
        "WebVTT, plain": ("plain.vtt", "webvtt.read", _vtt("{words}"), f"{LIMIT}"),
        "WebVTT, voices, two lines": ("voices.vtt", "webvtt.read", _vtt("<v {name}>{words}\n{words}"), f"{LIMIT}"),
        "SubRip": ("plain.srt", "webvtt.from_srt", _srt(), f"{LIMIT}"),
        "names in the words": ("zoom.vtt", "webvtt.read", _vtt("{name}: {words}"), "none"),
        "every word timed": ("words.vtt", "webvtt.read", _vtt("{timed}"), "none"),
    }
    yield f"importing: CPU seconds of the whole process for {CUES:,} cues, medians of {RUNS} runs that take turns"
    yield f"  {'':28}{'import':>8}{'webvtt-py':>11}{'ratio':>8}  limit"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "archive"
        write_record(root)
        there = root / "transcripts" / SLUG / "transcript.vtt"
        for name, (file, peer, text, limit) in shapes.items():
            path = Path(folder) / file
            path.write_text(text, encoding="utf-8")
            ours, theirs = [], []
            for _ in range(RUNS):
                there.unlink(missing_ok=True)
                theirs.append(cost([sys.executable, "-c", f"import webvtt; {peer}({str(path)!r})"]))
                command = [sys.executable, "-m", "player", "import", SLUG, str(path), "--speakers", "yes"]
                ours.append(cost([*command, "--archive", str(root)], PLAYER_CACHE=f"{folder}/cache"))
            mine, other = statistics.median(ours), statistics.median(theirs)
            yield f"  {name:28}{mine:8.2f}{other:11.2f}{mine / other:8.2f}  {limit}"


def _said(number: int) -> str:
    return " ".join(_WORDS[(number * 7 + place * place) % len(_WORDS)] for place in range(9))


def _vtt(payload: str) -> str:
    blocks = ["WEBVTT\n"]
    for number in range(CUES):
        start = number * 2500
        words = _said(number)
        timed = ""
        if "{timed}" in payload:
            stamped = (f"<{vtt(start + place * 200)}>{word}" for place, word in enumerate(words.split()) if place)
            timed = " ".join([words.partition(" ")[0], *stamped])
        said = payload.format(words=words, name=_NAMES[number // 4 % len(_NAMES)], timed=timed)
        blocks.append(f"{vtt(start)} --> {vtt(start + 2400)}\n{said}\n")
    return "\n".join(blocks)


def _srt() -> str:
    return "\n".join(
        f"{number + 1}\n{_comma(number * 2500)} --> {_comma(number * 2500 + 2400)}\n{_said(number)}\n"
        for number in range(CUES)
    )


def _comma(moment: int) -> str:
    return vtt(moment).replace(".", ",")
