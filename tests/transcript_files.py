"""Reads a transcript out of a text, as a file of it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.webvtt.reading import read_transcript

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.transcript import Transcript


def read(folder: Path, text: str | bytes) -> Transcript:
    path = folder / "transcript.vtt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_transcript(path)
