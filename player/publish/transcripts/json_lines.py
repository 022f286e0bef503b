"""Writes JSON with all that is known of each line, for programs: what it has is in ``transcript.schema.json``.

Times are milliseconds from the beginning of the recording; words and lines are counted from 0.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from player.archive.machine import LABEL
from player.publish.citation import STYLES
from player.publish.transcripts.notices import terms
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from player.archive.doubts import Doubt
    from player.archive.references import Citation
    from player.archive.sources import Source
    from player.archive.transcript import Turn
    from player.archive.translation import Translation
    from player.publish.citation import Cited
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.exported_lines import ExportedLine
    from player.publish.transcripts.notices import Notice

#: What the file says that it is, and the version of its schema.
FORMAT: Final = "tape-player transcript"
VERSION: Final = 1
_SCHEMA: Final = "transcript.schema.json"


def schema() -> bytes:
    """Give the JSON Schema of such a file."""
    return resources.files("player.publish.transcripts").joinpath(_SCHEMA).read_bytes()


def write(exported: Exported) -> bytes:
    """Write the file."""
    recording, translation = exported.recording, exported.translation
    kinds = {speaker.name: speaker.kind for speaker in recording.speaker}
    voices = dict.fromkeys(voice for line in exported.lines for voice in line.voices)
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "recording": {
            "name": recording.slug,
            "title": in_one_line(recording.title),
            "date": recording.date,
            "place": _one_line(recording.place),
            "kind": recording.kind,
            "language": recording.language,
            "identifier": _one_line(recording.identifier),
            "address": exported.cited.address or None,
        },
        "language": exported.language,
        "translation": translation_said(translation),
        "notices": [notice_said(each) for each in exported.notices],
        "machine": machine_said(exported),
        "rights": [
            {"object": each.object, "called": each.called, "uri": each.uri} for each in terms(recording, translation)
        ],
        "citation": citation_said(exported.cited),
        "sources": [source_said(each) for each in exported.sources],
        "speakers": [{"name": voice, "kind": kinds.get(voice)} for voice in voices],
        "lines": [line_said(each) for each in exported.lines],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def translation_said(translation: Translation | None) -> dict[str, str | None] | None:
    """Say who made a translation; None where the words are those that were said."""
    if translation is None:
        return None
    return {"by": _one_line(translation.translated_by), "reviewed_by": _one_line(translation.reviewed_by)}


def notice_said(notice: Notice) -> dict[str, str | None]:
    """Say what has to be known first."""
    return {"kind": notice.kind, "name": notice.name or None, "text": notice.text, "language": notice.language}


def machine_said(exported: Exported) -> dict[str, Any] | None:
    """Say what wrote the words, and how many lines nobody has checked; None where a person wrote them."""
    machine = exported.recording.transcript.machine if exported.recording.transcript else None
    if machine is None:
        return None
    return {
        "program": in_one_line(machine.program),
        "model": _one_line(machine.model),
        "date": machine.date,
        "unchecked": sum(line.is_unchecked for line in exported.lines),
        "label": LABEL if any(line.is_unchecked for line in exported.lines) else None,
    }


def citation_said(cited: Cited) -> dict[str, str]:
    """Cite in each style."""
    return {name: in_one_line(style(cited)) for name, style in STYLES}


def line_said(line: ExportedLine) -> dict[str, Any]:
    """Say all that is known of a line."""
    start = line.start or 0
    return {
        "id": line.id,
        "start": line.start,
        "end": line.end,
        "approximate": line.is_approximate,
        "text": line.text,
        "turns": [_turn(each) for each in line.turns],
        "words": [None if each is None else start + each for each in line.words],
        "language": line.language,
        "sources": [resting_said(each) for each in line.citations],
        "page": _one_line(line.page),
        "paragraph": line.opens_paragraph,
        "parts": list(line.parts),
        "unchecked": line.is_unchecked,
        "unsure": list(line.unsure),
        "doubts": [_doubt(each) for each in line.doubts],
        "closed": line.is_closed,
        "reason": _one_line(line.reason),
        "untranslated": line.is_untranslated,
        "older_since": line.older,
    }


def _turn(turn: Turn) -> dict[str, str | None]:
    return {"speaker": turn.speaker, "text": turn.text}


def _doubt(doubt: Doubt) -> dict[str, Any]:
    return {
        "first": doubt.first,
        "last": doubt.last,
        "doubtful": doubt.is_doubtful,
        "readings": [{"text": in_one_line(each.text), "by": _one_line(each.by)} for each in doubt.readings],
    }


def resting_said(citation: Citation) -> dict[str, str | None]:
    """Say what something rests on."""
    return {"source": citation.source, "locator": _one_line(citation.locator)}


def source_said(source: Source) -> dict[str, str | None]:
    """Say what a source is."""
    return {
        "id": source.id,
        "title": in_one_line(source.title),
        "author": _one_line(source.author),
        "date": source.date,
        "publication": _one_line(source.publication),
        "address": source.address if source.link else None,
    }


def _one_line(text: str | None) -> str | None:
    return in_one_line(text) or None if text else None
