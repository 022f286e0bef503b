"""Keeps a working copy as a file beside the transcript: a header, then an entry a line, appended and flushed.

What a process that was killed has left of a last line is not read, and goes with the next entry. The file is locked
through the folder that its recording has, so that two servers never write it at the same time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from player.archive.recording import WORKING
from player.archive.working_copies import SET_ASIDE, SUFFIX
from player.desk.refusals import DeskFullError
from player.errors import ArchiveError, Fault, NotFoundError
from player.files import content, new_file

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module has no other way not to be there

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from player.desk.bases import Pair

#: The most bytes of one working copy: a hundred thousand corrected lines.
MOST: Final = 64_000_000

_VERSION: Final = 1
_PLAIN: Final = re.compile(r"[^a-z0-9]+")
_LETTERS: Final = 40  # of a person's name that a file's name begins with


class KeptSteps:
    """The file of the working copy of ``person`` in the ``folder`` of a recording."""

    def __init__(self, folder: Path, person: str) -> None:
        self.folder = folder
        self.person = person
        self.path = folder / WORKING / file_name(person)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from changing a working copy of this recording; where no locks are known, nothing does.

        :raise OSError: where the folder cannot be opened.
        """
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            if fcntl is not None:
                with contextlib.suppress(OSError):  # a file system that knows no locks
                    fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def without_transcript(self) -> NotFoundError:
        """Say that there is no transcript, and what of this person waits for one."""
        if not self.path.is_file():
            return NotFoundError("this recording has no transcript yet; bring one in with player import")
        told = (
            f"the transcript is gone, and what {self.person} changed in it and did not write waits in "
            f"{self.path.parent.name}/{self.path.name} beside it; put transcript.vtt back, or bring one in with "
            "player import, and the desk goes on with that"
        )
        # Whoever is at the desk keeps the archive.
        return NotFoundError(told, visitors=told)

    def stamp(self) -> tuple[int, int] | None:
        """Give what is another when the file is; None where there is none."""
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size

    def begin(self, sha256: str, base: Sequence[Pair], begun: str) -> None:
        """Begin the file; ``sha256`` and ``base`` say on which transcript.

        :raise OSError: where it cannot be written.
        """
        self._refuse_elsewhere()
        self.path.parent.mkdir(exist_ok=True)
        # Two copies that are begun within a second are two, and their states have different names.
        own = {"copy": secrets.token_hex(4), "begun": begun}
        head = {"working copy": _VERSION, "by": self.person, **own, "sha256": sha256, "base": base}
        with new_file(self.path) as beside, beside.open("wb") as file:
            file.write(_written(head))
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> tuple[dict[str, Any] | None, list[dict[str, Any]], bool]:
        """Give the header and the entries, and whether those are all, but for a last one that was never finished.

        What comes after a line that cannot be read is left out; the header is None where it is none.

        :raise OSError: where the file cannot be read.
        """
        self._refuse_elsewhere()
        lines = self._whole_lines()
        found = []
        for line in lines:
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                break
            if not isinstance(entry, dict):
                break
            found.append(entry)
        if not found or found[0].get("working copy") != _VERSION or found[0].get("by") != self.person:
            return None, [], False
        return found[0], found[1:], len(found) == len(lines)

    def set_aside(self, count: int) -> str:
        """Give the file another name beside it, and begin one anew with its first entries; give that name.

        :raise OSError: where that cannot be done.
        """
        kept = [line + b"\n" for line in self._whole_lines()[: count + 1]] if count else []
        number = 1
        while os.path.lexists(aside := self.path.with_name(f"{self.path.stem}{SET_ASIDE}{number}{SUFFIX}")):
            number += 1
        self.path.rename(aside)
        if kept:
            # What is done from here on are other steps than those that windows have seen behind the same number.
            kept[0] = _written({**json.loads(kept[0]), "copy": secrets.token_hex(4)})
            with new_file(self.path) as beside:
                beside.write_bytes(b"".join(kept))
        return aside.name

    def aside(self) -> list[str]:
        """List the names of the files that were set aside."""
        return sorted(path.name for path in self.path.parent.glob(f"{self.path.stem}{SET_ASIDE}*{SUFFIX}"))

    def append(self, entry: dict[str, Any]) -> None:
        """Put an entry behind the others; on the disk when this returns, and not at all where it raises.

        :raise DeskFullError: where the working copy would be too large.
        :raise OSError: where it cannot be written.
        """
        self._refuse_elsewhere()
        written = _written(entry)
        handle = os.open(self.path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            whole = _end_of_whole(handle)
            if whole + len(written) > MOST:
                raise DeskFullError("the working copy is too large", "write it to the archive, and go on then")
            os.ftruncate(handle, whole)
            os.lseek(handle, whole, os.SEEK_SET)
            try:
                _write_all(handle, written)
                os.fsync(handle)
            except OSError:
                # It may be whole and not be on the disk, and is not to be found then.
                os.ftruncate(handle, whole)
                raise
        finally:
            os.close(handle)

    def _whole_lines(self) -> list[bytes]:
        """Give the lines that have an end; none of what is no file, or too large to be a working copy."""
        if not self.path.is_file() or self.path.stat().st_size > 2 * MOST:
            return []
        return content(self.path).split(b"\n")[:-1]

    def _refuse_elsewhere(self) -> None:
        """Refuse a folder that is a link: it could lead out of the archive."""
        for each in (self.path.parent, self.path):
            if os.path.islink(each):  # noqa: PTH114  # as the rest
                raise ArchiveError([Fault(each, None, "this is a link", "put a folder of that name in its place")])


def told_aside(name: str) -> str:
    """Say what was set aside, where it is, and how to get words out of it."""
    return (
        f"Of a working copy of yours not all could be followed. It was set aside, whole, as {WORKING}/{name} in the "
        'folder of the recording: each line of it is a step, and "text" in it has its words. Delete it when you need '
        "none of them."
    )


def file_name(person: str) -> str:
    """Give the name of the file of somebody's working copy: no two people have one name, however they are written."""
    name = unicodedata.normalize("NFC", person)
    letters = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    readable = _PLAIN.sub("-", letters)[:_LETTERS].strip("-")
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{readable or 'somebody'}-{digest}{SUFFIX}"


def _written(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _end_of_whole(handle: int) -> int:
    """Give where the last whole line ends; the piece that is looked through is rarely longer than one entry."""
    size = os.fstat(handle).st_size
    at = size
    while at:
        first = max(0, at - (1 << 16))
        found = os.pread(handle, at - first, first).rfind(b"\n")
        if found >= 0:
            return first + found + 1
        at = first
    return 0


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
