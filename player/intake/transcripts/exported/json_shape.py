"""Holds JSON to the schema that this program publishes, and names what in it is not so by its place in the file.

Of JSON Schema (2020-12), what that schema has is known here, and no more: a test holds the two to each other.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

#: Where something stands: the names and the numbers that lead to it.
Place = tuple[str | int, ...]

_KINDS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "object": ("an object", lambda value: isinstance(value, dict)),
    "array": ("a list", lambda value: isinstance(value, list)),
    "string": ("a text", lambda value: isinstance(value, str)),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "null": ("null", lambda value: value is None),
    "integer": (
        "a whole number",
        lambda value: (
            not isinstance(value, bool)
            and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
        ),
    ),
}
_SIGN: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


class Misfit(NamedTuple):
    """What is not as the schema says: where, and what it has to be."""

    place: Place
    what: str


def misfits(value: object, schema: Mapping[str, Any]) -> Iterator[Misfit]:
    """Give what of a document is not as a schema says, in the order of the document."""
    return _misfits(value, schema, schema["$defs"], ())


def lines_of(text: str, places: Iterable[Place]) -> dict[Place, int]:
    """Give the lines, from 1, on which these places are in a text that is JSON; the last of names given twice."""
    found: dict[Place, int] = {}
    wanted = set(places)
    lengths = {len(place) for place in wanted}
    # Of each object and list that is open, the name or the number of what is read in it; None before a name.
    path: list[str | int | None] = []
    for match in _SIGN.finditer(text):
        sign = match[0]
        if sign in "}]":
            path.pop()
        elif sign == ",":
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else None
        elif sign != ":":
            if path and path[-1] is None and sign[0] == '"':
                path[-1] = json.loads(sign)
            if len(path) in lengths and (place := tuple(path)) in wanted:
                found[place] = match.start()  # type: ignore[index]  # what is wanted has no None in it
            if sign in "{[":
                path.append(0 if sign == "[" else None)
    return {place: text.count("\n", 0, at) + 1 for place, at in found.items()}


def called(place: Place) -> str:
    """Write a place as programs do: ``lines[3].start``."""
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in place).removeprefix(".")


def _misfits(value: Any, schema: Mapping[str, Any], named: Mapping[str, Any], place: Place) -> Iterator[Misfit]:
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    if "oneOf" in schema:
        schema = next((each for each in schema["oneOf"] if _is_of(value, each)), schema["oneOf"][-1])
    kinds = _kinds(schema)
    if kinds and not any(_KINDS[kind][1](value) for kind in kinds):
        yield Misfit(place, f"it has to be {' or '.join(_KINDS[kind][0] for kind in kinds)}")
        return
    allowed = schema.get("enum") or ([schema["const"]] if "const" in schema else ())
    if allowed and not any(each == value and isinstance(each, bool) == isinstance(value, bool) for each in allowed):
        yield Misfit(place, f"it has to be {' or '.join(json.dumps(each) for each in allowed)}")
    elif isinstance(value, dict):
        yield from _of_object(value, schema, named, place)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _misfits(each, schema.get("items", {}), named, (*place, number))
    elif isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield Misfit(place, "it is too short")
    elif "minimum" in schema and value is not None and value < schema["minimum"]:
        yield Misfit(place, f"it has to be {schema['minimum']} or more")


def _of_object(
    value: dict[str, Any], schema: Mapping[str, Any], named: Mapping[str, Any], place: Place
) -> Iterator[Misfit]:
    known = schema["properties"]
    for name in schema["required"]:
        if name not in value:
            yield Misfit(place, f'it has no "{name}"')
    for name, each in value.items():
        if name in known:
            yield from _misfits(each, known[name], named, (*place, name))
        else:
            yield Misfit((*place, name), "nothing is called so there")


def _is_of(value: Any, schema: Mapping[str, Any]) -> bool:
    return any(_KINDS[kind][1](value) for kind in _kinds(schema))


def _kinds(schema: Mapping[str, Any]) -> Sequence[str]:
    kinds = schema.get("type", ())
    return (kinds,) if isinstance(kinds, str) else kinds
