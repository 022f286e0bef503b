"""Cleans the texts and the names that readers take from files."""

from __future__ import annotations

import re
from typing import Final

#: The most signs of a name.
_NAME: Final = 120
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Make white space one space each, and take away control characters and halves of surrogate pairs."""
    return " ".join(without_controls(text).split())


def without_controls(text: str) -> str:
    """Take away control characters and halves of surrogate pairs, and leave white space as it is."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", text)


def name_of(text: str) -> str | None:
    """Clean the name of a voice; None where nothing is left of it."""
    return clean(text)[:_NAME].strip() or None
