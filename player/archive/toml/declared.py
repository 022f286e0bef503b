"""Declares the keys of a TOML file, each once, on the field of the frozen value that it fills.

::

    @declared
    class Publication(Table):
        title: str = key("text", "where it was published")
        date: str | None = key("date", "when", default=None)

A key without a default is required. All else follows from the declaration: how its value is read (``tables``,
``values``), that its dates are past and its pointers lead somewhere (``player.checks.declarations``), that its words
are among those that the archive says (``player.archive.statements``), and its row in docs/files.md
(``player.archive.files``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from inspect import get_annotations
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar, dataclass_transform

from player.errors import Fault
from player.values import install

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: What a value is; ``values`` says how each kind is written and read.
Kind = Literal[
    "text",
    "Markdown",
    "quotation",
    "texts",
    "spellings",
    "choice",
    "flag",
    "number",
    "seconds",
    "time",
    "date",
    "last day",
    "address",
    "contact",
    "file name",
    "sound",
    "digest",
    "id",
    "ids",
    "cues",
    "claims",
    # What points at something elsewhere in the archive.
    "person",
    "people",
    "entries",
    "recording",
    "dossier",
    "dossiers",
    "set",
    "moment",
    "moments",
    "source",
    "sources",
    # One table below the key, or a list of them.
    "table",
    "tables",
]


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key of a table. Its meaning stands in docs/files.md, and in the message where it is missing."""

    kind: Kind
    meaning: str = ""
    #: What it is called in the file, and the field that it fills.
    name: str = ""
    filled: str = ""
    required: bool = False
    #: The words that a ``choice`` may be, and what each means, where that does not go without saying.
    choices: Mapping[str, str] = field(default_factory=dict)
    #: Whether its words are among what the archive says, so that quotations in them are checked.
    said: bool = True
    #: The class of the tables below it.
    of: type[Table] | None = None
    #: The key by which no two of those tables may be the same.
    unique: str | None = None
    #: Whether the field holds them by that key.
    is_mapping: bool = False
    #: Whether one of them may be headed ``[name]``, as a table by itself.
    may_be_single: bool = False


@dataclass(frozen=True)
class Position:
    """Where a table stands: in which file, the line of its header (the top of a file has none), those of its keys."""

    path: Path
    line: int | None
    lines: Mapping[str, int | None]


NOWHERE: Final = Position(Path(), None, {})


def key(
    kind: Kind,
    meaning: str,
    *,
    default: Any = MISSING,
    default_factory: Any = MISSING,
    name: str = "",
    choices: Collection[str] = (),
    said: bool = True,
) -> Any:
    """Declare the key of one value; without a ``default`` it is required. ``name`` is its name, if not the field's."""
    meanings = choices if isinstance(choices, Mapping) else dict.fromkeys(choices, "")
    found = Key(kind=kind, meaning=meaning, name=name, choices=meanings, said=said)
    return field(default=default, default_factory=default_factory, metadata={Key: found})


def table(of: type[Table], *, default: Any = MISSING) -> Any:
    """Declare the key of one table, headed ``[key]``."""
    return field(default=default, metadata={Key: Key(kind="table", of=of)})


def tables(
    of: type[Table], name: str, *, default: Any = MISSING, unique: str | None = None, may_be_single: bool = False
) -> Any:
    """Declare a list of tables, each headed ``[[name]]``, as a tuple; no two have the same value of ``unique``.

    One that ``may_be_single`` may be headed ``[name]`` where there is no other.
    """
    found = Key(kind="tables", name=name, of=of, unique=unique, may_be_single=may_be_single)
    return field(default=default, metadata={Key: found})


def tables_by(unique: str, of: type[Table], name: str, *, default_factory: Any = MISSING) -> Any:
    """Declare a list of tables, each headed ``[[name]]``, as a dict by the value of ``unique``."""
    found = Key(kind="tables", name=name, of=of, unique=unique, is_mapping=True)
    return field(default_factory=default_factory, metadata={Key: found})


_Made = TypeVar("_Made")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(key, table, tables, tables_by, field))
def _bare(value: type[_Made]) -> type[_Made]:
    """Make a class one of values, which are given by name."""
    install(value)
    return dataclass(kw_only=True, init=False, eq=False, repr=False)(value)


@_bare
class Table:
    """One table of a file; the classes below declare its keys. Two are equal that say the same, wherever they stand."""

    #: The keys that the class declares, with the names of the fields that they fill.
    keys: ClassVar[tuple[Key, ...]] = ()

    position: Position = field(default=NOWHERE, repr=False, compare=False)

    @property
    def path(self) -> Path:
        """The file that it stands in."""
        return self.position.path

    @property
    def line(self) -> int | None:
        """The line of its header; None for the top of a file, which has none."""
        return self.position.line

    def line_of(self, name: str) -> int | None:
        """Give the line of the key ``name``, or of the table where the key is left out."""
        return self.position.lines.get(name, self.position.line)

    def fault(self, name: str | None, what: str, remedy: str) -> Fault:
        """Make a fault at the line of the key ``name``, or of the table."""
        return Fault(self.path, self.line_of(name) if name else self.line, what, remedy)


_Table = TypeVar("_Table", bound=Table)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(key, table, tables, tables_by, field))
def declared(value: type[_Table]) -> type[_Table]:
    """Make a class a frozen dataclass with its fields given by name, in the order of docs/files.md.

    The keys that it inherits come after its own.
    """
    own = get_annotations(value)
    made = _bare(value)
    made.keys = tuple(
        replace(
            found,
            name=found.name or each.name,
            filled=each.name,
            required=each.default is MISSING and each.default_factory is MISSING,
        )
        for each in sorted(fields(made), key=lambda each: each.name not in own)
        if (found := each.metadata.get(Key)) is not None
    )
    return made


def values_of(value: Table, *kinds: Kind) -> Iterator[tuple[Key, Any]]:
    """Give the keys of the given kinds, and what a table has for each; what it leaves out is left out."""
    for each in value.keys:
        if each.kind in kinds and (found := getattr(value, each.filled)):
            yield each, found


def walk(value: Table) -> Iterator[Table]:
    """Give a table, and every table in it, each before what is in it, in the order in which they are declared."""
    yield value
    for each, found in values_of(value, "table", "tables"):
        below = (found,) if each.kind == "table" else found.values() if each.is_mapping else found
        for inner in below:
            yield from walk(inner)
