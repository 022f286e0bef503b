"""Tells whether browsers play what they say they play: at a time they show, the sample that the decoder has there.

What is known is measured (``Container.exact`` in ``formats``); whatever was not measured is taken for inexact.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from player.audio import kinds
from player.audio.decode import mp4_edits, stream
from player.audio.formats import CONTAINERS

if TYPE_CHECKING:
    from pathlib import Path

    from player.audio.decode.stream import Header


_AAC = "aac"
# What was measured where a kind is not exact.
_VARIABLE = "its bitrate varies: after a jump, browsers play such an MP3 up to seconds away from the time they show"
_CONSTANT = "after a jump, browsers play an MP3 up to 50 ms away from the time they show"
_UNSTATED = "it does not state its length: browsers guess it, and jumps land far off"
_VORBIS = "after a jump, Chromium plays Ogg Vorbis 24 ms away from the time it shows"


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
    container = CONTAINERS.get(header.container)
    if container is None or not re.fullmatch(container.exact, header.codec):
        return _measured(path, header, kind.name)
    if header.codec == "aac" and header.profile != "LC":
        return _unmeasured(f"AAC of this profile ({header.profile})")
    return _edited(path) if container.key == "mov" else None


def _measured(path: Path, header: Header, name: str) -> str:
    """Say what was measured of a kind of sound that is not exact."""
    if header.container == "mp3":
        return _VARIABLE if kinds.is_variable(path) else _CONSTANT
    if header.container == "aac":
        return _UNSTATED
    return _VORBIS if header.codec == "vorbis" else _unmeasured(name)


def _unmeasured(name: str) -> str:
    return f"whether browsers play {name} at the times they show was not measured"


def _edited(path: Path) -> str | None:
    """Say why browsers do not keep to the edit list of an MP4 file; None where they do, with one plain edit."""
    found = mp4_edits.edits(path)
    if found is None:
        return "its edit list, which says where its sound begins, is damaged"
    if found.is_fragmented:
        return "it is an MP4 in fragments, of which browsers know the length only when they have read all"
    if not found.starts or found.starts[0] == 0:
        return "after a jump, browsers play an M4A without an edit list up to 23 ms away from the time they show"
    if found.starts[0] < 0:
        return "its edit list begins with a pause that decoders leave out: browsers show times that are late by it"
    if len(found.starts) > 1 or not found.is_steady:
        return "its edit list has several parts, which not all browsers follow"
    return None
