"""A sound file into what kind of sound it is, and which browsers play it; and what to do where they do not.

Kinds are told by the file's bytes, not by its name: browsers too go by these (measured, whatever type was sent).
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player import files
from player.audio.decode import mp3, mp3_head, stream
from player.audio.decode.mp3_frames import STRIDE
from player.errors import AudioError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.audio.decode.stream import Header

_PCM: Final = r"pcm_(?:u8|s16le|s24le|s32le|f32le|alaw|mulaw)"
_MP4: Final = r"aac|mp3|opus|flac"
_NOTHING: Final = r"(?!)"


@dataclass(frozen=True)
class Container:
    """A kind of file: what it is called, and the codecs (ffmpeg's names) that browsers play from it."""

    name: str
    in_chromium: str = _NOTHING
    in_firefox: str = _NOTHING

    @property
    def browsers(self) -> dict[str, str]:
        """The codecs that are played, by browser."""
        return {"Chromium": self.in_chromium, "Firefox": self.in_firefox}


#: By ffmpeg's names (the first, where it has several). Measured by playing each, in Chromium 156 and Firefox 153 on
#: Linux, 28 November 2026; Safari, which plays some of the others, is not measured.
CONTAINERS: Final = {
    "wav": Container("WAV", rf"{_PCM}|mp3", rf"{_PCM}|pcm_f64le|mp3"),
    "rf64": Container("RF64", rf"{_PCM}|mp3"),
    "flac": Container("FLAC", r"flac", r"flac"),
    "mp3": Container("MP3", r"mp3", r"mp3"),
    "aac": Container("AAC", r"aac", r"aac"),
    "mov": Container("MP4", rf"{_MP4}|pcm_s16[lb]e|pcm_s24le", _MP4),
    "ogg": Container("Ogg", r"opus|vorbis|flac", r"opus|vorbis|flac"),
    "matroska": Container("Matroska", rf"opus|vorbis|aac|flac|mp3|{_PCM}", r"opus|vorbis|aac"),
    "aiff": Container("AIFF"),
    "asf": Container("WMA"),
    "w64": Container("Wave64"),
    "au": Container("AU"),
    "caf": Container("CAF"),
    "amr": Container("AMR"),
    "ac3": Container("AC-3"),
    "eac3": Container("E-AC-3"),
    "ape": Container("Monkey's Audio"),
    "tta": Container("TTA"),
    "wv": Container("WavPack"),
}

#: What people call codecs that browsers do not play from a container of which they play others.
_CODECS: Final = (
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


@dataclass(frozen=True)
class Kind:
    """What a sound is called, the browsers that do not play it, and whether its samples are those recorded."""

    name: str
    unplayed_in: tuple[str, ...]
    is_lossless: bool


def kind_of(header: Header) -> Kind:
    """Tell of what kind a sound is."""
    container = CONTAINERS.get(header.container, Container(header.container))
    unplayed = tuple(
        browser for browser, codecs in container.browsers.items() if re.fullmatch(codecs, header.codec) is None
    )
    is_lossless = stream.LOSSLESS.match(header.codec) is not None
    return Kind(_called(container, header.codec, unplayed), unplayed, is_lossless)


def advice(path: Path) -> Iterator[tuple[str, str]]:
    """Give what listeners have of the sound at ``path`` that nobody would expect, and what to do.

    :raise AudioError: where the file is not there, or is no sound.
    """
    header = stream.header(path)
    kind = kind_of(header)
    if len(kind.unplayed_in) == len(Container("").browsers):
        what = f"{_and(kind.unplayed_in)} do not play {kind.name}, so that visitors can only cut clips of it"
        yield what, _conversion(path, kind)
    elif kind.unplayed_in:
        what = f"{_and(kind.unplayed_in)} does not play {kind.name}, so that visitors who use it can only cut clips"
        yield what, _conversion(path, kind)
    elif header.container == "aac":
        yield "it does not say how long it lasts: browsers guess, and jumps in it land far off", _conversion(path, kind)
    elif header.container == "mp3" and is_variable(path):
        what = "its bitrate varies, and jumps in such an MP3 land up to seconds off in browsers"
        yield what, _conversion(path, kind)


def is_variable(path: Path) -> bool:
    """Tell whether the bitrate of the MP3 at ``path`` varies: as its frames show, or its header where they cannot.

    :raise AudioError: where the file cannot be read, or is no sound.
    """
    index = mp3.index(path)
    if index is not None:
        # At a constant bitrate frames differ by one byte of padding.
        strides = index.frames.strides
        return max(strides) - min(strides) > STRIDE
    try:
        with files.opened(path) as file:
            file.seek(mp3_head.after_id3(file))
            first = file.read(mp3_head.LONGEST)
    except OSError as error:
        raise AudioError(f"{shown(path)}: the file cannot be read ({error.strerror}); let it be read") from None
    return b"Xing" in first or b"VBRI" in first


def _called(container: Container, codec: str, unplayed: Sequence[str]) -> str:
    """Name a sound by its container, unless those who do not play it play another codec from that."""
    if all(container.browsers[browser] == _NOTHING for browser in unplayed):
        return container.name
    name = next((name for pattern, name in _CODECS if pattern.fullmatch(codec)), codec)
    return name if container.name == "MP3" else f"{name} in {container.name}"


def _conversion(path: Path, kind: Kind) -> str:
    name, suffix, options = ("FLAC", ".flac", []) if kind.is_lossless else ("M4A", ".m4a", ["-b:a", "192k"])
    target = f"{path.stem}{suffix}" if path.suffix.lower() != suffix else f"{path.stem}-converted{suffix}"
    command = shlex.join(["ffmpeg", "-i", path.name, *options, target])
    return f"convert it to {name}, as by: {command}; and name that file in the record"


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
