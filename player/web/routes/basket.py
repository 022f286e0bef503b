"""Answers ``/basket?p=…`` with the page of a basket, and ``/basket.<ext>?p=…`` with its passages as one download.

A basket is what its address says (player/web/pages/basket.py). What is done to it on its page without JavaScript, such
as ``?up=2``, leads to the address of what it is then.
"""

from __future__ import annotations

import csv
import io
import shlex
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from player import timecode
from player.audio.formats import FORMATS
from player.clips.defaults import COPY
from player.clips.provenance import says_reading
from player.errors import ClipError, NotFoundError, quoted
from player.intake.new_set import set_text
from player.web.current import current_archive
from player.web.pages.basket import MOST, UnfitError, current_basket
from player.web.pages.basket_changes import moved, passage_in
from player.web.routes.clips import busy, sources
from player.web.serving import media
from player.web.serving.disposition import set_name
from player.web.serving.kept_baskets import KeptBasket
from player.web.serving.public_address import public_address
from player.web.serving.still_shown import MAY_GO_ON, StillShown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue

    from player.archive.recording import Recording
    from player.timecode import Span
    from player.web.pages.basket import Basket, Passage
    from player.web.serving.kept_clips import KeptClip, KeptClips

basket = Blueprint("basket", __name__)

#: What is asked of a basket on its page: which passage is moved, or taken out.
_DEEDS: Final = ("up", "down", "remove")
_PLACES: Final = frozenset(map(str, range(1, MOST + 1)))
#: The table of its passages, as ``player clips --from-csv`` reads it.
_TABLE: Final = "basket.csv"


@basket.get("/basket")
def page() -> ResponseReturnValue:
    """Show a basket; or lead to the one that it becomes by what is asked to be done to it."""
    asked = request.args.getlist("p")
    refused, status = None, HTTPStatus.OK
    for name in _DEEDS:
        if (place := request.args.get(name)) is not None:
            return _led_to(moved(asked, **{name: int(place) if place in _PLACES else 0}))
    if added := request.args.get("add", "").strip():
        try:
            return _led_to([*asked, passage_in(added)])
        except (UnfitError, ValueError) as error:  # ValueError: an address that urllib refuses
            refused = error.for_visitors if isinstance(error, UnfitError) else "This is no address of a passage."
            status = HTTPStatus.BAD_REQUEST
    found = current_basket(asked, refused)
    if asked and not any(each.recording for each in found.passages):
        status = HTTPStatus.BAD_REQUEST
    formats = [each for each in FORMATS.values() if each.is_offered]
    text = render_template(
        "basket.html",
        basket=found,
        address=public_address("basket.page", p=found.asked or None),
        public_page=lambda each: public_address("recordings.recording", slug=each.recording.slug),
        formats=formats,
        most=MOST,
        commands=list(_commands(found)),
        table=_table(found),
        set_command=shlex.join(["player", "set", "new", "NAME", "--from-basket", _link(found)]),
        as_set=set_text([each.asked for each in found.to_cut]) if found.to_cut else "",
        added=added if refused else "",
    )
    response = Response(text, status, mimetype="text/html")
    # The address to share has the host that this client asked for.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@basket.get("/basket.<ext>")
def send(ext: str) -> Response:
    """Send the passages of a basket: in one clip, each in its own in a ZIP, or the table that cuts them elsewhere."""
    if ext not in {"zip", "csv"} and f".{ext}" not in FORMATS:
        known = ", ".join(f"basket{each}" for each in FORMATS)
        raise NotFoundError(f"a basket cannot be had as {quoted(ext)}; ask for basket.zip, basket.csv, or {known}")
    found = current_basket(request.args.getlist("p"))
    if not found.passages:
        raise UnfitError("the basket is empty; add p=, as in basket.zip?p=interview@25,80")
    for number, each in enumerate(found.passages, start=1):
        _refuse(number, each)
    if ext == "csv":
        response = Response(_table(found), mimetype="text/csv")
        set_name(response, "attachment", _TABLE)
        return response
    if found.is_too_long:
        raise UnfitError(
            f"one download can be at most {timecode.spoken(found.longest)} long, and as large as a clip may be; "
            f"these passages are {timecode.spoken(found.length)}. Make two baskets of it, or use its commands",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    return _zipped(found) if ext == "zip" else _joined(found, f".{ext}")


def _zipped(found: Basket) -> Response:
    """Send a ZIP of all clips, or with ``?one`` of the one clip that they are joined into.

    :raise NotFoundError: where there are no such clips.
    """
    name = request.args.get("as", "mp3")
    suffix, is_copy, is_one = f".{name}", name == COPY, "one" in request.args
    if is_copy:
        suffix = _copied_as(found, is_one=is_one)
    elif suffix not in FORMATS:
        known = ", ".join(each.name for each in FORMATS.values())
        raise NotFoundError(f"clips cannot be made as {quoted(name)}; ask for as=mp3, or another of {known}")
    basket = _kept(found, suffix, is_copy=is_copy)
    with busy(), basket.zipped_join(_name(found, suffix)) if is_one else basket.zipped() as made:
        return _sent(found, made, f"{f'_{COPY}' if made.is_copy else ''}.zip", "application/zip")


def _joined(found: Basket, suffix: str) -> Response:
    """Send one clip of all passages, with ``?format=copy`` as they are held.

    :raise ClipError: where it cannot be had in that format.
    """
    asked = request.args.get("format", "")
    is_copy = asked == COPY and _copied_as(found, is_one=True) == suffix
    if asked and not is_copy:
        raise ClipError(f"a basket as {suffix} cannot be had with format={quoted(asked)}; leave that out")
    with busy(), _kept(found, suffix, is_copy=is_copy).joined() as made:
        return _sent(found, made, f"{f'_{COPY}' if made.is_copy else ''}{suffix}")


def _copied_as(found: Basket, *, is_one: bool) -> str:
    """Give the suffix of copies of all passages, the first one's where they are not to be in one file.

    :raise UnfitError: where they cannot be copied, or not into one file.
    """
    if not found.copied:
        raise UnfitError("not every passage can be had as it is held; leave it out, or ask for mp3")
    if found.copied_as is None and is_one:
        raise UnfitError("only sounds of one kind, rate and number of channels can be had in one file as they are held")
    return found.copied_as or next(each.kind[0].suffix for each in found.to_cut if each.kind)


def _kept(found: Basket, suffix: str, *, is_copy: bool) -> KeptBasket:
    suffixes = tuple(each.kind[0].suffix if is_copy and each.kind else suffix for each in found.to_cut)
    kept: KeptClips = current_app.extensions["kept_clips"]
    return KeptBasket(kept, tuple(_cut_from(found.passages)), suffixes, sources(), is_copy)


def _name(found: Basket, ending: str) -> str:
    """Name a download; where there is a reading in it, it says so."""
    count = len(found.passages)
    name = Path(f"basket-{count}-{'passage' if count == 1 else 'passages'}{ending}")
    for recording in found.recordings:
        name = says_reading(recording, name)
    return name.name


def _sent(found: Basket, made: KeptClip, suffix: str, mimetype: str | None = None) -> Response:
    for recording in found.recordings:
        # It may be sent for long, and must not be sent on once something in it is closed.
        request.environ.setdefault(MAY_GO_ON, []).append(StillShown(current_archive(), recording.slug))
    response = media.answer(made.path, mimetype, version=made.version)
    set_name(response, "attachment", _name(found, suffix))
    return response


def _refuse(number: int, passage: Passage) -> None:
    """Refuse a download of which a passage cannot be had.

    :raise UnfitError: saying which, and why.
    """
    if passage.can_be_cut:
        return
    reason = f" {passage.reason}" if passage.reason else ""
    raise UnfitError(
        f"Passage {number}, {quoted(passage.asked)}, cannot be had: {passage.why}{reason}", HTTPStatus(passage.status)
    )


def _cut_from(passages: Sequence[Passage]) -> list[tuple[Recording, Span]]:
    return [(each.recording, each.span) for each in passages if each.recording and each.span]


def _led_to(asked: Sequence[str]) -> ResponseReturnValue:
    return redirect(url_for("basket.page", p=asked or None), HTTPStatus.SEE_OTHER)


def _commands(found: Basket) -> Iterator[str]:
    """Write for each passage the command that cuts its clip, as a shell takes it."""
    for recording, span in _cut_from(found.to_cut):
        start, end = timecode.display(span.start), timecode.display(span.end)
        yield shlex.join(["player", "clip", recording.slug, "--from", start, "--to", end])


def _link(found: Basket) -> str:
    """Give the link of what can be had of a basket, as commands take it."""
    return public_address("basket.page", p=[each.asked for each in found.to_cut])


def _table(found: Basket) -> str:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(["recording", "start", "end"])
    for recording, span in _cut_from(found.to_cut):
        rows.writerow([recording.slug, timecode.display(span.start), timecode.display(span.end)])
    return written.getvalue()
