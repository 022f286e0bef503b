"""Puts an archive into a bag: a folder of files with lists of their digests, as archives hand holdings to one another.

BagIt is RFC 8493 (https://www.rfc-editor.org/rfc/rfc8493); the Library of Congress's own ``bagit`` writes it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from player import files
from player.archive.own_files import unreadable
from player.errors import ArchiveError, Fault, WriteError, reason, shown
from player.preserve.fixity import NAME, is_held_sound, listed
from player.preserve.held import looked_for
from player.roots import installing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from io import FileIO
    from pathlib import Path

    from player.archive.about import About
    from player.archive.archive import Archive
    from player.preserve.held import Held

#: The extra that brings ``bagit``.
EXTRA: Final = "bag"
#: What a bag of everything says of itself, and one of what visitors are shown.
NOT_PUBLIC: Final = "Not for the public: this bag has all files of the archive, also what of it is closed."
PUBLIC: Final = "For the public: this bag has what the archive shows its visitors, and nothing that is closed."
_PIECE: Final = 1 << 20
# What stands in lists for the ends of lines and for % (RFC 8493, section 2.1.3). bagit 1.9 writes a name with these as
# it is, and so it, or whoever goes by the RFC, reads another. From the end of a line, it takes all blanks.
_MISREAD: Final = re.compile(r"%(?:0[ad]|25)|\s\Z", re.IGNORECASE)


def refuse_unfit(target: Path, root: Path) -> None:
    """Refuse a place for a bag that is taken, or is in the archive; and bags without ``bagit``.

    :raise WriteError: where that is so.
    """
    if find_spec("bagit") is None:
        raise WriteError(f"bags need bagit, which is not installed; {installing(EXTRA)}")
    homes = [os.path.realpath(each) for each in (root, root / "media", root / "transcripts")]
    if any(f"{os.path.realpath(target)}{os.sep}".startswith(f"{home}{os.sep}") for home in homes):
        raise WriteError(f"{shown(target)}: this is in the archive; give a folder outside of it")
    try:
        is_taken = bool(os.listdir(target))  # noqa: PTH208  # a file in its place is told apart from a folder
    except FileNotFoundError:
        is_taken = os.path.lexists(target)
    except OSError as error:
        raise WriteError(f"{shown(target)}: the bag cannot be written ({reason(error)})") from None
    if is_taken:
        raise WriteError(f"{shown(target)}: this is there already; name a folder that is not there yet")


@contextmanager
def filled(target: Path, described: Mapping[str, str]) -> Iterator[Path]:
    """Give a folder to put files into, and make a bag of it at ``target`` once the block ends well.

    Where it ends otherwise, nothing is at ``target``.

    :raise WriteError: where the bag cannot be written.
    """
    import bagit  # noqa: PLC0415  # an extra

    logger = logging.getLogger(bagit.__name__)
    logger.propagate, logger.handlers = False, [logging.NullHandler()]  # it prints what it refuses, with its traceback
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        files.sweep(target.parent)
        with files.unfinished_folder(target.parent) as folder:
            yield folder
            bagit.make_bag(str(folder), dict(described), checksums=["sha256"])
            folder.chmod(0o777 & ~_mask())
            folder.replace(target)
    except bagit.BagError as error:
        raise WriteError(f"{shown(target)}: the bag cannot be written ({error})") from None
    except OSError as error:
        raise WriteError(f"{shown(target)}: the bag cannot be written ({reason(error)})") from None


def copy_all(archive: Archive, folder: Path, progress: Callable[[int, int], object]) -> tuple[int, int]:
    """Copy every file of an archive into a folder; give how many there are, and how many bytes they have.

    ``progress`` is told how many bytes are copied, of how many. Where ``player fixity`` keeps a list, a sound whose
    bytes are not those of the list goes into no bag. What is wrong with the others is told with it.

    :raise ArchiveError: where a file cannot be read, changes meanwhile, is damaged, or has a name that no bag can hold.
    :raise OSError: where the folder cannot be written.
    """
    there, barred = looked_for(archive)
    known = listed(archive) or {}
    if unfit := [*barred.values(), *filter(None, map(_unfit, there))]:
        raise ArchiveError(unfit)  # before anything is copied
    done, total = 0, sum(each.size for each in there)
    for each in there:
        into = folder / each.name
        into.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        try:
            for piece in _pieces(each, into):
                digest.update(piece)
                done += len(piece)
                progress(done, total)
        except ArchiveError as error:
            unfit += error.faults
            continue
        if is_held_sound(each.name) and known.get(each.name, digest.hexdigest()) != digest.hexdigest():
            what = f"its bytes are not those that {NAME} has"
            unfit.append(Fault(each.path, None, what, "see player fixity --verify"))
    if unfit:
        raise ArchiveError(unfit)
    return len(there), total


def described(about: About, *, is_public: bool, address: str | None) -> dict[str, str]:
    """Give what ``bag-info.txt`` says: whose archive it is, what it is, and for whom (RFC 8493, section 2.2.2)."""
    told = {
        "Source-Organization": about.name,
        "External-Description": ": ".join(filter(None, (about.name, about.description))),
        "Internal-Sender-Description": PUBLIC if is_public else NOT_PUBLIC,
    }
    if about.contact:
        told["Contact-Name" if "://" in about.contact else "Contact-Email"] = about.contact
    if address or about.address:
        told["External-Identifier"] = str(address or about.address)
    # bagit joins the lines of what it writes there.
    return {name: " ".join(text.split()) for name, text in told.items()}


def _unfit(source: Held) -> Fault | None:
    """Say why a file can go into no bag, as far as is seen without reading it; None where nothing says so."""
    if _MISREAD.search(source.name):
        what = "programs that read bags misread %0A, %0D and %25 in names, and a blank at their end"
        return Fault(source.path, None, what, "give it another")
    try:
        with _reading(source):
            files.opened(source.path).close()
    except ArchiveError as error:
        return error.faults[0]
    return None


def _pieces(source: Held, into: Path) -> Iterator[bytes]:
    """Copy a file in pieces, and give these; its time is kept.

    :raise ArchiveError: where it cannot be read, or changes meanwhile.
    """
    with _reading(source):
        file = files.opened(source.path)
    with file, into.open("xb") as copy:
        before = os.fstat(file.fileno())
        while piece := _piece(source, file):
            copy.write(piece)
            yield piece
    with _reading(source):
        after = source.path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _changed(source)
    os.utime(into, ns=(before.st_atime_ns, before.st_mtime_ns))


def _piece(source: Held, file: FileIO) -> bytes:
    with _reading(source):
        return file.read(_PIECE)


@contextmanager
def _reading(source: Held) -> Iterator[None]:
    """Refuse a file that cannot be read, within the block."""
    try:
        yield
    except FileNotFoundError as error:
        raise _changed(source) from error
    except OSError as error:
        raise ArchiveError([unreadable(source.path, error)]) from error


def _changed(source: Held) -> ArchiveError:
    return ArchiveError([Fault(source.path, None, "this was changed while it was copied", "try again")])


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
