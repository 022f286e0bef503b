"""Declares each kind of sound file once: what it is called, how it is served, where it plays, how clips of it are made.

All else follows from ``CONTAINERS``: what ffmpeg may read, the types that HTTP names, the advice of ``player check``,
the formats that ``player clip`` and the pages offer, the tags in them, and how ``player verify`` judges them.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Final

from player.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A pattern that no codec matches.
NOTHING: Final = r"(?!)"
_PCM: Final = r"pcm_(?:u8|s16le|s24le|s32le|f32le|alaw|mulaw)"
_MP4: Final = r"aac|mp3|opus|flac"
#: How sounds end that feeds have: Apple's directory takes no others (https://podcasters.apple.com/support/893).
FED: Final = frozenset({".mp3", ".m4a"})


@value
class Format:
    """How clips are written whose file names end in ``suffix``.

    ``muxer`` and ``options`` are ffmpeg's. ``tags`` names one of the writers in ``clips/write.py``. ``bitrates`` are in
    kbit/s, for one channel and for more; None where the format has none. ``tolerance`` is how far a clip may be from
    the same clip cut again, in the dB of ``clips/compare.py``; None where each sample has to be the same. ``shortest``
    is how many samples a file of it has at least. Pages offer clips in it where it ``is_offered``, and say what for
    where the name alone does not; at its address each can be had.
    """

    suffix: str
    muxer: str
    tags: str
    options: tuple[str, ...] = ()
    bitrates: tuple[int, int] | None = None
    tolerance: float | None = None
    shortest: int = 1
    is_offered: bool = False
    use: str = ""

    @property
    def called(self) -> str:
        """What a download of it is called, by what it is for: ``WAV, for editing``."""
        return f"{self.name.upper()}, {self.use}" if self.use else self.name.upper()

    @property
    def name(self) -> str:
        """The format as ``--format`` and addresses have it: ``mp3``."""
        return self.suffix.removeprefix(".")

    @property
    def is_encoded(self) -> bool:
        """Whether an encoder writes it; a WAV holds the samples as they are."""
        return self.muxer != "wav"


@value
class Container:
    """A kind of file, by the name that ffmpeg has for it (the first, where it has several).

    ``types`` are its MIME types, by suffix. ``in_chromium`` and ``in_firefox`` are patterns of the codecs (ffmpeg's
    names) that these play from it; ``exact`` is that of those which both play, also after a jump, within 10 ms of the
    time they show. ``demuxer`` is what reads it, where that has another name.
    """

    key: str
    name: str
    types: Mapping[str, str] = field(default_factory=dict)
    in_chromium: str = NOTHING
    in_firefox: str = NOTHING
    exact: str = NOTHING
    clips: tuple[Format, ...] = ()
    demuxer: str = ""

    @property
    def browsers(self) -> dict[str, str]:
        """The codecs that are played, by browser."""
        return {"Chromium": self.in_chromium, "Firefox": self.in_firefox}


# What browsers play, and whether exactly (tests/bench/heard.py), was measured in Chromium 156 and Firefox 153 on Linux,
# 28 November 2026: Opus is within 8 ms, the others within 1. Safari, which plays some of the others, was not measured.
_TABLE: Final = (
    Container(
        "mp3",
        "MP3",
        {".mp3": "audio/mpeg"},
        r"mp3",
        r"mp3",
        NOTHING,
        (
            Format(
                ".mp3", "mp3", "ID3", ("-c:a", "libmp3lame", "-id3v2_version", "3"), (64, 128), 6.0, 47, is_offered=True
            ),
        ),
    ),
    Container(
        "wav",
        "WAV",
        {".wav": "audio/wav"},
        rf"{_PCM}|mp3",
        rf"{_PCM}|pcm_f64le|mp3",
        _PCM,
        (Format(".wav", "wav", "RIFF INFO", is_offered=True, use="for editing"),),
    ),
    Container("rf64", "RF64", {}, rf"{_PCM}|mp3", demuxer="wav"),
    Container(
        "flac",
        "FLAC",
        {".flac": "audio/flac"},
        r"flac",
        r"flac",
        r"flac",
        (Format(".flac", "flac", "FLAC", ("-c:a", "flac"), shortest=16),),
    ),
    Container(
        "ogg",
        "Ogg",
        {".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg"},
        r"opus|vorbis|flac",
        r"opus|vorbis|flac",
        r"opus",
        (Format(".opus", "opus", "Ogg Opus", ("-c:a", "libopus"), (48, 96), 6.0),),
    ),
    Container(
        "mov",
        "MP4",
        {".m4a": "audio/mp4", ".mp4": "audio/mp4"},
        rf"{_MP4}|pcm_s16[lb]e|pcm_s24le",
        _MP4,
        r"aac|opus|flac",  # with an edit list as ``exact.py`` wants it
        (Format(".m4a", "ipod", "MP4", ("-c:a", "aac", "-movflags", "+faststart"), (64, 128), 6.0),),
    ),
    Container("aac", "AAC", {".aac": "audio/aac"}, r"aac", r"aac"),
    Container(
        "matroska",
        "Matroska",
        {".webm": "audio/webm"},
        rf"opus|vorbis|aac|flac|mp3|{_PCM}",
        r"opus|vorbis|aac",
        r"opus",
    ),
    Container("aiff", "AIFF"),
    Container("asf", "WMA"),
    Container("w64", "Wave64"),
    Container("au", "AU"),
    Container("caf", "CAF"),
    Container("amr", "AMR"),
    Container("ac3", "AC-3"),
    Container("eac3", "E-AC-3"),
    Container("ape", "Monkey's Audio"),
    Container("tta", "TTA"),
    Container("wv", "WavPack"),
)

#: By ffmpeg's names.
CONTAINERS: Final = {each.key: each for each in _TABLE}
#: The demuxers that ffmpeg may use. Playlists and scripts, which name other files, are not among them.
DEMUXERS: Final = sorted({each.demuxer or each.key for each in _TABLE})
#: The formats that clips have, by the suffix of their files' names.
FORMATS: Final = {each.suffix: each for container in _TABLE for each in container.clips}
#: What a sound file is called over HTTP, by its suffix.
TYPES: Final = {suffix: kind for container in _TABLE for suffix, kind in container.types.items()}

#: Codecs (ffmpeg's names) whose samples may be finer than 16 bits and are what was recorded.
LOSSLESS: Final = re.compile(r"pcm_|flac|alac|wavpack|ape|tta|wmalossless")
#: What people call codecs that may be in a container of which others are played.
CODECS: Final = (
    (re.compile(r"aac"), "AAC"),
    (re.compile(r"opus"), "Opus"),
    (re.compile(r"alac"), "Apple Lossless (ALAC)"),
    (re.compile(r"adpcm_.*"), "ADPCM"),
    (re.compile(r"mp2"), "MP2"),
    (re.compile(r"gsm.*"), "GSM"),
    (re.compile(r"amr.*"), "AMR"),
    (re.compile(r"e?ac3"), "AC-3"),
    (re.compile(r"pcm_f64.*"), "floating point samples of 64 bits"),
    (re.compile(r"pcm_.*"), "uncompressed samples"),
    (re.compile(r"flac"), "FLAC"),
    (re.compile(r"mp3"), "MP3"),
    (re.compile(r"vorbis"), "Vorbis"),
    (re.compile(r"speex"), "Speex"),
)
