"""Knows the columns of tables that are transcripts: our own, and others by the names that they usually have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.errors import Fault, quoted
from player.intake.transcripts.exported.row_times import Unit
from player.publish.transcripts.row_marks import MARKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: What columns are for. ``from`` and ``to`` are our own times again, as clocks show them.
START, END, FROM, TO, SPEAKER, WORDS, LINE, LANGUAGE, PAGE = (
    *("start", "end", "from", "to", "speaker", "words", "line", "language", "page"),
)
NOTICE: Final = "notice"
RECORDING: Final = "recording"
#: By these a table is ours.
_OWN: Final = frozenset({RECORDING, LINE, START, WORDS})
#: What our own tables say for people to read, and the archive or another column says for us.
TOLD: Final = ("sources", "doubts", "rights", "citation")
_OF_OWN: Final = frozenset(
    {START, END, FROM, TO, SPEAKER, WORDS, LINE, LANGUAGE, PAGE, NOTICE, MARKS, *TOLD, RECORDING, "remarks", "link"}
)
_NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("start", "start time", "starttime", "begin", "begin time", "time in", "in"), START),
    **dict.fromkeys(("from", "start timecode", "timecode in", "in point"), START),
    **dict.fromkeys(("end", "end time", "endtime", "stop", "stop time", "time out", "out"), END),
    **dict.fromkeys(("to", "end timecode", "timecode out", "out point"), END),
    **dict.fromkeys(("speaker", "speaker name", "speaker label", "voice", "who", "participant"), SPEAKER),
    **dict.fromkeys(("text", "words", "transcript", "transcription", "content", "utterance"), WORDS),
    **dict.fromkeys(("caption", "subtitle", "dialogue", "speech"), WORDS),
}
_UNITS: Final = {
    **dict.fromkeys(("ms", "msec", "milliseconds"), Unit.MILLISECONDS),
    **dict.fromkeys(("s", "sec", "secs", "seconds"), Unit.SECONDS),
}
_SIGNS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Read:
    """Which column of a table is which, by what it is for; and which are nothing that is known."""

    is_own: bool
    places: Mapping[str, int]
    #: What numbers count, where a column says it.
    unit: Unit | None
    others: tuple[str, ...] = ()


def is_transcript(names: Sequence[str]) -> bool:
    """Tell whether a first row is that of a transcript: it says where lines begin, and what is said."""
    found = {_role(name)[0] for name in names}
    return {START, WORDS} <= found


def read_columns(path: Path, line: int, names: Sequence[str]) -> Read | list[Fault]:
    """Find which column is which; faults where a column is missing, or two may be the same thing."""
    plain = [name.strip() for name in names]
    if set(plain) >= _OWN:
        return _own(path, line, plain)
    places: dict[str, int] = {}
    faults, others, units = [], [], set()
    for number, name in enumerate(plain):
        role, unit = _role(name)
        if role is None:
            others += [name] if name else []
        elif role in places:
            what = f"the columns {quoted(plain[places[role]])} and {quoted(name)} may both be the {role} of a line"
            faults.append(Fault(path, line, what, "remove one of them, or give it another name"))
        else:
            places[role] = number
            units |= {unit} - {None}
    if len(units) > 1:
        faults.append(Fault(path, line, "one column counts seconds, and one milliseconds", "let both count the same"))
    if WORDS not in places:
        what, remedy = (
            "no column says what is said",
            "call it text; those of a transcript are start, end, speaker, text",
        )
        faults.append(Fault(path, line, what, remedy))
    elif not {START, SPEAKER} & places.keys():
        remedy = "call columns start, end and speaker; words alone are better saved as a text"
        faults.append(Fault(path, line, "no column says when a line begins, or who speaks", remedy))
    return faults or Read(is_own=False, places=places, unit=next(iter(units), None), others=tuple(others))


def _own(path: Path, line: int, names: Sequence[str]) -> Read | list[Fault]:
    faults = []
    for number, name in enumerate(names):
        if name in names[:number] and name:
            faults.append(Fault(path, line, f"two columns are called {quoted(name)}", "remove one of the two"))
    others = tuple(name for name in names if name and name not in _OF_OWN)
    places = {name: number for number, name in enumerate(names) if name in _OF_OWN}
    return faults or Read(is_own=True, places=places, unit=Unit.SECONDS, others=others)


def _role(name: str) -> tuple[str | None, Unit | None]:
    """Say what a column is for by its name, whatever capitals and signs it has, and in what it counts."""
    plain = " ".join(_SIGNS.sub(" ", name.casefold()).split())
    if plain in _NAMES:
        return _NAMES[plain], None
    first, _, last = plain.rpartition(" ")
    role = _NAMES.get(first)
    return (role, _UNITS[last]) if role in {START, END} and last in _UNITS else (None, None)
