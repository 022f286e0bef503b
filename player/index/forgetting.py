"""Takes a recording out of all indexes of an archive at once, without a look at anything else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from player.errors import PlayerError
from player.index import engines, looking, opening, writing
from player.index.database import Database
from player.index.naming import Naming

if TYPE_CHECKING:
    from pathlib import Path

    from player.index.store import Store

# How often what readers still see is tried to be overwritten; each time they are waited for.
_TRIES: Final = 5
_POINTING: Final = (
    "SELECT DISTINCT unit.kind, unit.name FROM pointer JOIN thing ON thing.number = pointer.thing"
    " JOIN unit ON unit.id = thing.unit WHERE slug = ?"
)


class UnforgottenError(PlayerError):
    """What a recording said could not be overwritten in an index, since somebody is reading it."""


def forget(root: Path, slug: str) -> bool:
    """Take all that a recording says out of the indexes of the archive at ``root``; tell whether any held it.

    None is begun. One that nobody keeps up to date and that belongs to editors, or to another version of the program,
    is removed as a whole. A server notices by itself, and reads again what may still be shown.

    :raise UnforgottenError: where it is out of an index, but its words could not be overwritten there.
    :raise sqlite3.DatabaseError: where an index cannot be written.
    """
    is_found = False
    visitors = opening.place(root)
    for path in opening.files_of(root):
        if path != visitors and not opening.is_kept(path):
            is_found |= opening.remove(path)
        elif opening.is_of_this_version(path):
            file = Database.at(path)
            is_found |= file.patiently(partial(_forget, file, slug))
    for database in engines.on_server(root):
        is_found |= _forget(database, slug)
    return is_found


def _forget(database: Store, slug: str) -> bool:
    unit = (looking.RECORDING, slug)
    with database.writing() as connection:
        sql = "SELECT 1 FROM body JOIN unit ON unit.id = unit WHERE unit.kind = ? AND name = ?"
        is_found = connection.execute(sql, unit).fetchone() is not None
        writer = writing.Writer(connection, Naming({}))
        # What dossiers and sets say of its moments tells of them; a look reads the rest again.
        for row in connection.execute(_POINTING, (slug,)).fetchall():
            if row["kind"] in looking.FOLDERS:
                writer.remove((row["kind"], row["name"]), for_good=True)
        writer.remove(unit, for_good=True)
    if not any(database.purge() for _ in range(_TRIES)):
        raise UnforgottenError(
            f"{slug} is out of the index, but somebody is reading there, and its words are not overwritten yet; "
            "a server does so by itself, or else: player index"
        )
    return is_found
