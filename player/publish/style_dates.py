"""Dates as archives write them (EDTF) into dates as each style of citation writes them.

Plain dates have a form in every style. What a style has no form for (an interval, a date that is uncertain) is written
as the page writes it, so that no doubt about it is lost.
"""

from __future__ import annotations

import re
from typing import Any, Final

from player.archive.dates import readable

_SINGLE: Final = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?P<qualifier>[~?%]?)")
_YEAR: Final = re.compile(r"\d{4}")
_LAST_MONTH: Final = 12
# MLA Handbook, 9th edition, appendix 1: months of more than four letters are cut, after three letters but for one.
_WHOLE: Final = 4
_CUT: Final = {"September": "Sept."}


def chicago(date: str) -> str:
    """Write ``November 5, 1963``."""
    if not is_plain(date):
        return readable(date)
    *day, month, year = _words(date)
    return f"{month} {day[0]}, {year}" if day else f"{month} {year}".strip()


def mla(date: str) -> str:
    """Write ``5 Nov. 1963``."""
    if not is_plain(date):
        return readable(date)
    *day, month, year = _words(date)
    short = month if len(month) <= _WHOLE else _CUT.get(month, f"{month[:3]}.")
    return " ".join(part for part in (*day, short, year) if part)


def apa(date: str) -> str:
    """Write ``1963, November 5``."""
    if not is_plain(date):
        return readable(date)
    *day, month, year = _words(date)
    return f"{year}, {' '.join((month, *day))}" if month else year


def ris(date: str) -> str:
    """Write ``1963/11/05/``; what that cannot say stands after the last stroke, as RIS has it."""
    if not is_plain(date):
        return f"{year(date)}///{readable(date)}"
    return "/".join([*date.split("-"), "", "", ""][:3]) + "/"


def year(date: str) -> str:
    """Give the first year that is named."""
    found = _YEAR.search(date)
    return found[0] if found else ""


def csl(date: str) -> dict[str, Any]:
    """Give the date variable of CSL-JSON (schema 1.0.2)."""
    ends = date.split("/")
    if all(map(is_plain, ends)):
        return {"date-parts": [_parts(end) for end in ends]}
    match = _SINGLE.fullmatch(date)
    if match and match["qualifier"] in {"~", "%"} and int(match["month"] or 1) <= _LAST_MONTH:
        return {"date-parts": [_parts(date[:-1])], "circa": True}
    return {"literal": readable(date)}


def is_plain(date: str) -> bool:
    """Tell whether it is a year, a month or a day of which nothing is in doubt."""
    match = _SINGLE.fullmatch(date)
    return match is not None and not match["qualifier"] and int(match["month"] or 1) <= _LAST_MONTH


def _words(date: str) -> list[str]:
    """Give day, month and year, as far as they are known; the month of a mere year is empty."""
    words = readable(date).split()
    return words if len(words) > 1 else ["", *words]


def _parts(date: str) -> list[int]:
    return [int(part) for part in date.split("-")]
