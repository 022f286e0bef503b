"""Withdraws a recording: writes into its record that it was withdrawn, and nothing of it is shown from then on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.archive.gate.declared import Withdrawal
from player.archive.toml.editing import edited_tables
from player.archive.toml.rewriting import rewrite
from player.archive.toml.values import WrongValueError, read_value
from player.errors import ArchiveError, Fault

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


def wrong_reason(reason: str) -> str | None:
    """Say what is wrong with a reason that visitors would be told; None where nothing is."""
    key = next(key for key in Withdrawal.keys if key.name == "reason")
    try:
        reason.encode()
        read_value(reason, key)
    except UnicodeEncodeError:
        return "is not text in the encoding of this terminal; write it in UTF-8"
    except WrongValueError as wrong:
        return "; ".join(wrong.args)
    return None


@dataclass(frozen=True)
class Before:
    """What a record said of a withdrawal before: whether it ``was_withdrawn``, and the ``reason``, if it gave one."""

    was_withdrawn: bool
    reason: str | None


def withdraw(path: Path, day: dt.date, reason: str | None = None) -> Before:
    """Write into the record at ``path`` that it was withdrawn on a day; tell what it said before.

    The day of an earlier withdrawal stays; a ``reason`` is put in place of the one that was there.

    :raise ArchiveError: where the file is not TOML, or cannot be written. What is not TOML is shown to no visitor.
    """
    before: list[Before] = []

    def change(text: str) -> str:
        there = _read(path, text).get("withdrawal")
        table: dict[str, Any] = there if isinstance(there, dict) else {}
        was = table.get("reason")
        before.append(Before(there is not None, None if was is None else str(was)))
        values = {} if "date" in table else {"date": day.isoformat()}
        if reason is not None and table.get("reason") != reason:
            values["reason"] = reason
        return edited_tables(text, {("withdrawal",): values}) if values else text

    rewrite(path, change)
    return before[0]


def _read(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        raise ArchiveError([Fault(path, None, "this is not TOML", "correct it, and withdraw it again")]) from None
