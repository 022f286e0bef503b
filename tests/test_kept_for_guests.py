"""A real server keeps no page of a guest: what one reads is sent to no other, whatever was asked before."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pytest
from closed_looking import plain
from closings import write_closed
from holding import LIMIT
from html_elements import parse
from started import port_of, started

from player.archive.archive import Archive
from player.intake import inviting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

PAGE: Final = "/invited/recordings/tones"
PATHS: Final = (PAGE, f"{PAGE}?t=2", f"{PAGE}/lines/first", f"{PAGE}/text")
LONG_AGO: Final = 1_000_000_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_closed(tmp_path / "archive", '[access]\nrecord = "draft"\n')


@pytest.fixture
def invited(root: Path) -> dict[str, str]:
    """The secrets of two, by their names."""
    until = dt.date(2940, 3, 1)
    secrets = {name: inviting.invite(Archive(root), "tones", name, until) for name in ("Nora Quill", "Otto Reed")}
    # Of files that were changed just now nothing is kept.
    for file in root.rglob("*"):
        os.utime(file, (LONG_AGO, LONG_AGO))
    return secrets


@pytest.fixture
def port(root: Path, tmp_path: Path, invited: dict[str, str]) -> Iterator[int]:
    """A server over that archive, which is read after the invitations were given."""
    assert invited
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root)]
    with started(command, env=os.environ | {"PLAYER_CACHE": str(tmp_path / "cache")}) as address:
        yield port_of(address)


def ask(port: int, path: str, secret: str | None, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
    cookie = {"Cookie": f"invited-tones={secret}"} if secret else {}
    connection.request("GET", path, headers={"Accept-Encoding": "br, gzip", **cookie, **headers})
    with connection.getresponse() as answer:
        body, found = answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return answer.status, found, plain(body, found.get("content-encoding")).decode()


def test_two_who_ask_at_once_and_again_each_read_their_own_name_and_nothing_of_it_is_kept(
    port: int, invited: dict[str, str]
) -> None:
    asked = [(name, path) for _ in range(4) for path in PATHS for name in invited]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: ask(port, each[1], invited[each[0]]), asked))
    for (name, path), (status, headers, text) in zip(asked, answers, strict=True):
        (other,) = set(invited) - {name}
        assert status == 200, path
        assert f"It is shown to {name} until" in parse(text).all("aside")[0].text
        assert other not in text
        assert "no-store" in headers["cache-control"]
        assert "public" not in headers["cache-control"]


def test_what_one_was_sent_is_no_answer_to_the_other_and_none_to_a_visitor(port: int, invited: dict[str, str]) -> None:
    (first, secret), (second, another) = invited.items()
    for path in PATHS:
        _, headers, mine = ask(port, path, secret)
        tags = {"If-None-Match": headers.get("etag", '"none"')}
        status, _, theirs = ask(port, path, another, **tags)
        assert (status, theirs.count(first)) == (200, 0), "the page of the first is not current for the second"
        assert second in theirs
        assert mine != theirs
        for given in (None, "wrong"):
            status, _, text = ask(port, path, given, **tags)
            assert status == 404
            assert first not in text
            assert second not in text
        assert ask(port, path.removeprefix("/invited"), None, **tags)[0] == 404
