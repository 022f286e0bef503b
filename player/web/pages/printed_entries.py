"""An entry of the chronology as its page prints it: how precise its date is, and everything that it leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from player.archive import dates
from player.archive.references import Pointer
from player.web.pages.notes import references
from player.web.pages.prose import render
from player.web.pages.surroundings import Link, moment_address

if TYPE_CHECKING:
    from markupsafe import Markup

    from player.archive.chronology import Entry
    from player.web.pages.notes import Reference
    from player.web.pages.surroundings import Surroundings


@dataclass(frozen=True)
class PrintedEntry:
    """An entry with its words, its sources and its links."""

    entry: Entry
    event: Markup
    references: tuple[Reference, ...]
    people: tuple[Link, ...]
    #: The recording made that day and what can be heard about it.
    recordings: tuple[Link, ...]
    #: What must stand beside the way to the sound.
    notices: tuple[str, ...]
    moments: tuple[Link, ...]
    dossiers: tuple[Link, ...]
    disputed: tuple[Link, ...]

    @property
    def year(self) -> int:
        """The year under which it stands: that in which it begins, or ends where its beginning is open."""
        is_open = self.entry.date.startswith("..")
        return (dates.latest if is_open else dates.earliest)(self.entry.date).year

    @property
    def precision(self) -> str:
        """How precise its date is: day, month, season or year."""
        return dates.precision(self.entry.date)


def print_entry(entry: Entry, around: Surroundings) -> PrintedEntry:
    """Print an entry. A contradiction is shown at both its ends, whichever of them names it."""
    against = [*entry.contradicts, *(each.id for each in around.chronology.entries if entry.id in each.contradicts)]
    recordings = []
    notices: dict[str, None] = {}
    for recording in around.recordings.values():
        if entry.recording is not None and entry.recording in {recording.slug, recording.surrogate_for}:
            can_be_heard = recording.media is not None and recording.media.is_file()
            way = (
                "The record" if not can_be_heard else "Play the synthetic reading" if recording.is_reading else "Listen"
            )
            text = f"{way}: {recording.title}"
            notices.update({recording.notice: None} if recording.notice and can_be_heard else {})
            recordings.append((not can_be_heard, Link(text, moment_address(recording.slug, None))))
    return PrintedEntry(
        entry,
        render(entry.event),
        references(entry.citations, around.sources),
        around.to_people(entry.people),
        tuple(link for _, link in sorted(recordings, key=lambda each: each[0])),
        tuple(notices),
        around.to_moments(entry.moments),
        around.to_dossiers([Pointer(entry.dossier)] if entry.dossier else []),
        around.to_entries(dict.fromkeys(against)),
    )
