"""Gives a recording another name: its folder and files, what points at it, and a note of the name that it had."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from player.archive.archive import RESERVED
from player.archive.own_files import OwnFiles
from player.archive.parts import folder_of
from player.archive.recording import Record
from player.archive.references import SLUG
from player.archive.toml.editing import EditError, edited
from player.audio import access
from player.errors import ArchiveError, Fault, RenameError, quoted
from player.files import content
from player.intake.former_names import leads_to
from player.intake.pointers import pointing_files
from player.intake.same_sound import others_naming
from player.intake.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.toml.editing import Value

_MARK: Final = "\ufeff"
_ORDER: Final = [key.name for key in Record.keys if key.of is None]


@dataclass(frozen=True)
class Renamed:
    """What another name changes: files that are moved, from where to where, and others, with what they hold after.

    ``kept`` is the sound where it keeps its name, for others name it too.
    """

    moved: tuple[tuple[Path, Path], ...]
    changed: tuple[tuple[Path, bytes, bytes], ...]
    kept: Path | None = None


def plan(archive: Archive, old: str, new: str) -> Renamed:
    """Say what changes where the recording ``old`` is to be called ``new``.

    :raise NotFoundError: where there is no recording of that name.
    :raise ArchiveError: where it cannot be read, or a file that may point at it, or cannot be changed.
    :raise RenameError: where the new name is none, or is taken.
    """
    record = archive.record(old)
    refuse_name(archive, old, new)
    media = None if record.lies_elsewhere or not record.media or not os.path.lexists(record.media) else record.media
    is_named_so = media is not None and media.stem == old
    moves = media is not None and is_named_so and not others_naming(archive, old, media)
    moved = [(media, media.with_name(f"{new}{media.suffix}"))] if media is not None and moves else []
    places = [(access.place(archive.media, old, kind), access.place(archive.media, new, kind)) for kind in _KINDS]
    places.append((folder_of(archive.media, old), folder_of(archive.media, new)))
    moved += [(one, other) for one, other in places if os.path.lexists(one)]
    moved.append((archive.transcripts / old, archive.transcripts / new))
    OwnFiles((archive.root, archive.media, archive.transcripts)).refuse_barred(
        [*(one for one, _ in moved), record.path]
    )
    for _, place in moved:
        if os.path.lexists(place):
            raise ArchiveError([Fault(place, None, "there is something of this name", "take another name")])
    files = {each.path: (each.before, each.pointing_at(new)) for each in pointing_files(archive, old)}
    before, pointing = files.pop(record.path, (content(record.path),) * 2)
    sidecar = access.place(archive.media, old, "json")
    if os.path.lexists(sidecar):
        told = content(sidecar)
        files[sidecar] = (told, _retold(told, {one.name: to.name for one, to in moved}))
    after = _recorded(record, pointing, new, moved[0][1].name if moves else None)
    changed = [(path, *held) for path, held in sorted(files.items())]
    return Renamed(tuple(moved), ((record.path, before, after), *changed), media if is_named_so and not moves else None)


def rename(archive: Archive, renamed: Renamed) -> None:
    """Do what was planned: all of it or nothing.

    :raise ArchiveError: where something was changed meanwhile.
    :raise WriteError: where something cannot be written.
    """
    with transaction(archive.root) as change:
        for path, before, after in renamed.changed:
            change.replace(path, before, after)
        for old, new in renamed.moved:
            change.move(old, new)


def refuse_name(archive: Archive, old: str, new: str) -> None:
    """Refuse a name that a recording cannot have.

    :raise RenameError: where it is none, or is taken.
    """
    if SLUG.fullmatch(new) is None or new in RESERVED:
        remedy = "use only letters, digits, hyphens and underscores, and begin with a letter or a digit"
        raise RenameError(f"{quoted(new)} is no name for a recording; {remedy}")
    if new == old:
        raise RenameError(f"it is called {quoted(new)} already; give another name")
    if os.path.lexists(archive.transcripts / new):
        raise RenameError(f"transcripts/ has {quoted(new)} already; give another name")
    if (other := leads_to(archive, new)) not in {None, old}:
        what = f"{quoted(new)} is a former name of {quoted(other or '')}, to which its addresses lead"
        raise RenameError(f'{what}; give another name, or take that one out of "formerly" there')


#: The files of an access copy: the copy, and its sidecar.
_KINDS: Final = (*access.KINDS, "json")


def _retold(sidecar: bytes, names: Mapping[str, str]) -> bytes:
    """Give what a sidecar says with the names that the files have afterwards; what is none stays as it is."""
    try:
        told = json.loads(sidecar)
        for part in ("copy", "made_from"):
            name = told[part]["name"]
            told[part]["name"] = names.get(name, name)
    except (ValueError, LookupError, TypeError, RecursionError):
        return sidecar  # ``player check`` says what is wrong with it
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def _recorded(record: Record, before: bytes, new: str, media: str | None) -> bytes:
    """Give the record with the name that it had, and with the name of its sound where that is another one."""
    text = before.decode("utf-8").removeprefix(_MARK)
    former = [name for name in (*record.formerly, record.slug) if name != new]
    values: dict[str, Value] = {"formerly": list(dict.fromkeys(former)), **({"media": media} if media else {})}
    try:
        after = edited(text, values, _ORDER)
    except EditError:
        what = "this is written in a way that cannot be changed here"
        raise ArchiveError([Fault(record.path, None, what, "change it by hand first")]) from None
    return f"{_MARK if before.decode('utf-8').startswith(_MARK) else ''}{after}".encode()
