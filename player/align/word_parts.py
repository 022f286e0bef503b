"""Pronounces an English word that a dictionary lacks from words that it has: endings, and two words in one."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from player.align.letter_rules import Phones


_VOICELESS: Final = frozenset({"P", "T", "K", "F", "TH", "S", "SH", "CH", "HH"})
_HISSING: Final = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})

# What follows an apostrophe, when it is not a plural's or an owner's s.
_SHORTENED: Final[Mapping[str, Phones]] = MappingProxyType(
    {"ll": ("AH", "L"), "ve": ("AH", "V"), "re": ("ER",), "d": ("D",), "m": ("M",), "em": ("AH", "M")}
)
# Endings that sound the same after every word, the longer first.
_SUFFIXES: Final[Mapping[str, Phones]] = MappingProxyType(
    {
        "ings": ("IH", "NG", "Z"),
        "ing": ("IH", "NG"),
        "ers": ("ER", "Z"),
        "er": ("ER",),
        "ness": ("N", "AH", "S"),
        "less": ("L", "AH", "S"),
        "ship": ("SH", "IH", "P"),
        "ish": ("IH", "SH"),
        "ly": ("L", "IY"),
    }
)
_PREFIXES: Final[Mapping[str, Phones]] = MappingProxyType(
    {"un": ("AH", "N"), "re": ("R", "IY"), "non": ("N", "AA", "N"), "mis": ("M", "IH", "S"), "mc": ("M", "AH", "K")}
)
# Of two words in one each has so many letters at least: of those with four half are other words by chance.
_PART: Final = 5
_STEM: Final = 3


def with_s(phones: Phones) -> Phones:
    """Add a plural's or an owner's s."""
    if phones[-1] in _HISSING:
        return (*phones, "IH", "Z")
    return (*phones, "S" if phones[-1] in _VOICELESS else "Z")


def with_d(phones: Phones) -> Phones:
    """Add the ending of a past tense."""
    if phones[-1] in {"T", "D"}:
        return (*phones, "IH", "D")
    return (*phones, "T" if phones[-1] in _VOICELESS else "D")


def owned(word: str) -> tuple[str, Callable[[Phones], Phones]] | None:
    """Part a word from what follows its apostrophe: the word before, and how that changes its sounds."""
    before, apostrophe, after = word.rpartition("'")
    if not (apostrophe and before):
        return None
    if after == "s":
        return before, with_s
    if not after and before.endswith("in"):
        return f"{before}g", lambda phones: (*phones[:-1], "N") if phones[-1] == "NG" else phones
    if not after:
        return before, lambda phones: phones
    if after in _SHORTENED:
        return before, lambda phones: (*phones, *_SHORTENED[after])
    return None


def by_parts(word: str, known: Mapping[str, tuple[str, ...]]) -> Iterator[Phones]:
    """Give the pronunciations that follow from words of a dictionary, the likeliest first."""

    def sounds(part: str) -> Phones:
        return tuple(known[part][0].split())

    for ending, change in (("s", with_s), ("es", with_s), ("d", with_d), ("ed", with_d)):
        yield from (change(sounds(stem)) for stem in _stems(word, ending) if stem in known)
    for suffix, added in _SUFFIXES.items():
        yield from ((*sounds(stem), *added) for stem in _stems(word, suffix) if stem in known)
    for prefix, begun in _PREFIXES.items():
        if word.startswith(prefix) and len(word) > len(prefix) + _STEM and word[len(prefix) :] in known:
            yield (*begun, *sounds(word[len(prefix) :]))
    middle = len(word) // 2
    for cut in sorted(range(_PART, len(word) - _PART + 1), key=lambda place: abs(place - middle)):
        if word[:cut] in known and word[cut:] in known:
            yield (*sounds(word[:cut]), *sounds(word[cut:]))


def _stems(word: str, ending: str) -> Iterator[str]:
    """Take an ending off: what is left, without a doubled letter, and with a silent e."""
    stem = word.removesuffix(ending)
    if stem == word or len(stem) < _STEM:
        return
    yield stem
    if ending in {"ed", "ing", "ings", "er", "ers"}:
        if stem[-1] == stem[-2]:
            yield stem[:-1]
        yield f"{stem}e"
    if ending == "es" and stem.endswith("i"):
        yield f"{stem[:-1]}y"
