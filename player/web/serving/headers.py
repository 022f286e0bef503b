"""Gives every response its security headers and its caching rule, and compresses its text."""

from __future__ import annotations

import gzip
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

import brotli
from flask import Response, request
from werkzeug.datastructures import Accept
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import parse_accept_header

from player.web.serving.conditions import hold_against, refused
from player.web.serving.led import IS_ELSEWHERE, with_origins

if TYPE_CHECKING:
    from flask import Flask

# The pages play and copy, which browsers let a page do in its own site. A name that a browser does not know is a
# warning in its console, so these are only such as browsers have long had.
_UNUSED: Final = (
    *("accelerometer", "camera", "clipboard-read", "display-capture", "encrypted-media", "fullscreen", "gamepad"),
    *("geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "sync-xhr", "usb"),
    "xr-spatial-tracking",
)


def content_policy(*, framed_by: str = "'none'") -> str:
    """Give the policy of a page: no inline script, no style attribute, nothing from elsewhere, nothing sent elsewhere.

    ``framed_by`` are the sites that may show it in a frame. A page that may be shown in one sets its own header.
    """
    return f"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {framed_by}"


#: What every response carries that does not say otherwise itself.
SECURITY: Final = {
    "Content-Security-Policy": content_policy(),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
#: What a page may do.
PERMISSIONS: Final = ", ".join(f"{name}=()" for name in _UNUSED)
#: What a page carries beside: what it may do, and that no other site's window can reach it. On all that comes with a
#: page these say nothing, in 418 bytes.
PAGE: Final = {"Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": PERMISSIONS}

_TEXT = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/xml",
        "image/svg+xml",
    }
)
_SMALLEST = 500  # bytes; below this a header and another Vary key cost more than they save

#: How text is compressed, the better first.
CODINGS: Final = ("br", "gzip")
# Of the shipped page, 168 kB, quality 5 leaves 31.7 kB in 4 ms, 10 leaves 27.7 kB in 78 ms, 11 leaves 27.2 kB in
# 167 ms; gzip leaves 34.6 kB. So what is sent again is worth more, and the longer a page is, the less: its first reader
# waits for it. Nor is a short one, such as one of thousands of people: of 21 kB, 5 leaves 3.9 kB in 0.5 ms, and 10
# leaves 3.6 kB in 6 ms.
_BROTLI: Final = 5
_BROTLI_PAGE: Final = 10
_BROTLI_HARDEST: Final = 11
_LONG_PAGE: Final = 400_000  # bytes
# Of lines by time, 33 kB of JSON that is put together in 0.08 ms, 5 leaves 3.0 kB in 0.27 ms, and 1 leaves 3.8 kB in a
# seventh of that; gzip at 6 and at 1 is as fast.
_QUICK: Final = 1
#: Where a request carries that its answer is put together in less time than it takes to compress it well.
IS_QUICK: Final = "player.is_quick"
# Pages of such a length gain 2 % of it, and their first reader waits a tenth of a second more.
_WORTH_HARDEST: Final = range(100_000, 200_000)


def init_app(app: Flask) -> None:
    """Let every response of ``app`` pass through here, error pages included."""
    app.after_request(_finish)


def accepted_coding() -> str | None:
    """Choose how to compress for the current request's client (RFC 9110, 12.5.3): ``br``, else ``gzip``.

    None where it takes neither at least as gladly as plain text. Browsers take Brotli by HTTPS, and from this machine.
    """
    return best_coding(request.headers.get("Accept-Encoding", ""))


@lru_cache(maxsize=64)
def best_coding(header: str) -> str | None:
    """Choose in the same way for a client that says ``header``."""
    accepted = parse_accept_header(header, Accept)
    best = max(CODINGS, key=accepted.quality)
    return best if accepted.quality(best) > 0 and accepted.quality(best) >= accepted.quality("identity") else None


def is_text(response: Response) -> bool:
    """Tell whether ``response`` is of a type that is worth compressing."""
    kind = response.mimetype or ""
    return kind.startswith("text/") or kind in _TEXT


def compressed(
    body: bytes, coding: str, *, is_kept: bool = False, is_file: bool = False, is_quick: bool = False
) -> bytes | None:
    """Compress ``body``; None where it is too short to gain by it.

    Harder where the result ``is_kept`` and sent again, and hardest where it ``is_file``, which is kept for good; least
    where it ``is_quick``.

    The same bytes always become the same bytes.
    """
    if len(body) <= _SMALLEST:
        return None
    if is_quick:
        quick: bytes = brotli.compress(body, quality=_QUICK) if coding == "br" else gzip.compress(body, _QUICK, mtime=0)
        return quick
    if coding == "br":
        is_hardest = is_file or (is_kept and len(body) in _WORTH_HARDEST)
        is_harder = is_kept and len(body) < _LONG_PAGE
        quality = _BROTLI_HARDEST if is_hardest else _BROTLI_PAGE if is_harder else _BROTLI
        result: bytes = brotli.compress(body, quality=quality)
        return result
    return gzip.compress(body, 9 if is_file else 6, mtime=0)


def mark_compressed(response: Response, coding: str) -> None:
    """Say how ``response`` is compressed.

    Its entity tag becomes a weak one, as plain and compressed bytes differ but mean the same; so a client that kept
    either is still told 304 (RFC 9110, 8.8.3.3), and If-Range, which needs a strong tag, matches neither.
    """
    response.headers["Content-Encoding"] = coding
    etag = response.headers.get("ETag")
    if etag and not etag.startswith("W/"):
        response.headers["ETag"] = f"W/{etag}"


def _finish(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        for name, value in PAGE.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Security-Policy"] = with_origins(response.headers["Content-Security-Policy"])
    if IS_ELSEWHERE not in request.environ and response.location is not None:
        response.location = _of_this_site(response.location)
    if is_text(response):
        response.vary.add("Accept-Encoding")
        if not response.is_streamed and "Content-Encoding" not in response.headers:
            response = _validated(response)
            _compress(response)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _of_this_site(address: str) -> str:
    """Give an address without the host, which is only what the client said in Host: a cache could hand it to others."""
    parts = urlsplit(address)
    return urlunsplit(("", "", f"/{parts.path.lstrip('/')}", parts.query, parts.fragment))


def _validated(response: Response) -> Response:
    """Give a page with an entity tag; 304 to who has it, and a refusal to who wants only what it was."""
    if response.status_code == HTTPStatus.OK:
        response.add_etag()
        try:
            hold_against(response)
        except PreconditionFailed as failed:
            return refused(response, failed)
    return response


def _compress(response: Response) -> None:
    """Compress the text of ``response``. HEAD is treated as GET, so that it answers with the same headers.

    A 206 is a part of the plain text and stays plain. A 304 has no body, but names the tag that a 200 would.
    """
    coding = accepted_coding()
    if response.status_code == HTTPStatus.PARTIAL_CONTENT or coding is None:
        return
    plain = response.get_data()
    body = compressed(plain, coding, is_quick=IS_QUICK in request.environ)
    if body is None:
        return
    response.set_data(body)
    mark_compressed(response, coding)
