"""Keeps the digests of an archive's files, and finds those whose bytes are no longer what they were.

The list, ``transcripts/fixity.sha256``, is written as ``sha256sum`` of GNU coreutils writes one
(https://www.gnu.org/software/coreutils/manual/html_node/md5sum-invocation.html), with paths from the archive's folder:
``sha256sum --check transcripts/fixity.sha256`` there needs nothing of this program.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from player import files
from player.archive.own_files import OwnFiles, unreadable
from player.errors import ArchiveError, ClusterError, Fault, PlayerError, quoted
from player.preserve.held import looked_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.preserve.held import Held
    from player.workers import Workers

#: Its name, in ``transcripts``, and from the archive's folder.
LIST: Final = "fixity.sha256"
NAME: Final = f"transcripts/{LIST}"
_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *](\S.*)")
#: A million files with long names.
_MOST: Final = 300_000_000
_PIECE: Final = 1 << 20
# Discs are read faster by some at a time, and slower by many.
_THREADS: Final = 4
# So much is handed over at a time where others read: enough that handing it over costs nothing beside it.
_BATCH: Final = 64 << 20
_MANY: Final = 500


@dataclass
class Compared:
    """What became of the files of a list: by name, with the digests of those that are there."""

    #: The digests of all that is there now.
    now: dict[str, str] = field(default_factory=dict)
    size: int = 0
    same: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    #: What the list does not have yet.
    new: list[str] = field(default_factory=list)
    #: The files and folders that could not be read, and why.
    unread: dict[str, Fault] = field(default_factory=dict)

    def is_unread(self, name: str) -> bool:
        """Tell whether nobody knows what a file is now: it could not be read, or a folder that it is in."""
        return name in self.unread or any(name.startswith(f"{folder}/") for folder in self.unread)


def listed(archive: Archive) -> dict[str, str] | None:
    """Read the list: the SHA-256 of each file by its name; None where there is no list.

    :raise ArchiveError: where a line of it cannot be read, or it lies outside the archive.
    """
    path = archive.transcripts / LIST
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred([path])
    if not path.exists():
        return None
    found: dict[str, str] = {}
    for number, line in enumerate(files.read_text(path, _MOST).splitlines(), 1):
        if not (match := _LINE.fullmatch(line)):
            what = f"{quoted(line[:80])} is no SHA-256 with the path of a file behind it"
            raise ArchiveError([Fault(path, number, what, "mend it, or remove the list and make it anew")])
        if match[2] in found:
            what = f"{quoted(match[2])} is listed twice"
            raise ArchiveError([Fault(path, number, what, "remove one of the two lines")])
        found[match[2]] = match[1]
    return found


def compare(
    archive: Archive, before: Mapping[str, str], progress: Callable[[int, int], object], by: Workers | None = None
) -> Compared:
    """Read every file of an archive, and compare its digest; ``progress`` is told how many bytes are read, of how many.

    Files are read by threads of this process, or ``by`` others. One that cannot be read keeps none of the others from
    being compared.

    :raise ClusterError: where those who read are gone, or not fit.
    """
    there, unread = looked_for(archive)
    there = [each for each in there if each.name != NAME]
    found = Compared(unread=unread)
    for each, digest in _digests(there, progress) if by is None else _digests_by(by, there, progress):
        if isinstance(digest, Fault):
            found.unread[each.name] = digest
            continue
        found.size += each.size
        found.now[each.name] = digest
        known = before.get(each.name)
        (found.new if known is None else found.same if known == digest else found.changed).append(each.name)
    found.missing = sorted(name for name in before.keys() - found.now.keys() if not found.is_unread(name))
    return found


def _digests(there: Sequence[Held], progress: Callable[[int, int], object]) -> Iterator[tuple[Held, str | Fault]]:
    """Give each file with its SHA-256 in hexadecimal, or with why it has none, in their order; some read at a time."""
    done, total, lock, stopped = 0, sum(each.size for each in there), threading.Lock(), threading.Event()

    def read(count: int) -> None:
        nonlocal done
        with lock:
            done += count
            progress(done, total)
        if stopped.is_set():
            raise InterruptedError

    pool = ThreadPoolExecutor(max_workers=min(_THREADS, os.cpu_count() or 1))
    try:
        yield from zip(there, pool.map(lambda each: _digest(each.path, read), there), strict=True)
        if done != total:
            progress(total, total)  # what could not be read is over, too
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)


def digests_of(batch: Sequence[Held]) -> list[str | Fault]:
    """Give the SHA-256 of each of some files, or why it has none, in any process that sees them."""
    return [_digest(each.path, lambda _: None) for each in batch]


def _digests_by(
    by: Workers, there: Sequence[Held], progress: Callable[[int, int], object]
) -> Iterator[tuple[Held, str | Fault]]:
    """Do as ``_digests`` does, with files read by others."""
    done, total = 0, sum(each.size for each in there)
    for batch, found in by.done(digests_of, list(_batches(there))):
        if isinstance(found, ClusterError):
            raise found
        if isinstance(found, PlayerError):
            yield from ((each, Fault(each.path, None, f"this was not read ({found})", "try again")) for each in batch)
        else:
            yield from zip(batch, found, strict=True)
        done += sum(each.size for each in batch)
        progress(done, total)


def _batches(there: Sequence[Held]) -> Iterator[list[Held]]:
    batch: list[Held] = []
    size = 0
    for each in there:
        if batch and (size + each.size > _BATCH or len(batch) == _MANY):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += each.size
    if batch:
        yield batch


def kept(before: Mapping[str, str], found: Compared, accepted: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """Give the list as it is to be from now on, and the names whose change nobody has accepted, which stay in it.

    Texts change as they are worked on. What is held as sound is never edited, so that a change of it is damage until
    somebody says otherwise. What could not be read stays as it was, too.
    """
    refused = [name for name in (*found.changed, *found.missing) if is_held_sound(name) and name not in accepted]
    unread = [name for name in before if found.is_unread(name)]
    return {**found.now, **{name: before[name] for name in (*refused, *unread)}}, sorted(refused)


def is_held_sound(name: str) -> bool:
    """Tell whether a file is a sound as it is held, and not a copy that can be made again."""
    return name.startswith("media/") and not name.startswith("media/access/")


def write(archive: Archive, digests_of: Mapping[str, str]) -> Path:
    """Write the list, and give its path.

    :raise OSError: where it cannot be written.
    """
    path = archive.transcripts / LIST
    lines = [f"{digests_of[name]}  {name}\n" for name in sorted(digests_of)]
    with files.new_file(path, force=True) as beside:
        beside.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path


def _digest(path: Path, read: Callable[[int], object]) -> str | Fault:
    digest = hashlib.sha256()
    try:
        with files.opened(path) as file:
            before = os.fstat(file.fileno())
            while piece := file.read(_PIECE):
                digest.update(piece)
                read(len(piece))
            after = path.stat()
    except InterruptedError:
        raise
    except OSError as error:
        return unreadable(path, error)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return Fault(path, None, "this was changed while it was read", "try again")
    return digest.hexdigest()
