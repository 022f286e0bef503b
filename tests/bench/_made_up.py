"""Words, names and places that are nobody's: syllables put together, after the words that English has most of."""

from __future__ import annotations

import random
from typing import Final

_HEARD: Final = (
    "the of and to a in that it was is for you on as with they be at this have from or by one had not but what all we"
    " when your can said an each which she do how if will up about out many then them so some her would make like him"
    " into time has look two more write go see number no way could people my than first water been call who now find"
    " long down day did get come made may part over new sound take only little work know place year live me back give"
    " most very after thing our just name good sentence man think say great where help through much before line right"
    " too mean old any same tell boy follow came want show also around form three small set put end does another well"
    " large must big even such because turn here why ask went men read need land different home us move try kind hand"
    " picture again change off play spell air away animal house point page letter mother answer found study still learn"
    " should world high every near add food between own below country plant last school father keep tree never start"
    " city earth eye light thought head under story saw left don't few while along might close something seem next hard"
    " open example begin life always those both paper together got group often run important until children side feet"
    " mile night walk white sea began grow took river four carry once book hear stop without second late miss idea"
    " enough eat face watch far really almost let above girl sometimes mountain cut young talk soon list song being"
    " leave family it's"
)
_HEADS: Final = (
    *("ba", "ca", "de", "fo", "gri", "ha", "lo", "ma", "nu"),
    *("pe", "ro", "sa", "tri", "vo", "wi", "que", "jé"),
)
_MIDDLES: Final = ("", "ra", "len", "mi", "sto", "va", "ñe", "dor", "cu", "bel")
_TAILS: Final = ("n", "r", "st", "ly", "ment", "ción", "ng", "s", "ted", "low", "ridge", "wick", "mere", "tch")
_GIVEN: Final = (
    "Ava",
    "Bel",
    "Cor",
    "Dun",
    "Eri",
    "Fen",
    "Gal",
    "Hes",
    "Ivo",
    "Jor",
    "Kel",
    "Lun",
    "Mir",
    "Nes",
    "Oda",
)
_GIVEN_TAILS: Final = ("len", "ric", "wyn", "mar", "dis", "tha")
_FAMILY: Final = ("Ask", "Brack", "Cald", "Dren", "Elm", "Fal", "Gorst", "Holt", "Ing", "Kest", "Lark", "Mull", "Norr")
_FAMILY_TAILS: Final = ("well", "erby", "holm", "ander", "ingham", "ock", "stead", "ovic", "aña", "ura")
#: Shares no factor with the number of pairs of names, so that counting by it meets each pair once.
_STEP: Final = 7_919

PLACES: Final = ("Ostmere", "Calder Bay", "Port Vell", "Lower Grindle", "Saltney Cross", "Hexley", "Marrow Point")
SERIES: Final = ("Boats and Quays", "Mill Hands", "Schoolrooms", "The Long Winter", "Market Days")
TAGS: Final = ("boats", "mills", "schools", "winters", "markets", "songs", "floods", "railways", "bakers", "letters")
ROLES: Final = ("ferry hand", "mill worker", "teacher", "baker", "signalman", "net maker", "postmistress")


def vocabulary() -> list[str]:
    """Give some seven thousand words, those that are to be heard most first."""
    made = [
        head + middle + other + tail
        for other in ("", "lu", "ni")
        for middle in _MIDDLES
        for head in _HEADS
        for tail in _TAILS
    ]
    random.Random(0).shuffle(made)  # noqa: S311  # the same each time, not a secret
    return list(dict.fromkeys([*_HEARD.split(), *made]))


def names(count: int) -> list[str]:
    """Give so many names, no two of them the same."""
    given = [head + tail for head in _GIVEN for tail in _GIVEN_TAILS]
    family = [head + tail for head in _FAMILY for tail in _FAMILY_TAILS]
    pairs = len(given) * len(family)
    found = []
    for number in range(count):
        first, last = divmod(number * _STEP % pairs, len(family))
        initial = f"{chr(ord('A') + number // pairs - 1)}. " if number >= pairs else ""
        found.append(f"{given[first]} {initial}{family[last]}")
    return found
