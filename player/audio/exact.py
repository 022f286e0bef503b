"""Tells whether browsers play what they say they play: at a time they show, the sample that the decoder has there.

What is known is measured (``Container.exact`` in ``formats``); whatever was not measured is taken for inexact.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.audio import kinds
from player.audio.decode import mp4_edits, stream
from player.audio.formats import CONTAINERS

if TYPE_CHECKING:
    from pathlib import Path

    from player.audio.decode.stream import Header


#: The fewest samples a second that browsers play (Chromium; Firefox plays fewer, 12 ms away from its clock).
LEAST_RATE: Final = 3000
# What was measured where a kind is not exact (tests/bench/heard.py).
_VARIABLE = "its bitrate varies: after a jump, browsers play such an MP3 up to seconds away from the time they show"
_CONSTANT = "after a jump, browsers play an MP3 up to 50 ms away from the time they show"
_UNSTATED = "it does not state its length: browsers guess it, and jumps land far off"
_OGG = "after some jumps, Chromium plays {} up to seconds away from the time it shows"
_NEAR = "browsers play {} up to 26 ms away from the time they show"
_OTHERS = {
    ("ogg", "flac"): _OGG,
    ("ogg", "vorbis"): _OGG,
    ("matroska", "vorbis"): _NEAR,  # Chromium, after a jump
    ("matroska", "aac"): _NEAR,  # Firefox
    ("mov", "mp3"): _NEAR,  # Chromium, from the beginning
}
_EMPTY = "its head says that it is empty, and Firefox believes it"
_PAUSE = "it begins with a pause that is only written in its edit list: browsers show times that are off by it"
_UNKNOWN = "it is not known whether browsers play {} at the times they show"


def inexact(path: Path) -> str | None:
    """Say why browsers do not play the sound at ``path``, or not at the times they show; None where they do.

    The reason is found in the file's bytes, and is a part of a sentence.

    :raise AudioError: where the file is missing, or holds no sound.
    """
    header = stream.header(path)
    kind = kinds.kind_of(header)
    if kind.unplayed_in:
        plays = "do not play" if len(kind.unplayed_in) > 1 else "does not play"
        return f"{' and '.join(kind.unplayed_in)} {plays} {kind.name}"
    if header.rate < LEAST_RATE:
        return f"Chromium does not play fewer than {LEAST_RATE:,} samples a second"
    container = CONTAINERS.get(header.container)
    if container is None or not re.fullmatch(container.exact, header.codec):
        return _measured(path, header, kind.name)
    if header.codec == "aac" and header.profile != "LC":
        return _UNKNOWN.format(f"AAC of this profile ({header.profile})")
    if container.key == "mov":
        return _edited(path, header.codec)
    wav = stream.plain_wav(path)
    return _EMPTY if wav is not None and wav.seems_empty and wav.length else None


def _measured(path: Path, header: Header, name: str) -> str:
    """Say what was measured of a kind of sound that is not exact."""
    if header.container == "mp3":
        return _VARIABLE if kinds.is_variable(path) else _CONSTANT
    if header.container == "aac":
        return _UNSTATED
    return _OTHERS.get((header.container, header.codec), _UNKNOWN).format(name)


def _edited(path: Path, codec: str) -> str | None:
    """Say why browsers may not keep to the edit list of an MP4 file; None where they do, with one plain edit."""
    found = mp4_edits.edits(path)
    if found is None:
        return "its edit list, which says where its sound begins, is damaged"
    if found.is_fragmented:
        return _UNKNOWN.format("an MP4 in fragments")
    if len(found.starts) > 1 or not found.is_steady:
        is_late = found.starts[0] < 0
        return _PAUSE if is_late else _UNKNOWN.format("an edit list of several parts")
    # FLAC has no delay to leave out. Some programs write that of AAC into a tag for iTunes, as Chromium does not read.
    if codec != "flac" and max(found.starts, default=0) <= 0:
        return "it has no edit list that leaves out the encoder's delay: browsers may begin it 23 ms off"
    return None
