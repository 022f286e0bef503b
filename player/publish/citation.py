"""Cites a recording, or a passage of it, in each style: what is named, in which order, with dates in its own form.

Everything comes from the recording's own record; what that does not say is left out. A reading's citation says that it
is a reading, and never names where the original is kept, so that a citation of the one never becomes one of the other.

The styles are those for a sound recording that an archive keeps: the notes of The Chicago Manual of Style (17th
edition, 14.263 and 14.232), the list of works cited of the MLA Handbook (9th edition), the reference list of the APA
Publication Manual (7th edition, 10.13). None of them has a place for the beginning and the end of a passage, which
stand where a page number would; after them come the pages of the document that the transcript was taken from.

Plain dates have a form in every style. For dates that a style has no form for (an interval, an uncertain date) the
words of the page are used, so that no doubt is lost.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from player.archive.dates import made, readable
from player.archive.machine import LABEL
from player.archive.parts import in_parts
from player.timecode import clock, display
from player.values import value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from player.archive.recording import Record

#: What a reading is called before anything else.
NOTICE: Final = "Synthetic reading, not the tape"
#: A single EDTF date: a year, a month or a day, and a sign of doubt.
SINGLE: Final = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?P<qualifier>[~?%]?)")
#: In EDTF higher numbers of months are seasons.
LAST_MONTH: Final = 12

_RECORDING: Final = "Audio recording"
# As the DOI Handbook has it, section 2.2; what stands before it is how people write one.
_DOI: Final = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_ENDS_A_SENTENCE: Final = (".", "?", "!")
# What RFC 3986 has in an address; the rest, the host that a client claims included, is written as %xx.
_IN_ADDRESSES: Final = ":/?#[]@!$&'()*+,;=%~"
_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})
_INNER: Final = str.maketrans('“”"', "‘’'")
# MLA Handbook, 9th edition, appendix 1: months of more than four letters are cut, after three letters but for one.
_WHOLE: Final = 4
_CUT: Final = {"September": "Sept."}


@value
class Cited:
    """What a citation names. ``date`` is EDTF; ``start`` and ``end`` are milliseconds, None where none is meant.

    ``pages`` are those of the transcript's document, ``12`` or ``12–13``; times may be known only roughly.
    ``number`` is what this archive calls it, such as an accession number, an ARK or a DOI. ``kept`` is where the
    original is: its number there, the collection, the repository.
    """

    slug: str
    title: str
    kind: str
    is_reading: bool
    date: str
    place: str | None
    number: str | None
    identifier: str | None
    collection: str | None
    repository: str | None
    certainty: str | None
    responsible_party: str | None
    start: int | None
    end: int | None
    address: str
    accessed: dt.date
    #: Where the passage lies in the part of a recording that was joined from several: ``Side B, 3:12–3:20``.
    in_part: str = ""
    pages: str | None = None
    is_approximate: bool = False
    #: Whether it is of words that a machine wrote and nobody has checked.
    unchecked: bool = False
    #: That of the recording, as a BCP 47 tag: styles write titles in capitals only in English.
    language: str = ""
    #: The day since which the words are as they are cited, or before which they were so, as EDTF; empty where there is
    #: only one version of them.
    version: str = ""

    @property
    def passage(self) -> str:
        """The time stamps and pages, ``0:25 to 1:20, p. 12``; empty for the whole recording.

        They are to the second. The address has the milliseconds; so have the stamps where both would be the same
        without.
        """
        return ", ".join(filter(None, (self.stamps.replace("–", " to "), pages_cited(self.pages))))

    @property
    def stamps(self) -> str:
        """The time stamps alone, ``0:25–1:20``; empty for the whole recording."""
        if self.start is None:
            return ""
        about = "~" if self.is_approximate else ""
        if self.end is None:
            return f"from {about}{clock(self.start)}"
        write = display if clock(self.start) == clock(self.end) else clock
        return f"{about}{write(self.start)}–{about}{write(self.end)}"

    @property
    def kept(self) -> tuple[str, ...]:
        """Where the original is kept, with how sure that is where it is not documented."""
        parts = [part for part in (self.identifier, self.collection, self.repository) if part]
        if parts and self.certainty not in {None, "documented"}:
            parts[-1] = f"{parts[-1]} [{self.certainty}]"
        return tuple(parts)

    @property
    def doi(self) -> str | None:
        """The number, where it is a DOI, without what may stand before it."""
        found = _DOI.fullmatch(self.number or "")
        return found["doi"] if found else None

    @property
    def transcript(self) -> str:
        """What is told of a machine's words that nobody has checked; empty where there is nothing to tell."""
        return LABEL if self.unchecked else ""

    def version_in(self, write: Callable[[str], str]) -> str:
        """Name the version of the transcript, its day written in a style; empty where there is only one."""
        if not self.version:
            return ""
        return f"transcript version {'of ' if is_plain(self.version) else ''}{write(self.version)}"

    @property
    def responsible(self) -> str:
        """Who answers for a reading."""
        return f"responsible party: {self.responsible_party}" if self.responsible_party else ""


def cite(
    recording: Record,
    address: str,
    accessed: dt.date,
    start: int | None = None,
    end: int | None = None,
    *,
    pages: str | None = None,
    is_approximate: bool = False,
    unchecked: bool = False,
    version: str = "",
) -> Cited:
    """Give what a citation of a recording, or of the passage from ``start`` to ``end``, names.

    ``address`` is where the archive has the passage, ``pages`` those on which its lines begin. Its words are
    ``unchecked`` where a machine wrote them and nobody has heard or reviewed them; ``version`` is their day, where
    they were other words before or since.
    """
    original = recording.original
    return Cited(
        slug=recording.slug,
        title=one_line(recording.title),
        kind=NOTICE if recording.is_reading else _RECORDING,
        is_reading=recording.is_reading,
        date=recording.date,
        place=_stated(recording.place),
        number=_stated(recording.identifier),
        identifier=_stated(original.identifier) if original else None,
        collection=_stated(original.collection) if original else None,
        repository=_stated(original.repository) if original else None,
        certainty=original.certainty if original else None,
        responsible_party=_stated(recording.responsible_party),
        start=start,
        end=end,
        address=quote(address, safe=_IN_ADDRESSES),
        accessed=accessed,
        in_part="" if start is None else one_line(in_parts(recording.part, start, end, to="–")),
        pages=_stated(pages),
        is_approximate=is_approximate,
        unchecked=unchecked,
        language=recording.language,
        version=version,
    )


def pages_of(first: str | None, last: str | None) -> str | None:
    """Give the pages from one to another as they are cited: ``12``, ``12–13``; None where none is known."""
    ends = dict.fromkeys(page for page in (first, last) if page)
    return "–".join(ends) or None


def pages_cited(pages: str | None) -> str:
    """Write ``p. 12``, or ``pp. 12–13``; empty where no page is known."""
    if not pages:
        return ""
    return f"{'pp.' if '–' in pages else 'p.'} {pages}"


def chicago(cited: Cited) -> str:
    """Write a note of The Chicago Manual of Style."""
    parts = (
        _lowered(cited.kind),
        cited.place,
        chicago_date(cited.date),
        *cited.kept,
        cited.number,
        _stamps(cited),
        _lowered(cited.transcript),
        cited.version_in(chicago_date),
        cited.responsible,
        f"accessed {chicago_date(cited.accessed.isoformat())}",
        cited.address,
    )
    return f"“{cited.title.translate(_INNER)},” {', '.join(part for part in parts if part)}."


def mla(cited: Cited) -> str:
    """Write an entry of the MLA Handbook's list of works cited."""
    sentences = (
        f"“{_ended(cited.title.translate(_INNER))}”",
        _ended(_joined(mla_date(cited.date), cited.place)),
        _ended(_joined(cited.kind, _stamps(cited))),
        _ended(_joined(*cited.kept, cited.number)),
        _ended(cited.transcript),
        _ended(_raised(cited.version_in(mla_date))),
        _ended(_raised(cited.responsible)),
        f"{cited.address}." if cited.address else "",
        _ended(f"Accessed {mla_date(cited.accessed.isoformat())}"),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def apa(cited: Cited) -> str:
    """Write an entry of the APA's list of references; without an author the title comes first."""
    sentences = (
        f"{cited.title} [{_joined(cited.kind, _stamps(cited))}].",
        f"({apa_date(cited.date)}).",
        _ended(cited.place or ""),
        _ended(_joined(*cited.kept, cited.number)),
        _ended(cited.transcript),
        _ended(_raised(cited.version_in(chicago_date))),
        _ended(_raised(cited.responsible)),
        f"Retrieved {chicago_date(cited.accessed.isoformat())}, from {cited.address}" if cited.address else "",
    )
    return " ".join(sentence for sentence in sentences if sentence)


#: What each style is called, with what writes it.
STYLES: Final = (("Chicago", chicago), ("MLA", mla), ("APA", apa))


def chicago_date(date: str) -> str:
    """Write ``November 5, 1963``."""
    if not is_plain(date):
        return made(date)
    *day, month, year = _date_words(date)
    return f"{month} {day[0]}, {year}" if day else f"{month} {year}".strip()


def mla_date(date: str) -> str:
    """Write ``5 Nov. 1963``."""
    if not is_plain(date):
        return made(date)
    *day, month, year = _date_words(date)
    short = month if len(month) <= _WHOLE else _CUT.get(month, f"{month[:3]}.")
    return " ".join(part for part in (*day, short, year) if part)


def apa_date(date: str) -> str:
    """Write ``1963, November 5``."""
    if not is_plain(date):
        return made(date)
    *day, month, year = _date_words(date)
    return f"{year}, {' '.join((month, *day))}" if month else year


def is_plain(date: str) -> bool:
    """Tell whether it is a year, a month or a day of which nothing is in doubt."""
    match = SINGLE.fullmatch(date)
    return match is not None and not match["qualifier"] and int(match["month"] or 1) <= LAST_MONTH


def one_line(text: str) -> str:
    """Give a text without line breaks and control characters, which end a field in formats of lines."""
    return " ".join("".join(" " if unicodedata.category(sign) in _BREAKS else sign for sign in text).split())


def _stated(text: str | None) -> str | None:
    return one_line(text) or None if text else None


def _stamps(cited: Cited) -> str:
    # Whoever has the part itself looks there; the address has the time in the whole.
    return cited.in_part or cited.passage.replace(" to ", "–")


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _ended(text: str) -> str:
    return text if not text or text.endswith(_ENDS_A_SENTENCE) else f"{text}."


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def _date_words(date: str) -> list[str]:
    """Give day, month and year, as far as they are known; the month of a mere year is empty."""
    words = readable(date).split()
    return words if len(words) > 1 else ["", *words]
