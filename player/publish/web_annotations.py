"""Writes the annotations of a recording as W3C Web Annotations: https://www.w3.org/TR/annotation-model/.

Each is about a passage of the sound, by a media fragment, and about the words in it, by a quotation of these, so that
it finds its place again when either is changed. What the model has no word for, such as what a note rests on, is said
in Dublin Core's, which its context knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import player
from player.archive.machine import LABEL
from player.archive.whole_text import Words
from player.publish.citation import NOTICE
from player.publish.transcripts.named_sources import described
from player.publish.transcripts.notices import of_record
from player.timecode import fragment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from player.archive.annotations import Annotation, Claim
    from player.archive.recording import Recording
    from player.archive.references import Citation
    from player.archive.sources import Source

#: The context of the model, and the media type of what is written in its words.
CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
KIND: Final = f'application/ld+json; profile="{CONTEXT}"'
#: What a selector of a part of a sound or a film conforms to.
MEDIA_FRAGMENTS: Final = "http://www.w3.org/TR/media-frags/"
#: What titles and notes are written in, as on pages.
OWN: Final = "en"


@dataclass(frozen=True)
class Places:
    """Where in public the things are that annotations are about; None where there is none.

    ``html`` renders the Markdown of a note, and ``source`` gives the page of a source.
    """

    page: str
    annotations: str
    html: Callable[[str], str]
    source: Callable[[str], str]
    #: Tells whether a Markdown text leads only where whoever reads it may go; one that does not is left out.
    leads_on: Callable[[str], bool] = bool
    #: The text of the recording, its sound, and the media type of that.
    text: str | None = None
    sound: str | None = None
    sound_type: str | None = None
    #: Whether the times of the lines are those of the sound.
    is_in_step: bool = True
    #: What the archive is called, and its first page.
    archive: str | None = None
    home: str | None = None


def page_of(recording: Recording, places: Places, sources: Mapping[str, Source]) -> dict[str, Any]:
    """Give all annotations of a recording, in their order, as one page of its collection."""
    words = Words(recording.transcript.lines if recording.transcript else ())
    items = [_annotation(each, recording, places, words, sources) for each in recording.annotations]
    told = " ".join(map(str, of_record(recording)))
    return {
        "@context": CONTEXT,
        "id": places.annotations,
        "type": "AnnotationPage",
        "partOf": {
            "id": f"{places.annotations}#all",
            "type": "AnnotationCollection",
            "label": f"{NOTICE}: {recording.title}" if recording.is_reading else recording.title,
            **({"dcterms:description": told} if told else {}),
            "total": len(items),
            "generator": {"type": "Software", "name": f"tape-player {player.__version__}"},
        },
        "startIndex": 0,
        "items": items,
    }


def _annotation(
    note: Annotation, recording: Recording, places: Places, words: Words, sources: Mapping[str, Source]
) -> dict[str, Any]:
    own = f"{places.page}#note-{note.id}"
    rights = [each.uri for each in recording.rights if each.object == "annotations"]
    said: dict[str, Any] = {
        "id": own,
        "type": "Annotation",
        "motivation": "describing" if note.kind == "segment" else "commenting",
        "label": note.title,
        "creator": {"type": "Organization", "name": places.archive, "homepage": places.home}
        if places.archive
        else None,
        "rights": rights[0] if len(rights) == 1 else rights or None,
        "body": list(_bodies(note, places, sources)),
        "target": list(_targets(note, recording, places, words)) or places.page,
        "dcterms:description": note.body.strip() if note.body and places.leads_on(note.body) else None,
        "dcterms:source": [_source(each, places, sources) for each in note.citations] or None,
        "dcterms:hasPart": [
            {
                "id": f"{places.page}#claim-{note.id}.{claim.id}",
                **({"dcterms:description": claim.says.strip()} if places.leads_on(claim.says) else {}),
                "dcterms:type": claim.certainty,
                "dcterms:source": [_source(each, places, sources) for each in claim.citations],
            }
            for claim in note.claims
        ]
        or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _bodies(note: Annotation, places: Places, sources: Mapping[str, Source]) -> Iterator[dict[str, str]]:
    yield {
        "type": "TextualBody",
        "purpose": "describing" if note.kind == "segment" else "commenting",
        "value": "".join(_html(note, places, sources)),
        "format": "text/html",
        "language": OWN,
    }
    for word in filter(None, (note.kind, note.certainty)):
        yield {"type": "TextualBody", "purpose": "classifying", "value": word, "format": "text/plain", "language": OWN}


def _html(note: Annotation, places: Places, sources: Mapping[str, Source]) -> Iterator[str]:
    """Give the title, what it says, and what it rests on, as a program shows it that knows nothing of the rest."""
    yield f"<p><strong>{_escaped(note.title)}</strong></p>"
    if note.body:
        yield places.html(note.body)
    if note.claims:
        yield f"<ul>{''.join(_claim(each, places, sources) for each in note.claims)}</ul>"
    if note.citations:
        yield f"<p>{_escaped(_rest(note.citations, sources))}</p>"


def _claim(claim: Claim, places: Places, sources: Mapping[str, Source]) -> str:
    rest = _escaped(f"({claim.certainty}) {_rest(claim.citations, sources)}")
    return f"<li>{places.html(claim.says)}<p>{rest}</p></li>"


def _rest(citations: Sequence[Citation], sources: Mapping[str, Source]) -> str:
    return f"Sources: {'; '.join(described(each, sources).rstrip('.') for each in citations)}."


def _source(citation: Citation, places: Places, sources: Mapping[str, Source]) -> dict[str, str]:
    return {
        "id": places.source(citation.source),
        "label": described(citation, sources),
        "dcterms:bibliographicCitation": str(citation),
    }


def _targets(note: Annotation, recording: Recording, places: Places, words: Words) -> Iterator[dict[str, Any]]:
    span = note.span
    has_times = span is not None and not note.is_approximate and (places.is_in_step or note.cue is None)
    if places.sound and span is not None and has_times:
        yield {
            "type": "SpecificResource",
            "source": {"id": places.sound, "type": "Audio", "format": places.sound_type},
            "selector": {
                "type": "FragmentSelector",
                "conformsTo": MEDIA_FRAGMENTS,
                "value": f"t={fragment(span.start)},{fragment(span.end)}",
            },
        }
    lines = words.of(note) if places.text and (places.is_in_step or note.cue is not None) else None
    if lines is not None:
        first, last = lines
        text: dict[str, Any] = {"id": places.text, "type": "Text", "format": "text/html"}
        text["language"] = recording.language
        if any(line.is_unchecked for line in words.lines[first : last + 1]):
            text["label"] = LABEL
        yield {
            "type": "SpecificResource",
            "source": text,
            "selector": {"type": "TextQuoteSelector", **words.quoted(first, last)},
        }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
