"""Answers ``/recordings/<slug>/recording.epub`` with the recording as a book that is read and heard at once."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack, nullcontext
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wsgi import FileWrapper

from player.audio import probe
from player.clips.provenance import says_reading
from player.errors import NotFoundError, PlayerError, quoted
from player.publish.book.book import book_of
from player.publish.book.packed import pack
from player.publish.book.sound import UnplayedError, encoded, ready, why_silent
from player.publish.transcripts.forms import BOOK
from player.web.current import current_archive, current_index
from player.web.routes.downloads import PATIENCE, exported_of
from player.web.serving.disposition import set_name
from player.web.serving.search_limits import BusyError, Searches
from player.web.serving.window import READ, Window

if TYPE_CHECKING:
    from flask import Flask

    from player.archive.recording import Recording
    from player.publish.book.book import Sound
    from player.publish.transcripts.exported import Exported
    from player.web.serving.clip_limits import Limits

book = Blueprint("book", __name__)

# Of a sound in a book so much is sent by a server, which copies it: five hours of speech.
_LARGEST: Final = 100_000_000  # bytes


class TooLargeError(PlayerError):
    """The sound is more than a server puts into a book."""

    status = 413

    def __init__(self, recording: Recording) -> None:
        said = f'the sound of "{recording.title}" is too large for a server to put into a book'
        command = f"player export {recording.slug} --to {BOOK.name}"
        super().__init__(f"{said}; whoever keeps the archive can make it with: {command}")


def init_app(app: Flask) -> None:
    """Let ``app`` answer so. ``has_book`` tells pages whether they lead there: a server says why there is none."""
    app.jinja_env.globals["has_book"] = lambda _: True
    # Who makes books side by side with other processes has them encode by turns: an ffmpeg takes 30 MB.
    app.extensions["book_turns"] = nullcontext()
    app.register_blueprint(book)


@book.get("/recordings/<slug>/recording.<name>")
def send(slug: str, name: str) -> Response:
    """Send what is shown of a recording as a book, in the language that ``name`` begins with."""
    tag, _, ending = name.rpartition(".")
    if ending != BOOK.ending:
        raise NotFoundError(f"a recording cannot be had as {quoted(name)}; ask for recording.{BOOK.ending}")
    limits: Searches = current_app.extensions["downloads"]
    exported = exported_of(slug, tag or None)
    recording = exported.recording
    try:
        with limits.one(), ExitStack() as stack:
            why, sound = _sound(recording, stack)
            file = stack.enter_context(tempfile.TemporaryFile())
            pack(book_of(exported, current_index().sources, sound, why), file)
            # A file without a name is sent on when this one is closed.
            sent = FileIO(os.dup(file.fileno()), "rb")
    except BusyError as busy:
        raise ServiceUnavailable(str(busy), retry_after=PATIENCE) from None
    return _sent(sent, exported, tag)


def refuse_too_large(recording: Recording) -> None:
    """Refuse what a server does not put into a book, as far as that is known before it is made.

    :raise TooLargeError: where its sound is too large, or too long to be encoded.
    :raise AudioError: where its sound cannot be read.
    """
    if why_silent(recording) or recording.media is None:
        return
    sound = ready(recording, current_archive().media)
    limits: Limits = current_app.extensions["clip_limits"]
    if sound is not None:
        is_too_large = sound.path.stat().st_size > _LARGEST
    else:
        is_too_large = (probe.stated(recording.media) or limits.longest + 1) > limits.longest
    if is_too_large:
        raise TooLargeError(recording)


def _sound(recording: Recording, stack: ExitStack) -> tuple[str, Sound | None]:
    """Give the sound of a book, or why there is none; its file is there as long as what is on the ``stack``.

    :raise TooLargeError: where a server does not put it into a book.
    """
    why = why_silent(recording)
    if why or recording.media is None:
        return why or "", None
    refuse_too_large(recording)
    try:
        sound = ready(recording, current_archive().media)
        if sound is None:
            with current_app.extensions["book_turns"]:
                sound = stack.enter_context(encoded(recording))
    except UnplayedError as unplayed:
        return str(unplayed), None
    if sound.path.stat().st_size > _LARGEST:
        raise TooLargeError(recording)
    return "", sound


def _sent(file: FileIO, exported: Exported, tag: str) -> Response:
    recording = exported.recording
    size = os.fstat(file.fileno()).st_size
    response = Response(mimetype=BOOK.media_type)
    response.content_length = size
    if request.method == "HEAD":
        file.close()
    else:
        # Handed on as it is, to a server that holds listeners without a thread for each.
        wrapper = request.environ.get("wsgi.file_wrapper", FileWrapper)
        response.response = wrapper(Window(file, range(size), ""), READ)
        response.direct_passthrough = True
    language = f".{tag}" if tag else ""
    set_name(response, "attachment", says_reading(recording, Path(f"{recording.slug}{language}.{BOOK.ending}")).name)
    # The address in it has the host that this client asked for, and the day is today.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
