"""Language tags: which are well formed, and what the languages are called, in English and by those who speak them.

Tags are BCP 47's (RFC 5646), in the case that its section 2.1.1 recommends: ``es``, ``pt-BR``, ``zh-Hant``. WebVTT
headers name languages by ISO 639-3, as FADGI's guidelines for them ask.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

TAG: Final = re.compile(
    r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})){0,2}"
)


class Language(NamedTuple):
    """A language: its ISO 639-3 code, its name in English, and its own name for itself."""

    code: str
    name: str
    own_name: str


_KNOWN: Final = {
    "ar": Language("ara", "Arabic", "العربية"),
    "ca": Language("cat", "Catalan", "Català"),
    "cs": Language("ces", "Czech", "Čeština"),
    "da": Language("dan", "Danish", "Dansk"),
    "de": Language("deu", "German", "Deutsch"),
    "el": Language("ell", "Greek", "Ελληνικά"),
    "en": Language("eng", "English", "English"),
    "es": Language("spa", "Spanish", "Español"),
    "fi": Language("fin", "Finnish", "Suomi"),
    "fr": Language("fra", "French", "Français"),
    "he": Language("heb", "Hebrew", "עברית"),
    "hi": Language("hin", "Hindi", "हिन्दी"),
    "hu": Language("hun", "Hungarian", "Magyar"),
    "it": Language("ita", "Italian", "Italiano"),
    "ja": Language("jpn", "Japanese", "日本語"),
    "ko": Language("kor", "Korean", "한국어"),
    "nl": Language("nld", "Dutch", "Nederlands"),
    "pl": Language("pol", "Polish", "Polski"),
    "pt": Language("por", "Portuguese", "Português"),
    "ro": Language("ron", "Romanian", "Română"),
    "ru": Language("rus", "Russian", "Русский"),
    "sv": Language("swe", "Swedish", "Svenska"),
    "tr": Language("tur", "Turkish", "Türkçe"),
    "uk": Language("ukr", "Ukrainian", "Українська"),
    "vi": Language("vie", "Vietnamese", "Tiếng Việt"),
    "zh": Language("zho", "Chinese", "中文"),
}


def language(tag: str) -> Language | None:
    """Find the language that a tag is of; None where this table has it not.

    What follows the language in the tag, a script or a region, is put after its names.
    """
    primary, _, rest = tag.partition("-")
    found = _KNOWN.get(primary)
    if found is None or not rest:
        return found
    return Language(found.code, f"{found.name} ({rest})", f"{found.own_name} ({rest})")


def name(tag: str) -> str:
    """Give the language's name in English, or the tag itself."""
    found = language(tag)
    return found.name if found else tag


def own_name(tag: str) -> str:
    """Give the language's name for itself, or the tag."""
    found = language(tag)
    return found.own_name if found else tag
