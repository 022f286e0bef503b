"""Answers with what the archive says about itself: its page, its logo, and how accessible the site is."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, request

from player.errors import NotFoundError
from player.index.lists import has_machine_words
from player.web.current import current_archive, current_index
from player.web.serving.media import YEAR

about = Blueprint("about", __name__)

# A drawing may hold script. Within a page none of it runs; opened by itself, this keeps it from running.
_IMAGE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@about.get("/about")
def page() -> str:
    """Say whose archive it is, under what terms it may be used, and where to write."""
    return render_template("about.html", has_machine_words=has_machine_words(current_index()))


@about.get("/accessibility")
def accessibility() -> str:
    """Say what the site does for people who do not see or hear it, and what it does not."""
    return render_template("accessibility.html")


@about.get("/logo")
def logo() -> Response:
    """Send the archive's logo.

    :raise NotFoundError: where it has none.
    """
    found = current_archive().logo
    if found is None:
        raise NotFoundError("this archive has no logo")
    response = Response(found.image, mimetype=found.kind)
    response.headers["Content-Security-Policy"] = _IMAGE_POLICY
    if request.args.get("v") == found.version:
        response.headers["Cache-Control"] = YEAR
    return response
