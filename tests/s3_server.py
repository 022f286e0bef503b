"""A server that stands in for S3 on this machine: moto's, in a process of its own, and what is put into it.

It is no real storage: it knows ranges, conditions, entity tags and signatures that are not checked. What a storage
does wrong is tested with ``distant_server``.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

from holding import LIMIT
from programs import missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUCKET: Final = "tapes"
_PROGRAM: Final = """
    import sys
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()
"""


class S3:
    """A bucket, and how it is reached."""

    def __init__(self, address: str) -> None:
        self.address = address
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
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(_PROGRAM)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            found = S3(f"http://127.0.0.1:{int(process.stdout.readline())}")
            asked = Request(f"{found.address}/{BUCKET}", method="PUT")  # noqa: S310  # our own server
            urlopen(asked, timeout=LIMIT).close()  # noqa: S310  # likewise
            yield found
        finally:
            process.kill()
