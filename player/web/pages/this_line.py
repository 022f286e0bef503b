"""Makes what there is about one line: who says it, its words in each language, what it rests on, its clip, its link."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from player import timecode
from player.publish import citation
from player.web.pages.notes import references
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.gate.shown import ClosedPassage
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.transcript import Cue
    from player.archive.translation import Translation
    from player.web.pages.notes import Reference
    from player.web.pages.sound import ClipLinks


@dataclass(frozen=True)
class ThisLine:
    """What the page of a line prints."""

    cue: Cue
    voices: tuple[str, ...]
    #: Each with the line's words in it.
    translations: tuple[tuple[Translation, str], ...]
    references: tuple[Reference, ...]
    #: What the clip is called, and where it is, format by format; none where none can be cut.
    clips: tuple[tuple[str, str], ...]
    #: Where the passage is in public, to link to and to cite.
    address: str
    #: As a note in the Chicago style.
    citation: str
    #: The page of the recording, cued up at the line.
    moment: str
    #: The passage as ``t`` has it.
    asked: str
    #: The passage that is closed, where the line stands in place of its lines.
    closed: ClosedPassage | None = None


def this_line(recording: Recording, cue: Cue, sources: Mapping[str, Source], clips: ClipLinks | None) -> ThisLine:
    """Give what there is about a line; ``clips`` are those of the sound, None where the line's times are another's."""
    span = cue.span if cue.has_length else None
    asked = timecode.fragment(cue.start) + (f",{timecode.fragment(span.end)}" if span else "")
    address = f"{public_address('recordings.recording', slug=recording.slug)}#t={asked}"
    cited = citation.cite(recording, address, dt.datetime.now(dt.UTC).date(), cue.start, span.end if span else None)
    texts = [
        (each, next((line.text for line in each.cues if line.id == cue.id), None)) for each in recording.translations
    ]
    links = [(each.name.upper(), clips.to(span, each.name)) for each in clips.formats] if clips and span else []
    return ThisLine(
        cue,
        tuple(dict.fromkeys(turn.speaker for turn in cue.turns if turn.speaker)),
        tuple((each, text) for each, text in texts if text),
        references(cue.citations, sources),
        tuple((name, link) for name, link in links if link),
        address,
        dict(citation.STYLES)["Chicago"](cited),
        url_for("recordings.recording", slug=recording.slug, t=timecode.fragment(cue.start), _anchor=f"cue-{cue.id}"),
        asked,
        next((each for each in recording.shown.passages if each.words and each.id == cue.id), None),
    )


def line_at(cues: Sequence[Cue], moment: int) -> Cue | None:
    """Find the line that is current at a moment, in milliseconds: the last that has started; None before the first."""
    index = bisect_right(cues, moment, key=lambda cue: cue.start) - 1
    return cues[index] if index >= 0 else None
