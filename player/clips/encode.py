"""Writes sound into a file of one of the formats that clips have.

pydub's own ``export`` writes the sound to a temporary WAV, and leaves that and its output behind where the encoder
fails or is interrupted; and it holds everything in memory. So only the head of its WAV is used, and ffmpeg gets the
samples through a pipe, a piece at a time.
"""

from __future__ import annotations

import struct
from contextlib import closing
from typing import TYPE_CHECKING, Final

from player.audio import ffmpeg
from player.audio.decode.samples import Samples
from player.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.audio.decode.samples import Decoding
    from player.audio.formats import Format

# What a WAV's head can say: bytes of one sample of every channel, of a second, and of the whole file.
_MOST_IN_FRAME: Final = 0xFFFF
_MOST_IN_SECOND: Final = 0xFFFFFFFF
_LARGEST: Final = 0xFFFFFFFF
_CHUNK_HEAD: Final = struct.Struct("<4sI")


def encode(
    sound: Decoding | Samples,
    target: Path,
    kind: Format,
    *,
    title: str,
    bitrate: int | None = None,
    info: Mapping[str, str] | None = None,
) -> None:
    """Write the sound to ``target`` with a title in its tags; ``bitrate`` is in kbit/s, where the format has one.

    ``info`` are more fields for a WAV's LIST INFO; the tags of other formats are written into the finished file.

    :raise WriteError: where ffmpeg fails, or the format cannot hold so much.
    :raise AudioError: where the sound cannot be decoded.
    :raise OSError: where the file cannot be written.
    """
    if not kind.is_encoded:
        _write_wav(sound, target, {"INAM": title, **(info or {})})
        return
    raw = "s16le" if sound.width == 2 else "s32le"  # noqa: PLR2004
    rate = bitrate or (kind.bitrates[sound.channels > 1] if kind.bitrates else None)
    arguments = [
        *("-f", raw, "-ar", str(sound.rate), "-ac", str(sound.channels), "-i", "pipe:0"),
        *kind.options,
        *(("-b:a", f"{rate}k") if rate else ()),
        # The same samples make the same file: no version of the encoder, no random serial number.
        *("-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-metadata", f"title={title}", "-y", "-f", kind.muxer, f"file:{target.absolute()}"),
    ]
    with closing(sound.pieces()) as pieces:
        ffmpeg.encode(pieces, arguments)


def _write_wav(sound: Decoding | Samples, target: Path, fields: Mapping[str, str]) -> None:
    # pydub takes 40 ms to import.
    from player.audio import segment  # noqa: PLC0415

    frame = sound.channels * sound.width
    parts = None
    if frame <= _MOST_IN_FRAME and sound.rate * frame <= _MOST_IN_SECOND:
        empty = segment.wav(Samples(b"", sound.rate, sound.channels, sound.width))
        parts = wav_around(empty, sound.length * frame, fields)
    if parts is None:
        raise WriteError("a WAV file can hold no more than 4 GB; cut a shorter clip, or write a .flac")
    before, after = parts
    with closing(sound.pieces()) as pieces, target.open("wb") as file:
        file.write(before)
        for samples in pieces:
            file.write(samples)
        file.write(after)


def wav_around(empty: bytes, size: int, fields: Mapping[str, str]) -> tuple[bytes, bytes] | None:
    """Give what goes before and after ``size`` bytes of samples in a WAV file; None where no WAV can hold so many.

    ``empty`` is such a file without samples. After them comes a LIST INFO chunk with ``fields``, by their ids of four
    letters, in UTF-8 (Multimedia Programming Interface and Data Specifications 1.0, chapter 2).
    """
    info = b"INFO"
    for name, text in fields.items():
        content = text.replace("\0", "").encode() + b"\0"
        info += _CHUNK_HEAD.pack(name.encode("ascii"), len(content)) + content + b"\0" * (len(content) % 2)
    # Chunks begin at even bytes.
    after = b"\0" * (size % 2) + _CHUNK_HEAD.pack(b"LIST", len(info)) + info
    whole = len(empty) - _CHUNK_HEAD.size + size + len(after)
    if whole > _LARGEST:
        return None
    before = (
        _CHUNK_HEAD.pack(b"RIFF", whole) + empty[_CHUNK_HEAD.size : -_CHUNK_HEAD.size] + _CHUNK_HEAD.pack(b"data", size)
    )
    return before, after
