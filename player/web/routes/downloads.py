"""Answers ``/recordings/<slug>/transcript.srt``, ``.docx``, ``.es.txt`` and so on with the transcript in that form.

The archive's own form, WebVTT, is answered where the recording is (``player.web.routes.recordings``).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import ServiceUnavailable

from player.clips.provenance import says_reading
from player.errors import NotFoundError, quoted
from player.publish import citation
from player.publish.transcripts.exported import export, translation_into
from player.publish.transcripts.forms import BY_ENDING, FADGI, FORMS
from player.publish.transcripts.json_lines import schema
from player.web.current import current_about, current_archive, current_index
from player.web.pages.as_of import cited_version, version_asked
from player.web.pages.closures import refuse_withheld_words
from player.web.pages.described_words import served_described
from player.web.pages.this_line import page_address
from player.web.serving.disposition import set_name
from player.web.serving.search_limits import BusyError, Searches

if TYPE_CHECKING:
    from flask import Flask

    from player.archive.recording import Recording
    from player.publish.transcripts.exported import Exported
    from player.publish.transcripts.forms import Form
    from player.web.pages.as_of import AsOf

downloads = Blueprint("downloads", __name__)

# A document of 20,000 lines takes seconds of a processor, and the address is open to everybody.
_AT_A_TIME: Final = 2
#: Seconds until a busy server is asked again.
PATIENCE: Final = 5


def init_app(app: Flask) -> None:
    """Let ``app`` write transcripts, a few at a time."""
    app.extensions["downloads"] = Searches(_AT_A_TIME, doing="downloads")
    app.jinja_env.globals["forms_of_transcripts"] = lambda: [form for form in FORMS.values() if form.is_there]
    app.register_blueprint(downloads)


@downloads.get("/recordings/<slug>/transcript.<name>")
def send(slug: str, name: str) -> Response:
    """Send what is shown of a transcript in the form that ``name`` ends with, in the language that it begins with."""
    form = BY_ENDING.get(name)
    tag = None
    if form is None:
        tag, _, ending = name.partition(".")
        form = BY_ENDING.get(ending)
    if form is None or form.module is None:
        known = ", ".join(f"transcript.{each}" for each in BY_ENDING)
        raise NotFoundError(f"a transcript cannot be had as {quoted(name)}; ask for one of {known}")
    exported = exported_of(slug, tag)
    limits: Searches = current_app.extensions["downloads"]
    try:
        with limits.one():
            response = Response(form.write(exported), mimetype=form.media_type)
    except BusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=PATIENCE) from None
    return _file(response, exported.recording, tag, form)


def _file(response: Response, recording: Recording, tag: str | None, form: Form) -> Response:
    """Give an answer the name of a file, and have nobody keep it."""
    language = f".{tag}" if tag else ""
    name = says_reading(recording, Path(f"{recording.slug}{language}.{form.ending}")).name
    set_name(response, "attachment", name)
    # The address in it has the host that this client asked for, and the day is today.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@downloads.get("/recordings/<slug>/transcript.fadgi.vtt")
@downloads.get("/recordings/<slug>/transcript.<language>.fadgi.vtt")
def send_described(slug: str, language: str | None = None) -> Response:
    """Send the WebVTT file that is shown, with what the archive knows of it in its header."""
    stood = version_asked(slug)
    recording = readable(slug, stood)
    translation = translation_into(recording, language)
    data = served_described(
        recording, translation, current_about(), is_earlier=stood is not None and not stood.is_today
    )
    return _file(Response(data, mimetype=FADGI.media_type), recording, language, FADGI)


@downloads.get("/transcript.schema.json")
def described() -> Response:
    """Send the JSON Schema of transcripts as JSON."""
    return Response(schema(), mimetype="application/schema+json")


def readable(slug: str, stood: AsOf | None) -> Recording:
    """Give a recording whose transcript can be shown, with ``stood`` as it stood.

    :raise WithheldError: where the transcript is not for everybody.
    :raise NotFoundError: where there is none.
    """
    recording = stood.recording if stood else current_archive().recording(slug)
    refuse_withheld_words(recording)
    if recording.unread.transcript:
        raise NotFoundError(f'the transcript of "{recording.title}" cannot be read; its page says what can be read')
    if recording.transcript is None:
        raise NotFoundError(f'"{recording.title}" has no transcript yet; its page says what is known')
    return recording


def exported_of(slug: str, tag: str | None) -> Exported:
    """Gather the transcript of a recording, or a translation of it, with ``?as-of=`` as it stood.

    :raise WithheldError: where the transcript is not for everybody.
    :raise NotFoundError: where there is none.
    """
    stood = version_asked(slug)
    recording = readable(slug, stood)
    version = stood.cited if stood else cited_version(recording)
    cited = citation.cite(
        *(recording, page_address(recording, version), dt.datetime.now(dt.UTC).date()),
        unchecked=bool(recording.transcript and recording.transcript.unchecked),
        version=version.date if version else "",
    )
    return export(recording, translation_into(recording, tag), current_index().sources, cited)
