"""Checks the parts of a recording: that they are there and as they came, and that its sound is what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.parts import FOLDER
from player.errors import AudioError, Fault, quoted
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.parts import Part
    from player.archive.recording import Recording
    from player.checks.own import Sounds


def part_faults(recording: Recording, files: Sequence[Path], sounds: Sounds) -> Iterator[Fault]:
    """Give what is wrong with the parts of a recording, whose ``files`` are given in order.

    :raise AudioError: where the joined sound cannot be decoded.
    """
    parts = recording.part
    wrong = [
        fault for part, path in zip(parts, files, strict=True) for fault in _own_faults(recording, part, path, sounds)
    ]
    yield from wrong
    # What is missing, or is another file, says nothing about the sound that was joined.
    if not parts or wrong or recording.media is None or not recording.media.is_file():
        return
    found = sounds.compared(recording.media, files)
    if found.differs is not None:
        part = parts[found.differs]
        what = f"{recording.media.name} does not have the sound of this part, {quoted(part.title)}, where it should"
        remedy = f"list the parts in their order, or join them again: player join {recording.slug} --force"
        yield part.fault(None, what, remedy)
        return
    if found.goes_on:
        what = f"{recording.media.name} goes on after its last part"
        yield recording.fault("media", what, f"join it again: player join {recording.slug} --force")
    for part, start in zip(parts, found.starts, strict=True):
        if part.start != start:
            what = f"{quoted(part.title)} begins at {display(start)}, not at {display(part.start)}"
            yield part.fault("start", what, f'write start = "{display(start)}"')


def _own_faults(recording: Recording, part: Part, path: Path, sounds: Sounds) -> Iterator[Fault]:
    """Give what is wrong with one part by itself."""
    if not path.is_file():
        what = f"there is no file {part.media} in media/{FOLDER}/{recording.slug}/"
        yield part.fault("media", what, "put it there: it is what the sound was joined from")
        return
    try:
        is_as_it_came = sounds.digest(path) == part.sha256.lower()
    except AudioError as error:
        what, _, remedy = str(error).partition("; ")
        yield part.fault("media", what, remedy or "bring back the file that came")
        return
    if not is_as_it_came:
        what = f"{part.media} is not the file that came (its SHA-256 is another)"
        yield part.fault("sha256", what, "bring that file back")
