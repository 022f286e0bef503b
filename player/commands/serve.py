"""``player serve``: serves the archive to browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from player.commands.options import FILE, archive_option, open_archive

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 picks any free one.")
@click.option(
    "--access-log",
    "log_place",
    envvar="PLAYER_ACCESS_LOG",
    metavar="FILE",
    help="Write a line to this file for each answer; - is standard error. By default $PLAYER_ACCESS_LOG, if it is set.",
)
@click.option(
    "--drafts",
    "shows_drafts",
    is_flag=True,
    help="Show drafts too, on this machine only, to whoever opens the address that is printed.",
)
@click.option(
    "--edit",
    "edits",
    is_flag=True,
    help="Let who opens the address that is printed correct the archive at the desk, on this machine only.",
)
@click.option("--by", "by", metavar="NAME", help="With --edit, who does so, for the history of each recording.")
@click.option(
    "--password-file",
    type=FILE,
    help="Behind a proxy that handles TLS, ask for a password: with --drafts the first line of this file; with --edit "
    "each person's own, from the lines Name: password.",
)
@click.option(
    "--suggestions",
    "takes_suggestions",
    is_flag=True,
    help="Let listeners suggest other words for a line; only the desk shows what they suggest.",
)
@archive_option
def serve(
    host: str,
    port: int,
    log_place: str | None,
    by: str | None,
    password_file: Path | None,
    *,
    shows_drafts: bool,
    edits: bool,
    takes_suggestions: bool,
    root: Path,
) -> None:
    """Serve the archive to browsers until Ctrl-C.

    With --drafts, what is marked as a draft is shown too; what is closed stays closed. Only a browser on this machine
    gets an answer, and only after it has opened the address that is printed, which holds a secret and is good until the
    server stops. With --password-file, anyone who knows the password can use the public address: PLAYER_URL has to
    start with https, and PLAYER_PROXIES has to be set.

    With --edit, the address of a recording with /edit behind it is its desk, where its transcript is corrected. Whoever
    edits sees all of it there, also what is closed. --by says whose name the history of the recording takes; with
    --password-file each person has their own.

    With --suggestions, each line has a form in which a listener suggests other words. They are kept in the folder of
    the recording, where the server has to be able to write, and shown at the desk only.

    \b
    Example:
      player serve --port 8001
      player serve --drafts --port 8002
      player serve --edit --by "Ines Keeper"
    """
    from player.archive.gate.shown import Audience
    from player.errors import ServeError

    if password_file is not None and not (shows_drafts or edits):
        raise click.UsageError("--password-file goes with --drafts or --edit.")
    if by is not None and not edits:
        raise click.UsageError("--by goes with --edit.")
    if by is not None and password_file is not None:
        raise click.UsageError("--by and --password-file exclude each other: the file names who edits.")
    if edits and by is None and password_file is None:
        raise click.UsageError("--edit needs --by NAME: the history of each recording says who changed it.")

    try:
        from player.web.serving import server
        from player.web.serving.clip_limits import Limits
        from player.web.serving.drafts import guard_for
        from player.web.serving.editors import editing_guard
        from player.web.serving.public_address import Site
    except ModuleNotFoundError as error:
        if error.name != "resource":  # which POSIX has; the same systems have what else it needs
            raise
        raise ServeError(
            "the player serves from Linux and macOS only; on Windows, run it in WSL (Windows Subsystem for Linux)"
        ) from None

    def make() -> Any:
        from player.index.watch import Watch
        from player.web.app import create_app

        app = create_app(
            root,
            audience=audience,
            guard=guard,
            clip_limits=limits,
            site=site,
            log_place=log_place,
            takes_suggestions=takes_suggestions,
        )
        Watch(app.extensions["index"]).begin()
        return app

    open_archive(root)
    limits = Limits.from_environment()
    site, audience, guard = Site.from_environment(), Audience.VISITORS, None
    if shows_drafts or edits:
        guard = editing_guard(host, password_file, by, site) if edits else guard_for(host, password_file, site)
        site, audience = guard.site, Audience.EDITORS

    def ready(address: str) -> None:
        server.announce(*(guard.told(address) if guard else (address,)))

    server.serve(make, host, port, threads=server.THREADS + limits.answers, ready=ready)
