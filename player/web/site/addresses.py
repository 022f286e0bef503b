"""Says in which file of a static copy lies what the server has at an address, and how one file leads to another.

A page is ``index.html`` in a folder of its own, so that its address there is the server's with a slash. What the server
decides by a query becomes a folder too, ``recordings/-page-2/``: no identifier begins with a hyphen. Only what scripts
read themselves stays a query: where playing begins, and what is searched.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

#: A page that says what a copy is, and what it cannot do.
ABOUT: Final = "/this-copy"
ABOUT_FILE: Final = "this-copy/index.html"
#: A page that finds words in what lies beside it.
SEARCH: Final = "/search/"

#: The site as the pages of a copy are made for it. No host has that name (RFC 2606).
NOWHERE: Final = "https://static-copy.invalid"

#: What a static copy cannot have, by the word for it in what is told.
CLIPS, CITATIONS, BASKETS, EARLIER, LISTS, OTHER = ("clips", "citations", "baskets", "earlier", "lists", "other")

# What pages play, show or read takes no page of its own; its version is in the address for browsers that keep it.
_VERSIONS: Final = frozenset({"v", "of", "silent"})
# What makes another page, of which there are as many as the archive has of it.
_PAGES: Final[tuple[str, ...]] = ("page", "language", "strand", "account", "question")
_SAFE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._-]+)*/?", re.ASCII)
_RECORDING: Final = re.compile(r"/recordings/(?P<slug>[^/]+)")
_MOMENT: Final = re.compile(r"(?P<path>/recordings/[^/?#]+)(?P<end>\?t=[0-9.,:]+(?:#[A-Za-z0-9_-]+)?)", re.ASCII)
_LINE: Final = re.compile(r"/recordings/(?P<slug>[^/]+)/lines/(?P<name>[^/]*)")
_MADE: Final = (
    (re.compile(r"/recordings/[^/]+/clip\."), CLIPS),
    (re.compile(r"/basket(?:\.|$)"), BASKETS),
    (re.compile(r"/(?:desk|invited|suggestions|healthz?|oembed)(?:/|$)"), OTHER),
    (re.compile(r"/recordings/[^/]+/(?:desk|suggest)"), OTHER),
)
# Scripts read in these which passage is asked for.
_CUED: Final = re.compile(rf"{_RECORDING.pattern}(?:/embed)?")
# What is described of a recording for a frame of another site; the page is named whole, and no passage of it.
_DESCRIBED: Final = re.compile(rf"{re.escape(NOWHERE)}/recordings/(?P<slug>{_SAFE.pattern})", re.ASCII)
# Of a manifest, what is in it is named below it, and is no file.
_MANIFEST: Final = re.compile(rf"/recordings/{_SAFE.pattern}/manifest\.json(?P<part>/.+)?", re.ASCII)
_COLLECTION: Final = "/iiif/collection.json"
_OF_SERIES: Final = (_COLLECTION, "/feed.xml", "/feed.png")
_PLAYED: Final = re.compile(r"/search/sound/[^/]+")
_SOUND: Final = re.compile(r"/media/[^/]+(?:/access)?")


@dataclass(frozen=True)
class There:
    """What lies in a ``file`` of the copy, and at ``source`` on the server; ``end`` is what follows in an address."""

    file: str
    source: str
    end: str = ""


def there(address: str) -> There | str:
    """Say where a copy has what the server has at ``/path?query#place``; where it cannot have it, name the kind."""
    # Of the addresses on a page, most are of its own moments: as read below, they took a tenth of the time of a page.
    if (moment := _MOMENT.fullmatch(address)) is not None:
        found = _plain(moment["path"])
        return found if isinstance(found, str) else There(found.file, found.source, moment["end"])
    return _there(address)


@lru_cache(maxsize=2_000)
def _there(address: str) -> There | str:
    parts = urlsplit(address)
    place = f"#{parts.fragment}" if parts.fragment else ""
    if parts.path == "/oembed":
        return _described(parts.query)
    if manifest := _MANIFEST.fullmatch(parts.path):
        path = parts.path.removesuffix(manifest["part"] or "")
        return There(path[1:], path, f"{manifest['part'] or ''}{place}")
    found = _plain(parts.path)
    if isinstance(found, str) or not (parts.query or place):
        return found
    if not parts.query:
        return There(found.file, found.source, found.end or place)
    return _asked(found, parts.path, parts.query, place)


def _asked(found: There, path: str, query: str, place: str) -> There | str:
    """Say where a copy has what is asked of a page by a query."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    if "as-of" in asked or _LINE.fullmatch(path):
        return EARLIER
    if path.startswith("/static/") or set(asked) <= _VERSIONS:
        return There(found.file, f"{found.source}?{query}" if _SOUND.fullmatch(path) else found.source, place)
    if path == "/search" or (_CUED.fullmatch(path) and "page" not in asked):
        kept = _query({name: asked[name] for name in ("t", "q") if name in asked})
        return There(found.file, found.source, kept + place)
    if path in _OF_SERIES and asked.keys() <= {"series", "page"} and (path == _COLLECTION or "series" in asked):
        name, ending = posixpath.splitext(path[1:])
        return There(f"{_named(name, asked)}{ending}", f"{path}?{query}")
    if path.endswith("/cite") or "/cite." in path:
        return CITATIONS
    return _of_pages(found, path, asked, place)


def _described(query: str) -> There | str:
    asked = dict(parse_qsl(query, keep_blank_values=True))
    page = _DESCRIBED.fullmatch(asked.get("url", ""))
    return There(f"recordings/{page['slug']}/oembed.json", f"/oembed?{query}") if page and len(asked) == 1 else OTHER


def _named(name: str, asked: dict[str, str]) -> str:
    """Name what is asked for by a series, which may be any words."""
    series = asked.get("series")
    digest = f"-{hashlib.sha256(series.encode()).hexdigest()[:12]}" if series else ""
    page = asked.get("page", "")
    return f"{name}{digest}{f'-page-{page}' if _SAFE.fullmatch(page) else ''}"


def _of_pages(found: There, path: str, asked: dict[str, str], place: str) -> There | str:
    named: dict[str, str] = {name: asked.pop(name) for name in _PAGES if name in asked}
    if asked or not all(_SAFE.fullmatch(value) for value in named.values()):
        return LISTS
    if path == "/sitemap.xml":  # where there are so many pages that it is several files
        return There(f"sitemap-{named['page']}.xml", f"{path}?page={named['page']}") if [*named] == ["page"] else OTHER
    if not found.file.endswith("index.html"):  # the later parts of a feed
        name, ending = posixpath.splitext(found.file)
        added = "".join(f"-{key}-{value}" for key, value in named.items())
        return There(f"{name}{added}{ending}", f"{path}?{urlencode(named)}", place)
    below = "".join(f"-{name}-{value}/" for name, value in named.items())
    return There(f"{posixpath.dirname(found.file)}/{below}index.html".lstrip("/"), f"{path}?{urlencode(named)}", place)


@lru_cache(maxsize=2_000)
def _plain(path: str) -> There | str:
    if (line := _LINE.fullmatch(path)) is not None:
        return _line(line)
    if path == "/search":
        return There("search/index.html", SEARCH)
    if _PLAYED.fullmatch(path):
        return There(f"{path[1:]}.json", path)
    if not _PATH.fullmatch(path) or any(part.startswith(".") for part in path.split("/")):
        return OTHER
    for made, kind in _MADE:
        if made.match(path):
            return kind
    name = path.strip("/")
    is_file = path.startswith("/static/") or "." in posixpath.basename(name) or path == "/logo"
    return There(name if is_file else posixpath.join(name, "index.html"), path)


def _line(line: re.Match[str]) -> There:
    """Give where all that is known of the lines of a recording stands, and in it the place of one."""
    place = f"#line-{line['name']}" if line["name"] else ""
    page = f"recordings/{line['slug']}/lines"
    return There(f"{page}/index.html", f"/{page}/", place)


def _query(asked: dict[str, str]) -> str:
    # A browser reads a comma and a colon as they are, and so do people; a brace stands for what is to be put there.
    query = urlencode({name: value for name, value in asked.items() if value}, safe=",:{")
    return f"?{query}" if query else ""


@lru_cache(maxsize=2_000)
def relative(at: str, to: str) -> str:
    """Give what leads from the file ``at`` to the file ``to``; a page is named by its folder."""
    here = posixpath.dirname(at)
    folder, name = posixpath.split(to)
    steps = posixpath.relpath(folder or ".", here or ".")
    if name == "index.html":
        return "./" if steps == "." else f"{steps}/"
    return name if steps == "." else f"{steps}/{name}"


def public(file: str) -> str:
    """Give a file as its address ends: a page by its folder."""
    return file.removesuffix("index.html")
