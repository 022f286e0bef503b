"""Reads what an operation of the desk asks for: a mapping that came from a page, and may hold anything."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from player.archive.toml.values import control_in
from player.errors import OperationError, quoted
from player.timecode import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The most letters of what is written into a line at once, and of a name.
LONGEST_TEXT: Final = 20_000
LONGEST_NAME: Final = 200

_RELOAD: Final = "reload the page"
_BREAKS: Final = re.compile(r"[ \t]*\n\s*")
# Characters that no text has: control characters but tab and line feed, and halves of characters.
_NO_TEXT: Final = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Asked:
    """What one operation asks for, each part of it by its name.

    All that is not as it should be is told as :class:`OperationError`.
    """

    def __init__(self, operation: Mapping[str, Any]) -> None:
        self._told = operation

    def name(self, key: str = "id") -> str:
        """Give an identifier."""
        value = self._told.get(key)
        if not isinstance(value, str):
            raise OperationError(f"the operation names no {key}", _RELOAD)
        return value

    def name_or_none(self, key: str) -> str | None:
        """Give an identifier; None where there is none."""
        return None if self._told.get(key) is None else self.name(key)

    def number(self, key: str) -> int:
        """Give a whole number from 0 on."""
        value = self._told.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise OperationError(f"{quoted(str(value))} is not a number for {key}", _RELOAD)
        return value

    def truth(self, key: str, *, default: bool | None = None) -> bool:
        """Give true or false."""
        value = self._told.get(key, default)
        if not isinstance(value, bool):
            raise OperationError(f"{quoted(str(value))} is neither true nor false for {key}", _RELOAD)
        return value

    def moment(self, key: str) -> int:
        """Give a time in milliseconds."""
        value = self.number(key)
        if value > LONGEST:
            raise OperationError("the time is longer than any recording", "give a time below 1000 hours")
        return value

    def moment_or_none(self, key: str) -> int | None:
        """Give a time in milliseconds; None where there is none."""
        return None if self._told.get(key) is None else self.moment(key)

    def words(self, key: str = "text") -> str:
        """Give what is written into a line, without empty lines and white space around it.

        It is "" where nothing of it can be seen: signs that only say which way to write, or where to break, are no
        word.
        """
        value = self._told.get(key)
        if not isinstance(value, str):
            raise OperationError(f"the operation has no {key}", _RELOAD)
        if len(value) > LONGEST_TEXT:
            raise OperationError(f"the text is longer than {LONGEST_TEXT:,} letters", "divide it into lines")
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if _NO_TEXT.search(text):
            raise OperationError("there is a control character in the text", "type it anew")
        return _BREAKS.sub("\n", text).strip() if any(map(_is_seen, text)) else ""

    def in_one_line(self, key: str) -> str:
        """Give words in one line."""
        return " ".join(self.words(key).split())

    def person(self, key: str) -> str | None:
        """Give the name of a person or a document; None where there is none."""
        if self._told.get(key) is None:
            return None
        name = self.in_one_line(key)
        if len(name) > LONGEST_NAME:
            raise OperationError(f"the name is longer than {LONGEST_NAME} letters", "give a shorter one")
        if (control := control_in(name)) is not None:
            # The record, into which a new voice is written, would not be read any more.
            raise OperationError(f"the name has a control character in it, U+{ord(control):04X}", "type it anew")
        if "-->" in name:
            raise OperationError('there is "-->" in the name, which no transcript can hold', "write it without")
        return name or None


def _is_seen(sign: str) -> bool:
    """Tell whether a character can be seen: it is no white space (Z), no control (Cc) and no format character (Cf)."""
    category = unicodedata.category(sign)
    return category[0] != "Z" and category not in {"Cc", "Cf"}
