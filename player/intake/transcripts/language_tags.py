"""Finds the tag of a language that a file names: by a tag, by a code of three letters, or in English."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from babel.core import get_global

from player.archive.languages import TAG

_PARTS = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def tag_of(text: object) -> str | None:
    """Give the BCP 47 tag of ``en``, ``en_GB``, ``eng`` or ``English``; None where a text names no language."""
    if not isinstance(text, str):
        return None
    name = text.strip()
    found = _names().get(name.casefold())
    if found is not None:
        return found
    if _PARTS.fullmatch(name) is None:
        return None
    primary, *rest = re.split("[-_]", name)
    primary = get_global("language_aliases").get(primary.lower(), primary.lower()).partition("_")[0]
    if primary in {"und", "mul", "zxx", "mis"} or primary not in Locale("en").languages:
        return None
    tag = "-".join([primary, *map(_cased, rest)])
    return tag if TAG.fullmatch(tag) else primary


@cache
def _names() -> dict[str, str]:
    """Give the tag of each language by its name in English, in small letters."""
    names = {name.casefold(): code.replace("_", "-") for code, name in Locale("en").languages.items()}
    return {name: code for name, code in names.items() if TAG.fullmatch(code) and code != "und"}


def _cased(subtag: str) -> str:
    """Write a subtag in the case of RFC 5646, section 2.1.1."""
    if len(subtag) == 2 and subtag.isalpha():  # noqa: PLR2004  # letters of a region's code
        return subtag.upper()
    return subtag.title() if len(subtag) == 4 and subtag.isalpha() else subtag.lower()  # noqa: PLR2004  # of a script's
