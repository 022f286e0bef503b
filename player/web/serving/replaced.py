"""An address with ``?v=``, the version of a sound, held to the version that the archive has now.

Times, drawings and bytes belong to one file of sound. A page that was opened before that file was replaced goes on
naming its version, and is refused rather than given another sound under the old times. A file that was moved, linked or
given to another is the same sound, though its entity tag is another: of a version, what lasts is compared. An address
without a version has whatever is there. A transcript needs no version: a passage is named by its times, which say the
same of the same sound however its lines were timed since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from player.errors import PlayerError
from player.web.serving import media

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Response

    from player.archive.recording import Record


class ReplacedError(PlayerError):
    """The sound that is asked for was replaced by another."""

    status = 409

    def __init__(self, recording: Record) -> None:
        self.recording = recording
        super().__init__(
            f"The sound of “{recording.title}” was replaced after the page was opened from which this address comes, "
            "so that its times may say something else now. Load the page again."
        )


def as_asked(recording: Record, path: Path, answer: Callable[[Path], Response]) -> Response:
    """Give the answer that is made of the file at ``path``, where that is the version which the request names.

    :raise ReplacedError: where it is another, or has become one while it was read.
    """
    _check(recording, path)
    response = answer(path)
    try:
        _check(recording, path)
    except PlayerError:
        response.close()
        raise
    return response


def _check(recording: Record, path: Path) -> None:
    asked = request.args.get("v")
    if not asked:
        return
    version = media.version(path)
    if asked.partition("-")[0] != version.partition("-")[0]:
        raise ReplacedError(recording)
    # Who has part of it under another tag would be sent all of it, which Chromium takes for no answer at all. It is
    # refused instead, and begins anew.
    if request.headers.get("If-Range") == f'"{asked}"' and asked != version:
        raise ReplacedError(recording)
