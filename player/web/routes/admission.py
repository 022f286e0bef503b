"""Refuses every address of a recording that is not to be seen, before anything else is made of the request.

A recording that is withheld, or whose record cannot be read, is answered as one that is not there, and one that was
withdrawn as such; also at addresses below it that do not exist, or that come to exist later.

Where there is none for who asks, and one had that name before, its addresses lead to those of its name now. The index
knows; it has no former name of what who asks may not know of, and the record is asked whether that is still so.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Response, current_app, request, url_for

from player.errors import ArchiveError, NotFoundError, WithdrawnError
from player.web.current import current_archive, current_index
from player.web.serving.public_address import OF_A_RECORDING
from player.web.serving.still_shown import MAY_GO_ON, StillShown

if TYPE_CHECKING:
    from flask import Flask

    from player.archive.archive import Archive

# A sound as the feed offers it.
_IN_THE_FEED: Final = re.compile(r"/feed/(?P<slug>[^/.]+)\.")
# What stands in a query as it is (RFC 3986, 3.4), and what it is escaped by.
_QUERY: Final = "!$&'(),;=:@/?%~-._+*"


def init_app(app: Flask) -> None:
    """Let ``app`` look at the address first."""
    app.before_request(_admit)


def _admit() -> Response | None:
    """Ask the archive whether there is such a recording for who asks; if there was once, lead to where it is now.

    :raise NotFoundError: where there is none that may be known.
    :raise WithdrawnError: where it was withdrawn.
    """
    found = OF_A_RECORDING.match(request.path) or _IN_THE_FEED.match(request.path)
    if found is None:
        return None
    if (request.blueprint or "").startswith("desk"):  # whose guard lets nobody in but who may see all
        return _desk_moved(found["slug"]) if request.endpoint == "desk.page" else None
    archive = current_archive()
    try:
        shown = StillShown(archive, found["slug"])
    except WithdrawnError:
        raise
    except NotFoundError:
        # One that is hidden is not there: what had its name before is led to as if it were not.
        if (moved := moved_to(found["slug"])) is None:
            raise
        return moved
    # A sound may be sent for long, and must not be sent on once it is closed.
    request.environ.setdefault(MAY_GO_ON, []).append(shown)
    return None


def _desk_moved(slug: str) -> Response | None:
    """Lead to the desk of a recording that had this name before; None where one has it, or nobody knows of one."""
    archive: Archive = current_app.extensions["desk"].archive
    try:
        archive.record(slug)
    except NotFoundError:
        return moved_to(slug)
    except ArchiveError:
        return None
    return None


def moved_to(slug: str) -> Response | None:
    """Lead to where a recording is now that had this name before; None where nobody knows of one, or of the address."""
    if request.endpoint is None or request.view_args is None:
        return None
    now = current_index().called_now(slug)
    if now is None:
        return None
    try:
        current_archive().record(now)
    except (ArchiveError, NotFoundError):
        return None  # the index has yet to be told
    address = url_for(request.endpoint, **{**request.view_args, "slug": now})
    query = quote(request.query_string, safe=_QUERY)
    # As every answer it is asked for anew by who keeps it: what is shown today may be hidden tomorrow.
    return Response(
        status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": f"{address}?{query}" if query else address}
    )
