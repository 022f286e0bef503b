"""Looks for what is closed in whatever comes out: words in any bytes, tones in sounds, bytes of the files held."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import subprocess
import tempfile
import zipfile
import zlib
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, Final

import brotli
import numpy as np
from closed_archive import secrets, shown_words
from closed_plan import HIDDEN, LOUD, PLAIN, SECONDS, SHOWN, TONES
from tones import EXECUTABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from closed_plan import Planted

_RATE: Final = 16_000
#: Samples of a window: a tenth of a second, in which every tone has whole periods.
_WINDOW: Final = 1_600
# A hundredth of a tone as it is planted, and how much louder it is than what is heard forty Hz away and more.
_FAINT: Final = LOUD / 100
_STANDS_OUT: Final = 4
# So many bytes of a file, from so many places of what is closed in it, are looked for in what is sent.
_PROBE: Final = 24
_PROBES: Final = 16
#: As all words are that are planted; one may begin within another.
_WORD: Final = re.compile(rb"(?=((?:[bdfgklmprtvz][aeiou]){4}[bdfgklmprtvz]))")
_HEADS: Final = (b"RIFF", b"ID3", b"fLaC", b"OggS", b"\xff\xf3", b"\xff\xfb", b"\xff\xe3")


def _once(look: Callable[[bytes], set[str]]) -> Callable[[bytes], set[str]]:
    """Let the same bytes be looked at once: many addresses answer alike, and each is asked in many ways."""
    known: dict[bytes, frozenset[str]] = {}

    @wraps(look)
    def looked(data: bytes) -> set[str]:
        digest = hashlib.sha256(data).digest()
        if digest not in known:
            known[digest] = frozenset(look(data))
        return set(known[digest])

    return looked


@_once
def words_in(data: bytes) -> set[str]:
    """Give the names of the words that stand in some bytes, as UTF-8 or UTF-16, in small letters or capitals."""
    found = set()
    for part in (data, *_unpacked(data)):
        text = part.lower()
        if b"\0" in text:
            text += b"\n" + text.replace(b"\0", b"")
        found |= {_names()[word] for word in _WORD.findall(text) if word in _names()}
    return found


@_once
def tones_in(data: bytes) -> set[str]:
    """Give the names of the tones that are heard in a sound, whole or a part of it."""
    samples = _decoded(data)
    found: set[str] = set()
    if samples.size == 0:
        return found
    padded = np.pad(samples, (0, -samples.size % _WINDOW + _WINDOW))
    starts = range(0, padded.size - _WINDOW + 1, _WINDOW // 2)
    windows = np.stack([padded[start : start + _WINDOW] for start in starts]) * np.hanning(_WINDOW)
    loud = np.abs(np.fft.rfft(windows, axis=1)) * 4 / _WINDOW
    for name, tone in {**TONES, "open sound": PLAIN}.items():
        at = tone * _WINDOW // _RATE
        # Where a sound is cut off, a little of everything is heard: a tone stands out from what is beside it.
        beside = np.maximum(loud[:, at - 7 : at - 3].max(axis=1), loud[:, at + 4 : at + 8].max(axis=1))
        if ((loud[:, at] > _FAINT) & (loud[:, at] > _STANDS_OUT * beside)).any():
            found.add(name)
    return found


def is_sound(kind: str, data: bytes) -> bool:
    """Tell whether an answer, or a file, of this type is a sound."""
    return kind.startswith(("audio/", "video/")) or data.startswith(_HEADS) or data[4:8] == b"ftyp"


def sounds(kind: str, data: bytes) -> Iterator[bytes]:
    """Give what is a sound of an answer, or of a file: itself, or what is packed in it."""
    if is_sound(kind, data):
        yield data
    elif data[:2] == b"PK":
        yield from (part for part in _unpacked(data) if is_sound("", part))


def plain(data: bytes, coding: str | None) -> bytes:
    """Give a body as it was before it was compressed."""
    match coding:
        case "br":
            return bytes(brotli.decompress(data))
        case "gzip":
            return gzip.decompress(data)
        case None | "identity":
            return data
        case _:
            raise ValueError(coding)


def probes(root: Path) -> Mapping[str, list[bytes]]:
    """Give bytes that only one file has as it is held, from where it is closed, by the names of the files."""
    held = {each: (root / "media" / f"{each.slug}{each.sound.suffix}").read_bytes() for each in (*SHOWN, *HIDDEN)}
    found = {}
    for each, data in held.items():
        if each.sound.tone != PLAIN:
            others = [other for other in held.values() if other is not data]
            found[f"{each.name} file"] = [
                piece for piece in _probes(each, data) if not any(piece in other for other in others)
            ]
    return found


def held_in(data: bytes, known: Mapping[str, list[bytes]]) -> set[str]:
    """Give the names of the files of which some bytes are a part."""
    return {name for name, pieces in known.items() if any(piece in data for piece in pieces)}


def is_flat(svg: str, start: float, end: float) -> bool:
    """Tell whether an outline is as low as it can be between two moments in seconds; by bars, as it is drawn."""
    bars = [(float(x), float(height)) for x, height in re.findall(r"M([\d.]+) [\d.]+h[\d.]+v([\d.]+)", svg)]
    inner = [height for x, height in bars if start + 0.1 <= x * SECONDS / 1000 < end - 0.1]
    return not inner or max(inner) <= 2


def _probes(each: Planted, data: bytes) -> Iterator[bytes]:
    first, last = (len(data) * moment // SECONDS for moment in (each.sound.start, each.sound.end))
    outside = (
        (data[: max(first - _PROBE, 0)], data[last + _PROBE :]) if (each.sound.start, last) != (0, len(data)) else ()
    )
    margin = len(data) // 20
    for at in range(first + margin, last - margin, (last - first - 2 * margin) // _PROBES):
        piece = data[at : at + _PROBE]
        if len(set(piece)) > _PROBE // 2 and not any(piece in part for part in outside):
            yield piece


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            for name in file.namelist():
                yield name.encode()
                yield file.read(name)
                yield from _unpacked(file.read(name))
    if data[:2] == b"\x1f\x8b":
        try:
            yield gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            return


def _decoded(data: bytes) -> np.ndarray[Any, Any]:
    """Decode a sound; a part of one that has no beginning is taken for samples."""
    with tempfile.NamedTemporaryFile() as file:  # what an MP4 holds stands at its end
        file.write(data)
        file.flush()
        # All samples, also those that the file's own tag says are to be left out.
        command = [EXECUTABLE, "-v", "quiet", "-nostdin", "-flags2", "+skip_manual", "-i", file.name]
        command += ["-ac", "1", "-ar", str(_RATE), "-f", "f32le", "-"]
        made = subprocess.run(command, capture_output=True, check=False).stdout
    if made:
        return np.frombuffer(made[: len(made) // 4 * 4], "<f4").astype(float) * 32768
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(float)


@cache
def _names() -> dict[bytes, str]:
    return {word.encode(): name for name, word in {**secrets(), **shown_words()}.items()}
