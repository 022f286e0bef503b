"""Reads dates as archives write them (EDTF), and writes them as people read them.

The part of the Extended Date/Time Format (Library of Congress, 4 February 2019) that archival records use: level 0
dates and intervals, and of level 1 the qualifiers ``~ ? %``, the open interval ``..`` and the seasons 21 to 24.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?P<qualifier>[~?%]?)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# Where the day begins first it is this long before UTC: a date written there today is no mistake.
_AHEAD = dt.timedelta(hours=14)
_SEASONS = {21: "Spring", 22: "Summer", 23: "Autumn", 24: "Winter"}
_PRECISIONS = ("day", "month", "season", "year")
_QUALIFIERS = {"": "{}", "~": "about {}", "?": "{} (uncertain)", "%": "about {} (uncertain)"}


def is_date(text: str) -> bool:
    """Tell whether ``text`` is an EDTF date or interval of the kinds read here."""
    parts = text.split("/")
    if text.count("/") > 1 or parts == [".."]:
        return False
    well_formed = any(part != ".." for part in parts) and all(
        (part == ".." and len(parts) > 1) or _is_single(part) for part in parts
    )
    return well_formed and earliest(text) <= latest(text)


def today() -> dt.date:
    """Give the day where it begins first."""
    return (dt.datetime.now(tz=dt.UTC) + _AHEAD).date()


def is_past_day(text: str) -> bool:
    """Tell whether ``text`` is a day, as 1963-11-05, and has begun."""
    day = _day(text)
    return day is not None and day <= today()


def is_plain(text: str) -> bool:
    """Tell whether ``text`` is a day, month or year, and sure: no interval, no season, nothing that qualifies it."""
    return is_date(text) and html(text) is not None


def readable(text: str) -> str:
    """Write an EDTF date for people: ``5 November 1963``, ``September 1963``, ``about 1963``.

    What is no date stays as it is.
    """
    if not is_date(text):
        return text
    start, slash, end = text.partition("/")
    if not slash:
        return _readable_single(start)
    if start == "..":
        return f"until {_readable_single(end)}"
    if end == "..":
        return f"since {_readable_single(start)}"
    return f"{_readable_single(start)} to {_readable_single(end)}"


def has_open_start(text: str) -> bool:
    """Tell whether all that is known is a last day: ``../1963``."""
    return text.startswith("..")


def made(text: str) -> str:
    """Write when a thing was made: of an open beginning, ``before June 1964``.

    What lasted, an office for instance, was held *until* a day; what was made at one moment was made *before* it.
    """
    return f"before {_readable_single(text.partition('/')[2])}" if has_open_start(text) else readable(text)


def calendar(text: str) -> tuple[str, str]:
    """Part an EDTF date as a calendar prints it: its year, and what else there is to say: ``1963``, ``5 November``.

    The year is that of its first day, or of its last where the beginning is open.
    """
    year = f"{(latest if has_open_start(text) else earliest)(text).year:04d}"
    return year, " ".join(re.sub(rf"\b{year}\b", "", readable(text)).split())


def precision(text: str) -> str:
    """Say how precise a date is: ``day``, ``month``, ``season``, ``year``; of an interval, the less precise end."""
    return max((_precision(part) for part in text.split("/") if part != ".."), key=_PRECISIONS.index)


def html(text: str) -> str | None:
    """Give a date as HTML's ``time`` has it; None where that has no form for it: intervals, seasons, uncertainty."""
    match = _DATE.fullmatch(text) if is_date(text) else None
    return text if match and not match["qualifier"] and int(match["month"] or 0) not in _SEASONS else None


def earliest(text: str) -> dt.date:
    """Give the first day that a date or interval can mean; that of the calendar where its beginning is open."""
    start = text.partition("/")[0]
    return dt.date.min if start == ".." else _days(start)[0]


def latest(text: str) -> dt.date:
    """Give the last day that a date or interval can mean; that of the calendar where its end is open."""
    end = text.rpartition("/")[2]
    return dt.date.max if end == ".." else _days(end)[1]


def begins_after(text: str, day: dt.date) -> bool:
    """Tell whether a date, or the end of an interval where it has one, begins after ``day``."""
    start, _, end = text.partition("/")
    return earliest(start if end in {"", ".."} else end) > day


def sort_key(text: str) -> tuple[dt.date, int]:
    """Order dates by their first day, and of those the less precise first: a month stands before its days."""
    return earliest(text), -_PRECISIONS.index(precision(text))


@lru_cache(maxsize=256)
def _day(text: str) -> dt.date | None:
    """Read one day; None where the text is something else. Those of one transcript are mostly the same."""
    match = _DATE.fullmatch(text)
    return earliest(text) if match and match["day"] and not match["qualifier"] and is_date(text) else None


def _precision(text: str) -> str:
    month, day = _parts(text)[1:]
    return "day" if day else "year" if month is None else "season" if month in _SEASONS else "month"


def _days(text: str) -> tuple[dt.date, dt.date]:
    """Give the first and last day of a single date.

    EDTF leaves open which months a season has; here they are those of the northern hemisphere, winter from December on.
    """
    year, month, day = _parts(text)
    if day:
        return (only := dt.date(year, month or 1, day)), only
    first, length = (1, 12) if month is None else (month, 1) if month not in _SEASONS else (3 * (month - 20), 3)
    after = year * 12 + first - 1 + length
    if after >= dt.MAXYEAR * 12:
        return dt.date(year, first, 1), dt.date.max
    return dt.date(year, first, 1), dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day, _ = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


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
