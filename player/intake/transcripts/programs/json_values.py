"""Reads JSON as programs write it, in bounds, and takes from it what has the type that it should have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from player.errors import ArchiveError, Fault
from player.intake.transcripts.programs.seconds import milliseconds, number

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.told import Told

#: The most objects, lists and values: of the fullest format, whisper.cpp's, thirty hours have half as many.
_CONTAINERS: Final = 2_000_000
_VALUES: Final = 12_000_000
_REMEDY: Final = "export it again from the program that made it"


def looks_like(content: bytes, *marks: bytes) -> bool:
    """Tell whether a file seems to be JSON that has all of ``marks`` in it; in UTF-16 too, as PowerShell writes it."""
    beginning = content[:4_096].replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf")
    if beginning[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        content, beginning = content.replace(b"\0", b""), beginning[2:]
    return beginning.lstrip()[:1] in {b"{", b"["} and all(mark in content for mark in marks)


def parsed(path: Path, content: bytes, told: Told) -> object:
    """Read JSON.

    :raise ArchiveError: where it is none, or holds more than can be.
    """
    text = decoded(content, told)
    if text.count("{") + text.count("[") > _CONTAINERS or text.count(",") > _VALUES:
        raise ArchiveError([Fault(path, None, "the file has more in it than a transcript can have", _REMEDY)])
    try:
        found: object = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"this is not JSON ({error.msg.lower()})"
        raise ArchiveError([Fault(path, error.lineno, what, _REMEDY)]) from None
    except RecursionError:
        raise ArchiveError([Fault(path, None, "it is nested more deeply than a transcript can be", _REMEDY)]) from None
    except ValueError:
        raise ArchiveError([Fault(path, None, "a number in it has thousands of digits", _REMEDY)]) from None
    return found


def decoded(content: bytes, told: Told) -> str:
    """Read the bytes of JSON as text, and tell what of it is not UTF-8."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        text = content.decode("utf-16", "replace")
    else:
        # whisper.cpp cuts words into tokens of which some are half a character.
        text = content.decode("utf-8-sig", "replace")
    told.mended(
        "place that is not UTF-8, now \N{REPLACEMENT CHARACTER}",
        "places that are not UTF-8, now \N{REPLACEMENT CHARACTER}",
        count=text.count("\N{REPLACEMENT CHARACTER}"),
    )
    return text


def table(value: object) -> dict[str, object]:
    """Give an object of JSON; an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """Give a list; an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def tables(value: object) -> list[dict[str, object]]:
    """Give the objects of a list."""
    return [each for each in items(value) if isinstance(each, dict)]


def string(value: object) -> str:
    """Give a text; an empty one in place of anything else."""
    return value if isinstance(value, str) else ""


def moment(value: object, told: Told) -> int | None:
    """Give a number of seconds in milliseconds; tell where something else stands in its place."""
    found = milliseconds(value)
    if found is None and value is not None:
        told.mended("time that is none, left away", "times that are none, left away")
    return found


def confidence(value: object) -> float | None:
    """Give how sure a producer is, from 0 to 1; None where it does not say."""
    found = number(value)
    return round(found, 4) if found is not None and 0 <= found <= 1 else None


def nothing(path: Path, what: str) -> ArchiveError:
    """Refuse a file in which no words were found."""
    return ArchiveError([Fault(path, None, f"no words were found in it; {what}", _REMEDY)])
