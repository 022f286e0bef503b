"""Says how English tokens in figures may be spoken: numbers, money, dates, times, fractions, telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from player.align.english_abbreviations import MONEY, MONTHS, SIGNS
from player.align.english_numbers import (
    MOST_DIGITS,
    cardinal,
    cardinals,
    decimal,
    digit_by_digit,
    fraction,
    number,
    ordinal,
    plural,
    unique,
    year,
)
from player.align.ways import Beside, Spoken, chained

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cardinal", "ordinal", "ways"]

_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d+)"
_AROUND: Final = '"“”()[],.;:!?'
_MAGNITUDES: Final = frozenset({"hundred", "thousand", "million", "billion", "trillion", "bn", "m"})
_SCALES: Final = {"k": "thousand", "m": "million", "bn": "billion"}
_MONTHS_IN_A_YEAR, _DAYS_IN_A_MONTH = 12, 31
_HALF, _QUARTER = 30, 15
_HOUR: Final = 60
_HOURS_OF_A_CLOCK: Final = 12
_CENTURIES: Final = (19, 20)


def ways(token: str, beside: Beside) -> list[Spoken]:
    """Say a token in figures, the likeliest way first; in no way where it is none, or is too long to be said."""
    if not any(sign.isnumeric() for sign in token):
        return _magnitude(token, beside)
    small = token.lower()
    for form, said in _FORMS:
        if match := form.fullmatch(small):
            return said(match, beside)
    return []


def _plain(text: str) -> list[Spoken]:
    """Say a number with or without commas and a decimal point."""
    whole, point, part = text.partition(".")
    digits = whole.replace(",", "")
    if point:
        return decimal(digits, part)
    if "," in whole:
        return unique([*cardinals(int(digits)), *number(digits)])
    return number(digits)


def _whole_number(match: re.Match[str], beside: Beside) -> list[Spoken]:
    digits = match[0]
    before, after = _neighbours(beside)
    if len(digits) < len("123") and 0 < int(digits) <= _DAYS_IN_A_MONTH and (before in MONTHS or after in MONTHS):
        day = ordinal(cardinal(int(digits)))
        of = [("the", *day, "of")] if after in MONTHS else []
        return [day, ("the", *day), cardinal(int(digits)), *of]
    if len(digits) == len("0800") and digits.startswith("0") and after.startswith("hour"):
        return chained(_clock(int(digits[:2]), padded=True), _minutes(int(digits[2:])) or [("hundred",)])
    if before in {"no", "room", "box", "flight", "unit"} or len(digits) > MOST_DIGITS:
        return unique([*number(digits), *digit_by_digit(digits)])
    return number(digits)


def _clock(hour: int, *, padded: bool) -> list[Spoken]:
    said = cardinal(hour)
    return [("oh", *said), ("zero", *said)] if padded and hour < 10 else [said]  # noqa: PLR2004  # 0800


def _minutes(minutes: int) -> list[Spoken]:
    if not minutes:
        return []
    return [("oh", *cardinal(minutes)) if minutes < 10 else cardinal(minutes)]  # noqa: PLR2004  # 3:05


def _time(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    hour, minutes, half = int(match[1]), int(match[2]), match[4]
    ending: list[Spoken] = [("a." if half[0] == "a" else "p.", "m.")] if half else [()]
    if match[3]:  # hours, minutes, seconds
        return chained(
            [cardinal(hour)], _minutes(minutes) or [("zero",)], _minutes(int(match[3])) or [("zero",)], ending
        )
    if minutes >= _HOUR:  # a score
        return chained([cardinal(hour)], [(), ("to",)], [cardinal(minutes)], ending)
    if not minutes:
        clock: list[Spoken] = [] if half else [(*cardinal(hour), "o'clock"), (*cardinal(hour), "hundred")]
        return chained([cardinal(hour), *clock], ending)
    return [*chained([cardinal(hour)], _minutes(minutes), ending), *_past(hour, minutes)]


def _past(hour: int, minutes: int) -> list[Spoken]:
    """Say a time by the hour that it is past, or before."""
    following = cardinal(hour % _HOURS_OF_A_CLOCK + 1)
    if minutes == _HALF:
        return [("half", "past", *cardinal(hour))]
    if minutes == _QUARTER:
        return [(*a, "quarter", "past", *cardinal(hour)) for a in ((), ("a",))]
    if minutes == _HOUR - _QUARTER:
        return [(*a, "quarter", "to", *following) for a in ((), ("a",))]
    if minutes < _HALF:
        return [(*cardinal(minutes), "past", *cardinal(hour))]
    return [(*cardinal(_HOUR - minutes), "to", *following)]


def _hour(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    return [(*cardinal(int(match[1])), f"{match[2]}.", "m.")]


def _money(match: re.Match[str], beside: Beside) -> list[Spoken]:
    one, several, cent, cents = MONEY[match[1]]
    digits, part, scale = match[2].replace(",", ""), match[3], match[4]
    if len(digits) > MOST_DIGITS:
        return []
    if beside.after.lower().strip(_AROUND) in _MAGNITUDES:
        return decimal(digits, part) if part else number(digits)
    amount = decimal(digits, part) if part else cardinals(int(digits))
    if scale:
        return chained(amount, [(_SCALES[scale],)], [(several,)])
    whole = one if digits == "1" else several
    if part is None or len(part) != len("25"):
        spoken = number(digits) if part is None and "," not in match[2] else amount
        return [
            *chained(spoken, [(several if part else whole,)]),
            *([("a", one)] if digits == "1" and not part else []),
        ]
    pence = cardinal(int(part))
    front = cardinal(int(digits))
    coins = (*pence, cent if part == "01" else cents)
    if not (int(digits) and int(part)):
        return [(*front, whole) if int(digits) else coins]
    return [(*front, *pence), (*front, whole, "and", *coins), (*front, whole, *coins), (*front, whole, *pence)]


def _magnitude(token: str, beside: Beside) -> list[Spoken]:
    """Say "million" after "$5": the dollars come behind it."""
    sign = beside.before.strip(_AROUND)[:1]
    small = token.lower().strip(_AROUND)
    if sign not in MONEY or small not in _MAGNITUDES or not beside.before.strip(_AROUND)[-1:].isdecimal():
        return []
    word = _SCALES.get(small, small)
    return [(word, MONEY[sign][1]), (word, MONEY[sign][0])]


def _percent(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    return chained(_plain(match[1]), [("percent",)])


def _ordinal(match: re.Match[str], beside: Beside) -> list[Spoken]:
    digits = match[1].replace(",", "")
    if len(digits) > MOST_DIGITS:
        return []
    said = [ordinal(way) for way in cardinals(int(digits))]
    before, after = _neighbours(beside)
    if before in MONTHS:
        return [said[0], ("the", *said[0])]
    if after in MONTHS:
        return [said[0], ("the", *said[0]), (*said[0], "of"), ("the", *said[0], "of")]
    return said


def _neighbours(beside: Beside) -> tuple[str, str]:
    return beside.before.lower().strip(_AROUND), beside.after.lower().strip(_AROUND)


def _plural(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    said = number(match[1])
    return unique(plural(way) for way in (said[:1] if len(match[1]) == len("1960") else said))


def _with_sign(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    return chained(_plain(match[1]), list(SIGNS[match[2]]))


def _short_year(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    return _minutes(int(match[1])) or [("hundred",), ("two", "thousand")]


def _fraction(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    above, below = int(match[1]), int(match[2])
    return fraction(above, below) if below > 1 else [(*cardinal(above), *cardinal(below))]


def _mixed(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    above, _, below = unicodedata.normalize("NFKC", match[2]).partition("\N{FRACTION SLASH}")
    if not below.isdecimal():
        return []
    said = fraction(int(above), int(below))[:2]
    return chained(cardinals(int(match[1])), [("and",)], said[::-1]) if match[1] else said


def _date(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    """Say a date in figures: American, British, and figure by figure."""
    first, second, years = int(match[1]), int(match[3]), _year_of_date(match[4])
    names = list(dict.fromkeys(MONTHS.values()))
    said = [chained([cardinal(first)], [cardinal(second)], years[-1:])[0]]
    if 0 < first <= _MONTHS_IN_A_YEAR and 0 < second <= _DAYS_IN_A_MONTH:
        said.append((names[first - 1], *ordinal(cardinal(second)), *years[0]))
    if 0 < second <= _MONTHS_IN_A_YEAR and 0 < first <= _DAYS_IN_A_MONTH:
        day = ordinal(cardinal(first))
        said += [("the", *day, "of", names[second - 1], *years[0]), (*day, names[second - 1], *years[0])]
    return said


def _year_of_date(digits: str) -> list[Spoken]:
    if len(digits) > len("63"):
        return number(digits)[:1]
    short = _minutes(int(digits)) or [("hundred",)]
    return [(*cardinal(_CENTURIES[int(digits) < _HALF]), *short[0]), short[0]]


def _iso_date(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    month, day = int(match[2]), int(match[3])
    if not (0 < month <= _MONTHS_IN_A_YEAR and 0 < day <= _DAYS_IN_A_MONTH):
        return []
    name = list(dict.fromkeys(MONTHS.values()))[month - 1]
    years, ordinal_day = number(match[1])[0], ordinal(cardinal(day))
    return [
        (name, *ordinal_day, *years),
        ("the", *ordinal_day, "of", name, *years),
        (*years, name, *ordinal_day),
        (*ordinal_day, name, *years),
    ]


def _years(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    """Say a span of years: "nineteen sixty one to sixty three"."""
    first, last = year(int(match[1]))[:1], match[2]
    short = _minutes(int(last[-2:])) or [("hundred",)]
    full = year(int(last if len(last) > len("63") else f"{match[1][:2]}{last}"))[:1]
    return chained(first, [("to",), ()], [*full, *short] if len(last) > len("63") else [*short, *full])


def _telephone(match: re.Match[str], _beside: Beside) -> list[Spoken]:
    return digit_by_digit("".join(sign for sign in match[0] if sign.isdecimal()))


def _signed(match: re.Match[str], beside: Beside) -> list[Spoken]:
    said = {"+": [("plus",), ()], "#": [("number",), ()], "~": [("about",), ()]}
    return chained(said.get(match[1], [(), ("minus",), ("negative",)]), ways(match[2], beside))


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Beside], list[Spoken]]], ...]] = (
    (re.compile(r"\d+", re.ASCII), _whole_number),
    (re.compile(rf"({_NUMBER}?(?:\.\d+)?)%", re.ASCII), _percent),
    (re.compile(rf"({_NUMBER})(?:st|nd|rd|th)", re.ASCII), _ordinal),
    (re.compile(rf"({_NUMBER}(?:\.\d+)?)([¢°$£€])", re.ASCII), _with_sign),
    (re.compile(r"'(\d\d)", re.ASCII), _short_year),
    (re.compile(r"'?(\d{1,15})'?s", re.ASCII), _plural),
    (re.compile(r"(\d{1,3}):(\d\d)(?::(\d\d))?(a\.?m\.?|p\.?m\.?)?", re.ASCII), _time),
    (re.compile(r"(\d{1,2})([ap])\.?m\.?", re.ASCII), _hour),
    (re.compile(rf"(?:us|c|a|nz)?([$£€])({_NUMBER})(?:\.(\d+))?(k|m|bn)?", re.ASCII), _money),
    (re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)", re.ASCII), _date),
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII), _iso_date),
    (re.compile(r"(\d{1,4})/(\d{1,4})", re.ASCII), _fraction),
    (re.compile(r"([1-9]\d{3})[-–](\d{4}|\d\d)", re.ASCII), _years),
    (re.compile(r"(?:\d{3}[-.)])?\d{3}[-.]\d{4}|\+?\d{1,4}(?:[-.]\d{2,5}){2,4}", re.ASCII), _telephone),
    (re.compile(rf"(?:{_NUMBER})?\.\d+|{_NUMBER}", re.ASCII), lambda match, _: _plain(match[0])),
    (re.compile(r"(\d*)([¼½¾⅐-⅞])"), _mixed),
    (re.compile(r"([-−+#~])(.*\d.*)"), _signed),
)
