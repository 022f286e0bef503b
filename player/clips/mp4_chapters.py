"""Writes chapters into an M4A that is there, as a copy is: a box ``chpl``, as Nero's programs and ffmpeg write it.

It has no standard: version and flags, four bytes of nothing, how many there are, and of each when it begins, in units
of 100 ns, and its title. ffmpeg writes the chapters of what it encodes itself, as a track of text too.
"""

from __future__ import annotations

import os
import shutil
import struct
from typing import TYPE_CHECKING, Final

from player.audio.decode.mp4_boxes import box, boxes, table
from player.errors import WriteError
from player.files import unfinished_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.clips.joined import Chapter

#: How many chapters a box counts, and bytes of a title.
MOST: Final = 255
_UNITS: Final = 10_000  # in a millisecond
_SIZE: Final = struct.Struct(">I")
_OFFSETS: Final = (b"trak", b"mdia", b"minf", b"stbl", b"stco")


def write_mp4_chapters(path: Path, chapters: Sequence[Chapter]) -> None:
    """Write chapters, the first 255, into the M4A at ``path``, which has no tags yet, and one track before its packets.

    :raise WriteError: where it is another file.
    :raise OSError: where it cannot be written.
    """
    listed = b"".join(_entry(each) for each in chapters[:MOST])
    content = struct.pack(">IIB", 1 << 24, 0, min(MOST, len(chapters))) + listed
    added = _box(b"udta", _box(b"chpl", content))
    with path.open("rb", buffering=0) as file:
        movie = box(file, 0, os.fstat(file.fileno()).st_size, b"moov")
        places = None if movie is None else box(file, *movie, *_OFFSETS)
        if movie is None or places is None or any(name == b"udta" for name, _, _ in boxes(file, *movie)):
            raise WriteError("its chapters cannot be written; copy it again")
        _, count, at = table(file, *places)
        start, end = movie
        head = bytearray(file.read(end))
        for place in range(at, at + count * _SIZE.size, _SIZE.size):
            _SIZE.pack_into(head, place, _SIZE.unpack_from(head, place)[0] + len(added))
        # The movie's size stands before its name.
        _SIZE.pack_into(head, start - 2 * _SIZE.size, end - start + 2 * _SIZE.size + len(added))
        with unfinished_file(path.parent) as beside:
            with beside.open("wb") as target:
                target.write(head + added)
                file.seek(end)
                shutil.copyfileobj(file, target)
            shutil.copyfile(beside, path)


def _entry(chapter: Chapter) -> bytes:
    title = chapter.title.encode()[:MOST].decode(errors="ignore").encode()
    return struct.pack(">QB", chapter.start * _UNITS, len(title)) + title


def _box(name: bytes, content: bytes) -> bytes:
    return _SIZE.pack(8 + len(content)) + name + content
