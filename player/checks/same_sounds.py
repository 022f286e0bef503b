"""Finds recordings that let be heard what another closes, for both name the same sound, or one has it as a part."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from player.archive.part_files import part_files
from player.audio import cache
from player.errors import ArchiveError, AudioError, Fault, NotFoundError, quoted
from player.timecode import LONGEST, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from player.archive.archive import Archive

#: The passages of a recording that are not to be heard, in milliseconds from start to end.
Silenced = Sequence[tuple[int, int]]
#: All of a sound, however long it is.
WHOLE: Final = (0, LONGEST)


def same_sound_faults(archive: Archive, files: Mapping[str, Path], silenced: Mapping[str, Silenced]) -> Iterator[Fault]:
    """Give the recordings in which a sound can be heard that is closed in another.

    ``files`` has the sound of each recording, ``silenced`` what each closes of it; it lacks those that close nothing.
    """
    for closing, names in _together(files, silenced):
        for other in names:
            for start, end in silenced[closing]:
                if other != closing and not _is_covered(start, end, silenced.get(other, ())):
                    yield _fault(archive, other, closing, files[other], (start, end))
                    break


def open_part_faults(
    archive: Archive, files: Mapping[str, Path], silenced: Mapping[str, Silenced], joined: Iterable[str]
) -> Iterator[Fault]:
    """Give the recordings that let a part be heard of one that was joined, and closes some of it.

    ``joined`` are the recordings that have parts; files are the same that have the same bytes.
    """
    for closing in joined:
        if closing not in silenced:
            continue
        try:
            record = archive.record(closing)
            paths = part_files(archive, record)
        except (ArchiveError, NotFoundError):
            continue  # told where it is examined
        ends = [*(part.start for part in record.part[1:]), LONGEST]
        for part, end, path in zip(record.part, ends, paths, strict=True):
            closed = [
                (max(start, part.start) - part.start, LONGEST if last == LONGEST else min(last, end) - part.start)
                for start, last in silenced[closing]
                if start < end and part.start < last
            ]
            for other in _same_bytes(path, files) if closed else ():
                for passage in closed:
                    if other != closing and not _is_covered(*passage, silenced.get(other, ())):
                        yield _fault(archive, other, closing, files[other], passage)
                        break


def _same_bytes(path: Path, files: Mapping[str, Path]) -> Iterator[str]:
    """Give the recordings whose sound has the bytes of a file; only those of the same size are read."""
    try:
        size = path.stat().st_size
    except OSError:
        return  # told where it is examined
    for slug, other in files.items():
        with contextlib.suppress(OSError, AudioError):
            if other.stat().st_size == size and cache.digest(other) == cache.digest(path):
                yield slug


def related(files: Mapping[str, Path], slugs: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Give each of ``slugs`` with each other recording of the same sound."""
    for slug, names in _together(files, slugs):
        yield from ((slug, other) for other in names if other != slug)


def _together(files: Mapping[str, Path], slugs: Mapping[str, object]) -> Iterator[tuple[str, Sequence[str]]]:
    """Give each of some recordings with all that name the same file, by whatever name."""
    if not slugs:
        return
    named = defaultdict(list)
    places = {slug: _place(path) for slug, path in files.items()}
    for slug, place in places.items():
        named[place].append(slug)
    for slug in slugs:
        if slug in places:
            yield slug, named[places[slug]]


def _place(path: Path) -> object:
    """Tell one file from another, whatever it is called: links lead to the same."""
    try:
        state = path.stat()
    except OSError:
        return path
    return state.st_dev, state.st_ino


def _is_covered(start: int, end: int, silenced: Silenced) -> bool:
    return any(first <= start and end <= last for first, last in silenced)


def _fault(archive: Archive, slug: str, closing: str, sound: Path, passage: tuple[int, int]) -> Fault:
    path, line = archive.transcripts / slug / "recording.toml", None
    with contextlib.suppress(ArchiveError, NotFoundError):  # told where it is examined
        line = archive.record(slug).line_of("media")
    part = "" if passage == WHOLE else f" from {Span(*passage)}"
    what = f"{sound.name} is open here, and closed{part} in {quoted(closing)}"
    return Fault(path, line, what, "close the same here, or open it there")
