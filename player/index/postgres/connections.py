"""Connects to a PostgreSQL server, and keeps the connections for whoever asks next."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import conninfo, errors
from psycopg.rows import dict_row

from player.index.store import IndexServerError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A connection; its rows are dictionaries.
Connected = psycopg.Connection[dict[str, Any]]

# Unless the address says otherwise: seconds until a server that does not answer is given up, and until one is that has
# fallen silent (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS).
_USUAL: Final = {
    "application_name": "tape-player",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
# Idle connections that are kept; a server answers with some tens of threads at most.
_KEPT: Final = 8


@dataclass
class Pool:
    """Connections of this process to the server at ``address``, which the environment's ``variable`` names."""

    address: str
    variable: str
    # Each with the schema in which it looks for tables.
    _idle: list[tuple[Connected, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _process: int = field(default_factory=os.getpid)
    # Connections of the process that this one was made from: to close one would end it there.
    _others: list[tuple[Connected, str]] = field(default_factory=list)

    def take(self, schema: str) -> tuple[Connected, bool]:
        """Give a connection that looks for tables in a schema, and tell whether it is a new one.

        :raise IndexServerError: where the server does not let one in, or does not answer.
        """
        with self._lock:
            if self._process != os.getpid():
                self._others += self._idle
                self._idle, self._process = [], os.getpid()
            found = next((each for each in reversed(self._idle) if each[1] == schema), None)
            if found is not None:
                self._idle.remove(found)
                return found[0], False
            idle = self._idle.pop() if self._idle else None
        connection = self._open() if idle is None else idle[0]
        try:
            connection.execute(f'SET search_path TO "{schema}"')  # of hexadecimal digits, and our own name
        except psycopg.Error as error:
            connection.close()
            if idle is None:
                raise self.told(error) from None
            return self.take(schema)
        return connection, idle is None

    def give_back(self, connection: Connected, schema: str) -> None:
        """Keep a connection for the next; one that is broken, or too many, is closed."""
        with self._lock:
            if not connection.closed and len(self._idle) < _KEPT:
                self._idle.append((connection, schema))
                return
        connection.close()

    @contextmanager
    def one(self, schema: str) -> Iterator[Connected]:
        """Give a connection for as long as it takes."""
        connection, _ = self.take(schema)
        try:
            yield connection
        finally:
            self.give_back(connection, schema)

    def told(self, error: psycopg.Error) -> IndexServerError:
        """Say what went wrong: in one line, which has no value and no password in it."""
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return IndexServerError(
            f"{self.variable}: the server of the index: {lines[0]}; see that it runs and lets us in"
        )

    def _open(self) -> Connected:
        try:
            said = {name: str(value) for name, value in conninfo.conninfo_to_dict(self.address).items()}
            wanted = conninfo.make_conninfo(**{**_USUAL, **said})
            if "@" in said.get("host", ""):
                raise psycopg.ProgrammingError  # of a password with "@" in it, the rest would be told as the host
        except (psycopg.Error, UnicodeError):
            # The error may quote a password.
            raise IndexServerError(
                f"{self.variable}: this is no address of a PostgreSQL server; write it as postgresql://host/database"
            ) from None
        try:
            connection: Connected = psycopg.connect(
                wanted, autocommit=True, row_factory=dict_row, cursor_factory=psycopg.RawCursor
            )
        except psycopg.Error as error:
            raise self.told(error) from None
        if connection.info.parameter_status("server_encoding") != "UTF8":
            connection.close()
            raise IndexServerError(
                f"{self.variable}: the database is not in UTF-8; make one with createdb -E UTF8 -T template0"
            )
        return connection


@cache
def pool(address: str, variable: str) -> Pool:
    """Give the connections of this process to a server."""
    return Pool(address, variable)


def is_lost(connection: Connected, error: psycopg.Error) -> bool:
    """Tell whether to ask again on a new connection: this one ended, or a standby needed what was being read."""
    return connection.closed or isinstance(error, errors.SerializationFailure | errors.QueryCanceled)
