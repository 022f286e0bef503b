"""Keeps pages that were made, compressed, and sends them again while nothing that they show has changed.

A page is kept under all that a request decides about it: what it is of, the public address and the prefix that it is
read at, its language, and what the asker may see. Beside it stands the *state* of what it shows when it was made: the
stamps of its files, the generation of the index, what is known of the sound. Before it is sent again, its files are
asked for their times and sizes, every time; the whole state, which for a sound means to read in it, is looked at
again when one of these differs, and otherwise once a second. A page that several ask for at once is made once. The
bytes that are kept are limited: of more, the pages that nobody has asked for the longest go first.

What was sent once is sent again by :class:`Sent`, in front of the application, with the same headers: finding a route,
and all that an answer goes through, costs five times as much as to look whether it is still right.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import threading
import time
import weakref
from collections import OrderedDict
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import brotli
from flask import Response, request

from player.errors import PlayerError
from player.web.serving.conditions import CONDITIONS, refuse_another
from player.web.serving.headers import accepted_coding, best_coding, compressed
from player.web.serving.public_address import REFUSAL

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from player.index.index import Index

#: Bytes of pages that are kept: at 25 kB, seven hundred of them.
MOST: Final = 16_000_000
#: For so long, in seconds, a state counts as seen, as long as no file says that it was changed.
TRUST: Final = 1.0
# Answers that are remembered; each is little beside the page it is of.
_ANSWERS: Final = 2000
# The coding of a page that nobody has asked for compressed.
_PLAIN: Final = "plain"
# Where a request carries the page that it was answered with.
_PAGE: Final = "player.kept_page"


def init_app(app: Flask, index: Index) -> None:
    """Let ``app`` keep pages of the archive that ``index`` is of, and send them again."""
    pages = app.extensions["kept_pages"] = KeptPages()

    def generation() -> int:
        index.keep_current()
        return index.generation

    # Flask's own way to put a middleware before an application.
    app.wsgi_app = Sent(app.wsgi_app, pages, generation)  # type: ignore[method-assign]  # Flask's own way to wrap it


@dataclass(frozen=True)
class Shown:
    """What a page shows: the files, or folders, whose times tell of a change at once, and its whole state."""

    paths: tuple[Path, ...]
    state: Hashable
    #: Whether a further change would show: files are stamped with a clock that ticks up to two seconds apart.
    is_settled: bool = True


@dataclass(frozen=True)
class Made:
    """A page that was made. One ``is_kept`` that will be the same for whoever asks for it, until its state changes."""

    html: str
    status: int = HTTPStatus.OK
    is_kept: bool = True
    #: Its media type.
    kind: str = "text/html"


@dataclass
class _Page:
    key: Hashable
    generation: int
    look: Callable[[], Shown]
    shown: Shown
    times: Hashable
    kind: str
    looked: float = field(default_factory=time.monotonic)
    etag: str = ""
    #: By how they are compressed.
    bodies: dict[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values()))

    def plain(self) -> bytes:
        """Give the page as it was made."""
        coding, body = next(iter(self.bodies.items()))
        return brotli.decompress(body) if coding == "br" else gzip.decompress(body)


class KeptPages:
    """Pages, up to ``most`` bytes of them."""

    def __init__(self, most: int = MOST, trust: float = TRUST) -> None:
        self._most = most
        self._trust = trust
        self._pages: OrderedDict[Hashable, _Page] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, tuple[threading.Lock, list[None]]] = {}

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        with self._lock:
            return sum(page.size for page in self._pages.values())

    def __len__(self) -> int:
        """Tell how many pages are kept."""
        return len(self._pages)

    def answer(self, key: Hashable, generation: int, look: Callable[[], Shown], make: Callable[[], Made]) -> Response:
        """Answer the current request with the page under ``key``, made if it is not kept as it is now.

        ``generation`` is that of the index; ``look`` says what the page shows.
        """
        page = self._find(key, generation)
        if page is None:
            with self._only_one(key):
                page = self._find(key, generation)
                if page is None:
                    # What changes while it is made, or has changed too lately to show again, is seen the next time.
                    shown = look()
                    times = times_of(shown.paths)
                    made = make()
                    if made.status != HTTPStatus.OK or not (made.is_kept and shown.is_settled):
                        return Response(made.html, made.status, mimetype=made.kind)
                    page = self._keep(_Page(key, generation, look, shown, times, made.kind), made.html)
        return self._response(page)

    def _find(self, key: Hashable, generation: int) -> _Page | None:
        """Give a page that is kept and shows what there is now."""
        page = self._pages.get(key)
        if page is None or not (self.is_seen(page, generation) or self._is_current(page, generation)):
            return None
        self.use(page)
        return page

    def is_seen(self, page: _Page, generation: int) -> bool:
        """Tell whether a page was seen to be current a moment ago, and nothing says that it was changed since."""
        return (
            page.generation == generation
            and time.monotonic() - page.looked < self._trust
            and times_of(page.shown.paths) == page.times
        )

    def use(self, page: _Page) -> None:
        """Count a page among those that were asked for last."""
        with self._lock:
            if page.key in self._pages:
                self._pages.move_to_end(page.key)

    def _is_current(self, page: _Page, generation: int) -> bool:
        """Look at all that a page shows."""
        now, times = time.monotonic(), times_of(page.shown.paths)
        if page.generation != generation or page.look() != page.shown:
            return False
        page.times, page.looked = times, now
        return True

    @contextlib.contextmanager
    def _only_one(self, key: Hashable) -> Iterator[None]:
        """Let one request at a time make the page under ``key``."""
        with self._lock:
            lock, waiting = self._making.setdefault(key, (threading.Lock(), []))
            waiting.append(None)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                waiting.pop()
                if not waiting:
                    del self._making[key]

    def _keep(self, page: _Page, html: str) -> _Page:
        plain = html.encode()
        page.etag = hashlib.sha256(plain).hexdigest()[:32]
        coding = accepted_coding()
        body = compressed(plain, coding, is_kept=True) if coding else None
        # Few take it plain; for these it is only made small, in a third of the time.
        page.bodies[coding if body and coding else _PLAIN] = body or gzip.compress(plain, 1, mtime=0)
        with self._lock:
            self._pages[page.key] = page
            self._pages.move_to_end(page.key)
            self._make_room()
        return page

    def _make_room(self) -> None:
        left = sum(page.size for page in self._pages.values())
        while left > self._most and self._pages:
            _, page = self._pages.popitem(last=False)
            left -= page.size

    def _response(self, page: _Page) -> Response:
        """Make the answer; HEAD is answered by Flask, which leaves out the body."""
        coding = accepted_coding()
        tag = f'"{page.etag}"' if coding is None else f'W/"{page.etag}"'
        if request.if_none_match.contains_weak(page.etag):
            response = Response(status=HTTPStatus.NOT_MODIFIED, mimetype=page.kind)
        elif coding is None:
            response = Response(page.plain(), mimetype=page.kind)
        else:
            response = Response(self._body(page, coding), mimetype=page.kind)
            response.headers["Content-Encoding"] = coding
            request.environ[_PAGE] = page
        response.headers["ETag"] = tag
        refuse_another(response)
        return response

    def _body(self, page: _Page, coding: str) -> bytes:
        body = page.bodies.get(coding)
        if body is None:
            plain = page.plain()
            body = compressed(plain, coding, is_kept=True) or gzip.compress(plain, mtime=0)
            with self._lock:
                page.bodies[coding] = body
                self._make_room()
        return body


class Sent:
    """Stands in front of an application, and sends again what it sent: kept pages, to who asks for them plainly.

    ``generation`` gives that of the index now.
    """

    def __init__(self, app: WSGIApplication, pages: KeptPages, generation: Callable[[], int]) -> None:
        self._app = app
        self._pages = pages
        self._generation = generation
        # None of them holds a page that is no longer kept.
        self._answers: dict[Hashable, tuple[weakref.ref[_Page], list[tuple[str, str]]]] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send what is right still; let the application answer the rest."""
        coding = best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        is_plain = environ["REQUEST_METHOD"] == "GET" and not environ.get("QUERY_STRING")
        if coding is None or not is_plain or not CONDITIONS.isdisjoint(environ):
            return self._app(environ, start_response)
        asked = map(environ.get, ("PATH_INFO", "SCRIPT_NAME", "HTTP_HOST", "wsgi.url_scheme"))
        key = (*asked, coding)
        if REFUSAL not in environ and (found := self._answers.get(key)) is not None:
            page, headers = found[0](), found[1]
            if page is not None and self._is_seen(page):
                self._pages.use(page)
                start_response("200 OK", headers)
                return (page.bodies[coding],)
        sent: list[tuple[str, str]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sent[:] = headers
            return start_response(status, headers, *more)

        answer = self._app(environ, start)
        if (page := environ.pop(_PAGE, None)) is not None:
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()
            self._answers[key] = weakref.ref(page), list(sent)
        return answer

    def _is_seen(self, page: _Page) -> bool:
        try:
            return self._pages.is_seen(page, self._generation())
        except PlayerError:
            return False  # the application will say what is wrong


def times_of(paths: Sequence[Path | str]) -> tuple[tuple[int, ...] | None, ...]:
    """Give what tells of a change to each of some files."""
    return tuple(map(_time, paths))


def _time(path: Path | str) -> tuple[int, ...] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # Path.stat takes half as long again
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns
