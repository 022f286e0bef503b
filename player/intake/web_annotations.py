"""Reads W3C Web Annotations of a recording as rows of a table of its notes, and says what of them is left out.

Nothing that they point at is fetched, a context neither. An annotation belongs to the lines whose words it quotes, or
to the times of its media fragment, or to the recording as a whole. What names no source becomes a segment, which needs
none; who wrote it, and when, has no place in the archive.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category

from player.archive.annotations import ANNOTATION_KINDS, SEGMENT
from player.archive.prose import plain
from player.archive.references import CERTAINTIES, IDENTIFIER, parse_citation
from player.errors import ArchiveError, Fault
from player.intake import notes_toml
from player.intake.annotation_places import Placed, placed
from player.intake.html_words import paragraphs
from player.intake.json_items import read_items
from player.intake.table import Row
from player.intake.transcripts.made import clean
from player.spreadsheets import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.annotations import Annotation
    from player.archive.recording import Recording

#: How files of them end.
SUFFIXES: Final = (".json", ".jsonld")

_CONTEXTS: Final = frozenset(
    {
        *("http://www.w3.org/ns/anno.jsonld", "https://www.w3.org/ns/anno.jsonld"),
        *("http://iiif.io/api/presentation/3/context.json", "https://iiif.io/api/presentation/3/context.json"),
    }
)
_MOST: Final = 20_000
_OWN: Final = re.compile(rf"/recordings/([^/?#]+)/?#note-({IDENTIFIER.pattern})\Z", re.ASCII)
# Letters of a title that is made of the first words.
_LONGEST: Final = 60
_LINES: Final = 3


def read_annotations(path: Path, recording: Recording) -> tuple[list[Row], list[str]]:
    """Read a file of annotations as rows, and say what of it is left out, a sentence each.

    :raise ArchiveError: where it is none, or there is nothing in it that can be an annotation of the recording.
    """
    whole, items = read_items(path)
    _refuse_others(path, whole, [item.value for item in items[:1]])
    if len(items) > _MOST:
        what = f"it has {len(items):,} annotations, and {_MOST:,} are the most"
        raise ArchiveError([Fault(path, None, what, "divide it")])
    reader = _Reader(recording)
    rows = [row for item in items if (row := reader.row(item.line, item.value)) is not None]
    if not rows:
        told = "; ".join(reader.told()) or "it has no annotations"
        remedy = "name a page or a collection of Web Annotations that are about this recording"
        raise ArchiveError([Fault(path, None, f"nothing in it can be a note of {recording.slug}: {told}", remedy)])
    return rows, reader.told()


def _refuse_others(path: Path, whole: Any, first: Sequence[Any]) -> None:
    """Refuse what does not say that it is of this model; what its words mean is then not known."""
    found = [each for one in (whole, *first) if isinstance(one, dict) for each in _list(one.get("@context"))]
    if not any(isinstance(each, str) and each in _CONTEXTS for each in found):
        what = "this does not say that it is Web Annotations"
        remedy = 'it has to have "@context": "http://www.w3.org/ns/anno.jsonld"'
        raise ArchiveError([Fault(path, 1, what, remedy)])


class _Reader:
    """Reads annotations one by one, and counts what is left out."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._notes = {note.id: note for note in recording.annotations}
        self._left: dict[str, list[int]] = defaultdict(list)

    def told(self) -> list[str]:
        """Say what was left out or is otherwise, with the lines of the first."""
        return [
            f"{len(lines)} {what} (line {', '.join(map(str, lines[:_LINES]))}{', …' if len(lines) > _LINES else ''})"
            for what, lines in self._left.items()
        ]

    def row(self, line: int, value: Any) -> Row | None:
        """Give an annotation as a row; None where it can be none of this recording."""
        if not isinstance(value, dict) or "Annotation" not in _list(value.get("type", value.get("@type"))):
            self._left["left out: no annotation"].append(line)
            return None
        own = _OWN.search(_text(value.get("id")))
        slugs = {self._recording.slug, *self._recording.formerly}
        if own is not None and own[1] not in slugs:
            self._left["left out: a note of another recording of an archive like this"].append(line)
            return None
        known = self._notes.get(own[2]) if own else None
        if known is None and not value.get("target") and _is_blank(value):
            self._left["left out: it has neither words nor a place"].append(line)
            return None
        place = placed(value.get("target"), self._recording, known)
        if place.is_lost:
            self._left["left out: its place is not found in this recording"].append(line)
            return None
        return Row(line, self._cells(line, value, place, own[2] if own else "", known))

    def _cells(
        self, line: int, value: dict[str, Any], place: Placed, name: str, known: Annotation | None
    ) -> dict[str, str]:
        bodies = [each for each in _list(value.get("body")) + _list(value.get("bodyValue")) if each]
        tags = [_text(each.get("value")) for each in bodies if isinstance(each, dict) and _is_tag(each)]
        kind = next((tag for tag in tags if tag in ANNOTATION_KINDS), SEGMENT)
        certainty = next((tag for tag in tags if tag in CERTAINTIES), "")
        sources = list(_sources(value.get("dcterms:source")))
        if known and "dcterms:source" not in value:  # as programs hand on what they do not know
            sources = [str(each) for each in known.citations]
        claims = _list(value.get("dcterms:hasPart"))
        is_known = known is not None
        # A note that leads to what is hidden was handed on without its Markdown.
        said = _text(value.get("dcterms:description")) or (known.body if known and known.body else "")
        if name and said and _is_edited(bodies, said):
            self._left["whose HTML is not its Markdown any more, which is what is read: change that"].append(line)
        if not (name and (said or claims or is_known)):
            said = "\n\n".join(filter(None, self._words(line, bodies, _title(value))))
        elif claims and not is_known:
            self._left["with claims, whose sources and certainty are left out"].append(line)
            parts = (f"- {_text(each.get('dcterms:description'))}" for each in claims if isinstance(each, dict))
            said = "\n\n".join(filter(None, (said, *parts)))
        words = [tag for tag in tags if tag and tag not in (kind, certainty)]
        if words:
            said = "\n\n".join(filter(None, (said, f"Keywords: {notes_toml.markdown(clean('; '.join(words)))}")))
        if kind != SEGMENT and not sources and not is_known:
            self._left["written as a segment: it names no source, as one of another kind has to"].append(line)
            kind = SEGMENT
        if not name and (value.get("creator") or value.get("created")):
            self._left["without who wrote it, and when"].append(line)
        title = _kept(_title(value)).replace("\n", " ") or _beginning(said) or "Note"
        return {
            "id": name,
            "kind": kind,
            "title": title,
            **place.cells,
            "certainty": certainty,
            "sources": joined(sources),
            "body": _kept(said),
        }

    def _words(self, line: int, bodies: Sequence[Any], title: str) -> Iterator[str]:
        for each in bodies:
            if isinstance(each, str):
                if _is_address(each):
                    self._left["without a body that stands elsewhere"].append(line)
                else:
                    yield notes_toml.markdown(_kept(each)).strip()
            elif isinstance(each, dict) and not _is_tag(each):
                words = _text(each.get("value"))
                form = _text(each.get("format")).partition(";")[0].strip().lower()
                if not words:
                    self._left["without a body that stands elsewhere"].append(line)
                elif form == "text/markdown":
                    yield _kept(words)
                elif form == "text/html":
                    found = paragraphs(words)
                    # Of one that this program wrote, the title is the first.
                    found = found[1:] if found[:1] == [" ".join(title.split())] else found
                    yield "\n\n".join(notes_toml.markdown(_kept(each)) for each in found)
                else:
                    yield notes_toml.markdown(_kept(words)).strip()


def _kept(text: str) -> str:
    """Give a text without the signs that none in an archive has; all else, such as Markdown's blanks, stays."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign in "\n\t" or category(sign) not in {"Cc", "Cs", "Zl", "Zp"}).strip()


def _is_blank(value: dict[str, Any]) -> bool:
    """Tell whether an annotation says nothing: what its body leads to elsewhere is not fetched."""
    bodies = _list(value.get("body")) + _list(value.get("bodyValue"))
    words = (
        "".join(paragraphs(_text(each.get("value")))) if isinstance(each, dict) else _text(each)
        for each in bodies
        if not (isinstance(each, str) and _is_address(each))
    )
    said = (_title(value), _text(value.get("dcterms:description")), *words)
    return not (any(map(_kept, said)) or value.get("dcterms:hasPart"))


def _is_address(text: str) -> bool:
    return "://" in text and " " not in text.strip()


def _is_tag(body: dict[str, Any]) -> bool:
    return bool({"tagging", "classifying"} & set(map(_text, _list(body.get("purpose")))))


def _is_edited(bodies: Sequence[Any], said: str) -> bool:
    """Tell whether a body does not have the words any more that the Markdown beside it has."""
    found = [_text(each.get("value")) for each in bodies if isinstance(each, dict) and not _is_tag(each)]
    return bool(found) and not any(_letters(plain(said)) in _letters("".join(paragraphs(each))) for each in found)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _title(value: dict[str, Any]) -> str:
    """Give the label of an annotation; one of IIIF has it by languages."""
    found = value.get("label", value.get("dcterms:title"))
    if isinstance(found, dict):
        found = next((each for texts in found.values() for each in _list(texts)), None)
    return _text(found)


def _beginning(said: str) -> str:
    plain = re.sub(r"\\([^\w\s])", r"\1", said.strip().partition("\n")[0])
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST].rpartition(' ')[0] or plain[:_LONGEST]}…"


def _sources(value: Any) -> Iterator[str]:
    for each in _list(value):
        said = each.get("dcterms:bibliographicCitation") if isinstance(each, dict) else None
        found = parse_citation(clean(said).replace("\n", " ")) if isinstance(said, str) else None
        if found is not None:
            yield str(found)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    """Give a text without what no text can have; empty where the value is none."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
