"""Says how what is printed may be spoken: "Dr." is doctor or drive, "1963" nineteen sixty-three, "[laughs]" nothing.

Without it none of that could be placed: acoustic models have a dictionary of words, in small letters. A token has few
ways, and the likeliest first; what cannot be said at all, such as a word of a megabyte, is one word that no dictionary
has.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from player.align import spoken_english, spoken_french
from player.align.pronouncing import LONGEST
from player.align.ways import MOST_WAYS, Beside, Spoken, few

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["MOST_WAYS", "Spoken", "spoken", "spoken_line"]

_LANGUAGES: Final[Mapping[str, Callable[[str, Beside], list[Spoken]]]] = {
    "en": spoken_english.ways,
    "fr": spoken_french.ways,
}
#: A longer token is not told apart: no word that is said is as long.
_LONGEST_TOKEN: Final = 200

_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("‘’`\N{ACUTE ACCENT}\N{PRIME}\N{MODIFIER LETTER APOSTROPHE}\N{FULLWIDTH APOSTROPHE}", "'"),
        **dict.fromkeys("\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{MINUS SIGN}", "-"),
        **dict.fromkeys("\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{WORD JOINER}", None),
    }
)
# Square and curly brackets hold what an editor says; round ones what nobody says, or what somebody says aside.
_EDITORS: Final = re.compile(r"\[[^][]*\]|\{[^{}]*\}")
_ASIDES: Final = re.compile(r"(?<!\S)\(([^()]*)\)|(?<!\S)\*([^*]{1,80})\*")
_NOT_SAID: Final = "\0"
_SAID_OR_NOT: Final = "\1"


def spoken_line(text: str, language: str) -> tuple[tuple[Spoken, ...], ...]:
    """Say for each token of ``text.split()`` how it may be spoken: a few ways, the likeliest first.

    A token of which nothing is said, such as a dash or a stage direction in brackets, has one way, without words. What
    stands in round brackets may also not be said.
    """
    tokens = _without_directions(text).split(" ")
    letters = [sign for sign in text if sign.isalpha()]
    is_shouted = len(letters) > len("NATO") and not any(sign.islower() for sign in letters)
    plain = [token.replace(_NOT_SAID, "").replace(_SAID_OR_NOT, "") for token in tokens]
    said: list[tuple[Spoken, ...]] = []
    for place, token in enumerate(tokens):
        before = plain[place - 1] if place else ""
        after = plain[place + 1] if place + 1 < len(plain) else ""
        ways = _ways(plain[place], language, Beside(before, after, is_shouted))
        if _SAID_OR_NOT in token and () not in ways:
            ways = (*ways[: MOST_WAYS - 1], ())
        said.append(ways)
    return tuple(said) if text.split() else ()


def spoken(token: str, language: str) -> tuple[Spoken, ...]:
    """Say how one token may be spoken, without what stands beside it."""
    return _ways(token, language, Beside())


def _ways(token: str, language: str, beside: Beside) -> tuple[Spoken, ...]:
    if not any(map(str.isalnum, token)) and len(token) > 1:
        return ((),)
    if len(token) > _LONGEST_TOKEN:
        return ((token[: LONGEST + 1].lower(),),)
    plain = unicodedata.normalize("NFC", token.translate(_SIGNS))
    tell = _LANGUAGES.get(language.replace("_", "-").partition("-")[0].lower(), _as_written)
    return tuple(tell(plain, beside))


def _as_written(token: str, _beside: Beside) -> list[Spoken]:
    """Say a token of a language of which nothing is known here: its words as they stand."""
    return few([tuple(re.findall(r"[^\W_]+(?:'[^\W_]+)*", token.lower()))])


def _without_directions(text: str) -> str:
    """Write a text's tokens, a space between each: what is not said as NULs, what may not be said with a mark."""
    tidy = " ".join(text.replace(_NOT_SAID, "\N{REPLACEMENT CHARACTER}").replace(_SAID_OR_NOT, "_").split())
    tidy = _EDITORS.sub(lambda match: _masked(match[0]), tidy)
    return _ASIDES.sub(_aside, tidy)


def _masked(text: str) -> str:
    return "".join(sign if sign == " " else _NOT_SAID for sign in text)


def _aside(match: re.Match[str]) -> str:
    words = (match[1] or match[2] or "").split()
    if spoken_english.unsaid(words):
        return _masked(match[0])
    if all(map(str.isdecimal, words)):  # an area code
        return match[0]
    return " ".join(f"{word}{_SAID_OR_NOT}" for word in match[0].split())
