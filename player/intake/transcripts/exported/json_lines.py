"""Reads back the JSON that this program exports, as its schema has it: all of it, or nothing.

What belongs to the recording and not to its words, such as terms, is not taken from it. A line that stands in place of
what is closed is no line.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from player.archive.doubt_marks import Mark, written
from player.archive.machine import UNKNOWN, MachineMade
from player.archive.references import Citation, parse_citation
from player.archive.transcript import Turn
from player.archive.webvtt.blocks import ARROW
from player.errors import ArchiveError, Fault, quoted
from player.intake.transcripts.exported.json_shape import Misfit, called, lines_of, misfits
from player.intake.transcripts.imported import Deed, Imported, ImportedLine, Remark
from player.intake.transcripts.machines import machine_named
from player.intake.transcripts.programs.json_values import decoded, looks_like, parsed
from player.intake.transcripts.told import Told
from player.publish.transcripts.json_lines import FORMAT, VERSION, schema
from player.timecode import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.intake.transcripts.exported.json_shape import Place

NAME: Final = "json"
SUFFIXES: Final = ()

#: So many faults of a file are named.
MOST: Final = 20
_REMEDY: Final = "correct it, or export it again; what it has to be is in /transcript.schema.json of any such archive"
_OF_ARCHIVE: Final = (
    "its terms, its citation and what it says of sources and of who speaks, which the archive says itself"
)
# What the archive's own record or the program says by itself wherever it shows the words.
_OWN_KINDS: Final = frozenset({"machine", "translation"})


def is_one(path: Path, content: bytes) -> bool:  # noqa: ARG001  # the name says nothing
    """Tell whether a file says that it is such a transcript."""
    return looks_like(content, b'"format"', f'"{FORMAT}"'.encode())


def read(path: Path, content: bytes) -> Imported:
    """Read a file.

    :raise ArchiveError: naming what in it is not as the schema has it, or says two things; then nothing of it is read.
    """
    told = Told()
    document: Any = parsed(path, content, told)
    text = decoded(content, Told())
    if isinstance(document, dict) and document.get("format") == FORMAT and document.get("version") != VERSION:
        what = f'its "version" is {json.dumps(document.get("version"))[:9]}, and {VERSION} is what can be read here'
        remedy = "export it again, or install a later release of tape-player"
        raise ArchiveError([Fault(path, lines_of(text, [("version",)]).get(("version",)), what, remedy)])
    _refuse(path, text, misfits(document, json.loads(schema())))
    _refuse(path, text, _contradictions(document["lines"]))
    if document["translation"] is not None:
        what = f"this is a translation, into {quoted(document['language'])}, and not what was said"
        remedy = "export the recording without --language; a translation is brought in as transcript.<language>.vtt"
        raise ArchiveError([Fault(path, lines_of(text, [("translation",)]).get(("translation",)), what, remedy)])
    said = [each for each in document["lines"] if not each["closed"]]
    _tell(document, told)
    recording = document["recording"]
    return Imported(
        "JSON of tape-player",
        tuple(map(_line, said)),
        (*told.remarks(), *_of_machine(document["machine"], said), Remark(Deed.LEFT_OUT, _OF_ARCHIVE)),
        language=document["language"],
        title=recording["title"] or None,
        date=recording["date"] or None,
        machine=_machine(document["machine"]),
        is_whole=False,
        notices=tuple(
            f"{each['name']}: {each['text']}" if each["name"] else each["text"]
            for each in document["notices"]
            if each["kind"] not in _OWN_KINDS
        ),
    )


def _refuse(path: Path, text: str, found: Iterator[Misfit]) -> None:
    first = list(islice(found, MOST))
    if not first:
        return
    # Of what is missing, or not reckoned with, the line is that of what it stands in.
    lines = lines_of(text, [each.place[:depth] for each in first for depth in range(len(each.place) + 1)])
    raise ArchiveError(
        Fault(
            path,
            next(
                (lines[each.place[:depth]] for depth in range(len(each.place), -1, -1) if each.place[:depth] in lines),
                1,
            ),
            f"{quoted(called(each.place)) if each.place else 'the whole'} is not as it should be: {each.what}",
            _REMEDY,
        )
        for each in first
    )


def _contradictions(lines: Sequence[dict[str, Any]]) -> Iterator[Misfit]:
    """Find what no schema can say: what of a line does not fit the rest of it."""
    ids: set[str] = set()
    for number, line in enumerate(lines):
        place = ("lines", number)
        words = line["text"].split()
        start, end = line["start"], line["end"]
        if line["id"] in ids:
            yield Misfit((*place, "id"), "another line has this identifier")
        ids.add(line["id"])
        if max(start or 0, end or 0) > LONGEST:
            yield Misfit((*place, "start"), "no recording is so long")
        if end is not None and (start is None or end <= start):
            yield Misfit((*place, "end"), "the line ends no later than it begins")
        if [word for turn in line["turns"] for word in turn["text"].split()] != words:
            yield Misfit((*place, "turns"), "they do not say the words of the text, in its order")
        if line["words"] and (start is None or len(line["words"]) != len(words)):
            yield Misfit((*place, "words"), f"there are {len(line['words'])} times, and {len(words)} words to be timed")
        yield from _wrong_words(line, place, len(words))


def _wrong_words(line: dict[str, Any], place: Place, count: int) -> Iterator[Misfit]:
    has = f"the text has {count} words, counted from 0"
    if max(line["unsure"], default=-1) >= count:
        yield Misfit((*place, "unsure"), has)
    for at, doubt in enumerate(line["doubts"]):
        if not doubt["first"] <= doubt["last"] < count:
            yield Misfit((*place, "doubts", at), has)
        elif not all(reading["text"].strip() for reading in doubt["readings"]):
            yield Misfit((*place, "doubts", at), "how else they are read has no words")
    for at, citation in enumerate(line["sources"]):
        if parse_citation(citation["source"]) != Citation(citation["source"]):
            yield Misfit((*place, "sources", at), "it does not name a source by its identifier")


def _line(line: dict[str, Any]) -> ImportedLine:
    start = None if line["start"] is None else int(line["start"])
    turns = tuple(Turn(turn["speaker"], turn["text"]) for turn in line["turns"])
    return ImportedLine(
        line["text"],
        turns if any(turn.speaker for turn in turns) else (),
        start,
        None if line["end"] is None else int(line["end"]),
        line["approximate"],
        tuple(None if each is None else int(each) - (start or 0) for each in line["words"]),
        page=line["page"],
        id=line["id"],
        citations=tuple(Citation(each["source"], each["locator"]) for each in line["sources"]),
        opens_paragraph=line["paragraph"],
        comments=tuple(_doubts(line)),
    )


def _doubts(line: dict[str, Any]) -> Iterator[str]:
    words = line["text"].split()
    for doubt in line["doubts"]:
        first, last = int(doubt["first"]), int(doubt["last"])
        named = " ".join(words[first : last + 1])
        if doubt["doubtful"]:
            yield written(Mark(first, last, named))
        for reading in doubt["readings"]:
            by = " ".join((reading["by"] or "").split()).replace(ARROW, "\N{RIGHTWARDS ARROW}")
            yield written(Mark(first, last, named, " ".join(reading["text"].split()), by or None))


def _machine(said: dict[str, Any] | None) -> MachineMade | None:
    """Give the machine that wrote the words, by what of its name a header can hold."""
    if said is None:
        return None
    named = ", ".join(each or UNKNOWN for each in (said["program"], said["model"], said["date"]))
    return machine_named(named) or MachineMade(UNKNOWN)


def _of_machine(said: dict[str, Any] | None, lines: Sequence[dict[str, Any]]) -> Iterator[Remark]:
    checked = 0 if said is None else sum(not line["unchecked"] for line in lines)
    if checked:
        what = "1 line is" if checked == 1 else f"{checked} lines are"
        so = "says not by whom; if somebody has checked all of it, say --checked-by"
        yield Remark(Deed.LEFT_OUT, f"that {what} checked: the file {so}")


def _tell(document: dict[str, Any], told: Told) -> None:
    """Tell what of the file does not become part of a transcript."""
    lines = document["lines"]
    what = "that stands in place of what is closed", "that stand in place of what is closed"
    told.left_out(f"line {what[0]}", f"lines {what[1]}", count=sum(line["closed"] for line in lines))
    said = "with words of which the machine was not sure"
    told.left_out(
        f"line {said}, not how sure", f"lines {said}, not how sure", count=sum(bool(line["unsure"]) for line in lines)
    )
    parts = sum(len(line["parts"]) for line in lines)
    told.left_out(
        "title of a part, which recording.toml says", "titles of parts, which recording.toml says", count=parts
    )
