"""Tells what kind of sound a file holds and which browsers play it, and advises where they do not.

The kind is found in the file's bytes, not in its name: browsers too go by these (measured, whatever type was sent).
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player import files
from player.audio.decode import mp3, mp3_frames, stream
from player.audio.formats import CODECS, CONTAINERS, FORMATS, LOSSLESS, NOTHING, Container
from player.errors import AudioError, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.audio.decode.stream import Header


@dataclass(frozen=True)
class Kind:
    """What a sound is called, the browsers that do not play it, and whether its samples are those recorded."""

    name: str
    unplayed_in: tuple[str, ...]
    is_lossless: bool


def kind_of(header: Header) -> Kind:
    """Tell what kind of sound it is."""
    container = CONTAINERS.get(header.container, Container(header.container, header.container))
    unplayed = tuple(
        browser for browser, codecs in container.browsers.items() if re.fullmatch(codecs, header.codec) is None
    )
    is_lossless = LOSSLESS.match(header.codec) is not None
    return Kind(_called(container, header.codec, unplayed), unplayed, is_lossless)


def advice(path: Path) -> Iterator[tuple[str, str]]:
    """List what listeners would not expect of the sound at ``path``, and what to do about it.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    header = stream.header(path)
    kind = kind_of(header)
    if len(kind.unplayed_in) == len(Container("", "").browsers):
        what = f"{_and(kind.unplayed_in)} do not play {kind.name}, so visitors can only cut clips from it"
        yield what, _conversion(path, kind)
    elif kind.unplayed_in:
        what = f"{_and(kind.unplayed_in)} does not play {kind.name}, so visitors who use it can only cut clips"
        yield what, _conversion(path, kind)
    elif header.container == "aac":
        yield "it does not state its length: browsers guess it, and jumps land far off", _conversion(path, kind)
    elif header.container == "mp3" and is_variable(path):
        what = "its bitrate varies: in browsers, jumps in such an MP3 land up to seconds off"
        yield what, _conversion(path, kind)


def is_variable(path: Path) -> bool:
    """Tell whether the bitrate of the MP3 at ``path`` varies: as its frames show, or its header where they cannot.

    :raise AudioError: where the file cannot be read, or holds no sound.
    """
    index = mp3.index(path)
    if index is not None:
        # At a constant bitrate frames differ by one byte of padding.
        strides = index.frames.strides
        return max(strides) - min(strides) > mp3_frames.STRIDE
    try:
        with files.opened(path) as file:
            file.seek(mp3_frames.after_id3(file))
            first = file.read(mp3_frames.LONGEST)
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    return b"Xing" in first or b"VBRI" in first


def _called(container: Container, codec: str, unplayed: Sequence[str]) -> str:
    """Name a sound by its container, unless a browser that does not play it plays other codecs from that."""
    if all(container.browsers[browser] == NOTHING for browser in unplayed):
        return container.name
    name = next((name for pattern, name in CODECS if pattern.fullmatch(codec)), codec)
    return name if container.name == "MP3" else f"{name} in {container.name}"


def _conversion(path: Path, kind: Kind) -> str:
    suffix, options = (".flac", []) if kind.is_lossless else (".m4a", ["-b:a", "192k"])
    name = FORMATS[suffix].name.upper()
    target = f"{path.stem}{suffix}" if path.suffix.lower() != suffix else f"{path.stem}-converted{suffix}"
    command = shlex.join(["ffmpeg", "-i", path.name, *options, target])
    return f"convert it to {name}, for example with: {command}; then name the new file in the record"


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
