"""``player bag``: puts the whole archive, or what its visitors are shown, into a bag for another archive to keep."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from player.commands.options import FILE, archive_option, open_archive
from player.commands.output import counted, show_count, warn_of_clock

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.archive import Archive

_MB = 1_000_000


@click.command(short_help="Put the archive into a BagIt bag, to be kept elsewhere.")
@click.argument("folder", type=FILE)
@click.option("--public", "is_public", is_flag=True, help="Only what visitors are shown, as a copy without a server.")
@click.option("--address", metavar="URL", help="Where the archive is, such as https://example.org/tapes.")
@archive_option
def bag(folder: Path, address: str | None, root: Path, *, is_public: bool) -> None:
    """Put the archive into FOLDER, a bag as BagIt (RFC 8493) describes one: its files, with lists of their SHA-256.

    A bag has every file of the archive, also what is closed, and says that it is not for the public. With --public it
    has what player export --site makes: pages, sounds and transcripts, as visitors are shown them. FOLDER must not be
    there yet. A sound that is not what player fixity knows goes into no bag. Any program that reads BagIt can check it.

    \b
    Example:
      player bag ../harbour-2026
      player bag ../harbour-public --public --address https://example.org/tapes
    """
    import os

    from player.errors import shown
    from player.preserve import bag as bagged
    from player.web.serving.public_address import public_url

    archive = open_archive(root)
    bagged.refuse_unfit(folder, archive.root)
    address = address or os.environ.get("PLAYER_URL", "").strip() or None
    site = public_url(address, "--address") if address else None
    told = bagged.described(archive.about, is_public=is_public, address=site)
    with bagged.filled(folder.absolute(), told) as into:
        count, size = _public(archive, into, site) if is_public else bagged.copy_all(archive, into, _show)
    whose = "for the public" if is_public else "not for the public: what is closed is in it"
    click.echo(f"{shown(folder)}: {counted(count, 'file')}, {size:,} bytes; {whose}")


def _public(archive: Archive, into: Path, site: str | None) -> tuple[int, int]:
    """Put what visitors are shown into a folder; give how many files there are, and their bytes."""
    import datetime as dt

    from player.web.site.export import export
    from player.web.site.made import Plan

    warn_of_clock(archive)
    plan = Plan(archive.root, into / "site", address=site)
    made = export(
        plan, dt.datetime.now(dt.UTC).date().isoformat(), replaces=False, progress=partial(show_count, "made")
    )
    return made.count, made.size


def _show(done: int, there: int) -> None:
    show_count("MB copied", done, there, _MB)
