"""A server of an archive in which things are closed, in a process of its own, and the command beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from clip_server import until
from closed_asking import Asked, Client
from closed_plan import SHOWN
from started import started

from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from werkzeug.routing import Map

#: Where every server says it is.
PUBLIC: Final = "http://archive.example"


@dataclass(frozen=True)
class Server:
    """A server of an archive in a process of its own, with its cache and its logs."""

    archive: Path
    cache: Path
    client: Client
    said: Path
    log: Path

    def look(self) -> None:
        """Let the index be as the files are now."""
        command(self.archive, self.cache, "index")

    @property
    def rules(self) -> Map:
        return create_app(self.archive).url_map


@contextmanager
def serving(archive: Path, folder: Path, *, has_copies: bool = True, **variables: str) -> Iterator[Server]:
    """Serve an archive, which has access copies of all that may be played, when it is indexed and its sounds drawn."""
    folder.mkdir(exist_ok=True)
    cache, said, log = (folder / name for name in ("cache", "said", "log"))
    if has_copies:
        command(archive, cache, "access", "--all")
    # It counts the samples of every sound, which pages would do one by one; and it keeps what it finds in the index.
    command(archive, cache, "check")
    # Where it is in public stands in pages; the port of another server is another.
    environment = {**os.environ, "PLAYER_CACHE": str(cache), "PLAYER_ACCESS_LOG": str(log), "PLAYER_URL": PUBLIC}
    environment |= variables
    asked = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(archive)]
    with said.open("wb") as file, started(asked, stderr=file, env=environment) as address:
        server = Server(archive, cache, Client(address), said, log)
        server.look()
        for each in SHOWN:
            until_drawn(server.client, each.slug)
        try:
            yield server
        finally:
            server.client.close()


def command(archive: Path, cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PLAYER_CACHE": str(cache)}
    asked = [sys.executable, "-m", "player", *words, "--archive", str(archive)]
    return subprocess.run(asked, capture_output=True, text=True, env=environment, check=False)


def until_drawn(client: Client, slug: str) -> None:
    """Ask for the outline of a sound until it is made, or is not to be had."""
    until(lambda: client.ask(Asked("recordings.wave", f"/recordings/{slug}/waveform.svg")).status != 202)
