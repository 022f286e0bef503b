"""Writes what an archive holds into its index: one recording, or one file that the whole archive shares, at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from player.archive import dates
from player.archive.line_marks import doubtful
from player.archive.prose import plain as plain_prose
from player.archive.statements import of_record_and_annotations
from player.archive.transcript import Cue
from player.index import cards, looking, schema, values
from player.letters import folded
from player.search.bodies import body_of, joined

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from player.archive.annotations import Annotation
    from player.archive.recording import Recording
    from player.archive.statements import Statement
    from player.archive.toml.declared import Table
    from player.archive.transcript import Line
    from player.index.naming import Naming
    from player.index.store import Writing
    from player.search.bodies import Body


#: Why nothing of a recording is there: it is not, it may not be shown, or it is to be read anew (``Row.withheld``).
GONE: Final = "gone"
HIDDEN: Final = "hidden"
_TAKEN: Final = "taken out"


@dataclass(frozen=True)
class Row:
    """A row of the table ``unit``, but for its number."""

    unit: looking.Unit
    stamp: str
    sound: str | None = None
    is_pending: bool = False
    fault: str | None = None
    restricted: bool = False
    shown: str | None = None
    withheld: str | None = None
    judged: str | None = None
    added: int | None = None


@dataclass(frozen=True)
class Writer:
    """Writes one unit after another within a transaction of ``connection``; ``naming`` knows the people."""

    connection: Writing
    naming: Naming

    def remove(self, unit: looking.Unit, *, for_good: bool = False) -> tuple[int | None, int | None]:
        """Remove all rows of a unit; give the number that it had, and when a recording had been added.

        What is removed ``for_good``, since it may not be shown, is noted down to be overwritten too.
        """
        if for_good:
            # What ``player check`` keeps may quote it.
            kept = self.connection.execute("DELETE FROM examined WHERE kind = ? AND name = ?", unit)
            if kept.rowcount:
                self.flag("residue")
        if unit[0] == "people":
            # Whoever is killed before all names are found anew leaves it to the next.
            self.flag("unnamed")
        found = self.connection.execute(
            "SELECT unit.id, coalesce(recording.added, unit.added) AS added FROM unit LEFT JOIN recording USING (id)"
            " WHERE unit.kind = ? AND name = ?",
            unit,
        ).fetchone()
        if found is None:
            return None, None
        bodies = self.connection.execute("SELECT id, folded FROM body WHERE unit = ?", (found["id"],)).fetchall()
        for body in bodies:
            self.connection.take_letters(body["id"], body["folded"])
        if bodies and for_good:
            self.flag("residue")
        self.connection.execute("DELETE FROM unit WHERE id = ?", (found["id"],))
        return found["id"], found["added"]

    def flag(self, name: str) -> None:
        """Raise one of the flags in ``meta``."""
        self.connection.execute(schema.SET_META, (name, "1"))

    def put_recording(self, recording: Recording, card: cards.Card, unit: Row) -> None:
        """Write a recording: what lists show of it, its lines and notes, and what they cite and name."""
        number, added = self._begin(unit)
        self._put_card(number, card, added)
        former = [(name, number) for name in recording.formerly]
        self.connection.executemany("INSERT INTO former VALUES (?, ?) ON CONFLICT DO NOTHING", former)
        self._put_facets(number, card)
        self._put_lines(number, recording.transcript.lines if recording.transcript else ())
        self._put_notes(number, recording)
        for n, each in enumerate(recording.publication):
            self._put_thing(number, "publication", recording.slug, n, each.title, each)
        self._put_statements(number, of_record_and_annotations(recording))
        about = [card.title, card.summary, card.place, card.series, card.identifier, *card.tags, *card.speakers]
        self._put_body(number, "record", 0, body_of(filter(None, about), apart=True))

    def put_nothing(self, unit: Row) -> None:
        """Write that there is a unit of which nothing can be shown, or may be, or that is not there after all."""
        self._begin(unit)

    def take_out(self, unit: looking.Unit) -> None:
        """Remove all that is known of a recording until it is read anew, since less of it may be shown now."""
        self.point_again(unit)
        number, added = self.remove(unit, for_good=True)
        self._add_unit(number, Row(unit, "", restricted=True, withheld=_TAKEN, added=added))

    def point_again(self, unit: looking.Unit) -> None:
        """See to it that dossiers and sets are read anew that point at a recording whose other things are shown now."""
        self.connection.executemany(
            "UPDATE unit SET stamp = '' WHERE kind = ? AND id IN"
            " (SELECT thing.unit FROM pointer JOIN thing ON thing.number = pointer.thing WHERE slug = ?)",
            [(kind, unit[1]) for kind in looking.FOLDERS],
        )

    def put_shared(
        self,
        unit: Row,
        things: Iterable[tuple[str, str, str, Table]],
        said: Iterable[Statement],
        pointed: Collection[str] = (),
    ) -> None:
        """Write a shared file, a dossier or a set: its things, as kind, id, name and value, and what is said in them.

        ``pointed`` are recordings that it points at, besides those that the things do as they are shown.
        """
        number, _ = self._begin(unit)
        statements = list(said)
        texts: dict[str, list[str]] = {}
        for statement in statements:
            texts.setdefault(_owner(statement), []).extend((statement.title, *statement.texts))
        for n, (kind, name, called, value) in enumerate(things):
            thing = self._put_thing(number, kind, name, n, called, value)
            slugs = sorted({*values.pointed_at(value), *pointed})
            self.connection.executemany("INSERT INTO pointer VALUES (?, ?)", [(slug, thing) for slug in slugs])
            if kind != "strand":
                self._put_body(number, kind, thing, body_of([called, *texts.get(name, [])], apart=True))
        self._put_statements(number, statements)

    def put_names(self, number: int) -> None:
        """Write who is named in what a unit says, from the texts that are in the index already."""
        self.connection.execute("DELETE FROM names WHERE unit = ? AND NOT is_pointer", (number,))
        lines = self.connection.execute("SELECT text FROM line WHERE recording = ? ORDER BY n", (number,)).fetchall()
        self._put_named(number, [row["text"] for row in lines], lambda index: -index - 1)
        said = self.connection.execute("SELECT n, texts FROM statement WHERE unit = ?", (number,)).fetchall()
        self._put_named(number, [row["texts"] for row in said], lambda index: said[index]["n"])
        row = self.connection.execute("SELECT card FROM recording WHERE id = ?", (number,)).fetchone()
        if row is not None:
            self._put_facets(number, cards.read(row["card"]))

    def _begin(self, unit: Row) -> tuple[int, int | None]:
        """Write the row of a unit in place of all that was there of it; give its number, and when it had been added."""
        if unit.unit[0] == looking.RECORDING:
            sql = "SELECT withheld FROM unit WHERE kind = ? AND name = ?"
            before = self.connection.execute(sql, unit.unit).fetchone()
            if (before["withheld"] if before else GONE) != unit.withheld:
                self.point_again(unit.unit)
        number, added = self.remove(unit.unit, for_good=unit.restricted)
        return self._add_unit(number, unit), added

    def _add_unit(self, number: int | None, unit: Row) -> int:
        kind, name = unit.unit
        columns = "kind, name, stamp, sound, is_pending, fault, restricted, shown, withheld, judged, added"
        values = (kind, name, unit.stamp, unit.sound, unit.is_pending, unit.fault)
        gate = (unit.restricted, unit.shown, unit.withheld, unit.judged, unit.added)
        if number is None:
            marks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
            return self.connection.added(f"INSERT INTO unit ({columns}) VALUES ({marks})", (*values, *gate))  # noqa: S608  # of constants
        marks = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
        self.connection.execute(f"INSERT INTO unit (id, {columns}) VALUES ({marks})", (number, *values, *gate))  # noqa: S608  # likewise
        return number

    def _put_card(self, number: int, card: cards.Card, added: int | None) -> None:
        earliest, latest = _days(card.date)
        row = (
            number,
            card.slug,
            card.title,
            order(card.title),
            earliest,
            latest,
            _decade(card),
            card.kind,
            card.status,
            card.language,
            card.series,
            card.surrogate_for,
            card.length,
            card.state,
            time.time_ns() if added is None else added,
            card.published,
            card.unchecked,
            cards.written(card),
        )
        self.connection.execute(f"INSERT INTO recording VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608  # marks

    def _put_thing(self, number: int, kind: str, name: str, n: int, called: str, value: Table) -> int:
        return self.connection.added(
            "INSERT INTO thing (unit, kind, id, n, name, name_order, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, kind, name, n, called, order(called), values.encode(value)),
        )

    def _put_facets(self, number: int, card: cards.Card) -> None:
        """Write by what lists can be narrowed to it.

        A person is the id of one of people.toml, whom a speaker is said to be or a note is about, or the name of a
        speaker who is not there.
        """
        named: dict[int, list[str]] = {}
        for index, person in self.naming.named_in(card.voices):
            named.setdefault(index, []).append(person)
        voices = [person for index, voice in enumerate(card.voices) for person in named.get(index, [voice])]
        decade = _decade(card)
        facets = {
            "person": {*card.people, *voices},
            "tag": card.tags,
            "decade": () if decade is None else (f"{decade}s",),
            "kind": (card.kind,),
            "series": (card.series,) if card.series else (),
        }
        self.connection.execute("DELETE FROM facet WHERE recording = ?", (number,))
        rows = sorted({(name, value, number) for name, held in facets.items() for value in held})
        self.connection.executemany("INSERT INTO facet VALUES (?, ?, ?)", rows)

    def _put_lines(self, number: int, lines: Sequence[Line]) -> None:
        self.connection.executemany(
            "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((number, n, it.id, *_times(it), it.speaker, it.text, *_known(it)) for n, it in enumerate(lines)),
        )
        cited = {
            (citation.source, number, -n - 1, citation.locator or "")
            for n, line in enumerate(lines)
            for citation in line.citations
        }
        self.connection.executemany("INSERT INTO cites VALUES (?, ?, ?, ?)", cited)
        if lines:
            texts = [line.text for line in lines]
            self._put_named(number, texts, lambda index: -index - 1)
            self._put_body(number, "lines", 0, body_of(texts))

    def _put_notes(self, number: int, recording: Recording) -> None:
        said = []
        numbered = {annotation.id: each for each, annotation in enumerate(recording.numbered, start=1)}
        for n, annotation in enumerate(recording.annotations):
            text = plain_prose(annotation.body)
            row = (number, n, annotation.id, numbered.get(annotation.id), annotation.kind, annotation.title, text)
            ends = (annotation.span.start, annotation.span.end) if annotation.span else (None, None)
            known = (*row, *ends, annotation.is_approximate)
            self.connection.execute("INSERT INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", known)
            said.append(body_of(_said(annotation, text), apart=True))
        if said:
            self._put_body(number, "notes", 0, joined(said))

    def _put_statements(self, number: int, said: Iterable[Statement]) -> None:
        rows, texts = [], []
        cited: set[tuple[str, int, int, str]] = set()
        pointed: set[tuple[str, int, int, bool]] = set()
        for n, each in enumerate(said):
            spot = each.spot
            text = "\n".join(each.texts)
            rows.append((number, n, each.kind, each.title, spot.kind, spot.name, " ".join(spot.part), spot.at, text))
            cited.update((citation.source, number, n, citation.locator or "") for citation in each.citations)
            pointed.update((person, number, n, True) for person in each.people)
            texts.append(text)
        self.connection.executemany("INSERT INTO statement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.connection.executemany("INSERT INTO cites VALUES (?, ?, ?, ?)", cited)
        self.connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", pointed)
        self._put_named(number, texts, lambda index: index)

    def _put_named(self, number: int, texts: Sequence[str], place: Any) -> None:
        named = {(person, number, place(index), False) for index, person in self.naming.named_in(texts)}
        self.connection.executemany("INSERT INTO names VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", named)

    def _put_body(self, number: int, kind: str, owner: int, body: Body) -> None:
        row = (number, kind, owner, len(body.folded), body.starts.tobytes(), body.folded)
        added = self.connection.added(
            "INSERT INTO body (unit, kind, owner, size, starts, folded) VALUES (?, ?, ?, ?, ?, ?)", row
        )
        self.connection.put_letters(added, body.folded)


def order(text: str) -> str:
    """Write a title or a name so that texts are ordered as people order them: without capitals, accents and marks."""
    return folded(text)


def _owner(statement: Statement) -> str:
    """Give the id of the thing that a statement of a shared file is about."""
    spot = statement.spot
    return spot.part[-1] if spot.kind == "chronology" else spot.name


def _said(annotation: Annotation, text: str) -> Iterator[str]:
    yield annotation.title
    yield text
    yield from (plain_prose(claim.says) for claim in annotation.claims)


def _times(line: Line) -> tuple[int | None, int | None, int | None]:
    return (line.start, line.end, line.until) if isinstance(line, Cue) else (None, None, None)


def _known(line: Line) -> tuple[str, bool, str | None, bool, str]:
    """Give the times of its words, whether its times are approximate, its page, and what nobody has checked of it."""
    unchecked = (line.is_unchecked, " ".join(map(str, doubtful(line))) if line.is_unchecked else "")
    if not isinstance(line, Cue):
        return "", False, line.page, *unchecked
    return "" if line.is_approximate else _offsets(line), line.is_approximate, line.page, *unchecked


def _offsets(cue: Cue) -> str:
    if None not in cue.words:
        return " ".join(map(str, cue.words))
    return " ".join("-" if offset is None else str(offset) for offset in cue.words)


def _days(date: str | None) -> tuple[str | None, str | None]:
    """Give the first and the last day of a date; None where it names none: of ``../1963`` nobody knows the first."""
    if date is None:
        return None, None
    earliest = None if dates.has_open_start(date) else dates.earliest(date).isoformat()
    return earliest, None if date.endswith("/..") else dates.latest(date).isoformat()


def _decade(card: cards.Card) -> int | None:
    earliest, _ = _days(card.date)
    return int(earliest[:4]) // 10 * 10 if earliest else None
