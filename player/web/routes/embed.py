"""Answers ``/recordings/<slug>/embed?t=25,80`` with a small page of a passage, which other sites may show in a frame.

No other address of the archive can be shown in one. It has what anybody may hear and read, and no form: whoever is
tricked into pressing something in it plays a sound. What is not public is answered as on the recording's own page, as
small as this one, and in the frame too, so that a reader of the other site is told why nothing is there.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template, request

from player.web.current import current_archive, hurried
from player.web.pages.closures import closures
from player.web.pages.embedded import embedded, embedded_part
from player.web.serving.headers import content_policy
from player.web.serving.telling import tell_faults

if TYPE_CHECKING:
    from flask import Response

embed = Blueprint("embed", __name__)
_log = logging.getLogger(__name__)


@embed.get("/recordings/<slug>/embed")
def page(slug: str) -> str:
    """Show a passage of a recording, or the whole of it."""
    recording = current_archive().recording(slug)
    tell_faults(_log, recording.unread.faults, is_open=recording.shown.is_everything)
    # In a copy that no server answers for, a script shows of all lines those that its address asks for.
    if current_app.jinja_env.globals["is_copied"]:
        passage = embedded_part(recording, request.args.get("page", 1, int))
    else:
        with hurried():
            passage = embedded(recording, request.args.get("t"))
    return render_template("embed.html", recording=recording, closed=closures(recording), passage=passage)


@embed.after_request
def _may_be_framed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = content_policy(framed_by="*")
    return response
