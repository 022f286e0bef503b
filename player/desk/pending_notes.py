"""Reads what the desk is to note at a passage, keeps it with the working copy, and writes it into annotations.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.archive.annotations import ANNOTATION_KINDS, SEGMENT
from player.archive.references import parse_citation
from player.archive.toml.editing import EditError
from player.archive.toml.values import control_in, without_controls
from player.desk.refusals import DeskError
from player.errors import ArchiveError, Fault, quoted
from player.intake import notes_toml
from player.timecode import display

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from player.archive.toml.editing import Value
    from player.desk.progress import Progress

#: The file of a recording's notes.
FILE: Final = "annotations.toml"

_LONGEST: Final = 20_000  # letters of a note
_LONGEST_TITLE: Final = 200
_MOST: Final = 20  # sources of a note
_WORDS: Final = 6  # of a line, that name a note which has no title
_LATEST: Final = 10**12  # milliseconds: a recording of thirty years
_MARK: Final = "\ufeff"


def note_of(operation: Mapping[str, Any], progress: Progress, known: Collection[str] | None) -> dict[str, Any]:
    """Give what an operation notes; ``known`` are the ids of the bibliography, None where it cannot be read.

    :raise DeskError: where it is no note.
    """
    kind = operation.get("kind")
    if not isinstance(kind, str) or kind not in ANNOTATION_KINDS:
        raise DeskError("It is not said what the note is about", f"Choose one of {', '.join(ANNOTATION_KINDS)}")
    text = _text(operation.get("text", ""), "The note", _LONGEST)
    if not text and kind != SEGMENT:
        raise DeskError("The note says nothing", "Write what a listener should know")
    found: dict[str, Any] = {"kind": kind, "text": text, "sources": _sources(operation, kind, known)}
    title = _text(operation.get("title", ""), "The title", _LONGEST_TITLE)
    if (name := operation.get("id")) is not None:
        line = next((line for line in progress.lines if line.id == name), None)
        if line is None:
            raise DeskError("There is no such line", "Choose one that is there")
        found["id"] = name
        title = title or _beginning(line.text)
    else:
        start, end = (_moment(operation.get(key)) for key in ("start", "end"))
        if start is None or end is None:
            raise DeskError("It is not said where the note belongs", "Choose a line, or a start and an end")
        if end <= start:
            raise DeskError("The passage ends before it starts", "Choose another end")
        found |= {"start": start, "end": end}
        title = title or f"At {display(start)}"
    return {**found, "title": title}


def with_notes(
    path: Path, before: bytes | None, notes: Iterable[Mapping[str, Any]], now: Callable[[str], str]
) -> bytes:
    """Give the bytes of annotations.toml at ``path`` with further notes; ``before`` is None where there is none yet.

    ``now`` gives what to write of a line's identifier at which one was made.

    :raise ArchiveError: where the file is written in a way that cannot be added to.
    """
    text = (before or b"").decode("utf-8", errors="strict")
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(_MARK)
    try:
        taken = set(notes_toml.identifiers(text))
        added = []
        for note in notes:
            name = notes_toml.identifier(str(note["title"]), taken)
            taken.add(name)
            added.append(_table(name, note, now))
        return f"{mark}{notes_toml.changed(text, {}, added)}".encode()
    except (EditError, UnicodeDecodeError):
        what = "a note cannot be added to this, as it is written"
        raise ArchiveError([Fault(path, None, what, "correct the file, and write again")]) from None


def _table(name: str, note: Mapping[str, Any], now: Callable[[str], str]) -> dict[str, Value]:
    found: dict[str, Value] = {"id": name, "kind": str(note["kind"]), "title": str(note["title"])}
    if note["text"]:
        found["body"] = str(note["text"])
    if note["sources"]:
        found["sources"] = [str(each) for each in note["sources"]]
    if "id" in note:
        found["cue"] = now(str(note["id"]))
    else:
        found |= {"start": display(int(note["start"])), "end": display(int(note["end"]))}
    return found


def _sources(operation: Mapping[str, Any], kind: str, known: Collection[str] | None) -> Sequence[str]:
    told = operation.get("sources", [])
    if not isinstance(told, list) or len(told) > _MOST or not all(isinstance(each, str) for each in told):
        raise DeskError("The sources cannot be read", "Choose some from the bibliography")
    for each in told:
        citation = parse_citation(each)
        if citation is None or (known is not None and citation.source not in known):
            raise DeskError(f"The bibliography has no source {quoted(each)}", "Choose one that it has")
    if not told and kind != SEGMENT and known is None:
        what = "A note rests on a source, and the bibliography of this archive cannot be read"
        raise DeskError(what, "Correct transcripts/sources.toml: player check names what is wrong; and reload the page")
    if not told and kind != SEGMENT and not known:
        what = "A note rests on a source, and the bibliography of this archive has none yet"
        raise DeskError(what, "Write one into transcripts/sources.toml, and reload the page")
    if not told and kind != SEGMENT:
        raise DeskError("It is not said what the note rests on", "Choose a source")
    return told


def _text(value: object, what: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise DeskError(f"{what} is no text, or too long", f"Write at most {longest:,} letters")
    if (control := control_in(value)) is not None:
        raise DeskError(f"{what} has a control character in it, U+{ord(control):04X}", "Take it out")
    return value.strip()


def _moment(value: object) -> int | None:
    is_one = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LATEST
    return value if is_one and isinstance(value, int) else None


def _beginning(text: str) -> str:
    words = without_controls(text).split()
    return " ".join(words[:_WORDS]) + ("…" if len(words) > _WORDS else "") or "A line"
