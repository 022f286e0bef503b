"""Dates as archives write them (EDTF) into dates as people read them.

The part of the Extended Date/Time Format (Library of Congress, 4 February 2019) that archival records use: level 0
dates and intervals, and of level 1 the qualifiers ``~ ? %``, the open interval ``..`` and the seasons 21 to 24.
"""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?P<qualifier>[~?%]?)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SEASONS = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}
_QUALIFIERS = {"": "{}", "~": "about {}", "?": "{} (uncertain)", "%": "about {} (uncertain)"}


def is_date(text: str) -> bool:
    """Tell whether ``text`` is an EDTF date or interval of the kinds read here."""
    parts = text.split("/")
    if text.count("/") > 1 or parts == [".."]:
        return False
    return any(part != ".." for part in parts) and all(
        (part == ".." and len(parts) > 1) or _is_single(part) for part in parts
    )


def readable(text: str) -> str:
    """Write an EDTF date for people: ``5 November 1963``, ``September 1963``, ``about 1963``."""
    start, slash, end = text.partition("/")
    if not slash:
        return _readable_single(start)
    if start == "..":
        return f"until {_readable_single(end)}"
    if end == "..":
        return f"since {_readable_single(start)}"
    return f"{_readable_single(start)} to {_readable_single(end)}"


def _is_single(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None or not text.isascii():
        return False
    month, day = match["month"], match["day"]
    if month is not None and day is None and int(month) in _SEASONS:
        return True
    try:
        dt.date(int(match["year"]), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


def _readable_single(text: str) -> str:
    match = _DATE.fullmatch(text)
    if match is None:
        return text
    year, month, day = match["year"], int(match["month"] or 0), match["day"]
    if month in _SEASONS:
        plain = f"{_SEASONS[month]} {year}"
    elif month:
        plain = f"{int(day)} {_MONTHS[month - 1]} {year}" if day else f"{_MONTHS[month - 1]} {year}"
    else:
        plain = year
    return _QUALIFIERS[match["qualifier"]].format(plain)
