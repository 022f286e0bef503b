"""Twenty kinds of MP3 from which passages are copied, and random passages of them."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from drawing import SEED
from tones import ffmpeg, linear, write_tones

from player.audio.decode import mp3_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

SECONDS: Final = 12


@dataclass(frozen=True)
class Kind:
    """How a tape is made: rate, channels, the encoder's options, and what becomes of the file."""

    rate: int
    channels: int
    options: tuple[str, ...]
    fate: Callable[[bytes], bytes] = bytes


def protected(sound: bytes) -> bytes:
    """Give every frame after the header frame a checksum, in a frame of the next bitrate: 2 bytes have to go in.

    The frames are those of an encoder that was told to use no bit reservoir.
    """
    made = bytearray()
    for frame in frames(sound)[1:]:
        kind = kind_of(frame)
        header = bytes([frame[0], frame[1] & 0xFE, frame[2] + 0x10, frame[3]])
        size = kind.sizes[header[2]]
        checksum = _protection(header[2:] + frame[4 : 4 + kind.side])
        made += (header + checksum.to_bytes(2) + frame[4:]).ljust(size, b"\0")
    return bytes(made)


def with_intensity(sound: bytes) -> bytes:
    """Let every second frame have intensity stereo: what the right channel lacks is taken from the left one."""
    found = frames(sound)
    for number in range(1, len(found), 2):
        frame = bytearray(found[number])
        frame[3] = frame[3] & 0xCF | 0x10
        found[number] = bytes(frame)
    return b"".join(found)


def tagged(sound: bytes) -> bytes:
    """Put two ID3 tags before the sound, and an APE tag and an ID3v1 tag behind it."""
    tag = b"ID3\x04\0\0\0\0\x03\x68" + bytes(488)
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + (32).to_bytes(4, "little") + bytes(4) + b"\0\0\0\x80" + bytes(8)
    return tag + tag + sound + ape + b"TAG" + bytes(125)


_CONSTANT: Final = tuple(("-b:a", f"{rate}k") for rate in (32, 64, 128))
KINDS: Final[dict[str, Kind]] = {
    "32 kbit/s, MPEG-1 mono": Kind(32_000, 1, _CONSTANT[0]),
    "64 kbit/s, MPEG-1 mono": Kind(44_100, 1, _CONSTANT[1]),
    "64 kbit/s, MPEG-1 mono, 48 kHz": Kind(48_000, 1, _CONSTANT[1]),
    "128 kbit/s, joint stereo": Kind(44_100, 2, _CONSTANT[2]),
    "64 kbit/s, plain stereo": Kind(44_100, 2, (*_CONSTANT[1], "-joint_stereo", "0")),
    "320 kbit/s": Kind(48_000, 2, ("-b:a", "320k")),
    "64 kbit/s, MPEG-2 mono": Kind(22_050, 1, _CONSTANT[1]),
    "32 kbit/s, MPEG-2 stereo": Kind(24_000, 2, _CONSTANT[0]),
    "8 kbit/s, MPEG-2": Kind(16_000, 1, ("-b:a", "8k")),
    "16 kbit/s, MPEG-2.5": Kind(8_000, 1, ("-b:a", "16k")),
    "32 kbit/s, MPEG-2.5 stereo": Kind(11_025, 2, _CONSTANT[0]),
    "variable, MPEG-1 mono": Kind(44_100, 1, ("-q:a", "2")),
    "variable, MPEG-1 joint stereo": Kind(44_100, 2, ("-q:a", "6")),
    "variable, MPEG-2 stereo": Kind(22_050, 2, ("-q:a", "6")),
    "variable, without a header frame": Kind(22_050, 1, ("-q:a", "5", "-write_xing", "0")),
    "average bitrate": Kind(44_100, 2, ("-b:a", "96k", "-abr", "1")),
    "without a bit reservoir": Kind(48_000, 1, ("-b:a", "64k", "-reservoir", "0")),
    "with checksums": Kind(44_100, 2, ("-b:a", "64k", "-reservoir", "0", "-id3v2_version", "0"), protected),
    "with intensity stereo": Kind(44_100, 2, (*_CONSTANT[1], "-id3v2_version", "0"), with_intensity),
    "tags before and after": Kind(32_000, 1, (*_CONSTANT[1], "-id3v2_version", "0"), tagged),
}


@lru_cache(maxsize=len(KINDS))
def tape(folder: Path, name: str) -> tuple[Path, NDArray[Any]]:
    """Make the tape of a kind, and give it with its linear decode: a row for each sample of all channels."""
    kind = KINDS[name]
    wav = folder / f"{kind.rate} {kind.channels}.wav"
    if not wav.exists():
        write_tones(wav, seconds=SECONDS, rate=kind.rate, channels=kind.channels)
    made = folder / f"{list(KINDS).index(name)}.mp3"
    ffmpeg("-i", str(wav), "-c:a", "libmp3lame", *kind.options, str(made))
    made.write_bytes(kind.fate(made.read_bytes()))
    # An old file: what is known of it is kept.
    os.utime(made, (1_000_000_000, 1_000_000_000))
    return made, linear(made).reshape(-1, kind.channels)


def passages(name: str, length: int, count: int) -> list[tuple[int, int]]:
    """Draw passages of a tape of ``length`` samples: some at its ends, a tenth of a second to a few seconds long."""
    return drawn(name, KINDS[name].rate, length, count, 4)


def drawn(name: str, rate: int, length: int, count: int, longest: int) -> list[tuple[int, int]]:
    """Draw passages of a third of a second to ``longest`` seconds, by a seed and a name."""
    chance = random.Random(f"{SEED} {name}")  # noqa: S311  # which passages
    found = []
    for _ in range(count):
        size = chance.choice((rate // 3, rate, chance.randrange(rate // 3, longest * rate)))
        first = chance.choice((0, length - size, *(chance.randrange(length - size) for _ in range(6))))
        found.append((first, first + size))
    return found


def kind_of(frame: bytes) -> mp3_frames.FrameKind:
    """Give the kind of a frame."""
    kind = mp3_frames.kind_of(frame.ljust(mp3_frames.LONGEST, b"\0"))
    assert kind is not None
    return kind


def frames(sound: bytes) -> list[bytes]:
    """Split the bytes of an MP3 that begins with a frame into frames; what follows the last is left out."""
    found, at = [], 0
    while at < len(sound) and (size := kind_of(sound[at : at + mp3_frames.LONGEST]).size_at(sound, at)):
        found.append(sound[at : at + size])
        at += size
    return found


def without_tag(clip: bytes) -> bytes:
    """Leave out the ID3 tag that a clip begins with."""
    if clip[:3] != b"ID3":
        return clip
    size = clip[6] << 21 | clip[7] << 14 | clip[8] << 7 | clip[9]
    return clip[10 + size :]


def slow_checksum(data: bytes) -> int:
    """Give LAME's checksum of some bytes, a bit at a time."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return value


def _protection(data: bytes) -> int:
    value = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            carries = value >> 15 ^ byte >> bit & 1
            value = (value << 1 & 0xFFFF) ^ (0x8005 if carries else 0)
    return value
