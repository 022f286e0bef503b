"""Writes the XML of OHMS, the Oral History Metadata Synchronizer, version 6: transcript, footnotes and index.

https://www.weareavp.com/nunncenter/ohms/ohms.xsd. The transcript is WebVTT in which ``<c.1>`` is around what a footnote
is to; the footnotes are comments behind it. Notes of the kind ``segment`` are the points of the index, whose times are
whole seconds; all others are footnotes to the first line that they are about.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from player.archive.annotations import SEGMENT
from player.archive.languages import language
from player.archive.prose import plain
from player.publish.citation import chicago, is_plain
from player.publish.transcripts.exported_lines import by_turn
from player.publish.transcripts.marked_words import marked
from player.publish.transcripts.named_sources import described
from player.publish.transcripts.notices import terms_in_words
from player.publish.transcripts.plain_signs import in_one_line
from player.timecode import SECOND, vtt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.annotations import Annotation
    from player.archive.transcript import Cue
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine

_NAMESPACE: Final = "https://www.weareavp.com/nunncenter/ohms"
_VERSION: Final = "6.0"
# What OHMS divides a transcript and its footnotes by, where somebody says it.
_BOUND: Final = re.compile(r"\b([AT])(NNOTATIONS|RANSCRIPTION)\b")
_HOUR: Final = 3_600
_MINUTE: Final = 60


def write(exported: Exported) -> bytes:
    """Write the record of an interview."""
    recording = exported.recording
    root = ET.Element("ROOT", {"xmlns": _NAMESPACE})
    record = ET.SubElement(root, "record", {"id": recording.slug})
    _add(record, "version", _VERSION)
    day = recording.date if is_plain(recording.date) else ""
    ET.SubElement(record, "date", {"value": day, "format": "yyyy-mm-dd"})
    if not day:
        _add(record, "date_nonpreferred_format", in_one_line(recording.date))
    _add(record, "cms_record_id", recording.slug)
    _add(record, "title", in_one_line(recording.title))
    _add(record, "accession", in_one_line(recording.identifier or ""))
    lasts = max((line.until or 0 for line in exported.timed), default=0)
    _add(record, "duration", _clock(-(-lasts // SECOND)))
    original = recording.original if not recording.is_reading else None
    _add(record, "collection_name", in_one_line((original and original.collection) or ""))
    _add(record, "series_name", in_one_line(recording.series or ""))
    _add(record, "repository", in_one_line((original and original.repository) or ""))
    for speaker in recording.speaker:
        if speaker.role in {"interviewee", "interviewer"}:
            _add(record, speaker.role, in_one_line(speaker.name))
    _add(record, "sync", "")
    _add(record, "media_url", "")
    _add(record, "language", language(exported.language).name)
    _add(record, "user_notes", " ".join(map(str, exported.notices)))
    _index(record, exported)
    _add(record, "type", "interview")
    _add(record, "description", in_one_line(recording.summary or ""))
    _add(record, "rights", terms_in_words(recording, exported.translation))
    _add(record, "usage", in_one_line(chicago(exported.cited)))
    if any(True for _ in exported.timed):
        _add(record, "vtt_transcript", _vtt(exported))
    else:
        _add(record, "transcript", "\n\n".join(_plainly(exported)) or "No transcript.")
    ET.indent(root, " ")
    content: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content + b"\n"


def _index(record: ET.Element, exported: Exported) -> None:
    index = ET.SubElement(record, "index")
    for note in exported.recording.annotations:
        if note.kind == SEGMENT and note.span is not None:
            point = ET.SubElement(index, "point")
            _add(point, "time", str(note.span.start // SECOND))
            _add(point, "title", _escaped(in_one_line(note.title)))
            _add(point, "partial_transcript", "")
            _add(point, "synopsis", _escaped(" ".join(_said(note, exported, with_title=False))))
            _add(point, "keywords", "")
            _add(point, "subjects", "")


def _vtt(exported: Exported) -> str:
    """Write the lines that are timed, and the footnotes to them."""
    at = _footnoted(exported)
    numbers = {note.id: number for number, note in enumerate((note for notes in at.values() for note in notes), 1)}
    parts = ["WEBVTT", "NOTE\nTRANSCRIPTION BEGIN"]
    for line in exported.timed:
        said = " ".join(_turn(turn) for turn in by_turn(line))
        for note in at.get(line.id, ()):
            said = _around(said, numbers[note.id])
        parts.append(f"{vtt(line.start or 0)} --> {vtt(line.until or 1)}\n{said}")
    parts.append("NOTE\nTRANSCRIPTION END")
    if numbers:
        title = _escaped(in_one_line(exported.recording.title))
        parts.append(f"NOTE\nANNOTATIONS BEGIN\nAnnotation Set Title: {title}")
        for notes in at.values():
            for note in notes:
                text = _escaped(" ".join(_said(note, exported, with_title=True)))
                parts.append(f'NOTE\n<annotation ref="{numbers[note.id]}">{text}</annotation>')
        parts.append("NOTE\nANNOTATIONS END")
    return "\n\n".join(parts) + "\n"


def _footnoted(exported: Exported) -> dict[str, list[Annotation]]:
    """Give the notes that are footnotes, by the first line that each is about."""
    transcript = exported.recording.transcript
    cues = transcript.cues if transcript else ()
    found: dict[str, list[Annotation]] = defaultdict(list)
    timed = {line.id for line in exported.timed}
    for note in exported.recording.annotations:
        name = note.cue[0] if note.cue else _first(cues, note)
        if note.kind != SEGMENT and name in timed and name is not None:
            found[name].append(note)
    order = {line.id: number for number, line in enumerate(exported.lines)}
    return {name: found[name] for name in sorted(found, key=order.__getitem__)}


def _first(cues: tuple[Cue, ...], note: Annotation) -> str | None:
    span = note.span
    return next((cue.id for cue in cues if cue.span.overlaps(span)), None) if span is not None else None


def _turn(line: ExportedLine) -> str:
    text = _escaped(" ".join(marked(line, with_unsure=False).split()))
    return f"<v {_escaped(line.voices[0])}>{text}</v>" if line.voices else text


def _around(said: str, number: int) -> str:
    """Put what a footnote is to into its class: the words of the first voice."""
    head, bracket, rest = said.partition(">") if said.startswith("<v ") else ("", "", said)
    words, end, more = rest.partition("</v>") if bracket else (rest, "", "")
    return f"{head}{bracket}<c.{number}>{words}</c>{end}{more}"


def _said(note: Annotation, exported: Exported, *, with_title: bool) -> Iterator[str]:
    sources = {each.id: each for each in (*exported.sources, *exported.sources_of_notes)}
    if with_title:
        yield f"{in_one_line(note.title).rstrip('.')}."
    if note.body:
        yield in_one_line(plain(note.body))
    for claim in note.claims:
        rest = "; ".join((claim.certainty, *(described(each, sources).rstrip(".") for each in claim.citations)))
        yield in_one_line(f"{plain(claim.says)} ({rest})")
    if note.certainty:
        yield f"Certainty: {note.certainty}."
    if note.citations:
        yield f"Sources: {'; '.join(described(each, sources).rstrip('.') for each in note.citations)}."


def _plainly(exported: Exported) -> Iterator[str]:
    for line in exported.lines:
        for turn in by_turn(line):
            text = " ".join(marked(turn, with_unsure=False).split())
            yield f"{turn.voices[0].upper()}: {text}" if turn.voices else text


def _escaped(text: str) -> str:
    """Give words so that neither WebVTT nor HTML has a tag in them, and none is taken for a bound of the notes."""
    return _BOUND.sub(lambda found: f"&#{ord(found[1])};{found[2]}", html.escape(text, quote=False))


def _clock(seconds: int) -> str:
    return f"{seconds // _HOUR:02}:{seconds % _HOUR // _MINUTE:02}:{seconds % _MINUTE:02}"


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
