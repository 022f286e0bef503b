"""Describes a recording as schema.org has it, in JSON-LD: https://schema.org/AudioObject.

What a record does not say is left out: a date that is no plain one, and whoever made a recording, of whom the record
has words and not a name. Of a reading it is said that it is synthesised, and what it is about.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.publish.citation import is_plain
from player.publish.rights import terms
from player.timecode import SECOND, fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.archive.annotations import Annotation
    from player.archive.recording import Record, Recording

#: As the IPTC calls sound that a program made by rule: https://schema.org/IPTCDigitalSourceEnumeration
_SYNTHESISED: Final = "https://schema.org/AlgorithmicMediaDigitalSource"
_MINUTE: Final = 60


@dataclass(frozen=True)
class Places:
    """Where in public the things are that are described; None where there is none."""

    page: str
    home: str
    #: What the archive is called.
    archive: str
    sound: str | None = None
    transcript: str | None = None
    embedded: str | None = None
    picture: str | None = None
    #: The page of what a reading stands in for.
    original: str | None = None


def described(
    recording: Recording,
    places: Places,
    *,
    length: int | None,
    most_clips: int | None = None,
    words: str | None = None,
) -> dict[str, Any]:
    """Describe a recording that lasts so many milliseconds, if that is known.

    ``most_clips`` of its annotated moments are clips of it; all where that is None. ``words`` is its transcript, which
    is otherwise only pointed at.
    """
    is_whole = words is not None
    kept = recording.original if is_whole and recording.original and not recording.is_reading else None
    said = {
        "@context": "https://schema.org",
        "@type": ["AudioObject", "ArchiveComponent"] if kept and kept.repository else "AudioObject",
        "@id": places.page,
        "url": places.page,
        "name": recording.title,
        "description": description(recording),
        "inLanguage": recording.language,
        "dateCreated": recording.date if is_plain(recording.date) else None,
        "locationCreated": recording.place and {"@type": "Place", "name": recording.place},
        "duration": _duration(length) if places.sound and length else None,
        "contentUrl": places.sound,
        "embedUrl": places.embedded,
        "image": places.picture,
        "license": _one_or_all([each.uri for each in terms(recording)]),
        "provider": {"@type": "ArchiveOrganization", "name": places.archive, "url": places.home},
        "caption": places.transcript
        and {"@type": "MediaObject", "encodingFormat": "text/vtt", "contentUrl": places.transcript},
        "transcript": words,
        "identifier": recording.identifier if is_whole else None,
        "keywords": list(recording.tags) if is_whole else None,
        "contributor": _contributors(recording) if is_whole else None,
        "creditText": (recording.responsible_party or (kept.recorded_by if kept else None)) if is_whole else None,
        "holdingArchive": {"@type": "ArchiveOrganization", "name": kept.repository}
        if kept and kept.repository
        else None,
        "digitalSourceType": _SYNTHESISED if recording.is_reading else None,
        "about": places.original and {"@type": "AudioObject", "@id": places.original},
        "hasPart": [_clip(each, places.page) for each in _moments(recording)[:most_clips]] if places.sound else None,
        "potentialAction": {
            "@type": "SeekToAction",
            "target": f"{places.page}?t={{seek_to_second_number}}",
            "startOffset-input": "required name=seek_to_second_number",
        }
        if places.sound
        else None,
    }
    return {name: value for name, value in said.items() if value}


def description(record: Record) -> str:
    """Describe a record in a few sentences: first that it is a reading, and what a listener should know before."""
    advice = f"Before you listen: {record.advice}" if record.advice else None
    return " ".join(filter(None, (record.notice, advice, record.summary)))


def as_text(said: Mapping[str, Any]) -> str:
    """Write JSON-LD for a data block of a page, in which nothing can end the block."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _moments(recording: Recording) -> list[Annotation]:
    """Give the annotations whose passages can be told to the second, a moment each once."""
    return [
        each for each in recording.timed if each.span and each.span.end > each.span.start and not each.is_approximate
    ]


def _clip(annotation: Annotation, page: str) -> dict[str, Any]:
    span = annotation.span
    assert span is not None  # noqa: S101  # of those that have one
    start, end = fragment(span.start), fragment(span.end)
    return {
        "@type": "Clip",
        "name": annotation.title,
        "startOffset": _number(span.start),
        "endOffset": _number(span.end),
        "url": f"{page}?t={start},{end}",
    }


def _number(moment: int) -> int | float:
    """Give seconds: whole ones without a fraction."""
    whole, rest = divmod(moment, SECOND)
    return moment / SECOND if rest else whole


def _duration(length: int) -> str:
    """Write a length as ISO 8601 has it: ``PT5M24.936S``."""
    minutes, seconds = divmod(length, _MINUTE * SECOND)
    return f"PT{f'{minutes}M' if minutes else ''}{fragment(seconds)}S"


def _contributors(recording: Record) -> list[dict[str, str]]:
    """Name who speaks, where it is known who that is, and visitors are told the name."""
    known = (each for each in recording.speaker if each.kind == "person" and each.person)
    return [{"@type": "Person", "name": each.name} for each in known]


def _one_or_all(values: Iterable[str]) -> str | list[str] | None:
    found = list(values)
    return found[0] if len(found) == 1 else found or None
