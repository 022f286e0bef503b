"""Says French numbers: each function gives the ways of saying one, the likeliest first, as words in small letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from player.align.ways import Spoken

# fmt: off
_ONES: Final = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
)
_TENS: Final = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante")
# fmt: on
_BELGIAN: Final = {7: "septante", 8: "huitante", 9: "nonante"}
_SEVENTY, _EIGHTY, _HUNDRED, _THOUSAND = 70, 80, 100, 1000
_SCALES: Final = ((10**12, "billion"), (10**9, "milliard"), (10**6, "million"))

#: Numbers of more digits are said digit by digit.
MOST_DIGITS: Final = 14
_MOST_SPELLED: Final = 24
_YEARS: Final = range(1100, 2000)


def cardinal(number: int, *, belgian: bool = False) -> Spoken:
    """Say a number, with "septante" and "nonante" as in Belgium and Switzerland where ``belgian``."""
    if number < _HUNDRED:
        return _below_hundred(number, belgian)
    words: list[str] = []
    for scale, name in _SCALES:
        count, number = divmod(number, scale)
        if count:
            words += (*cardinal(count, belgian=belgian), f"{name}s" if count > 1 else name)
    thousands, number = divmod(number, _THOUSAND)
    if thousands:
        words += (*(cardinal(thousands, belgian=belgian) if thousands > 1 else ()), "mille")
    hundreds, number = divmod(number, _HUNDRED)
    if hundreds:
        words += (*((_ONES[hundreds],) if hundreds > 1 else ()), "cent")
    return (*words, *(_below_hundred(number, belgian) if number else ()))


def _below_hundred(number: int, belgian: bool) -> Spoken:
    if number < len(_ONES):
        return (_ONES[number],)
    tens, ones = divmod(number, 10)
    if tens == 1:
        return ("dix", _ONES[ones])
    if belgian and tens in {7, 9}:
        return (_BELGIAN[tens], *_ones(ones, joined=True))
    if number < _SEVENTY:
        return (_TENS[tens], *_ones(ones, joined=True))
    if number < _EIGHTY:
        return ("soixante", *(("et", "onze") if ones == 1 else _below_hundred(number - 60, belgian)))
    return ("quatre", "vingt", *(_below_hundred(number - _EIGHTY, belgian) if number > _EIGHTY else ()))


def _ones(ones: int, *, joined: bool) -> Spoken:
    if not ones:
        return ()
    return ("et", "un") if ones == 1 and joined else (_ONES[ones],)


def cardinals(number: int) -> list[Spoken]:
    """Say a number as in France, then as in Belgium."""
    return list(dict.fromkeys([cardinal(number), cardinal(number, belgian=True)]))


def ordinal(words: Spoken) -> Spoken:
    """Make of a number's words those of its ordinal: "vingt et unième"."""
    if words == ("un",):
        return ("premier",)
    last = words[-1]
    stem = {"cinq": "cinqu", "neuf": "neuv"}.get(last, last.removesuffix("e"))
    return (*words[:-1], f"{stem}ième")


def number(digits: str) -> list[Spoken]:
    """Say what is written in digits alone: a number, a year ("mille neuf cent", "dix-neuf cent"), or single digits."""
    if len(digits) > MOST_DIGITS or (digits.startswith("0") and len(digits) > 1):
        return digit_by_digit(digits)
    value = int(digits)
    said = cardinals(value)
    if value in _YEARS:
        century, rest = divmod(value, _HUNDRED)
        said.insert(1, (*cardinal(century), "cent", *(cardinal(rest) if rest else ())))
    return said


def digit_by_digit(digits: str) -> list[Spoken]:
    """Say digits one by one, or two by two as telephone numbers are; in no way where there are too many."""
    if len(digits) > _MOST_SPELLED:
        return []
    single = tuple(_ONES[int(digit)] for digit in digits)
    if len(digits) % 2:
        return [single]
    pairs = [digits[place : place + 2] for place in range(0, len(digits), 2)]
    return [
        tuple(w for two in pairs for w in (("zéro",) if two[0] == "0" and two != "00" else ()) + cardinal(int(two))),
        single,
    ]
