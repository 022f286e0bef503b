"""Reads sounds from servers that give parts of files by https.

The name is looked up here, and the connection goes to an address that was judged: a name that stands for a public
server now, and for one in the operator's network a moment later, is asked where it was judged. Nothing that leads
elsewhere is followed. No proxy is asked, which would look the name up itself.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from player.storage.addresses import ALLOWED, AS_IT_IS, Address, is_within_reach
from player.storage.faults import BusyError, ChangedError, SilentError, SlowError, StorageError, TornError
from player.storage.looks import Look

_CONNECT: Final = 5  # seconds
_SILENCE: Final = 15  # seconds without a byte
_REQUEST: Final = 60  # seconds for all of a part
_PIECE: Final = 1 << 16
_IDLE: Final = 30  # seconds for which a connection is kept
_KEPT: Final = 8  # connections
_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_LENGTH: Final = re.compile(r"\d{1,18}")
_REFUSED: Final = frozenset({401, 403})
_GONE: Final = frozenset({404, 410})
_CHANGED: Final = frozenset({412, 416})
_BUSY: Final = frozenset({429, 503})

_lock = threading.Lock()
_idle: Final[list[tuple[float, tuple[str, str, int | None], http.client.HTTPConnection]]] = []


def look(address: Address) -> Look:
    """Tell what lies at an address.

    :raise StorageError: where that cannot be told.
    """
    answer, _ = _asked(address, "HEAD", {}, 0)
    if answer.status != HTTPStatus.OK:
        raise _told(address, answer.status)
    length, tag = answer.headers.get("Content-Length", ""), _validator(answer)
    if not _LENGTH.fullmatch(length) or not tag:
        what = "its server does not say how large it is, and when it changes (Content-Length, ETag or Last-Modified)"
        raise StorageError(f"{address}: {what}; a file that is served so cannot be read in parts")
    return Look(int(length), tag, _modified(answer))


def read(address: Address, look: Look, start: int, end: int) -> bytes:
    """Give the bytes ``[start, end)`` of what was looked at.

    :raise ChangedError: where it is another now.
    :raise StorageError: where they cannot be had.
    """
    is_tag = look.tag.startswith('"')
    condition = {"If-Match": look.tag} if is_tag else {"If-Unmodified-Since": look.tag}
    answer, body = _asked(address, "GET", {"Range": f"bytes={start}-{end - 1}", **condition}, end - start)
    if answer.status == HTTPStatus.OK:
        raise StorageError(f"{address}: its server does not give parts of a file (Range); ask its keeper, or copy it")
    if answer.status != HTTPStatus.PARTIAL_CONTENT:
        raise _told(address, answer.status)
    given = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    # Some servers know no conditions: what came is compared, too.
    if given is None or _validator(answer) != look.tag or int(given[3]) != look.size:
        raise ChangedError(_changed(address))
    if (int(given[1]), int(given[2])) != (start, end - 1):
        raise StorageError(f"{address}: its server sends another part than was asked for; ask its keeper")
    return body


def _asked(address: Address, method: str, headers: dict[str, str], most: int) -> tuple[http.client.HTTPResponse, bytes]:
    """Send one request; give the answer, and as much of its body as was asked for."""
    place = "/" + quote(address.path, safe=AS_IT_IS)
    sent = {"User-Agent": "tape-player", "Accept-Encoding": "identity", **headers}
    for is_new in (False, True):
        connection = None if is_new else _kept(address)
        if connection is None and not is_new:
            continue
        connection = connection or _connected(address)
        try:
            connection.request(method, place, headers=sent)
            answer = connection.getresponse()
            # What has no body is read to its end all the same, so that the connection can be kept.
            is_part = answer.status == HTTPStatus.PARTIAL_CONTENT
            body = _body(address, answer, most) if is_part else answer.read() if method == "HEAD" else b""
        except TimeoutError:
            connection.close()
            raise SlowError(f"{address}: its server takes too long to answer; try again later") from None
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            if not is_new:
                continue  # one that was kept may have been closed at the other end
            raise TornError(f"{address}: the connection broke; try again later") from None
        _keep(address, connection, answer)
        return answer, body
    raise TornError(f"{address}: the connection broke; try again later")


def _body(address: Address, answer: http.client.HTTPResponse, most: int) -> bytes:
    until = time.monotonic() + _REQUEST
    pieces: list[bytes] = []
    left = most
    while left and (piece := answer.read1(min(left, _PIECE))):
        pieces.append(piece)
        left -= len(piece)
        if time.monotonic() > until:
            raise SlowError(f"{address}: its server sends too slowly; try again later")
    if left:
        raise http.client.IncompleteRead(b"", left)
    return b"".join(pieces)


def _connected(address: Address) -> http.client.HTTPConnection:
    """Connect to a server at an address that was looked up here, and may be asked.

    :raise StorageError: where there is none.
    """
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(address.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise StorageError(f"{address}: there is no server of this name; correct the address") from None
    places = [each for each in found if is_within_reach(ipaddress.ip_address(str(each[4][0]).partition("%")[0]))]
    if not places:
        ip = str(found[0][4][0])
        what = f"{address.host} is {ip}, in a network that is not public, which is not asked"
        raise StorageError(f"{address}: {what}; if you trust it, add {ip} to {ALLOWED}")
    for family, kind, protocol, _, place in places:
        try:
            plain = socket.socket(family, kind, protocol)
        except OSError:
            continue  # this machine does not speak IPv6, for instance
        try:
            plain.settimeout(_CONNECT)
            plain.connect(place)
            plain.settimeout(_SILENCE)
            connection = http.client.HTTPConnection(address.host, address.port)
            is_plain = address.scheme == "http"
            connection.sock = plain if is_plain else _secured().wrap_socket(plain, server_hostname=address.host)
        except ssl.SSLError as error:
            plain.close()
            why = (error.reason or "no reason given").lower().replace("_", " ")
            raise StorageError(f"{address}: its server does not show who it is ({why}); ask its keeper") from None
        except OSError:
            plain.close()
        else:
            return connection
    raise SilentError(f"{address}: its server does not answer; check that it runs")


@lru_cache(maxsize=1)
def _secured() -> ssl.SSLContext:
    return ssl.create_default_context()


def _kept(address: Address) -> http.client.HTTPConnection | None:
    """Give a connection to the server that was used a moment ago."""
    server, now = (address.scheme, address.host, address.port), time.monotonic()
    found = None
    with _lock:
        for each in list(_idle):
            moment, of, connection = each
            if now - moment > _IDLE:
                _idle.remove(each)
                connection.close()
            elif of == server and found is None:
                _idle.remove(each)
                found = connection
    return found


def _keep(address: Address, connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> None:
    """Keep a connection whose answer was read to its end."""
    if answer.will_close or not answer.isclosed():
        connection.close()
        return
    with _lock:
        _idle.append((time.monotonic(), (address.scheme, address.host, address.port), connection))
        while len(_idle) > _KEPT:
            _idle.pop(0)[2].close()


def _validator(answer: http.client.HTTPResponse) -> str:
    """Give what says of a file that it is the same: an entity tag that is not weak, else when it was modified."""
    tag = answer.headers.get("ETag", "")
    found = tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")
    return found if len(found) <= 200 and found.isprintable() else ""  # noqa: PLR2004  # no tag has more


def _modified(answer: http.client.HTTPResponse) -> int:
    with suppress(ValueError, TypeError, OverflowError):
        return int(parsedate_to_datetime(answer.headers.get("Last-Modified", "")).timestamp()) * 1_000_000_000
    return 0


def _changed(address: Address) -> str:
    return f"{address}: it was replaced by another while it was read; try again"


def _told(address: Address, status: int) -> StorageError:
    """Say in words what a server says in numbers."""
    if status in _GONE:
        return StorageError(f"{address}: its server has nothing there; put the file there, or correct the address")
    if status in _REFUSED:
        return StorageError(f"{address}: its server does not give it to everybody; ask its keeper")
    if status in _CHANGED:
        return ChangedError(_changed(address))
    if status in _BUSY:
        return BusyError(f"{address}: its server has too much to do at the moment; try again later")
    if 300 <= status < 400:  # noqa: PLR2004  # HTTP's codes for elsewhere
        return StorageError(f"{address}: its server leads on to another address; write that one, if you trust it")
    return StorageError(f"{address}: its server answers with {status}; ask its keeper")
