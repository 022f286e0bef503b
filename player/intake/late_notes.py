"""Tells which of the notes that a table changes lie past the end of the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.audio.probe import probe
from player.errors import AudioError
from player.intake import notes_toml
from player.intake.annotation_table import cells
from player.timecode import display, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.recording import Recording
    from player.intake.annotation_edits import ChangedNotes


def late_notes(recording: Recording, notes: ChangedNotes) -> Iterator[str]:
    """Say of each note that is changed or added and ends after the sound, where that is; a sentence each."""
    if recording.media is None:
        return
    try:
        length = probe(recording.media).duration
    except AudioError:
        return
    for note in notes_toml.tables(notes.after.decode("utf-8-sig")):
        name, end = str(note["id"]), cells(note)["end"]
        if (name in notes.changed or name in notes.added) and end and (at := parse(end)) > length:
            yield f"{name}: it ends ({display(at)}) past the end of the sound ({display(length)}); give an earlier end"
