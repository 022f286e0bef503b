"""Hands ffmpeg the passage of a sound that lies elsewhere as a file of its own: a head, and the bytes that it needs.

ffmpeg looks for a passage in a file by reading here and there, reads the tables of an M4A to their end, and more than
it needs after each jump. Of a file that is read over a network that costs more than the passage. Here the frames of
FLAC and the packets of AAC are found by what is known of the file (``flac_frames``, ``aac_packets``), and nothing else
is read. What comes of it is proven as any seek is (``chunks``).
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from player import files
from player.audio import aac_copy, aac_packets, cache, ffmpeg
from player.audio.aac_packets import EACH, Track
from player.audio.copied_sound import NotCopiedError
from player.audio.decode import flac_frames, mp4_edits, stream
from player.elsewhere import way_of
from player.errors import AudioError, shown, unreadable
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.audio.decode.stream import Header

# How many packets before the first sample: one has half of what the next gives, and one more costs little.
_LEAD: Final = 2
_KIND: Final = "aac-track-1"
_AAC: Final = "aac"


@value
class Part:
    """A file of a passage: ffmpeg's arguments that make it the input, and the first sample that it gives."""

    source: list[str]
    begin: int


def is_likely(path: Path, header: Header) -> bool:
    """Tell whether passages of a sound are read so: it lies elsewhere, and is of a kind that is known here."""
    return way_of(path) is not None and header.codec in {flac_frames.CODEC, _AAC}


def has_packets(path: Path) -> bool:
    """Tell whether a sound lies elsewhere, and is AAC in packets that are found by tables.

    :raise AudioError: where the file cannot be read.
    """
    return way_of(path) is not None and stream.header(path).codec == _AAC and _track(path) is not None


def needs_no_other(path: Path, header: Header) -> bool:
    """Tell whether each sample of a sound elsewhere is right whatever comes before it, and can be had by itself."""
    is_flac = is_likely(path, header) and header.codec == header.container == flac_frames.CODEC
    return is_flac and flac_frames.frames(path) is not None


def find_out(path: Path, header: Header) -> None:
    """Find out what is needed of a sound for its passages to be read so, and keep that in the cache.

    :raise AudioError: where the file cannot be read.
    """
    if not is_likely(path, header):
        return
    if header.codec == _AAC:
        _track(path)
        mp4_edits.edits(path)
    elif header.container == flac_frames.CODEC:
        flac_frames.frames(path)


def is_found_out(path: Path, header: Header) -> bool:
    """Tell whether that was done.

    :raise AudioError: where the file cannot be read.
    """
    kind = _KIND if header.codec == _AAC else flac_frames.KIND
    is_needed = is_likely(path, header) and (header.codec == _AAC or header.container == flac_frames.CODEC)
    return not is_needed or cache.kept(path, kind) is not None


def part(path: Path, header: Header, length: int, first: int, last: int) -> Part | None:
    """Give the passage ``[first, last)`` of a sound of so many samples; None where it has to be looked for.

    :raise AudioError: where the file cannot be read.
    """
    if not is_likely(path, header):
        return None
    if header.codec == _AAC:
        return _packets(path, header, length, first, last)
    if header.container != flac_frames.CODEC or (found := flac_frames.frames(path)) is None:
        return None
    span, begin = found.of(first, last)
    return Part(_joined(path, flac_frames.CODEC, found.head, [span]), begin)


def _joined(path: Path, container: str, head: bytes, pieces: Sequence[range]) -> list[str]:
    """Give ffmpeg's arguments that make a head, and pieces of what the file stands for, the input."""
    way = way_of(path)
    if way is None:
        raise AudioError(f"{shown(path)}: this is a file like any other")
    kind = ["-format_whitelist", container, "-f", container]
    return [*ffmpeg.ELSEWHERE, *kind, *way.joined(path, head, pieces), *ffmpeg.FIRST]


def _packets(path: Path, header: Header, length: int, first: int, last: int) -> Part | None:
    track, edits = _track(path), mp4_edits.edits(path)
    if track is None or track.rate != header.rate:
        return None
    try:
        begin = aac_packets.beginning(edits, track, length)
        head = max(0, (begin + first) // EACH - _LEAD)
        stop = min(-(-(begin + last) // EACH), track.count)
        with files.opened(path) as file:
            found = aac_packets.read_packets(file, track, head, stop)
    except NotCopiedError:
        return None
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    if found.length > aac_copy.LARGEST // 2:
        return None
    written = aac_copy.head(track.config, track.channels, track.rate, found.sizes, (0, len(found.sizes) * EACH))
    source = _joined(path, "mov", written, [range(*each) for each in found.pieces])
    return Part(source, head * EACH - begin)


def _track(path: Path) -> Track | None:
    """Read what a file's boxes say of its packets, or what they said; None where that is not known here."""
    found: dict[str, Any] = cache.derived(path, _KIND, lambda: _read(path))
    if not found:
        return None
    chunks, runs = tuple(found["chunks"]), tuple((first, each) for first, each in found["runs"])
    return Track(**{**found, "config": base64.b64decode(found["config"]), "chunks": chunks, "runs": runs})


def _read(path: Path) -> dict[str, Any]:
    edits = mp4_edits.edits(path)
    try:
        with files.opened(path) as file:
            if edits is None or edits.is_fragmented:
                return {}
            found = asdict(aac_packets.read_track(file))
    except NotCopiedError:
        return {}
    except OSError as error:
        raise AudioError(unreadable(path, error)) from None
    return {**found, "config": base64.b64encode(found["config"]).decode()}
