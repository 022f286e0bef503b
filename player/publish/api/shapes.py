"""Declares what answers of the API look like, as JSON Schema (2020-12), which OpenAPI 3.1 has.

What is one of a transcript as JSON (``transcript.schema.json``) is what it is there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from player.publish.transcripts.json_lines import schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Shape = dict[str, Any]

#: Where a document of OpenAPI has what others in it refer to.
PLACE: Final = "#/components/schemas/"
_DEFS: Final = "#/$defs/"


def record(said: str = "", /, **fields: Shape) -> Shape:
    """Declare an object: all of its fields are there, and no others."""
    found: Shape = {"type": "object", "additionalProperties": False, "required": list(fields), "properties": fields}
    return {"description": said, **found} if said else found


def more(of: Shape, **fields: Shape) -> Shape:
    """Declare an object that has all fields of another one, and more."""
    return record(of.get("description", ""), **of["properties"], **fields)


def text(said: str = "") -> Shape:
    """Declare a text."""
    return _described({"type": "string"}, said)


def known(said: str = "") -> Shape:
    """Declare a text that is null where it is not known, or there is none."""
    return _described({"type": ["string", "null"]}, said)


def address(said: str, *, may_lack: bool = False) -> Shape:
    """Declare an address with its host; it ``may_lack``, and is null then."""
    return {"description": said, "type": ["string", "null"] if may_lack else "string", "format": "uri"}


def flag(said: str) -> Shape:
    """Declare what is so, or not."""
    return _described({"type": "boolean"}, said)


def count(said: str) -> Shape:
    """Declare a whole number."""
    return _described({"type": "integer", "minimum": 0}, said)


def moment(said: str) -> Shape:
    """Declare milliseconds from the beginning of a recording; null where nobody knows."""
    return _described({"type": ["integer", "null"], "minimum": 0}, said)


def one_of(values: Sequence[str | None], said: str = "") -> Shape:
    """Declare one of a few words."""
    return _described({"enum": list(values)}, said)


def listed(of: Shape, said: str = "") -> Shape:
    """Declare a list."""
    return _described({"type": "array", "items": of}, said)


def maybe(of: Shape, said: str = "") -> Shape:
    """Declare what is null where there is none."""
    return _described({"oneOf": [{"type": "null"}, of]}, said)


def named(name: str) -> Shape:
    """Refer to a shape by its name in the document."""
    return {"$ref": f"{PLACE}{name}"}


def _described(shape: Shape, said: str) -> Shape:
    return {"description": said, **shape} if said else shape


def _led(value: Any) -> Any:
    """Let what refers to a part of one schema refer to the same in the document."""
    if isinstance(value, dict):
        return {name: _led(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_led(each) for each in value]
    return f"{PLACE}{value.removeprefix(_DEFS)}" if isinstance(value, str) and value.startswith(_DEFS) else value


def _of_transcripts() -> tuple[Mapping[str, Shape], Mapping[str, Shape]]:
    said = _led(json.loads(schema()))
    return said["$defs"], said["properties"]


_PARTS, _FIELDS = _of_transcripts()
LINE: Final[Shape] = _PARTS["line"]
LANGUAGE: Final[Shape] = _PARTS["language"]
#: What others in a transcript refer to.
SMALL: Final[Mapping[str, Shape]] = {name: each for name, each in _PARTS.items() if name != "line"}
NOTICES: Final[Shape] = _FIELDS["notices"]
MACHINE: Final[Shape] = _FIELDS["machine"]
TRANSLATION: Final[Shape] = _FIELDS["translation"]
CITATION: Final[Shape] = _FIELDS["citation"]
SOURCE: Final[Shape] = _FIELDS["sources"]["items"]
