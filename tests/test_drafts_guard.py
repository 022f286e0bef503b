"""A server that shows drafts answers those who have its token or its password, and nobody else anything."""

from __future__ import annotations

import base64
import hmac
import os
import re
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from player.errors import ServeError
from player.web.app import create_app
from player.web.serving.drafts import ALL_ATTEMPTS, ALWAYS, ATTEMPTS, PasswordGuard, TokenGuard, guard_for
from player.web.serving.passwords import password_in
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

PUBLIC: Final = Site("https://tapes.example.org", 1)
OVER_TLS: Final = {"Host": "tapes.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
ANYWHERE: Final = "0.0.0.0"  # noqa: S104  # what is refused
PASSWORD: Final = "a pässword with spaces: and a colon"  # noqa: S105  # nobody's


@pytest.fixture
def guard() -> TokenGuard:
    return TokenGuard("127.0.0.1", Site())


@pytest.fixture
def guarded(archive: Path, guard: TokenGuard) -> Flask:
    return create_app(archive, guard=guard)


@pytest.fixture
def admitted(guarded: Flask, guard: TokenGuard) -> FlaskClient:
    client = guarded.test_client()
    assert client.get(f"/?token={guard.token}").status_code == 303
    return client


def addresses(app: Flask) -> Iterator[str]:
    """Give an address of each route, as far as its parts can be guessed, and some that there are not."""
    for rule in app.url_map.iter_rules():
        yield re.sub(r"<[^>]*>", "tones", rule.rule)
    yield from ("/none", "/recordings/none", "//example.org/", "/%2e%2e/etc/passwd", "/static/none.css")


def test_whoever_has_no_session_gets_the_same_page_at_every_address(guarded: Flask) -> None:
    client = guarded.test_client()
    bodies = set()
    for address in addresses(guarded):
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            answer = client.open(address, method=method)
            assert answer.status_code == 403, (method, address)
            assert all(answer.headers[name] == value for name, value in ALWAYS.items()), (method, address)
            assert "ETag" not in answer.headers
            bodies.add(answer.data)
    assert len(bodies - {b""}) == 1
    assert b"tones" not in bodies.pop()


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/?token={}", "/"),
        ("/recordings/tones?token={}", "/recordings/tones"),
        ("/recordings/tones?t=2,4&token={}&q=a%20b", "/recordings/tones?t=2,4&q=a%20b"),
        ("/recordings/%C3%BCber?token={}", "/recordings/%C3%BCber"),
        # What follows is never the address of another site.
        ("//example.org/?token={}", "/example.org/"),
        ("/%5Cexample.org?token={}", "/%5Cexample.org"),
        ("/a%0D%0ASet-Cookie:%20x?token={}", "/a%0D%0ASet-Cookie:%20x"),
    ],
)
def test_the_token_becomes_a_cookie_and_leaves_the_address(
    guarded: Flask, guard: TokenGuard, asked: str, led_to: str
) -> None:
    path, _, query = asked.format(guard.token).partition("?")
    # As the server gives it: the test's own client would take // for the beginning of a host.
    raw = {"PATH_INFO": unquote(path, "latin-1"), "QUERY_STRING": query}
    answer = guarded.test_client().get("/", environ_overrides=raw)
    assert (answer.status_code, answer.headers["Location"], answer.data) == (303, led_to, b"")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Strict", "/", "")
    assert guard.token not in str(answer.headers)
    assert len(base64.urlsafe_b64decode(f"{guard.token}=")) == 32


def test_who_has_the_cookie_is_answered_and_nothing_is_kept(admitted: FlaskClient) -> None:
    for address in ("/", "/recordings/tones", "/recordings/tones", "/media/tones", "/robots.txt", "/healthz", "/none"):
        answer = admitted.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == (404 if address == "/none" else 200), address
        for name, value in ALWAYS.items():
            assert answer.headers.getlist(name) == [value], (address, name)
        answer.close()
    assert admitted.get("/media/tones", headers={"Range": "bytes=0-9"}).data[:4] == b"RIFF"


def test_a_page_that_is_kept_is_not_sent_to_others(archive: Path, admitted: FlaskClient, guarded: Flask) -> None:
    """What is kept is sent again by what stands in front of the application; the guard stands before it."""
    for path in archive.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))  # so long ago that a page of it is kept
    guarded.extensions["index"].look()
    guarded.extensions["index"].is_watched = lambda: True
    pages = [admitted.get("/recordings/tones", headers={"Accept-Encoding": "gzip"}) for _ in range(3)]
    assert {page.status_code for page in pages} == {200}
    assert len(guarded.extensions["kept_pages"])
    other = guarded.test_client().get("/recordings/tones", headers={"Accept-Encoding": "gzip"})
    assert other.status_code == 403
    again = guarded.test_client().get(
        "/recordings/tones", headers={"Accept-Encoding": "gzip", "If-None-Match": pages[0].headers["ETag"]}
    )
    assert again.status_code == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:9", "[::1]", "[::1]:8000"])
def test_the_loopback_may_be_called_by_its_names(admitted: FlaskClient, guard: TokenGuard, host: str) -> None:
    client = admitted.application.test_client()
    assert client.get(f"/?token={guard.token}", headers={"Host": host}).status_code == 303


@pytest.mark.parametrize(
    "host",
    ["example.org", "127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", ANYWHERE, "a..b", "", "[::2]"],
)
def test_another_name_that_is_made_to_mean_this_machine_is_refused(
    admitted: FlaskClient, guard: TokenGuard, host: str
) -> None:
    """DNS rebinding: a page of that name would be of the same origin."""
    cookie = admitted.get_cookie("drafts-80")
    assert cookie is not None
    headers = {"Host": host, "Cookie": f"{cookie.key}={cookie.value}"}
    client = admitted.application.test_client(use_cookies=False)
    assert client.get("/", headers={**headers, "Host": "localhost"}).status_code == 200
    for address in ("/", f"/?token={guard.token}"):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (403, None)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via"])
def test_who_comes_through_a_proxy_is_not_on_this_machine(admitted: FlaskClient, header: str) -> None:
    assert admitted.get("/", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("given_token", ["", "x", "{}x", "x{}", " {}", "{}%20"])
def test_another_token_is_refused(guarded: Flask, guard: TokenGuard, given_token: str) -> None:
    answer = guarded.test_client().get(f"/?token={given_token.format(guard.token)}")
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (403, None)


def test_only_a_request_that_reads_may_bring_the_token(guarded: Flask, guard: TokenGuard) -> None:
    assert guarded.test_client().post(f"/?token={guard.token}").status_code == 403
    assert guarded.test_client().head(f"/?token={guard.token}").status_code == 303


def test_a_session_ends_with_its_server(archive: Path, admitted: FlaskClient) -> None:
    cookie = admitted.get_cookie("drafts-80")
    assert cookie is not None
    later = create_app(archive, guard=TokenGuard("127.0.0.1", Site())).test_client(use_cookies=False)
    assert later.get("/", headers={"Cookie": f"{cookie.key}={cookie.value}"}).status_code == 403


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=80), st.booleans())
@example("drafts-80", False)  # noqa: FBT003  # Hypothesis takes them in order
@example("drafts-80=", False)  # noqa: FBT003
@example("=;=;drafts-80==", True)  # noqa: FBT003
def test_no_cookie_that_is_made_up_opens_it(written: str, is_named: bool) -> None:
    asked = []

    def app(_environ: object, _start: object) -> list[bytes]:
        asked.append(1)
        return []

    statuses: list[str] = []
    cookie = f"drafts-80={written}" if is_named else written
    environ = {"REQUEST_METHOD": "GET", "HTTP_HOST": "localhost", "SERVER_PORT": "80", "HTTP_COOKIE": cookie}
    answered = TokenGuard("127.0.0.1", Site()).around(app)
    list(answered(environ, lambda status, *_: statuses.append(status)))  # type: ignore[arg-type]  # a start_response as plain as can be
    assert (statuses, asked) == (["403 Forbidden"], [])


def test_neither_token_nor_cookie_is_logged(archive: Path, guard: TokenGuard, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    client = create_app(archive, guard=guard, log_place=str(log)).test_client()
    for address in (f"/?token={guard.token}", "/recordings/tones", "/?token=wrong"):
        client.get(address)
    cookie = client.get_cookie("drafts-80")
    assert cookie is not None
    logged = log.read_text(encoding="ascii")
    assert [line.split()[-2] for line in logged.splitlines()] == ["303", "200", "403"]
    assert not any(secret in logged for secret in (guard.token, cookie.value, "token"))


def test_nginx_is_not_told_to_send_what_it_is_not_in_front_of(
    archive: Path, guard: TokenGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variables of the public server may be set in the shell in which drafts are shown."""
    monkeypatch.setenv("PLAYER_ACCEL", "/sounds")
    monkeypatch.setenv("PLAYER_PROXIES", "1")
    guard = TokenGuard("127.0.0.1", Site.from_environment())
    client = create_app(archive, guard=guard, site=guard.site).test_client()
    client.get(f"/?token={guard.token}")
    answer = client.get("/media/tones")
    assert "X-Accel-Redirect" not in answer.headers
    assert answer.data[:4] == b"RIFF"


# --- the password


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def public(archive: Path, clock: Clock) -> Flask:
    return create_app(archive, guard=PasswordGuard(PASSWORD, PUBLIC, clock), site=PUBLIC)


def basic(password: str, user: str = "editor", charset: str = "utf-8") -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode(charset)).decode()}"


def ask(app: Flask, password: str | None, address: str = "/", **headers: str) -> TestResponse:
    said = {} if password is None else {"Authorization": basic(password)}
    return app.test_client(use_cookies=False).get(address, headers={**OVER_TLS, **said, **headers})


def test_the_password_is_asked_for_at_every_address(public: Flask) -> None:
    for address in addresses(public):
        answer = ask(public, None, address)
        assert answer.status_code == 401, address
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Drafts", charset="UTF-8"'
        assert answer.headers["Cache-Control"] == "private, no-store"
    for authorization in ("Bearer x", "Basic", "Basic !", "Basic Og", "Basic /w==", f"{basic('x')} more", "\x00"):
        assert ask(public, None, Authorization=authorization).status_code == 401


def test_the_password_opens_it_and_a_session_goes_on(public: Flask) -> None:
    answer = ask(public, PASSWORD)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert "X-Robots-Tag" in answer.headers
    (cookie,) = SimpleCookie(answer.headers["Set-Cookie"]).values()
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "Strict", True, "/")
    assert cookie.key.startswith("__Secure-")
    assert ask(public, None, Cookie=f"{cookie.key}={cookie.value}").status_code == 200
    # With its accents as marks of their own, as another keyboard may send it.
    assert ask(public, PASSWORD.replace("ä", "a\u0308")).status_code == 200
    assert ask(public, PASSWORD.upper()).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Proto": ""},
        {"Host": "127.0.0.1:8000"},
        {"Host": "tapes.example.org.example.net"},
        {"Host": "a..b"},
        {"X-Forwarded-Host": "example.net"},
    ],
)
def test_without_tls_or_elsewhere_no_password_is_asked_for_or_looked_at(public: Flask, headers: dict[str, str]) -> None:
    for password in (PASSWORD, None):
        answer = ask(public, password, **headers)
        assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (403, None)
    assert ask(public, PASSWORD, Host="tapes.example.org", **{"X-Forwarded-Port": "443"}).status_code == 200


def test_wrong_passwords_are_few_in_a_minute(public: Flask, clock: Clock) -> None:
    for _ in range(ATTEMPTS):
        assert ask(public, "not the password").status_code == 401
    answer = ask(public, PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    # Another network may, and so may who has a session.
    elsewhere = ask(public, PASSWORD, **{"X-Forwarded-For": "198.51.100.1"})
    assert elsewhere.status_code == 200
    cookie = elsewhere.headers["Set-Cookie"].partition(";")[0]
    assert ask(public, None, Cookie=cookie).status_code == 200
    clock.now += 59.9
    assert ask(public, PASSWORD).status_code == 429
    clock.now += 0.1
    assert ask(public, PASSWORD).status_code == 200


def test_wrong_passwords_of_all_networks_are_limited_too(public: Flask, clock: Clock) -> None:
    for number in range(ALL_ATTEMPTS):
        assert ask(public, "not the password", **{"X-Forwarded-For": f"10.{number}.0.1"}).status_code == 401
    assert ask(public, PASSWORD, **{"X-Forwarded-For": "198.51.100.1"}).status_code == 429
    clock.now += 60
    assert ask(public, PASSWORD, **{"X-Forwarded-For": "198.51.100.1"}).status_code == 200


# --- how it is set up


def password_file(tmp_path: Path, content: bytes, mode: int = 0o600) -> Path:
    path = tmp_path / "password"
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"twelve signs",
        b"twelve signs\n",
        b"twelve signs\r\nmore",
        b"\xef\xbb\xbftwelve signs\n\n",
        b"twelve signs\n\xff",
    ],
)
def test_the_password_is_the_first_line_of_its_file(tmp_path: Path, content: bytes) -> None:
    if content.endswith(b"\xff"):
        with pytest.raises(ServeError, match="not UTF-8"):
            password_in(password_file(tmp_path, content))
        return
    assert password_in(password_file(tmp_path, content)) == "twelve signs"


@pytest.mark.parametrize(
    ("content", "mode", "message"),
    [
        (b"eleven sign\n", 0o600, ":1: the password has 11 characters; choose one of at least 12"),
        (b"", 0o600, ":1: the password has 0 characters"),
        (b"\ntwelve signs", 0o600, ":1: the password has 0 characters"),
        (b"twelve\tsigns", 0o600, ":1: the password contains a tab"),
        (b"twelve signs", 0o640, "others than its owner may read or change"),
        (b"twelve signs", 0o604, "let nobody else: chmod 600 "),
        (b"twelve signs", 0o620, "others than its owner"),
    ],
)
def test_a_file_that_is_no_safe_password_is_refused(tmp_path: Path, content: bytes, mode: int, message: str) -> None:
    with pytest.raises(ServeError, match=re.escape(message)):
        password_in(password_file(tmp_path, content, mode))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none", Path("/dev/zero")):
        with pytest.raises(ServeError, match="cannot be read"):
            password_in(path)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LocalHost", "::1", "127.0.0.5"])
def test_without_a_password_it_is_on_the_loopback(host: str) -> None:
    assert isinstance(guard_for(host, None, PUBLIC), TokenGuard)


@pytest.mark.parametrize(
    "host", [ANYWHERE, "::", "192.0.2.1", "example.org", "", "localhost.example.org", "::ffff:1.2.3.4"]
)
def test_without_a_password_it_is_nowhere_else(host: str) -> None:
    with pytest.raises(ServeError, match="drafts are shown on this machine only"):
        guard_for(host, None, PUBLIC)


@pytest.mark.parametrize(
    ("site", "message"),
    [
        (Site(None, 1), "PLAYER_URL does not say"),
        (Site("http://tapes.example.org", 1), "PLAYER_URL does not say"),
        (Site("https://tapes.example.org", 0), "PLAYER_PROXIES is not set"),
    ],
)
def test_a_password_is_asked_for_over_tls_only(tmp_path: Path, site: Site, message: str) -> None:
    path = password_file(tmp_path, b"twelve signs")
    for host in ("127.0.0.1", ANYWHERE):
        with pytest.raises(ServeError, match=message):
            guard_for(host, path, site)
    assert isinstance(guard_for(ANYWHERE, path, PUBLIC), PasswordGuard)


def test_what_is_compared_takes_no_longer_for_what_is_more_alike(
    guarded: Flask, guard: TokenGuard, public: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comparing is left to what is made for that: with it out of order, nothing that is right is right."""
    monkeypatch.setattr(hmac, "compare_digest", lambda *_: False)
    assert guarded.test_client().get(f"/?token={guard.token}").status_code == 403
    assert ask(public, PASSWORD).status_code == 401
    monkeypatch.setattr(hmac, "compare_digest", lambda *_: True)
    assert guarded.test_client(use_cookies=False).get("/", headers={"Cookie": "drafts-80=x"}).status_code == 200
