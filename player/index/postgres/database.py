"""Asks and changes an index on a PostgreSQL server, which several servers of an archive share.

One of them keeps it up to date: the one that holds a lock there, over the connection by which it writes. The others
read, perhaps from copies of it that come a moment later (``PLAYER_INDEX_READ``), and ask for the lock again and again.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
import time
from array import array
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar

import psycopg
from psycopg import errors

from player.archive.gate.shown import Audience
from player.index import opening, schema
from player.index.postgres import schemas, trigrams, wording
from player.index.postgres.connections import is_lost, pool
from player.index.postgres.texts import Texts
from player.index.postgres.writing import PostgresWriting
from player.index.store import IndexServerError, Store
from player.search.bodies import Body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from player.index.postgres.connections import Connected, Pool
    from player.index.store import Terms

_log = logging.getLogger(__name__)
_Value = TypeVar("_Value")

#: The environment's word for what is only read from: copies of the index that follow it, such as a hot standby.
READ: Final = "PLAYER_INDEX_READ"
# How the schemas of an archive begin; behind it stands what the files of the cache have in their names.
_BEGINS: Final = "tape_player_"
_DRAFTS: Final = "_drafts"
# The index of another version is removed when nobody has kept it for so long, in seconds.
_OUT_OF_USE: Final = 24 * 3600
# One that was begun so short a time ago is left to who did: nobody may have locked it yet.
_BEGINNING: Final = 30.0


class NoIndexError(IndexServerError):
    """A copy that answers has no index that this version of the program reads."""


class PostgresDatabase(Store):
    """The index of the archive at ``root``, of what an audience may see, on the server at ``address``."""

    def __init__(self, root: Path, audience: Audience, address: str) -> None:
        #: How the names of all schemas of the archive begin, and that of this one.
        self.archive = f"{_BEGINS}{opening.name_of(root)}_"
        self.schema = f"{self.archive}{schema.fingerprint()}{_DRAFTS if audience is Audience.EDITORS else ''}"
        self._main = pool(address, "PLAYER_INDEX")
        copies = os.environ.get(READ, "").strip()
        self._copies = pool(copies, READ) if copies else self._main
        self._lock = threading.RLock()
        # The connection that holds the lock, and how many are using it.
        self._kept: Connected | None = None
        self._users = 0
        self._texts = Texts()

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """Give what a query finds.

        :raise IndexServerError: where no server answers, or none has the index.
        """
        said = wording.statement(sql)
        values = said.values(parameters)
        return self._answered(lambda connection: connection.execute(said.sql, values, binary=True).fetchall())

    def each(self, sql: str, *parameters: Any) -> Iterator[dict[str, Any]]:
        """Give what a query finds, as ``rows`` does: they come together, and a tenth of a gigabyte is the most."""
        yield from self.rows(sql, *parameters)

    def bodies(self, terms: Terms | None) -> Iterator[tuple[Any, ...]]:
        """Give the bodies in which something may be."""
        sql, values = trigrams.found(terms)
        rows = self.rows(sql, *values)
        texts = self._texts.of([row["id"] for row in rows], self._read_texts)
        # What was taken out between the two is left out.
        return ((row["unit"], row["kind"], row["owner"], texts[row["id"]]) for row in rows if row["id"] in texts)

    def bodies_of(self, units: Sequence[int], kind: str) -> dict[int, Body]:
        """Give the bodies of a kind of some units, by the numbers of these."""
        sql = "SELECT id, unit, starts FROM body WHERE kind = ? AND unit IN (SELECT value FROM json_each(?))"
        rows = self.rows(sql, kind, json.dumps(list(units)))
        texts = self._texts.of([row["id"] for row in rows], self._read_texts)
        return {row["unit"]: Body(texts[row["id"]], array("I", row["starts"])) for row in rows if row["id"] in texts}

    def _read_texts(self, numbers: list[int]) -> Iterator[tuple[int, bytes]]:
        sql = "SELECT id, folded FROM body WHERE id IN (SELECT value FROM json_each(?))"
        return ((row["id"], row["folded"]) for row in self.rows(sql, json.dumps(numbers)))

    def finds_letters(self) -> bool:
        """Tell that bodies are found by their letters."""
        return True

    def decoded(self, text: str, decode: Callable[[str], _Value]) -> _Value:
        """Give the value that was written as ``text``.

        :raise IndexServerError: where somebody else wrote there.
        """
        try:
            return decode(text)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise IndexServerError("PLAYER_INDEX: the index is damaged; make it anew: player index --rebuild") from None

    @contextmanager
    def writing(self, *, is_shown: bool = True) -> Iterator[PostgresWriting]:
        """Change the index: all that is done within, or nothing. Whoever writes at the same time is waited for.

        :raise IndexServerError: where the server cannot be written to.
        """
        with self._lock, self._to_write() as connection:
            try:
                with connection.transaction():
                    self._alone(connection)
                    change = PostgresWriting(connection)
                    yield change
                    if is_shown:
                        change.execute(schema.SET_META, ("generation", str(secrets.randbits(62))))
            except psycopg.Error as error:
                raise self._main.told(error) from None

    def purge(self) -> bool:
        """Let the server clear away what was taken out.

        What its log and its copies still have of it is not in our hands (docs/index-server.md).
        """
        try:
            with self._main.one(self.schema) as connection:
                connection.execute(f"VACUUM {', '.join(schemas.tables_of(connection, self.schema))}")
        except psycopg.Error as error:
            raise self._main.told(error) from None
        return True

    def patiently(self, do: Callable[[], _Value]) -> _Value:
        """Do what reads and writes the index: nothing here mends a server."""
        return do()

    def mend(self, error: Exception) -> bool:  # noqa: ARG002  # of every store
        """Tell that nothing here mends a server."""
        return False

    def clear(self) -> None:
        """Throw away what is in the index."""
        with self._lock, self._to_write() as connection:
            try:
                with connection.transaction():
                    self._alone(connection)
                    connection.execute(f'DROP SCHEMA "{self.schema}" CASCADE')
                    self._create(connection)
            except psycopg.Error as error:
                raise self._main.told(error) from None

    def is_there(self) -> bool:
        """Tell whether somebody has begun it."""
        try:
            with self._main.one(self.schema) as connection:
                return self.schema in schemas.all_of(connection, self.archive)
        except psycopg.Error as error:
            raise self._main.told(error) from None

    def sweep(self, unused: float) -> None:
        """Remove the indexes of other versions of the program that nobody has kept for ``unused`` seconds."""
        self._remove(lambda name: not name.removesuffix(_DRAFTS).endswith(schema.fingerprint()), unused)

    def remove_idle(self) -> None:
        """Remove the other indexes of the same archive that nobody keeps up to date."""
        self._remove(lambda name: name != self.schema, _BEGINNING)

    @contextmanager
    def elected(self) -> Iterator[bool]:
        """Keep the index up to date, alone of all servers; tell whether that is this one's to do.

        :raise IndexServerError: where the server does not answer.
        """
        with self._lock:
            if self._kept is None or self._kept.closed:
                self._kept = self._campaign()
            is_ours = self._kept is not None
            self._users += is_ours
        try:
            yield is_ours
        finally:
            with self._lock:
                self._users -= is_ours
                if is_ours and self._users == 0:
                    self._resign()

    def _campaign(self) -> Connected | None:
        """Ask for the lock; give the connection that holds it, None where another server does."""
        connection = self._ready()
        try:
            row = connection.execute("SELECT pg_try_advisory_lock($1) AS ours", [schemas.key(self.schema)]).fetchone()
            if row and row["ours"]:
                connection.execute(wording.statement(schema.SET_META).sql, ["kept", str(int(time.time()))])
                return connection
        except psycopg.Error as error:
            connection.close()
            raise self._main.told(error) from None
        self._main.give_back(connection, self.schema)
        return None

    def _resign(self) -> None:
        connection, self._kept = self._kept, None
        if connection is not None:
            try:
                connection.execute("SELECT pg_advisory_unlock($1)", [schemas.key(self.schema)])
            except psycopg.Error:
                connection.close()  # the lock ends with it
            self._main.give_back(connection, self.schema)

    @contextmanager
    def _to_write(self) -> Iterator[Connected]:
        """Give the connection that holds the lock: who lost it writes no more. Else one for those who keep nothing."""
        if self._kept is not None:
            yield self._kept
            return
        connection = self._ready()
        try:
            yield connection
        finally:
            self._main.give_back(connection, self.schema)

    def _ready(self) -> Connected:
        """Give a connection to a server that can be written to, and has the tables.

        :raise IndexServerError: where there is none.
        """
        while True:
            connection, is_new = self._main.take(self.schema)
            try:
                row = connection.execute(
                    "SELECT pg_is_in_recovery() AS copies, to_regclass($1) IS NOT NULL AS there",
                    [f'"{self.schema}".meta'],
                ).fetchone()
                assert row is not None  # noqa: S101  # for mypy: there is one
                if row["copies"]:
                    connection.close()
                    raise IndexServerError(
                        "PLAYER_INDEX: this server only follows another, and cannot be written to; name that one, or "
                        "both with ?target_session_attrs=read-write"
                    )
                if not row["there"]:
                    with connection.transaction():
                        self._alone(connection)
                        self._create(connection)
            except psycopg.Error as error:
                connection.close()
                if is_new:
                    raise self._main.told(error) from None
            else:
                return connection

    def _alone(self, connection: Connected) -> None:
        """Wait until nobody else writes, within a transaction."""
        connection.execute("SELECT pg_advisory_xact_lock($1)", [schemas.key(f"{self.schema} writing")])

    def _create(self, connection: Connected) -> None:
        """Make the tables, where another process was not quicker."""
        others = schemas.all_of(connection, self.archive)
        if self.schema in others:
            return
        if any(name.endswith(_DRAFTS) == self.schema.endswith(_DRAFTS) for name in others):
            _log.warning("the index on the server was made by another version of the program, and is made anew")
        connection.execute(f'CREATE SCHEMA "{self.schema}"')
        for sql in (
            *wording.tables(),
            *trigrams.TABLES,
            f"ALTER TABLE body ALTER id RESTART WITH {secrets.randbits(48)}",
        ):
            connection.execute(sql)

    def _answered(self, ask: Callable[[Connected], _Value]) -> _Value:
        """Ask a server: the one that is to be read from, and where that does not answer, the other."""
        pools = (self._copies, self._main) if self.may_lag and self._kept is None else (self._main, self._copies)
        try:
            return self._ask(pools[0], ask)
        except NoIndexError:
            raise
        except IndexServerError:
            # Who keeps the index may not take what is there for what was there a moment ago.
            if pools[0] is pools[1] or self._kept is not None:
                raise
            return self._ask(pools[1], ask)

    def _ask(self, there: Pool, ask: Callable[[Connected], _Value]) -> _Value:
        is_begun = False
        while True:
            connection, is_new = there.take(self.schema)
            try:
                return ask(connection)
            except errors.UndefinedTable as error:
                if is_begun:
                    raise there.told(error) from None
                self._begin(there)
                is_begun = True
            except psycopg.Error as error:
                if is_new or not is_lost(connection, error):
                    raise there.told(error) from None
            finally:
                there.give_back(connection, self.schema)

    def _begin(self, there: Pool) -> None:
        """Make the index that is not there, or say why nobody here does."""
        if there is self._main:
            with self._to_write():
                return
        with there.one(self.schema) as connection:
            others = schemas.all_of(connection, self.archive)
        raise NoIndexError(
            f"{READ}: the index there was made by another version of the program; a server of this version that may "
            "write makes it anew: player index"
            if others
            else f"{READ}: no index of this archive is there yet; make it: player index"
        )

    def _remove(self, is_meant: Callable[[str], bool], unused: float) -> None:
        """Remove other indexes of the archive that nobody keeps, and nobody has kept for so long."""
        try:
            with self._main.one(self.schema) as connection:
                for name in filter(is_meant, schemas.all_of(connection, self.archive)):
                    with connection.transaction():
                        sql = "SELECT pg_try_advisory_xact_lock($1) AS idle"
                        row = connection.execute(sql, [schemas.key(name)]).fetchone()
                        if row and row["idle"] and time.time() - schemas.last_kept(connection, name) > unused:
                            connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        except psycopg.Error as error:
            raise self._main.told(error) from None
