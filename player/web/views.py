"""The routes: the shelf, a recording's page and its files, and what is answered when something is wrong."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from player import timecode
from player.audio import cache, waveform
from player.errors import ArchiveError, AudioError, NotFoundError, PlayerError, TimecodeError, quoted, shown
from player.web import finding, media
from player.web.clip_links import ClipLinks
from player.web.edition import edit, references
from player.web.elsewhere import elsewhere
from player.web.lengths import measured
from player.web.replaced import ReplacedError, as_asked
from player.web.sound_names import sound_name
from player.web.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from player.archive.archive import Archive
    from player.archive.recording import Recording
    from player.audio.waveform_worker import WaveformWorker

_Value = TypeVar("_Value")

pages = Blueprint("pages", __name__)
log = logging.getLogger(__name__)


@pages.get("/recordings/")
@pages.get("/")
def shelf() -> str:
    """Show every recording of the archive, those that can be heard first."""
    archive = current_archive()
    found, faults = readable(archive.recording, archive.slugs())
    found.sort(key=lambda recording: recording.media is None)
    if not (found or faults):
        log.warning(
            "%s: there is no recording; add a folder with a recording.toml, and its sound to media/",
            shown(archive.transcripts),
        )
    readings = {recording.surrogate_for: recording for recording in found if recording.surrogate_for}
    return render_template("shelf.html", recordings=found, faults=faults, readings=readings, measured=measured)


@pages.get("/recordings/<slug>")
def recording(slug: str) -> tuple[str, int]:
    """Show one recording, cued up at ``?t=`` where the address has one; where that is no passage of it, say so."""
    archive = current_archive()
    found = archive.recording(slug)
    for fault in found.unread.faults:
        log.warning("%s", fault)
    is_playable = found.media is not None and found.media.is_file()
    # Before the file is read: where it is replaced meanwhile, the page is refused the new one, not given its times.
    version = media.version(media_of(found)) if is_playable else None
    heard = measured(found)
    begin, end, trouble = _passage(found, heard.length)
    # Another record that is wrong is told on its own page, and takes nothing from this one.
    around = Surroundings.of(archive)
    edition = edit(found, around.sources, around)
    others = around.recordings.values()
    surrogates = [other for other in others if other.surrogate_for == slug]
    stands_for = next((other for other in others if other.slug == found.surrogate_for), None)
    return render_template(
        "recording.html",
        recording=found,
        edition=edition,
        finding=finding.search(request.args.get("q"), found, edition),
        longest_query=finding.LONGEST_QUERY,
        elsewhere=elsewhere(slug, around),
        cited=lambda citations: references(citations, around.sources),
        unread=around.unread,
        begin=begin,
        end=end,
        trouble=trouble,
        length=heard.length,
        is_playable=is_playable,
        sound_name=sound_name(media_of(found)) if is_playable else None,
        sound=url_for("pages.sound", slug=slug, v=version) if version else None,
        wave=url_for("pages.wave", slug=slug, v=version) if version else None,
        clips=ClipLinks.of(found, version, heard) if version and heard.is_readable else None,
        is_in_step=_is_in_step(found),
        surrogates=surrogates,
        stands_for=stands_for,
    ), HTTPStatus.BAD_REQUEST if trouble else HTTPStatus.OK


@pages.get("/recordings/<slug>/transcript.vtt")
def transcript(slug: str) -> Response:
    """Send the transcript as it is in the archive."""
    found = current_archive().recording(slug)
    if found.unread.transcript:
        raise NotFoundError(f'the transcript of "{found.title}" cannot be read; its page says what can')
    if found.transcript is None:
        raise NotFoundError(f'"{found.title}" has no transcript yet; its page says what is known')
    return _webvtt(found.transcript.path, f'the transcript of "{found.title}"')


@pages.get("/recordings/<slug>/transcript.<language>.vtt")
def translation(slug: str, language: str) -> Response:
    """Send a translation of the transcript as it is in the archive."""
    found = current_archive().recording(slug)
    shown_ones = {each.language: each for each in found.translations if each.cues}
    if language in shown_ones:
        each = shown_ones[language]
        return _webvtt(each.path, f'the translation of "{found.title}" into {each.name}')
    there = ", ".join(shown_ones) or "none"
    raise NotFoundError(f'"{found.title}" has no translation into {quoted(language)}; there is: {there}')


@pages.get("/recordings/<slug>/waveform.svg")
def wave(slug: str) -> Response:
    """Draw the waveform of a recording: a plain line while it is being made, with 202, and where it cannot be."""
    record = current_archive().record(slug)
    return as_asked(record, media_of(record), _drawing)


@pages.get("/media/<slug>")
def sound(slug: str) -> Response:
    """Send the sound of a recording, or the bytes of it that are asked for."""
    record = current_archive().record(slug)
    return as_asked(record, media_of(record), media.answer)


@pages.app_errorhandler(PlayerError)
def refused(error: PlayerError) -> tuple[str, int]:
    """Say in words what was refused, and why. What only those can mend who keep the archive goes to the log."""
    if error.status >= 500:  # noqa: PLR2004
        log.error("%s", error)
    what = "A file of the archive is wrong" if isinstance(error, ArchiveError) else None
    replaced = error.recording if isinstance(error, ReplacedError) else None
    return _error_page(error.status, error.for_visitors, what, replaced)


@pages.app_errorhandler(HTTPException)
def answered(error: HTTPException) -> tuple[str, int] | Response:
    """Say in words what HTTP says in numbers."""
    if error.code is None or error.code < 400:  # noqa: PLR2004
        return Response(status=error.code or 500, headers=dict(error.get_headers()))
    text, status = _error_page(error.code, error.description or error.name)
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Content-Range", "Retry-After"}}
    return Response(text, status, kept)


@pages.app_errorhandler(Exception)
def failed(error: Exception) -> tuple[str, int]:
    """Own up to a fault of the player's own; the traceback goes to the log."""
    log.error("unexpected fault", exc_info=error)
    return _error_page(500, "The player itself failed. What happened is in the server's log.")


def _error_page(
    status: int, message: str, what: str | None = None, recording: Recording | None = None
) -> tuple[str, int]:
    headings = {
        400: "That cannot be read",
        404: "Not in this archive",
        405: "Not done this way",
        409: "The sound was replaced",
        413: "Too long for one clip",
        503: "Busy just now",
    }
    heading = what or headings.get(status, "Something is wrong here" if status >= 500 else "That cannot be answered")  # noqa: PLR2004
    text = render_template("error.html", status=status, heading=heading, message=message, recording=recording)
    return text, status


def current_archive() -> Archive:
    """Give the archive that the application serves."""
    archive: Archive = current_app.extensions["archive"]
    return archive


def readable(read: Callable[[str], _Value], slugs: Iterable[str]) -> tuple[list[_Value], list[str]]:
    """Give what can be read, and what is wrong with the rest: one file's fault is no reason to hide the others."""
    found, faults = [], []
    for slug in slugs:
        try:
            found.append(read(slug))
        except ArchiveError as error:
            log.warning("%s", error)
            faults.append(error.for_visitors)
    return found, faults


def media_of(found: Recording) -> Path:
    """Give the file of a recording's sound.

    :raise NotFoundError: where the archive does not hold it.
    :raise ArchiveError: where it may not be read.
    """
    if found.unread.media:
        raise ArchiveError(found.unread.media)
    if found.media is None:
        raise NotFoundError(f'the archive does not hold the sound of "{found.title}"; its page says where it is')
    if not found.media.is_file():
        raise NotFoundError(f'the sound of "{found.title}" is missing at present; its page says what can be read')
    return found.media


def _drawing(path: Path) -> Response:
    worker: WaveformWorker = current_app.extensions["waveform_worker"]
    look = worker.look(path)
    response = Response(waveform.svg(look.points or (), look.read), mimetype="image/svg+xml")
    if look.read is not None:
        response.status_code = HTTPStatus.ACCEPTED
        response.cache_control.no_store = True
    elif look.is_kept and request.args.get("v") == media.version(path):
        response.headers["Cache-Control"] = media.YEAR
    return response


def _webvtt(path: Path, what: str) -> Response:
    try:
        return Response(path.read_bytes(), mimetype="text/vtt")
    except OSError:
        raise NotFoundError(f"{what} was taken away just now; try again") from None


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
        return found.begins, None, f"{timecode.display(begin)} is not in it; it ends at {timecode.display(length)}"
    return begin, end if end is None or length is None else min(end, length), None


def _is_in_step(found: Recording) -> bool:
    """Tell whether the transcript may follow the sound: only one that was timed to another file may not."""
    if found.media is None or not found.media.is_file() or found.transcript is None:
        return False
    bound = found.transcript.media_sha256
    try:
        return bound is None or bound == cache.digest(found.media)
    except AudioError as error:
        log.warning("%s", error)
        return False
