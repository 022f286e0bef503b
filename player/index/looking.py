"""Looks at the files of an archive without reading them, to tell which have changed since they were last read.

Each is asked for size and times alone (``player.stamp``): 2,000 recordings with their sounds take some hundredths of a
second.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.archive import RESERVED
from player.archive.references import SLUG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.archive.archive import Archive

RECORDING: Final = "recording"
DOSSIER: Final = "dossier"
SET: Final = "set"
#: The folders whose files are each a unit that tells of moments of recordings, by the kind of these.
FOLDERS: Final = {DOSSIER: "dossiers", SET: "sets"}
#: The files that the whole archive shares, by the kind of their unit.
SHARED: Final = {
    "people": "people.toml",
    "sources": "sources.toml",
    "chronology": "chronology.toml",
    "archive": "archive.toml",
}

_RECORD: Final = "recording.toml"
_USUAL: Final = frozenset({_RECORD, "annotations.toml", "transcript.vtt"})
_TRANSLATION: Final = re.compile(r"transcript\.[^.]+\.vtt")
# Within this time of its last change, in nanoseconds, a file may change again and keep its stamp: the kernel's clock
# ticks up to 10 ms apart (CONFIG_HZ=100), and that of a file system that keeps whole seconds, two seconds (FAT).
_TICK: Final = 50_000_000
_COARSE_TICK: Final = 2_000_000_000
_SECOND: Final = 1_000_000_000

# A folder whose time has not changed is listed again at every so many looks.
_TRUSTED: Final = 30

#: What is read as one: its kind, and the slug of a recording, a dossier or a set.
Unit = tuple[str, str]
# The name of a file, its size, the times of its last modification and change; and that of the look, if within the tick.
_Seen = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Look:
    """The stamps of all units of an archive, and the files of ``media`` by their names as they are compared.

    ``day`` is the one that decides what is open, as 1963-11-05.
    """

    units: Mapping[Unit, str]
    sounds: Mapping[str, list[_Seen]]
    day: str

    def stamp(self, unit: Unit, sound: str | None) -> str:
        """Give the stamp of a unit and of the sound that it names."""
        own = self.units[unit]
        if sound is None:
            return own
        return f"{own}/{_digest(self.sounds.get(sound, []))}"


class Looking:
    """Looks at one archive again and again: a folder is only listed again when it has changed, or now and then."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._folders: dict[str, tuple[int, list[str]]] = {}
        self._changed: dict[str, int] = {}
        self._digests: dict[Unit, tuple[list[_Seen], str]] = {}
        #: What was last seen of each record, for ``glance``.
        self._records: dict[str, _Seen] = {}
        self._looks = 0

    def look(self) -> Look:
        """Look at all files that the index is made from. What cannot be looked at counts as not there."""
        # Some file systems do not tell by a folder's time that a file came to it.
        if self._looks % _TRUSTED == 0:
            self._folders = {}
        self._looks += 1
        now = time.time_ns()
        day = self._archive.day().isoformat()
        units: dict[Unit, str] = {}
        records: dict[str, _Seen] = {}
        transcripts = str(self._archive.transcripts)
        shared = {file: kind for kind, file in SHARED.items()}
        for name in self._names(transcripts, now):
            path = f"{transcripts}{os.sep}{name}"
            if name in shared:
                units[shared[name], ""] = self._digest((shared[name], ""), [_seen(path, name, now)])
            elif name not in RESERVED and SLUG.fullmatch(name):
                read = [
                    _seen(f"{path}{os.sep}{file}", file, now)
                    for file in self._names(path, now)
                    if file in _USUAL or _TRANSLATION.fullmatch(file)
                ]
                record = next((each for each in read if each[0] == _RECORD), None)
                if record is not None:
                    records[name] = record
                    # Two folders may swap their names, and their files keep their stamps.
                    read.append(("", 0, 0, self._changed[path], 0))
                    units[RECORDING, name] = self._digest((RECORDING, name), read)
        for kind, folder in FOLDERS.items():
            within = f"{transcripts}{os.sep}{folder}"
            for name in self._names(within, now):
                stem, dot, ending = name.rpartition(".")
                if dot and ending == "toml" and SLUG.fullmatch(stem):
                    units[kind, stem] = self._digest((kind, stem), [_seen(f"{within}{os.sep}{name}", name, now)])
        sounds: dict[str, list[_Seen]] = {}
        media = str(self._archive.media)
        for name in self._names(media, now):
            sounds.setdefault(plain(name), []).append(_seen(f"{media}{os.sep}{name}", name, now))
        self._records = records
        return Look(units, sounds, day)

    def glance(self) -> list[str]:
        """Look at the records alone of those recordings that were there, and give which have changed: by slug."""
        now = time.time_ns()
        transcripts = str(self._archive.transcripts)
        seen = {name: _seen(f"{transcripts}{os.sep}{name}{os.sep}{_RECORD}", _RECORD, now) for name in self._records}
        changed = [name for name, record in seen.items() if record != self._records[name]]
        self._records = seen
        return changed

    def _names(self, folder: str, now: int) -> list[str]:
        """List what is in a folder, but for hidden files, in order."""
        try:
            state = os.stat(folder)  # noqa: PTH116  # a Path for each of thousands takes as long again
            changed = state.st_mtime_ns
            self._changed[folder] = state.st_ctime_ns
            known = self._folders.get(folder)
            if known is not None and known[0] == changed:
                return known[1]
            names = sorted(name for name in os.listdir(folder) if not name.startswith("."))  # noqa: PTH208  # likewise
        except OSError:
            return []
        if abs(now - changed) > _COARSE_TICK:
            self._folders[folder] = changed, names
        return names

    def _digest(self, unit: Unit, seen: list[_Seen]) -> str:
        known = self._digests.get(unit)
        if known is None or known[0] != seen:
            known = self._digests[unit] = seen, _digest(seen)
        return known[1]


def plain(name: str) -> str:
    """Write the name of a sound so that all are alike that a record may mean by it (``archive.media_names``)."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def _seen(path: str, name: str, now: int) -> _Seen:
    try:
        state = os.stat(path)  # noqa: PTH116  # a Path for each of thousands takes as long again
    except OSError:
        return name, 0, 0, 0, 0
    modified, changed = state.st_mtime_ns, state.st_ctime_ns
    tick = _TICK if modified % _SECOND else _COARSE_TICK
    # Until its stamp is settled a file gets another one at each look, so that it is read again.
    unsettled = now if abs(now - modified) < tick or abs(now - changed) < tick else 0
    return name, state.st_size, modified, changed, unsettled


def _digest(seen: Iterable[_Seen]) -> str:
    return hashlib.blake2b(repr(list(seen)).encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()
