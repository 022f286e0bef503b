"""``player set``: what has to do with sets of passages; so far, to begin one from a basket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands.options import archive_option, open_archive

if TYPE_CHECKING:
    from pathlib import Path


@click.group("set", short_help="Begin a set of passages, such as a lesson.")
def set_() -> None:
    """Make sets of passages: files of transcripts/sets/, each a page with words between the passages.

    \b
    Example:
      player set new before-seven --from-basket "/basket?p=1963-11-05-attwood-reading@25,46"
    """


@set_.command(short_help="Begin a set with the passages of a basket.")
@click.argument("slug")
@click.option("--from-basket", "link", required=True, metavar="LINK", help="The link of a basket: Copy link there.")
@click.option("--title", metavar="TITLE", default="A set of passages", help="What the set is called.")
@archive_option
def new(slug: str, *, link: str, title: str, root: Path) -> None:
    """Begin the set SLUG with the passages of a basket; you write the words between them into its file.

    No set is replaced. Its page is /sets/SLUG.

    \b
    Example:
      player set new before-seven --from-basket "/basket?p=1963-11-05-attwood-reading@25,46"
    """
    from player.errors import shown
    from player.intake.new_set import make_set, passages_in

    passages = passages_in(link)
    path = make_set(open_archive(root), slug, passages, title)
    count = f"{len(passages)} passage{'' if len(passages) == 1 else 's'}"
    click.echo(f"{shown(path)}: {count}; write into it what stands between them, then: player check")
