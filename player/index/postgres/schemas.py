"""Says which indexes are on a PostgreSQL server, each in a schema of its own, and which numbers their locks have."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from player.index.postgres.connections import Connected


def key(name: str) -> int:
    """Give the number of a lock (PostgreSQL's manual, section 13.3.5)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def all_of(connection: Connected, archive: str) -> list[str]:
    """List the schemas of an archive, whose names begin alike."""
    sql = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1) ORDER BY 1"
    return [row["nspname"] for row in connection.execute(sql, [archive]).fetchall()]


def tables_of(connection: Connected, name: str) -> list[str]:
    """List the tables of a schema."""
    sql = "SELECT tablename FROM pg_tables WHERE schemaname = $1"
    return [f'"{name}"."{row["tablename"]}"' for row in connection.execute(sql, [name]).fetchall()]


def last_kept(connection: Connected, name: str) -> float:
    """Say when a server kept an index last, in seconds since 1970."""
    row = connection.execute(f"SELECT value FROM \"{name}\".meta WHERE name = 'kept'").fetchone()  # noqa: S608  # a schema's own name
    return float(row["value"]) if row else 0.0
