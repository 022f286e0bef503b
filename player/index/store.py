"""Says what the program asks of an index, whichever database keeps it: SQLite's file, or a PostgreSQL server.

SQL is written once, as SQLite has it and PostgreSQL nearly; where the two differ, each has methods here. A ``?`` stands
for a value, ``?1`` for the first of them, and a list of values goes in as JSON.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from player.errors import PlayerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from player.search.bodies import Body

_Value = TypeVar("_Value")

#: What is found by letters: any of these, where each is in a body that has all of its runs of letters.
Terms = list[list[str]]
#: No run has more letters.
LONGEST_RUN: Final = 12


class DamagedIndexError(PlayerError):
    """The index was damaged, and has been thrown away."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "the index was damaged and is being made again; try again in a moment",
            visitors="The server is putting its lists in order. Try again in a moment.",
        )


class BusyIndexError(PlayerError):
    """The index cannot be opened, since another process does not let go of it."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "another process holds the index; try again in a moment",
            visitors="The server is putting its lists in order. Try again in a moment.",
        )


class IndexServerError(PlayerError):
    """The server that keeps the index does not answer, or has not what is wanted."""

    status = 503

    def __init__(self, told: str) -> None:
        super().__init__(told, visitors="The server is putting its lists in order. Try again in a moment.")


class Row(Protocol):
    """A row of what a query found; its values have names."""

    def __getitem__(self, name: str, /) -> Any:
        """Give the value of a column."""


class Cursor(Protocol):
    """What a statement found or changed."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchone(self) -> Any:
        """Give the next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """Give the rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Give the rows one by one."""


class Writing(Protocol):
    """A connection within a change of the index."""

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Do what a statement says."""

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Do it for each of some rows of values."""

    def added(self, sql: str, parameters: Sequence[Any], /) -> int:
        """Add a row to ``unit``, ``thing`` or ``body``; give the number that it got."""

    def put_letters(self, body: int, folded: bytes, /) -> None:
        """Let a body be found by its letters."""

    def take_letters(self, body: int, folded: bytes, /) -> None:
        """Let a body that is about to be removed be found no longer."""

    def merge_letters(self) -> None:
        """Put in order, once all is read, by what bodies are found."""


class Store(ABC):
    """An index: what is asked of it, and how it is changed."""

    #: The file, where it is one.
    path: Path | None = None
    #: Whether other processes keep it, so that what is read here may come a moment late, from a copy of it.
    may_lag: bool = False

    @property
    def is_in_memory(self) -> bool:
        """Tell whether it dies with this process."""
        return False

    @abstractmethod
    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        """Give what a query finds.

        :raise DamagedIndexError: where the index is damaged; it was thrown away, and the next look makes it again.
        :raise IndexServerError: where its server does not answer.
        """

    @abstractmethod
    def each(self, sql: str, *parameters: Any) -> Iterator[Any]:
        """Give what a query finds, one row after another: for rows that are large, or very many."""

    @abstractmethod
    def bodies(self, terms: Terms | None) -> Iterator[Any]:
        """Give the bodies in which something may be, as unit, kind, owner, folded; all of them without ``terms``."""

    @abstractmethod
    def bodies_of(self, units: Sequence[int], kind: str) -> dict[int, Body]:
        """Give the bodies of a kind, lines or notes, of some units, by the numbers of these."""

    @abstractmethod
    def finds_letters(self) -> bool:
        """Tell whether bodies can be found by their letters; else a search reads all of them."""

    @abstractmethod
    def writing(self, *, is_shown: bool = True) -> AbstractContextManager[Writing]:
        """Change the index: all that is done within, or nothing. Whoever writes at the same time is waited for.

        What no page shows (``is_shown``) leaves its generation as it is.
        """

    @abstractmethod
    def purge(self) -> bool:
        """Overwrite what is left of what was taken out of the index; tell whether nothing is."""

    @abstractmethod
    def patiently(self, do: Callable[[], _Value]) -> _Value:
        """Do what reads and writes the index; where it turns out damaged, do it again from the start."""

    @abstractmethod
    def mend(self, error: Exception) -> bool:
        """Make an index that failed usable again, empty; tell whether that was possible, so that one may try again."""

    @abstractmethod
    def clear(self) -> None:
        """Throw away what is in the index."""

    @abstractmethod
    def sweep(self, unused: float) -> None:
        """Remove what other versions of the program left, where nobody has used it for ``unused`` seconds."""

    @abstractmethod
    def remove_idle(self) -> None:
        """Remove the other indexes of the same archive that nobody keeps up to date: they may hold what is closed."""

    @abstractmethod
    def decoded(self, text: str, decode: Callable[[str], _Value]) -> _Value:
        """Give the value that was written as ``text``.

        :raise DamagedIndexError: as for ``rows``.
        """

    def check(self) -> None:  # noqa: B027  # a server sees to that by itself
        """See to it that it is whole, and throw it away where it is not."""

    def elected(self) -> AbstractContextManager[bool]:
        """Keep the index up to date, alone of all servers; tell whether that is this one's to do."""
        return nullcontext(True)  # noqa: FBT003  # whoever has the file may

    def row(self, sql: str, *parameters: Any) -> Any | None:
        """Give the first row that a query finds; None where it finds none."""
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    @property
    def generation(self) -> int:
        """A number that is another one whenever anything in the index has changed."""
        found = self.row("SELECT value FROM meta WHERE name = 'generation'")
        return int(found["value"]) if found else 0
