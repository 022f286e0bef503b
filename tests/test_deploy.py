"""docs/deploy.md is true: its nginx and its service run as written, its table of variables is the code's."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from context_files import add_context
from deployed import DOCUMENT, USUAL, below_a_path, blocks, deployed, host_of_its_own, service, unit
from html_elements import parse
from programs import program
from small_archive import bind, write_archive

from player.web.serving.headers import SECURITY

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "player"
LIMIT = 120  # seconds until a request is given up; none is measured by it
#: Attributes of an element that lead to what is loaded, followed or sent to.
LEADING = (
    *("href", "src", "action", "formaction"),
    *("data-address", "data-cite", "data-later", "data-tried", "data-wave"),
)
NAME = r"\b(?:PLAYER|XDG|IMAGEIO)_[A-Z_]+[A-Z]\b|\bSOURCE_DATE_EPOCH\b"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An archive in which something leads everywhere."""
    archive = write_archive(tmp_path / "archive")
    bind(archive)
    return add_context(archive)


def get(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(address)
    assert parts.hostname
    connection = HTTPConnection(parts.hostname, parts.port, timeout=LIMIT)
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def led(kind: str, body: bytes) -> Iterator[str]:
    """Give the addresses that a page, a style sheet or a script leads to, as written."""
    text = body.decode(errors="replace")
    if kind.startswith("text/html"):
        for element in parse(text).walk():
            for address in (element[name] for name in LEADING if name in element):
                # a reader, or the script of the picker, completes it with a passage
                lacks = re.search(r"(/clip\.\w+|[?&]t=)$", address)
                yield f"{address}{'1,2' if address.endswith('=') else '?t=1,2'}" if lacks else address
    elif kind.startswith("text/css"):
        yield from re.findall(r"url\(\s*[\"']?([^\"')]+)", text)
    elif kind.startswith("text/javascript"):
        yield from re.findall(r"(?:from|import)\s*\"(\.[^\"]+)\"", text)
        yield from re.findall(r"new URL\(\"([^\"]+)\",\s*import\.meta\.url\)", text)


def walk(root: str) -> dict[str, int]:
    """Ask for everything that the pages below ``root`` lead to within the host; give how each was answered."""
    seen: dict[str, int] = {}
    waiting = [root]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in seen or urlsplit(address).netloc != urlsplit(root).netloc:
            continue
        status, headers, body = get(address)
        seen[address] = status
        for name, value in SECURITY.items():
            # This page alone may be framed.
            framed = address.partition("?")[0].endswith("/embed")
            expected = value.replace("frame-ancestors 'none'", "frame-ancestors *") if framed else value
            assert headers[name.lower()] == expected, (address, name)
        waiting += [urljoin(address, each) for each in led(headers.get("content-type", ""), body)]
    return seen


@pytest.mark.parametrize(
    ("server", "path"),
    [
        (host_of_its_own(), "/"),
        (below_a_path(), "/tapes/"),
        (USUAL, "/tapes/"),
        (below_a_path("a/b.c~d_e-f"), "/a/b.c~d_e-f/"),
    ],
    ids=["host", "path", "usual", "deeper"],
)
def test_everything_is_found_behind_nginx_and_nothing_leads_out_of_the_path(
    server: str, path: str, site: Path, tmp_path: Path
) -> None:
    with deployed(tmp_path, server, {"8000": site}) as (address, _):
        seen = walk(f"{address}{path}")
        # a waveform that is being drawn is 202
        assert {each: status for each, status in seen.items() if status not in {200, 202}} == {}
        assert [each for each in seen if not each.startswith(f"{address}{path}")] == []
        asked = {each.removeprefix(address + path).partition("?")[0] for each in seen}
        assert asked >= {"", "recordings/tones", "media/tones", "people", "sources/log", "recordings/tones/cite.bib"}
        assert {
            "recordings/tones/clip.mp3",
            "recordings/tones/waveform.svg",
            "recordings/tones/transcript.vtt",
        } <= asked
        assert any(each.endswith("/js/playback/clock-worker.js") for each in asked)
        status, headers, _ = get(f"{address}{path}recordings")
        assert (status, urlsplit(headers["location"]).path) == (308, f"{path}recordings/")
        status, headers, body = get(f"{address}{path}media/tones", Range="bytes=100-")
        assert (status, len(body)) == (206, int(headers["content-range"].partition("/")[2]) - 100)
        status, _, body = get(f"{address}{path}none")
        assert (status, parse(body.decode()).one("a.home")["href"]) == (404, path)
        (cited,) = json.loads(get(f"{address}{path}recordings/tones/cite.json?t=1,2")[2])
        assert cited["URL"] == f"{address}{path}recordings/tones#t=1,2"


def test_what_a_client_claims_does_not_pass_the_nginx_of_the_document(site: Path, tmp_path: Path) -> None:
    claimed = {
        "X_Forwarded_For": "203.0.113.9",
        "X_Forwarded_Proto": "ftp",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Port": "1",
        "X_Forwarded_Prefix": "/evil",
    }
    for number, (server, path) in enumerate(((host_of_its_own(), "/"), (below_a_path(), "/tapes/"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        with deployed(folder, server, {"8000": site}) as (address, log):
            page = f"{address}{path}recordings/tones/cite.json"
            assert get(page, **claimed)[2] == get(page)[2]
            assert {line.split()[0] for line in log.read_text(encoding="ascii").splitlines()} == {"127.0.0.0"}
        assert (folder / "nginx" / "access.log").read_text(encoding="utf-8") == ""


def test_the_service_runs_as_written(site: Path, tmp_path: Path) -> None:
    command, variables = unit()
    assert command[0] == "/opt/tape-player/bin/player"
    assert (variables["PLAYER_ARCHIVE"], variables["PLAYER_CACHE"]) == ("/srv/tapes", "/var/cache/tape-player")
    with service(site, tmp_path / "cache") as port:
        assert get(f"http://127.0.0.1:{port}/healthz")[0] == 200
        (cited,) = json.loads(get(f"http://127.0.0.1:{port}/recordings/tones/cite.json")[2])
        assert cited["URL"] == f"{variables['PLAYER_URL']}/recordings/tones"
        assert get(f"http://127.0.0.1:{port}/recordings/tones/clip.mp3?t=1,2")[0] == 200
        assert list((tmp_path / "cache" / "clips").glob("*.mp3"))


def test_systemd_accepts_every_line_of_the_unit(tmp_path: Path) -> None:
    found = program("systemd-analyze")
    (text,) = blocks("ini")
    path = tmp_path / "tape-player.service"
    path.write_text(text.replace("/opt/tape-player/bin/player", "/bin/true"), encoding="utf-8")
    # It reads the unit; nothing is started.
    done = subprocess.run([found, "verify", path], capture_output=True, text=True, check=False, timeout=LIMIT)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_table_of_variables_is_the_codes_own() -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \| \S.* \| \S.* \|$", DOCUMENT, flags=re.MULTILINE)
    assert len(listed) == len(set(listed))
    files = list(PACKAGE.rglob("*.py"))
    named = {name for path in files for name in re.findall(NAME, path.read_text(encoding="utf-8"))}
    assert set(listed) == named
    assert {name for path in files for name in read(path)} <= set(listed)
    assert set(unit()[1]) <= set(listed)


def read(path: Path) -> Iterator[str]:
    """Give the variables that a module reads by a name that is written out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.getenv"}:
            key: ast.expr | None = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            key = node.slice
        else:
            key = next((each.value for each in getattr(node, "keywords", ()) if each.arg == "envvar"), None)
        if isinstance(key, ast.Constant):
            yield str(key.value)


def test_the_words_of_every_failure_are_the_programs_own() -> None:
    table = DOCUMENT.partition("## When it fails")[2]
    told = re.findall(r"^\| (?:a page: )?`([^`]+)` \|", table, flags=re.MULTILINE)
    assert len(told) >= 8
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    code = re.sub(r'"\s*\n\s*f?"', "", code).replace("PLAYER_CLIP_{field.name.upper()}", "PLAYER_CLIP_MINUTES")
    for words in told:
        for part in words.replace("PLAYER_CLIP_MINUTES is ", "").replace("8000 on 127.0.0.1", "…").split("…"):
            assert part.strip("; ") in code, part


def test_readme_leads_there() -> None:
    assert "(docs/deploy.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
