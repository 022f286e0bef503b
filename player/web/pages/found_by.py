"""Gives what the pages of a recording say of it to search engines, and to what shows a link as a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from player.archive.doubts import doubts
from player.archive.machine import LABEL
from player.publish import lettering, schema_org
from player.timecode import clock
from player.web.current import current_about, current_index
from player.web.pages.doubted_words import with_marks
from player.web.pages.embedded import can_be_embedded
from player.web.pages.sound import measured
from player.web.pages.this_line import passage_asked
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from player.archive.recording import Record, Recording
    from player.web.pages.sound import Played

#: Clips that the page of a recording describes, which is to be there soon; the page of its text describes all.
MOST: Final = 40


@dataclass(frozen=True)
class FoundBy:
    """What is said of a recording, or of a passage of it, to those who lead to it."""

    title: str
    description: str
    address: str
    #: JSON-LD, as it stands in a data block.
    described: Markup
    #: Where its sound is, where anybody may hear it.
    sound: str | None
    #: The picture of it; None where none can be drawn.
    picture: str | None
    #: Where other sites ask how it is shown in a frame.
    oembed: str


def found_by(
    recording: Recording, played: Played | None, begin: int | None, end: int | None, *, with_words: bool = False
) -> FoundBy | None:
    """Say what a page tells of a recording, or of a passage that begins somewhere; None where it is not for everybody.

    ``with_words`` all is said that is known, the words included.
    """
    if not can_be_embedded():
        return None
    slug = recording.slug
    page = public_address("recordings.recording", slug=slug)
    asked = passage_asked(begin, end)
    has_words = recording.transcript is not None
    places = schema_org.Places(
        page,
        public_address("recordings.shelf"),
        current_about().name,
        sound=sound_address(recording, played),
        transcript=public_address("recordings.transcript", slug=slug) if has_words else None,
        embedded=public_address("embed.page", slug=slug),
        original=_original(recording),
        picture=picture(recording),
    )
    said = schema_org.described(
        recording,
        places,
        length=measured(recording).length if places.sound else None,
        most_clips=None if with_words else MOST,
        words=_words(recording) if with_words else None,
    )
    address = f"{page}?t={asked}" if asked else page
    times = f", {clock(begin)}{f' to {clock(end)}' if end is not None else ''}" if begin is not None else ""
    return FoundBy(
        f"{recording.title}{times}",
        schema_org.description(recording),
        address,
        Markup(schema_org.as_text(said)),  # noqa: S704  # nothing in it can end the block that it stands in
        places.sound,
        picture(recording, asked),
        public_address("oembed.answer", url=address),
    )


def picture(record: Record, asked: str | None = None) -> str | None:
    """Give where the picture of a recording is, or of a passage of it; None where none can be drawn."""
    return public_address("cards.picture", slug=record.slug, t=asked) if lettering.can_draw() else None


def sound_address(recording: Recording, played: Played | None) -> str | None:
    """Give where the sound is, whatever version of it; of one of which passages are closed, where its copy is."""
    if played is None or played.address is None:
        return None
    endpoint = "recordings.access_copy" if played.is_silenced else "recordings.sound"
    return public_address(endpoint, slug=recording.slug)


def _original(recording: Recording) -> str | None:
    """Give the page of what a reading stands in for, where visitors may know of that."""
    if not recording.surrogate_for or recording.surrogate_for not in current_index().recordings:
        return None
    return public_address("recordings.recording", slug=recording.surrogate_for)


def _words(recording: Recording) -> str:
    """Give what is said as one text, with who says it; first that nobody has checked it, where a machine wrote it."""
    transcript = recording.transcript
    if transcript is None:
        return ""
    found = [f"{LABEL}."] if transcript.unchecked else []
    closed = {each.id for each in recording.shown.passages if each.words}
    speaking = ""
    for line in transcript.lines:
        voices = (
            ""
            if line.id in closed
            else " and ".join(dict.fromkeys(turn.speaker for turn in line.turns if turn.speaker))
        )
        said = doubts(line) if line.comments and line.id not in closed else ()
        words = with_marks(line.text, (), said, recording.language).striptags() if said else line.text
        found.append(f"{voices}: {words}" if voices and voices != speaking else words)
        speaking = voices
    return "\n".join(found)
