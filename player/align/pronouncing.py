"""Pronounces words in the sounds of an acoustic model: by the model's dictionary, and by rule where it lacks a word."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from player.align.letter_rules import Phones, by_letters
from player.align.word_parts import by_parts, owned
from player.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: The languages of which soundswallower 0.6.7 carries a model, and what that is called.
MODELS: Final[Mapping[str, str]] = MappingProxyType({"en": "en-us", "fr": "fr-fr"})

#: The longest word that is pronounced: none that is said is as long.
LONGEST: Final = 60
#: In so many ways, at most, a word is pronounced that the dictionary lacks.
WAYS: Final = 3

# An ending on a known word is right nine times in ten, measured on held-out words: it needs fewer ways beside it.
_SURE: Final = 2

# Sounds that people make while they think, and some of the words of numbers, that a dictionary lacks.
_LACKING: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "en-us": {
            "erm": ("ER M", "AH M"),
            "hmmm": ("HH M", "M"),
            "mmhm": ("AH M HH AH M", "M HH M"),
            "mm-hm": ("AH M HH AH M", "M HH M"),
            "mmm": ("M",),
            "nuh-uh": ("N AH AH",),
            "uhh": ("AH",),
            "umm": ("AH M",),
            "uh-uh": ("AH AH",),
            "uh-oh": ("AH OW",),
            "kilohertz": ("K IH L AH HH ER T S",),
            "zeroth": ("Z IH R OW TH",),
        },
        "fr-fr": {
            "euh": ("eu", "oe"),
            "hum": ("oe mm",),
            "cetera": ("ss ei tt ei rr aa",),
            "septante": ("ss ai pp tt an tt",),
        },
    }
)
# Letters that Unicode does not take apart, and those that sound unlike the letter without its mark.
_FOREIGN: Final = str.maketrans(
    {
        "ß": "ss", "ø": "o", "œ": "oe", "æ": "ae", "ł": "l", "đ": "d", "ð": "th", "þ": "th", "ñ": "ny", "ğ": "",
        "š": "sh", "č": "ch", "ž": "zh", "ć": "ch", "ś": "sh", "ń": "ny", "ş": "sh", "ș": "sh", "ț": "ts",
    }
)  # fmt: skip


@lru_cache(maxsize=10_000)
def pronunciations(word: str, model: str) -> tuple[Phones, ...]:
    """Give how a word in small letters may be pronounced, the likeliest first; none where it has no sounds there."""
    known = dictionary(model)
    if listed := known.get(word) or _LACKING[model].get(word):
        return tuple(tuple(phones.split()) for phones in listed)
    if not 0 < len(word) <= LONGEST:
        return ()
    if word.endswith("-"):  # a word that was cut off: "th-" is not said as its letters are called
        return tuple(dict.fromkeys((*by_letters(_plain(word, model), model, 1), *pronunciations(word[:-1], model)[:1])))
    if model == MODELS["en"] and (parted := owned(word)):
        stem, changed = parted
        return tuple(dict.fromkeys(changed(phones) for phones in pronunciations(stem, model)[:WAYS]))
    plain = _plain(word, model)
    if plain != word and plain in known:
        return pronunciations(plain, model)
    return by_rule(plain, model, known)


def by_rule(word: str, model: str, known: Mapping[str, tuple[str, ...]]) -> tuple[Phones, ...]:
    """Pronounce a word that is not among those ``known``: from its parts, where they are, and by its letters."""
    ways: dict[Phones, None] = {}
    most = WAYS
    if model == MODELS["en"]:
        for phones in islice(by_parts(word, known), _SURE):
            ways[phones] = None
            most = _SURE
    if not set(word) & set("aeiouyàâäéèêëîïôöùûüÿ") and (named := _letter_names(word, model)):
        ways[named] = None
    ways.update(dict.fromkeys(by_letters(word, model, WAYS)))
    return tuple(islice(ways, most))


def _letter_names(word: str, model: str) -> Phones:
    known = dictionary(model)
    if not all(letter in known for letter in word):
        return ()
    return tuple(phone for letter in word for phone in known.get(f"{letter}.", known[letter])[0].split())


def _plain(word: str, model: str) -> str:
    """Write a word in the letters that the model's dictionary is written in, as far as they are Latin."""
    signs = unicodedata.normalize("NFC", word).replace("'", "").replace("-", "").replace(".", "")
    spelled = alphabet(model)
    plain = ""
    for sign in signs:
        if sign in spelled:
            plain += sign
        else:
            folded = unicodedata.normalize("NFKD", sign.translate(_FOREIGN))
            plain += "".join(part for part in folded if not unicodedata.combining(part))
    return plain


def unsayable(ways: Iterable[Sequence[str]], model: str) -> str | None:
    """Say why a token cannot be pronounced in any of its ways, as part of a sentence; None where it can in one."""
    why: str | None = None
    for way in ways:
        strange = [word for word in way if not pronunciations(word, model)]
        if not strange:
            return None
        why = why or f"{quoted(strange[0])} cannot be pronounced, for {_why(strange[0], model)}"
    return why


def _why(word: str, model: str) -> str:
    if len(word) > LONGEST:
        return f"it has more than {LONGEST} letters in a row"
    strange = dict.fromkeys(letter for letter in _plain(word, model) if letter not in alphabet(model))
    if not strange:
        return "it has no letters"
    return f"the model has no sounds for {', '.join(map(quoted, islice(strange, 3)))}"


@cache
def alphabet(model: str) -> frozenset[str]:
    """Give the letters that are pronounced by rule."""
    return frozenset({"en-us": "abcdefghijklmnopqrstuvwxyz", "fr-fr": "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûü"}[model])


@cache
def dictionary(model: str) -> Mapping[str, tuple[str, ...]]:
    """Read a model's own dictionary: for each word the phones of each of its pronunciations, as one string."""
    from soundswallower import get_model_path  # noqa: PLC0415  # of the extra "align"

    words: dict[str, tuple[str, ...]] = {}
    for line in Path(get_model_path(model), "dict.txt").read_text(encoding="utf-8").splitlines():
        word, _, phones = line.partition(" ")
        if word != ";;":
            word = word.partition("(")[0]
            words[word] = (*words.get(word, ()), phones)
    return MappingProxyType(words)
