"""Answers with the pages that only a static copy has: all lines of a recording, the search, and what the copy is."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from player.errors import NotFoundError
from player.index import lists
from player.web.current import current_about, current_archive, current_index
from player.web.pages.as_of import cited_version
from player.web.pages.closures import refuse_withheld_words
from player.web.pages.listing import LONGEST_WORDS
from player.web.pages.remembered import Remembered
from player.web.pages.this_line import this_line
from player.web.site.made import Told

whole = Blueprint("whole", __name__)


@whole.get("/recordings/<slug>/lines/")
def lines(slug: str) -> str:
    """Show what there is about each line of a recording, which the server shows line by line."""
    recording = current_archive().recording(slug)
    refuse_withheld_words(recording)
    if recording.transcript is None:
        raise NotFoundError(f'"{recording.title}" has no transcript')
    sources, version = Remembered(current_index().sources), cited_version(recording)
    shown = [this_line(recording, line, sources, None, version) for line in recording.transcript.lines]
    return render_template("lines.html", recording=recording, shown=shown, at_version={}, as_of=None)


@whole.get("/search/")
def search() -> str:
    """Show the field that finds words without a server."""
    return render_template("site_search.html", longest=LONGEST_WORDS)


@whole.get("/this-copy")
def about() -> str:
    """Say what a copy is, and what it cannot do."""
    series = lists.heard_series(current_index()) if current_about().feed else []
    return render_template("this_copy.html", told=current_app.extensions.get("copy_told", Told()), series=series)
