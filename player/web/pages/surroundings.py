"""Finds what an archive holds around a recording, and links to it: people, the chronology, dossiers, other recordings.

What cannot be read, or is not there, is left out: its own page and ``player check`` say why, and the other pages lose
nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from flask import url_for

from player import timecode
from player.archive import dates
from player.archive.chronology import Chronology
from player.archive.prose import plain
from player.archive.references import NOTE
from player.archive.statements import LINE, of_chronology, of_dossier, of_people, of_recording, of_sources
from player.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from player.archive.annotations import Annotation
    from player.archive.archive import Archive
    from player.archive.dossiers import Dossier
    from player.archive.people import Person
    from player.archive.recording import Recording
    from player.archive.references import Pointer
    from player.archive.sources import Source
    from player.archive.statements import Spot, Statement

_log = logging.getLogger(__name__)
_Read = TypeVar("_Read")
# In letters: enough to know something by.
_LONGEST_LINK: Final = 60
_LONGEST_TITLE: Final = 110


@dataclass(frozen=True)
class Link:
    """Words, and the address that they lead to; ``at`` is the moment there, in milliseconds."""

    text: str
    address: str
    at: int | None = None


@dataclass(frozen=True)
class Elsewhere:
    """One entry or dossier that points at the recording."""

    page: Link
    moments: tuple[Link, ...]


@dataclass
class Mention:
    """A place that cites or names something; ``at`` is a recording's moment in milliseconds."""

    address: str
    text: str
    at: int | None
    kind: str
    #: What the words of a line are in; None where they are the archive's own.
    language: str | None = None
    locators: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Surroundings:
    """Everything of an archive that can be read, by id or slug."""

    archive: Archive
    recordings: Mapping[str, Recording]
    people: Mapping[str, Person]
    chronology: Chronology
    dossiers: Mapping[str, Dossier]
    sources: Mapping[str, Source]
    #: What is there around recordings and cannot be read, as a sentence names it.
    unread: tuple[str, ...] = ()

    @classmethod
    def of(cls, archive: Archive) -> Surroundings:
        """Read what can be read of ``archive``."""
        unread: list[str] = []

        def attempt(name: str, read: Callable[[], _Read], otherwise: _Read) -> _Read:
            found = _attempt(read)
            if found is None:
                unread.append(name)
            return otherwise if found is None else found

        slugs: list[str] = attempt("the dossiers", archive.dossier_slugs, [])
        dossiers = _readable(slugs, archive.dossier)
        if len(dossiers) < len(slugs):
            unread.append("a dossier")
        return cls(
            archive,
            _readable(archive.slugs(), archive.recording),
            attempt("the list of people", lambda: archive.people, {}),
            attempt("the chronology", lambda: archive.chronology, Chronology()),
            dossiers,
            attempt("the list of sources", lambda: archive.sources, {}),
            tuple(unread),
        )

    def statements(self) -> Iterator[Statement]:
        """Give everything that the archive says: recordings first, then chronology, dossiers, people and sources."""
        for recording in self.recordings.values():
            yield from of_recording(recording)
        yield from of_chronology(self.chronology)
        for dossier in self.dossiers.values():
            yield from of_dossier(dossier)
        yield from of_people(self.people.values())
        yield from of_sources(self.sources.values())

    def to_people(self, names: Iterable[str]) -> tuple[Link, ...]:
        """Link to people by their ids."""
        known = (self.people[name] for name in names if name in self.people)
        return tuple(Link(person.name, url_for("context.person", name=person.id)) for person in known)

    def to_entries(self, names: Iterable[str]) -> tuple[Link, ...]:
        """Link to entries of the chronology by their ids."""
        entries = {entry.id: entry for entry in self.chronology.entries}
        chronology = url_for("context.chronology")
        return tuple(
            Link(
                f"{dates.readable(entries[name].date)}: {cut(plain(entries[name].event))}", f"{chronology}#entry-{name}"
            )
            for name in names
            if name in entries
        )

    def to_dossiers(self, pointers: Iterable[Pointer]) -> tuple[Link, ...]:
        """Link to dossiers, or to their questions."""
        links = []
        for pointer in pointers:
            dossier = self.dossiers.get(pointer.to)
            if dossier is None:
                continue
            question = dossier.questions.get(pointer.part or "")
            address = url_for("context.dossier", slug=dossier.slug)
            links.append(
                Link(question.asks, f"{address}#question-{question.id}") if question else Link(dossier.title, address)
            )
        return tuple(links)

    def to_moments(self, pointers: Iterable[Pointer], page: str | None = None) -> tuple[Link, ...]:
        """Link to moments of recordings; the recording is named unless it is ``page``, whose own page this is."""
        links = []
        for pointer in pointers:
            recording = self.recordings.get(pointer.to)
            if recording is None or pointer.part is None:
                continue
            if (words := _moment(recording, pointer.part)) is None:
                continue
            text, where, at = words
            links.append(Link(text if page == recording.slug else f"{text}, {recording.title}", where, at))
        return tuple(links)

    def language(self, statement: Statement) -> str | None:
        """Give the language of a statement that is a line of a recording; None for the archive's own words."""
        return self.recordings[statement.spot.name].language if statement.kind == LINE else None

    def heading(self, spot: Spot) -> str:
        """Say on which page something stands."""
        if spot.kind == "recording":
            return self.recordings[spot.name].title
        if spot.kind == "dossier":
            return self.dossiers[spot.name].title
        return {"person": "People", "chronology": "Chronology", "source": "Sources"}[spot.kind]


def elsewhere(slug: str, around: Surroundings) -> list[Elsewhere]:
    """List the dossiers, and then the entries of the chronology, that point at the recording."""
    found = []
    for dossier in around.dossiers.values():
        here = [tie.moment for tie in dossier.ties if tie.moment.to == slug]
        tied = tuple(sorted(around.to_moments(here, slug), key=lambda each: each.at or 0))
        if tied or dossier.recording == slug:
            page = Link(dossier.title, url_for("context.dossier", slug=dossier.slug))
            found.append(Elsewhere(page, tied))
    for entry in around.chronology.entries:
        here = [moment for moment in entry.moments if moment.to == slug]
        if here or entry.recording == slug:
            tied = tuple(around.to_moments(here, slug))
            found.extend(Elsewhere(page, tied) for page in around.to_entries([entry.id]))
    return found


def mentions(
    statements: Iterable[Statement], around: Surroundings, source: str | None = None
) -> dict[str, list[Mention]]:
    """Give the places under the titles of their pages, each once, with the locators by which it cites ``source``."""
    pages: dict[str, dict[str, Mention]] = {}
    for statement in statements:
        where = address(statement.spot)
        page = pages.setdefault(around.heading(statement.spot), {})
        text = "About this recording" if statement.kind == "record" else cut(statement.title, _LONGEST_TITLE)
        mention = page.setdefault(
            where, Mention(where, text, statement.spot.at, statement.kind, around.language(statement))
        )
        for citation in statement.citations:
            if citation.source == source and citation.locator and citation.locator not in mention.locators:
                mention.locators.append(citation.locator)
    return {heading: list(found.values()) for heading, found in pages.items()}


def address(spot: Spot) -> str:
    """Give the address of a place on the pages."""
    anchor = f"#{'-'.join(spot.part)}" if spot.part else ""
    if spot.kind == "recording":
        return moment_address(spot.name, spot.at) + anchor
    if spot.kind == "chronology":
        return url_for("context.chronology") + anchor
    if spot.kind == "dossier":
        return url_for("context.dossier", slug=spot.name) + anchor
    return url_for(f"context.{spot.kind}", name=spot.name) + anchor


def moment_address(slug: str, at: int | None) -> str:
    """Give the address of a recording's page, cued up at ``at`` milliseconds."""
    page = url_for("recordings.recording", slug=slug)
    return page if at is None else f"{page}?t={timecode.fragment(at)}"


def numbers(recording: Recording) -> dict[str, int]:
    """Give the number that each annotation with a time has on its page."""
    return {annotation.id: number for number, annotation in enumerate(recording.timed, start=1)}


def called(annotation: Annotation, numbered: Mapping[str, int]) -> str:
    """Say how a text refers to an annotation: by its number, or by its title where it has none."""
    number = numbered.get(annotation.id)
    return f"“{annotation.title}”" if number is None else f"note {number}, “{annotation.title}”"


def cut(text: str, most: int = _LONGEST_LINK) -> str:
    """Shorten a text to whole words."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + " …"


def _moment(recording: Recording, part: str) -> tuple[str, str, int | None] | None:
    """Give the words for a line or an annotation of a recording, its address and its time; None where there is none."""
    if part.startswith(NOTE):
        for annotation in recording.annotations:
            if part == f"{NOTE}{annotation.id}":
                at = annotation.span.start if annotation.span else None
                return called(annotation, numbers(recording)), f"{moment_address(recording.slug, at)}#{part}", at
    for cue in recording.transcript.cues if recording.transcript else ():
        if part == cue.id:
            return timecode.clock(cue.start), f"{moment_address(recording.slug, cue.start)}#cue-{cue.id}", cue.start
    return None


def _readable(names: Iterable[str], read: Callable[[str], _Read]) -> dict[str, _Read]:
    found = {name: _attempt(partial(read, name)) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _attempt(read: Callable[[], _Read]) -> _Read | None:
    try:
        return read()
    except ArchiveError as error:
        _log.warning("%s", error)
        return None
