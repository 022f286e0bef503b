"""Answers ``/recordings/<slug>/card.png?t=25,80`` with the picture that sites show beside a link to that passage.

It has what anybody may know: where a passage of the sound is closed its outline is flat, as on the recording's page.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from player.archive.dates import made
from player.errors import AudioError, NotFoundError
from player.publish import card, lettering
from player.publish.citation import NOTICE
from player.timecode import clock
from player.web.current import current_about, current_archive, media_of
from player.web.pages.embedded import passage
from player.web.pages.sound import measured
from player.web.serving import drawing
from player.web.serving.conditions import hold_against
from player.web.serving.telling import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.archive.recording import Record

cards = Blueprint("cards", __name__)
_log = logging.getLogger(__name__)


@cards.get("/recordings/<slug>/card.png")
def picture(slug: str) -> Response:
    """Draw the picture of a recording, or of the passage that ``?t=`` names."""
    record = current_archive().record(slug)
    if not lettering.can_draw():
        raise NotFoundError("no pictures are drawn here; the page of the recording has what is known")
    asked = request.args.get("t")
    begin, end = passage(record, asked)
    points = _outline(record)
    drawn = card.draw(
        card.Card(
            current_about().name,
            record.title,
            _facts(record, None if asked is None else begin, end),
            tuple(_notices(record)),
            points or (),
            _share(record, begin, end) if asked is not None else None,
        )
    )
    response = Response(drawn, mimetype=card.KIND)
    if points is None:
        response.cache_control.no_store = True  # the outline is to come
    response.add_etag()
    hold_against(response)
    return response


def _notices(record: Record) -> Iterator[str]:
    """Give what has to be said before anything is heard."""
    if record.is_reading or record.notice:
        yield record.notice or f"{NOTICE}."
    if record.advice:
        yield f"Before you listen: {record.advice}"


def _facts(record: Record, begin: int | None, end: int | None) -> str:
    times = "" if begin is None else f"{clock(begin)} to {clock(end)}" if end is not None else f"from {clock(begin)}"
    # In letters that every font has, whatever those of the notice are.
    reading = "Synthetic reading" if record.is_reading else ""
    day = f"made {made(record.date)}" if record.is_reading else made(record.date)
    return " · ".join(filter(None, (reading, day, times)))


def _outline(record: Record) -> tuple[float, ...] | None:
    """Give the outline of the sound: nothing where there is none for everybody, None where it is being made."""
    if record.media is None or not record.media.is_file() or record.shown.sound is not None:
        return ()
    try:
        look = drawing.outline(record, media_of(record))
    except AudioError as error:
        tell(_log, error)
        return ()
    return None if look.read is not None else tuple(look.points or ())


def _share(record: Record, begin: int, end: int | None) -> tuple[float, float] | None:
    """Give where in the sound a passage is; None where its length is not known."""
    length = measured(record).length
    if not length or record.shown.sound is not None:
        return None
    return begin / length, min(end or length, length) / length
