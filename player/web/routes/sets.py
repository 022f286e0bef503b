"""Answers ``/sets`` with the list of sets, and ``/sets/<slug>`` with one: passages in an order, with words between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from player.index import lists
from player.web.current import current_archive, current_index
from player.web.pages.notes import references
from player.web.pages.prose import render
from player.web.pages.sets import shown_set
from player.web.pages.things import things
from player.web.serving.public_address import public_address

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

sets = Blueprint("sets", __name__)


@sets.get("/sets")
def listed() -> ResponseReturnValue:
    """List the sets, and what is wrong with those that cannot be read."""
    index = current_index()
    found = things(index, "set")
    faults = lists.faults(index, "set") if found.part.number == found.part.last else []
    return render_template("sets.html", found=found, faults=faults, prose=render), *found.part.answer


@sets.get("/sets/<slug>")
def page(slug: str) -> Response:
    """Show a set: each passage with its words, and how it is played; those that are not shown are left out."""
    index = current_index()
    found = shown_set(current_archive(), slug)
    text = render_template(
        "set.html",
        found=found,
        address=public_address("sets.page", slug=slug),
        public_page=lambda each: public_address("recordings.recording", slug=each.recording.slug),
        cited=lambda citations: references(citations, index.sources),
        prose=render,
    )
    response = Response(text, mimetype="text/html")
    # The address that is printed has the host that this client asked for.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
