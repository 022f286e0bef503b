"""Declares what may be asked at an address of the API, and reads it: what it says to programs is what it takes.

Whatever else is asked is refused in words: a name that there is not, a value that it cannot have, one given twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player import timecode
from player.errors import PlayerError, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from player.publish.api.shapes import Shape

# Seconds, or a clock: 25, 62.5, 1:02.5, 1:02:03.
_MOMENT: Final = r"^(?:[0-9]{1,6}|(?:[0-9]{1,3}:)?[0-5]?[0-9]:[0-5][0-9])(?:\.[0-9]{1,3})?$"
_IDENTIFIER: Final = r"^[A-Za-z][A-Za-z0-9_-]{0,199}$"
_LANGUAGE: Final = r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}$"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
#: More digits are no page of anything.
LAST: Final = 999_999_999


class AskedError(PlayerError):
    """What is asked is nothing that the address has."""

    status = 400


@dataclass(frozen=True)
class Parameter:
    """What may be asked by a name; ``read`` makes it of what stands in the address, and refuses what it cannot be.

    As many as ``most`` may be given, and what is read is all of them; where that is None, one may.
    """

    name: str
    said: str
    shape: Shape
    read: Callable[[str], Any]
    most: int | None = None
    default: Any = None
    is_needed: bool = False


def moment(name: str, said: str) -> Parameter:
    """Take a moment of a recording; it is read into milliseconds."""
    shape = {"type": "string", "pattern": _MOMENT}
    return Parameter(name, said, shape, _of_pattern(_MOMENT, "a time such as 25, 62.5 or 1:02.5", timecode.parse))


def identifier(name: str, said: str) -> Parameter:
    """Take the identifier of a line."""
    what = "an identifier: a letter, and letters, digits, _ and - after it"
    return Parameter(name, said, {"type": "string", "pattern": _IDENTIFIER}, _of_pattern(_IDENTIFIER, what, str))


def language(name: str, said: str) -> Parameter:
    """Take a language, which may be none that anything is in."""
    what = "a language as a BCP 47 tag, such as es"
    return Parameter(name, said, {"type": "string", "pattern": _LANGUAGE}, _of_pattern(_LANGUAGE, what, str))


def number(name: str, said: str, least: int, most: int, default: int) -> Parameter:
    """Take a whole number."""

    def read(asked: str) -> int:
        if not _NUMBER.fullmatch(asked) or not least <= int(asked) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(asked)

    shape = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return Parameter(name, said, shape, read, default=default)


def choice(name: str, said: str, among: Sequence[str], default: str | None = None) -> Parameter:
    """Take one of a few words."""

    def read(asked: str) -> str:
        if asked not in among:
            raise ValueError(f"one of {', '.join(among)}")
        return asked

    shape: Shape = {"type": "string", "enum": list(among), **({"default": default} if default else {})}
    return Parameter(name, said, shape, read, default=default)


def words(name: str, said: str, longest: int, *, is_needed: bool = False) -> Parameter:
    """Take any text of so many letters at most."""
    shape = {"type": "string", "minLength": 1, "maxLength": longest}
    return Parameter(name, said, shape, _text(longest), is_needed=is_needed)


def values(name: str, said: str, longest: int, most: int) -> Parameter:
    """Take any texts, each of so many letters at most."""
    one: Shape = {"type": "string", "minLength": 1, "maxLength": longest}
    shape = {"type": "array", "items": one, "maxItems": most}
    return Parameter(name, said, shape, _text(longest), most, default=())


def read(parameters: Sequence[Parameter], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read what is ``given``, by names, into values; of what is not given, what is usual.

    :raise AskedError: where anything of it cannot be.
    """
    found, count = {}, 0
    for each in parameters:
        values = given.get(each.name)
        if values is None:
            found[each.name] = each.default
        else:
            found[each.name] = _read(each, values)
            count += 1
    if count < len(given):
        unknown = next(name for name in given if name not in found)
        there = f"there are: {', '.join(found)}" if found else "nothing can be asked of it"
        raise AskedError(f"this address has no {quoted(unknown)}; {there}")
    if missing := next((each.name for each in parameters if each.is_needed and each.name not in given), None):
        raise AskedError(f"say what {missing} is to be")
    return found


def _read(parameter: Parameter, given: Sequence[str]) -> Any:
    name = parameter.name
    if len(given) > (parameter.most or 1):
        at_most = f"{parameter.most} times at most" if parameter.most else "once"
        raise AskedError(f"{name} is given {len(given)} times; give it {at_most}")
    try:
        found = tuple(map(parameter.read, given))
    except ValueError as error:
        wrong = next(each for each in given if not _is_read(parameter, each))
        raise AskedError(f"{name} is {quoted(wrong)}; it has to be {error}") from None
    return found if parameter.most else found[0]


def _is_read(parameter: Parameter, each: str) -> bool:
    try:
        parameter.read(each)
    except ValueError:
        return False
    return True


def _of_pattern(pattern: str, what: str, made: Callable[[str], Any]) -> Callable[[str], Any]:
    compiled = re.compile(pattern.removeprefix("^").removesuffix("$"), re.ASCII)

    def read(asked: str) -> Any:
        if not compiled.fullmatch(asked):
            raise ValueError(what)
        return made(asked)

    return read


def _text(longest: int) -> Callable[[str], str]:
    def read(asked: str) -> str:
        if not 1 <= len(asked) <= longest:
            raise ValueError(f"a text of 1 to {longest} letters")
        return asked

    return read
