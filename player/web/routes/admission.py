"""Refuses every address of a recording that is not to be seen, before anything else is made of the request.

A recording that is withheld, or whose record cannot be read, is answered as one that is not there, and one that was
withdrawn as such; also at addresses below it that do not exist, or that come to exist later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from flask import request

from player.web.current import current_archive
from player.web.serving.still_shown import MAY_GO_ON, StillShown

if TYPE_CHECKING:
    from flask import Flask

_OF_A_RECORDING: Final = re.compile(r"/(?:recordings|media|search/sound)/(?P<slug>[^/]+)")


def init_app(app: Flask) -> None:
    """Let ``app`` look at the address first."""
    app.before_request(_admit)


def _admit() -> None:
    """Ask the archive whether there is such a recording for who asks.

    :raise NotFoundError: where there is none that may be known.
    :raise WithdrawnError: where it was withdrawn.
    """
    if found := _OF_A_RECORDING.match(request.path):
        # A sound may be sent for long, and must not be sent on once it is closed.
        request.environ.setdefault(MAY_GO_ON, []).append(StillShown(current_archive(), found["slug"]))
