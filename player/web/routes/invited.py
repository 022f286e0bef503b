"""Answers ``/invited/?token=…``, the link of who is invited to a recording that is not public, and refuses all others.

A link that is wrong, one that is over and one that was taken back are refused in the same words. So many are looked at
in a minute. The cookies that come afterwards are not counted: what is compared has 256 bits, and a browser that goes on
asking after the end would keep others from their links.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask, Response, current_app, request, url_for

from player.errors import PlayerError
from player.web.routes import errors
from player.web.serving.access_log import network
from player.web.serving.drafts import MINUTE, Attempts
from player.web.serving.invited import LED_TO, PREFIX, cookie_of
from player.web.serving.public_address import site_root

if TYPE_CHECKING:
    from player.web.serving.guests import Guest, Guests

invited = Blueprint("invited", __name__)

_REFUSED: Final = (
    "this invitation opens nothing: it may be over, or taken back, or this browser has not opened its link; open the "
    "link that you were given, or ask whoever gave it to you"
)
_TOO_MANY: Final = "there were too many links that open nothing; try again in a minute"
_DAY: Final = 86_400


class _RefusedError(PlayerError):
    """Nobody is invited so."""

    status = HTTPStatus.NOT_FOUND


class _TooManyError(PlayerError):
    """So many links were wrong that none is looked at."""

    status = HTTPStatus.TOO_MANY_REQUESTS


def init_app(app: Flask) -> None:
    """Let ``app`` open invitations."""
    app.extensions["invitation_attempts"] = Attempts(time.monotonic)
    app.register_blueprint(invited)


@invited.get(f"{PREFIX}/", endpoint="link")
def link() -> Response:
    """Open an invitation: lead to the recording, with a cookie by which its guest is known there."""
    led_to: str | None = request.environ.get(LED_TO)
    if led_to:
        return _led(led_to, HTTPStatus.TEMPORARY_REDIRECT)
    secret = request.args.get("token", "")
    if not secret and led_to is None:
        return _led(url_for("recordings.shelf"), HTTPStatus.TEMPORARY_REDIRECT)
    guest = _guest(secret) if secret else None
    if guest is None:
        raise _RefusedError(_REFUSED)
    address = url_for("recordings.recording", slug=guest.slug).removeprefix(site_root())
    response = _led(f"{site_root()}{PREFIX}{address}", HTTPStatus.SEE_OTHER)
    response.set_cookie(
        cookie_of(guest.slug),
        secret,
        # Until its last day is over everywhere; browsers keep none for longer than 400 days (RFC 6265bis, 5.5).
        max_age=min(guest.days_left + 1, 400) * _DAY,
        path=f"{site_root()}{PREFIX}/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def _led(address: str, status: HTTPStatus) -> Response:
    """Lead to another address."""
    return Response(status=status, headers={"Location": address})


def _guest(secret: str) -> Guest | None:
    """Give whom a secret was given to; None where it opens nothing.

    :raise _TooManyError: where so many opened nothing lately that none is looked at.
    """
    guests: Guests = current_app.extensions["guests"]
    attempts: Attempts = current_app.extensions["invitation_attempts"]
    found: list[Guest] = []

    def is_right() -> bool:
        found.extend(filter(None, [guests.find(secret)]))
        return bool(found)

    if attempts.judge(network(request.environ.get("REMOTE_ADDR", "")), is_right) is None:
        raise _TooManyError(_TOO_MANY)
    return found[0] if found else None


@invited.errorhandler(_TooManyError)
def _too_many(error: _TooManyError) -> tuple[str | Response, int, dict[str, str]]:
    page, status = errors.refused(error)
    return page, status, {"Retry-After": f"{MINUTE:.0f}"}
