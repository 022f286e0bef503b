"""Reads what the statements of an archive cite and link to, and checks that it is there, and every source cited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from player.archive.prose import is_page, links
from player.archive.references import NOTE, Pointer
from player.checks.examined import CITED, DECLARED, LINKED, Linking, Pointing
from player.checks.register import targets
from player.errors import Fault, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from player.archive.recording import Recording
    from player.archive.references import Citation
    from player.archive.statements import Statement
    from player.archive.toml.declared import Kind
    from player.checks.examined import Examined
    from player.checks.quotations import Work
    from player.checks.register import Register

    #: Says what an address that begins with a slash shows: values of the kinds that point at something in the archive.
    #: None where the site has no such page.
    Site = Callable[[str], Sequence[tuple[Kind, Any]] | None]

_REMEDIES: Final = {
    DECLARED: "name one that is there, or add it",
    CITED: "add it to sources.toml, or correct the id",
    LINKED: "correct the link",
}


def self_faults(recording: Recording) -> Iterator[Fault]:
    """Give the annotations that point at themselves."""
    for annotation in recording.annotations:
        if Pointer(recording.slug, f"{NOTE}{annotation.id}") in annotation.see:
            what = f'annotation "{annotation.id}" points at itself in "see"'
            yield annotation.fault(None, what, "name another moment, or remove it")


def cite(citations: Iterable[Citation], path: Path, line: int | None) -> list[Pointing]:
    """List the sources that are cited at a line of a file."""
    return [Pointing(CITED, target, path, line) for target in dict.fromkeys(targets("sources", citations))]


def follow_links(statement: Statement, site: Site, found: Examined) -> None:
    """Add to what is ``found`` where the links of a statement's Markdown lead; those that may not are faults."""
    for address in (address for text in statement.prose if "[" in text or "<" in text for address in links(text)):
        name = f'{statement.kind} "{statement.title[:60]}"'
        if not is_page(address):
            what = f'{name} links to "{address[:60]}"'
            remedy = "link to an http(s) page, or to a page of this site"
            found.faults.append(Fault(statement.path, statement.line, what, remedy))
        elif address.startswith("/"):
            shown = site(address)
            if shown is None:
                what = f"{name} has a link that leads nowhere: this site has no page {quoted(urlsplit(address).path)}"
                found.faults.append(Fault(statement.path, statement.line, what, _REMEDIES[LINKED]))
            found.pointings.extend(
                Pointing(LINKED, target, statement.path, statement.line, name)
                for kind, value in shown or ()
                for target in targets(kind, value)
            )
        elif not address.startswith("#"):
            found.linkings.append(Linking(_page(address), statement.path, statement.line, name))


def pointing_faults(pointings: Iterable[Pointing], register: Register) -> Iterator[Fault]:
    """Give what is pointed at and is not there."""
    for how, target, path, line, name in pointings:
        what = register.missing(target)
        if what is not None:
            said = f"{name} has a link that leads nowhere: {what}" if how == LINKED else what
            yield Fault(path, line, said, _REMEDIES[how])


def hidden_pages(works: Iterable[Work]) -> frozenset[str]:
    """List the pages that may not be linked."""
    return frozenset(_page(work.hidden) for work in works if work.hidden)


def linking_faults(linkings: Iterable[Linking], hidden: Collection[str]) -> Iterator[Fault]:
    """Give the links to copies of sources that may not be linked."""
    for each in linkings:
        if each.page in hidden:
            what = f"{each.name} links to a copy that may not be linked"
            yield Fault(each.path, each.line, what, "cite the source instead")


def uncited_faults(cited: Collection[str], works: Mapping[str, Work], path: Path) -> Iterator[Fault]:
    """Give the sources that nothing cites, so that no page would ever show why they are there."""
    for work in works.values():
        if work.id not in cited:
            remedy = "cite it where it is used, or remove it"
            yield Fault(path, work.line, f'nothing cites the source "{work.id}"', remedy)


def _page(address: str) -> str:
    """Write an address as browsers do, to which scheme and host are the same in capitals, and the part is no page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), fragment=""))
