"""The dates of an archive into those that have not come yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from player.archive import dates
from player.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from player.archive.chronology import Chronology
    from player.archive.dossiers import Dossier
    from player.archive.people import Person
    from player.archive.recording import Recording
    from player.archive.sources import Source

# Where the day begins first it is this long before UTC: a date written there today is no mistake.
_AHEAD: Final = timedelta(hours=14)
# A clock that says less is behind: this rule was written on that day.
_WRITTEN: Final = date(2026, 11, 25)


@dataclass(frozen=True)
class Dated:
    """A table of a file, what a message calls it, and its dates by key."""

    path: Path
    line: int | None
    called: str
    dates: Mapping[str, str | None]


def future_faults(dated: Iterable[Dated]) -> Iterator[Fault]:
    """Give the dates that begin after today; an interval, when its end does."""
    today = max((datetime.now(tz=UTC) + _AHEAD).date(), _WRITTEN)
    for each in dated:
        for key, day in each.dates.items():
            if day is not None and dates.begins_after(day, today):
                what = f"the {key} of {each.called} ({dates.readable(day)}) lies in the future"
                yield Fault(each.path, each.line, what, "mend the date")


def of_record(recording: Recording) -> Iterator[Dated]:
    """Give the dates of recording.toml."""
    path = recording.folder / "recording.toml"

    def dated(table: str, called: str, key: str, day: str | None) -> Dated:
        return Dated(path, recording.lines.get(table), called, {key: day})

    yield dated("date", "the recording", "date", recording.date)
    if recording.holding is not None:
        yield dated("holding", "the holding", "obtained", recording.holding.obtained)
    for publication in recording.publication:
        yield dated("publication", f"publication “{publication.title}”", "date", publication.date)
    for unknown in recording.unknown:
        yield dated("unknown", f"unknown “{unknown.what}”", "when", unknown.when)


def of_sources(sources: Iterable[Source], path: Path) -> Iterator[Dated]:
    """Give the dates of the bibliography."""
    for source in sources:
        yield Dated(path, source.line, f'source "{source.id}"', {"date": source.date, "seen_on": source.seen_on})


def of_people(people: Iterable[Person], path: Path) -> Iterator[Dated]:
    """Give the dates of who is who."""
    for person in people:
        found = {"born": person.born, "died": person.died, "role_date": person.role_date}
        yield Dated(path, person.line, f'person "{person.id}"', found)


def of_chronology(chronology: Chronology, path: Path) -> Iterator[Dated]:
    """Give the dates of what happened."""
    for entry in chronology.entries:
        yield Dated(path, entry.line, f'entry "{entry.id}"', {"date": entry.date})


def of_dossier(dossier: Dossier) -> Iterator[Dated]:
    """Give the dates of an event and of the accounts of it."""
    yield Dated(dossier.path, 1, "the event", {"date": dossier.date})
    for account in dossier.accounts.values():
        yield Dated(dossier.path, account.line, f'account "{account.id}"', {"written": account.written})
