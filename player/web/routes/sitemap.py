"""Answers ``/sitemap.xml`` with the pages that search engines may list (https://www.sitemaps.org/protocol.html).

What is not for visitors is not in it, nor what is made on demand. It says on which day a recording was changed last, by
the times of its files; not of one of which something is closed, since what was changed may be that.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import Blueprint, Response, request
from markupsafe import Markup

from player.archive.recording import TRANSCRIPT
from player.errors import ArchiveError, NotFoundError
from player.web.current import current_archive, current_index
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from player.index.index import Index

sitemap = Blueprint("sitemap", __name__)

#: Pages that one answer lists, made in a tenth of a second. The protocol has 50,000, in 50 MB.
MOST: Final = 5_000
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_FILES: Final = ("recording.toml", TRANSCRIPT, "annotations.toml")
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


class _Page(NamedTuple):
    endpoint: str
    argument: str = ""
    name: str = ""
    is_dated: bool = False


@sitemap.get("/sitemap.xml")
def answer() -> Response:
    """List the pages of the archive; where they are very many, the files that list them."""
    if not _is_listed():
        raise NotFoundError("this archive asks search engines to list none of its pages")
    found = _pages(current_index())
    parts = -(-len(found) // MOST)
    asked = request.args.get("page", "")
    if parts <= 1 and not asked:
        text = _list("urlset", "url", map(_place, found))
    elif not asked:
        files = (public_address("sitemap.answer", page=number + 1) for number in range(parts))
        text = _list("sitemapindex", "sitemap", ((address, None) for address in files))
    elif _NUMBER.fullmatch(asked) and int(asked) <= parts:
        text = _list("urlset", "url", map(_place, found[(int(asked) - 1) * MOST : int(asked) * MOST]))
    else:
        raise NotFoundError(f"the pages of this archive are listed in {parts} of these; ask for page=1 or a later one")
    response = Response(text, mimetype="application/xml")
    # The addresses in it have the host that this client asked for.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _is_listed() -> bool:
    try:
        return current_archive().about.search_engines
    except ArchiveError:
        return False  # it may be to ask them to stay away


def _list(whole: str, each: str, places: Iterable[tuple[str, str | None]]) -> str:
    rows = (Markup("<{0}><loc>{1}</loc>{2}</{0}>\n").format(each, address, _changed(day)) for address, day in places)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{whole} xmlns="{_NAMESPACE}">\n{"".join(rows)}</{whole}>\n'


def _changed(day: str | None) -> Markup:
    return Markup("<lastmod>{}</lastmod>").format(day) if day else Markup()


def _pages(index: Index) -> list[_Page]:
    """Name each page, in an order that stays."""
    found = [_Page("recordings.shelf"), _Page("about.page")]
    closed = {str(row["name"]) for row in index.rows("SELECT name FROM unit WHERE kind = 'recording' AND restricted")}
    found += [_Page("recordings.recording", "slug", slug, slug not in closed) for slug in index.recordings]
    if "chronology" in index.parts:
        found.append(_Page("context.chronology"))
    for part, there, endpoints, argument in (
        ("people", index.people, ("context.people", "context.person"), "name"),
        ("sources", index.sources, ("context.sources", "context.source"), "name"),
        ("dossiers", index.dossiers, ("context.dossiers", "context.dossier"), "slug"),
        ("sets", index.sets, ("sets.listed", "sets.page"), "slug"),
    ):
        if part in index.parts:
            found.append(_Page(endpoints[0]))
            found += [_Page(endpoints[1], argument, each) for each in there]
    return found


def _place(page: _Page) -> tuple[str, str | None]:
    """Give the address of a page, and the day on which it was changed last, where that may be told."""
    values = {page.argument: page.name} if page.argument else {}
    return public_address(page.endpoint, **values), _day(page.name) if page.is_dated else None


def _day(slug: str) -> str | None:
    """Give the day on which the files of a recording were changed last; None where no clock could have said so."""
    folder = current_archive().transcripts / slug
    times = []
    for name in _FILES:
        try:
            times.append((folder / name).stat().st_mtime)
        except OSError:
            continue
    try:
        last = dt.datetime.fromtimestamp(max(times, default=0), dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return last.date().isoformat() if last.timestamp() > 0 and last <= dt.datetime.now(dt.UTC) else None
