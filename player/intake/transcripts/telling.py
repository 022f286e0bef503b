"""Tells in a few lines what was read of a transcript, what was mended and what left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from player.archive.line_marks import of_its_lines
from player.archive.machine import LABEL, UNKNOWN
from player.archive.transcript import Cue
from player.errors import FEW, printable, shown
from player.intake.transcripts.imported import Deed
from player.timecode import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.archive.machine import MachineMade
    from player.archive.transcript import Line
    from player.intake.transcripts.bringing import Brought
    from player.intake.transcripts.found_names import Found
    from player.intake.transcripts.imported import Imported, Remark

# So many things of a kind are each told.
_MOST: Final = 8
_SHOWN: Final = 50  # signs of an example


def told(path: Path, imported: Imported, brought: Brought) -> Iterator[str]:
    """Give the lines of what is told: first the file as a whole, then what was done with parts of it."""
    yield f"{shown(path)}: {printable(imported.format)}, {_lines(brought.lines)}"
    for deed in Deed:
        of_deed = [remark for remark in brought.remarks if remark.deed is deed]
        for remark in of_deed[:_MOST]:
            yield f"  {deed.value}: {printable(remark.what)}{_where(remark)}"
        if len(of_deed) > _MOST:
            yield f"  {deed.value}: {len(of_deed) - _MOST} other things"
    if brought.machine is not None:
        yield f"  {_of_machine(brought)}"
    if brought.new_speakers:
        noun = "new speaker" if len(brought.new_speakers) == 1 else "new speakers"
        named = ", ".join(map(printable, brought.new_speakers[:_MOST]))
        more = len(brought.new_speakers) - _MOST
        yield f"  {noun}, unidentified in recording.toml: {named}{f' and {more} more' if more > 0 else ''}"
    if brought.new_notes:
        yield f"  {brought.new_notes} new {'note' if brought.new_notes == 1 else 'notes'} in annotations.toml"


def found_name(found: Found) -> str:
    """Say of a name that stands in the words how often, and give an example."""
    times = "once" if found.count == 1 else f"{found.count} times"
    where = "" if found.line is None else f", as on line {found.line}"
    words = printable(" ".join(found.example.split()))
    return f"{printable(found.name)}  ({times}{where}: {words if len(words) <= _SHOWN else f'{words[:_SHOWN]}…'})"


def _known(machine: MachineMade | None) -> str:
    """Name what is known of a machine."""
    program = UNKNOWN if machine is None else machine.program
    rest = () if machine is None else (machine.model and f"model {machine.model}", machine.date)
    return ", ".join(filter(None, ("which one is not known" if program == UNKNOWN else program, *rest)))


def _of_machine(brought: Brought) -> str:
    """Say that a machine wrote the words, and what follows from that."""
    by = f"a machine wrote its words ({printable(_known(brought.machine))})"
    if brought.review is not None:
        return f"{by}; reviewed by {printable(brought.review.name)} on {brought.review.date}"
    count = of_its_lines(brought.unchecked, len(brought.lines))
    return f'{by}, and nobody has heard {count}: "{LABEL}" stands wherever they go; player reviewed takes it away'


def _lines(lines: Sequence[Line]) -> str:
    if not lines:
        return "no lines"
    cues = [line for line in lines if isinstance(line, Cue)]
    count = f"{len(lines)} {'line' if len(lines) == 1 else 'lines'}"
    if not cues:
        return f"{count} without times"
    rough = "~" if any(cue.is_approximate for cue in cues) else ""
    span = f"{rough}{clock(cues[0].start)} to {rough}{clock(max(cue.end for cue in cues))}"
    untimed = len(lines) - len(cues)
    return f"{count}, {span}{f', {untimed} of them without times' if untimed else ''}"


def _where(remark: Remark) -> str:
    """Say on which lines of the file."""
    lines = remark.lines
    if not lines:
        return ""
    if len(lines) == 1:
        return f" (line {lines[0]})"
    first = ", ".join(map(str, lines[:FEW]))
    more = len(lines) - FEW
    return f" (lines {first} and {more} more)" if more > 0 else f" (lines {_and(lines)})"


def _and(lines: Sequence[int]) -> str:
    return f"{', '.join(map(str, lines[:-1]))} and {lines[-1]}"
