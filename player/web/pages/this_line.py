"""Makes what there is about one line: who says it, its words in each language, what it rests on, its clip, its link."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, url_for

from player import timecode
from player.archive.doubts import doubts
from player.archive.transcript import Cue
from player.archive.unspoken import is_unspoken
from player.publish import citation
from player.web.pages.as_of import QUERY, at_version
from player.web.pages.doubted_words import doubted_words, with_marks
from player.web.pages.line_places import place_of
from player.web.pages.machine_words import machine_line
from player.web.pages.notes import references
from player.web.pages.suggesting import seen_tag
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from player.archive.gate.shown import ClosedPassage
    from player.archive.recording import Record, Recording
    from player.archive.sources import Source
    from player.archive.transcript import Line
    from player.archive.translation import Translation
    from player.audio.formats import Format
    from player.web.pages.as_of import Cited
    from player.web.pages.doubted_words import DoubtedWords
    from player.web.pages.machine_words import MachineLine
    from player.web.pages.notes import Reference
    from player.web.pages.sound import ClipLinks


@dataclass(frozen=True)
class ThisLine:
    """What the page of a line prints."""

    line: Line
    #: When it begins, or else on which page of the document; empty where neither is known.
    place: str
    voices: tuple[str, ...]
    #: Each with the line's words in it.
    translations: tuple[tuple[Translation, str], ...]
    references: tuple[Reference, ...]
    #: Where the clip is, format by format; none where none can be cut.
    clips: tuple[tuple[Format, str], ...]
    #: Where the passage is in public, to link to and to cite.
    address: str
    #: As a note in the Chicago style.
    citation: str
    #: The page of the recording, cued up at the line.
    moment: str
    #: The passage as ``t`` has it; None where it is not timed.
    asked: str | None
    #: Its identifier, for the page that cites it, where there is more to say than when it is spoken.
    cited_line: str | None
    #: The passage that is closed, where the line stands in place of its lines.
    closed: ClosedPassage | None = None
    #: What a machine did of it; None where people made all of the transcript.
    machine: MachineLine | None = None
    #: Its words that people doubt, or read otherwise; ``can_be_looped`` where its sound can be played, and fits.
    doubted: tuple[DoubtedWords, ...] = ()
    can_be_looped: bool = False
    #: Where its clip is as the sound is held; None where there is none.
    copied: str | None = None

    @property
    def seen(self) -> str:
        """What says in the form of a suggestion which words its page had."""
        return seen_tag(self.line)

    @property
    def is_unspoken(self) -> bool:
        """Whether nothing is said in it, as far as visitors may know."""
        return self.closed is None and is_unspoken(self.line.text)

    @property
    def words(self) -> str | Markup:
        """What is said in it, with the words in elements of their own of which a machine, or somebody, is not sure."""
        doubtful = self.machine.numbers if self.machine else ()
        said = doubts(self.line) if self.doubted else ()
        return with_marks(self.line.text, doubtful, said) if doubtful or said else self.line.text


def this_line(
    recording: Recording,
    line: Line,
    sources: Mapping[str, Source],
    clips: ClipLinks | None,
    version: Cited | None = None,
) -> ThisLine:
    """Give what there is about a line; ``clips`` are those of the sound, None where the line's times are another's.

    ``version`` is that of its words, where there are several.
    """
    cue = line if isinstance(line, Cue) else None
    span = cue.span if cue and cue.has_length else None
    start, end = cue.start if cue else None, span.end if span else None
    asked = passage_asked(start, end)
    address = line_address(recording, line.id, asked, version)
    is_approximate = cue is not None and cue.is_approximate
    cited = citation.cite(
        *(recording, address, dt.datetime.now(dt.UTC).date(), start, end),
        pages=line.page,
        is_approximate=is_approximate,
        unchecked=line.is_unchecked,
        version=version.date if version else "",
    )
    texts = [
        (each, next((other.text for other in each.lines if other.id == line.id), None))
        for each in recording.translations
    ]
    links = [(each, clips.to(span, each.name)) for each in clips.formats] if clips and span else []
    moment = timecode.fragment(start) if start is not None else None
    return ThisLine(
        line,
        place_of(line),
        tuple(dict.fromkeys(turn.speaker for turn in line.turns if turn.speaker)),
        tuple((each, text) for each, text in texts if text),
        references(line.citations, sources),
        tuple((each, link) for each, link in links if link),
        address,
        dict(citation.STYLES)["Chicago"](cited),
        url_for("recordings.recording", **at_version(), slug=recording.slug, t=moment, _anchor=f"cue-{line.id}"),
        asked,
        line.id if cue is None or line.page or is_approximate else None,
        next((each for each in recording.shown.passages if each.words and each.id == line.id), None),
        machine_line(recording, line),
        doubted_words(line) if line.comments else (),
        any(links),
        clips.copy_of(span) if clips else None,
    )


def passage_asked(start: int | None, end: int | None) -> str | None:
    """Write a passage as ``t`` has it; None where there is none."""
    if start is None:
        return None
    return timecode.fragment(start) + ("" if end is None else f",{timecode.fragment(end)}")


def line_address(recording: Record, name: str, asked: str | None, version: Cited | None = None) -> str:
    """Give the address of a line in public: that of its passage, or else of the line by its identifier."""
    page = page_address(recording, version)
    return f"{page}#cue-{name}" if asked is None else f"{page}#t={asked}"


def page_address(recording: Record, version: Cited | None = None) -> str:
    """Give the address of a recording's page in public, as it stood in a version where one is given.

    It is empty in what is packed for a copy of the site of which nobody knows yet where it will be.
    """
    if current_app.extensions["public_url"] == "":
        return ""
    page = public_address("recordings.recording", slug=recording.slug)
    return f"{page}?{QUERY}={version.number}" if version else page


def line_at(cues: Sequence[Cue], moment: int) -> Cue | None:
    """Find the line that is current at a moment, in milliseconds: the last that has started; None before the first."""
    index = bisect_right(cues, moment, key=lambda cue: cue.start) - 1
    return cues[index] if index >= 0 else None
