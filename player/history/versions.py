"""Gives each version of a transcript as it was, byte by byte, from what its history keeps.

In the folder ``history`` of a recording, ``0000-first.vtt`` is the file as it was before the first change, version 0;
``0012.json`` makes version 12 of version 11, and 11 of 12. So where a file of it is lost, versions on either side are
still made: from the first, from another that is there as a whole (``0012-whole.vtt``), or backward from the present.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from player.archive.recording import HISTORY, TRANSCRIPT
from player.archive.webvtt.reading import parse
from player.errors import ArchiveError, Fault, NotFoundError, shown
from player.files import content as file_content
from player.history.differing import UnlikeError, apply, lines_of, undo
from player.history.entries import name_of, own_content, read_entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from player.archive.recording import Record
    from player.archive.transcript import Transcript
    from player.history.entries import Entry

_NAME: Final = re.compile(r"([0-9]{4,7})(?:(\.json)|-(?:first|whole)\.vtt)")
_JSON: Final = re.compile(r"([0-9]+)\.json")
_FIRST: Final = "0000-first.vtt"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_REMEDY: Final = "put the files of the history back from a backup; player history says which versions there are"

# As many histories stay in memory.
_MOST: Final = 16
_kept: OrderedDict[Path, History] = OrderedDict()
_lock: Final = threading.Lock()

#: The names of the files of a history, each with what shows that it was changed.
Signature = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Version:
    """A state of the file; ``date`` is that of the moment it was written, in UTC. Nobody knows it of the first."""

    number: int
    date: dt.datetime | None
    by: str | None
    how: str


@dataclass(frozen=True)
class History:
    """What the folder ``history`` of a recording has: the entries that can be read, and whole versions.

    ``last`` is the number of the last version, whether its entry can be read or not; -1 where there is none.
    """

    transcript: Path
    entries: Mapping[int, Entry]
    wholes: Mapping[int, Path]
    last: int
    faults: tuple[Fault, ...]
    signature: Signature

    def digest(self, number: int) -> str | None:
        """Give the SHA-256 of a version; None where nobody knows."""
        if (made := self.entries.get(number)) is not None:
            return made.after
        following = self.entries.get(number + 1)
        return None if following is None else following.before

    def content(self, number: int) -> bytes:
        """Give the bytes of a version.

        :raise NotFoundError: where there is no such version.
        :raise ArchiveError: where it cannot be made any more.
        """
        if not 0 <= number <= self.last:
            raise NotFoundError(f"{shown(self.folder)}: there is no version {number}")
        wanted = self.digest(number)
        for start, data in self._starts(number):
            if (made := self._made(data, start, number)) is None:
                continue
            if wanted in {None, hashlib.sha256(made).hexdigest()}:
                return made
        faults = self.faults or [Fault(self.folder / name_of(number), None, self._lost(number), _REMEDY)]
        raise ArchiveError(faults)

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.transcript.parent / HISTORY

    def _lost(self, number: int) -> str:
        return f"version {number} cannot be made of what the history has"

    def _starts(self, number: int) -> Iterator[tuple[int, bytes]]:
        """Give versions that are there as a whole, and can lead to this one: the nearest first, last the present."""
        for start in sorted(self.wholes, key=lambda each: abs(each - number)):
            if self._leads(start, number):
                try:
                    yield start, own_content(self.wholes[start])
                except ArchiveError:
                    continue
        if self._leads(self.last, number):
            try:
                present = file_content(self.transcript)
            except OSError:
                return
            if self.digest(self.last) == hashlib.sha256(present).hexdigest():
                yield self.last, present

    def _leads(self, start: int, number: int) -> bool:
        between = range(min(start, number) + 1, max(start, number) + 1)
        return all(each in self.entries and self.entries[each].edits is not None for each in between)

    def _made(self, data: bytes, start: int, number: int) -> bytes | None:
        lines = lines_of(data)
        try:
            for each in range(start + 1, number + 1):
                apply(lines, self.entries[each].edits or ())
            for each in range(start, number, -1):
                undo(lines, self.entries[each].edits or ())
        except UnlikeError:
            return None
        return b"".join(lines)


def history(record: Record) -> History:
    """Read the history of a recording's transcript; it is empty where there is none."""
    return history_of(record.folder / TRANSCRIPT)


def history_of(transcript: Path) -> History:
    """Read the history of the transcript at this path."""
    signature = _signature(transcript.parent / HISTORY)
    with _lock:
        before = _kept.pop(transcript, None)
        if before is None or before.signature != signature:
            before = _read(transcript, signature, before)
        _kept[transcript] = before
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
        return before


def versions(record: Record) -> tuple[Version, ...]:
    """Give all versions of a transcript of which anything is known, the first first; none where it has no history."""
    there = history(record)
    if there.last < 0:
        return ()
    made = (Version(each.number, each.date, each.by, each.how) for each in there.entries.values())
    return (Version(0, None, None, "first"), *made)


def current(record: Record) -> Version | None:
    """Give the version that the transcript is now; None where it is none: it has no history, or was changed since."""
    found = versions(record)
    if not found:
        return None
    try:
        present = hashlib.sha256(file_content(record.folder / TRANSCRIPT)).hexdigest()
    except OSError:
        return None
    there = history(record)
    return found[-1] if there.digest(there.last) == present and found[-1].number == there.last else None


def content(record: Record, number: int) -> bytes:
    """Give the bytes of a version.

    :raise NotFoundError: where there is no such version.
    :raise ArchiveError: where it cannot be made any more.
    """
    return history(record).content(number)


def transcript(record: Record, number: int) -> Transcript:
    """Read a version of a transcript, as it was.

    :raise NotFoundError: where there is no such version.
    :raise ArchiveError: where it cannot be made any more, or was no WebVTT.
    """
    return read(record.folder / TRANSCRIPT, content(record, number))


def as_of(record: Record, day: dt.date) -> Version | None:
    """Give the version that stood at the end of a day, by UTC: the first, before any change; None without a history."""
    before = [each for each in versions(record) if each.date is None or each.date.date() <= day]
    return before[-1] if before else None


def named(record: Record, text: str) -> Version | None:
    """Give the version that a number or a day, as 2026-11-29, names; None where there is none, or it names neither."""
    if _NUMBER.fullmatch(text):
        return next((each for each in versions(record) if each.number == int(text)), None)
    if not _DAY.fullmatch(text):
        return None
    try:
        return as_of(record, dt.date.fromisoformat(text))
    except ValueError:
        return None


def files(record: Record) -> list[Path]:
    """List what a page depends on that shows any of the history: it changes when an entry comes, or is rewritten."""
    there = history(record)
    found = [record.folder / HISTORY]
    return [*found, there.folder / name_of(there.last)] if there.last > 0 else found


# That of 20,000 lines takes 90 MB.
@lru_cache(maxsize=2)
def _parsed(path: Path, data: bytes) -> Transcript:
    return parse(path, data.decode("utf-8-sig", errors="replace"))


def read(path: Path, data: bytes) -> Transcript:
    """Read the bytes of a transcript, those that were read last from memory.

    :raise ArchiveError: where they are no WebVTT.
    """
    return _parsed(path, data)


def _signature(folder: Path) -> Signature:
    found = []
    try:
        if folder.is_symlink():  # which is not followed: nothing that it leads to is looked at
            state = folder.lstat()
            return ((folder.name, state.st_size, state.st_mtime_ns, state.st_ino),)
        with os.scandir(folder) as entries:
            for entry in entries:
                if _NAME.fullmatch(entry.name):
                    state = entry.stat(follow_symlinks=False)
                    found.append((entry.name, state.st_size, state.st_mtime_ns, state.st_ino))
    except OSError:
        return ()
    return tuple(sorted(found))


def _read(path: Path, signature: Signature, before: History | None) -> History:
    """Read a history; those of its files that are as they were ``before`` are not read again."""
    same = set(before.signature) if before else set()
    folder = path.parent / HISTORY
    entries: dict[int, Entry] = {}
    wholes: dict[int, Path] = {}
    faults: list[Fault] = []
    last = -1
    is_link = bool(signature) and folder.is_symlink()
    for each in () if is_link else signature:
        name = each[0]
        found = _NAME.fullmatch(name)
        number = int(found[1]) if found else 0
        last = max(last, number)
        if found is None or found[2] is None:
            wholes[number] = folder / name
            continue
        if before and each in same and number in before.entries:
            entries[number] = before.entries[number]
            continue
        try:
            entries[number] = read_entry(folder / name)
        except ArchiveError as error:
            faults += error.faults
    if is_link:
        faults.append(Fault(folder, None, "this is a link, which is not followed here", "put the folder itself there"))
    if last >= 0 and 0 not in wholes:
        what = "the history does not have the transcript before its first change"
        faults.append(Fault(folder / _FIRST, None, what, _REMEDY))
    faults += _missing(folder, sorted({0, *(int(found[1]) for name, *_ in signature if (found := _JSON.match(name)))}))
    return History(path, dict(sorted(entries.items())), wholes, last, tuple(faults), signature)


def _missing(folder: Path, numbers: list[int]) -> Iterator[Fault]:
    """Tell of each gap in the numbers of entries."""
    for before, after in pairwise(numbers):
        if after - before > 1:
            rest = "" if after - before == 2 else f", and so are those up to {name_of(after - 1)}"  # noqa: PLR2004  # one
            yield Fault(folder / name_of(before + 1), None, f"this file of the history is missing{rest}", _REMEDY)
