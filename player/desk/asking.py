"""Does what the desk asks for: an operation on lines, a choice between two versions, a note to be added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from player.archive.transcript import Cue, Turn
from player.desk.exchanges import Exchange
from player.desk.progress import Done, Step
from player.desk.refusals import DeskError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from player.archive.transcript import Line
    from player.desk.progress import Progress


def names_of(operation: Mapping[str, Any]) -> frozenset[str]:
    """Give the identifiers that an operation names."""
    return frozenset(value for value in (operation.get("id"),) if isinstance(value, str))


def performed(progress: Progress, operation: Mapping[str, Any], used: Callable[[str], bool]) -> tuple[Step, Done]:
    """Give the step that an operation makes of the lines, and what it comes to.

    :raise DeskError: where it cannot be done.
    """
    del used
    place = next((number for number, line in enumerate(progress.lines) if line.id == operation.get("id")), None)
    if place is None:
        raise DeskError("There is no such line", "Reload the page")
    line = progress.lines[place]
    exchange = Exchange(progress.lines[place - 1].id if place else None, (line,), (_changed(line, operation),))
    return Step((exchange,)), Done((exchange,), line.id)


def _changed(line: Line, operation: Mapping[str, Any]) -> Line:
    if operation.get("do") == "words" and isinstance(operation.get("text"), str):
        speaker = line.speaker
        words = () if isinstance(line, Cue) else None
        changed = replace(line, text=operation["text"], turns=(Turn(speaker, operation["text"]),))
        return replace(changed, words=words) if isinstance(changed, Cue) and words is not None else changed
    if operation.get("do") == "times" and isinstance(line, Cue):
        return replace(line, start=int(operation["start"]), end=int(operation["end"]))
    raise DeskError("That operation is not known", "Use another")
