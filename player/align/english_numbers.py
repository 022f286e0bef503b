"""Says English numbers: each function gives the ways of saying one, the likeliest first, as words in small letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.align.ways import Spoken

# fmt: off
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
_SCALES: Final = ("", "thousand", "million", "billion", "trillion")
_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip

#: Numbers of more digits are said digit by digit.
MOST_DIGITS: Final = 15
#: So many digits, at most, are said one by one.
MOST_SPELLED: Final = 24
_TWENTY, _HUNDRED, _THOUSAND = 20, 100, 1000
#: Numbers that are also said as years are: nineteen hundred and five, twenty ten.
_YEARS: Final = range(1100, 2100)


def cardinal(number: int, *, joined: bool = False) -> Spoken:
    """Say a number, ``joined`` by "and" as the British do: "one hundred (and) five"."""
    if number < _HUNDRED:
        return _below_hundred(number)
    words: list[str] = []
    groups = []
    while number:
        number, group = divmod(number, _THOUSAND)
        groups.append(group)
    for scale in range(len(groups) - 1, -1, -1):
        hundreds, rest = divmod(groups[scale], _HUNDRED)
        words += (_ONES[hundreds], "hundred") if hundreds else ()
        if rest:
            words += ("and",) if joined and (hundreds or (scale == 0 and words)) else ()
            words += _below_hundred(rest)
        words += (_SCALES[scale],) if groups[scale] and scale else ()
    return tuple(words)


def _below_hundred(number: int) -> Spoken:
    if number < _TWENTY:
        return (_ONES[number],)
    tens, ones = divmod(number, 10)
    return (_TENS[tens], _ONES[ones]) if ones else (_TENS[tens],)


def cardinals(number: int) -> list[Spoken]:
    """Say a number with and without "and"."""
    return [cardinal(number), cardinal(number, joined=True)]


def ordinal(words: Spoken) -> Spoken:
    """Make of a number's words those of its ordinal: "twenty one" becomes "twenty first"."""
    last = words[-1]
    if last in _ORDINALS:
        return (*words[:-1], _ORDINALS[last])
    return (*words[:-1], f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def plural(words: Spoken) -> Spoken:
    """Make of a number's words those of its plural: "nineteen sixties"."""
    last = words[-1]
    if last.endswith("y"):
        return (*words[:-1], f"{last[:-1]}ies")
    return (*words[:-1], f"{last}es" if last.endswith("x") else f"{last}s")


def year(number: int) -> list[Spoken]:
    """Say a year of four digits in pairs where that is usual, else as a number."""
    century, rest = divmod(number, _HUNDRED)
    if century % 10 == 0 and rest < 10:  # noqa: PLR2004  # two thousand (and) five
        pairs = [(*_below_hundred(century), "oh", _ONES[rest])] if rest else []
        return [*cardinals(number), *pairs]
    hundreds = (*_below_hundred(century), "hundred")
    if not rest:
        return [hundreds, *cardinals(number)]
    if rest < 10:  # noqa: PLR2004  # nineteen oh five, nineteen hundred (and) five
        return [
            (*_below_hundred(century), "oh", _ONES[rest]),
            (*hundreds, "and", _ONES[rest]),
            (*hundreds, _ONES[rest]),
            cardinal(number),
        ]
    return [
        (*_below_hundred(century), *_below_hundred(rest)),
        *cardinals(number),
        (*hundreds, "and", *_below_hundred(rest)),
    ]


def digit_by_digit(digits: str) -> list[Spoken]:
    """Say digits one by one, nought as "oh" and as "zero"; in no way where there are too many."""
    if len(digits) > MOST_SPELLED:
        return []
    zero = tuple(_ONES[int(digit)] for digit in digits)
    return list(dict.fromkeys([tuple("oh" if word == "zero" else word for word in zero), zero]))


def number(digits: str) -> list[Spoken]:
    """Say what is written in digits alone: a number, a year, or digits one by one."""
    if len(digits) > MOST_DIGITS or (digits.startswith("0") and len(digits) > 1):
        return digit_by_digit(digits)
    value = int(digits)
    if value in _YEARS:
        return year(value)
    if _HUNDRED < value < _THOUSAND:  # three ten, three oh five
        hundreds, rest = divmod(value, _HUNDRED)
        short = (_ONES[hundreds], *(("oh",) if rest < 10 else ()), *_below_hundred(rest))  # noqa: PLR2004  # "oh five"
        return unique([*cardinals(value), short if rest else (), *digit_by_digit(digits)[:1]])
    ways = [*cardinals(value)]
    if len(digits) == len("1945") and value % _HUNDRED:  # room and telephone numbers: forty two seventeen
        ways.append((*_below_hundred(value // _HUNDRED), *_below_hundred(value % _HUNDRED)))
    if len(digits) > len("12"):
        ways += digit_by_digit(digits)[:1]
    return unique(ways)


def decimal(whole: str, part: str) -> list[Spoken]:
    """Say a decimal number: "three point one four"."""
    behind = digit_by_digit(part)
    if not behind or len(whole) > MOST_DIGITS:
        return []
    before = [cardinal(int(whole))] if whole else [()]
    if whole == "0":
        before = [("zero",), (), ("oh",)]
    return unique((*front, "point", *back) for front in before for back in behind)


def fraction(above: int, below: int) -> list[Spoken]:
    """Say a fraction: "two thirds", "three quarters", "two over three"."""
    names = {2: ["half"], 4: ["quarter", "fourth"]}.get(below) or [" ".join(ordinal(cardinal(below)))]
    ways: list[Spoken] = []
    for name in names:
        words = tuple(name.split())
        if above == 1:
            ways += [("one", *words), ("a", *words)]
        else:
            ways.append((*cardinal(above), *(("halves",) if name == "half" else plural(words))))
    return [*ways, (*cardinal(above), "over", *cardinal(below)), (*cardinal(above), *cardinal(below))]


def unique(ways: Iterable[Spoken]) -> list[Spoken]:
    """Give each way once, in order, and none without words."""
    return [way for way in dict.fromkeys(ways) if way]
