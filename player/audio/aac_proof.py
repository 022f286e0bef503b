"""Proves that a copy of AAC gives the samples of a passage, all of them.

The copy is decoded once. The tape was, when its length was counted, and a digest of each two seconds was kept: these
are compared, and of the tape only what is before the first whole chunk and after the last is decoded once more. Every
sample is compared because a packet alone does not tell what is in it: noise that the decoder makes up may be anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.audio import ffmpeg
from player.audio.decode import chunks, samples, stream
from player.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.audio.decode.stream import Header


def decoded(header: Header) -> tuple[str, ...]:
    """Give ffmpeg's arguments that decode a copy as the tape is decoded."""
    return ("-af", stream.HANDED, "-c:a", f"pcm_{header.format}", "-f", header.format, "pipe:1")


def is_proven(clip: Path, path: Path, first: int, last: int) -> bool:
    """Tell whether the file ``clip`` has as many samples as ``[first, last)`` of the sound at ``path``, and the same.

    :raise AudioError: where ffmpeg cannot be started, or the sound at ``path`` cannot be decoded.
    """
    try:
        with ffmpeg.decoding(clip, *decoded(stream.header(path))) as running:
            rest = read_as_in(running, path, first, last)
            if rest is None or running.read(1):
                return False
    except AudioError:
        return False
    return is_rest(path, rest)


def read_as_in(running: ffmpeg.Running, path: Path, first: int, last: int) -> list[tuple[int, int, bytes]] | None:
    """Read the samples ``[first, last)`` of the sound at ``path`` that ``running`` gives next; None if one is another.

    What is no whole chunk is given, for ``is_rest``.

    :raise AudioError: where they cannot be decoded.
    """
    header, known = stream.header(path), chunks.chunks(path)
    rest: list[tuple[int, int, bytes]] = []
    for begin, end, number in chunks.parts(known, header, first, last):
        found = running.read((end - begin) * header.frame)
        if len(found) < (end - begin) * header.frame:
            return None
        if number is None:
            rest.append((begin, end, found))
        elif not chunks.is_chunk(known, number, found):
            return None
    return rest


def is_rest(path: Path, rest: Sequence[tuple[int, int, bytes]]) -> bool:
    """Tell whether some samples are those of the sound at ``path``, which is decoded there.

    :raise AudioError: where it cannot be.
    """
    return all(samples.decode(path, begin, end).samples == found for begin, end, found in rest)
