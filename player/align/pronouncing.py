"""Pronounces words in the sounds of an acoustic model: by the model's dictionary, and by rule where it lacks a word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The sounds of a word, as the model names them.
Phones: TypeAlias = tuple[str, ...]

#: The languages of which soundswallower 0.6.7 carries a model.
MODELS: Final[Mapping[str, str]] = MappingProxyType({"en": "en-us", "fr": "fr-fr"})

# No word of a model's dictionary begins so: an added word takes no name that the model has.
_ADDED: Final = "="


@dataclass(frozen=True)
class Lexicon:
    """What a decoder has to know to follow some words.

    ``names`` has the name of each word in the decoder's dictionary; ``added`` what it must be told first, as name and
    phones (one string, for ``Decoder.add_word``); ``unsayable`` the words without a pronunciation, and why.
    """

    model: str
    names: Mapping[str, str]
    added: tuple[tuple[str, str], ...]
    unsayable: Mapping[str, str]

    @classmethod
    def of(cls, language: str, words: Iterable[str]) -> Lexicon:
        """Look ``words`` up in the model of a language, which is a tag such as "en" or "en-GB".

        :raise KeyError: where there is no model of that language.
        """
        model = MODELS[language.partition("-")[0].lower()]
        known = dictionary(model)
        names: dict[str, str] = {}
        added: list[tuple[str, str]] = []
        unsayable: dict[str, str] = {}
        for word in dict.fromkeys(words):
            if word in known:
                names[word] = word
                continue
            ways = pronunciations(word, model)
            if not ways:
                unsayable[word] = "it has letters for which the model has no sounds"
                continue
            names[word] = _ADDED + word
            added += [(_ADDED + word + (f"({n})" if n > 1 else ""), " ".join(way)) for n, way in enumerate(ways, 1)]
        return cls(model, names, tuple(added), unsayable)


def pronunciations(word: str, model: str) -> tuple[Phones, ...]:
    """Give how a word in small letters may be pronounced, the likeliest first; none where it has no sounds there."""
    known = dictionary(model)
    if word in known:
        return tuple(tuple(phones.split()) for phones in known[word])
    letters = [known.get(f"{letter}.", known.get(letter)) for letter in word if letter != "'"]
    if not letters or None in letters:
        return ()
    return (tuple(phone for ways in letters if ways for phone in ways[0].split()),)


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
