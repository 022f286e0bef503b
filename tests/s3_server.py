"""A server that stands in for S3 on this machine: moto's, in a process of its own, and what is put into it.

It is no real storage: it knows ranges, conditions, entity tags, and signatures, which it does not check. What a storage
does wrong is tested with ``distant_server``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import textwrap
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

from holding import LIMIT
from programs import missing

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET: Final = "tapes"
_PROGRAM: Final = """
    import json, re, sys
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    storage = DomainDispatcherApplication(create_backend_app)

    def answer(environ, start):
        place = environ["PATH_INFO"] + "?" + environ.get("QUERY_STRING", "")
        with open(sys.argv[1]) as file:
            fates = json.load(file)
        for method, wanted, what in fates:
            if not re.fullmatch(method, environ["REQUEST_METHOD"]) or not re.search(wanted, place):
                continue
            if what == "torn":
                environ["werkzeug.socket"].shutdown(2)
                raise ConnectionResetError
            if what == "public":
                told = "AWS4-HMAC-SHA256 Credential=anybody/20260101/us-east-1/s3/aws4_request"
                environ.setdefault("HTTP_AUTHORIZATION", told)
            if what == "refused":
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start("403 Forbidden", [("Content-Length", "0")])
                return [b""]
        return storage(environ, start)

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()
"""


class S3:
    """A bucket, and how it is reached."""

    def __init__(self, address: str, fates: Path) -> None:
        self.address = address
        self._fates = fates
        #: The environment of who may read it.
        self.environment = {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "keeper",
            "AWS_SECRET_ACCESS_KEY": "a secret of the keeper's",
            "AWS_REGION": "us-east-1",
            "PLAYER_MEDIA_HOSTS": f"s3://{BUCKET}",
        }

    def put(self, path: Path, name: str = "") -> str:
        """Put a file into the bucket; give its address."""
        import obstore  # noqa: PLC0415  # it may not be there

        obstore.put(self._bucket(), name or path.name, path.read_bytes())
        return f"s3://{BUCKET}/{name or path.name}"

    def fate(self, *fates: tuple[str, str, str]) -> None:
        """Say what happens to some requests from now on: by method and address, "torn", "refused", or "public".

        What is "public" is given to who asks without a signature, as nothing else is.
        """
        self._fates.write_text(json.dumps(fates), "utf-8")

    def names(self, prefix: str) -> set[str]:
        """List what lies in the bucket under names that begin so, without that beginning."""
        import obstore  # noqa: PLC0415  # likewise

        # A storage lists what lies in a folder, by whole parts of names.
        batches = obstore.list(self._bucket(), prefix=prefix.rpartition("/")[0])
        found = [each["path"] for batch in batches for each in batch]
        return {path.removeprefix(prefix) for path in found if path.startswith(prefix)}

    def remove(self, name: str) -> None:
        """Remove what lies in the bucket under a name."""
        import obstore  # noqa: PLC0415  # likewise

        obstore.delete(self._bucket(), name)

    def content(self, name: str) -> bytes:
        """Give what lies in the bucket under a name."""
        import obstore  # noqa: PLC0415  # likewise

        return bytes(obstore.get(self._bucket(), name).bytes())

    def _bucket(self) -> Any:
        from obstore.store import S3Store  # noqa: PLC0415  # likewise

        given: Any = {
            name.removeprefix("AWS_").lower(): value
            for name, value in self.environment.items()
            if name.startswith("AWS_")
        }
        given["endpoint"] = given.pop("endpoint_url")
        return S3Store(BUCKET, client_options={"allow_http": True}, **given)


@contextmanager
def s3() -> Iterator[S3]:
    """Start the server, with an empty bucket. Without it the test that asks is skipped, and fails in CI."""
    for name in ("moto", "flask_cors", "obstore"):
        if importlib.util.find_spec(name) is None:
            missing(f"{name} is not installed (pip install -e '.[storage,test]')")
    handle, fates = tempfile.mkstemp(text=True)
    os.close(handle)
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(_PROGRAM), fates]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            found = S3(f"http://127.0.0.1:{int(process.stdout.readline())}", Path(fates))
            found.fate()
            asked = Request(f"{found.address}/{BUCKET}", method="PUT")  # noqa: S310  # our own server
            urlopen(asked, timeout=LIMIT).close()  # noqa: S310  # likewise
            yield found
        finally:
            process.kill()
            os.unlink(fates)  # noqa: PTH108  # a name of mkstemp's
