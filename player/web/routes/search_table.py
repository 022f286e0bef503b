"""Answers ``/search.csv?q=…`` with the lines and notes that a search finds, as a table; each has its citation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import ServiceUnavailable

from player.archive.gate.shown import CLOSED_LINE
from player.errors import PlayerError, SearchError
from player.index import facets, lists
from player.publish.found_lines import MOST, more, note_row, row, table
from player.web.current import current_archive, current_index
from player.web.pages.found import cited_note, line_cited
from player.web.pages.listing import Asked
from player.web.routes.search import ORDERS
from player.web.serving.disposition import set_name
from player.web.serving.search_limits import BusyError, Searches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from player.index.searching import Hits, Search

search_table = Blueprint("search_table", __name__)

_PATIENCE: Final = 5  # seconds until a busy server is asked again
# Of each, the record is read from its file.
_MOST_RECORDINGS: Final = 200


def init_app(app: Flask) -> None:
    """Let ``app`` give what is found as a table."""
    app.register_blueprint(search_table)


@search_table.get("/search.csv")
def send() -> Response:
    """Send the lines and notes in which ``?q=`` is found, narrowed and sorted as the page of the search is."""
    asked = Asked.read(ORDERS, facets.NAMES)
    if not asked.words:
        raise SearchError("say what to search for, as in /search.csv?q=ferry")
    searching: Search = current_app.extensions["search"]
    searches: Searches = current_app.extensions["searches"]
    try:
        with searches.one():
            index = current_index()  # looks at what has changed, before anything is looked for in it
            hits = searching.find(asked.words)
            wanted = facets.matching(index, asked.chosen)
            numbers = hits.passages.keys() | hits.noted.keys()
            numbers = numbers if wanted is None else numbers & wanted
            in_order = searching.by_date(numbers) if asked.sort == "date" else searching.by_rank(hits, numbers)
            response = Response(table(_rows(searching, hits, in_order)), mimetype="text/csv")
    except BusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=_PATIENCE) from None
    set_name(response, "attachment", "search.csv")
    # The addresses have the host that this client asked for, and the day is today.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _rows(searching: Search, hits: Hits, numbers: Sequence[int]) -> Iterator[dict[str, str]]:
    left, sources = MOST, current_index().sources
    for place, (number, card) in enumerate(lists.numbered_cards(current_index(), numbers[:_MOST_RECORDINGS])):
        if left <= 0:
            yield more(len(numbers) - place)
            return
        try:
            record = current_archive().record(card.slug)
        except PlayerError:
            continue  # it was closed, or removed, since it was last looked at
        lines = [] if record.shown.transcript else searching.lines(hits, number, left, with_sources=True)
        for line in lines:
            if card.access is None or not line.line.id.startswith(CLOSED_LINE):
                yield row(record, line, line_cited(record, line), sources)
                left -= 1
        notes = [] if record.shown.notes else searching.cited_notes(hits, number)[: max(left, 0)]
        for note, citations in notes:
            yield note_row(record, note, cited_note(record, note), citations, sources)
            left -= 1
    if len(numbers) > _MOST_RECORDINGS:
        yield more(len(numbers) - _MOST_RECORDINGS)
