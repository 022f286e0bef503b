"""A recording made for the browser: two minutes of tones, and lines placed where following has gone wrong elsewhere."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from small_archive import write_tones

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLUG = "talk"
SECONDS = 120
RATE = 8000
#: Where nobody speaks: twenty seconds that a stale timer would sleep through.
SILENCE = (60_000, 80_000)
#: Lines of a quarter of a second, which a page that listens to timeupdate misses.
QUICK = (80_000, 90_000)
SUBSTANCE = 10_000

_TEXT = """
the tape turns and each second has a pitch of its own so that a listener who seeks can tell by ear where the sound is
and a reader who follows can tell by eye whether the line that is marked is the line that is heard
"""
_WORDS = _TEXT.split()


@dataclass(frozen=True)
class Line:
    """One cue: its id, its start and end in milliseconds, and its words."""

    id: str
    start: int
    end: int
    words: tuple[str, ...]


def _lines() -> Iterator[Line]:
    number, start = 1, 500
    while start < 118_000:
        if SILENCE[0] - 1_600 < start < SILENCE[1]:
            start = SILENCE[1]
        is_quick = QUICK[0] <= start < QUICK[1]
        length = 250 if is_quick else 1_600 + 100 * (number % 5)
        first = number * 7 % len(_WORDS)
        words = (_WORDS * 2)[first : first + (2 if is_quick else 12)]
        yield Line(f"L{number}", start, start + length, tuple(words))
        # Every fourth line is followed by a gap; the others end where the next one starts.
        start += length + (300 if number % 4 == 0 and not is_quick else 0)
        number += 1


LINES = tuple(_lines())
STARTS = [line.start for line in LINES]
#: id -> (start, end) of the annotations.
NOTES = {"first": (4_000, 9_000), "second": (25_000, 31_000), "shared": (25_000, 28_000), "late": (95_000, 99_000)}


def line_at(moment: int) -> str | None:
    """Give the id of the line that a page should mark: the last that has started."""
    index = bisect_right(STARTS, moment) - 1
    return LINES[index].id if index >= 0 else None


def voice_at(moment: int) -> str:
    """Give who speaks the line that a page should mark."""
    return _voice(bisect_right(STARTS, moment) - 1)


def _voice(index: int) -> str:
    return "Ada" if index // 6 % 2 == 0 else "Ben"


def write_archive(root: Path) -> Path:
    """Write an archive that holds the recording, and beside it one that has no media and one that is damaged."""
    folder = root / "transcripts" / SLUG
    folder.mkdir(parents=True)
    (root / "media").mkdir()
    write_tones(root / "media" / "talk.wav", SECONDS, RATE, step=10)
    (folder / "recording.toml").write_text(_record("A talk of tones", "talk.wav"), encoding="utf-8")
    (folder / "transcript.vtt").write_text(_vtt(), encoding="utf-8")
    (folder / "annotations.toml").write_text("\n".join(_annotations()), encoding="utf-8")
    (root / "transcripts" / "sources.toml").write_text(
        '[[source]]\nid = "log"\nkind = "project"\ntitle = "The log"\nseen = "full"\nrights = "own work"\n',
        encoding="utf-8",
    )
    damaged = root / "transcripts" / "damaged"
    damaged.mkdir()
    (damaged / "recording.toml").write_text(_record("A file that is no sound", "damaged.mp3"), encoding="utf-8")
    (root / "media" / "damaged.mp3").write_bytes(b"This is not sound. " * 500)
    return root


def _record(title: str, media: str) -> str:
    return (
        f'title = "{title}"\ndate = "1963-11-05"\nmedia = "{media}"\nsubstance = "0:10"\n'
        '[[speaker]]\nname = "Ada"\nkind = "unidentified"\n[[speaker]]\nname = "Ben"\nkind = "unidentified"\n'
    )


def _vtt() -> str:
    cues = []
    for index, line in enumerate(LINES):
        words = [line.words[0]]
        pace = (line.end - line.start) // len(line.words)
        for position, word in enumerate(line.words[1:], start=1):
            # Every fifth word has no time of its own.
            words.append(word if position % 5 == 0 else f"<{_stamp(line.start + position * pace)}>{word}")
        cues.append(f"{line.id}\n{_stamp(line.start)} --> {_stamp(line.end)}\n<v {_voice(index)}>{' '.join(words)}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def _annotations() -> Iterator[str]:
    for name, (start, end) in NOTES.items():
        yield (
            f'[[annotation]]\nid = "{name}"\nkind = "event"\ntitle = "The {name} note"\nbody = "About {name}."\n'
            f'sources = ["log"]\nstart = "{start / 1000}"\nend = "{end / 1000}"\n'
        )


def _stamp(moment: int) -> str:
    return f"00:{moment // 60_000:02d}:{moment % 60_000 // 1000:02d}.{moment % 1000:03d}"
