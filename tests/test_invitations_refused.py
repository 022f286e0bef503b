"""An invitation that is wrong, over or taken back opens nothing, at the next request, and all alike."""

from __future__ import annotations

import datetime as dt
import re
import select
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, IncompleteRead
from typing import TYPE_CHECKING, Any, Final

import pytest
from clipping import run
from closings import record_of
from guests import CLIP, DRAFT, PAGE, SOUND, app, guest, invited, root, with_cookie
from holding import LIMIT
from small_archive import write_tones
from started import port_of, started
from werkzeug.test import EnvironBuilder

from player.archive.gate.clock import Clock
from player.web.app import create_app
from player.web.serving.drafts import ATTEMPTS
from player.web.serving.still_shown import MAY_GO_ON

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask

__all__ = ["app", "root"]

NOT_OPENED: Final = "This invitation opens nothing"


def refusals(app: Flask, cookie: str) -> set[tuple[int, str]]:
    return {(each.status_code, each.text) for path in (PAGE, SOUND, CLIP) for each in [with_cookie(app, path, cookie)]}


def test_what_is_wrong_over_or_taken_back_is_refused_in_the_same_words(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.web.serving.drafts.ATTEMPTS", 1000)
    app = create_app(root)
    ended, over, good = invited(root), invited(root, name="Otto"), invited(root, name="Ines")
    path = root / "transcripts/tones/invitations.toml"
    text = path.read_text("utf-8")
    first, second, third = text.split("[[invitation]]")[1:]
    path.write_text("[[invitation]]".join(["", first, second.replace("2940-03-01", "2020-03-01"), third]), "utf-8")
    assert run(root, "invite", "tones", "--revoke", "nora quill").exit_code == 0
    wrong = (
        *("", "x", "x" * 43, ended, over, good[:-1], good[1:], f"{good}x", good.swapcase(), f"{good}\u00e9", " "),
        *(good.encode().hex(), "../" * 9, "%00", f"{good}&token=x"),
    )
    told = set()
    for secret in wrong:
        cookie = f"invited-tones={secret.encode().decode('latin-1')}"
        told |= refusals(app, cookie)
        if secret and "token" not in secret:
            answer = app.test_client().get("/invited/", query_string={"token": secret})
            told.add((answer.status_code, answer.text))
            assert "Set-Cookie" not in answer.headers
    ((status, text),) = told
    assert status == 404
    assert NOT_OPENED in text
    assert refusals(app, f"invited-nothing={good}") == told
    assert with_cookie(app, "/invited/recordings/nothing", f"invited-nothing={good}").text == text
    assert guest(app, good).get(PAGE).status_code == 200


def test_who_is_taken_back_is_refused_at_the_next_request(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    tags = {path: client.get(path, buffered=True).headers["ETag"] for path in (PAGE, SOUND, CLIP)}
    assert run(root, "invite", "tones", "--revoke", "Nora Quill").exit_code == 0
    for path, tag in tags.items():
        assert client.get(path).status_code == 404
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 404
        assert client.get(path, headers={"Range": "bytes=0-"}).status_code == 404


class Days:
    """A clock that tests set on, and that nobody has tampered with."""

    def __init__(self, moment: str) -> None:
        self.now = dt.datetime.fromisoformat(moment).timestamp()

    def clock(self, root: Path) -> Clock:
        return Clock(root, lambda: self.now, lambda: self.now)

    def set(self, moment: str) -> None:
        self.now = dt.datetime.fromisoformat(moment).timestamp()


def test_the_last_day_is_over_when_it_is_over_everywhere(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days("2930-04-30T12:00:00+00:00")
    monkeypatch.setattr("player.archive.archive.Clock", days.clock)
    app, secret = create_app(root), invited(root, until=dt.date(2930, 5, 1))
    client = guest(app, secret)
    days.set("2930-05-01T11:00:00+00:00")
    assert client.get(PAGE).status_code == 200
    days.set("2930-05-02T11:59:00+00:00")
    assert client.get(PAGE).status_code == 200, "at twelve hours west of Greenwich it is 1 May"
    days.set("2930-05-02T12:00:30+00:00")
    for path in (PAGE, SOUND, CLIP):
        assert client.get(path).status_code == 404
    assert app.test_client().get(f"/invited/?token={secret}").status_code == 404


def test_while_the_clock_is_not_trusted_nobody_is_let_in(app: Flask, root: Path) -> None:
    client = guest(app, invited(root))
    archive = app.extensions["archive"]
    moved = [time.time() - 3 * 86_400]
    archive.clock = Clock(archive.root, lambda: moved[0], time.monotonic)
    assert client.get(PAGE).status_code == 404
    moved[0] = time.time()
    archive.clock.confirm()
    assert client.get(PAGE).status_code == 200


@pytest.mark.long
def test_a_sound_that_is_being_sent_is_asked_for_its_invitation(app: Flask, root: Path) -> None:
    secret = invited(root)
    environ = EnvironBuilder(SOUND, headers=[("Cookie", f"invited-tones={secret}")]).get_environ()
    asked: list[Callable[[], bool]] = []
    statuses: list[str] = []
    environ[MAY_GO_ON] = asked
    start: Any = lambda status, *_: statuses.append(status)  # noqa: E731  # what it writes with is not asked for
    body = app.wsgi_app(environ, start)
    assert statuses == ["200 OK"]
    assert asked
    assert all(ask() for ask in asked)
    run(root, "invite", "tones", "--revoke", "Nora Quill")
    assert not all(ask() for ask in asked)
    getattr(body, "close", lambda: None)()


@pytest.mark.parametrize("after", ['[access]\nrecord = "closed"\n', '[withdrawal]\ndate = "2026-01-01"\n', "title ="])
def test_a_recording_that_is_closed_later_is_shown_to_no_guest(app: Flask, root: Path, after: str) -> None:
    secret = invited(root)
    client = guest(app, secret)
    record_of(root).write_text(record_of(root).read_text("utf-8").replace(DRAFT, after), "utf-8")
    for path in (PAGE, SOUND, f"/invited/?token={secret}"):
        answer = client.get(path)
        assert (answer.status_code, NOT_OPENED in answer.text) == (404, True), path


@pytest.mark.long
def test_after_too_many_wrong_links_none_is_looked_at_and_who_is_in_stays_in(app: Flask, root: Path) -> None:
    secret = invited(root)
    client = guest(app, secret)
    answers = [app.test_client().get(f"/invited/?token=wrong{number}") for number in range(ATTEMPTS + 1)]
    assert [each.status_code for each in answers] == [404] * ATTEMPTS + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert app.test_client().get(f"/invited/?token={secret}").status_code == 429
    assert client.get(PAGE).status_code == 200
    other = app.test_client().get(f"/invited/?token={secret}", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert other.status_code == 303


def test_a_file_that_cannot_be_read_invites_nobody_and_the_log_has_none_of_its_words(
    app: Flask, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = guest(app, invited(root))
    path = root / "transcripts/tones/invitations.toml"
    path.write_text(path.read_text("utf-8").replace("until =", "untill ="), "utf-8")
    assert client.get(PAGE).status_code == 404
    assert "invitations.toml" in caplog.text
    assert "Nora" not in caplog.text
    path.rename(root.parent / "elsewhere.toml")
    path.symlink_to(root.parent / "elsewhere.toml")
    assert client.get(PAGE).status_code == 404


def test_nothing_is_read_for_who_says_no_secret(app: Flask, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invited(root)
    read: list[str] = []
    monkeypatch.setattr("player.web.serving.guests.invitations", lambda _, slug: read.append(slug))
    for path in (PAGE, "/recordings/tones", "/", "/invited/people", "/invited/"):
        app.test_client().get(path)
    assert read == []


@pytest.mark.long
def test_at_the_real_server_the_log_has_no_secret_and_a_sound_ends_with_its_invitation(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tones(root / "media" / "tones.wav", seconds=2000)
    log = root.parent / "access.log"
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root), "--access-log", str(log)]
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "0")
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "player",
            "invite",
            "tones",
            "--for",
            "Nora",
            "--until",
            "2940-01-01",
            "--archive",
            root,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (link,) = re.findall(r"^(/invited/\?token=\S+)$", told, re.MULTILINE)
    with started(command) as address:
        connection = HTTPConnection("127.0.0.1", port_of(address), timeout=LIMIT)
        connection.request("GET", link)
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        connection.request("GET", SOUND, headers={"Cookie": cookie})
        answer = connection.getresponse()
        size = int(answer.getheader("Content-Length") or 0)
        assert (answer.status, size) == (200, (root / "media/tones.wav").stat().st_size)
        answer.read(1000)
        assert run(root, "invite", "tones", "--revoke", "Nora").exit_code == 0
        # It is asked once a second; what is under way by then still comes.
        ended = select.poll()
        ended.register(connection.sock, getattr(select, "POLLRDHUP", 0))
        assert ended.poll(LIMIT * 1000)
        received = 1000
        with suppress(ConnectionError, IncompleteRead):
            while data := answer.read1(1 << 20):
                received += len(data)
        assert received < size
        connection.close()
    written = log.read_text("ascii")
    assert '"GET /invited/ HTTP/1.1" 303' in written
    assert f'"GET {SOUND} HTTP/1.1" 200' in written
    assert link.partition("=")[2] not in written
