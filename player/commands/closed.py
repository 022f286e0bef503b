"""``player closed``: prints what of an archive is closed, until when, and on whose word."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import click

from player.commands.options import archive_option, open_archive
from player.commands.output import print_columns, print_json, warn_of_clock

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.gate.listing import Closure

_HEADS = ("recording", "what", "state", "opens", "decided by", "reason")


@click.command(short_help="List what is closed, and until when.")
@click.argument("slug", required=False)
@click.option("--due", "only_due", is_flag=True, help="Only what is closed although its day has passed.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@archive_option
def closed(slug: str | None, root: Path, *, only_due: bool, as_json: bool) -> None:
    """List what visitors do not see or hear: of one recording, or of the whole archive.

    Of each it says until when it is closed, whether it opens by itself after that or has to be reviewed, who decided
    it, and the reason that visitors are told. Records that cannot be read are closed too, and are listed with what is
    wrong with them; so are people whose names are withheld.

    \b
    Example:
      player closed --due
      player closed harbour-office --archive my-archive
    """
    from player.archive.gate.listing import closures, private_people
    from player.errors import ArchiveError

    archive = open_archive(root)
    if slug is not None:
        with contextlib.suppress(ArchiveError):  # it is listed as one that cannot be read
            archive.record(slug)
    slugs = archive.slugs() if slug is None else [slug]
    found = [*closures(archive, slugs), *(private_people(archive) if slug is None else ())]
    found = [each for each in found if each.is_due or not only_due]
    warn_of_clock(archive)
    if as_json:
        print_json([_described(each) for each in found])
    elif found:
        print_columns([_HEADS, *(_row(each) for each in found)])
    else:
        click.echo("nothing waits to be opened" if only_due else "nothing is closed")


def _row(closure: Closure) -> tuple[str, ...]:
    from player.errors import shown

    opens = "" if closure.opens is None else "is due for review" if closure.is_due else closure.opens
    reason = closure.reason or ""
    if closure.is_unreadable:
        place = shown(closure.path) if closure.line is None else f"{shown(closure.path)}:{closure.line}"
        reason = f"{place}: {reason}"
    cells = (closure.recording or "", closure.subject, closure.label, opens, closure.decided_by or "", reason)
    # A text of several lines would break the table.
    return tuple(" ".join(cell.split()) or "-" for cell in cells)


def _described(closure: Closure) -> dict[str, Any]:
    span = closure.span
    return {
        "recording": closure.recording,
        "what": closure.what,
        "part": closure.part,
        "start": None if span is None else span.start / 1000,
        "end": None if span is None else span.end / 1000,
        "state": closure.state,
        "until": closure.until,
        "opens": closure.opens,
        "due": closure.is_due,
        "decided_by": closure.decided_by,
        "reason": closure.reason,
        "file": str(closure.path),
        "line": closure.line,
    }
