"""Tells of what was read whether a machine wrote its words, and which, as far as the file says.

A reader that knows a recogniser's own form says so itself. Here is asked what any file may say: in the elements of its
header (FADGI, Guidelines for Embedding Metadata in WebVTT Files 1.0, 2024), or by how sure it is of its words, which
nobody writes by hand. Who has only words cannot be told from a typist: then whoever brings them has to say.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from player.archive.machine import (
    LABEL,
    REVIEWED,
    TRANSCRIBED,
    UNKNOWN,
    MachineMade,
    Review,
    machine_made,
    reviewed,
    with_item,
)
from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.header import USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.intake.transcripts.imported import Imported, ImportedLine

    Header = Sequence[tuple[str, str]]

ORIGIN: Final = "Origin History"
#: What the history of a file says whose words are a machine's.
UNREVIEWED: Final = "nobody has checked it"
_HISTORY: Final = f"Made by a machine from the sound; {UNREVIEWED}."
_CREATOR: Final = "File Creator"
_CREATED: Final = "File Creation Date"
#: Elements that say how the words came about, and are no longer true where others take their place.
OF_ORIGIN: Final = frozenset({ORIGIN, _CREATOR, _CREATED})

# What recognises speech, by the names under which archives write it down.
_PROGRAM: Final = re.compile(
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
_BY_PEOPLE: Final = re.compile(
    r"\b(?:correct|edit|review|proof-?read|check|verif|human|revis|by hand|manual|typed|transcriber)\w*", re.IGNORECASE
)
_BY_NOBODY: Final = re.compile(
    r"\b(?:un(?:corrected|edited|reviewed|checked|verified|revised)"
    r"|(?:not|never|nobody has|no one has|without|no)(?: been)?(?: yet)?(?: human| manual)? "
    r"(?:correct|edit|review|proof-?read|check|verif|revis)\w*)",
    re.IGNORECASE,
)
_MODEL: Final = re.compile(r",?\s*\(?\bmodel:?\s+([^\s,;()]+)\)?", re.IGNORECASE)
# What stands above the first line, as Deepgram writes it; and how Teams calls lines.
_SIGNED: Final = re.compile(
    rf"\b(?:transcription provided|transcribed|(?:auto-?)?generated|created) (?:by|with|using) ({_PROGRAM.pattern})",
    re.IGNORECASE,
)
_CREATED_ON: Final = re.compile(r"\bCreated:? ([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")
_OF_TEAMS: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9]+-[0-9]+")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 100


#: What is told of a file in a form that both people and machines write.
UNTOLD: Final = (
    "words that a person or a machine may have written, which it does not say; if a machine did, say --machine"
)


#: What is said of words that people typed, in place of a machine: none of what is there counts as a machine's then.
BY_HAND: Final = MachineMade("")


class NoMachineError(ValueError):
    """Somebody has checked what no machine wrote, as far as is known."""


def with_machine(imported: Imported, said: MachineMade | None, checked: Review | None) -> Imported:
    """Give what was read with the machine that wrote it in its header, where one did.

    ``said`` is what whoever brings it knows of that, and ``checked`` who has reviewed its words.

    :raise NoMachineError: where somebody has, and nothing says that a machine wrote them.
    """
    there = machine_made(imported.header)
    found = there or imported.machine or _by_header(imported.header) or _by_lines(imported.lines)
    machine = _known(said, found or _by_confidence(imported))
    if machine is None:
        if checked is not None:
            raise NoMachineError
        return imported
    header = imported.header
    if machine != there:
        header = with_item(header, TRANSCRIBED, machine)
    if checked is not None:
        header = with_item(header, REVIEWED, checked)
    header = with_history(header, reviewed(header))
    lines = tuple(
        replace(line, comments=tuple(each for each in line.comments if each != LABEL)) if line.comments else line
        for line in imported.lines
    )
    return replace(imported, header=header, lines=lines, machine=machine)


def with_history(header: Header, review: Review | None) -> tuple[tuple[str, str], ...]:
    """Give a header whose history of a machine's words says whether they were reviewed."""
    histories = [value for name, value in header if name == ORIGIN]
    if not histories:
        return (*header, (ORIGIN, history(_HISTORY, review)))
    return tuple((name, history(value, review) if name == ORIGIN else value) for name, value in header)


def history(text: str, review: Review | None) -> str:
    """Give a history with who has reviewed the words, where it says that nobody has."""
    return text if review is None else text.replace(UNREVIEWED, reviewed_by(review))


def reviewed_by(review: Review) -> str:
    """Say in a history who has reviewed the words."""
    return f"reviewed by {review.name} on {review.date}"


def machine_named(text: str) -> MachineMade | None:
    """Read what somebody calls a machine: ``Whisper``, or ``Whisper, large-v3, 2026-11-29``; None where it is none."""
    plain = text.strip(" ,")
    program, *rest = (part.strip() for part in plain.split(","))
    is_one = plain.isprintable() and ARROW not in plain and len(text) <= _LONGEST and not set(";[]") & set(plain)
    are_named = has_letters(program) and all(not part or has_letters(part) for part in rest) and rest.count("") < 2  # noqa: PLR2004  # of two, nobody knows which is the model
    return machine_made([(USAGE, f"[{TRANSCRIBED}] {plain}")]) if is_one and are_named else None


def has_letters(text: str) -> bool:
    """Tell whether there is any letter or digit in a text."""
    return any(map(str.isalnum, text))


def _known(said: MachineMade | None, found: MachineMade | None) -> MachineMade | None:
    """Give all that is known of a machine, what somebody says before what the file does."""
    if said is None or found is None:
        return said or found
    return MachineMade(said.program, said.model or found.model, said.date or found.date)


def _by_header(header: Header) -> MachineMade | None:
    """Give the machine that the elements of a header name, if they name no people beside it."""
    said = dict(reversed(header))
    creator, origin = said.get(_CREATOR, ""), said.get(ORIGIN, "")
    told = _BY_NOBODY.sub(" ", f"{creator}\n{origin}")
    if _BY_PEOPLE.search(told) or not (_PROGRAM.search(creator) or _BY_MACHINE.search(f"{creator}\n{origin}")):
        # A program that is named in a history may have done anything to the file.
        return None
    model = _MODEL.search(creator) or _MODEL.search(origin)
    named = _PROGRAM.search(creator) or _PROGRAM.search(origin)
    program = UNKNOWN
    if named is not None:
        program = _MODEL.sub("", creator) if named.string is creator else named[0]
    day = _DAY.match(said.get(_CREATED, ""))
    return MachineMade(called(program) or UNKNOWN, model and called(model[1]), day and day[0])


def _by_lines(lines: Sequence[ImportedLine]) -> MachineMade | None:
    """Give the machine that signs its work above the first line, or that alone calls lines as these are called."""
    for comment in (comment for line in lines[:1] for comment in line.comments):
        signed = _SIGNED.search(comment)
        if signed is not None and not _BY_PEOPLE.search(_BY_NOBODY.sub(" ", comment)):
            day = _CREATED_ON.search(comment)
            return MachineMade(called(signed[1]) or UNKNOWN, date=day and day[1])
    return MachineMade("Microsoft Teams") if any(_OF_TEAMS.fullmatch(line.id) for line in lines[:1]) else None


def _by_confidence(imported: Imported) -> MachineMade | None:
    if not any(line.confidence is not None or line.word_confidences for line in imported.lines):
        return None
    _, by, producer = imported.format.partition(" by ")
    return MachineMade((called(producer) if by else None) or UNKNOWN)


def called(name: str | None) -> str | None:
    """Give the name of a program or a model as a header can hold it; None where nothing is left."""
    if not isinstance(name, str):
        return None
    plain = "".join(sign if sign.isprintable() else " " for sign in name).replace(ARROW, " ")
    return " ".join(re.sub("[,;]", " ", plain).split())[:_LONGEST].strip() or None
