"""Answers with what a search over the whole archive finds, and with what a page of it plays."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, current_app, jsonify, render_template, request
from werkzeug.exceptions import ServiceUnavailable

from player.errors import SearchError
from player.index import facets
from player.index.searching import THINGS, Search
from player.web.current import current_archive, current_index, media_of
from player.web.pages import found
from player.web.pages.listing import LONGEST_WORDS, Asked, Order, Part
from player.web.pages.sound import Played
from player.web.serving import media
from player.web.serving.kept_answers import KeptAnswers
from player.web.serving.search_limits import BusyError, Searches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

    from player.index.index import Index
    from player.index.searching import Hits
    from player.web.serving.kept_answers import Answer

search = Blueprint("search", __name__)

ORDERS: Final = (Order("best", "Best first"), Order("date", "By date"))
_PATIENCE: Final = 5  # seconds until a busy server is asked again
# An address that is longer, in bytes, is nobody's but its asker's.
_LONGEST: Final = 1000
# How many values of a facet are on one page.
_VALUES: Final = 200
_IN: Final = {name: kind for kind, (name, _) in found.KINDS.items()}


def init_app(app: Flask, searches: Searches | None = None) -> None:
    """Let ``app`` search, within limits."""
    app.extensions["search"] = Search(app.extensions["index"])
    app.extensions["searches"] = searches or Searches.from_environment()
    app.extensions["kept_searches"] = KeptAnswers()
    app.register_blueprint(search)


@search.get("/search")
def page() -> ResponseReturnValue:
    """Search everything for ``?q=``, and show a page of what is found; without words, only the field."""
    asked = Asked.read(ORDERS, facets.NAMES)
    inside = request.args.get("in", "")
    if inside in _IN:
        asked = replace(asked, path={"in": inside})
    is_cut = len(request.args.get("q", "")) > LONGEST_WORDS
    if not asked.words:
        return _printed(asked, hits=None, is_cut=is_cut)
    index = current_index()
    searching: Search = current_app.extensions["search"]
    searches: Searches = current_app.extensions["searches"]
    kept: KeptAnswers = current_app.extensions["kept_searches"]
    key = index.generation, request.script_root, request.query_string
    if (answer := kept.get(key)) is not None:
        return answer
    try:
        with searches.one():
            hits = searching.find(asked.words)
            answer = _answer(asked, index, searching, hits, is_cut=is_cut)
            if len(request.query_string) <= _LONGEST:
                kept.keep(key, answer)
            return answer
    except BusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=_PATIENCE) from None
    except SearchError as error:
        return _printed(asked, hits=None, is_cut=is_cut, problem=str(error))


@search.get("/search/sound/<slug>")
def sound(slug: str) -> Response:
    """Say what is played of a recording, the best first, for a page that plays passages of many."""
    recording = current_archive().recording(slug)
    played = Played.of(recording, media.version(media_of(recording)))
    copy = [{"src": played.copy, "type": played.kind}] if played.copy else []
    # Of a sound that is silenced, nothing plays until there is a copy.
    response = jsonify([*copy, *([{"src": played.address}] if played.address else [])])
    response.headers["Cache-Control"] = "no-cache"
    return response


def _answer(asked: Asked, index: Index, searching: Search, hits: Hits, *, is_cut: bool) -> Answer:
    if asked.every:
        return _values(asked, index, asked.every, hits)
    numbers = found.narrowed(index, hits, asked.chosen)
    by = searching.by_date if asked.sort == "date" else lambda among: searching.by_rank(hits, among)
    narrowed = facets.facets(index, asked.chosen, hits.recordings)
    inside = asked.path.get("in")
    if inside:
        return _beside(asked, index, searching, hits, inside, narrowed)
    part = Part.of(asked, len(numbers), found.GROUPS)
    shown = by(numbers)[part.start : part.stop]
    passages = sum(hits.passages.get(number, 0) for number in numbers)
    noted = _noted(index, hits, asked)
    things = () if any(asked.chosen.values()) else [kind for kind in THINGS if hits.things.get(kind)]
    is_empty = not (numbers or noted or things)
    return _printed(
        asked,
        hits=hits,
        is_cut=is_cut,
        part=part,
        passages=passages,
        facets=narrowed,
        groups=found.groups(index, searching, hits, shown),
        notes=list(found.notes(index, searching, hits, by(set(noted))[: found.FEW], 1)),
        in_notes=sum(noted.values()),
        things=[
            (kind, len(hits.things[kind]), list(found.things(index, hits, kind, hits.things[kind][: found.FEW])))
            for kind in things
        ],
        is_empty=is_empty,
        all_count=len(hits.recordings) if not numbers else 0,
        table=replace(asked, endpoint="search_table.send").address(),
        tries=list(found.tries(searching, asked.words, asked)) if is_empty else [],
    )


def _beside(
    asked: Asked, index: Index, searching: Search, hits: Hits, inside: str, narrowed: Sequence[facets.Facet]
) -> Answer:
    """Give a page of the notes, or of the things of one kind, in which words were found."""
    kind = _IN[inside]
    if kind == "note":
        noted = _noted(index, hits, asked)
        numbers: Sequence[int] = searching.by_date(noted.keys())
        part = Part.of(asked, len(numbers), found.GROUPS)
        others = list(found.notes(index, searching, hits, numbers[part.start : part.stop], found.MANY))
        count = sum(noted.values())
    else:
        numbers = hits.things.get(kind, ())
        part = Part.of(asked, len(numbers), found.MANY)
        others = list(found.things(index, hits, kind, numbers[part.start : part.stop]))
        count = len(numbers)
    return _printed(asked, hits=hits, is_cut=False, part=part, inside=kind, others=others, count=count, facets=narrowed)


def _values(asked: Asked, index: Index, name: str, hits: Hits) -> Answer:
    values = facets.values(index, name, asked.chosen, hits.recordings, asked.named)
    part = Part.of(asked, len(values), _VALUES)
    shown = values[part.start : part.stop]
    here = {(name, value.value) for value in shown}
    kept = [pair for pair in asked.chosen_pairs if pair not in here]
    narrowed = facets.facets(index, asked.chosen, hits.recordings)
    answer = render_template("facet.html", asked=asked, part=part, values=shown, kept=kept, facet=name, facets=narrowed)
    return answer, *part.answer


def _noted(index: Index, hits: Hits, asked: Asked) -> dict[int, int]:
    wanted = facets.matching(index, asked.chosen)
    return {number: count for number, count in hits.noted.items() if wanted is None or number in wanted}


def _printed(asked: Asked, *, hits: Hits | None, is_cut: bool, part: Part | None = None, **shown: object) -> Answer:
    printed = render_template(
        "search.html",
        asked=asked,
        hits=hits,
        part=part,
        is_cut=is_cut,
        longest=LONGEST_WORDS,
        kinds=found.KINDS,
        is_whole=current_index().is_whole,
        **{"problem": None, "inside": None, **shown},
    )
    return (printed, *(part.answer if part else (HTTPStatus.OK, {})))
