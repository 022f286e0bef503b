"""A copy of a made-up archive as files, what leads where in it, and a plain server that knows nothing of it."""

from __future__ import annotations

import contextlib
import posixpath
import re
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from click.testing import CliRunner
from stand_in import answering

from player.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

_LINK: Final = re.compile(r' (?:href|src|action|data-(?:address|cite|later|lines|page|wave))="([^"]*)"')


def export(archive: Path, folder: Path, *words: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["export", "--site", str(folder), *words, "--archive", str(archive)])


def copied(archive: Path, folder: Path, *words: str) -> Path:
    """Give a copy of an archive, which has to be made."""
    ran = export(archive, folder, *words)
    assert ran.exit_code == 0, ran.output
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file of a copy by its name in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def astray(folder: Path) -> list[str]:
    """List the links of a copy's pages that lead to no file in it, or to a place that its page does not have."""
    files = contents(folder)
    pages = {name: content.decode() for name, content in files.items() if name.endswith(".html")}
    found = []
    for name, page in pages.items():
        for link in map(unescape, _LINK.findall(page)):
            parts = urlsplit(link)
            if parts.scheme:
                continue
            to = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else name
            )
            to = posixpath.normpath(posixpath.join(to, "index.html")) if parts.path.endswith("/") else to
            place = unquote(parts.fragment)
            is_place = not place or place.startswith("t=") or place == "line-" or f'id="{place}"' in pages.get(to, "")
            if link.startswith("/") or to not in files or not is_place:
                found.append(f"{name}: {link}")
    return found


class _Quiet(SimpleHTTPRequestHandler):
    """What ``python -m http.server`` answers with: whole files, whatever part of them is asked for."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file; who wants no more of it says so by going."""
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's own name
        """Say nothing."""


@contextlib.contextmanager
def plain_server(folder: Path) -> Iterator[str]:
    """Serve the files of a folder as ``python -m http.server`` does; give the address."""
    with answering(partial(_Quiet, directory=str(folder))) as address:
        yield address
