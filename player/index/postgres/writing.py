"""Changes the index on a PostgreSQL server, as ``player.index.store.Writing`` says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.index.postgres import trigrams, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg

    from player.index.postgres.connections import Connected

# The column that has the number of a row, where it is not ``id``.
_NUMBERS: Final = {"thing": "number"}


@dataclass(frozen=True)
class PostgresWriting:
    """A connection within a change."""

    connection: Connected

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> psycopg.Cursor[dict[str, Any]]:
        """Do what a statement says."""
        said = wording.statement(sql)
        return self.connection.execute(said.sql, said.values(parameters), binary=True)

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Do it for each of some rows of values; what is only added goes in one stream."""
        table = wording.filled(sql)
        with self.connection.cursor() as cursor:
            if table is None:
                said = wording.statement(sql)
                cursor.executemany(said.sql, [said.values(row) for row in rows])
                return
            with cursor.copy(f"COPY {table} FROM STDIN") as copying:
                for row in rows:
                    copying.write_row([wording.clean(value) for value in row])

    def added(self, sql: str, parameters: Sequence[Any], /) -> int:
        """Add a row, and give its number."""
        table = sql.split()[2]
        column = _NUMBERS.get(table, "id")
        row = self.execute(f"{sql} RETURNING {column}", parameters).fetchone()
        assert row is not None  # noqa: S101  # for mypy: an INSERT has one
        return int(row[column])

    def put_letters(self, body: int, folded: bytes, /) -> None:
        """Let a body be found by its letters."""
        with self.connection.cursor() as cursor, cursor.copy(trigrams.FILL) as copying:
            for letters, vector in trigrams.pieces(folded):
                copying.write_row((body, letters, vector))

    def take_letters(self, body: int, folded: bytes, /) -> None:
        """Do nothing: the pieces of a body go with it."""

    def merge_letters(self) -> None:
        """Put in order what was written in batches, and let the server count what there is."""
        self.connection.execute("SELECT gin_clean_pending_list('words_by_trigram'::regclass)")
        for row in self.connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        ).fetchall():
            self.connection.execute(f'ANALYZE "{row["relname"]}"')
