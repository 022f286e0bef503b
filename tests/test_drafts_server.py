"""``player serve --drafts``: the real command and its server, and nginx before it; drafts are seen by those who may."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Final

import pytest
from clipping import run
from closings import another, write_closed
from deployed import host_of_its_own, nginx
from started import port_of, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT: Final = 120  # seconds until a request is given up; nothing is measured by it
PASSWORD: Final = "a password for a test"  # noqa: S105  # nobody's
TABLES: Final = '[access]\nrecord = "draft"\n[[closed]]\nstart = "0:02"\nend = "0:04"\n'


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    """An archive with a draft, of which a passage is closed, and with a record that is closed."""
    root = write_closed(tmp_path / "archive", TABLES)
    another(root, "sealed", '[access]\nrecord = "closed"\n')
    return root


def command(root: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root), *options]


def environment(cache: Path, **own: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLAYER_")}
    return {**kept, "PLAYER_CACHE": str(cache), **own}


@contextmanager
def serving(root: Path, *options: str, **own: str) -> Iterator[list[str]]:
    """Run the command; give the two lines that it prints."""
    told = command(root, *options)
    with subprocess.Popen(
        told, stdout=subprocess.PIPE, text=True, env=environment(root.parent / "cache", **own)
    ) as process:
        assert process.stdout is not None
        try:
            yield [process.stdout.readline(), process.stdout.readline()]
        finally:
            process.terminate()


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.long
def test_a_browser_that_opens_the_address_sees_drafts_and_nobody_else_does(drafts: Path) -> None:
    log = drafts.parent / "access.log"
    with serving(drafts, "--drafts", "--access-log", str(log)) as (said, more):
        found = re.fullmatch(
            r"The player is at http://127\.0\.0\.1:(\d+)/(\?token=\S{43}) \(press Ctrl-C to stop\)\n", said
        )
        assert found, said
        assert "Drafts are shown to whoever opens this address on this machine" in more
        port = int(found[1])
        for path in ("/", "/recordings/tones", "/healthz", "/robots.txt", "/static/x", "/?token=x"):
            assert get(port, path)[0] == 403
        status, headers, _ = get(port, f"/recordings/tones{found[2]}")
        assert (status, headers["location"]) == (303, "/recordings/tones")
        cookie = headers["set-cookie"].partition(";")[0]
        status, headers, page = get(port, "/recordings/tones", Cookie=cookie)
        assert (status, headers["cache-control"], headers["x-robots-tag"]) == (
            200,
            "private, no-store",
            "noindex, nofollow",
        )
        assert b"Drafts are shown" in page
        # What is closed in it is closed here too.
        assert b"Silence &amp; hum" in page
        assert b"three" not in page
        assert get(port, "/recordings/sealed", Cookie=cookie)[0] == 404
        # The log names no secret.
        written = log.read_text(encoding="ascii")
        assert '"GET /recordings/tones HTTP/1.1" 303' in written
        assert not any(secret in written for secret in (found[2].partition("=")[2], cookie.partition("=")[2]))


@pytest.mark.long
def test_the_public_server_beside_it_shows_no_draft(drafts: Path) -> None:
    with (
        serving(drafts, "--drafts") as (said, _),
        started(command(drafts), env=environment(drafts.parent / "cache")) as public,
    ):
        port, token = re.findall(r":(\d+)/(\?token=\S+)", said)[0]
        cookie = get(int(port), f"/{token}")[1]["set-cookie"].partition(";")[0]
        for _ in range(2):  # whichever is asked first, and kept
            assert get(int(port), "/recordings/tones", Cookie=cookie)[0] == 200
            status, _, page = get(port_of(public), "/recordings/tones")
            assert (status, b"A tape of tones" in page, b"Drafts are shown" in page) == (404, False, False)
        assert b"A tape of tones" in get(int(port), "/", Cookie=cookie)[2]
        assert b"A tape of tones" not in get(port_of(public), "/")[2]


@pytest.mark.long
def test_behind_nginx_with_tls_the_password_opens_it(drafts: Path, tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text(f"{PASSWORD}\n", encoding="utf-8")
    password.chmod(0o600)
    own = {"PLAYER_URL": "https://tapes.example.org", "PLAYER_PROXIES": "1"}
    with serving(drafts, "--drafts", "--password-file", str(password), **own) as (said, more):
        assert said == "The player is at https://tapes.example.org/ (press Ctrl-C to stop)\n"
        assert "password" in more
        assert PASSWORD not in more
        port = port_of(more.strip().rstrip("/"))
        # As nginx has it once certbot was run: what it passes on came over TLS.
        block = host_of_its_own().replace("127.0.0.1:8000", f"127.0.0.1:{port}")
        with (
            nginx(tmp_path / "tls", block.replace("$scheme", "https")) as tls,
            nginx(tmp_path / "plain", block) as plain,
        ):
            host = {"Host": "tapes.example.org"}
            right = {"Authorization": f"Basic {base64.b64encode(f'me:{PASSWORD}'.encode()).decode()}"}
            assert get(tls, "/recordings/tones", **host)[0] == 401
            status, headers, page = get(tls, "/recordings/tones", **host, **right)
            assert (status, b"Drafts are shown" in page) == (200, True)
            assert headers["cache-control"] == "private, no-store"
            cookie = {"Cookie": headers["set-cookie"].partition(";")[0]}
            assert get(tls, "/media/tones", **host, **cookie)[0] in {200, 403, 404}
            assert get(tls, "/recordings/tones", **host, **cookie)[0] == 200
            status, headers, _ = get(plain, "/recordings/tones", **host, **right)
            assert (status, headers.get("www-authenticate")) == (403, None)
            assert get(port, "/recordings/tones", **right)[0] == 403


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--drafts", "--host", "0.0.0.0"], 1, 'and "0.0.0.0" is not its loopback address; leave --host out'),  # noqa: S104
        (["--drafts", "--host", "tapes.example.org"], 1, "drafts are shown on this machine only"),
        (["--password-file", "x"], 2, "--password-file goes with --drafts"),
        (["--drafts", "--password-file", "x"], 1, "PLAYER_URL does not say"),
    ],
)
def test_it_is_refused_where_it_could_be_seen_by_others(
    drafts: Path, options: list[str], code: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PLAYER_URL", "PLAYER_PROXIES"):
        monkeypatch.delenv(name, raising=False)
    answer = run(drafts, "serve", *options)
    assert (answer.exit_code, answer.stdout) == (code, "")
    assert message in answer.stderr
