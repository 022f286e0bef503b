"""Leads listeners to where a sound lies, where ``PLAYER_MEDIA=redirect`` says so; else sounds are passed through.

Only what everybody may have whole is led to: an address that was given out is good for ten minutes, whatever is closed
meanwhile. Where anything of a recording is not open, or was not until a date, or where anybody asks but a public
listener's own player, the sound is passed through. So is what only we can answer: a HEAD, for which an address is not
signed, a condition on our own entity tags, and a script of another site, which no storage needs to allow.
"""

from __future__ import annotations

import logging
import os
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from flask import Response, current_app, request

from player.archive.gate.shown import EVERYTHING
from player.errors import AudioError, ServeError, quoted
from player.web.current import current_archive
from player.web.serving.guests import guest_of_request
from player.web.serving.telling import tell

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from player.archive.recording import Record
    from player.web.serving.public_address import Site

#: How listeners are given a sound that lies elsewhere.
MEDIA: Final = "PLAYER_MEDIA"
#: Where a request carries that its answer leads away from this site.
IS_ELSEWHERE: Final = "player.is_elsewhere"
_ORIGINS: Final = "media_origins"
_CONDITIONS: Final = ("If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range")
# What a browser says that plays a sound; other programs say nothing.
_PLAYS: Final = frozenset({None, "audio", "video"})
_HOW: Final = "give pass, which is meant where it is not set, or redirect"

_log = logging.getLogger(__name__)


def init_app(app: Flask, site: Site, *, is_public: bool) -> None:
    """Let ``app`` lead listeners on, if the environment says so and it ``is_public``.

    :raise ServeError: where PLAYER_MEDIA is neither way, or no browser could go where it would lead.
    """
    way = os.environ.get(MEDIA, "").strip() or "pass"
    if way not in {"pass", "redirect"}:
        raise ServeError(f"{MEDIA} is {quoted(way)}; {_HOW}")
    leads = way == "redirect" and is_public
    app.jinja_env.globals["is_led"] = leads
    if not leads:
        return
    from player.storage.leading import origins  # noqa: PLC0415  # where sounds lie elsewhere

    try:
        found = origins()
    except AudioError as error:
        raise ServeError(f"{MEDIA} is {quoted(way)}, but {error}") from None
    plain = next((each for each in found if each.startswith("http://")), None)
    if plain and (site.url or "").startswith("https://"):
        what = f"{MEDIA} is {quoted(way)}, but browsers play nothing from {plain} on a page that came by https"
        raise ServeError(f"{what}; let the storage be reached by https, or give pass")
    app.extensions[_ORIGINS] = found


def with_origins(policy: str) -> str:
    """Give a page's content security policy with the places from which its sound may come."""
    found: tuple[str, ...] = current_app.extensions.get(_ORIGINS, ())
    return f"{policy}; media-src 'self' {' '.join(found)}" if found else policy


def leads_to(recording: Record, path: Path) -> Response | None:
    """Give the answer that leads to where the sound at ``path`` lies; None where it is to be passed through."""
    if not (_ORIGINS in current_app.extensions and _is_listener() and _is_open(recording)):
        return None
    from player.storage.leading import led_to  # noqa: PLC0415  # where a sound lies elsewhere
    from player.storage.stand_ins import address_of  # noqa: PLC0415  # as above

    # It may have the name of somebody who is private in its folders.
    told = unquote(str(address_of(path)))
    if current_archive().name_shown(recording.slug, told) != told:
        return None
    try:
        address = led_to(path)
    except AudioError as error:
        tell(_log, error)
        return None
    if address is None:
        return None
    response = Response(status=HTTPStatus.FOUND, mimetype="text/plain")
    response.location = address
    response.headers["Cache-Control"] = "no-store"
    request.environ[IS_ELSEWHERE] = True
    return response


def _is_listener() -> bool:
    """Tell whether a player of sound asks, which goes where it is led to and need not be told what we alone know."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Dest") in _PLAYS
        and "Origin" not in request.headers
        and not any(name in request.headers for name in _CONDITIONS)
        and guest_of_request() is None
    )


def _is_open(recording: Record) -> bool:
    """Tell whether nothing of a recording is closed, opens by a date, or is left out, or called, for a private name."""
    return recording.lies_elsewhere and recording.shown == EVERYTHING
