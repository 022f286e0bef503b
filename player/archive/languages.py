"""Tells, by a language's tag, what the language is called and which way its writing runs; and which way a text runs.

Tags are BCP 47's (RFC 5646), in the case that its section 2.1.1 recommends: ``es``, ``pt-BR``, ``zh-Hant``. Names and
usual scripts are those of the Unicode CLDR, as Babel has them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from unicodedata import bidirectional

if TYPE_CHECKING:
    from babel import Locale

TAG: Final = re.compile(
    r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3})){0,2}"
)
Direction = Literal["ltr", "rtl", "auto"]

# Those of which CLDR's scriptMetadata.txt says that they run from right to left.
_RIGHT_TO_LEFT: Final = frozenset(
    """
    Adlm Arab Aran Armi Avst Chrs Cprt Elym Gara Hatr Hebr Hung Khar Lydi Mand Mani Mend Merc Mero Narb Nbat Nkoo Orkh
    Ougr Palm Phli Phlp Phnx Prti Rohg Samr Sarb Sidt Sogd Sogo Syrc Syre Syrj Syrn Thaa Todr Yezi
    """.split()  # noqa: SIM905  # a list would be a column
)
# Codes that CLDR shortens to the same two letters, of languages that are part of another, or of ISO 639-2 (B).
_NOT_ITS_OWN: Final = frozenset(
    "alb arm baq bur chi cze dut fre geo ger gre ice mac mao may per prp rum scc slo tib twi wel".split()  # noqa: SIM905  # as above
)
# Of letters, in Unicode Standard Annex 9.
_LEFTWARD: Final = frozenset({"R", "AL"})
_LETTERS: Final = frozenset({"L", *_LEFTWARD})


class Language(NamedTuple):
    """What is known of a language; ``direction`` is "auto" where a reader of the words has to tell.

    ``name`` is its name in English, and its tag where it has none; ``own_name`` its name for itself, if that is known.
    """

    name: str
    own_name: str | None
    direction: Direction
    is_known: bool


@cache
def language(tag: str) -> Language:
    """Find what is known of the language that a tag names."""
    from babel import Locale  # noqa: PLC0415  # 5 ms, where nothing is in a language that is named

    subtags = _subtags(tag)
    name = _name(subtags, Locale("en"))
    return Language(name or tag, _own_name(subtags), _direction(subtags), is_known=name is not None)


def is_same(code: str, tag: str) -> bool:
    """Tell whether a code, as ``spa`` of ISO 639-3 or ``es``, is of the language that a tag names."""
    return code == tag or _subtags(code) == _subtags(tag)[:1]


def shortest(tag: str) -> str:
    """Give a tag with the shortest code of its language, as programs that listen know it: ``en-GB`` for ``eng-GB``."""
    primary, dash, rest = tag.partition("-")
    return f"{_subtags(primary.lower())[0]}{dash}{rest}"


def three_letters(tag: str) -> str:
    """Give the code of ISO 639-3 of the language that a tag names: ``eng`` for ``en-GB``; what has none stays."""
    if tag.partition("-")[0] == "en":
        return "eng"  # most archives; without Babel, which takes a clip 5 ms
    primary = _subtags(tag)[0]
    return primary if len(primary) > 2 else _of_three().get(primary, primary)  # noqa: PLR2004  # letters of a code


@cache
def _of_three() -> dict[str, str]:
    """Give the codes of three letters, by those of two."""
    from babel.core import get_global  # noqa: PLC0415  # see above

    known = get_global("language_aliases").items()
    # Of several that are left, the language itself comes after what is part of it: arb, ara.
    return {two: three for three, two in known if len(three) == 3 and three not in _NOT_ITS_OWN}  # noqa: PLR2004  # as above


def has_leftward(text: str) -> bool:
    """Tell whether a text has letters that are written from right to left."""
    return not text.isascii() and any(bidirectional(letter) in _LEFTWARD for letter in text)


def runs_left(text: str) -> bool:
    """Tell whether a text in a language that is not known runs from right to left: its first letter, and most of them.

    The first alone, by which browsers go, tells little: a note in English may begin with the word that it is about.
    """
    if text.isascii():
        return False
    leftward = [kind in _LEFTWARD for kind in map(bidirectional, text) if kind in _LETTERS]
    return leftward[:1] == [True] and 2 * sum(leftward) > len(leftward)


def _subtags(tag: str) -> list[str]:
    """Take a tag apart; the language of it in the code that CLDR has for it, of two letters where there is one."""
    from babel.core import get_global  # noqa: PLC0415  # see above

    primary, *rest = tag.split("-")
    return [get_global("language_aliases").get(primary, primary).partition("_")[0], *rest]


def _name(subtags: list[str], locale: Locale) -> str | None:
    """Give the name of a language in another: the most specific that there is, and in brackets what it leaves out."""
    for length in range(len(subtags), 0, -1):
        if found := locale.languages.get("_".join(subtags[:length])):
            known = {**locale.scripts, **locale.territories, **locale.variants}
            rest = [known.get(each) or known.get(each.upper()) or each for each in subtags[length:]]
            return f"{found} ({', '.join(rest)})" if rest else found
    return None


def _own_name(subtags: list[str]) -> str | None:
    if subtags[0] == "und":
        return None  # Babel takes it for English
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  # see above

    try:
        found = _name(subtags, Locale.parse("-".join(subtags), sep="-"))
    except (UnknownLocaleError, ValueError):
        return None
    # It stands by itself, not within a sentence; a titlecase Georgian letter is its small one.
    return found and found[0].title() + found[1:]


def _direction(subtags: list[str]) -> Direction:
    primary, *rest = subtags
    script = next((each for each in rest if len(each) == 4 and each.isalpha()), None)  # noqa: PLR2004  # letters of a script's code
    if script is None and primary != "und":
        from babel.core import get_global  # noqa: PLC0415  # see above

        usual = get_global("likely_subtags")
        # A region may have its own: Punjabi has another script in Pakistan than in India.
        found = next((usual[key] for key in (*(f"{primary}_{each}" for each in rest), primary) if key in usual), None)
        script = found.split("_")[1] if found else None
    if script is None:
        return "auto"
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"
