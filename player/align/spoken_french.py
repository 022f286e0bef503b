"""Says how French tokens may be spoken: words and their elisions, abbreviations, numbers, dates, times, money."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from player.align.french_numbers import MOST_DIGITS, cardinal, cardinals, digit_by_digit, number, ordinal
from player.align.ways import Beside, Spoken, chained, few

if TYPE_CHECKING:
    from collections.abc import Mapping

_AROUND: Final = ' "“”„«»()[]{}<>*_~|^\\,;:!?…`'
#: Abbreviations and signs, most of them with or without their full stop.
ABBREVIATIONS: Final[Mapping[str, tuple[Spoken, ...]]] = MappingProxyType(
    {
        "m.": (("monsieur",), ("m",)),
        "mm.": (("messieurs",),),
        "mme": (("madame",),),
        "mmes": (("mesdames",),),
        "mlle": (("mademoiselle",),),
        "mgr": (("monseigneur",),),
        "dr": (("docteur",),),
        "pr": (("professeur",),),
        "st": (("saint",),),
        "ste": (("sainte",),),
        "etc": (("et", "cetera"),),
        "av": (("avenue",),),
        "bd": (("boulevard",),),
        "n°": (("numéro",),),
        "no": (("numéro",), ("no",)),
        "&": (("et",),),
        "%": (("pour", "cent"),),
        "+": (("plus",),),
        "=": (("égale",),),
        "@": (("arobase",),),
        "°": (("degrés",),),
        "€": (("euros",),),
        "$": (("dollars",),),
        "£": (("livres",),),
        "km": (("kilomètres",), ("kilomètre",)),
        "kg": (("kilos",), ("kilogrammes",)),
        "cm": (("centimètres",),),
    }
)
_MONEY: Final = MappingProxyType({"€": "euros", "$": "dollars", "£": "livres"})
_PARTS: Final = 8
_NUMBER = r"\d{1,3}(?:[.\u00a0\u202f]\d{3})+|\d+"
_DECIMAL: Final = re.compile(rf"({_NUMBER})(?:,(\d+))?(%|€|\$|£)?", re.ASCII)
_ORDINAL: Final = re.compile(r"(\d+)(er|ère|re|e|è|ème|eme|ième)s?")
_TIME: Final = re.compile(r"(\d{1,2})(?:h|:)(\d\d)?", re.ASCII)
_YEARS: Final = re.compile(r"(\d+)[-–](\d+)", re.ASCII)
_DOTTED: Final = re.compile(r"(?:[a-z]\.){2,}[a-z]?")
_ELIDED: Final = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'")
_WHOLE: Final = frozenset({"aujourd'hui", "peut-être", "quatre-vingts", "rendez-vous", "week-end"})
# Pronouns that the dictionary has with their hyphen.
_BEHIND: Final = frozenset({"ce", "ci", "elle", "elles", "en", "il", "ils", "je", "la", "le", "les"})
_HALF, _QUARTER, _HOUR = 30, 15, 60
_INITIALS: Final = 3


def ways(token: str, beside: Beside) -> list[Spoken]:
    """Say one token: its ways, the likeliest first; one way without words where nothing of it is said."""
    core = token.strip(_AROUND)
    for attempt in dict.fromkeys((core, core.strip(".'-"))):
        if said := _whole(attempt, beside):
            return few(said)
    return few(_parted(core.strip(".'-"), beside)) or [()]


def _whole(core: str, beside: Beside) -> list[Spoken]:
    small = core.lower()
    if small in ABBREVIATIONS or small.rstrip(".") in ABBREVIATIONS:
        return list(ABBREVIATIONS.get(small) or ABBREVIATIONS[small.rstrip(".")])
    if any(sign.isdecimal() for sign in small):
        return _figures(small)
    if _DOTTED.fullmatch(small):
        return [tuple(small.replace(".", ""))]
    if core.isalpha() and core.isupper() and 1 < len(core) <= 2 * _INITIALS and not beside.is_shouted:
        named, word = tuple(small), (small,)
        return [named, word] if len(core) <= _INITIALS or not set(small) & set("aeiouy") else [word, named]
    return [(small,)] if small.isalpha() or small in _WHOLE else []


def _figures(small: str) -> list[Spoken]:
    if match := _DECIMAL.fullmatch(small):
        return _number(re.sub(r"\D", "", match[1]), match[2], match[3])
    if (match := _ORDINAL.fullmatch(small)) and len(match[1]) <= MOST_DIGITS:
        said = [ordinal(way) for way in cardinals(int(match[1]))]
        return [("premier",), ("première",)] if match[1] == "1" else said
    if match := _TIME.fullmatch(small):
        return _time(int(match[1]), int(match[2] or 0))
    if match := _YEARS.fullmatch(small):
        return chained(number(match[1])[:2], [("à",), ()], number(match[2])[:1])
    if small[0] in "+-−":
        return chained([("plus",)] if small[0] == "+" else [("moins",), ()], _whole(small[1:], Beside()))
    return []


def _number(digits: str, part: str | None, sign: str | None) -> list[Spoken]:
    said = number(digits)
    ending: Spoken = () if sign is None else (("pour", "cent") if sign == "%" else (_MONEY[sign],))
    if part is None:
        return chained(said, [ending])
    behind = [cardinal(int(part))] if not part.startswith("0") and len(part) <= MOST_DIGITS else []
    if sign in _MONEY and behind:
        return chained(said, [ending], behind)
    return chained(said, [("virgule",)], [*behind, *digit_by_digit(part)], [ending])


def _time(hour: int, minutes: int) -> list[Spoken]:
    unit = "heures" if hour > 1 else "heure"
    clock = ("une",) if hour == 1 else cardinal(hour)
    said = [(*clock, unit, *(cardinal(minutes) if minutes else ()))]
    if minutes == _HALF:
        said.append((*clock, unit, "et", "demie"))
    elif minutes == _QUARTER:
        said.append((*clock, unit, "et", "quart"))
    elif _HALF < minutes < _HOUR:
        following = cardinal(hour + 1)
        left = ("le", "quart") if minutes == _HOUR - _QUARTER else cardinal(_HOUR - minutes)
        said.append((*following, "heures", "moins", *left))
    return said


def _parted(core: str, beside: Beside) -> list[Spoken]:
    """Say a token part by part: elisions, hyphens, dashes, strokes, letters beside digits."""
    small = core.lower()
    if elided := _ELIDED.match(small):
        return chained([(elided[0],)], ways(core[elided.end() :], beside))
    parts = [part for part in re.split(r"[-/–—…·•&+=@.'_]+", core, maxsplit=_PARTS) if part]
    if len(parts) > 1:
        if parts[-1].lower() in _BEHIND and "-" in core:  # "a-t-il": the dictionary has "-il" with and without its t
            last = f"-{parts.pop().lower()}"
            if len(parts) > 1 and parts[-1].lower() == "t":
                parts.pop()
            return chained(*(_whole(part, beside) or _runs(part) for part in parts), [(last,)])
        return chained(*(_whole(part, beside) or _runs(part) for part in parts))
    return _runs(core)


def _runs(core: str) -> list[Spoken]:
    runs = re.findall(r"[^\W\d_]+|\d+", core)[:_PARTS]
    if len(runs) == 1 and not runs[0].isdecimal():
        return [(runs[0].lower(),)]
    return (
        chained(
            *(
                (number(run) or [(run,)])
                if run.isdecimal()
                else [tuple(run.lower())]
                if len(run) <= _INITIALS
                else [(run.lower(),)]
                for run in runs
            )
        )
        if runs
        else []
    )
