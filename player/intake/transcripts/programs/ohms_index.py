"""Makes notes of the index of OHMS XML: points in time with a title, a synopsis and keywords."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final

from player.intake.transcripts.cleaning import clean
from player.intake.transcripts.imported import ImportedNote
from player.intake.transcripts.programs.seconds import clock
from player.intake.transcripts.xml_trees import children, local, text_of

if TYPE_CHECKING:
    from player.intake.transcripts.told import Told

_BREAK: Final = re.compile(r"</?(?:br|div|p)(?:\s[^<>]{0,400})?/?>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?(?:a|b|em|i|span|strong|u)(?:\s[^<>]{0,400})?>", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://[^\s<>()\[\]\"']{1,500}")
_TITLE: Final = 80


def notes_of(record: Any, told: Told) -> tuple[ImportedNote, ...]:
    """Read the points of an index, in the order of their times."""
    notes: list[ImportedNote] = []
    for index in children(record, "index"):
        for point in children(index, "point"):
            start = clock(text_of(point, "time").strip())
            if start is None or start < 0:
                told.left_out(
                    "point of the index without a time", "points of the index without a time", line=point.sourceline
                )
                continue
            note = _note(point, start)
            if note is None:
                told.left_out(
                    "point of the index without words", "points of the index without words", line=point.sourceline
                )
            else:
                notes.append(note)
    return tuple(sorted(notes, key=lambda note: note.start))


def plain(text: str) -> str:
    """Give a text without the tags of HTML that OHMS lets people write, and with the signs that its escapes are."""
    bare = _TAG.sub("", _BREAK.sub(" ", text)) if "<" in text else text
    return clean(html.unescape(bare) if "&" in bare else bare)


def _note(point: Any, start: int) -> ImportedNote | None:
    title, synopsis, begins = (plain(text_of(point, name)) for name in ("title", "synopsis", "partial_transcript"))
    title = title.strip(";").strip()
    if not (title or synopsis or begins):
        return None
    paragraphs = [synopsis, f"It begins: {begins}" if begins else "", *_links(point), *_places(point)]
    return ImportedNote(
        start,
        None,
        title or _shortened(synopsis or begins),
        "\n\n".join(paragraph for paragraph in paragraphs if paragraph),
        tuple(dict.fromkeys([*_terms(point, "keywords"), *_terms(point, "subjects")])),
    )


def _terms(point: Any, name: str) -> list[str]:
    return [term for term in map(plain, re.split(r";|\n", text_of(point, name))) if term]


def _links(point: Any) -> list[str]:
    """Give the addresses of a point, which stand in it or, since version 4, in an element of their own each."""
    found = []
    for holder in (point, *children(point, "hyperlinks")):
        address, text = (clean(text_of(holder, name)) for name in ("hyperlink", "hyperlink_text"))
        if _ADDRESS.fullmatch(address):
            found.append(f"{text}: {address}" if text else address)
    return found


def _places(point: Any) -> list[str]:
    found = []
    for holder in (point, *(child for child in point if local(child) == "gpspoints")):
        place, text = (clean(text_of(holder, name)) for name in ("gps", "gps_text"))
        if place:
            found.append(f"Place: {text} ({place})" if text else f"Place: {place}")
    return found


def _shortened(text: str) -> str:
    if len(text) <= _TITLE:
        return text
    return f"{text[:_TITLE].rpartition(' ')[0] or text[:_TITLE]} …"
