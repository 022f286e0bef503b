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
    UNREVIEWED,
    MachineMade,
    Review,
    machine_made,
    reviewed,
    with_item,
)
from player.archive.machine_origin import BY_NOBODY, BY_PEOPLE, CREATED, CREATOR, ORIGIN, PROGRAM, by_header, called
from player.archive.webvtt.blocks import ARROW
from player.archive.webvtt.header import USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from player.intake.transcripts.imported import Imported, ImportedLine

    Header = Sequence[tuple[str, str]]

_HISTORY: Final = f"Made by a machine from the sound; {UNREVIEWED}."
#: Elements that say how the words came about, and are no longer true where others take their place.
OF_ORIGIN: Final = frozenset({ORIGIN, CREATED, CREATOR})

# What stands above the first line, as Deepgram writes it; and how Teams calls lines.
_SIGNED: Final = re.compile(
    rf"\b(?:transcription provided|transcribed|(?:auto-?)?generated|created) (?:by|with|using) ({PROGRAM.pattern})",
    re.IGNORECASE,
)
_CREATED_ON: Final = re.compile(r"\bCreated:? ([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])")
_OF_TEAMS: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9]+-[0-9]+")
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
    found = there or imported.machine or by_header(imported.header) or _by_lines(imported.lines)
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


def _by_lines(lines: Sequence[ImportedLine]) -> MachineMade | None:
    """Give the machine that signs its work above the first line, or that alone calls lines as these are called."""
    for comment in (comment for line in lines[:1] for comment in line.comments):
        signed = _SIGNED.search(comment)
        if signed is not None and not BY_PEOPLE.search(BY_NOBODY.sub(" ", comment)):
            day = _CREATED_ON.search(comment)
            return MachineMade(called(signed[1]) or UNKNOWN, date=day and day[1])
    return MachineMade("Microsoft Teams") if any(_OF_TEAMS.fullmatch(line.id) for line in lines[:1]) else None


def _by_confidence(imported: Imported) -> MachineMade | None:
    if not any(line.confidence is not None or line.word_confidences for line in imported.lines):
        return None
    _, by, producer = imported.format.partition(" by ")
    return MachineMade((called(producer) if by else None) or UNKNOWN)
