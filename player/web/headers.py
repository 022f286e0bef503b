"""A response into the response that is sent: with its security headers, its caching rule, and its text compressed."""

from __future__ import annotations

import gzip
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from flask import Response, request

if TYPE_CHECKING:
    from flask import Flask

#: What every response carries. The policy has no exception: no inline script, no style attribute, no foreign origin.
SECURITY = {
    "Content-Security-Policy": "default-src 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

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
_SMALLEST = 500  # bytes; below this the gzip header and another Vary key cost more than they save


def init_app(app: Flask) -> None:
    """Let every response of ``app`` pass through here, error pages included."""
    app.after_request(_finish)


def accepts_gzip() -> bool:
    """Tell whether the current request's client takes gzip at least as gladly as plain text (RFC 9110, 12.5.3)."""
    accepted = request.accept_encodings
    return accepted.quality("gzip") > 0 and accepted.quality("gzip") >= accepted.quality("identity")


def is_text(response: Response) -> bool:
    """Tell whether ``response`` is of a type that is worth compressing."""
    kind = response.mimetype or ""
    return kind.startswith("text/") or kind in _TEXT


def gzipped(body: bytes) -> bytes | None:
    """Compress ``body``: the same bytes always become the same bytes. None where it is too short to gain by it."""
    return gzip.compress(body, 6, mtime=0) if len(body) > _SMALLEST else None


def mark_gzipped(response: Response) -> None:
    """Say that ``response`` is compressed.

    Its entity tag becomes a weak one, as plain and compressed bytes differ but mean the same; so a client that kept
    either is still told 304 (RFC 9110, 8.8.3.3), and If-Range, which needs a strong tag, matches neither.
    """
    response.headers["Content-Encoding"] = "gzip"
    etag = response.headers.get("ETag")
    if etag and not etag.startswith("W/"):
        response.headers["ETag"] = f"W/{etag}"


def _finish(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    if response.location is not None:
        response.location = _of_this_site(response.location)
    if is_text(response):
        response.vary.add("Accept-Encoding")
        if not response.is_streamed and "Content-Encoding" not in response.headers:
            _validate(response)
            _compress(response)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _of_this_site(address: str) -> str:
    """Give an address without the host, which is only what the client said in Host: a cache could hand it to others."""
    parts = urlsplit(address)
    return urlunsplit(("", "", f"/{parts.path.lstrip('/')}", parts.query, parts.fragment))


def _validate(response: Response) -> None:
    """Give a page an entity tag, and answer 304 to who has it."""
    if response.status_code == HTTPStatus.OK:
        response.add_etag()
        response.make_conditional(request)


def _compress(response: Response) -> None:
    """Compress the text of ``response``. HEAD is treated as GET, so that it answers with the same headers.

    A 206 is a part of the plain text and stays plain. A 304 has no body, but names the tag that a 200 would.
    """
    if response.status_code == HTTPStatus.PARTIAL_CONTENT or not accepts_gzip():
        return
    body = gzipped(response.get_data())
    if body is None:
        return
    response.set_data(body)
    mark_gzipped(response)
