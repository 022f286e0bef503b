"""Walks an archive without reading its files: their names, and stamps that show which may have changed.

What was found out about a recording holds as long as no file has changed that it depends on: those of its folder, the
sound that it names and those named alike, its access copies and its parts, the bibliography where it is a reading, and
which names are private, for these are looked for everywhere. ``Walk.key`` is made of all of these, and of the program.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from player.archive.archive import RESERVED
from player.archive.media_names import compared
from player.archive.parts import FOLDER, folder_of
from player.archive.recording import HISTORY
from player.archive.references import SLUG
from player.audio import access_faults
from player.checks.fed import has_feed
from player.checks.private_names import private_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from player.archive.archive import Archive

RECORDING: Final = "recording"
DOSSIER: Final = "dossier"
SET: Final = "set"
#: The folders beside the recordings whose files are each a part, by the kind of these.
FOLDERS: Final = {DOSSIER: "dossiers", SET: "sets"}
#: The files that the whole archive shares, by the kind of the part that each is.
SHARED: Final = {
    "people": "people.toml",
    "chronology": "chronology.toml",
    "archive": "archive.toml",
    "sources": "sources.toml",
}

# A file that changes again within the tick of its clock keeps its stamp, so it is looked at again until that is over:
# in nanoseconds, that of kernels (CONFIG_HZ=100), and that of file systems which count seconds, in pairs (FAT).
_TICK: Final = 50_000_000
_COARSE_TICK: Final = 2_000_000_000
_SECOND: Final = 1_000_000_000

#: A part of an archive that is examined as one: its kind, and the name of a recording, a dossier or a set, else "".
Part = tuple[str, str]
_Seen = tuple[object, ...]


@dataclass
class Walk:
    """What was seen of an archive's files."""

    #: The folders of recordings, and the files that all share, with what was seen of each.
    parts: dict[Part, list[_Seen]] = field(default_factory=dict)
    #: The folders of ``transcripts`` that are no recordings.
    strays: list[Path] = field(default_factory=list)
    #: The files of ``media``, by their names as these are compared.
    sounds: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    seen_sounds: dict[str, list[_Seen]] = field(default_factory=lambda: defaultdict(list))
    seen_copies: dict[str, list[_Seen]] = field(default_factory=lambda: defaultdict(list))
    #: The files from which the sounds of recordings were joined, by the names of these.
    seen_joined: dict[str, list[_Seen]] = field(default_factory=dict)
    #: What concerns all parts: the program, where links lead, whether there may be access copies, and is a feed.
    surroundings: tuple[object, ...] = ()

    def key(self, part: Part, sound: str | None, *, needs_sources: bool) -> str:
        """Give what stays as long as all files stay that a part depends on; ``sound`` is the one that it names."""
        seen: list[object] = [self.surroundings, part, self.parts[part]]
        if part[0] == RECORDING:
            seen += [self.seen_copies.get(part[1]), self.seen_joined.get(part[1])]
        if sound is not None:
            seen.append(self.seen_sounds.get(sound))
        if needs_sources:
            seen.append(self.parts.get(("sources", "")))
        return hashlib.sha256(repr(seen).encode("utf-8", "surrogateescape")).hexdigest()


def walk(archive: Archive) -> Walk:
    """Look at all files of an archive.

    :raise ArchiveError: where ``transcripts`` cannot be read.
    """
    homes = (archive.root, archive.media, archive.transcripts)
    copies = repr(access_faults.of_folder(archive.media))
    private = private_names(archive).digest
    found = Walk(surroundings=(program(), copies, has_feed(archive), private, *map(os.path.realpath, homes)))
    try:
        entries = _entries(archive.transcripts)
    except OSError:
        archive.folders()  # refuses it, in words
        raise
    shared = {file: kind for kind, file in SHARED.items()}
    for entry in entries:
        if entry.name in shared:
            found.parts[shared[entry.name], ""] = [_seen(entry)]
        elif entry.name not in RESERVED and os.path.isdir(entry.path):  # noqa: PTH112  # DirEntry.is_dir can raise
            _look_at_folder(entry, found)
    for kind, folder in FOLDERS.items():
        found.parts.update(_tables_in(archive.transcripts / folder, kind))
    for entry in _entries_or_none(archive.media):
        name = compared(entry.name)
        found.sounds[name].append(archive.media / entry.name)
        found.seen_sounds[name].append(_seen(entry))
    for entry in _entries_or_none(archive.media / access_faults.FOLDER):
        found.seen_copies[entry.name.rpartition(".")[0]].append(_seen(entry))
    for entry in _entries_or_none(archive.media / FOLDER):
        files = _entries_or_none(folder_of(archive.media, entry.name))
        found.seen_joined[entry.name] = [_seen(entry), *map(_seen, files)]
    return found


@cache
def program() -> str:
    """Give a digest of the program, and of what it reads texts with: another version may find something else."""
    digest = hashlib.sha256(sys.version.encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*.py")):
        digest.update(path.read_bytes())
    for name in ("markdown-it-py", "imageio-ffmpeg", "mutagen"):
        try:
            digest.update(version(name).encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()


def _tables_in(folder: Path, kind: str) -> Iterator[tuple[Part, list[_Seen]]]:
    for entry in _entries_or_none(folder):
        stem, _, ending = entry.name.rpartition(".")
        if ending == "toml" and SLUG.fullmatch(stem):
            yield (kind, stem), [_seen(entry)]


def _look_at_folder(entry: os.DirEntry[str], found: Walk) -> None:
    inner = _entries_or_none(entry.path)
    # Where a folder may be searched and not listed, or capitals do not count, only asking for the file tells.
    record = os.path.join(entry.path, "recording.toml")  # noqa: PTH118  # of thousands of folders
    if not (SLUG.fullmatch(entry.name) and os.path.isfile(record)):  # noqa: PTH113  # is_file can raise
        found.strays.append(Path(entry.path))
        return
    seen = [_seen(each) for each in inner]
    for each in inner:
        if each.name == HISTORY and not each.is_symlink():  # of which nothing is read
            seen += map(_seen, _entries_or_none(each.path))
    if entry.is_symlink():
        seen.append((os.path.realpath(entry.path),))
    found.parts[RECORDING, entry.name] = seen


def _seen(entry: os.DirEntry[str]) -> _Seen:
    """Give name, kind, size and times of a file, and where a link leads."""
    try:
        state = entry.stat()
        leads = os.path.realpath(entry.path) if entry.is_symlink() else None
    except OSError:
        return entry.name, None, time.time_ns()
    changed = max(state.st_mtime_ns, state.st_ctime_ns)
    tick = _TICK if state.st_mtime_ns % _SECOND else _COARSE_TICK
    now = time.time_ns()
    unsettled = now if abs(now - changed) < tick else None
    kind = stat.S_IFMT(state.st_mode)
    if stat.S_ISDIR(state.st_mode):
        return entry.name, kind, leads
    return entry.name, kind, leads, state.st_size, state.st_mtime_ns, state.st_ctime_ns, unsettled


def _entries(folder: Path | str) -> Sequence[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        return sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)


def _entries_or_none(folder: Path | str) -> Iterable[os.DirEntry[str]]:
    try:
        return _entries(folder)
    except OSError:
        return ()  # reported where it is read from
