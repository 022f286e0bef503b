"""Writes the OpenAPI document of the API (https://spec.openapis.org/oas/v3.1.1), from what its addresses declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.publish.api import cues, found, recordings
from player.publish.api.asked import ADDRESSES
from player.publish.api.shapes import (
    CITATION,
    MACHINE,
    NOTICES,
    SMALL,
    SOURCE,
    Shape,
    named,
    record,
    text,
)

if TYPE_CHECKING:
    from player.publish.api.asked import Address
    from player.publish.api.parameters import Parameter

#: The version of the API: the second number grows where something is added, the first where something goes.
VERSION: Final = "1.0.0"
OPENAPI: Final = "3.1.1"
_PROBLEM: Final = "application/problem+json"
_SAID: Final = (
    "What the archive shows to everybody, as JSON. Nothing in it is closed; a reading says that it is one, and a "
    "machine's words that nobody has checked say so: whoever shows any of it shows the notices with it. Times are "
    "whole milliseconds from the beginning of a recording; in addresses, seconds or a clock. Each answer has an "
    "entity tag."
)
_ANNOTATIONS: Final[Shape] = {
    "description": "A page of annotations, as https://www.w3.org/TR/annotation-model/ has it.",
    "type": "object",
    "required": ["@context", "id", "type", "items"],
    "properties": {
        "@context": {},
        "id": {"type": "string"},
        "type": {"const": "AnnotationPage"},
        "items": {"type": "array", "items": {"type": "object", "required": ["id", "type", "target"]}},
    },
}
PROBLEM: Final[Shape] = record(
    "Why there is no answer, or that it is elsewhere, as RFC 9457 has it.",
    type={"const": "about:blank"},
    title=text("What the status means."),
    status={"type": "integer", "minimum": 300, "maximum": 599},
    detail=text("Why, in words."),
)
SHAPES: Final[dict[str, Shape]] = {
    **SMALL,
    "Annotations": _ANNOTATIONS,
    "Archive": recordings.ARCHIVE,
    "Brief": recordings.BRIEF,
    "Citation": CITATION,
    "Closure": recordings.CLOSURE,
    "Cue": cues.CUE,
    "Cues": cues.CUES,
    "Description": record(
        "An OpenAPI document.",
        openapi={"const": OPENAPI},
        info={"type": "object"},
        servers={"type": "array"},
        paths={"type": "object"},
        components={"type": "object"},
    ),
    "Form": recordings.FORM,
    "Found": found.FOUND,
    "FoundLine": found.FOUND_LINE,
    "FoundNote": found.FOUND_NOTE,
    "Item": found.ITEM,
    "Line": cues.ONE,
    "Machine": MACHINE,
    "Notice": NOTICES["items"],
    "Pages": recordings.PAGES,
    "Problem": PROBLEM,
    "Recording": recordings.RECORDING,
    "Recordings": recordings.RECORDINGS,
    "Rights": recordings.RIGHTS,
    "Source": SOURCE,
    "Speaker": recordings.SPEAKER,
    "Summary": recordings.SUMMARY,
    "Version": cues.VERSION,
}
#: What may be refused at each address, and how.
_REFUSES: Final = {
    400: "What is asked is nothing that this address has.",
    404: "There is no such thing.",
    412: "It is not, or not any more, what If-Match asks for.",
}
_IN_PATHS: Final = {
    "slug": ("What the recording is called.", "^[A-Za-z0-9][A-Za-z0-9_-]*$"),
    "cue": ("The id of the line.", "^[A-Za-z][A-Za-z0-9_-]*$"),
}


def document(server: str, archive: str) -> dict[str, Any]:
    """Describe the API of an archive by its name, which is at the address ``server``."""
    return {
        "openapi": OPENAPI,
        "info": {"title": f"The API of {archive}", "version": VERSION, "description": _SAID},
        "servers": [{"url": server}],
        "paths": {each.path: {"get": _operation(each)} for each in ADDRESSES},
        "components": {"schemas": SHAPES},
    }


def _operation(each: Address) -> dict[str, Any]:
    answers: dict[str, Any] = {
        "200": {
            "description": each.said,
            "headers": {"ETag": {"description": "Its entity tag.", "schema": {"type": "string"}}},
            "content": {each.media_type: {"schema": named(each.answers)}},
        },
        "304": {"description": "It is as whoever asks has it, by If-None-Match."},
    }
    for status, why in sorted({**_REFUSES, **each.refuses}.items()):
        answers[str(status)] = {"description": why, "content": {_PROBLEM: {"schema": named("Problem")}}}
    if each.parameters:
        answers["431"] = {"description": "The address is too long.", "content": {"text/plain": {}}}
    return {
        "operationId": each.endpoint.partition(".")[2],
        "summary": each.said,
        "parameters": [*map(_in_path, each.names), *map(_in_query, each.parameters)],
        "responses": answers,
    }


def _in_path(name: str) -> dict[str, Any]:
    said, pattern = _IN_PATHS[name]
    shape = {"type": "string", "pattern": pattern, "maxLength": 200}
    return {"name": name, "in": "path", "required": True, "description": said, "schema": shape}


def _in_query(each: Parameter) -> dict[str, Any]:
    found = {
        "name": each.name,
        "in": "query",
        "required": each.is_needed,
        "description": each.said,
        "schema": each.shape,
    }
    return {**found, "style": "form", "explode": True} if each.most else found
