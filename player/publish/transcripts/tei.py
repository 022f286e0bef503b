"""Writes TEI P5, for editions and corpora: what is said as a transcription of speech, with a timeline and notes.

https://tei-c.org/release/doc/tei-p5-doc/en/html/TS.html: a line is ``u``, or one for each voice in it; moments are
``when`` of a ``timeline``, in milliseconds from the beginning of the recording. What is closed is a ``gap``.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import player
from player.archive.languages import language
from player.archive.prose import plain
from player.publish.citation import chicago, is_plain
from player.publish.transcripts.exported_lines import by_turn
from player.publish.transcripts.marked_words import marked
from player.publish.transcripts.named_sources import described
from player.publish.transcripts.notices import terms
from player.publish.transcripts.plain_signs import in_one_line
from player.publish.transcripts.tei_words import put_words
from player.timecode import fragment

if TYPE_CHECKING:
    from player.archive.annotations import Annotation
    from player.archive.references import Citation
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine

_NAMESPACE: Final = "http://www.tei-c.org/ns/1.0"
_ID: Final = "xml:id"
#: What the interface, and so notes and notices, are written in.
_OWN: Final = "en"


def write(exported: Exported) -> bytes:
    """Write the transcript as a document."""
    root = ET.Element("TEI", {"xmlns": _NAMESPACE, "xml:lang": _OWN})
    voices = dict.fromkeys(voice for line in exported.lines for voice in line.voices)
    people = {voice: f"voice-{number}" for number, voice in enumerate(voices, 1)}
    _head(root, exported, people)
    text = _add(root, "text", **{"xml:lang": exported.language})
    moments = sorted({at for line in exported.timed for at in (line.start, line.end) if at is not None})
    _timeline(text, moments)
    body = _add(text, "body")
    block = _add(body, "div", type="transcript")
    page: str | None = None
    resting = _resting(exported)
    for number, line in enumerate(exported.lines):
        if line.opens_paragraph and number:
            _add(block, "milestone", unit="paragraph")
        if line.page is not None and line.page != page:
            _add(block, "pb", n=in_one_line(line.page))
            page = line.page
        _line(block, line, people, resting)
    _notes(body, exported)
    ET.indent(root, " ")
    content: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content + b"\n"


def _head(root: ET.Element, exported: Exported, people: dict[str, str]) -> None:
    head = _add(root, "teiHeader")
    file = _add(head, "fileDesc")
    _add(_add(file, "titleStmt"), "title", in_one_line(exported.recording.title))
    _publication(file, exported)
    if exported.notices:
        notes = _add(file, "notesStmt")
        for notice in exported.notices:
            _add(notes, "note", str(notice), type=notice.kind, **{"xml:lang": notice.language})
    _sources(file, exported)
    program = _add(_add(head, "encodingDesc"), "appInfo")
    _add(_add(program, "application", ident="tape-player", version=player.__version__), "label", "tape-player")
    profile = _add(head, "profileDesc")
    tag = exported.language
    _add(_add(profile, "langUsage"), "language", language(tag).name, ident=tag)
    if people:
        listing = _add(_add(profile, "particDesc"), "listPerson")
        for voice, name in people.items():
            _add(_add(listing, "person", **{_ID: name}), "persName", voice)


def _publication(file: ET.Element, exported: Exported) -> None:
    recording = exported.recording
    published = _add(file, "publicationStmt")
    _add(published, "publisher", in_one_line(recording.responsible_party or "The archive that keeps the recording"))
    for kind, identifier in (("URI", exported.cited.address), ("local", recording.identifier or recording.slug)):
        if identifier:
            _add(published, "idno", in_one_line(identifier), type=kind)
    availability = _add(published, "availability")
    of_it = terms(recording, exported.translation)
    for each in of_it:
        _add(availability, "licence", f"{each.called} ({each.object})", target=each.uri)
    if not of_it:
        _add(availability, "p", "The terms are not stated.")


def _sources(file: ET.Element, exported: Exported) -> None:
    source = _add(file, "sourceDesc")
    made = _add(_add(source, "recordingStmt"), "recording", type="audio")
    day = exported.recording.date
    _add(made, "date", in_one_line(day), **({"when": day} if is_plain(day) else {}))
    _add(made, "p", in_one_line(chicago(exported.cited)))
    there = (*exported.sources, *exported.sources_of_notes)
    listed = _add(source, "listBibl") if there else source
    for each in there:
        bibl = _add(listed, "bibl", **{_ID: f"source-{each.id}"})
        said = {"author": each.author, "title": each.title, "publisher": each.publication, "date": each.date}
        for name, text in said.items():
            if text:
                _add(bibl, name, in_one_line(text))
        if each.address and each.link:
            _add(bibl, "ptr", target=each.address)
    for citation, name in _resting(exported).items():
        if citation.locator:
            bibl = _add(listed, "bibl", **{_ID: name}, corresp=f"#source-{citation.source}")
            _add(bibl, "citedRange", in_one_line(citation.locator))


def _resting(exported: Exported) -> dict[Citation, str]:
    """Name what lines rest on: a source, or a place in it."""
    known = {each.id for each in exported.sources}
    named = dict.fromkeys(each for line in exported.lines for each in line.citations if each.source in known)
    places: dict[str, int] = {}
    found: dict[Citation, str] = {}
    for each in named:
        if each.locator:
            places[each.source] = places.get(each.source, 0) + 1
        found[each] = f"source-{each.source}{f'.{places[each.source]}' if each.locator else ''}"
    return found


def _timeline(text: ET.Element, moments: list[int]) -> None:
    if not moments:
        return
    timeline = _add(text, "timeline", unit="ms", origin="#t0")
    for at in (0, *(at for at in moments if at)):
        since = {"interval": str(at), "since": "#t0"} if at else {}
        _add(timeline, "when", **{_ID: f"t{at}", **since})


def _line(block: ET.Element, line: ExportedLine, people: dict[str, str], resting: dict[Citation, str]) -> None:
    times = {name: f"#t{at}" for name, at in (("start", line.start), ("end", line.end)) if at is not None}
    sources = " ".join(dict.fromkeys(f"#{resting[each]}" for each in line.citations if each in resting))
    if line.is_closed:
        gap = _add(block, "gap", reason="closed", **{_ID: f"line-{line.id}"})
        _add(gap, "desc", in_one_line(marked(line)))
        return
    numbers = count(1)
    for turn in by_turn(line):
        number = next(numbers)
        voice = turn.voices[0] if turn.voices else None
        attributes = {
            _ID: f"line-{line.id}" if number == 1 else f"line-{line.id}.{number}",
            "who": f"#{people[voice]}" if voice else None,
            **(times if number == 1 else {}),
            "decls": sources or None,
            "cert": "low" if line.is_approximate else None,
            "xml:lang": line.language,
        }
        kept = {name: value for name, value in attributes.items() if value}
        put_words(_add(block, "u", **kept), turn)


def _notes(body: ET.Element, exported: Exported) -> None:
    """Put the notes behind the transcript, each with where it belongs."""
    found = exported.recording.annotations
    if not found:
        return
    block = _add(body, "div", type="notes", **{"xml:lang": _OWN})
    there = {line.id for line in exported.lines}
    for note in found:
        target = [f"#line-{name}" for name in dict.fromkeys(note.cue or ()) if name in there]
        said = _add(
            block,
            "note",
            type=note.kind,
            **{_ID: f"note-{note.id}"},
            **({"target": " ".join(target)} if target else {}),
        )
        _add(said, "label", in_one_line(note.title))
        if note.span is not None:
            _add(said, "time", f"{fragment(note.span.start)} s to {fragment(note.span.end)} s")
        for text in _said(note, exported):
            _add(said, "p", text)


def _said(note: Annotation, exported: Exported) -> list[str]:
    sources = {each.id: each for each in (*exported.sources, *exported.sources_of_notes)}
    said = [in_one_line(plain(note.body))] if note.body else []
    for claim in note.claims:
        rest = "; ".join(described(each, sources).rstrip(".") for each in claim.citations)
        said.append(in_one_line(f"{plain(claim.says)} ({claim.certainty}; {rest})"))
    if note.certainty:
        said.append(f"Certainty: {note.certainty}.")
    if note.citations:
        said.append(f"Sources: {'; '.join(described(each, sources).rstrip('.') for each in note.citations)}.")
    return said


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element
