"""Publishes what a record says is a draft, and opens what was to be opened after somebody has reviewed it.

A draft becomes ``"open"``. A machine's words are one where the record says nothing of its transcript, and the archive
does not show its drafts: then ``transcript = "open"`` is written. What is reviewed keeps its dates and reasons: it then
opens by itself, and its last day has passed.

A sound that can be heard from then on is dated by that day, ``published``, unless the record has a date already.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from player.archive.gate.deciding import now, shown
from player.archive.gate.declared import BY_ITSELF, DRAFT, OPEN, PARTS, Access, Closed
from player.archive.gate.shown import Audience
from player.archive.toml.editing import EditError, edited, edited_tables
from player.archive.toml.rewriting import rewrite
from player.errors import ArchiveError, Fault
from player.intake.record_table import KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.gate.declared import Restriction
    from player.archive.recording import Record, Recording
    from player.archive.toml.editing import Value
    from player.archive.toml.tables import TomlPath

_Stated = TypeVar("_Stated", Access, Closed)
_CLOSED: Final = "closed"
_MARK: Final = "\ufeff"

#: The table that a change is in, "access" or "closed" with its number, and the values of its keys afterwards.
Changes = dict[tuple[str, int], dict[str, "Value"]]


def changes(record: Record, day: dt.date, *, is_reviewed: bool, hides_drafts: bool = False) -> Changes:
    """Give what has to be changed for what is a draft to be open; where it ``is_reviewed``, for what is due as well.

    ``hides_drafts`` says whether the archive shows no words of a machine that nobody has reviewed.
    """
    found: Changes = {}
    for number, access in enumerate(record.access):
        found["access", number] = {**_published(access), **(_reviewed(access, day) if is_reviewed else {})}
    for number, closed in enumerate(record.closed):
        found["closed", number] = _reviewed(closed, day) if is_reviewed else {}
    if hides_drafts and is_machine_draft(record):
        _open_transcript(record, found)
    return {table: values for table, values in found.items() if values}


def is_machine_draft(record: Record) -> bool:
    """Tell whether a machine wrote its words, nobody has reviewed them, and the record does not say who may read them.

    Where it is the record itself that nobody may see for another reason, its words wait for nobody.
    """
    says = {part: [state for each in record.access if (state := getattr(each, part))] for part in PARTS}
    return record.has_machine_draft and not says["transcript"] and set(says["record"]) <= {DRAFT, OPEN}


def _open_transcript(record: Record, found: Changes) -> None:
    """Have it written that the transcript is open, in a table that can say so."""
    for number, access in enumerate(record.access):
        after = {part: getattr(access, part) for part in PARTS} | found["access", number]
        # What is open has no last day.
        if access.until is None or "until" in found["access", number] or set(after.values()) - {None, OPEN}:
            found["access", number]["transcript"] = OPEN
            return
    found["access", len(record.access)] = {"transcript": OPEN}


def is_due(table: Restriction, day: dt.date) -> bool:
    """Tell whether something of a table is closed although its last day has passed, until it is reviewed."""
    states = [getattr(table, part) for part in PARTS] if hasattr(table, PARTS[0]) else [_CLOSED]
    is_closed = any(state not in {None, OPEN, DRAFT} for state in states)
    return is_closed and (why := now(table, _CLOSED, day)) is not None and why.is_due


def transcript_closed_again(path: Path, text: str, *, is_silence_kept: bool = False) -> str:
    """Give the text of a record whose transcript is a draft again where it says that it is open; else the same.

    What was opened were other words than those that come now. Where ``is_silence_kept``, a record that says nothing of
    its transcript says from now on that it is a draft.

    :raise ArchiveError: where it is written in a way that cannot be changed here.
    """
    mark = _MARK if text.startswith(_MARK) else ""
    plain = text.removeprefix(_MARK)
    values = tomllib.loads(plain)
    there = values.get("access")
    tables = there if isinstance(there, list) else [there]
    said = [(each or {}).get("transcript") for each in tables]
    opened = [number for number, state in enumerate(said) if state == OPEN]
    if is_silence_kept and not any(said):
        opened = [0]
    try:
        wanted = {_place(values, "access", number): {"transcript": DRAFT} for number in opened}
        return mark + edited_tables(plain, wanted) if wanted else text
    except EditError:
        what = "whether its transcript is open cannot be changed here"
        raise ArchiveError([Fault(path, None, what, f'write transcript = "{DRAFT}" by hand')]) from None


def dated(recording: Recording, wanted: Changes, day: dt.date) -> str | None:
    """Give the day to be written as ``published``; None where there is one, or it was heard before, or is not now.

    ``recording`` is as it is before the changes that are ``wanted``.
    """
    if recording.published is not None or recording.media is None or recording.shown.sound is None:
        return None
    after = replace(
        recording,
        access=tuple(_changed(each, wanted, "access", number) for number, each in enumerate(recording.access)),
        closed=tuple(_changed(each, wanted, "closed", number) for number, each in enumerate(recording.closed)),
    )
    lines = recording.transcript.lines if recording.transcript is not None else ()
    # By which the feed counts: a day that has not begun there would be told for one to come.
    now_there = dt.datetime.now(dt.UTC).date().isoformat()
    return now_there if shown(after, lines, day, Audience.VISITORS).sound is None else None


def _changed(table: _Stated, wanted: Changes, name: str, number: int) -> _Stated:
    values: dict[str, Any] = {**wanted.get((name, number), {})}
    return replace(table, **values)


def publish(record: Record, wanted: Changes, published: str | None = None) -> None:
    """Change a record so, and date it where ``published`` is a day.

    :raise ArchiveError: where it is written in a way that cannot be changed here, or cannot be written.
    """

    def change(text: str) -> str:
        values = tomllib.loads(text)
        text = edited_tables(text, {_place(values, name, number): keys for (name, number), keys in wanted.items()})
        return text if published is None else edited(text, {"published": published}, list(KEYS))

    rewrite(record.path, change)


def _published(access: Access) -> dict[str, Value]:
    """Give the changes by which the drafts of a table become open."""
    drafts = [part for part in PARTS if getattr(access, part) == DRAFT]
    if not drafts:
        return {}
    others = [part for part in PARTS if getattr(access, part) not in {None, DRAFT, OPEN}]
    if access.until is None:
        return dict.fromkeys(drafts, OPEN)
    # What is open has no last day.
    if others:
        return dict.fromkeys(drafts)
    return {**dict.fromkeys(drafts, OPEN), "until": None, "opens": None}


def _reviewed(table: Restriction, day: dt.date) -> dict[str, Value]:
    return {"opens": BY_ITSELF} if is_due(table, day) else {}


def _place(values: dict[str, Any], name: str, number: int) -> TomlPath:
    """Give the place of a table: one that is the only one may be written without being an entry of a list."""
    there = values.get(name)
    if number == 0 and (there is None or isinstance(there, dict)):
        return (name,)
    if isinstance(there, list):
        return (name, number)
    raise EditError
