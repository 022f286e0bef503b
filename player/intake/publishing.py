"""Publishes what a record says is a draft, and opens what was to be opened after somebody has reviewed it.

A draft becomes ``"open"``. A machine's words are one where the record says nothing of its transcript, and the archive
does not show its drafts: then ``transcript = "open"`` is written. What is reviewed keeps its dates and reasons: it then
opens by itself, and its last day has passed.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from player.archive.gate.deciding import now
from player.archive.gate.declared import BY_ITSELF, DRAFT, OPEN, PARTS
from player.archive.toml.editing import EditError, edited_tables
from player.archive.toml.rewriting import rewrite
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from player.archive.gate.declared import Access, Restriction
    from player.archive.recording import Record
    from player.archive.toml.editing import Value
    from player.archive.toml.tables import TomlPath

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


def transcript_closed_again(path: Path, text: str) -> str:
    """Give the text of a record whose transcript is a draft again where it says that it is open; else the same.

    What was opened were other words than those that come now.

    :raise ArchiveError: where it is written in a way that cannot be changed here.
    """
    mark = _MARK if text.startswith(_MARK) else ""
    plain = text.removeprefix(_MARK)
    values = tomllib.loads(plain)
    there = values.get("access")
    tables = there if isinstance(there, list) else [there]
    opened = [number for number, each in enumerate(tables) if each is not None and each.get("transcript") == OPEN]
    try:
        wanted = {_place(values, "access", number): {"transcript": DRAFT} for number in opened}
        return mark + edited_tables(plain, wanted) if wanted else text
    except EditError:
        what = 'its transcript is "open", which cannot be changed here'
        raise ArchiveError([Fault(path, None, what, f'write transcript = "{DRAFT}" by hand')]) from None


def publish(record: Record, wanted: Changes) -> None:
    """Change a record so.

    :raise ArchiveError: where it is written in a way that cannot be changed here, or cannot be written.
    """

    def change(text: str) -> str:
        values = tomllib.loads(text)
        return edited_tables(text, {_place(values, name, number): keys for (name, number), keys in wanted.items()})

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
