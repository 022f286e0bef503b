"""Writes the manifest of a recording: one canvas that lasts as long as the sound, with its words and its notes.

The parts that a recording was joined from are ranges of that canvas, for it has one clock. Where nobody may hear the
sound, or the archive does not hold it, the canvas is empty, and says so where viewers look for what to show instead.
Presentation 3 asks that a canvas has a length above 0, or both a height and a width, or all of them (section 5.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from player.archive import dates
from player.publish import card
from player.publish.chapters import chapters_of
from player.publish.citation import is_plain
from player.publish.iiif import notes
from player.publish.iiif.terms import CONTEXT, OWN, entry, link, picture, seconds, text, texts
from player.publish.rights import in_a_line, known, terms
from player.publish.titles import title_of
from player.timecode import fragment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from player.archive.recording import Recording
    from player.archive.sources import Source

_SIZE: Final = (card.WIDTH, card.HEIGHT)


@dataclass(frozen=True)
class Sound:
    """What is heard: its address, its media type, and its length in milliseconds."""

    address: str
    kind: str
    length: int


@dataclass(frozen=True)
class Words:
    """A transcript as WebVTT, or a translation of it: its address, its language, and what it is called."""

    address: str
    language: str
    called: str


@dataclass(frozen=True)
class Agent:
    """Who gives it: what the archive is called, its addresses here and of those who keep it, and its logo."""

    name: str
    home: str
    keepers: str | None = None
    #: Its address and its media type.
    logo: tuple[str, str] | None = None


@dataclass(frozen=True)
class Around:
    """What a manifest has beside what the recording says; None, or none, where there is no such thing."""

    address: str
    page: str
    collection: str
    agent: Agent
    #: The language in which titles and descriptions are written.
    language: str
    sources: Mapping[str, Source]
    #: What has to be known before all else, each in one line.
    notices: Sequence[str]
    sound: Sound | None
    #: Why nothing is heard, where that is so.
    why_silent: str | None
    #: How long the words last that nobody hears.
    said_until: int | None
    words: Sequence[Words]
    is_in_step: bool
    text: str | None = None
    #: The transcript as the archive keeps it, and as JSON with its schema.
    as_kept: str | None = None
    as_json: str | None = None
    schema: str | None = None
    picture: str | None = None


def manifest(recording: Recording, around: Around) -> dict[str, Any]:
    """Write the manifest of a recording."""
    rights = known(recording)
    drawn = picture(around.picture, _SIZE, card.KIND) if around.picture else None
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "id": around.address,
        "type": "Manifest",
        "label": text(title_of(recording), around.language),
        "summary": texts([recording.summary], around.language) if recording.summary else None,
        "metadata": list(_metadata(recording, around)),
        "requiredStatement": entry("Notice and terms", [*around.notices, f"Rights: {in_a_line(recording)}."]),
        "rights": rights,
        "navDate": f"{recording.date}T00:00:00Z" if is_day(recording.date) else None,
        "thumbnail": [drawn] if drawn else None,
        "provider": [provider(around.agent, around.language)],
        "homepage": [link(around.page, "Text", text(recording.title, around.language), "text/html")],
        "seeAlso": _see_also(around),
        "rendering": [link(around.text, "Text", text("The words as a page to read"), "text/html")]
        if around.text
        else None,
        "partOf": [{"id": around.collection, "type": "Collection", "label": text(around.agent.name, around.language)}],
        "items": [_canvas(recording, around, drawn)],
        "structures": _structures(recording, around),
    }
    return {name: value for name, value in said.items() if value}


def is_day(date: str) -> bool:
    """Tell whether a date is one day, with no doubt."""
    return is_plain(date) and date.count("-") == 2  # noqa: PLR2004  # year, month and day


def provider(agent: Agent, language: str) -> dict[str, Any]:
    """Say who gives it."""
    logo = [{"id": agent.logo[0], "type": "Image", "format": agent.logo[1]}] if agent.logo else None
    said = {
        "id": agent.keepers or agent.home,
        "type": "Agent",
        "label": text(agent.name, language),
        "homepage": [link(agent.home, "Text", text(agent.name, language), "text/html")],
        "logo": logo,
    }
    return {name: value for name, value in said.items() if value}


def _metadata(recording: Recording, around: Around) -> Iterator[dict[str, Any]]:
    made = dates.made(recording.date)
    yield entry("Date", [f"A reading, made {made}" if recording.is_reading else made], OWN)
    original = recording.original
    for name, values in (
        ("Place", [recording.place]),
        ("Speakers", [each.name for each in recording.speaker]),
        ("Series", [recording.series]),
        ("Identifier", [recording.identifier]),
        ("Subjects", [each.label for each in recording.subject]),
        ("Tags", recording.tags),
        ("Original", [original.description, original.recorded_by, original.extent] if original else []),
        ("Kept by", [original.repository, original.collection, original.identifier] if original else []),
        ("How the record came to be", [recording.provenance]),
    ):
        if there := list(filter(None, values)):
            yield entry(name, there, around.language)
    yield entry("Language", [recording.language])
    if found := terms(recording):
        yield entry("Rights", [f"{each}, {each.uri}" for each in found])


def _see_also(around: Around) -> list[dict[str, Any]]:
    """Link to what programs read: the transcript with its header, sources and times of words, and all as JSON."""
    found = []
    if around.as_kept:
        found.append(link(around.as_kept, "Text", text("The transcript as the archive keeps it"), "text/vtt"))
    if around.as_json:
        profile = {"profile": around.schema} if around.schema else {}
        label = text("All that is known of each line")
        found.append(link(around.as_json, "Dataset", label, "application/json", **profile))
    return found


def _canvas(recording: Recording, around: Around, drawn: dict[str, Any] | None) -> dict[str, Any]:
    address = _canvas_address(around)
    sound = around.sound
    length = sound.length if sound else around.said_until
    size = {} if length else {"width": _SIZE[0], "height": _SIZE[1]}
    where = notes.Where(address, length, around.is_in_step)
    pages = [_supplement(around, address)] if around.words and length else []
    if recording.annotations:
        name = f"{around.address}/notes"
        pages.append(notes.page_of(recording.annotations, where, name, around.language, around.sources))
    said: dict[str, Any] = {
        "id": address,
        "type": "Canvas",
        "label": text(title_of(recording), around.language),
        "duration": seconds(length) if length else None,
        **size,
        "thumbnail": [drawn] if drawn else None,
        "placeholderCanvas": None if sound else _stand_in(around, drawn),
        "accompanyingCanvas": _image(f"{address}/picture", drawn) if sound and drawn else None,
        # Of an empty canvas, too, Ramp 3.3.0 wants a page, with nothing on it.
        "items": [_page(f"{address}/sound", "painting", [_body(sound)] if sound else [], address)],
        "annotations": pages,
    }
    return {name: value for name, value in said.items() if value}


def _body(sound: Sound) -> dict[str, Any]:
    return {"id": sound.address, "type": "Sound", "format": sound.kind, "duration": seconds(sound.length)}


def _supplement(around: Around, canvas: str) -> dict[str, Any]:
    """Give the words, which a viewer shows in step with the sound."""
    bodies = [
        link(each.address, "Text", text(each.called), "text/vtt", language=[each.language]) for each in around.words
    ]
    return _page(f"{canvas}/words", "supplementing", bodies, canvas)


def _page(address: str, motivation: str, bodies: Sequence[dict[str, Any]], target: str) -> dict[str, Any]:
    return {
        "id": address,
        "type": "AnnotationPage",
        "items": [
            {
                "id": f"{address}/{number}",
                "type": "Annotation",
                "motivation": motivation,
                "body": body,
                "target": target,
            }
            for number, body in enumerate(bodies, 1)
        ],
    }


def _image(address: str, body: dict[str, Any], label: dict[str, list[str]] | None = None) -> dict[str, Any]:
    body = {**body, "label": label} if label else body
    return {
        "id": address,
        "type": "Canvas",
        "width": _SIZE[0],
        "height": _SIZE[1],
        "items": [_page(f"{address}/page", "painting", [body], address)],
    }


def _stand_in(around: Around, drawn: dict[str, Any] | None) -> dict[str, Any]:
    """Give what viewers show in place of a sound that is not there: the picture, or words alone, that say why."""
    why = text(around.why_silent or "Nothing can be heard here.")
    body = drawn or {"id": around.page, "type": "Text", "format": "text/html"}
    return _image(f"{_canvas_address(around)}/instead", body, why)


def _canvas_address(around: Around) -> str:
    return f"{around.address}/canvas"


def _structures(recording: Recording, around: Around) -> list[dict[str, Any]]:
    """Give the parts and segments of a recording as ranges of its canvas, or else its annotated moments."""
    length = around.sound.length if around.sound else around.said_until
    if not length:
        return []
    there = [each for each in chapters_of(recording, is_in_step=around.is_in_step) if each[0] < length]
    if not there:
        return []
    canvas, address = _canvas_address(around), f"{around.address}/contents"
    ends = [*(after[0] for _, after in pairwise(there)), length]
    items = [
        {
            "id": f"{address}/{number}",
            "type": "Range",
            "label": text(title, around.language),
            "items": [{"id": f"{canvas}#t={fragment(start)},{fragment(end)}", "type": "Canvas"}],
        }
        for number, ((start, title, _), end) in enumerate(zip(there, ends, strict=True), 1)
    ]
    return [{"id": address, "type": "Range", "label": text(recording.title, around.language), "items": items}]
