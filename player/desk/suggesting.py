"""Puts what a listener suggests into a line as it is now, and says which suggestions wait for whoever is at the desk.

A listener may have read other words than the line has: those that visitors are shown in place of a name, or those of
an earlier version. So only what the listener changed is changed, and only where the line says what was read there.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from player.archive.suggestions import place_of, read, waiting
from player.desk.refusals import DeskError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.suggestions import Suggestion
    from player.archive.transcript import Line
    from player.desk.progress import Progress

#: What is said of a suggestion to a line that is gone.
GONE: Final = (
    "The line was divided, joined or removed since this was suggested",
    "Correct the words by hand, and dismiss the suggestion",
)
_OTHER: Final = (
    "The line does not say what the listener read there",
    "Correct the words by hand, and dismiss the suggestion",
)


def in_full(record: Record, operation: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give an operation as a working copy does it: with the suggestion itself that it says is to be accepted.

    :raise DeskError: where there is none.
    """
    if operation.get("do") != "accept":
        return operation
    found = suggestion(record, operation.get("suggestion"))
    return {"do": "accept", "id": found.line, "suggestion": found}


def suggestion(record: Record, name: object) -> Suggestion:
    """Give the suggestion that is meant.

    :raise DeskError: where there is none.
    """
    found = read(record.folder, name) if isinstance(name, str) else None
    if found is None:
        raise DeskError("This suggestion is not here any more", "Go on: somebody else has taken or dismissed it")
    return found


def merged(line: Line, suggestion: Suggestion) -> list[str]:
    """Give the text of each turn of a line with what a listener changed in it.

    :raise DeskError: where the line is not as the listener read it, where something is to be changed.
    """
    if len(line.turns) != len(suggestion.seen):
        raise DeskError(*_OTHER)
    turns = zip((turn.text for turn in line.turns), suggestion.seen, suggestion.said, strict=True)
    return [_merged(*each) for each in turns]


def _merged(text: str, seen: str, said: str) -> str:
    now, read_as, wanted = text.split(), seen.split(), said.split()
    if now == read_as:
        return " ".join(wanted)
    same = _same_places(read_as, now)
    found: list[str] = []
    at = 0
    for kind, first, last, own, own_last in SequenceMatcher(None, read_as, wanted, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        # Words are put in beside a word that is there, and in place of words that are.
        begin = _place(same, first, last, len(read_as), len(now))
        if begin is None or begin < at:
            raise DeskError(*_OTHER)
        found += [*now[at:begin], *wanted[own:own_last]]
        at = begin + last - first
    return " ".join([*found, *now[at:]])


def _same_places(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Say where words stand that are in both, in the same order."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + each: block.b + each for block in blocks for each in range(block.size)}


def _place(same: Mapping[int, int], first: int, last: int, count: int, now: int) -> int | None:
    """Say where the words from ``first`` to before ``last`` stand now; None where they do not."""
    if first < last:
        places = [same.get(each) for each in range(first, last)]
        begin = places[0]
        return begin if begin is not None and places == list(range(begin, begin + last - first)) else None
    before = -1 if first == 0 else same.get(first - 1)
    after = now if first == count else same.get(first)
    if before is not None and after is not None:
        return before + 1 if before + 1 == after else None
    return None


def accepted(progress: Progress) -> dict[str, Mapping[str, Any]]:
    """Give the suggestions that a working copy has taken, and not taken back, by their ids."""
    return {step.suggestion["id"]: step.suggestion for step in progress.done if step.suggestion is not None}


def credits_of(progress: Progress, moved: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Name the listeners who suggested what became of each line; ``moved`` says where lines went that are gone."""
    found: dict[str, list[str]] = {}
    for each in accepted(progress).values():
        for line in moved.get(each["line"], (each["line"],)) if each["name"] else ():
            found.setdefault(line, []).append(each["name"])
    return found


def files_of(folder: Path, progress: Progress) -> list[Path]:
    """Give the files of the suggestions that a working copy has taken."""
    found = []
    for name in accepted(progress):
        try:
            found.append(place_of(folder, name))
        except ValueError:
            continue  # nothing of this name is ever shown
    return found


def waiting_for(record: Record, progress: Progress) -> list[Suggestion]:
    """Give the suggestions that somebody at the desk may take: those that their working copy has not taken."""
    taken = accepted(progress)
    return [each for each in waiting(record.folder) if each.id not in taken]


def dismiss(record: Record, name: object, progress: Progress) -> None:
    """Remove a suggestion for good.

    :raise DeskError: where there is none, or it is taken.
    :raise OSError: where it cannot be removed.
    """
    found = suggestion(record, name)
    if found.id in accepted(progress):
        raise DeskError("This suggestion is taken already", "Undo that first")
    place_of(record.folder, found.id).unlink(missing_ok=True)
