"""Reads a basket from its address, and makes what its page prints: passages of any recordings, in an order.

All of a basket is in its address, as ``?p=<slug>@25,80`` for each passage, or ``?p=<slug>@c7`` for a line: whoever has
the address has the basket, and sees in it what anybody sees of these recordings. What is wrong with one passage is told
in its place, and takes nothing from the others.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import current_app, url_for

from player import timecode
from player.archive.references import IDENTIFIER, SLUG
from player.archive.transcript import Cue
from player.audio.decode.stream import header
from player.clips.closed import refuse_closed
from player.clips.cut import Cut
from player.errors import (
    HiddenError,
    NotFoundError,
    PlayerError,
    TimecodeError,
    quoted,
    sentence,
)
from player.timecode import Span
from player.web.current import called, current_archive, media_of
from player.web.pages.as_of import ends_now
from player.web.pages.said import said_in
from player.web.pages.sound import ClipLinks, Played, is_in_step, measured
from player.web.serving import media
from player.web.serving.telling import for_the_log, tell, tell_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.archive.recording import Recording
    from player.audio.copied_kinds import Kind
    from player.audio.formats import Format
    from player.web.pages.said import Said
    from player.web.pages.sound import Measured
    from player.web.serving.clip_limits import Limits

_log = logging.getLogger(__name__)

#: How many passages a basket holds, and how many letters its address has behind the question mark.
MOST: Final = 50
LONGEST: Final = 6000
#: How a passage is written.
EXAMPLE: Final = "write it as in interview@25,80, from 0:25 to 1:20"
_LINES: Final = re.compile(rf"(?P<first>{IDENTIFIER.pattern})(?:\.\.(?P<last>{IDENTIFIER.pattern}))?", re.ASCII)


class UnfitError(PlayerError):
    """A passage, or a basket, that cannot be had as it is asked for."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(message, visitors=message)
        self.status = status


@dataclass(frozen=True)
class Passage:
    """One passage of a basket, as far as it can be had.

    ``asked`` is how the address has it. ``why`` says what is wrong where no clip can be cut of it, and ``reason`` why
    that is closed, if it is.
    """

    asked: str
    recording: Recording | None = None
    span: Span | None = None
    #: What is said in it.
    said: tuple[Said, ...] = ()
    played: Played | None = None
    #: Its clip, format by format.
    clips: tuple[tuple[Format, str], ...] = ()
    #: Its clip as the sound is held, where it can be had so.
    copied: str | None = None
    #: What it has to have in common with others for one copy of all, its rate and channels among it.
    kind: tuple[Kind, int, int] | None = None
    why: str | None = None
    reason: str | None = None
    status: int = HTTPStatus.OK
    #: Its part of what one download may be, from 0 to 1.
    share: float = 0.0

    @property
    def can_be_cut(self) -> bool:
        """Tell whether a clip can be cut of it."""
        return self.why is None

    @property
    def plays(self) -> bool:
        """Tell whether it can be played where it is listed."""
        return self.span is not None and self.played is not None and bool(self.played.address)

    @property
    def is_unchecked(self) -> bool:
        """Tell whether words of it are a machine's that nobody has heard."""
        return any(each.is_unchecked for each in self.said)

    @property
    def moment(self) -> str | None:
        """The page of its recording, to play it there."""
        if self.recording is None:
            return None
        t = None if self.span is None else f"{timecode.fragment(self.span.start)},{timecode.fragment(self.span.end)}"
        return url_for("recordings.recording", slug=self.recording.slug, t=t)


@dataclass(frozen=True)
class Basket:
    """Passages in an order, and what can be done with all of them."""

    passages: tuple[Passage, ...]
    longest: int
    #: What was to be put in and is none.
    refused: str | None = None

    @property
    def asked(self) -> list[str]:
        """How the address has them."""
        return [each.asked for each in self.passages]

    @property
    def to_cut(self) -> list[Passage]:
        """Those of which clips can be cut."""
        return [each for each in self.passages if each.can_be_cut]

    @property
    def copied(self) -> bool:
        """Tell whether each of these can be had as its sound is held."""
        return bool(self.to_cut) and all(each.kind for each in self.to_cut)

    @property
    def copied_as(self) -> str | None:
        """In what suffix all of these can be had in one file, as their sounds are held; None where they cannot."""
        kinds = {each.kind for each in self.to_cut}
        only = kinds.pop() if len(kinds) == 1 else None
        return only[0].suffix if only and only[0].join else None

    @property
    def recordings(self) -> list[Recording]:
        """The recordings of which clips can be cut, each once."""
        return list({each.recording.slug: each.recording for each in self.to_cut if each.recording}.values())

    @property
    def length(self) -> int:
        """How long they last together, in milliseconds."""
        return sum(each.span.duration for each in self.to_cut if each.span)

    @property
    def is_too_long(self) -> bool:
        """Tell whether they are more than one download may be."""
        return sum(each.share for each in self.to_cut) > 1


@dataclass
class Reader:
    """Reads the passages of one basket; each recording once."""

    limits: Limits
    _known: dict[str, Recording | PlayerError] = field(default_factory=dict)
    _steps: dict[str, bool] = field(default_factory=dict)

    def basket(self, asked: Sequence[str], refused: str | None = None) -> Basket:
        """Read all of an address.

        :raise UnfitError: where it has too many.
        """
        if len(asked) > MOST or sum(map(len, asked)) > LONGEST:
            raise UnfitError(
                f"a basket holds at most {MOST} passages, in an address of {LONGEST:,} letters; this one is longer. "
                "Make two of it",
                HTTPStatus.REQUEST_URI_TOO_LONG,
            )
        return Basket(tuple(map(self.passage, asked)), self.limits.longest, refused)

    def passage(self, asked: str) -> Passage:
        """Read one passage."""
        recording, span = None, None
        said: tuple[Said, ...] = ()
        try:
            recording, what = self._named(asked)
            span, said = self._place(recording, what)
            return self._heard(asked, recording, span, said)
        except PlayerError as error:
            self._note(error)
            reason = getattr(error, "reason", None)
            why = sentence(error.for_visitors)
            return Passage(asked, recording, span, said, why=why, reason=reason, status=error.status)

    def _named(self, asked: str) -> tuple[Recording, str]:
        slug, at, what = asked.partition("@")
        if not at or not SLUG.fullmatch(slug):
            raise UnfitError(f"{quoted(asked)} is no passage; {EXAMPLE}")
        if slug not in self._known:
            try:
                self._known[slug] = called(slug, current_archive().recording)
            except PlayerError as error:
                self._known[slug] = error
        found = self._known[slug]
        if isinstance(found, PlayerError):
            raise found
        return found, what

    def _place(self, recording: Recording, what: str) -> tuple[Span, tuple[Said, ...]]:
        """Find when a passage is, and what is said in it."""
        lines = _LINES.fullmatch(what)
        if lines is None:
            start, end = timecode.parse_fragment(what)
            if end is None:
                raise UnfitError(f"{quoted(what)} does not say where the passage ends; {EXAMPLE}")
            span = Span(start, end)
        else:
            span = _span_of_lines(recording, lines["first"], lines["last"] or lines["first"])
            if self._is_of_another_sound(recording):
                raise UnfitError("The transcript was timed to a different sound, so nobody knows when this line is.")
        length = measured(recording)
        if length.is_counted and length.length is not None:
            if span.start >= length.length:
                ends = timecode.display(length.length)
                raise TimecodeError(f"{timecode.display(span.start)} is past the end of the recording, {ends}")
            span = Span(span.start, min(span.end, length.length))
        if span.duration > self.limits.longest:
            raise UnfitError(
                f"A passage can be at most {timecode.spoken(self.limits.longest)} long; this one would be "
                f"{timecode.spoken(span.duration)}. Choose a shorter one.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        return span, () if self._is_of_another_sound(recording) else said_in(recording, span)

    def _heard(self, asked: str, recording: Recording, span: Span, said: tuple[Said, ...]) -> Passage:
        """Find how a passage is played, and its clips; or why none can be cut."""
        version = media.version(media_of(recording))
        length = measured(recording)
        played = Played.of(recording, version)
        try:
            share = self._share(recording, span, length)
        except PlayerError as error:
            self._note(error)
            reason = getattr(error, "reason", None)
            why, status = sentence(error.for_visitors), error.status
            return Passage(asked, recording, span, said, played, why=why, reason=reason, status=status)
        links = ClipLinks.of(recording, version, length)
        clips = tuple((each, link) for each in links.formats if (link := links.to(span, each.name)))
        copied, kind = links.copy_of(span), None
        if copied is not None and links.copies is not None:
            found = header(media_of(recording))
            kind = links.copies, found.rate, found.channels
        return Passage(asked, recording, span, said, played, clips, copied, kind, share=share)

    def _share(self, recording: Recording, span: Span, length: Measured) -> float:
        """Give which part of what one download may be a passage is.

        :raise PlayerError: where no clip can be cut of it.
        """
        if not length.is_readable:
            raise UnfitError("The server cannot read the sound at the moment.", HTTPStatus.SERVICE_UNAVAILABLE)
        if recording.shown.silenced and not length.is_counted:
            why = "The sound of this recording is being measured; try again in a minute."
            raise UnfitError(why, HTTPStatus.SERVICE_UNAVAILABLE)
        refuse_closed(recording, [span])
        Cut((span,), ".mp3").check()
        longest = self.limits.longest_of(header(media_of(recording)))
        if span.duration > longest:
            raise UnfitError(
                f"A clip of this recording can be at most {timecode.spoken(longest)} long; choose a shorter passage.",
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            )
        return span.duration / longest

    def _is_of_another_sound(self, recording: Recording) -> bool:
        """Tell whether the transcript was timed to another sound than the one that is here."""
        if recording.slug not in self._steps:
            is_there = recording.media is not None and recording.media.is_file()
            has_words = recording.transcript is not None
            self._steps[recording.slug] = is_there and has_words and not is_in_step(recording)
        return self._steps[recording.slug]

    def _note(self, error: PlayerError) -> None:
        """Tell the keeper of the archive what only the keeper can mend."""
        if isinstance(error, HiddenError):
            tell_faults(_log, error.faults, is_open=False)
        elif error.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, UnfitError):
            tell(_log, for_the_log(error))


def current_basket(asked: Sequence[str], refused: str | None = None) -> Basket:
    """Read the basket that the current request asks for.

    :raise UnfitError: where it has too many passages.
    """
    return Reader(current_app.extensions["clip_limits"]).basket(asked, refused)


def _span_of_lines(recording: Recording, first: str, last: str) -> Span:
    """Give the passage from one line to another.

    :raise PlayerError: where one is not there, or not timed.
    """
    there = {line.id: line for line in recording.transcript.lines} if recording.transcript else {}
    found = []
    for place, name in enumerate((first, last)):
        line = there.get(name) or there.get((ends_now(recording, name) or ("", ""))[place])
        if line is None:
            raise NotFoundError(f'"{recording.title}" has no line "{name}"; its page shows all of its lines')
        if not isinstance(line, Cue):
            raise UnfitError(f"The line {quoted(name)} is not timed yet, so it can neither be played nor cut.")
        found.append(line)
    return Span(min(line.start for line in found), max(line.span.end for line in found))
