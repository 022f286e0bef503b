"""Answers with the list of recordings, a recording's page, and its files: transcript, translations, waveform, sound."""

from __future__ import annotations

import logging
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request, url_for

from player import timecode
from player.errors import NotFoundError, TimecodeError, quoted, shown
from player.web.current import current_archive, current_index, hurried, media_of
from player.web.pages import lines
from player.web.pages import shelf as shelves
from player.web.pages.as_of import QUERY, at_version, cited_version, ends_now, gone_lines, version_asked
from player.web.pages.closures import closures, refuse_withheld_words
from player.web.pages.found_by import found_by
from player.web.pages.listing import LONGEST_WORDS
from player.web.pages.machine_words import machine_words
from player.web.pages.notes import quotation_marker, references
from player.web.pages.parts import shown_parts
from player.web.pages.prose import INTERFACE
from player.web.pages.recording import LONGEST_QUERY, edit, search
from player.web.pages.remembered import Remembered
from player.web.pages.served_words import served_earlier, served_transcript, served_translation
from player.web.pages.sets import few_sets
from player.web.pages.shown_state import shown_state
from player.web.pages.sound import ClipLinks, Played, is_in_step, measured, sound_name, wave_address
from player.web.pages.surroundings import Surroundings, elsewhere
from player.web.pages.this_line import line_at, this_line
from player.web.serving import copies, drawing, media
from player.web.serving.kept_pages import Made
from player.web.serving.media import as_asked
from player.web.serving.public_address import public_address
from player.web.serving.telling import tell_faults

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from player.archive.recording import Recording
    from player.archive.transcript import Line
    from player.web.pages.as_of import AsOf
    from player.web.serving.kept_pages import KeptPages

recordings = Blueprint("recordings", __name__)
_log = logging.getLogger(__name__)

_OWN_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@recordings.get("/recordings/", endpoint="listed")
@recordings.get("/")
def shelf() -> ResponseReturnValue:
    """Show the recordings of the archive, a page at a time, narrowed and sorted as the address asks."""
    index = current_index()
    found = shelves.shelf(index, "recordings.listed")
    asked, part = found.asked, found.part
    if not found.total and request.endpoint == "recordings.shelf" and not current_archive().slugs():
        _log.warning(
            "%s: there are no recordings; add one: player add SOUND",
            shown(current_archive().transcripts),
        )
    if asked.every:
        part, values, kept = shelves.values(index, asked, asked.every)
        page = render_template(
            "facet.html", asked=asked, part=part, values=values, kept=kept, facet=asked.every, facets=found.facets
        )
    else:
        is_home = request.endpoint == "recordings.shelf" and part.number == 1 and asked.is_plain
        # Whoever reads an empty archive on the machine that serves it is the one who fills it.
        is_own = not found.total and urlsplit(public_address("recordings.shelf")).hostname in _OWN_MACHINE
        page = render_template(
            "shelf.html",
            shelf=found,
            is_home=is_home,
            sets=few_sets(index),
            searching=url_for("search.page"),
            longest=LONGEST_WORDS,
            is_own=is_own,
        )
    return page, *part.answer


@recordings.get("/recordings/<slug>")
def recording(slug: str) -> Response | tuple[str, int]:
    """Show one recording, cued up at ``?t=`` where the address has one; where that is no passage of it, say so."""
    version = version_asked(slug)
    # No page is kept that is made for who is invited.
    kept: KeptPages | None = current_app.extensions.get("kept_pages")
    if kept is None or version or "t" in request.args or "line" in request.args or request.args.get("q", "").strip():
        with hurried():
            made = _page(slug, version)
        return made.html, made.status
    address = public_address("recordings.recording", slug=slug)
    key = (slug, address, request.script_root, INTERFACE, current_archive().audience)
    with hurried():
        return kept.answer(key, current_index().generation, partial(shown_state, slug), partial(_page, slug))


def _page(slug: str, version_of_words: AsOf | None = None) -> Made:
    found = version_of_words.recording if version_of_words else current_archive().recording(slug)
    # Of words that are others today, nothing is cut: a clip has those of today.
    is_today = version_of_words is None or version_of_words.is_today
    closed = closures(found)
    tell_faults(_log, found.unread.faults, is_open=found.shown.is_everything)
    is_playable = found.media is not None and found.media.is_file()
    # Before the file is read: where it is replaced meanwhile, the page is refused the new one, not given its times.
    version = media.version(media_of(found)) if is_playable else None
    heard = measured(found)
    played = Played.of(found, version) if version else None
    name = sound_name(media_of(found)) if is_playable else None
    begin, end, trouble = _passage(found, heard.length)
    # A fault in another record shows on that one's page, and takes nothing from this one.
    index = current_index()
    around = Surroundings(index)
    sources = Remembered(around.sources)
    edition = edit(found, sources, around)
    surrogates = index.surrogates_of(slug)
    stands_for = index.recordings.get(found.surrogate_for) if found.surrogate_for else None
    published = index.publications_of(stands_for.slug) if stands_for else []
    clips = ClipLinks.of(found, version, heard) if version and heard.is_readable and is_today else None
    in_step = is_in_step(found)
    # A copy without a server offers no clip of a note or a line; its page tells the command that cuts one.
    is_copied = bool(current_app.jinja_env.globals["is_copied"])
    cuts = clips if (in_step or not edition.is_timed) and not is_copied else None
    asked = None if trouble else _line(found, begin)
    cited = version_of_words.cited if version_of_words else cited_version(found)
    former, lost = gone_lines(found) if is_today else ({}, ())
    html = render_template(
        "recording.html",
        recording=found,
        closed=closed,
        edition=edition,
        machine=machine_words(found.transcript),
        parts=shown_parts(found, heard.length),
        as_of=version_of_words,
        cited_version=cited,
        at_version=at_version(),
        lost=lost,
        print_lines=partial(lines.printed, edition, found.language, former=former, query=_query(version_of_words)),
        this_line=this_line(found, asked, sources, cuts, cited) if asked else None,
        finding=search(request.args.get("q"), found, edition),
        longest_query=LONGEST_QUERY,
        elsewhere=elsewhere(slug, around),
        cited=lambda citations: references(citations, sources),
        mark=quotation_marker(found),
        unread=around.unread,
        begin=begin,
        end=end,
        trouble=trouble,
        found_by=None if version_of_words else found_by(found, played, *_named(begin, end, trouble)),
        length=heard.length,
        is_playable=played is not None and played.address is not None,
        sound_name=name,
        played=played,
        wave=wave_address(found, version) if version else None,
        clips=clips,
        cuts=cuts,
        is_in_step=in_step,
        surrogates=surrogates,
        stands_for=stands_for,
        published=published,
    )
    # What could not be read may be there the next time.
    is_kept = not (found.unread.faults or around.unread or name == "")
    return Made(html, HTTPStatus.BAD_REQUEST if trouble else HTTPStatus.OK, is_kept)


@recordings.get("/recordings/<slug>/transcript.vtt")
def transcript(slug: str) -> Response:
    """Send the transcript as it is in the archive, or what is shown of it; with ``?as-of=``, as it stood."""
    stood = version_asked(slug)
    if stood and not stood.is_today:
        return Response(served_earlier(stood.recording), mimetype="text/vtt")
    found = current_archive().recording(slug)
    refuse_withheld_words(found)
    if found.unread.transcript:
        raise NotFoundError(f'the transcript of "{found.title}" cannot be read; its page says what can be read')
    return Response(served_transcript(found), mimetype="text/vtt")


@recordings.get("/recordings/<slug>/transcript.<language>.vtt")
def translation(slug: str, language: str) -> Response:
    """Send a translation of the transcript as it is in the archive, or what is shown of it."""
    found = current_archive().recording(slug)
    refuse_withheld_words(found)
    shown_ones = {each.language: each for each in found.translations if each.lines}
    if language in shown_ones:
        return Response(served_translation(found, language), mimetype="text/vtt")
    there = ", ".join(shown_ones) or "none"
    raise NotFoundError(f'"{found.title}" has no translation into {quoted(language)}; it has: {there}')


@recordings.get("/recordings/<slug>/waveform.svg")
def wave(slug: str) -> Response:
    """Draw the waveform of a recording: a plain line while it is being made, with 202, and where it cannot be."""
    record = current_archive().record(slug)
    return as_asked(record, media_of(record), partial(drawing.answer, record))


@recordings.get("/media/<slug>")
def sound(slug: str) -> Response:
    """Send the sound of a recording, or the bytes of it that are asked for."""
    record = current_archive().record(slug)
    return media.answer_held(record, media_of(record))


@recordings.get("/media/<slug>/access")
def access_copy(slug: str) -> Response:
    """Send a copy of a recording's sound that browsers play exactly, or the bytes of it that are asked for."""
    record = current_archive().record(slug)
    return as_asked(record, media_of(record), partial(copies.answer, record), "of")


def _named(begin: int, end: int | None, trouble: str | None) -> tuple[int | None, int | None]:
    """Give the passage that the address names; none where it names the whole, or what is no passage."""
    return (begin, end) if "t" in request.args and not trouble else (None, None)


def _query(version: AsOf | None) -> str:
    """Give what keeps links within the page of an earlier version in that."""
    return "" if version is None else f"{QUERY}={version.number}&amp;"


def _line(found: Recording, begin: int) -> Line | None:
    """Give the line that ``?line=`` asks for, or that is spoken where playing begins if ``?t=`` says that."""
    if found.transcript is None:
        return None
    if "line" in request.args:
        name = request.args["line"]
        lines = {line.id: line for line in found.transcript.lines}
        return lines.get(name) or lines.get((ends_now(found, name) or ("",))[0])
    return line_at(found.transcript.cues, begin) if "t" in request.args else None


def _passage(found: Recording, length: int | None) -> tuple[int, int | None, str | None]:
    """Give where playing begins and stops, and why it is not what ``?t=`` asks for, where it is not.

    The recording begins where it says so, if nothing else is asked for or can be had.
    """
    asked = request.args.get("t")
    if asked is None:
        return found.begins, None, None
    try:
        begin, end = timecode.parse_fragment(asked)
    except TimecodeError as error:
        return found.begins, None, str(error)
    if length is not None and begin >= length:
        return (
            found.begins,
            None,
            f"{timecode.display(begin)} is past the end of the recording, {timecode.display(length)}",
        )
    return begin, end if end is None or length is None else min(end, length), None
