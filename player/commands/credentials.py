"""``player credentials``: what has to do with signing clips; so far, a certificate to try it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands.options import FILE

if TYPE_CHECKING:
    from pathlib import Path


@click.group(short_help="Make a certificate to try signing with.")
def credentials() -> None:
    """Make what player clip --sign needs, to try it with.

    \b
    Example:
      player credentials new --name "Harbour archive" signing
    """


@credentials.command(short_help="Make a certificate for tests.")
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--name", required=True, metavar="NAME", help='Whom it names; "for tests only" is added.')
def new(folder: Path, *, name: str) -> None:
    """Make a certificate for tests, and its key, in the folder DIR.

    Nobody but you vouches for it, so that what is signed with it says no more than that it was not changed since.
    DIR/certificate.pem and DIR/key.pem are for player clip --sign and --key, DIR/authority.pem for player verify
    --trust. Only you can read the files, and none is replaced.

    \b
    Example:
      player credentials new --name "Harbour archive" signing
      player clip 1963-11-05-attwood-reading --cue day --sign signing/certificate.pem --key signing/key.pem
    """
    from player.clips.certificates import make_for_tests
    from player.errors import shown

    certificate, key, authority = make_for_tests(name, folder)
    click.echo(f"{shown(certificate)}: a certificate for tests only; with its key, {shown(key)}, it signs clips")
    click.echo(f"{shown(authority)}: the authority that vouches for it, for player verify --trust")
