"""A server that stands in for S3 where signatures count: an address is good for one object, and not for ever.

moto's server checks neither. Who has the keys asks with a header, which this one lets pass; a signed address is held
against what the keys make of it (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from stand_in import answering

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET: Final = "a secret of the keeper's"  # noqa: S105  # of a stand-in
BUCKET: Final = "tapes"


@dataclass
class Signing:
    """A storage, and what was asked of it with signed addresses: the signature, the range, and the status."""

    folder: Path
    address: str = ""
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    over: set[str] = field(default_factory=set)
    #: Whether anybody may read what is here.
    is_public: bool = False
    #: How many bytes were sent to whoever asked.
    sent: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What a server needs to read what is here, and to lead listeners to it."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ACCESS_KEY_ID": "keeper",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "PLAYER_MEDIA_HOSTS": f"s3://{BUCKET}",
            "PLAYER_MEDIA": "redirect",
        }

    @property
    def signatures(self) -> list[str]:
        """The signatures with which something was read, each once, in their order."""
        return list(dict.fromkeys(signature for signature, _, status in self.asked if status < 300))

    def expire(self) -> None:
        """Let ten minutes pass for all addresses that were used so far.

        What is signed within the same second is the same address: so the next one comes.
        """
        time.sleep(1.1)
        self.over.update(signature for signature, _, _ in self.asked)

    def refuses(self, path: str, query: str, host: str) -> bool:
        """Tell whether a signed address is good for nothing: another's, changed, or over."""
        parts = dict(parse_qsl(query, keep_blank_values=True))
        signature = parts.pop("X-Amz-Signature", "")
        date, scope = parts.get("X-Amz-Date", ""), parts.get("X-Amz-Credential", "").partition("/")[2]
        if not signature or signature in self.over or parts.get("X-Amz-Expires") != "600":
            return True
        named = urlencode(sorted(parts.items()), quote_via=quote, safe="-_.~")
        request = "\n".join(("GET", path, named, f"host:{host}\n", "host", "UNSIGNED-PAYLOAD"))
        told = "\n".join(("AWS4-HMAC-SHA256", date, scope, hashlib.sha256(request.encode()).hexdigest()))
        key = f"AWS4{SECRET}".encode()
        for each in (*scope.split("/"), told):
            key = hmac.digest(key, each.encode(), "sha256")
        return key.hex() != signature


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def do_HEAD(self) -> None:
        self._answer(is_head=True)

    def do_GET(self) -> None:
        self._answer(is_head=False)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, *, is_head: bool) -> None:
        told: Signing = self.server.told
        place, _, query = self.path.partition("?")
        is_keeper = self.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 Credential=keeper/")
        path = told.folder / place.removeprefix("/")
        asked = self.headers.get("Range", "")
        status = 404 if not path.is_file() else 206 if asked else 200
        if not is_keeper and not told.is_public and (is_head or told.refuses(place, query, self.headers["Host"])):
            status = 403
        if not is_keeper:
            told.asked.append((dict(parse_qsl(query)).get("X-Amz-Signature", ""), asked, status))
        size = path.stat().st_size if status < 300 else 0
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked)
        first, last = (int(found[1]), min(int(found[2] or size), size - 1)) if found else (0, size - 1)
        self.send_response(status)
        self.send_header("Content-Length", str(last + 1 - first if status < 300 else 0))
        self.send_header("Connection", "close")
        if status < 300:
            self.send_header("Content-Type", "audio/wav")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("ETag", f'"{size}-{path.stat().st_mtime_ns}"')
            self.send_header("Last-Modified", formatdate(path.stat().st_mtime, usegmt=True))
        if status == 206:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.end_headers()
        self.close_connection = True
        if status < 300 and not is_head:
            with path.open("rb") as file, suppress(OSError):
                file.seek(first)
                told.sent += self.wfile.write(file.read(last + 1 - first))

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def signing(folder: Path) -> Iterator[Signing]:
    """Serve the files of a folder, the first part of a path being the bucket."""
    (folder / BUCKET).mkdir(parents=True)
    told = Signing(folder)
    with answering(_Handler, told) as told.address:
        yield told
