"""Says which passages of a set cannot be heard, or are not for visitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.gate.shown import Audience
from player.archive.references import NOTE
from player.archive.set_spans import passage_span
from player.errors import Advice, ArchiveError, AudioError, NotFoundError
from player.index.shared import is_passage_shown
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.archive.sets import PassageSet, SetPassage
    from player.checks.own import Sounds
    from player.errors import Fault


def passage_faults(found: PassageSet, archive: Archive, sounds: Sounds) -> Iterator[Fault]:
    """Give what is wrong with the passages of a set beyond their pointers."""
    for passage in found.passages:
        try:
            recording = archive.recording(passage.slug)
        except (ArchiveError, NotFoundError):
            continue  # told where it is pointed at
        fault = _unheard(passage, recording, sounds)
        if fault is not None:
            yield fault


def passage_advice(found: PassageSet, archive: Archive) -> Iterator[Advice]:
    """Give which passages of a set visitors do not get, though they are there."""
    visitors = archive.seen_by(Audience.VISITORS)
    for passage in found.passages:
        if is_passage_shown(passage, archive) and not is_passage_shown(passage, visitors):
            what = "visitors do not see this passage, nor the words above it: something in it is closed, or a draft"
            yield Advice(passage.path, passage.line, what, "leave it, or take the passage out")


def _unheard(passage: SetPassage, recording: Recording, sounds: Sounds) -> Fault | None:
    """Say why a passage can be heard by nobody; None where it can, or is missing."""
    span = passage_span(passage, recording)
    if span is None:
        named = {line.id for line in recording.transcript.lines} if recording.transcript else set()
        named |= {f"{NOTE}{note.id}" for note in recording.annotations}
        if any(each.part not in named for each in (passage.moment, passage.last) if each is not None):
            return None
        remedy = "time the line, or name the passage by recording, start and end"
        return passage.fault("moment", "nobody knows when this passage is, so it cannot be played", remedy)
    if recording.media is None or not recording.media.is_file():
        return None
    try:
        length = sounds.duration(recording.media)
    except AudioError:
        return None  # told where the sound is examined
    if span.start >= length:
        what = f"the passage begins at {display(span.start)}, and the recording ends at {display(length)}"
        return passage.fault("start", what, "correct the times")
    return None
