"""Finds what an archive holds around a recording, and links to it: people, the chronology, dossiers, other recordings.

What cannot be read, or is not there, is left out: its own page and ``player check`` say why, and the other pages lose
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flask import current_app, url_for

from player import timecode
from player.archive import dates
from player.archive.prose import plain
from player.index import lists
from player.publish.citation import pages_cited
from player.web.pages.line_places import stamp
from player.web.pages.listing import LISTED, pages_of
from player.web.pages.pages_of_lists import page_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from player.archive.dossiers import Dossier
    from player.archive.people import Person
    from player.archive.recording import Recording
    from player.archive.references import Pointer
    from player.archive.sources import Source
    from player.archive.statements import Spot
    from player.index.cards import Card
    from player.index.index import Index
    from player.index.places import Moment

# In letters: enough to know something by.
_LONGEST_LINK: Final = 60


@dataclass(frozen=True)
class Link:
    """Words, and the address that they lead to; ``at`` is the moment there, in milliseconds."""

    text: str
    address: str
    at: int | None = None


@dataclass(frozen=True)
class Elsewhere:
    """One entry, dossier or set that points at the recording."""

    page: Link
    moments: tuple[Link, ...]


# The lists in which things stand.
_LISTS: Final = {
    "person": "context.people",
    "source": "context.sources",
    "entry": "context.chronology",
    "strand": "context.chronology",
}
# What a page calls the files around its recording when they cannot be read, by the kind of their unit in the index.
_UNREAD: Final = {
    "dossier": "a dossier",
    "set": "a set of passages",
    "people": "the list of people",
    "chronology": "the chronology",
    "sources": "the list of sources",
}


@dataclass(frozen=True)
class Surroundings:
    """Everything of an archive that can be read, as its index knows it."""

    index: Index

    @property
    def people(self) -> Mapping[str, Person]:
        """Who is who, by id."""
        return self.index.people

    @property
    def sources(self) -> Mapping[str, Source]:
        """The bibliography, by id."""
        return self.index.sources

    @property
    def unread(self) -> tuple[str, ...]:
        """What is there around recordings and cannot be read, as a sentence names it."""
        return tuple(_UNREAD[kind] for kind in self.index.faulty(_UNREAD))

    def recorded(self, slug: str) -> list[Card]:
        """Give a recording, and what stands in for it, by their slugs; nothing where it is not shown itself."""
        card = self.index.recordings.get(slug)
        return sorted([*self.index.surrogates_of(slug), card], key=lambda each: each.slug) if card else []

    def shown_of(self, dossier: Dossier) -> Dossier:
        """Give a dossier without the ties to moments that are not shown: what a tie says tells of its moment."""
        ties = [tie for tie in dossier.ties if self.index.moment(tie.moment.to, tie.moment.part or "") is not None]
        return replace(dossier, ties=tuple(ties))

    def to_people(self, names: Iterable[str]) -> tuple[Link, ...]:
        """Link to people by their ids."""
        known = filter(None, map(self.index.people.get, names))
        return tuple(Link(person.name, url_for("context.person", name=person.id)) for person in known)

    def to_entries(self, names: Iterable[str]) -> tuple[Link, ...]:
        """Link to entries of the chronology by their ids."""
        known = filter(None, map(self.index.entries.get, names))
        return tuple(
            Link(
                f"{dates.readable(entry.date)}: {cut(plain(entry.event))}",
                listed_address(self.index, "entry", entry.id),
            )
            for entry in known
        )

    def to_dossiers(self, pointers: Iterable[Pointer]) -> tuple[Link, ...]:
        """Link to dossiers, or to their questions."""
        links = []
        for pointer in pointers:
            dossier = self.index.dossiers.get(pointer.to)
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
            card = self.index.recordings.get(pointer.to)
            if card is None or pointer.part is None:
                continue
            if (words := self._moment(card, pointer.part)) is None:
                continue
            text, where, at = words
            links.append(Link(text if page == card.slug else f"{text}, {card.title}", where, at))
        return tuple(links)

    def _moment(self, card: Card, part: str) -> tuple[str, str, int | None] | None:
        """Give the words for a line or a note of a recording, its address and its time; None where there is none."""
        found = self.index.moment(card.slug, part)
        if found is None:
            return None
        where = moment_address(card.slug, found.at)
        if found.title is None:
            return _called_line(found), f"{where}#cue-{part}", found.at
        return called(found.title, found.number), f"{where}#{part}", found.at


def elsewhere(slug: str, around: Surroundings) -> list[Elsewhere]:
    """List the dossiers, the sets, and then the entries of the chronology, that point at the recording."""
    found = []
    for dossier in around.index.dossiers_about(slug):
        here = [tie.moment for tie in dossier.ties if tie.moment.to == slug]
        tied = tuple(sorted(around.to_moments(here, slug), key=lambda each: each.at or 0))
        if tied or dossier.recording == slug:
            page = Link(dossier.title, url_for("context.dossier", slug=dossier.slug))
            found.append(Elsewhere(page, tied))
    found.extend(
        Elsewhere(Link(f"{each.title} (a set of passages)", url_for("sets.page", slug=each.slug)), ())
        for each in around.index.sets_with(slug)
        if any(passage.slug == slug for passage in each.passages)
    )
    for entry in around.index.entries_about(slug):
        tied = around.to_moments((moment for moment in entry.moments if moment.to == slug), slug)
        if tied or entry.recording == slug:
            found.extend(Elsewhere(page, tied) for page in around.to_entries([entry.id]))
    return found


def address(index: Index, spot: Spot) -> str:
    """Give the address of a place on the pages."""
    anchor = "-".join(spot.part) or None
    if spot.kind == "recording":
        return moment_address(spot.name, spot.at) + (f"#{anchor}" if anchor else "")
    if spot.kind == "chronology" and spot.part:
        return listed_address(index, *spot.part)
    if spot.kind == "dossier":
        return url_for("context.dossier", slug=spot.name, _anchor=anchor)
    if spot.kind == "set":
        return url_for("sets.page", slug=spot.name, _anchor=anchor)
    if spot.kind in {"person", "source"}:
        return url_for(f"context.{spot.kind}", name=spot.name, _anchor=anchor)
    return url_for("about.page", _anchor=anchor)


def listed_address(index: Index, kind: str, name: str) -> str:
    """Give the address of a person, a source, or an entry or strand of the chronology in the list of all of them."""
    return f"{url_for(_LISTS[kind])}{listed_query(index, kind, name)}#{kind}-{name}"


def listed_query(index: Index, kind: str, name: str) -> str:
    """Give what has to be asked of a list of several pages so that it shows the one on which a thing is."""
    if pages_of(lists.total(index, "entry" if kind == "strand" else kind), LISTED) == 1:
        return ""
    if current_app.jinja_env.globals["is_copied"] and kind != "strand":
        number = page_with(index, kind, name)
        return f"?page={number}" if number > 1 else ""
    return f"?{'strand' if kind == 'strand' else 'at'}={name}"


def moment_address(slug: str, at: int | None) -> str:
    """Give the address of a recording's page, cued up at ``at`` milliseconds."""
    page = url_for("recordings.recording", slug=slug)
    return page if at is None else f"{page}?t={timecode.fragment(at)}"


def numbers(recording: Recording) -> dict[str, int]:
    """Give the number that each annotation with a time or a line has on its page."""
    return {annotation.id: number for number, annotation in enumerate(recording.numbered, start=1)}


def called(title: str, number: int | None) -> str:
    """Say how a text refers to an annotation: by its number, or by its title where it has none."""
    return f"“{title}”" if number is None else f"note {number}, “{title}”"


def _called_line(line: Moment) -> str:
    if line.at is not None:
        return stamp(line.at, is_approximate=line.is_approximate)
    return pages_cited(line.page) or "a line that is not timed yet"


def cut(text: str, most: int = _LONGEST_LINK) -> str:
    """Shorten a text to whole words."""
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + " …"
