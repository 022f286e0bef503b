"""Does what the desk asks for: an operation on lines, a choice between two versions, a note to be added."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from player.archive.doubts import Doubt, Reading, doubts, with_doubts
from player.archive.machine import Review
from player.archive.transcript import in_turn
from player.desk.exchanges import Exchange, difference, plain
from player.desk.operations import perform
from player.desk.pending_notes import note_of
from player.desk.progress import Done, Step
from player.desk.refusals import DeskError
from player.desk.suggesting import GONE, accepted, merged
from player.errors import OperationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from player.archive.suggestions import Suggestion
    from player.archive.transcript import Line
    from player.desk.conflicts import Conflict
    from player.desk.progress import Progress


def performed(
    progress: Progress,
    operation: Mapping[str, Any],
    person: str,
    used: Callable[[str], bool],
    sources: Collection[str] | None,
) -> tuple[Step, Done]:
    """Give the step that an operation of a ``person`` makes of the lines, and what it comes to.

    ``used`` tells whether an identifier was ever a line's; ``sources`` are the ids of the bibliography, None where it
    cannot be read.

    :raise DeskError: where it cannot be done.
    """
    do = operation.get("do")
    if do == "choose":
        return _chosen(progress, operation)
    if do == "note":
        note = note_of(operation, progress, sources)
        return Step((), note), Done(())
    if do in {"words", "speaker"}:
        operation = {"turn": 0, **operation}
    try:
        review = Review(dt.datetime.now().astimezone().date().isoformat(), person)
        if do == "accept":
            return _accepted(progress, operation, used, review)
        splice = perform(progress.lines, operation, used=used, by=review, is_draft=progress.base.is_draft)
    except OperationError as error:
        raise DeskError(error.what, error.remedy) from None
    first = _place_after(progress.lines, splice.after)
    old = progress.lines[first : first + len(splice.old)]
    exchange = Exchange(splice.after, old, tuple(map(plain, splice.new)))
    _refuse_undecided(progress, exchange)
    if exchange.old == exchange.new:
        return Step(()), Done((), _named(operation))
    return Step((exchange,)), Done((exchange,), _to_take(progress.lines, first, exchange, operation))


def _accepted(
    progress: Progress, operation: Mapping[str, Any], used: Callable[[str], bool], review: Review
) -> tuple[Step, Done]:
    """Give a line the words that a listener suggests."""
    suggestion: Suggestion = operation["suggestion"]
    if suggestion.id in accepted(progress):
        raise DeskError("This suggestion is taken already", "Write it to the archive, or undo it")
    place = next((place for place, line in enumerate(progress.lines) if line.id == suggestion.line), None)
    if place is None:
        raise DeskError(*GONE)
    line = progress.lines[place]
    lines: tuple[Line, ...] = (line,)
    # The last turn first: one that loses all of its words goes, and with it the number of those behind it.
    for turn, text in reversed(list(enumerate(merged(line, suggestion)))):
        if text.split() != line.turns[turn].text.split():
            asked = {"do": "words", "id": line.id, "turn": turn, "text": text}
            lines = perform(lines, asked, used=used, by=review, is_draft=progress.base.is_draft).new
    after = progress.lines[place - 1].id if place else None
    exchange = Exchange(after, (line,), tuple(map(plain, lines)))
    _refuse_undecided(progress, exchange)
    if exchange.old == exchange.new:
        raise DeskError("The line has these words already", "Dismiss the suggestion")
    told = {"id": suggestion.id, "line": line.id, "name": suggestion.name}
    return Step((exchange,), suggestion=told), Done((exchange,), line.id)


def _named(operation: Mapping[str, Any]) -> str | None:
    name = operation.get("id")
    return name if isinstance(name, str) else None


def _place_after(lines: tuple[Line, ...], name: str | None) -> int:
    return 0 if name is None else next(number for number, line in enumerate(lines) if line.id == name) + 1


def _to_take(lines: tuple[Line, ...], first: int, exchange: Exchange, operation: Mapping[str, Any]) -> str | None:
    """Give the line to take in hand: of two that were one the second, in place of one that is gone the next."""
    names = [line.id for line in exchange.new]
    if (named := _named(operation)) in names:
        return named
    was = {line.id for line in exchange.old}
    new = [name for name in names if name not in was]
    if new:
        return new[-1]
    after = lines[first + len(exchange.old) :]
    around = (*after[:1], *lines[max(0, first - 1) : first])
    return around[0].id if around else None


def _refuse_undecided(progress: Progress, exchange: Exchange) -> None:
    if any(not exchange.names.isdisjoint(each.names) for each in progress.conflicts.values()):
        raise DeskError("There are two versions of this line", "Choose one of them first")


def _chosen(progress: Progress, operation: Mapping[str, Any]) -> tuple[Step, Done]:
    """Choose between the versions of a line."""
    name, which = operation.get("id"), operation.get("which")
    found = next((each for each in progress.conflicts.values() if name == each.id or name in each.names), None)
    if found is None:
        raise DeskError("There are no two versions of this line", "Go on")
    if which == "mine":
        return Step((), None, found), Done((), _first(found.mine))
    if which == "theirs":
        new = found.theirs
    elif which == "both":
        new = (_both(found),)
    else:
        raise DeskError("It is not said which version is chosen", 'Choose "mine", "theirs" or "both"')
    mine = set(found.mine)
    if not mine <= set(progress.lines):
        raise DeskError("Lines of this version are not there any more", "Choose your own")
    place = _place_after(progress.lines, _anchor(progress, found))
    there = [[line for line in lines if line not in mine] for lines in (progress.lines[:place], progress.lines[place:])]
    # Lines around them may have other times by now.
    after = in_turn([*there[0], *new, *there[1]])
    if len({line.id for line in after}) < len(after):
        raise DeskError("A line of their version stands elsewhere by now", "Choose your own")
    exchanges = difference(progress.lines, after)
    return Step(exchanges, None, found), Done(exchanges, _first(new))


def _first(lines: tuple[Line, ...]) -> str | None:
    return lines[0].id if lines else None


def _anchor(progress: Progress, conflict: Conflict) -> str | None:
    """Give the line behind which a conflict's lines stand, or would stand."""
    names = [line.id for line in progress.lines]
    if conflict.mine:
        place = names.index(conflict.mine[0].id)
        return names[place - 1] if place else None
    # Mine are gone: behind the last line that stands before theirs in the file.
    there = [line.id for line in progress.base.lines]
    before = there[: there.index(conflict.theirs[0].id)] if conflict.theirs else []
    present = set(names)
    return next((name for name in reversed(before) if name in present), None)


def _both(conflict: Conflict) -> Line:
    """Give my line with the words of theirs as another reading.

    :raise DeskError: where these are not one line each, or the words are the same.
    """
    if len(conflict.mine) != 1 or len(conflict.theirs) != 1:
        raise DeskError("These versions are not one line each", "Choose one of the two")
    mine, theirs = conflict.mine[0], conflict.theirs[0]
    words, other = mine.text.split(), theirs.text.split()
    if words == other:
        raise DeskError("Both versions have the same words", "Choose one of the two")
    first = 0
    while first < min(len(words), len(other)) and words[first] == other[first]:
        first += 1
    last = 0
    while last < min(len(words), len(other)) - first and words[-1 - last] == other[-1 - last]:
        last += 1
    # A reading stands in place of a word at least, and is one at least.
    if first + last >= min(len(words), len(other)):
        first, last = (first - 1, last) if first else (first, last - 1)
    reading = Reading(" ".join(other[first : len(other) - last]), conflict.by)
    said = Doubt(first, len(words) - last - 1, (reading,), is_doubtful=False)
    return with_doubts(mine, (*doubts(mine), said))
