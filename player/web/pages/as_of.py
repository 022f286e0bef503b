"""Gives a recording with its transcript as it stood, for ``?as-of=12`` or ``?as-of=2026-11-29``, and tells what went.

What may be shown of it is what may be shown today (``player/archive/gate/earlier.py``).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import request

from player.errors import NotFoundError, PlayerError, quoted
from player.history import versions, whereabouts
from player.web.current import current_archive
from player.web.pages.closures import refuse_withheld_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from player.archive.archive import Archive
    from player.archive.recording import Record, Recording
    from player.history.versions import Version

#: What in an address names a version, by its number or a day.
QUERY: Final = "as-of"
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class VersionError(PlayerError):
    """What is asked for is neither the number of a version nor a day."""

    status = 400


@dataclass(frozen=True)
class Cited:
    """The version of the words that a citation names.

    ``date`` is EDTF: the day since which they are so, or, of those before the first change, that they were before it.
    """

    number: int
    date: str


@dataclass(frozen=True)
class AsOf:
    """A recording with its transcript as it stood, as far as that may be shown today."""

    recording: Recording
    number: int
    #: The day since which it was so; None of the first version, of which nobody knows that.
    date: dt.date | None
    is_today: bool
    #: How often it was changed since, by whom as far as that is told, on which day first and last.
    count: int = 0
    names: tuple[str, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    #: Whether it was changed since in a way that no version has yet.
    is_changed_outside: bool = False

    @property
    def cited(self) -> Cited:
        """What a citation of these words names."""
        return Cited(self.number, self.date.isoformat() if self.date else _before(self.first))


def version_asked(slug: str) -> AsOf | None:
    """Give the version that the current request asks for; None where it asks for none.

    :raise VersionError: where that is neither a number nor a day.
    :raise NotFoundError: where there is none.
    :raise WithheldError: where its words are not for everybody.
    :raise ArchiveError: where it cannot be made any more.
    """
    asked = request.args.get(QUERY)
    return None if asked is None else as_of(slug, asked)


def at_version() -> dict[str, Any]:
    """Give what links from a page have in their addresses, so that they lead to the same version as it is of."""
    return {QUERY: request.args[QUERY]} if QUERY in request.args else {}


def as_of(slug: str, asked: str) -> AsOf:
    """Give the version that ``asked`` names; errors are those of ``version_asked``."""
    archive = current_archive()
    record = archive.record(slug)
    refuse_withheld_words(record)
    found = versions.versions(record)
    version = _named(record, found, asked.strip())
    now = versions.current(record)
    if now is not None and now.number == version.number:
        return AsOf(archive.recording(slug), version.number, _day(version), is_today=True)
    shown = archive.earlier(slug, versions.transcript(record, version.number), whereabouts.former(record).get)
    refuse_withheld_words(shown)
    since = [each for each in found if each.number > version.number]
    days = [day for each in since if (day := _day(each)) is not None]
    return AsOf(
        shown,
        version.number,
        _day(version),
        is_today=False,
        count=len(since),
        names=_names(archive, slug, since),
        first=days[0] if days else None,
        last=days[-1] if days else None,
        is_changed_outside=now is None,
    )


def cited_version(record: Record) -> Cited | None:
    """Give the version of a transcript that a citation of its words names today; None where it has no history.

    Nor is one named of words that are withheld, or were changed since in a way that no version has yet.
    """
    if record.shown.transcript is not None:
        return None
    now = versions.current(record)
    day = _day(now) if now else None
    return Cited(now.number, day.isoformat()) if now and day else None


def ends_now(recording: Recording, name: str) -> tuple[str, str] | None:
    """Give the first and the last line to which a former identifier leads; None where none may be told.

    As in ``gone_lines``, all of them have to be shown.
    """
    to = whereabouts.former(recording).get(name) or ()
    closed = {each.id for each in recording.shown.passages if each.words}
    there = {line.id for line in recording.transcript.lines} - closed if recording.transcript else set()
    return (to[0], to[-1]) if to and there.issuperset(to) else None


def gone_lines(recording: Recording) -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """Give the identifiers that lines had before: those that lead to each line of today, and those that lead to none.

    One is left out where some of the lines to which it leads are not shown; and where some lines are not, nobody is
    told here what others there were.
    """
    transcript = recording.transcript
    former = whereabouts.former(recording) if transcript is not None else {}
    if transcript is None or not former:
        return {}, ()
    closed = {each.id for each in recording.shown.passages if each.words}
    there = {line.id for line in transcript.lines} - closed
    leading: dict[str, list[str]] = {}
    for name, to in former.items():
        if to and there.issuperset(to):
            leading.setdefault(to[0], []).append(name)
    lost = () if recording.shown.redacts_words else tuple(name for name, to in former.items() if not to)
    return leading, lost


def _named(record: Record, found: Sequence[Version], asked: str) -> Version:
    if not (_NUMBER.fullmatch(asked) or (_DAY.fullmatch(asked) and _is_day(asked))):
        raise VersionError(
            f"{quoted(asked)} names no version of a transcript; ask for one by its number, as in ?{QUERY}=12, "
            f"or as it stood on a day, as in ?{QUERY}=2026-11-29"
        )
    if not found:
        raise NotFoundError(f'no earlier version of the transcript of "{record.title}" is kept; leave out ?{QUERY}=')
    version = versions.named(record, asked)
    if version is None:
        last = found[-1].number
        raise NotFoundError(f'there is no version {asked} of the transcript of "{record.title}"; the last is {last}')
    return version


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day(version: Version) -> dt.date | None:
    return version.date.date() if version.date else None


def _before(day: dt.date | None) -> str:
    return f"../{day.isoformat()}" if day else ""


def _names(archive: Archive, slug: str, since: Sequence[Version]) -> tuple[str, ...]:
    """Name those who have changed it, once each, as far as the audience may know."""
    return tuple(dict.fromkeys(archive.name_shown(slug, each.by) for each in since if each.by))
