"""The sound of bursts.py in every kind of file that an archive may hold and ffmpeg can write."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from browser.bursts import SECONDS, write
from tones import ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, how its name ends, what makes ffmpeg write it, and the rate it is made at."""

    name: str
    suffix: str
    options: tuple[str, ...]
    rate: int = 44_100
    patch: Callable[[bytes], bytes] | None = None

    @property
    def slug(self) -> str:
        """The name as an address has it."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower().replace(".", ""))

    def make(self, wav: Path, folder: Path) -> Path:
        """Encode ``wav``, which has the rate of this kind, into ``folder``."""
        target = folder / f"{self.slug}{self.suffix}"
        ffmpeg("-i", str(wav), *self.options, str(target))
        if self.patch:
            target.write_bytes(self.patch(target.read_bytes()))
        return target


def with_an_empty_edit(content: bytes) -> bytes:
    """Put a second of nothing before the one edit of an MP4 whose samples lie before its ``moov``.

    An entry of ``elst`` of version 0 is a duration, a media time (-1: empty) and a rate (ISO/IEC 14496-12, 8.6.6).
    """
    moov = content.rindex(b"moov") - 4
    mvhd = content.index(b"mvhd", moov)
    (timescale,) = struct.unpack_from(">I", content, mvhd + 16)
    elst = content.index(b"elst", moov)
    assert struct.unpack_from(">BxxxI", content, elst + 4) == (0, 1)
    entry = struct.pack(">IiI", timescale, -1, 1 << 16)
    patched = bytearray(content)
    struct.pack_into(">I", patched, elst + 8, 2)
    for name in (b"moov", b"trak", b"edts", b"elst"):
        at = content.index(name, moov) - 4
        (size,) = struct.unpack_from(">I", content, at)
        struct.pack_into(">I", patched, at, size + len(entry))
    patched[elst + 12 : elst + 12] = entry
    return bytes(patched)


def write_archive(root: Path, kinds: Sequence[Kind], seconds: int = SECONDS) -> Path:
    """Write an archive with the sound in each of ``kinds``, and a WAV of each rate that is among them."""
    (root / "media").mkdir(parents=True)
    wavs = {
        rate: write(root / "media" / f"{control(rate)}.wav", rate, seconds) for rate in {each.rate for each in kinds}
    }
    for kind in kinds:
        write_record(root, kind.slug, kind.make(wavs[kind.rate], root / "media").name)
    for rate, wav in wavs.items():
        write_record(root, control(rate), wav.name)
    return root


def control(rate: int) -> str:
    """Give the name of the recording that is a WAV of this rate."""
    return f"control-{rate}"


def write_record(root: Path, slug: str, media: str) -> None:
    """Let an archive have a recording that names a file in its media."""
    folder = root / "transcripts" / slug
    folder.mkdir(parents=True)
    (folder / "recording.toml").write_text(f'title = "{slug}"\ndate = "1963"\nmedia = "{media}"\n', encoding="utf-8")


_LAME: Final = ("-c:a", "libmp3lame")
_AAC: Final = ("-c:a", "aac", "-b:a", "64k")
_PLAIN: Final = ("-write_xing", "0", "-id3v2_version", "0")

#: What the archive that ships holds.
SHIPPED: Final = Kind("MP3 CBR 22.05 kHz", ".mp3", (*_LAME, "-b:a", "64k"), 22_050)
KINDS: Final = (
    Kind("WAV 16", ".wav", ("-c:a", "pcm_s16le")),
    Kind("WAV 24/96", ".wav", ("-c:a", "pcm_s24le"), 96_000),
    Kind("WAV mu-law 8 kHz", ".wav", ("-c:a", "pcm_mulaw"), 8_000),
    Kind("WAV float", ".wav", ("-c:a", "pcm_f32le")),
    Kind("FLAC", ".flac", ("-c:a", "flac")),
    Kind("FLAC in Ogg", ".oga", ("-c:a", "flac")),
    Kind("FLAC in MP4", ".mp4", ("-c:a", "flac", "-strict", "-2")),
    Kind("Opus in Ogg", ".opus", ("-c:a", "libopus", "-b:a", "64k"), 48_000),
    Kind("Opus in WebM", ".webm", ("-c:a", "libopus", "-b:a", "64k"), 48_000),
    Kind("Opus in MP4", ".mp4", ("-c:a", "libopus", "-b:a", "64k"), 48_000),
    Kind("Vorbis in Ogg", ".ogg", ("-c:a", "libvorbis", "-q:a", "3")),
    Kind("Vorbis in WebM", ".webm", ("-c:a", "libvorbis", "-q:a", "3")),
    SHIPPED,
    Kind("MP3 CBR 44.1 kHz", ".mp3", (*_LAME, "-b:a", "128k")),
    Kind("MP3 CBR 48 kHz", ".mp3", (*_LAME, "-b:a", "128k"), 48_000),
    Kind("MP3 CBR 22.05 kHz, no tag", ".mp3", (*_LAME, "-b:a", "64k", *_PLAIN), 22_050),
    Kind("MP3 CBR 44.1 kHz, no tag", ".mp3", (*_LAME, "-b:a", "128k", *_PLAIN)),
    Kind("MP3 VBR", ".mp3", (*_LAME, "-q:a", "5")),
    Kind("MP3 VBR, no tag", ".mp3", (*_LAME, "-q:a", "5", *_PLAIN)),
    Kind("MP3 in MP4", ".mp4", (*_LAME, "-b:a", "128k")),
    Kind("MP3 in WAV", ".wav", (*_LAME, "-b:a", "128k")),
    Kind("AAC in M4A, edit list", ".m4a", _AAC),
    Kind("AAC in M4A 22.05 kHz", ".m4a", _AAC, 22_050),
    Kind("AAC in M4A, faststart", ".m4a", (*_AAC, "-movflags", "+faststart")),
    Kind("AAC in M4A, no edit list", ".m4a", (*_AAC, "-use_editlist", "0")),
    Kind("AAC in M4A, empty edit", ".m4a", _AAC, patch=with_an_empty_edit),
    Kind(
        "AAC in fragmented MP4", ".mp4", (*_AAC, "-movflags", "+frag_keyframe+empty_moov", "-frag_duration", "2000000")
    ),
    Kind("AAC in Matroska", ".mka", _AAC),
    Kind("ADTS", ".aac", _AAC),
    Kind("RF64", ".wav", ("-rf64", "always")),
    Kind("AIFF", ".aiff", ()),
    Kind("ALAC in M4A", ".m4a", ("-c:a", "alac")),
    Kind("W64", ".w64", ()),
    Kind("AU", ".au", ()),
    Kind("CAF", ".caf", ()),
    Kind("WMA", ".wma", ("-c:a", "wmav2", "-b:a", "128k")),
    Kind("AMR", ".amr", ("-c:a", "libopencore_amrnb", "-b:a", "12.2k"), 8_000),
    Kind("AMR in 3GP", ".3gp", ("-c:a", "libopencore_amrnb", "-b:a", "12.2k"), 8_000),
    Kind("ADPCM in WAV", ".wav", ("-c:a", "adpcm_ms")),
    Kind("MP2", ".mp2", ("-c:a", "mp2", "-b:a", "192k")),
    Kind("AC-3", ".ac3", ("-c:a", "ac3", "-b:a", "192k")),
    Kind("WavPack", ".wv", ("-c:a", "wavpack")),
    Kind("TTA", ".tta", ("-c:a", "tta")),
)
