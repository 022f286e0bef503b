"""``player serve``: serves the archive to browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from player.commands.options import archive_option, open_archive

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
@archive_option
def serve(host: str, port: int, log_place: str | None, root: Path) -> None:
    """Serve the archive to browsers until Ctrl-C.

    \b
    Example:
      player serve --port 8001
    """
    from player.errors import ServeError

    try:
        from player.web.serving import server
        from player.web.serving.clip_limits import Limits
    except ModuleNotFoundError as error:
        if error.name != "resource":  # which POSIX has; the same systems have what else it needs
            raise
        raise ServeError(
            "the player serves from Linux and macOS only; on Windows, run it in WSL (Windows Subsystem for Linux)"
        ) from None

    def make() -> Any:
        from player.index.watch import Watch
        from player.web.app import create_app

        app = create_app(root, clip_limits=limits, log_place=log_place)
        Watch(app.extensions["index"]).begin()
        return app

    open_archive(root)
    limits = Limits.from_environment()
    server.serve(make, host, port, threads=server.THREADS + limits.answers)
