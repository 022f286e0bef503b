"""Makes what the small page of a passage prints, which other sites may show in a frame, and the code that does so."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flask import current_app, url_for
from markupsafe import Markup

from player import timecode
from player.errors import NotFoundError, TimecodeError
from player.timecode import Span
from player.web.pages.said import said_in, said_of
from player.web.pages.sound import is_in_step, measured, played_now
from player.web.pages.this_line import passage_asked
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.recording import Record, Recording
    from player.archive.transcript import Cue
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
class Part:
    """Some of the lines of a recording, in a file of a copy, and when they are heard, in milliseconds."""

    number: int
    start: int
    end: int


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
    #: Of a recording of many lines, the parts in which a copy has them.
    parts: tuple[Part, ...] = ()

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


def embedded_part(recording: Recording, number: int) -> Embedded:
    """Give a recording for a copy that no server answers for, where a script picks the lines of a passage: so many of
    them as are printed, with what the other parts are.

    :raise NotFoundError: where there is no such part.
    """
    cues = recording.transcript.cues if recording.transcript is not None else ()
    pieces = [cues[at : at + MOST] for at in range(0, len(cues), MOST)] or [()]
    if not 1 <= number <= len(pieces):
        raise NotFoundError(f'"{recording.title}" has {len(pieces)} parts')
    parts = [Part(n, each[0].start, max(cue.span.end for cue in each)) for n, each in enumerate(pieces, 1) if each]
    found = embedded(recording, None, pieces[number - 1])
    return replace(found, has_more=number < len(pieces), parts=tuple(parts)) if found.said and len(parts) > 1 else found


def embedded(recording: Recording, asked: str | None, cues: Sequence[Cue] | None = None) -> Embedded:
    """Give the passage of a recording that ``?t=`` asks for, or the whole of it, with as many lines as are printed.

    These are ``cues``, where it is said which.

    :raise TimecodeError: where it is no passage, or begins after the recording ends.
    """
    begin, end = passage(recording, asked)
    is_passage = asked is not None
    has_sound = recording.media is not None and recording.media.is_file()
    in_step = is_in_step(recording)
    is_other = has_sound and not in_step and recording.transcript is not None
    # A reading begins with what says that it is one, and so do its words.
    if is_other:
        said: tuple[Said, ...] = ()
    elif cues is not None:
        said = said_of(recording, cues)
    else:
        said = said_in(recording, Span(begin if is_passage else 0, _END if end is None else end))
    return Embedded(
        recording,
        begin,
        end,
        is_passage,
        said[:MOST],
        len(said) > MOST,
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
