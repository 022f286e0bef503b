"""Tells from the elements of a header (FADGI) whether a machine wrote the words, where no label says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from player.archive.machine import UNKNOWN, MachineMade
from player.archive.webvtt.blocks import ARROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    Header = Sequence[tuple[str, str]]

ORIGIN: Final = "Origin History"
CREATOR: Final = "File Creator"
CREATED: Final = "File Creation Date"
# What recognises speech, by the names under which archives write it down.
PROGRAM: Final = re.compile(
    r"\b(?:faster-whisper|whisper ?x|whisper\.cpp|(?:openai[ -])?whisper|amazon transcribe|aws transcribe|deepgram"
    r"|google (?:cloud )?speech(?:-to-text)?|azure (?:ai )?speech|ibm watson|assembly ?ai|speechmatics|vosk|kaldi"
    r"|otter(?:\.ai)?|youtube)\b",
    re.IGNORECASE,
)
_BY_MACHINE: Final = re.compile(
    r"\b(?:automatic(?:ally)? (?:speech|caption|transcri|generated)\w*|auto-?(?:generated|transcribed)|asr"
    r"|speech(?: |-to-|-)(?:recognition|text)|(?:machine|computer|ai)[ -](?:generated|transcribed|made|transcript)\w*"
    r"|made by a machine)\b",
    re.IGNORECASE,
)
# That people had a hand in it; and that they had none.
BY_PEOPLE: Final = re.compile(
    r"\b(?:correct|edit|review|proof-?read|check|verif|human|revis|by hand|manual|typed|transcriber)\w*", re.IGNORECASE
)
BY_NOBODY: Final = re.compile(
    r"\b(?:un(?:corrected|edited|reviewed|checked|verified|revised)"
    r"|(?:not|never|nobody has|no one has|without|no)(?: been)?(?: yet)?(?: human| manual)? "
    r"(?:correct|edit|review|proof-?read|check|verif|revis)\w*)",
    re.IGNORECASE,
)
_MODEL: Final = re.compile(r",?\s*\(?\bmodel:?\s+([^\s,;()]+)\)?", re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 100


def by_header(header: Header) -> MachineMade | None:
    """Give the machine that the elements of a header name, if they name no people beside it."""
    said = dict(reversed(header))
    creator, origin = said.get(CREATOR, ""), said.get(ORIGIN, "")
    told = BY_NOBODY.sub(" ", f"{creator}\n{origin}")
    if BY_PEOPLE.search(told) or not (PROGRAM.search(creator) or _BY_MACHINE.search(f"{creator}\n{origin}")):
        # A program that is named in a history may have done anything to the file.
        return None
    model = _MODEL.search(creator) or _MODEL.search(origin)
    named = PROGRAM.search(creator) or PROGRAM.search(origin)
    program = UNKNOWN
    if named is not None:
        program = _MODEL.sub("", creator) if named.string is creator else named[0]
    day = _DAY.match(said.get(CREATED, ""))
    return MachineMade(called(program) or UNKNOWN, model and called(model[1]), day and day[0])


def called(name: str | None) -> str | None:
    """Give the name of a program or a model as a header can hold it; None where nothing is left."""
    if not isinstance(name, str):
        return None
    plain = "".join(sign if sign.isprintable() else " " for sign in name).replace(ARROW, " ")
    return " ".join(re.sub("[,;]", " ", plain).split())[:_LONGEST].strip() or None
