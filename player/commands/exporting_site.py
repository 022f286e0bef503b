"""Makes, for ``player export --site``, a copy of the whole archive that needs no server."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from player.commands.options import open_archive
from player.commands.output import counted, show_count, warn_of_clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.web.site.export import Copy, Elsewhere


def export_site(
    root: Path, site: Path, address: str | None, cluster: str | None, *, replaces: bool, links: bool, has_books: bool
) -> None:
    """Copy the archive, as visitors are shown it, into a folder, and say what was left out of it and why."""
    import datetime as dt
    import os

    from player.web.site.export import export as copied
    from player.web.site.made import Plan

    archive = open_archive(root)
    warn_of_clock(archive)
    address = address or os.environ.get("PLAYER_URL", "").strip() or None
    plan = Plan(
        archive.root,
        site.absolute(),
        address=_public(address) if address else None,
        links_sounds=links,
        has_books=has_books,
    )
    # As citations in it say; the day that closings go by is the last that it is anywhere on earth.
    day = dt.datetime.now(dt.UTC).date()
    told = partial(show_count, "made")
    made = copied(plan, day.isoformat(), replaces=replaces, progress=told, elsewhere=_elsewhere(archive, cluster))
    for line in _told(made, archive, site, is_placed=address is not None):
        click.echo(line)


def _elsewhere(archive: Archive, cluster: str | None) -> Elsewhere | None:
    """Give who makes the copy on a cluster, where one is named."""
    if cluster is None:
        return None
    from player.commands.where_done import workers

    return lambda folder: workers(archive, cluster, folders=[folder])


def _public(address: str) -> str:
    from player.web.serving.public_address import public_url

    return public_url(address, "--address")


def _told(made: Copy, archive: Archive, site: Path, *, is_placed: bool) -> Iterator[str]:
    """Say what the copy holds, and what was left out of it and why."""
    from player.archive.gate.listing import closures
    from player.errors import shown

    counts = (counted(made.recordings, "recording"), counted(made.pages, "page"), counted(made.count, "file"))
    yield f"{shown(site)}: {', '.join(counts)}, {made.size:,} bytes"
    for each in closures(archive, [slug for slug in archive.slugs() if slug not in made.open]):
        # What is said here may be handed on with the copy: no name that is not shown stands in it.
        subject = "a name" if each.what in {"name", "person", "people"} else each.subject
        yield f"  left out of {each.recording}: {subject}, {each.label}"
    yield from (f"  without its sound as it should be: {why}" for _, why in made.unheard)
    yield from (f"  without an EPUB: {why}" for _, why in sorted(made.unbound.items()) if why)
    if None in made.unbound.values():
        yield "  left out, as --no-epub asks: each recording as an EPUB"
    yield from (f"  no page for {source} (status {status})" for source, status in made.refused)
    needed = {
        "clips": "clips",
        "citations": "citations of passages",
        "earlier": "earlier versions",
        "lists": "lists in other orders",
        "baskets": "baskets",
    }
    kinds = [name for kind, name in needed.items() if made.left_out[kind]]
    left_out = ["cutting", "baskets", "suggestions", "the desk", *kinds]
    yield f"  left out, since only a server can do it: {', '.join(left_out)}"
    if not is_placed:
        yield "  no --address was given: addresses to cite have no host until a browser opens the page"
