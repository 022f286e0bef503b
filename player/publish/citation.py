"""A recording and a passage of it into a citation: what is named, in which order, as each style has it.

Everything comes from the recording's own record; what that does not say is left out. A reading's citation says that it
is one, and never names where the original is kept: who cites the one cannot come to cite the other.

The styles are those for a sound recording that an archive keeps: the notes of The Chicago Manual of Style (17th
edition, 14.263 and 14.232), the list of works cited of the MLA Handbook (9th edition), the reference list of the APA
Publication Manual (7th edition, 10.13). None of them has a place for the beginning and the end of a passage, which
stand where a page would.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from player.publish import style_dates
from player.timecode import clock, display

if TYPE_CHECKING:
    import datetime as dt

    from player.archive.recording import Record

#: What a reading is called before anything else.
NOTICE: Final = "Synthetic reading, not the tape"

_RECORDING: Final = "Audio recording"
_ENDS_A_SENTENCE: Final = (".", "?", "!")
# What RFC 3986 has in an address; the rest, the host that a client claims included, is written as %xx.
_IN_ADDRESSES: Final = ":/?#[]@!$&'()*+,;=%~"
_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})
_INNER: Final = str.maketrans('“”"', "‘’'")


@dataclass(frozen=True)
class Cited:
    """What a citation names. ``date`` is EDTF; ``start`` and ``end`` are milliseconds, None where none is meant.

    ``kept`` is where the original is: its number, the collection, the repository.
    """

    slug: str
    title: str
    kind: str
    is_reading: bool
    date: str
    place: str | None
    identifier: str | None
    collection: str | None
    repository: str | None
    certainty: str | None
    responsible_party: str | None
    start: int | None
    end: int | None
    address: str
    accessed: dt.date

    @property
    def passage(self) -> str:
        """The time stamps, ``0:25 to 1:20``, to the second; empty for the whole recording.

        The address has the milliseconds; so have the stamps where both would be the same without.
        """
        if self.start is None:
            return ""
        if self.end is None:
            return f"from {clock(self.start)}"
        write = display if clock(self.start) == clock(self.end) else clock
        return f"{write(self.start)} to {write(self.end)}"

    @property
    def kept(self) -> tuple[str, ...]:
        """Where the original is kept, with how sure that is where it is not documented."""
        parts = [part for part in (self.identifier, self.collection, self.repository) if part]
        if parts and self.certainty not in {None, "documented"}:
            parts[-1] = f"{parts[-1]} [{self.certainty}]"
        return tuple(parts)

    @property
    def responsible(self) -> str:
        """Who answers for a reading."""
        return f"responsible party: {self.responsible_party}" if self.responsible_party else ""


def cite(recording: Record, address: str, accessed: dt.date, start: int | None = None, end: int | None = None) -> Cited:
    """Give what a citation of a recording, or of the passage from ``start`` to ``end``, names.

    ``address`` is where the archive has the passage.
    """
    original = recording.original
    return Cited(
        slug=recording.slug,
        title=one_line(recording.title),
        kind=NOTICE if recording.is_reading else _RECORDING,
        is_reading=recording.is_reading,
        date=recording.date,
        place=_told(recording.place),
        identifier=_told(original.identifier) if original else None,
        collection=_told(original.collection) if original else None,
        repository=_told(original.repository) if original else None,
        certainty=original.certainty if original else None,
        responsible_party=_told(recording.responsible_party),
        start=start,
        end=end,
        address=quote(address, safe=_IN_ADDRESSES),
        accessed=accessed,
    )


def chicago(cited: Cited) -> str:
    """Write a note of The Chicago Manual of Style."""
    parts = (
        _lowered(cited.kind),
        cited.place,
        style_dates.chicago(cited.date),
        *cited.kept,
        _stamps(cited),
        cited.responsible,
        f"accessed {style_dates.chicago(cited.accessed.isoformat())}",
        cited.address,
    )
    return f"“{cited.title.translate(_INNER)},” {', '.join(part for part in parts if part)}."


def mla(cited: Cited) -> str:
    """Write an entry of the MLA Handbook's list of works cited."""
    sentences = (
        f"“{_ended(cited.title.translate(_INNER))}”",
        _ended(_joined(style_dates.mla(cited.date), cited.place)),
        _ended(_joined(cited.kind, _stamps(cited))),
        _ended(_joined(*cited.kept)),
        _ended(_raised(cited.responsible)),
        f"{cited.address}.",
        _ended(f"Accessed {style_dates.mla(cited.accessed.isoformat())}"),
    )
    return " ".join(sentence for sentence in sentences if sentence)


def apa(cited: Cited) -> str:
    """Write an entry of the APA's list of references; without an author the title comes first."""
    sentences = (
        f"{cited.title} [{_joined(cited.kind, _stamps(cited))}].",
        f"({style_dates.apa(cited.date)}).",
        _ended(cited.place or ""),
        _ended(_joined(*cited.kept)),
        _ended(_raised(cited.responsible)),
        f"Retrieved {style_dates.chicago(cited.accessed.isoformat())}, from {cited.address}",
    )
    return " ".join(sentence for sentence in sentences if sentence)


def sentence(recording: Record, passages: str, digest: str) -> str:
    """Give one sentence by which a clip's passages can be found again: what, when, where kept, which, in which file."""
    original = recording.original
    kept = (original.repository, original.collection, original.identifier) if original is not None else ()
    told = _joined(f"“{recording.title}”", recording.date, recording.place, *kept, passages)
    notice = f" {NOTICE}." if recording.is_reading else ""
    return f"{told}.{notice} Recording {recording.slug}, SHA-256 {digest}."


def one_line(text: str) -> str:
    """Give a text without line breaks and control characters, which end a field in formats of lines."""
    return " ".join("".join(" " if unicodedata.category(sign) in _BREAKS else sign for sign in text).split())


def _told(text: str | None) -> str | None:
    return one_line(text) or None if text else None


def _stamps(cited: Cited) -> str:
    return cited.passage.replace(" to ", "–")


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _ended(text: str) -> str:
    return text if not text or text.endswith(_ENDS_A_SENTENCE) else f"{text}."


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
