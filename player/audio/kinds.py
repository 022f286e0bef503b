"""Tells what kind of sound a file holds, and which browsers play it.

The kind is found in the file's bytes, not in its name: browsers too go by these (measured, whatever type was sent).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from player import files
from player.audio.decode import mp3, mp3_frames
from player.audio.formats import CODECS, CONTAINERS, NOTHING, Container
from player.errors import AudioError, unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.audio.decode.stream import Header


@dataclass(frozen=True)
class Kind:
    """What a sound is called, and the browsers that do not play it."""

    name: str
    unplayed_in: tuple[str, ...]


def kind_of(header: Header) -> Kind:
    """Tell what kind of sound it is."""
    container = CONTAINERS.get(header.container, Container(header.container, header.container))
    unplayed = tuple(
        browser for browser, codecs in container.browsers.items() if re.fullmatch(codecs, header.codec) is None
    )
    return Kind(_called(container, header.codec, unplayed), unplayed)


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
    if unplayed and all(container.browsers[browser] == NOTHING for browser in unplayed):
        return container.name
    name = next((name for pattern, name in CODECS if pattern.fullmatch(codec)), codec)
    return name if container.name in {name, "MP3"} else f"{name} in {container.name}"
