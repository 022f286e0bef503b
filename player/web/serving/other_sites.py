"""Lets pages of other sites read what anybody may have: manifests, words, sounds (https://fetch.spec.whatwg.org).

A viewer of another site fetches them in its reader's browser, which hands them on only where the answer says that any
site may have it. It says so with ``*``, for which a browser sends no cookies and no password, and only where the answer
is what everybody gets: never what editors, or those who are invited, are shown, for whom other applications answer.

Nor does it where the archive is asked for by an address of this machine or of a private network: there any page that
its keeper happens to visit could read it, and send elsewhere what is published nowhere yet.
"""

from __future__ import annotations

import ipaddress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import request

from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from flask import Flask, Response

#: What other sites may read: only what is there to be read by programs, and no page.
READ: Final = frozenset(
    {
        *("cards.picture", "iiif.captions", "iiif.collection", "iiif.manifest", "notes.send"),
        # Players of podcasts in a browser fetch the feed, and what it leads to, themselves.
        *("feed.chapters", "feed.picture", "feed.send", "feed.sound"),
        *("downloads.described", "downloads.send", "downloads.send_described"),
        *("recordings.access_copy", "recordings.sound", "recordings.transcript", "recordings.translation"),
    }
)
#: Below this path is what only programs read; what is wrong with a request is told to them, too.
API: Final = "/api/"
_SENT: Final = frozenset({HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED})
# Names that lead nowhere from outside: RFC 6761, 6762 and 8375, and what routers and ICANN (2024) have for one's own.
_OWN_NAMES: Final = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".home")
_HEADERS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
}
# What a browser asks before a request with a header that a form could not send: a range of bytes, for instance.
_ASKED_BEFORE: Final = {
    "Access-Control-Allow-Headers": "Range, If-Range, If-None-Match, If-Modified-Since",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Max-Age": "86400",
}


def init_app(app: Flask) -> None:
    """Let an application for visitors say so."""
    app.after_request(_say)


def _say(response: Response) -> Response:
    is_api = request.path.startswith(API)
    if not (is_api or request.endpoint in READ) or is_own(urlsplit(public_address("recordings.shelf")).hostname or ""):
        return response
    if request.method == "OPTIONS":
        response.headers.update({**_HEADERS, **_ASKED_BEFORE})
    elif is_api or response.status_code in _SENT:
        response.headers.update(_HEADERS)
    return response


def is_own(name: str) -> bool:
    """Tell whether a host is this machine or one of a private network, as far as its name or number says so."""
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        named = name.rstrip(".")
        return "." not in named or f".{named}".endswith(_OWN_NAMES)
