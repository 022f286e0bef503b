"""``player invite``: gives one person a link to a recording that is not public; lists such links, and ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from player.commands.advised import with_archive
from player.commands.options import archive_option, open_archive
from player.commands.output import counted, print_columns, warn_of_clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.gate.shown import Shown

_HEADS = ("recording", "for", "until", "made", "state")


@click.command(short_help="Give one person a link to a recording that is not public.")
@click.argument("slug", required=False)
@click.option("--for", "name", metavar="NAME", help="Whom the link is for.")
@click.option("--until", "day", metavar="DATE", help="The last day on which it opens anything, as in 2027-03-01.")
@click.option("--list", "lists", is_flag=True, help="List who is invited: to this recording, or to any.")
@click.option("--revoke", "revoked", metavar="NAME", help="End the invitation of this person.")
@archive_option
def invite(
    slug: str | None, name: str | None, day: str | None, revoked: str | None, *, lists: bool, root: Path
) -> None:
    """Invite one person to hear and read one recording that is not public, and to suggest corrections.

    Prints a link, once; only a digest of the secret in it is kept. It works at the archive's public server, to the end
    of the day that you give, wherever on earth that is last, or until you end it. It shows what is a draft, or on
    request; what is closed stays closed, and so do closed passages and names that are withheld.

    Whoever has the link is shown the recording: give it to nobody else.

    \b
    Example:
      player invite harbour-office --for "Nora Quill" --until 2027-03-01
      player invite --list
      player invite harbour-office --revoke "Nora Quill"
    """
    if sum((lists, revoked is not None, name is not None or day is not None)) != 1:
        raise click.UsageError("say --for NAME --until DATE, or --list, or --revoke NAME.")
    if slug is None and not lists:
        raise click.UsageError("say which recording.")
    archive = open_archive(root)
    warn_of_clock(archive)
    if lists:
        _list(archive, slug)
    elif revoked is not None:
        _revoke(archive, slug or "", revoked)
    else:
        if name is None or day is None:
            raise click.UsageError("--for NAME and --until DATE go together.")
        _invite(archive, slug or "", name, _day(day))


def _day(said: str) -> dt.date:
    import datetime as dt
    import re

    from player.errors import InviteError, quoted

    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
            return dt.date.fromisoformat(said)
    except ValueError:
        pass
    raise InviteError(f"{quoted(said)} is not a day; write it like 2027-03-01: --until YYYY-MM-DD")


def _invite(archive: Archive, slug: str, name: str, day: dt.date) -> None:
    from player.archive import dates
    from player.intake import inviting
    from player.web.serving.public_address import Site

    site = Site.from_environment()
    secret = inviting.invite(archive, slug, name, day)
    until = dates.readable(day.isoformat())
    click.echo(f"{name.strip()} may hear and read {slug}, and suggest corrections, to the end of {until}:")
    click.echo(f"{site.url or ''}/invited/?token={secret}")
    if site.url is None:
        click.echo("put the archive's public address before it, as in https://tapes.example.org (PLAYER_URL)")
    for line in _told(archive.record(slug).shown, inviting.opened_by_it(archive, slug)):
        click.echo(line)
    told = f'it is printed this once; to end it: player invite {slug} --revoke "{name.strip()}"'
    click.echo(with_archive(told))


def _told(before: Shown, after: Shown) -> Iterator[str]:
    """Say what an invitation opens, and what stays closed."""
    from player.archive.gate.declared import PARTS

    names = {"record": "the recording", "sound": "its sound", "transcript": "its words", "notes": "its notes"}
    held = {part: (getattr(before, part), getattr(after, part)) for part in PARTS}
    if opened := [f"{names[part]} ({was.label})" for part, (was, now) in held.items() if was and not now]:
        yield f"opened by it: {', '.join(opened[:1] if held['record'][0] else opened)}"
    left = [f"{names[part]} ({now.label})" for part, (_, now) in held.items() if now]
    left += [counted(len(after.passages), "passage")] if after.passages else []
    left += ["names that are withheld"] if after.replaces_names else []
    if left:
        yield f"stays closed: {', '.join(left)}"


def _revoke(archive: Archive, slug: str, name: str) -> None:
    from player.intake import inviting

    ended = inviting.revoke(archive, slug, name)
    click.echo(f"the invitation of {ended.name} to {slug} is ended; what they have heard or kept, nothing calls back")


def _list(archive: Archive, slug: str | None) -> None:
    import sys

    from player.archive.invitations import invitations, invited_slugs
    from player.errors import ArchiveError

    if slug is not None:
        archive.record(slug)
    rows: list[tuple[str, ...]] = []
    faults: list[str] = []
    for each in [slug] if slug is not None else invited_slugs(archive):
        try:
            found = invitations(archive, each)
        except ArchiveError as error:
            faults.append(str(error))
            continue
        rows += [
            (each, one.name, one.until, one.made, "over" if one.is_over(archive.clock) else _state(archive, each))
            for one in found
        ]
    if rows:
        print_columns([_HEADS, *rows])
    elif not faults:
        click.echo("nobody is invited")
    for fault in faults:
        click.echo(with_archive(fault), err=True)
    if faults:
        sys.exit(1)


def _state(archive: Archive, slug: str) -> str:
    """Say whether an invitation that is not over shows anything."""
    from player.errors import PlayerError
    from player.intake import inviting

    try:
        inviting.opened_by_it(archive, slug)
    except PlayerError:
        return "shows nothing: the recording is closed, withdrawn or cannot be read"
    return "open"
