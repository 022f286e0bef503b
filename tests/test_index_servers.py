"""Servers notice what changes in an archive, share one index, and then show what one that starts anew would."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import pytest
from bench._processes import with_children
from bench.many import COMMON, RARE, Many, slug, write_archive
from clip_server import LIMIT, until

from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

FEW: Final = Many(recordings=4, lines=12, notes=3, beside=4)
LISTS: Final = ("/", "/recordings/", "/people", "/sources", "/chronology", "/dossiers", "/dossiers/accounts-00001")
SEARCHES: Final = tuple(f"/search?q={quote(words)}" for words in (COMMON, RARE, "anew", "nowhere to be found"))
NEW: Final = slug(7)


class Server:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.port = int(process.stdout.readline().split()[4].rpartition(":")[2].strip("/"))

    def get(self, path: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def shows(self, path: str, words: str) -> bool:
        return words in self.get(path)[1]


@contextmanager
def serving(root: Path, cache: Path) -> Iterator[Server]:
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root)]
    environment = {**os.environ, "PLAYER_CACHE": str(cache)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield Server(process)
        finally:
            if process.poll() is None:
                process.terminate()
            said = process.communicate(timeout=LIMIT)[1]
            assert "Traceback" not in said, said


def addresses(root: Path) -> list[str]:
    """List what there is to ask for, and some that are not there."""
    names = [*(path.name for path in (root / "transcripts").glob("talk-*")), slug(0), slug(1), NEW]
    each = [f"/recordings/{name}{page}" for name in sorted(set(names)) for page in ("", "/transcript.vtt", "/cite")]
    numbers = range(1, FEW.beside + 2)
    return [
        *LISTS, *SEARCHES, *each,
        *(f"/people/person-{number}" for number in numbers),
        *(f"/sources/source-{number}" for number in numbers),
    ]  # fmt: skip


def as_new(root: Path, cache: Path) -> dict[str, tuple[int, str]]:
    """Give what an application shows that has just been made, with nothing in its cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYER_CACHE", str(cache))
        client = create_app(root).test_client()
        found = {path: client.get(path) for path in addresses(root)}
        return {path: (answer.status_code, answer.get_data(as_text=True)) for path, answer in found.items()}


def shown(server: Server, root: Path) -> dict[str, tuple[int, str]]:
    return {path: server.get(path) for path in addresses(root)}


def assert_right(servers: list[Server], root: Path, cache: Path) -> None:
    """See to it that every page of every server is what it would be if nothing had been there before."""
    expected = as_new(root, cache)
    for server in servers:
        # What stands in other files than its own comes with the next look, a moment later: page by page, then in all.
        for path, answer in expected.items():
            until(lambda server=server, path=path, answer=answer: server.get(path) == answer)
        until(lambda server=server: shown(server, root) == expected)
    assert all(str(root) not in body for _, body in expected.values())


@pytest.fixture
def few(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "few", FEW)


def retitle(root: Path, name: str, title: str) -> None:
    path = root / "transcripts" / name / "recording.toml"
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    assert first.startswith("title")
    path.write_text(f'title = "{title}"\n{rest}', encoding="utf-8")


def test_servers_that_share_an_index_notice_every_change(few: Path, tmp_path: Path) -> None:
    texts = few / "transcripts"
    cache = tmp_path / "cache"
    with serving(few, cache) as one, serving(few, cache) as two:
        servers = [one, two]
        assert_right(servers, few, tmp_path / "fresh-0")
        retitle(few, slug(0), "Called anew")
        assert all(server.shows(f"/recordings/{slug(0)}", "Called anew") for server in servers), "its own page at once"
        for server in servers:
            until(lambda server=server: server.shows("/recordings/", "Called anew"))
        assert_right(servers, few, tmp_path / "fresh-1")
        shutil.copytree(texts / slug(1), texts / NEW)
        retitle(few, NEW, "One that came")
        assert all(server.shows(f"/recordings/{NEW}", "One that came") for server in servers), "its own page at once"
        for server in servers:
            until(lambda server=server: server.shows("/recordings/", "One that came"))
        assert_right(servers, few, tmp_path / "fresh-2")
        shutil.rmtree(texts / NEW)
        assert [server.get(f"/recordings/{NEW}")[0] for server in servers] == [404, 404]
        for server in servers:
            until(lambda server=server: not server.shows("/recordings/", "One that came"))
        assert_right(servers, few, tmp_path / "fresh-3")
        (texts / slug(0)).rename(texts / NEW)
        assert [server.get(f"/recordings/{slug(0)}")[0] for server in servers] == [404, 404]
        for server in servers:
            until(lambda server=server: server.shows("/recordings/", f"/recordings/{NEW}"))
        assert_right(servers, few, tmp_path / "fresh-4")


def test_servers_that_start_at_once_on_nothing_make_one_index(few: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with serving(few, cache) as one, serving(few, cache) as two, serving(few, cache) as three:
        assert_right([one, two, three], few, tmp_path / "fresh")
    assert len(list((cache / "index").glob("*.sqlite"))) == 1


def test_when_a_server_is_killed_nothing_of_it_lives_on_and_another_goes_on_looking(few: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with serving(few, cache) as one, serving(few, cache) as two:
        assert_right([one, two], few, tmp_path / "fresh-0")
        started = with_children([one.process.pid]) - {one.process.pid}
        one.process.send_signal(signal.SIGKILL)
        one.process.wait(LIMIT)
        until(lambda: not any(map(_is_alive, started)))
        retitle(few, slug(0), "Called anew")
        until(lambda: two.shows("/recordings/", "Called anew"))
        assert_right([two], few, tmp_path / "fresh-1")


def test_when_what_looks_is_killed_the_server_goes_on_looking(few: Path, tmp_path: Path) -> None:
    with serving(few, tmp_path / "cache") as server:
        assert_right([server], few, tmp_path / "fresh-0")
        for process in with_children([server.process.pid]) - {server.process.pid}:
            os.kill(process, signal.SIGKILL)
        retitle(few, slug(0), "Called anew")
        until(lambda: server.shows("/recordings/", "Called anew"))
        assert_right([server], few, tmp_path / "fresh-1")


def test_when_the_index_is_removed_or_damaged_under_a_server_it_is_made_again(few: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with serving(few, cache) as server:
        assert_right([server], few, tmp_path / "fresh-0")
        for path in (cache / "index").iterdir():
            path.unlink()
        assert_right([server], few, tmp_path / "fresh-1")
        for path in (cache / "index").glob("*.sqlite"):
            path.write_bytes(bytes(path.stat().st_size))
        assert_right([server], few, tmp_path / "fresh-2")
        shutil.rmtree(cache)
        assert_right([server], few, tmp_path / "fresh-3")
        retitle(few, slug(0), "Called anew")
        until(lambda: server.shows("/recordings/", "Called anew"))
        assert_right([server], few, tmp_path / "fresh-4")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"title = ",
        b"title = 5\n",
        b"\xff\xfe",
        b"[[annotation]]\n",
        b'title = "a"\ndate = "1963"\nmedia = "/etc/x"\n',
    ],
    ids=["empty", "cut", "a number", "UTF-16", "another table", "a path"],
)
def test_a_record_that_is_wrong_is_not_there_and_spares_the_others(few: Path, tmp_path: Path, damage: bytes) -> None:
    path = few / "transcripts" / slug(0) / "recording.toml"
    right = path.read_bytes()
    with serving(few, tmp_path / "cache") as server:
        assert_right([server], few, tmp_path / "fresh-0")
        path.write_bytes(damage)
        status, page = server.get(f"/recordings/{slug(0)}")
        assert status == 404
        for told in (str(few), str(tmp_path), "recording.toml:", "Traceback", "write "):
            assert told not in page, told
        assert_right([server], few, tmp_path / "fresh-1")
        for address in addresses(few):
            status, page = server.get(address)
            assert status in {200, 404}, address
            assert str(few) not in page
        path.write_bytes(right)
        assert_right([server], few, tmp_path / "fresh-2")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
