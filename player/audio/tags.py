"""Reads what the tags of a sound say of it: its title, its date, who is heard, in which language.

ffmpeg reads them, under one name whatever the format calls them: ID3, Vorbis comments, atoms of MP4, RIFF INFO, and the
``bext`` chunk of a Broadcast Wave (EBU Tech 3285), whose date of origination comes as ``date``. What it writes is its
own format of metadata (https://ffmpeg.org/ffmpeg-formats.html, section Metadata).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from babel.core import get_global

from player.archive import dates
from player.archive.languages import TAG
from player.audio import ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

# What is longer is no title, and what has more is no file of tags.
_LONGEST: Final = 300  # signs
_MOST: Final = 1 << 20  # bytes
_LINE: Final = re.compile(r"((?:[^=\\\n]|\\.)+)=((?:[^\\\n]|\\.|\\\n)*)\n", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_DATE: Final = re.compile(r"([0-9]{4})(?:[-./:]?([0-9]{2})(?:[-./:]?([0-9]{2}))?)?(?![0-9])")
# Control characters, signs that turn the order of the text around them, and what stands for bytes that are no text.
_UNPRINTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd\ud800-\udfff]")
# What is written where nothing is known.
_NO_LANGUAGE: Final = frozenset({"und", "xxx", "zxx", "mul", "mis"})


@dataclass(frozen=True)
class Tags:
    """What the tags say; None where they do not. ``date`` is EDTF, ``language`` a BCP 47 tag."""

    title: str | None = None
    date: str | None = None
    performer: str | None = None
    language: str | None = None


def read(path: Path) -> Tags:
    """Read the tags of the sound at ``path``.

    :raise AudioError: where it cannot be read, or holds no sound.
    """
    # Of the sound itself nothing is copied: what is written are the tags of the file, and those of the sound in it.
    with ffmpeg.decoding(path, "-c", "copy", "-t", "0", "-f", "ffmetadata", "pipe:1") as running:
        written = running.read(_MOST).decode("utf-8", errors="replace")
    found: dict[str, str] = {}
    for name, value in _LINE.findall(written):
        found.setdefault(_ESCAPE.sub(r"\1", name).strip().lower(), plain(_ESCAPE.sub(r"\1", value)))
    return Tags(
        title=found.get("title") or None,
        date=next(filter(None, (edtf(found.get(name, "")) for name in ("origination_date", "date", "year"))), None),
        performer=found.get("performer") or found.get("artist") or None,
        language=language(found.get("language", "")),
    )


def plain(text: str) -> str:
    """Give a text that others wrote as one line without control characters, of at most 300 signs."""
    return " ".join(_UNPRINTED.sub(" ", text).split())[:_LONGEST].strip()


def edtf(text: str) -> str | None:
    """Find the date with which a text begins, as ``1971-06-02``, ``1971:06`` or ``19710602``; None where there is none.

    The first of January is what programs write that know no more than the year, and is taken for that.
    """
    match = _DATE.match(text.strip())
    if match is None:
        return None
    year, month, day = match.groups()
    for found in ("-".join(filter(None, match.groups())), f"{year}-{month}", year):
        if int(year) > 0 and dates.is_date(found):
            is_year = (month, day) == ("01", "01")
            return year if is_year else found
    return None


def language(text: str) -> str | None:
    """Give the BCP 47 tag for a code of a language, as ``eng`` of ISO 639-2 or ``pt_BR``; None where it is none."""
    primary, *rest = text.strip().replace("_", "-").split("-")
    primary = get_global("language_aliases").get(primary.lower(), primary.lower()).partition("_")[0]
    found = "-".join([primary, *(part.upper() if len(part) == 2 else part for part in rest)])  # noqa: PLR2004  # letters of a country's code
    return found if TAG.fullmatch(found) and primary not in _NO_LANGUAGE else None
