"""Finds which words of a line its translation is of, where that says since when it is older than the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.errors import ArchiveError
from player.history.blocks_of_lines import line_in
from player.history.versions import history

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from player.archive.recording import Record
    from player.history.entries import Entry


def translated_words(record: Record) -> Callable[[str, str], Sequence[str] | None]:
    """Give what tells, for a line and the day of its mark, the words before the first change of that day; or None.

    Without a day, it tells the words that the line had when it went last.
    """

    def before(name: str, day: str) -> Sequence[str] | None:
        there = history(record)
        if not day:
            last = next((each for each in reversed([*there.entries.values()]) if name in each.gone), None)
            return None if last is None else last.words.get(name, "").split()
        for number, entry in there.entries.items():
            if name not in (*entry.changed, *entry.gone) or entry.edits is None or day not in _days(entry):
                continue
            try:
                was = line_in(there.transcript, there.content(number - 1), name)
                now = None if name in entry.gone else line_in(there.transcript, there.content(number), name)
            except ArchiveError:
                return None
            if was is not None and (now is None or now.text.split() != was.text.split()):
                return was.text.split()
        return None

    return before


def _days(entry: Entry) -> set[str]:
    """Give the day of an entry, by UTC and by the clock of this machine: a mark may have either."""
    return {entry.date.date().isoformat(), entry.date.astimezone().date().isoformat()}
