"""Writes the chapters of a clip, where players look for them: a passage each, with its title.

ID3v2 Chapter Frame Addendum (2005): frames CHAP, and CTOC, which lists them. In an M4A, ffmpeg writes them, as a track
of text that QuickTime knows and as Nero's ``chpl``. In FLAC and Ogg, fields CHAPTER001 and CHAPTER001NAME, which have
no standard (the page "Chapter Extension" of Xiph's wiki) and many readers. A WAV has cue points and
a LIST adtl with their texts (Multimedia Programming Interface and Data Specifications 1.0, chapter 3).
"""

from __future__ import annotations

import contextlib
import re
import struct
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from player.clips.write import tagging
from player.files import temporary_folder
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.audio.formats import Format
    from player.clips.joined import Chapter

# A table of contents counts what is in it with one byte.
_LISTED: Final = 255
_CHUNK_HEAD: Final = struct.Struct("<4sI")
# Its name, its place on the timeline, and the sample of the chunk "data" that it is.
_CUE_POINT: Final = struct.Struct("<II4sIII")
# Bytes before a tag, and before each frame in it.
_HEAD: Final = 10
# What a line of ffmpeg's metadata file may not have as it is (the section "Metadata" of its documentation).
_SPECIAL: Final = re.compile(r"[=;#\\\n]")
# By their names in ``audio.formats``.
_VORBIS: Final = {"FLAC": ("flac", "FLAC"), "Ogg Opus": ("oggopus", "OggOpus")}


@contextlib.contextmanager
def given_to_encoder(kind: Format, chapters: Sequence[Chapter]) -> Iterator[tuple[str, ...]]:
    """Give ffmpeg's arguments for chapters that it has to write itself: those of an M4A.

    :raise WriteError: where there is no place for them.
    """
    if kind.tags != "MP4":
        yield ()
        return
    lines = [";FFMETADATA1"]
    for each in chapters:
        title = _SPECIAL.sub(lambda match: f"\\{match[0]}", each.title)
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={each.start}", f"END={each.end}", f"title={title}"]
    with temporary_folder("to write chapters in") as folder:
        path = folder / "chapters"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        yield ("-f", "ffmetadata", "-i", f"file:{path}", "-map", "0:a", "-map_metadata", "0", "-map_chapters", "1")


def cue_points(marks: Sequence[tuple[int, str]]) -> bytes:
    """Give the chunks of a WAV for points at some samples, each with its text, in UTF-8."""
    points, texts = struct.pack("<I", len(marks)), b"adtl"
    for number, (sample, text) in enumerate(marks, 1):
        points += _CUE_POINT.pack(number, sample, b"data", 0, 0, sample)
        content = struct.pack("<I", number) + text.replace("\0", "").encode() + b"\0"
        texts += _CHUNK_HEAD.pack(b"labl", len(content)) + content + b"\0" * (len(content) % 2)
    return _CHUNK_HEAD.pack(b"cue ", len(points)) + points + _CHUNK_HEAD.pack(b"LIST", len(texts)) + texts


def write_chapters(path: Path, kind: Format, chapters: Sequence[Chapter]) -> None:
    """Write chapters into the clip at ``path``, after its tags, where the encoder has not written them.

    :raise WriteError: where they cannot be written.
    """
    with tagging(kind):
        if kind.tags == "ID3":
            _write_id3(path, chapters)
        elif kind.tags in _VORBIS:
            module, name = _VORBIS[kind.tags]
            file = getattr(import_module(f"mutagen.{module}"), name)(path)
            for number, each in enumerate(chapters, 1):
                file[f"CHAPTER{number:03d}"] = [vtt(each.start)]
                file[f"CHAPTER{number:03d}NAME"] = [each.title]
            file.save(padding=_no_padding)


def _write_id3(path: Path, chapters: Sequence[Chapter]) -> None:
    id3: Any = import_module("mutagen.id3")
    tags = id3.ID3(path)
    names = [f"chp{number}" for number in range(len(chapters))]
    for name, each in zip(names, chapters, strict=True):
        title = id3.TIT2(encoding=1, text=[each.title])
        # Where in the file it is in bytes is not said: the times say it.
        tags.add(
            id3.CHAP(
                element_id=name,
                start_time=each.start,
                end_time=each.end,
                start_offset=0xFFFFFFFF,
                end_offset=0xFFFFFFFF,
                sub_frames=[title],
            )
        )
    ordered, top = id3.CTOCFlags.ORDERED, id3.CTOCFlags.TOP_LEVEL
    some = [names[at : at + _LISTED] for at in range(0, len(names), _LISTED)]
    if len(some) > 1:
        for number, part in enumerate(some):
            tags.add(id3.CTOC(element_id=f"toc{number}", flags=ordered, child_element_ids=part, sub_frames=[]))
        names = [f"toc{number}" for number in range(len(some))]
    tags.add(id3.CTOC(element_id="toc", flags=top | ordered, child_element_ids=names, sub_frames=[]))
    tags.update_to_v23()
    tags.save(path, v1=0, v2_version=3, padding=_no_padding)
    _put_in_order(path)


def _put_in_order(path: Path) -> None:
    """Put the frames CHAP of a tag in the order of time: mutagen writes the shortest first, and many players go by it.

    The tag is ID3v2.3 as mutagen has just written it: a head of ten bytes, and frames with such heads.
    """
    with path.open("r+b") as file:
        head = file.read(_HEAD)
        size = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:])))
        tag, frames, at = file.read(size), [], 0
        while tag[at : at + 4].strip(b"\0"):
            end = at + _HEAD + int.from_bytes(tag[at + 4 : at + 8], "big")
            frames.append(tag[at:end])
            at = end
        # The name of a chapter ends with a zero, then comes its start.
        begins = {each: each[each.index(b"\0", _HEAD) + 1 :][:4] for each in frames if each.startswith(b"CHAP")}
        ordered = sorted(begins, key=begins.__getitem__)
        others = [each for each in frames if each not in begins]
        file.seek(_HEAD)
        file.write(b"".join([*others, *ordered]))


def _no_padding(_: Any) -> int:
    return 0
