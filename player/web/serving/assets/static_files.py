"""Serves the files of ``static/`` under addresses that browsers may keep for ever: ``/static/<version>/css/site.css``.

The version is a digest of all of the files, so a new release has new addresses and no browser mixes old with new. The
files are read once, when the server starts: what is sent under a version is what the version was computed from.

Pages do not ask for each module and each sheet, but for ten files that are made at the start (``bundle``): the
modules that a page begins with, those that a reader needs only once they do something, those of the desk, of the
basket, of what other sites show in a frame and of all other pages, the style sheets of every page, those of the pages
about the recordings, those of what a reader may want later, and those of such frames. Over a link of 100 ms and
10 Mbit/s, in Chromium with an empty cache, the shipped reading is ready to play 0.37 s after it is asked for, and its
first view costs 59 kB. With native modules, each named by ``<link rel="modulepreload">``, and a link for each sheet,
that was 1.01 s and 112 kB; with native modules and one sheet 0.69 s and 93 kB (medians of nine runs, in turns).
"""

from __future__ import annotations

import hashlib
import mimetypes
import posixpath
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flask import Response, abort, url_for

from player import roots
from player.web.serving import headers
from player.web.serving.assets import bundle
from player.web.serving.conditions import hold_against

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

#: The module that a page begins with, and the one that comes later.
SCRIPT, LATER_SCRIPT = "js/main.js", "js/later.js"
#: The modules of pages that need neither: the desk, the basket, a passage in another site's frame, and all others.
DESK_SCRIPT, BASKET_SCRIPT, EMBED_SCRIPT, OTHER_SCRIPT = ALONE = (
    *("js/desk.js", "js/basket.js", "js/embed.js"),
    "js/basket-link.js",
)
#: Every page's sheet, that of pages about the recordings, the one that comes later, and that of other sites' frames.
SHEET, CONTEXT_SHEET, LATER_SHEET, EMBED_SHEET = "css/site.css", "css/context.css", "css/later.css", "css/embed.css"
#: The files that are made of these and of all that they import. Each stands beside the one that it is made of.
LINKED_SCRIPT, LINKED_LATER = "js/main.linked.js", "js/later.linked.js"
LINKED_SHEET, LINKED_CONTEXT = "css/site.linked.css", "css/context.linked.css"
LINKED_LATER_SHEET, LINKED_EMBED_SHEET = "css/later.linked.css", "css/embed.linked.css"

_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".vtt": "text/vtt", ".woff2": "font/woff2"}


def init_app(app: Flask, folder: Path = roots.STATIC) -> None:
    """Serve the files of ``folder``. The app is made with ``static_folder=None``.

    Templates get ``asset("css/site.linked.css")``, a file's address, and ``asset_root``, the prefix of all addresses.

    :raise ServeError: where a module or a sheet has a form that cannot be linked.
    """
    files, version = _with_linked(tuple(_read(folder).items()))

    @cache
    def compressed(name: str, coding: str) -> bytes | None:
        return headers.compressed(files[name], coding, is_file=True)

    def send(version_asked: str, name: str) -> Response:
        if name not in files:
            abort(404, f"{name}: the player has no such file; reload the page that asked for it")
        kind = _TYPES.get(name[name.rfind(".") :]) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = Response(files[name], mimetype=kind)
        response.set_etag(hashlib.sha256(files[name]).hexdigest()[:16])
        # An address of another version may be asked for by a page that was open when the player was replaced.
        response.headers["Cache-Control"] = _FOR_EVER if version_asked == version else "no-cache"
        hold_against(response)
        if headers.is_text(response):
            coding = headers.accepted_coding()
            body = compressed(name, coding) if coding else None
            if coding and body is not None:
                response.set_data(body)
                headers.mark_compressed(response, coding)
        return response

    def asset(name: str) -> str:
        return url_for("static", version_asked=version, name=name)

    app.add_url_rule("/static/<version_asked>/<path:name>", "static", send)
    app.jinja_env.globals["asset"] = asset
    # For a copy of the site.
    app.extensions["static_files"] = (version, files)
    app.context_processor(lambda: {"asset_root": asset("-").removesuffix("/-")})


_FOR_EVER = "public, max-age=31536000, immutable"


def _read(folder: Path) -> dict[str, bytes]:
    """Give each file's bytes by its name below ``folder``, with slashes. Hidden files are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            found[name.as_posix()] = path.read_bytes()
    return found


@lru_cache(maxsize=1)  # it takes 0.4 s, and tests make many applications
def _with_linked(files: tuple[tuple[str, bytes], ...]) -> tuple[dict[str, bytes], str]:
    """Add what is linked of the files to them; give all, and their version."""
    found = dict(files)
    first, second = bundle.link_scripts(found, SCRIPT, LATER_SCRIPT, posixpath.basename(LINKED_SCRIPT))
    alone = {name.replace(".js", ".linked.js"): name for name in ALONE}
    sheets = {LINKED_SHEET: SHEET, LINKED_CONTEXT: CONTEXT_SHEET, LINKED_LATER_SHEET: LATER_SHEET}
    sheets[LINKED_EMBED_SHEET] = EMBED_SHEET
    every = (
        found
        | {LINKED_SCRIPT: first, LINKED_LATER: second}
        | {to: bundle.link_scripts(found, name, name, posixpath.basename(to))[0] for to, name in alone.items()}
        | {name: bundle.link_sheets(found, sheet) for name, sheet in sheets.items()}
    )
    return every, _version(every)


def _version(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, body in files.items():
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()[:10]
