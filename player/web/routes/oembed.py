"""Answers ``/oembed?url=…``: how another site shows a page of this archive (https://oembed.com).

Only addresses of this archive are described, and nothing is fetched. What is refused is said in JSON where JSON was
asked for.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, jsonify, request

from player.errors import HiddenError, PlayerError, quoted, sentence
from player.web.pages.oembed import as_xml, described
from player.web.serving.telling import for_the_log, tell_faults

oembed = Blueprint("oembed", __name__)
_log = logging.getLogger(__name__)

_JSON: Final = "json"
_XML: Final = "xml"
_SIZE: Final = re.compile(r"0{0,9}[1-9][0-9]{0,8}", re.ASCII)


class OembedError(PlayerError):
    """Something is asked that is no question of oEmbed's, or a form of answer that there is not."""

    def __init__(self, message: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        """Say what is wrong; ``status`` is what the specification has for it."""
        super().__init__(message, visitors=message)
        self.status = status


@oembed.get("/oembed")
def answer() -> Response:
    """Describe the page at ``?url=``."""
    form = request.args.get("format", _JSON).lower()
    try:
        response = _described(form)
    except PlayerError as error:
        if isinstance(error, HiddenError):
            tell_faults(_log, error.faults, is_open=False)
        elif error.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, OembedError):
            _log.error("%s", for_the_log(error))
        says = sentence(error.for_visitors)
        response = jsonify(error=says) if form == _JSON else Response(f"{says}\n", mimetype="text/plain")
        response.status_code = error.status
    # The addresses in it have the host that this client asked for.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _described(form: str) -> Response:
    if form not in {_JSON, _XML}:
        raise OembedError(f"there is no {quoted(form)} here; ask for json or xml", HTTPStatus.NOT_IMPLEMENTED)
    url = request.args.get("url", "")
    if not url:
        raise OembedError("no page is named; ask for one as url=, its address with % signs")
    found = described(url, _size("maxwidth"), _size("maxheight"))
    return jsonify(found) if form == _JSON else Response(as_xml(found), mimetype="text/xml")


def _size(name: str) -> int | None:
    """Give the most that the frame may be, in pixels; None where nothing is said."""
    asked = request.args.get(name)
    if asked is None:
        return None
    if not _SIZE.fullmatch(asked):
        raise OembedError(f"{quoted(asked)} is no {name}; give a whole number of pixels, 1 or more")
    return int(asked)
