"""Kinds of M4A from which passages are copied, and what may become of such a file."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from mp3_tapes import drawn
from programs import find
from tones import EXECUTABLE, ffmpeg, linear, write_tones

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SECONDS: Final = 12
#: Boxes of which others are the content.
_NESTED: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts")
_PLAIN: Final = ("-aac_pns", "0")


@dataclass(frozen=True)
class Kind:
    """How a tape is made: rate, channels, the encoder's options, and what becomes of the file.

    An ``.mp4`` has pictures too. ``again`` are the options with which ffmpeg then copies it. An ``older`` one is made
    by the system's ffmpeg.
    """

    rate: int
    channels: int
    options: tuple[str, ...]
    suffix: str = ".m4a"
    fate: Callable[[bytes], bytes] = bytes
    again: tuple[str, ...] = ()
    is_older: bool = False


def boxed(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """Split boxes that follow one another into names and contents."""
    found, at = [], 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        found.append((name, data[at + 8 : at + size]))
        at += size
    return found


def changed(data: bytes, wanted: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Change every box of a name, given whole, wherever it is among the nested ones."""
    made = b""
    for name, content in boxes(data):
        if name == wanted:
            made += change(boxed(name, content))
        else:
            made += boxed(name, changed(content, wanted, change) if name in _NESTED else content)
    return made


def box_of(data: bytes, wanted: bytes) -> bytes:
    """Give the content of the first box of a name."""
    found: list[bytes] = []

    def keep(box: bytes) -> bytes:
        found.append(box[8:])
        return box

    changed(data, wanted, keep)
    return found[0]


def with_long_offsets(sound: bytes) -> bytes:
    """Let offsets have 64 bits, as in a file of more than 4 GB; in one whose packets come before its tables."""

    def longer(box: bytes) -> bytes:
        offsets = struct.iter_unpack(">I", box[16:])
        return boxed(b"co64", box[8:16] + b"".join(struct.pack(">Q", offset) for (offset,) in offsets))

    return changed(sound, b"stco", longer)


def without_edits(sound: bytes) -> bytes:
    return changed(sound, b"edts", lambda _: b"")


KINDS: Final[dict[str, Kind]] = {
    "128 kbit/s, stereo": Kind(44_100, 2, ("-b:a", "128k")),
    "mono, tables first": Kind(44_100, 1, ("-b:a", "64k", "-movflags", "+faststart")),
    "48 kHz, with a title": Kind(48_000, 2, ("-b:a", "96k", "-metadata", "title=A ferry", "-movflags", "+faststart")),
    "variable, 22.05 kHz": Kind(22_050, 1, ("-q:a", "1")),
    "variable, stereo, 32 kHz": Kind(32_000, 2, ("-q:a", "0.6")),
    "16 kHz": Kind(16_000, 1, ("-b:a", "24k")),
    "8 kHz": Kind(8000, 1, ("-b:a", "16k")),
    "96 kHz": Kind(96_000, 2, ("-b:a", "256k")),
    "long offsets": Kind(44_100, 2, ("-b:a", "64k"), fate=with_long_offsets),
    "no edit list": Kind(44_100, 1, ("-b:a", "64k"), fate=without_edits),
    "a later beginning": Kind(44_100, 2, ("-b:a", "96k"), again=("-ss", "1.2345")),
    "beside pictures": Kind(44_100, 2, ("-b:a", "96k"), suffix=".mp4"),
    "an older ffmpeg, stereo": Kind(44_100, 2, ("-b:a", "128k"), is_older=True),
    "an older ffmpeg, 22.05 kHz": Kind(22_050, 1, ("-b:a", "48k"), is_older=True),
}


@lru_cache(maxsize=len(KINDS))
def tape(folder: Path, name: str) -> tuple[Path, NDArray[Any]]:
    """Make the tape of a kind, and give it with its linear decode: a row for each sample of all channels."""
    kind = KINDS[name]
    wav = folder / f"{kind.rate} {kind.channels}.wav"
    if not wav.exists():
        write_tones(wav, seconds=SECONDS, rate=kind.rate, channels=kind.channels)
    made = folder / f"{list(KINDS).index(name)}{kind.suffix}"
    encode(wav, made, kind)
    made.write_bytes(kind.fate(made.read_bytes()))
    # An old file: what is known of it is kept.
    os.utime(made, (1_000_000_000, 1_000_000_000))
    return made, linear(made).reshape(-1, kind.channels)


def encode(wav: Path, made: Path, kind: Kind) -> None:
    """Encode a tape, by an encoder that leaves no noise to the decoder."""
    pictures = ("-f", "lavfi", "-i", "testsrc=r=10:s=64x48", "-c:v", "mpeg4", "-shortest")
    older = find("ffmpeg") if kind.is_older else None
    first = made.with_name(f"first {made.name}") if kind.again else made
    more = pictures if kind.suffix == ".mp4" else ()
    arguments = ("-i", str(wav), *more, "-c:a", "aac", *_PLAIN, *kind.options, str(first))
    ffmpeg(*arguments, executable=str(older or EXECUTABLE))
    if kind.again:
        ffmpeg(*kind.again, "-i", str(first), "-c", "copy", str(made))


def passages(name: str, length: int, count: int) -> list[tuple[int, int]]:
    """Draw passages of a tape of ``length`` samples: some at its ends, a third of a second to five seconds long."""
    return drawn(name, KINDS[name].rate, length, count, 5)
