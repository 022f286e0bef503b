"""Makes what the small page of a passage prints, which other sites may show in a frame, and the code that does so."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import current_app, url_for
from markupsafe import Markup

from player import timecode
from player.errors import TimecodeError
from player.timecode import Span
from player.web.pages.said import said_in
from player.web.pages.sound import is_in_step, measured, played_now
from player.web.pages.this_line import passage_asked
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from player.archive.recording import Record, Recording
    from player.web.pages.said import Said
    from player.web.pages.sound import Played

#: How wide and high a frame is that nobody has asked to be otherwise, in CSS pixels.
WIDTH: Final = 600
HEIGHT: Final = 360
#: Lines that are printed: ten minutes of talk. Of more, the page of the recording has the rest.
MOST: Final = 200
# After the end of any recording.
_END: Final = sys.maxsize


@dataclass(frozen=True)
class Embedded:
    """A recording, or a passage of it, as far as visitors may hear and read it."""

    recording: Recording
    #: Milliseconds; the passage has no end where it goes on to that of the sound.
    begin: int
    end: int | None
    is_passage: bool
    said: tuple[Said, ...]
    has_more: bool
    played: Played | None
    #: Whether lines are marked while the sound plays.
    is_followed: bool
    #: Whether the words that there are were timed to another sound.
    is_of_another_sound: bool
    #: How long the sound lasts, in milliseconds, where that is known.
    length: int | None

    @property
    def is_playable(self) -> bool:
        """Tell whether something can be played now."""
        return self.played is not None and self.played.address is not None

    @property
    def is_unchecked(self) -> bool:
        """Tell whether words of it are a machine's that nobody has heard."""
        return any(each.is_unchecked for each in self.said)

    @property
    def has_marks(self) -> bool:
        """Tell whether words of it are marked: people doubt them or read them otherwise, or a machine is unsure."""
        return any(isinstance(each.words, Markup) for each in self.said)

    @property
    def asked(self) -> str | None:
        """The passage as ``t`` has it; None for the whole."""
        return passage_asked(self.begin, self.end) if self.is_passage else None

    @property
    def home(self) -> str:
        """The page of the recording, cued up at the passage."""
        return url_for("recordings.recording", slug=self.recording.slug, t=self.asked)


def embedded(recording: Recording, asked: str | None, most: int | None = MOST) -> Embedded:
    """Give the passage of a recording that ``?t=`` asks for, or the whole of it, with so many lines at most.

    :raise TimecodeError: where it is no passage, or begins after the recording ends.
    """
    begin, end = passage(recording, asked)
    is_passage = asked is not None
    has_sound = recording.media is not None and recording.media.is_file()
    in_step = is_in_step(recording)
    is_other = has_sound and not in_step and recording.transcript is not None
    # A reading begins with what says that it is one, and so do its words.
    said = () if is_other else said_in(recording, Span(begin if is_passage else 0, _END if end is None else end))
    return Embedded(
        recording,
        begin,
        end,
        is_passage,
        said[:most],
        most is not None and len(said) > most,
        played_now(recording),
        in_step and bool(said),
        is_other,
        measured(recording).length,
    )


def passage(recording: Record, asked: str | None) -> tuple[int, int | None]:
    """Give where a passage begins and ends; where none is asked for, where the recording begins.

    :raise TimecodeError: where it is no passage, or begins after the recording ends.
    """
    if asked is None:
        return recording.begins, None
    begin, end = timecode.parse_fragment(asked)
    length = measured(recording).length
    if length is None:
        return begin, end
    if begin >= length:
        ends = timecode.display(length)
        raise TimecodeError(f"{timecode.display(begin)} is past the end of the recording, {ends}")
    return begin, None if end is None else min(end, length)


def can_be_embedded() -> bool:
    """Tell whether other sites may show what the application answers: only where that is for visitors."""
    return "embed" in current_app.blueprints


def code(recording: Record, asked: str | None, width: int = WIDTH, height: int = HEIGHT) -> Markup:
    """Write the HTML by which another site shows a passage in a frame."""
    title = f"{recording.notice} {recording.title}" if recording.notice else recording.title
    return Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="max-width:100%;border:0"></iframe>'
    ).format(public_address("embed.page", slug=recording.slug, t=asked), title, width, height)
