"""Finds recordings that let be heard what another closes, for both name the same sound."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault, NotFoundError, quoted
from player.timecode import LONGEST, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
