"""Answers with access copies, and has them made in the background where the archive has none.

Where passages of a recording are closed, only a copy in which these are silent is one.

A page names the version of a copy in ``?v=``, in ``of=`` that of the sound that it was made from, and in ``silent=``
what is silent in it. It keeps the copy that it began with, also when the archive has a better one since; but it is told
to load again where other passages are closed now.
"""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING, Final

from flask import current_app, request

from player.audio import access, access_room, silence
from player.audio.access_worker import AccessWorker
from player.errors import AudioError, NotFoundError, PlayerError, ServeError, quoted
from player.web.current import current_archive
from player.web.serving import media
from player.web.serving.disposition import set_name

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask, Response

    from player.archive.recording import Record
    from player.audio.access import Copy

#: How many megabytes of copies are kept, if nothing else is said: some seventy hours of one channel.
MEGABYTES: Final = 2000
_MEGABYTE: Final = 1_000_000
# More digits are a slip.
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
# Letters of a copy's version.
_VERSION: Final = 12


def init_app(app: Flask) -> None:
    """Let ``app`` have copies made, and keep as many of them as the environment says.

    :raise ServeError: where PLAYER_COPY_MEGABYTES is not a whole number, or PLAYER_BESIDE_KEY is no secret.
    """
    if os.environ.get("PLAYER_BESIDE_KEY"):
        from player.storage import beside  # noqa: PLC0415  # where sounds lie elsewhere

        try:
            beside.secret()
        except AudioError as error:
            raise ServeError(str(error)) from None
    text = os.environ.get("PLAYER_COPY_MEGABYTES", "").strip()
    if text and not _NUMBER.fullmatch(text):
        raise ServeError(
            f"PLAYER_COPY_MEGABYTES is {quoted(text)}; give a whole number, 0 or more, in at most nine digits, "
            "or leave it unset"
        )
    access_room.sweep()
    # Its thread starts with the first copy that is asked for.
    app.extensions["access_worker"] = AccessWorker(int(text or MEGABYTES) * _MEGABYTE)


def want(record: Record, held: Path) -> bool:
    """See to it that there will be a copy of a sound that needs one, and tell whether one is to be expected.

    That of the archive is compared with the sound in any case, where there is one.

    :raise AudioError: where the sound cannot be read.
    """
    archive, slug, silent = current_archive(), record.slug, record.shown.silenced
    archive_media = archive.media
    if not silent and access.needed(held) is None and not os.path.lexists(access.place(archive_media, slug, "json")):
        return False
    worker: AccessWorker = current_app.extensions["access_worker"]

    def is_wanted() -> bool:
        # It may have been closed, opened or withdrawn while its copy was made.
        with contextlib.suppress(PlayerError):
            now = archive.record(slug)
            return now.media == record.media and (now.shown.sound, now.shown.silenced) == (None, silent)
        return False

    return worker.want(archive_media, slug, held, silent, record.shown.timed_to if silent else None, is_wanted)


def there_are(record: Record, held: Path) -> list[Copy]:
    """List the copies of a recording's sound that can be played, the best first.

    :raise AudioError: where the sound cannot be read.
    """
    silent = record.shown.silenced
    if silent and not silence.is_right(held, record.shown.timed_to, is_awaited=False):
        return []
    return access.of(current_archive().media, record.slug, held, silent)


def version(copy: Copy) -> str:
    """Give the short text that changes whenever the bytes of a copy do: made again, it is the same one."""
    return copy.sha256[:_VERSION]


def answer(record: Record, held: Path) -> Response:
    """Answer the current request with the copy that it names, or with the best where it names none.

    :raise RedecidedError: where other passages are silent in that than are closed now.
    :raise NotFoundError: where it is not there, or no longer.
    """
    asked = request.args.get("v")
    if asked and request.args.get("silent", "") != silence.version(record.shown.silenced):
        raise media.RedecidedError(record)
    for copy in there_are(record, held):
        now = version(copy)
        if asked in {None, "", now}:
            response = media.led_or_sent(record, copy.path, version=now)
            if response.location is None:
                set_name(response, "inline", f"{record.slug}{copy.path.suffix}")
            access_room.use(copy.path)
            return response
    want(record, held)
    instead = "load its page again later" if record.shown.silenced else "its page plays another"
    raise NotFoundError(f'this copy of the sound of "{record.title}" is not there at the moment; {instead}')
