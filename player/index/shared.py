"""Lists what a shared file, a dossier or a set holds, as the index keeps it: its things, and what is said in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from player.archive import dates
from player.archive.prose import plain as plain_prose
from player.archive.references import NOTE
from player.archive.set_spans import passage_span
from player.archive.statements import ENTRY, of_about, of_chronology, of_dossier, of_people, of_set, of_sources
from player.errors import ArchiveError, NotFoundError
from player.index import looking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from player.archive.archive import Archive
    from player.archive.chronology import Chronology
    from player.archive.dossiers import Dossier
    from player.archive.people import Person
    from player.archive.recording import Recording
    from player.archive.references import Pointer
    from player.archive.sets import PassageSet, SetPassage
    from player.archive.sources import Source
    from player.archive.statements import Statement
    from player.archive.toml.declared import Table

#: How it is read, by the kind of its unit.
READ: Final[Mapping[str, Callable[[Archive, str], Any]]] = {
    "people": lambda archive, _: archive.people,
    "sources": lambda archive, _: archive.sources,
    "chronology": lambda archive, _: archive.chronology,
    "archive": lambda archive, _: archive.about,
    looking.DOSSIER: lambda archive, name: archive.dossier(name),
    looking.SET: lambda archive, name: archive.passage_set(name),
}


def without_hidden(dossier: Dossier, archive: Archive) -> Dossier:
    """Give a dossier without the recording that it is about, and the ties to moments, which ``archive`` does not show.

    What a tie says is about its moment, and tells of it.
    """
    ties = tuple(tie for tie in dossier.ties if _is_shown(tie.moment, archive))
    recording = dossier.recording
    if recording is not None and _shown(recording, archive) is None:
        recording = None
    if len(ties) == len(dossier.ties) and recording == dossier.recording:
        return dossier
    return replace(dossier, ties=ties, recording=recording)


def shown_of_set(found: PassageSet, archive: Archive) -> PassageSet:
    """Give a set without the passages that ``archive`` does not show: what stands above one tells of it."""
    passages = tuple(each for each in found.passages if is_passage_shown(each, archive))
    return found if len(passages) == len(found.passages) else replace(found, passages=passages)


def is_passage_shown(passage: SetPassage, archive: Archive) -> bool:
    """Tell whether a passage is there and nothing of it is closed: its recording, its lines, or what it runs into."""
    recording = _shown(passage.slug, archive)
    if recording is None or not all(_is_shown(each, archive) for each in (passage.moment, passage.last) if each):
        return False
    if archive.gate.is_open:
        return True
    if passage.moment is None and None not in {recording.shown.sound, recording.shown.transcript}:
        return False
    span = passage_span(passage, recording)
    return span is None or recording.shown.crosses(span) is None


#: How a unit that tells of moments is given without those that are not shown.
SHOWN: Final[Mapping[str, Callable[[Any, Archive], Any]]] = {
    looking.DOSSIER: without_hidden,
    looking.SET: shown_of_set,
}


def _is_shown(moment: Pointer, archive: Archive) -> bool:
    recording = _shown(moment.to, archive)
    if recording is None or moment.part is None:
        return recording is not None
    if moment.part.startswith(NOTE):
        return any(note.id == moment.part.removeprefix(NOTE) for note in recording.annotations)
    return any(line.id == moment.part for line in (recording.transcript.lines if recording.transcript else ()))


def _shown(slug: str, archive: Archive) -> Recording | None:
    try:
        return archive.recording(slug)
    except (ArchiveError, NotFoundError):
        return None


def people_of(people: Iterable[Person]) -> Iterator[tuple[str, str, str, Table]]:
    """Give people as the things of ``put_shared``."""
    return (("person", person.id, person.name, person) for person in people)


def sources_of(sources: Iterable[Source]) -> Iterator[tuple[str, str, str, Table]]:
    """Give sources as the things of ``put_shared``."""
    return (("source", source.id, source.title, source) for source in sources)


def chronology_of(chronology: Chronology) -> Iterator[tuple[str, str, str, Table]]:
    """Give the strands and entries of a chronology as the things of ``put_shared``."""
    for strand in chronology.strands:
        yield "strand", strand.id, strand.title, strand
    for entry in chronology.entries:
        yield ENTRY, entry.id, f"{dates.readable(entry.date)}: {plain_prose(entry.event)}", entry


def set_of(found: PassageSet) -> Iterator[tuple[str, str, str, Table]]:
    """Give a set as the thing of ``put_shared``."""
    yield "set", found.slug, found.title, found


def dossier_of(dossier: Dossier) -> Iterator[tuple[str, str, str, Table]]:
    """Give a dossier as the thing of ``put_shared``."""
    yield "dossier", dossier.slug, dossier.title, dossier


#: How what is said in a shared file is listed, by the kind of its unit.
SAID: Final[Mapping[str, Callable[[Any], Iterable[Statement]]]] = {
    "people": lambda people: of_people(people.values()),
    "sources": lambda sources: of_sources(sources.values()),
    "chronology": of_chronology,
    "archive": of_about,
    looking.DOSSIER: of_dossier,
    looking.SET: of_set,
}
#: How its things are listed.
THINGS: Final[Mapping[str, Callable[[Any], Iterable[tuple[str, str, str, Table]]]]] = {
    "people": lambda people: people_of(people.values()),
    "sources": lambda sources: sources_of(sources.values()),
    "chronology": chronology_of,
    "archive": lambda _about: (),
    looking.DOSSIER: dossier_of,
    looking.SET: set_of,
}
