"""An archive with one recording, "quay-talk", which was joined from the two sides of a tape.

They last just under 3 seconds, and 2.5; neither a whole number of milliseconds.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tones import encoded, write_tones

from player.audio import joining

SLUG: Final = "quay-talk"
RATE: Final = 22_050
#: The files of its parts.
SIDES: Final = ("side-a.mp3", "side-b.wav")
TITLES: Final = ("Side A", "Side B")

TRANSCRIPT: Final = """\
WEBVTT
Language: eng

landing
00:00:00.500 --> 00:00:01.500
<v Ines>The landing stage was new that year.

rope
00:00:02.000 --> 00:00:02.900
<v Tom>And the rope was not.

bell
00:00:03.100 --> 00:00:04.000
<v Tom>They rang the bell for fog.

last
00:00:04.200 --> 00:00:05.200
<v Ines>Nobody came down to the quay.
"""


def write_sides(folder: Path) -> tuple[Path, Path]:
    """Write the two sides, an MP3 and a WAV."""
    folder.mkdir(parents=True, exist_ok=True)
    wav = write_tones(folder / "first.wav", seconds=3, rate=RATE, seed=1)
    wav.write_bytes(shortened(wav.read_bytes(), 66_000))
    first = encoded(wav, "mp3 of constant bitrate").rename(folder / SIDES[0])
    wav.unlink()
    long = write_tones(folder / "long.wav", seconds=3, rate=RATE, seed=2)
    second = folder / SIDES[1]
    second.write_bytes(shortened(long.read_bytes(), 5 * RATE // 2 + 1))
    long.unlink()
    return first, second


def shortened(wav: bytes, length: int) -> bytes:
    """Give the first ``length`` samples of a canonical WAV of one channel and 16 bits."""
    size = 2 * length
    return wav[:4] + (36 + size).to_bytes(4, "little") + wav[8:40] + size.to_bytes(4, "little") + wav[44 : 44 + size]


@lru_cache(maxsize=1)
def _kept() -> TemporaryDirectory[str]:
    """Keep one such archive for as long as the tests run: each takes a copy of it."""
    folder = TemporaryDirectory(prefix="tape-player-tests-")
    root = Path(folder.name) / "archive"
    sides = write_sides(root / "media" / "parts" / SLUG)
    made = joining.join(sides, root / "media" / f"{SLUG}.flac", joining.shape_of(sides))
    home = root / "transcripts" / SLUG
    home.mkdir(parents=True)
    (home / "transcript.vtt").write_text(TRANSCRIPT, encoding="utf-8")
    (home / "recording.toml").write_text(record(sides, made.starts), encoding="utf-8")
    return folder


def record(sides: tuple[Path, ...], starts: tuple[int, ...]) -> str:
    """Write the record of a recording with these parts."""
    tables = [
        f'\n[[part]]\nmedia = "{path.name}"\ntitle = "{title}"\nstart = "{start / 1000}"\n'
        f'sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}"\n'
        for path, title, start in zip(sides, TITLES, starts, strict=True)
    ]
    speakers = "".join(f'\n[[speaker]]\nname = "{name}"\nkind = "person"\n' for name in ("Ines", "Tom"))
    head = f'title = "A talk on the quay"\ndate = "1974-05-09"\nmedia = "{SLUG}.flac"\n'
    return head + "".join(tables) + speakers


def write_archive(root: Path) -> Path:
    """Write the archive at ``root``, which must not be there."""
    return Path(shutil.copytree(Path(_kept().name) / "archive", root))


def record_of(root: Path) -> Path:
    return root / "transcripts" / SLUG / "recording.toml"


def rewrite(root: Path, before: str, after: str) -> None:
    """Change a text in the record."""
    path = record_of(root)
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def part_of(root: Path, name: str) -> Path:
    return root / "media" / "parts" / SLUG / name


def joined_of(root: Path) -> Path:
    return root / "media" / f"{SLUG}.flac"
