"""A recording as long as the longest: 8,000 lines of a second each, every word timed, over a sound of its own."""

from __future__ import annotations

import math
import random
import wave
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLUG: Final = "long-talk"
LINES: Final = 8_000
#: Milliseconds of a line, one after another without a gap; each word of it lasts as long as the others.
LINE: Final = 1_000
WORDS: Final = 8
#: Every so many lines one is annotated, and another ends with "at long last" and the next begins with "we meet".
NOTED: Final = 200
MET: Final = 500
#: Samples of 8 bits in a second: 32 MB in all. Chromium plays nothing below 3,000.
RATE: Final = 4_000

_PITCHES: Final = 16
# What is said is nobody's: syllables put together, so that words repeat as they do in speech, the short ones most.
_HEADS: Final = ("ba", "co", "de", "fi", "gu", "la", "me", "no", "pi", "ra", "sé", "tu", "vo")
_TAILS: Final = ("", "n", "r", "st", "ly", "ment", "ción", "ng", "s", "ted")


def write_archive(root: Path, lines: int = LINES) -> Path:
    """Write an archive at ``root``, which must not be there, that holds the recording and nothing else."""
    folder = root / "transcripts" / SLUG
    folder.mkdir(parents=True)
    (root / "media").mkdir()
    _write_sound(root / "media" / f"{SLUG}.wav", lines * LINE // 1000)
    (folder / "recording.toml").write_text(
        f'title = "A long talk"\ndate = "1963-11-05"\nmedia = "{SLUG}.wav"\n'
        '[[speaker]]\nname = "Ada"\nkind = "unidentified"\n[[speaker]]\nname = "Ben"\nkind = "unidentified"\n',
        encoding="utf-8",
    )
    (folder / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(_cues(lines)), encoding="utf-8")
    (folder / "annotations.toml").write_text("\n".join(_annotations(lines)), encoding="utf-8")
    (root / "transcripts" / "sources.toml").write_text(
        '[[source]]\nid = "log"\nkind = "project"\ntitle = "The log"\nseen = "full"\nrights = "own work"\n',
        encoding="utf-8",
    )
    return root


def _write_sound(path: Path, seconds: int) -> None:
    """Write second after second, each with one of a few pitches, so that no more than one is in memory."""
    tones = [
        bytes(128 + round(60 * math.sin(2 * math.pi * (200 + 40 * pitch) * at / RATE)) for at in range(RATE))
        for pitch in range(_PITCHES)
    ]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.setnframes(seconds * RATE)
        for second in range(seconds):
            file.writeframesraw(tones[second % _PITCHES])


def _cues(lines: int) -> Iterator[str]:
    chance = random.Random(1963)  # noqa: S311  # the same words each time, not a secret
    vocabulary = [head + middle + tail for head in _HEADS for middle in ("", *_HEADS) for tail in _TAILS]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    for number in range(lines):
        words = chance.choices(vocabulary, weights, k=WORDS)
        if number % MET == MET - 1:
            words[-3:] = ["at", "long", "last"]
        elif number and number % MET == 0:
            words[:2] = ["we", "meet"]
        start = number * LINE
        said = " ".join(
            word if position == 0 else f"<{_stamp(start + position * LINE // WORDS)}>{word}"
            for position, word in enumerate(words)
        )
        voice = "Ada" if number // 6 % 2 == 0 else "Ben"
        yield f"L{number + 1}\n{_stamp(start)} --> {_stamp(start + LINE)}\n<v {voice}>{said}.\n"


def _annotations(lines: int) -> Iterator[str]:
    for number, line in enumerate(range(0, lines, NOTED), start=1):
        yield (
            f'[[annotation]]\nid = "N{number}"\nkind = "event"\ntitle = "Remark {number}"\n'
            f'body = "Whoever listens this far has *remarked* it {number} times."\n'
            f'sources = ["log"]\ncue = "L{line + 1}"\n'
        )


def _stamp(moment: int) -> str:
    return f"{moment // 3_600_000:02d}:{moment // 60_000 % 60:02d}:{moment // 1000 % 60:02d}.{moment % 1000:03d}"
