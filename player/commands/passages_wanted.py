"""Gathers what ``player clips`` is to cut: rows of a table, annotations, lines in which words are found."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import click

from player.commands.options import recording_to_cut, warn_of_missing_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.clips.selection import Choice
    from player.clips.table import Row
    from player.errors import Fault
    from player.index.facets import Chosen
    from player.index.index import Index

# Recordings that stay in memory; one of half an hour takes half a megabyte.
_HELD: Final = 32


@dataclass(frozen=True)
class Wanted:
    """A passage of the recording ``slug``; ``place``, what asks for it, is named if it fails."""

    place: str
    slug: str
    choice: Choice
    #: What is to be printed of it: its words, where they were looked for.
    said: str = ""
    #: The format that is asked for it, or ``copy``; empty where that is left to the command.
    format_name: str = ""


class Wanting:
    """Finds passages in an archive, prints what is wrong with what asks for them, and counts what ``failed``."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._opened: OrderedDict[str, Recording] = OrderedDict()
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self.failed = 0

    def recording(self, slug: str) -> Recording:
        """Read a recording that clips are to be cut from, as its owners see it; say once where it has no words.

        Rows of a table may take turns between some, and a search may find thousands: the latest stay in memory.

        :raise PlayerError: where there is none of that name, or it cannot be read.
        """
        with self._lock:
            if slug not in self._opened:
                self._opened[slug] = recording_to_cut(self._archive, slug)
                if slug not in self._known:
                    self._known.add(slug)
                    warn_of_missing_words(self._opened[slug])
                if len(self._opened) > _HELD:
                    self._opened.popitem(last=False)
            self._opened.move_to_end(slug)
            return self._opened[slug]

    def of_table(self, table: Path, slug: str | None, *, again: bool) -> Iterator[Wanted]:
        """Give the passages of a table's rows in their order; ``slug`` is the recording of those that name none.

        What is wrong with a row is told when its turn comes. A row that repeats another is passed over, unless
        passages may come ``again``.
        """
        from player.clips.table import read_passages
        from player.errors import shown

        rows, faults = read_passages(table)
        if not rows and not faults:
            self._tell(f"{shown(table)}: the table has no rows; write start,end,name")
        in_turn: list[Row | Fault] = [*rows, *faults]
        in_turn.sort(key=lambda each: each.line or 0)
        found = self._of_rows(shown(table), in_turn, slug)
        return found if again else _once(found)

    def _of_rows(self, table: str, rows: Sequence[Row | Fault], slug: str | None) -> Iterator[Wanted]:
        from player.clips.provenance import safe
        from player.clips.selection import Choice
        from player.errors import Fault, PlayerError

        for row in rows:
            if isinstance(row, Fault):
                self._tell(str(row))
                continue
            place = f"{table}:{row.line}"
            if row.name and not safe(row.name):
                self._tell(f"{place}: the name has no letter or digit; write one that does, or leave it out")
                continue
            name = row.recording or slug
            if not name:
                self._tell(f"{place}: the row names no recording; write its name, or one for all before --from-csv")
                continue
            try:
                self.recording(name)
                yield Wanted(place, name, Choice(row.span, row.name), format_name=row.format)
            except PlayerError as refusal:
                self._tell(f"{place}: {refusal}")

    def of_annotations(self, slug: str) -> list[Wanted]:
        """Give the annotations of a recording that have a passage.

        :raise PlayerError: where there is none, or they cannot be read.
        """
        from player.clips.selection import all_annotations

        return [Wanted(choice.what, slug, choice) for choice in all_annotations(self.recording(slug))]

    def of_all_annotations(self, tags: Sequence[str], people: Sequence[str], *, with_closed: bool) -> list[Wanted]:
        """Give the annotations with a passage of all recordings with a tag or a person, the recordings by date.

        :raise NotFoundError: where no recording has one of these.
        """
        from player.errors import PlayerError
        from player.index.lists import cards_of, shelf

        slugs: dict[str, None] = {}
        indexes = _indexes(self._archive, with_closed=with_closed)
        chosen = _chosen(indexes, tags, people)
        for index in indexes:
            slugs |= dict.fromkeys(card.slug for card in cards_of(index, shelf(index, chosen, "date").numbers))
        found = []
        for slug in slugs:
            try:
                recording = self.recording(slug)
                some = self.of_annotations(slug) if recording.timed or recording.unread.annotations else []
            except PlayerError as refusal:
                self._tell(f"{slug}: {refusal}")
                continue
            found += [replace(each, place=f"{slug} {each.place}") for each in some]
        return found

    def of_words(
        self, words: str, slug: str | None, tags: Sequence[str], people: Sequence[str], *, with_closed: bool
    ) -> Iterator[Wanted]:
        """Give the lines in which words are found, those of the recordings first that answer best.

        What visitors may not see is looked through only ``with_closed``.

        :raise SearchError: where there is no word among them.
        :raise NotFoundError: where no recording has a tag or a person.
        """
        from player.archive.machine import LABEL
        from player.clips.selection import Choice
        from player.errors import PlayerError
        from player.index.everything import Everything

        indexes = _indexes(self._archive, with_closed=with_closed)
        chosen = _chosen(indexes, tags, people)
        index = indexes[0]
        found = Everything.find(index, words) if with_closed else Everything.find_open(index, words)
        for card, line, _ in found.lines(chosen):
            if slug not in {None, card.slug}:
                continue
            place = f"{card.slug} {line.line.id}"
            if line.span is None:
                self._tell(f"{place}: it is not timed yet, so no clip can be cut of it")
                continue
            said = " / ".join(" ".join(text for text, _ in pieces) for pieces in line.lines)
            said += f" [{LABEL}]" if line.is_unchecked else ""
            try:
                self.recording(card.slug)
                yield Wanted(place, card.slug, Choice(line.span, line.line.id), said)
            except PlayerError as refusal:
                self._tell(f"{place}: {refusal}")

    def _tell(self, fault: str) -> None:
        click.echo(fault, err=True)
        self.failed += 1


def _once(found: Iterable[Wanted]) -> Iterator[Wanted]:
    """Pass over the rows that repeat another, and tell it; tell also where two have one name."""
    from player.clips.provenance import safe

    # Some file systems do not tell capitals apart.
    named: dict[tuple[str, str, str], str] = {}
    made: dict[tuple[str, object, str, str], str] = {}
    for each in found:
        _, _, line = each.place.rpartition(":")
        slug, key = each.slug, safe(each.choice.what).casefold()
        if (before := made.setdefault((slug, each.choice.span, each.format_name, key), line)) != line:
            click.echo(f"{each.place}: this repeats line {before}; the clip is made once", err=True)
            continue
        if key and (first := named.setdefault((slug, each.format_name, key), line)) != line:
            click.echo(f"{each.place}: line {first} has the same name; the times in the file names differ", err=True)
        yield each


def _indexes(archive: Archive, *, with_closed: bool) -> list[Index]:
    """Open the index of what visitors may see, as of now, and where they are wanted that of all the rest."""
    from player.index.beside import Beside
    from player.index.index import Index

    index = Index.of(archive)
    index.look(_show)
    return [index, Beside(index).index] if with_closed else [index]


def _chosen(indexes: Sequence[Index], tags: Sequence[str], people: Sequence[str]) -> Chosen:
    """Give what recordings are to have: tags as they are written, people by their ids or by their names.

    :raise NotFoundError: where no recording has one of these.
    """
    from player.errors import NotFoundError, quoted
    from player.index.facets import values

    chosen: dict[str, tuple[str, ...]] = {}
    for name, wanted in (("tag", tags), ("person", people)):
        called: dict[str, str] = {}
        for value in (value for index in indexes for value in values(index, name, {})) if wanted else ():
            called |= {value.label.casefold(): value.value, value.value.casefold(): value.value}
        for each in wanted:
            if each.casefold() not in called:
                raise NotFoundError(
                    f"no recording has the {name} {quoted(each)}; write it as the page Recordings has it"
                )
        if wanted:
            chosen[name] = tuple(dict.fromkeys(called[each.casefold()] for each in wanted))
    return chosen


def _show(done: int, there: int) -> None:
    """Say on a terminal how far the reading has come."""
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} of {there:,} read", err=True, nl=done == there)
