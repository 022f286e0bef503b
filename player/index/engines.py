"""Opens the index of an archive where it is kept: in a file of the cache, or on the server in ``PLAYER_INDEX``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from player.archive.gate.shown import Audience
from player.index.database import Database
from player.index.store import IndexServerError

if TYPE_CHECKING:
    from pathlib import Path

    from player.index.postgres.database import PostgresDatabase
    from player.index.store import Store

#: The environment's word for the server that keeps the index.
VARIABLE: Final = "PLAYER_INDEX"


def opened(root: Path, audience: Audience = Audience.VISITORS) -> Store:
    """Give the index of the archive at ``root``, of what an audience may see.

    :raise IndexServerError: where the environment names a server, and it cannot be used.
    """
    if address := _server():
        return _postgres()(root, audience, address)
    return Database(root, audience)


def on_server(root: Path) -> list[Store]:
    """List the indexes of an archive that are on a server, after those that nobody keeps were removed there.

    :raise IndexServerError: where the server does not answer.
    """
    if not (address := _server()):
        return []
    visitors, editors = (_postgres()(root, each, address) for each in (Audience.VISITORS, Audience.EDITORS))
    visitors.remove_idle()
    return [each for each in (visitors, editors) if each.is_there()]


def _postgres() -> type[PostgresDatabase]:
    try:
        from player.index.postgres.database import PostgresDatabase  # noqa: PLC0415  # only where it is asked for
    except ImportError:
        raise IndexServerError(
            f"{VARIABLE} names a PostgreSQL server, and psycopg is not installed; install the extra: "
            "pip install 'tape-player[postgres]'"
        ) from None
    return PostgresDatabase


def _server() -> str:
    return os.environ.get(VARIABLE, "").strip()
