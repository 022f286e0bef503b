"""Writes which passage of the sound goes with which line: SMIL, as EPUB 3 Media Overlays have it.

https://www.w3.org/TR/epub-33/#sec-media-overlays
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from player.publish.book.leaves import WHOLE
from player.publish.book.marks import add, written
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.publish.book.leaves import Clip, Leaf

_SMIL: Final = "http://www.w3.org/ns/SMIL"
_OPS: Final = "http://www.idpf.org/2007/ops"
#: What readers give to what is being said, for the style of it.
ACTIVE: Final = "-epub-media-overlay-active"


def overlay(leaf: Leaf, sound: str) -> bytes:
    """Write what sounds in a document."""
    root = ET.Element("smil", {"xmlns": _SMIL, "xmlns:epub": _OPS, "version": "3.0"})
    body = ET.SubElement(root, "body")
    sequence = add(body, "seq", id="all", epub_textref=f"{leaf.name}.xhtml#{WHOLE}", epub_type="bodymatter")
    for number, clip in enumerate(leaf.clips, start=1):
        both = add(sequence, "par", id=f"par-{number}")
        add(both, "text", src=f"{leaf.name}.xhtml#{clip.name}")
        add(both, "audio", src=sound, clipBegin=vtt(clip.start), clipEnd=vtt(clip.end))
    return written(root)


def lasting(clips: Iterable[Clip]) -> str:
    """Say how long passages last together."""
    return vtt(sum(each.end - each.start for each in clips))
