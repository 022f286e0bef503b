"""Gives what an archive says, statement by statement: the words, where they stand, and what they rest on.

Checks go through the statements to see that each can be verified; pages, to list what cites a source and what names a
person. Which keys of a file hold such words, citations and people follows from their declarations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from player.archive import dates
from player.archive.prose import plain
from player.archive.references import Citation
from player.archive.toml.declared import values_of, walk
from player.archive.transcript import Cue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from player.archive.about import About
    from player.archive.chronology import Chronology
    from player.archive.dossiers import Dossier
    from player.archive.people import Person
    from player.archive.recording import Recording
    from player.archive.script import Script
    from player.archive.sets import PassageSet
    from player.archive.sources import Source
    from player.archive.toml.declared import Kind, Table

ARCHIVE: Final = "archive"
RECORD: Final = "record"
NOTE_KIND: Final = "note"
LINE: Final = "line"
ENTRY: Final = "entry"
PERSON: Final = "person"
DOSSIER: Final = "dossier"
SET: Final = "set"
SOURCE: Final = "source"


@dataclass(frozen=True)
class Spot:
    """What a statement belongs to: the thing of ``kind`` and ``name``, and which ``part`` of it.

    ``kind`` is archive or chronology (``name`` is empty), recording, person, dossier, set or source. ``part`` says what
    the part is and by which ids it is known: ``("entry", "made")``; it is empty for the whole. ``at`` is the moment of
    a recording in milliseconds.
    """

    kind: str
    name: str = ""
    part: tuple[str, ...] = ()
    at: int | None = None


@dataclass(frozen=True)
class Statement:
    """Something that the archive says, at a line of a file.

    ``citations`` are its own; ``grounds`` are what else it may quote from: what its parts cite, or the source that it
    describes. ``title`` is what a list calls it, and may be another's words. ``prose`` is Markdown and ``plain`` is
    not; both are what it says itself, and may hold quotations between “ and ”. ``quotation`` is quoted as a whole.
    ``is_written`` is false where the words are not the archive's own but those that were spoken.
    """

    kind: str
    title: str
    path: Path
    line: int | None
    spot: Spot
    citations: tuple[Citation, ...] = ()
    grounds: tuple[Citation, ...] = ()
    prose: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    quotation: str | None = None
    people: tuple[str, ...] = ()
    is_written: bool = True

    def names(self, person: Person) -> bool:
        """Tell whether it points at a person, or has one of the person's names in its words."""
        if person.id in self.people:
            return True
        return any(person.is_named_in(text) for text in self.texts)

    @property
    def rests_on(self) -> tuple[Citation, ...]:
        """The sources that it may quote from."""
        return (*self.citations, *self.grounds)

    @property
    def texts(self) -> tuple[str, ...]:
        """What it says, as it is read: without Markdown's marks, and with signs in place of their names."""
        return (*map(plain, self.prose), *self.plain, *filter(None, [self.quotation]))


def of_about(about: About) -> Iterator[Statement]:
    """Give what the archive says about itself."""
    yield of_table(about, ARCHIVE, about.name, Spot("archive"))


def of_recording(recording: Recording) -> Iterator[Statement]:
    """Give what a recording's record, annotations and lines say; annotations before lines, each in order of time."""
    yield from of_record_and_annotations(recording)
    if recording.transcript is None:
        return
    for line in recording.transcript.lines:
        at = line.start if isinstance(line, Cue) else None
        yield Statement(
            LINE,
            line.text,
            recording.transcript.path,
            line.line,
            Spot("recording", recording.slug, ("cue", line.id), at),
            line.citations,
            plain=(line.text,),
            is_written=recording.is_reading,
        )


def of_record_and_annotations(recording: Recording) -> Iterator[Statement]:
    """Give what a recording's record and annotations say, in order of time."""
    yield from _of_record(recording)
    yield from _of_annotations(recording)


def of_script(slug: str, script: Script) -> Iterator[Statement]:
    """Give what the lines of a script say."""
    for line in script.lines:
        yield of_table(line, LINE, line.text, Spot("recording", slug, ("cue", line.id)))


def of_people(people: Iterable[Person]) -> Iterator[Statement]:
    """Give what is said of each person."""
    for person in people:
        yield of_table(person, PERSON, person.name, Spot("person", person.id), people=(person.id,))


def of_chronology(chronology: Chronology) -> Iterator[Statement]:
    """Give what happened, in order of time, after what the strands say of themselves."""
    for strand in chronology.strands:
        yield of_table(strand, ENTRY, strand.title, Spot("chronology", part=("strand", strand.id)))
    for entry in chronology.entries:
        title = f"{dates.readable(entry.date)}: {plain(entry.event)}"
        yield of_table(entry, ENTRY, title, Spot("chronology", part=("entry", entry.id)))


def of_dossier(dossier: Dossier) -> Iterator[Statement]:
    """Give what a dossier says of its event, of its accounts, and of what each answers."""

    def say(table: Table, title: str, *part: str, **said: Any) -> Statement:
        return of_table(table, DOSSIER, title, Spot("dossier", dossier.slug, part), **said)

    yield say(dossier, dossier.title)
    for account in dossier.accounts.values():
        yield say(account, account.title, "account", account.id)
    for question in dossier.questions.values():
        cited = tuple(answer.source for answer in question.answers.values() if answer.source)
        yield say(question, question.asks, "question", question.id, grounds=cited)
        for answer in question.answers.values():
            if not (answer.says or answer.quotation or answer.source):
                continue  # a verdict alone says nothing that its account does not
            account = dossier.accounts[answer.account]
            title = f"{question.asks} {account.title}"
            where = (answer.source or account.source,)
            yield say(answer, title, "answer", question.id, account.id, citations=where)
    for number, change in enumerate(dossier.changes, start=1):
        yield say(change, change.title, "change", str(number))
    for aside in dossier.asides:
        yield say(aside, aside.title, "aside", aside.id)
    for motive in dossier.motives:
        yield say(motive, "Why", "motives")
    for tie in dossier.ties:
        yield say(tie, "Where it is spoken of", "ties")


def of_set(found: PassageSet) -> Iterator[Statement]:
    """Give what a set says of itself, and above each of its passages that it says anything of."""
    yield of_table(found, SET, found.title, Spot("set", found.slug))
    for number, passage in enumerate(found.passages, start=1):
        if passage.title or passage.text or passage.citations:
            title = passage.title or f"{found.title}, passage {number}"
            yield of_table(passage, SET, title, Spot("set", found.slug, ("passage", str(number))))


def of_sources(sources: Iterable[Source]) -> Iterator[Statement]:
    """Give what the bibliography says of each source: these may name people, and are cited by nothing."""
    for source in sources:
        yield of_table(source, SOURCE, source.called, Spot("source", source.id), grounds=(Citation(source.id),))


def of_table(table: Table, kind: str, title: str, spot: Spot, **parts: Any) -> Statement:
    """Give what one table says, without the tables in it, by the declarations of its keys, or as ``parts`` have it."""
    said = {
        "citations": _cited(table),
        "prose": _words(table, "Markdown"),
        "plain": _words(table, "text"),
        "quotation": next(iter(_words(table, "quotation")), None),
        "people": _people(table),
    }
    return Statement(kind, title, table.path, table.line or 1, spot, **{**said, **parts})


def _of_record(recording: Recording) -> Iterator[Statement]:
    for table in walk(recording):
        # A table that has no sources of its own rests on those of the record.
        has_sources = any(key.kind == "sources" for key in table.keys)
        citations = _cited(table) if has_sources else recording.citations
        said = of_table(
            table, RECORD, recording.title, Spot("recording", recording.slug, ("about",)), citations=citations
        )
        if table is recording:
            yield replace(said, line=recording.position.lines.get("sources") or recording.line_of("title"))
        elif said.prose or said.plain:
            yield said


def _of_annotations(recording: Recording) -> Iterator[Statement]:
    for annotation in recording.annotations:
        at = annotation.span.start if annotation.span else None
        spot = Spot("recording", recording.slug, ("note", annotation.id), at)
        for table in walk(annotation):
            yield of_table(table, NOTE_KIND, annotation.title, spot)


def _words(table: Table, kind: Kind) -> tuple[str, ...]:
    return tuple(words for key, words in values_of(table, kind) if key.said)


def _cited(table: Table) -> tuple[Citation, ...]:
    one = (citation for _, citation in values_of(table, "source"))
    return (*one, *(citation for _, several in values_of(table, "sources") for citation in several))


def _people(table: Table) -> tuple[str, ...]:
    one = (name for _, name in values_of(table, "person"))
    return (*one, *(name for _, several in values_of(table, "people") for name in several))
