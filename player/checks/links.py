"""Checks what the statements of an archive cite and link to, and that every source is cited by something."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from player.archive.prose import is_page, links
from player.archive.references import NOTE, Pointer
from player.errors import Fault, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from player.archive.recording import Recording
    from player.archive.sources import Source
    from player.archive.statements import Statement
    from player.archive.toml.declared import Kind
    from player.checks.register import Register

    #: Says what an address that begins with a slash shows: values of the kinds that point at something in the archive.
    #: None where the site has no such page.
    Site = Callable[[str], Sequence[tuple[Kind, Any]] | None]


def self_faults(recording: Recording) -> Iterator[Fault]:
    """Give the annotations that point at themselves."""
    for annotation in recording.annotations:
        if Pointer(recording.slug, f"{NOTE}{annotation.id}") in annotation.see:
            what = f'annotation "{annotation.id}" points at itself in "see"'
            yield annotation.fault(None, what, "name another moment, or remove it")


def citation_faults(statement: Statement, register: Register) -> Iterator[Fault]:
    """Give the sources that a statement cites and that are not there."""
    for what in dict.fromkeys(register.faults("sources", statement.citations)):
        yield Fault(statement.path, statement.line, what, "add it to sources.toml, or correct the id")


def link_faults(statement: Statement, sources: Mapping[str, Source], register: Register, site: Site) -> Iterator[Fault]:
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
        elif address.startswith("/"):
            for missing in _missing(address, register, site):
                what = f"{name} has a link that leads nowhere: {missing}"
                yield Fault(statement.path, statement.line, what, "correct the link")


def _missing(address: str, register: Register, site: Site) -> list[str]:
    """Say what is not there of all that a page of the site is to show at ``address``."""
    shown = site(address)
    if shown is None:
        return [f"this site has no page {quoted(urlsplit(address).path)}"]
    return [what for kind, found in shown for what in register.faults(kind, found)]


def _page(address: str) -> str:
    """Write an address as browsers do, to which scheme and host are the same in capitals, and the part is no page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.lower(), fragment=""))


def uncited_faults(statements: Iterable[Statement], sources: Mapping[str, Source], path: Path) -> Iterator[Fault]:
    """Give the sources that nothing cites, so that no page would ever show why they are there."""
    cited = {citation.source for statement in statements for citation in statement.citations}
    for source in sources.values():
        if source.id not in cited:
            remedy = "cite it where it is used, or remove it"
            yield Fault(path, source.line, f'nothing cites the source "{source.id}"', remedy)
