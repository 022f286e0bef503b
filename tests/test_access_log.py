"""The access log: off unless asked for, a line for each answer, and nobody in it who could be named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from wsgiref.util import FileWrapper

import pytest

from player.cli import main
from player.errors import ServeError
from player.web.app import create_app
from player.web.serving import access_log
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from click.testing import CliRunner
    from flask import Flask

LINE = re.compile(
    r"(?P<who>[0-9a-f.:]+|-) - - \[(?P<time>\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} \+0000)\] "
    r'"(?P<method>\S+) (?P<path>\S+) (?P<protocol>\S+)" (?P<status>\d{3}) (?P<bytes>\d+|-)'
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


@pytest.fixture
def logged(archive: Path, log: Path) -> Flask:
    return create_app(archive, log_place=str(log), site=Site(proxies=1))


def lines(log: Path) -> list[dict[str, str]]:
    """The fields of each line; one that has others is a failure."""
    found = []
    for text in log.read_text(encoding="ascii").splitlines():
        match = LINE.fullmatch(text)
        assert match, text
        found.append(match.groupdict())
    return found


def test_it_is_off_unless_it_is_asked_for(app: Flask, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert app.test_client().get("/").status_code == 200
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.glob("*.log"))
    assert not isinstance(app.wsgi_app, access_log.AccessLog)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "length"),
    [
        ("GET", "/media/tones", {}, "200", "160044"),
        ("GET", "/media/tones", {"Range": "bytes=0-99"}, "206", "100"),
        ("GET", "/media/tones", {"Range": "bytes=999999-"}, "416", None),
        ("GET", "/media/tones", {"If-None-Match": "*"}, "304", "-"),
        ("HEAD", "/media/tones", {}, "200", "-"),
        ("GET", "/recordings", {}, "308", None),
        ("GET", "/none", {}, "404", None),
        ("POST", "/", {}, "405", None),
        ("GET", "/", {"Host": "a..b"}, "400", None),
    ],
)
def test_every_answer_is_a_line(
    logged: Flask, log: Path, method: str, path: str, headers: dict[str, str], status: str, length: str | None
) -> None:
    answer = logged.test_client().open(path, method=method, headers=headers)
    body = answer.data
    answer.close()
    (line,) = lines(log)
    assert (line["method"], line["path"], line["status"]) == (method, path, status)
    assert line["bytes"] == (length or str(len(body)))
    assert line["protocol"] == "HTTP/1.1"


def test_what_was_searched_for_and_heard_and_whence_the_reader_came_is_not_written(logged: Flask, log: Path) -> None:
    client = logged.test_client()
    client.get("/recordings/tones?q=secret&t=4.5", headers={"Referer": "http://x.example/?q=secret"})
    client.get("/recordings/tones?q=secret", headers={"User-Agent": "secret", "Cookie": "secret"})
    text = log.read_text(encoding="ascii")
    assert "secret" not in text
    assert "4.5" not in text
    assert [line["path"] for line in lines(log)] == ["/recordings/tones"] * 2


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("::1", "::"),
        ("localhost", "-"),
        ("", "-"),
        ('1.2.3.4" 200 -\n', "-"),
    ],
)
def test_an_address_is_kept_to_its_network(address: str, network: str) -> None:
    assert access_log.network(address) == network


def test_a_trusted_proxy_says_who_asked(logged: Flask, log: Path) -> None:
    logged.test_client().get("/none", headers={"X-Forwarded-For": "10.0.0.1, 192.0.2.77"})
    logged.test_client().get("/none", headers={"X-Forwarded-For": "unknown"})
    logged.test_client().get("/none", headers={"X-Forwarded-Prefix": "/tapes"})
    assert [line["who"] for line in lines(log)] == ["192.0.2.0", "-", "127.0.0.0"]
    assert lines(log)[2]["path"] == "/tapes/none"


@pytest.mark.parametrize(
    "path",
    ['/a"b', "/a\nb", "/a\r\n127.0.0.1 - - x", "/a b", "/a\x1b[31mb", "/a\x00b", "/ä\u2028", "/a\\b", "/" + "x" * 9000],
)
def test_nothing_that_is_asked_for_makes_another_line_or_field(path: str) -> None:
    environ = {"REQUEST_METHOD": 'GE"\nT', "PATH_INFO": path.encode().decode("latin-1"), "SERVER_PROTOCOL": 'H"\r\n'}
    text = access_log.line(environ, "404 NOT FOUND", [("Content-Length", "12")], 0)
    assert LINE.fullmatch(text)
    assert len(text) < 700
    assert text.startswith("- - - [01/Jan/1970:00:00:00 +0000] ")


def test_what_the_application_gives_reaches_the_server_as_it_is(archive: Path, log: Path) -> None:
    given = FileWrapper((archive / "media" / "tones.wav").open("rb"))

    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "160044")])
        return given

    seen: list[object] = []

    def start(*told: object) -> Callable[[bytes], object]:
        seen.append(told)
        return seen.append

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/x", "SERVER_PROTOCOL": "HTTP/1.1"}
    body = access_log.AccessLog(app, str(log))(environ, start)
    assert body is given
    assert seen == [("200 OK", [("Content-Length", "160044")])]
    assert lines(log)[0]["bytes"] == "160044"
    given.close()


def test_a_log_that_was_moved_away_is_begun_anew(logged: Flask, log: Path) -> None:
    client = logged.test_client()
    client.get("/none")
    log.rename(log.with_suffix(".1"))
    client.get("/")
    assert [line["path"] for line in lines(log.with_suffix(".1"))] == ["/none"]
    assert [line["path"] for line in lines(log)] == ["/"]


def test_a_log_that_can_no_longer_be_written_stops_no_answer_and_is_told_once(
    logged: Flask, log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log.unlink()
    log.mkdir()
    for _ in range(3):
        assert logged.test_client().get("/").status_code == 200
    assert [record.getMessage() for record in caplog.records if "access log" in record.getMessage()] == [
        "the access log cannot be written (is a directory); requests are answered without it"
    ]


def test_a_log_that_cannot_be_begun_is_refused_at_the_start(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ServeError, match=r"the access log .* cannot be written \(no such file or directory\); name a file"
    ):
        create_app(archive, log_place=str(tmp_path / "none" / "access.log"))


def test_the_environment_and_the_command_say_where_it_goes(
    archive: Path, log: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], runner: CliRunner
) -> None:
    monkeypatch.setenv("PLAYER_ACCESS_LOG", "-")
    create_app(archive).test_client().get("/none")
    assert LINE.fullmatch(capfd.readouterr().err.strip())
    monkeypatch.setenv("PLAYER_ACCESS_LOG", str(log.parent / "none" / "access.log"))
    told = runner.invoke(main, ["serve", "--port", "0", "--archive", str(archive)])
    assert told.exit_code == 1
    assert "the access log" in told.output
    monkeypatch.setenv("PLAYER_ACCESS_LOG", str(log))
    told = runner.invoke(main, ["serve", "--port", "0", "--archive", str(archive), "--access-log", "/none/access.log"])
    assert told.exit_code == 1
    assert '"/none/access.log"' in told.output
