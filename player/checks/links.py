"""What points from one file of an archive into another, into what points nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from player.archive.pointers import NOTE, Pointer
from player.archive.prose import is_page, links
from player.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from player.archive.chronology import Chronology
    from player.archive.dossiers import Dossier
    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.statement import Statement
    from player.checks.register import Register

_NAME_ANOTHER = "name one that is there, or add it"


def annotation_faults(recording: Recording, register: Register) -> Iterator[Fault]:
    """Give what a recording's annotations point at and the archive does not have."""
    path = recording.folder / "annotations.toml"
    for annotation in recording.annotations:
        missing = [
            *map(register.no_person, annotation.people),
            *map(register.no_entry, annotation.entries),
            *map(register.no_dossier, annotation.dossiers),
            *map(register.no_moment, annotation.see),
        ]
        yield from _told(missing, path, annotation.line)
        if Pointer(recording.slug, f"{NOTE}{annotation.id}") in annotation.see:
            what = f'annotation "{annotation.id}" has itself to see also'
            yield Fault(path, annotation.line, what, "name another moment, or take it out")


def chronology_faults(chronology: Chronology, path: Path, register: Register) -> Iterator[Fault]:
    """Give the entries that point nowhere."""
    for entry in chronology.entries:
        missing = [*map(register.no_person, entry.people), *map(register.no_moment, entry.moments)]
        if entry.recording is not None:
            missing.append(register.no_recording(entry.recording))
        if entry.dossier is not None:
            missing.append(register.no_dossier(Pointer(entry.dossier)))
        yield from _told(missing, path, entry.line)


def dossier_faults(dossier: Dossier, register: Register) -> Iterator[Fault]:
    """Give what a dossier points at and the archive does not have."""
    missing = [*map(register.no_person, dossier.people)]
    if dossier.recording is not None:
        missing.append(register.no_recording(dossier.recording))
    yield from _told(missing, dossier.path, 1)
    for account in dossier.accounts.values():
        yield from _told([register.no_person(account.person)] if account.person else [], dossier.path, account.line)
    for tie in dossier.ties:
        yield from _told([register.no_moment(tie.moment)], dossier.path, tie.line)


def citation_faults(statement: Statement, register: Register) -> Iterator[Fault]:
    """Give the sources that a statement cites and that are not there."""
    missing = map(register.no_source, dict.fromkeys(citation.source for citation in statement.citations))
    yield from _told(missing, statement.path, statement.line, "add it to sources.toml, or mend the id")


def link_faults(statement: Statement, sources: Mapping[str, Source], register: Register) -> Iterator[Fault]:
    """Give the links of a statement's Markdown that lead nowhere, or where they may not."""
    unlinkable = {_page(source.address) for source in sources.values() if not source.link and source.address}
    for address in (address for text in statement.prose for address in links(text)):
        name = f"{statement.kind} “{statement.title[:60]}”"
        if _page(address) in unlinkable:
            what = f"{name} links to a copy that may not be linked"
            yield Fault(statement.path, statement.line, what, "cite the source instead")
        elif not is_page(address):
            what = f'{name} links to "{address[:60]}"'
            yield Fault(statement.path, statement.line, what, "link to an http(s) page, or to a page of this site")
        elif address.startswith("/") and (missing := register.no_page(address)):
            yield Fault(statement.path, statement.line, f"{name} links to nothing: {missing}", "mend the link")


def _page(address: str) -> str:
    """Write an address as browsers do, to which scheme and host are the same in capitals, and the part is no page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), fragment=""))


def uncited_faults(statements: Iterable[Statement], sources: Mapping[str, Source], path: Path) -> Iterator[Fault]:
    """Give the sources that nothing cites, so that nobody would ever see why they are there."""
    cited = {citation.source for statement in statements for citation in statement.citations}
    for source in sources.values():
        if source.id not in cited:
            remedy = "cite it where it is used, or take it out"
            yield Fault(path, source.line, f'nothing cites the source "{source.id}"', remedy)


def _told(missing: Iterable[str | None], path: Path, line: int | None, remedy: str = _NAME_ANOTHER) -> Iterator[Fault]:
    yield from (Fault(path, line, what, remedy) for what in missing if what is not None)
