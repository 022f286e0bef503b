"""Writes the archive of ``closed_plan``: real files, and sounds in which each closed thing has a tone of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import wave
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from closed_plan import HIDDEN, JOINED, LOUD, PLAIN, RATE, SAID, SECONDS, SHOWN, SOFT, Planted, Sound, Way
from closed_texts import shared, texts
from tones import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path


def write_archive(root: Path, way: Way = Way.CLOSED) -> Path:
    """Write the archive at ``root``, which must not be there."""
    (root / "media").mkdir(parents=True)
    (root / "transcripts" / "dossiers").mkdir(parents=True)
    (root / "transcripts" / "sets").mkdir()
    for each in (*SHOWN, *HIDDEN):
        held = root / "media" / f"{each.slug}{each.sound.suffix}"
        _write_sound(held, each.sound)
        if each.slug in JOINED:
            (root / "media" / "parts" / each.slug).mkdir(parents=True)
            shutil.copyfile(held, root / "media" / "parts" / each.slug / held.name)
        (root / "transcripts" / each.slug).mkdir()
    rewrite(root, way)
    return root


def rewrite(root: Path, way: Way) -> None:
    """Write all texts of the archive anew, in another way; no sound is touched, but ``WITHOUT`` removes some."""
    folder = root / "transcripts"
    for each in (*SHOWN, *HIDDEN):
        if way is Way.WITHOUT and each.is_hidden:
            shutil.rmtree(folder / each.slug)
            for path in (root / "media").rglob(f"{each.slug}.*"):
                path.unlink()
            shutil.rmtree(root / "media" / "parts" / each.slug, ignore_errors=True)
        else:
            for name, text in texts(each, way).items():
                part = _part(root, each) if name == "recording.toml" and each.slug in JOINED else ""
                _put(folder / each.slug / name, text + part)
    for name, text in shared(way).items():
        _put(folder / name, text)


@cache
def secrets() -> dict[str, str]:
    """Give what no visitor may read: the words by their names. Those of ``never`` stand only in what closes things."""
    return {name: word for name, word in _all().items() if not name.startswith("open ")}


@cache
def shown_words() -> dict[str, str]:
    """Give what every visitor may read: the words by their names."""
    return {name: word for name, word in _all().items() if name.startswith("open ")}


def _all() -> dict[str, str]:
    for each in (*SHOWN, *HIDDEN):
        texts(each, Way.CLOSED)
    shared(Way.CLOSED)
    return dict(SAID)


def _put(path: Path, text: str) -> None:
    """Write a file beside its place, as an editor does, so that its stamp is another one."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _part(root: Path, each: Planted) -> str:
    """Give the table of the one part of a recording, which has the bytes of its sound."""
    name = f"{each.slug}{each.sound.suffix}"
    digest = hashlib.sha256((root / "media" / "parts" / each.slug / name).read_bytes()).hexdigest()
    return f'\n[[part]]\nmedia = "{name}"\ntitle = "{JOINED[each.slug]}"\nstart = "0:00"\nsha256 = "{digest}"\n'


def _write_sound(path: Path, sound: Sound) -> None:
    """Write a sound; its tones begin and end where they are zero, so that nothing else is heard where they change."""
    at = np.arange(SECONDS * RATE)
    is_closed = (at >= sound.start * RATE) & (at < sound.end * RATE) & (sound.tone != PLAIN)
    heard = np.where(is_closed, LOUD, SOFT) * np.sin(2 * np.pi * np.where(is_closed, sound.tone, PLAIN) * at / RATE)
    wav = path.with_suffix(".wav")
    with wave.open(os.fspath(wav), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(heard.astype("<i2").tobytes())
    if path != wav:
        ffmpeg("-i", str(wav), "-bitexact", *(("-b:a", "64k") if path.suffix != ".flac" else ()), str(path))
        wav.unlink()
