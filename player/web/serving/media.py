"""Answers with a sound file, or the bytes of it that a request asks for, as RFC 9110 (sections 13 and 14) has it.

Flask's ``send_file`` reads a range 8 kB at a time and refuses three kinds of range that the RFC says to read or to
ignore; this reads 256 KiB at a time. A range is answered with all that it asks for, an open one to the end of the
file: several clients take the end of a shorter 206 for the end of the sound. Of several ranges one is answered, as
section 15.3.7 allows: the 206 says in Content-Range what it holds.

Times, drawings and bytes belong to one file of sound. A page that was opened before that file was replaced still names
its version, as ``?v=``, and is refused rather than given another sound under the old times. A file that was moved,
linked or given to another user is the same sound, though its entity tag is another: of a version, what lasts is
compared. An address without a version has whatever is there. A transcript needs no version: a passage is named by its
times, which mean the same in the same sound however its lines were timed since.
"""

from __future__ import annotations

import os
import re
import time
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable
from werkzeug.http import http_date, parse_date
from werkzeug.wsgi import FileWrapper

from player import files, stamp
from player.audio.formats import TYPES
from player.elsewhere import distant, way_of
from player.errors import AudioError, NotFoundError, PlayerError, reason
from player.web.serving import accel
from player.web.serving.ahead import Ahead
from player.web.serving.disposition import set_name
from player.web.serving.led import leads_to
from player.web.serving.window import READ, Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from io import FileIO
    from pathlib import Path

    from player.archive.recording import Record

#: The caching rule of an address that ends in ``?v=`` and the file's version: whoever has it need not ask again for a
#: year. A cache between server and browsers has to ask each time all the same, and is mostly answered by a 304, so that
#: it hands on nothing that was closed or withdrawn since.
YEAR = "public, max-age=31536000, immutable, s-maxage=0"

_RANGE = re.compile(r"(?P<first>[0-9]*)-(?P<last>[0-9]*)")


class ReplacedError(PlayerError):
    """The sound that is asked for was replaced by another."""

    status = 409

    def __init__(self, recording: Record, what: str = "") -> None:
        self.recording = recording
        what = what or (
            f'The sound of "{recording.title}" was replaced after the page with this link was opened, so its times may '
            "no longer fit."
        )
        super().__init__(f"{what} Load the page again.")


class RedecidedError(ReplacedError):
    """Something else of the sound that is asked for is closed now than was when the page that asks was opened."""

    def __init__(self, recording: Record) -> None:
        super().__init__(
            recording,
            f'What may be heard of "{recording.title}" has changed since the page with this link was opened.',
        )


class PartClosedError(PlayerError):
    """Passages of the sound that is asked for are closed, so that its file is not sent."""

    status = 403

    def __init__(self, recording: Record) -> None:
        super().__init__(
            f'Part of the sound of "{recording.title}" is closed, so the file itself is not sent; its page plays a '
            "copy without that part."
        )


def answer_held(recording: Record, path: Path) -> Response:
    """Answer the current request with the sound of a recording as it is held, at ``path``, or a part of it.

    Where passages of it are closed, nothing is sent of it, nor told, whatever the request says that it has of it.

    :raise PartClosedError: where it may not be sent.
    :raise ReplacedError: where another version of it is asked for.
    """
    if not recording.shown.sends_held:
        raise PartClosedError(recording)
    return as_asked(recording, path, partial(led_or_sent, recording))


def led_or_sent(recording: Record, path: Path, version: str | None = None) -> Response:
    """Answer the current request with a sound of a recording, or lead to where that lies if it lies elsewhere.

    :raise PlayerError: as ``answer`` does.
    """
    sent = answer(path, version=version)
    led = None if way_of(path) is None else leads_to(recording, path)
    if led is None:
        return sent
    sent.close()
    return led


def answer(path: Path, mimetype: str | None = None, version: str | None = None) -> Response:
    """Answer the current request with the file ``path``, or the part of it that the request asks for.

    ``mimetype`` is by default what the file's suffix says, ``version`` what :func:`version` says: another text for
    other bytes. The answer may be kept for a year when the address ends in ``?v=`` and that version; otherwise it is
    asked for again each time. Where nginx is to send the file, ranges and conditions are its own business. Raises
    NotFoundError when the file has gone and AudioError when it cannot be read.
    """
    file = _opened(path)
    response = Response(mimetype=mimetype or TYPES.get(path.suffix.lower(), "application/octet-stream"))
    try:
        state = os.fstat(file.fileno())
        _describe(response, path, state, version or _version(path, file))
        span = None if accel.hand_over(response, path) else _choose(response, state.st_size)
    except BaseException:
        file.close()
        raise
    if span is None or request.method == "HEAD":
        file.close()
    else:
        # Handed on as it is, to a server that holds listeners without a thread for each.
        wrapper = request.environ.get("wsgi.file_wrapper", FileWrapper)
        there = distant(file)
        window = Window(file, span, path.name) if there is None else Ahead(file, there, span, path.name)
        response.response = wrapper(window, READ)
        response.direct_passthrough = True
    return response


def version(path: Path) -> str:
    """Give the short text that changes whenever the file does."""
    try:
        return stamp.close_stamp(path).text
    except (OSError, AudioError):
        pass  # a request for its bytes will say why
    try:
        # Of what lies elsewhere, and was never seen there, as long as it was not.
        return stamp.of(path.stat()).text
    except OSError:
        raise _gone(path) from None


def as_asked(recording: Record, path: Path, answer: Callable[[Path], Response], name: str = "v") -> Response:
    """Give the answer that is made of the file at ``path``, where that is the version which the request names.

    It names it in ``?v=``, or by another ``name`` where ``v`` is that of something which was made of the file.

    :raise ReplacedError: where it is another, or has become one while it was read.
    """
    _check(recording, path, name)
    response = answer(path)
    try:
        _check(recording, path, name)
    except PlayerError:
        response.close()
        raise
    return response


def _check(recording: Record, path: Path, name: str) -> None:
    asked = request.args.get(name)
    if not asked:
        return
    now = version(path)
    if asked.partition("-")[0] != now.partition("-")[0]:
        raise ReplacedError(recording)
    # Who has part of it under another tag would be sent all of it, which Chromium takes for no answer at all. It is
    # refused instead, and begins anew.
    if request.headers.get("If-Range") == f'"{asked}"' and asked != now:
        raise ReplacedError(recording)


def _version(path: Path, file: FileIO) -> str:
    try:
        return stamp.close_stamp_of(file).text
    except OSError as error:
        raise _unreadable(path, error) from None


def _gone(path: Path) -> NotFoundError:
    return NotFoundError(f"the sound file {path.name} is missing at the moment")


def _unreadable(path: Path, error: OSError) -> AudioError:
    return AudioError(f"{path.name}: cannot be read ({reason(error)}); allow the server to read it")


def _opened(path: Path) -> FileIO:
    if not path.is_file():
        raise _gone(path)
    try:
        return files.opened(path)
    except FileNotFoundError:
        raise _gone(path) from None
    except OSError as error:
        raise _unreadable(path, error) from None


def _describe(response: Response, path: Path, state: os.stat_result, version: str) -> None:
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = YEAR if request.args.get("v") == version else "no-cache"
    response.headers["ETag"] = f'"{version}"'
    response.headers["Last-Modified"] = _modified(state)
    response.headers["X-Content-Type-Options"] = "nosniff"
    set_name(response, "inline", path.name)


def _modified(state: os.stat_result) -> str:
    """Give when the file was modified; where that was by a clock that was wrong, when its inode was changed.

    A date in the future is none that may be sent (RFC 9110, section 8.8.2.1).
    """
    now = time.time()
    possible = (moment for moment in (state.st_mtime, state.st_ctime) if 0 <= moment <= now)
    return http_date(int(next(possible, now)))


def _choose(response: Response, size: int) -> range | None:
    """Set the status of ``response`` and give the offsets of the bytes it carries; None where it carries none.

    The order is that of RFC 9110 section 13.2.2.
    """
    etag, modified = response.headers["ETag"], response.headers["Last-Modified"]
    if _precondition_fails(etag, modified):
        raise PreconditionFailed("the sound file has changed since it was first asked for; reload the page")
    if _is_unchanged(etag, modified):
        response.status_code = HTTPStatus.NOT_MODIFIED
        return None
    span = _requested(size) if _range_applies(etag, modified) else None
    if span is None:
        response.content_length = size
        return range(size)
    if not span:
        raise RequestedRangeNotSatisfiable(size, "bytes", f"the sound file has {size} bytes, none of those asked for")
    response.status_code = HTTPStatus.PARTIAL_CONTENT
    response.content_length = len(span)
    response.headers["Content-Range"] = f"bytes {span[0]}-{span[-1]}/{size}"
    return span


def _precondition_fails(etag: str, modified: str) -> bool:
    if "If-Match" in request.headers:
        return not (request.if_match.star_tag or request.if_match.contains_raw(etag))
    return _is_after(modified, request.if_unmodified_since)


def _is_unchanged(etag: str, modified: str) -> bool:
    if "If-None-Match" in request.headers:
        return bool(request.if_none_match.star_tag or request.if_none_match.contains_weak(etag.strip('"')))
    since = request.if_modified_since
    return since is not None and not _is_after(modified, since)


def _is_after(modified: str, limit: datetime | None) -> bool:
    if limit is None:
        return False
    moment = parse_date(modified)
    return moment is not None and moment > limit


def _range_applies(etag: str, modified: str) -> bool:
    """Tell whether Range counts: with GET only (section 14.2), and only while If-Range holds (section 13.1.5).

    If-Range is compared exactly, so a weak entity tag, another date and what is neither never match.
    """
    return request.method == "GET" and request.headers.get("If-Range", etag).strip() in (etag, modified)


def _requested(size: int) -> range | None:
    """Give the offsets asked for: None where Range is absent or to be ignored, empty where none exist.

    Of several ranges the first that exists is given. A malformed list is ignored as a whole.
    """
    unit, equals, text = request.headers.get("Range", "").partition("=")
    if unit.strip().lower() != "bytes" or not equals or not size:
        return None
    spans = [_span(item, size) for part in text.split(",") if (item := part.strip(" \t"))]
    if not spans or None in spans:
        return None
    return next((span for span in spans if span), range(0))


def _span(text: str, size: int) -> range | None:
    match = _RANGE.fullmatch(text)
    if match is None or text == "-":
        return None
    first, last = _number(match["first"]), _number(match["last"])
    if first is None:
        return range(max(0, size - (last or 0)), size)
    if last is None:
        return range(first, size)
    return range(first, min(last + 1, size)) if first <= last else None


def _number(digits: str) -> int | None:
    """Read ``digits``, however many: int() refuses thousands of them, and more than 18 lie past the end of any file."""
    digits = digits.lstrip("0") or digits[:1]
    return int(digits if len(digits) <= 18 else "9" * 18) if digits else None  # noqa: PLR2004  # as said above
