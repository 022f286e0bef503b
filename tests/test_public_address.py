"""Where the archive is in public: the host that a request names, PLAYER_URL, and what trusted proxies say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from context_files import add_context
from html_elements import parse
from werkzeug.test import run_wsgi_app

from player.errors import ServeError
from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

PAGES = (
    *("/", "/recordings", "/recordings/tones", "/recordings/tones?t=9999", "/recordings/tones/cite", "/none"),
    *(
        "/recordings/tones/cite.bib",
        "/recordings/tones/clip.wav?t=1,2",
        "/media/tones",
        "/healthz",
        "/static/0/js/main.js",
    ),
)
HOSTS = {
    "example.org": "example.org",
    "EXAMPLE.org": "example.org",
    "example.org.": "example.org.",
    "example.org:8080": "example.org:8080",
    "example.org:80": "example.org",
    "example.org:": "example.org",
    "a_b-c.example": "a_b-c.example",
    "xn--bcher-kva.example": "xn--bcher-kva.example",
    "127.0.0.1:8000": "127.0.0.1:8000",
    "[2001:DB8::1]": "[2001:db8::1]",
    "[::1]:8000": "[::1]:8000",
    f"{'a' * 63}.{'b' * 63}": f"{'a' * 63}.{'b' * 63}",
}
NO_HOSTS = (
    *(
        "",
        " ",
        "a..b",
        ".a",
        ".",
        "-a",
        "a-",
        "a b",
        "a\tb",
        "a,b",
        "example.org, example.org",
        "a" * 64,
        "a." * 127 + "a",
    ),
    *("[::1", "::1", "[]", "[::g]", "[::1%25eth0]", "[1.2.3.4]", "[::1]x", "256.1.1.1", "1.2.3", "1.2.3.4."),
    *(
        "user:pass@example.org",
        "user@example.org",
        "example.org/path",
        "example.org?q",
        "example.org#t",
        "http://example.org",
    ),
    *("example.org:0", "example.org:65536", "example.org:99999999", "example.org:x", "example.org:-1", "a:1:2"),
    *(
        "bücher.example",
        "\N{LATIN SMALL LETTER LONG S}.example",
        "%61.example",
        'a"><script>{}',
        "a\\b",
        "a'b",
        "\x00",
        "\x7f",
    ),
)


def ask(
    app: Flask, path: str, host: str | None = "localhost", protocol: str = "HTTP/1.1", **more: str
) -> tuple[str, str]:
    """Ask as a server does that has not looked at the host; give the status and the body."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": protocol,
        "wsgi.url_scheme": "http",
        "SCRIPT_NAME": "",
        **{name.upper(): value for name, value in more.items()},
    }
    if host is not None:
        environ["HTTP_HOST"] = host.encode().decode("latin-1")
    body, status, _ = run_wsgi_app(app.wsgi_app, environ)
    return status, b"".join(body).decode(errors="replace")


def cited(app: Flask, **told: str) -> str:
    """The address that a citation of the recording has."""
    text = ask(app, "/recordings/tones/cite.json", **{"host": "asked.example", **told})[1]
    return str(json.loads(text)[0]["URL"])


@pytest.mark.parametrize("host", NO_HOSTS, ids=repr)
def test_a_host_that_is_none_is_refused_in_words_at_every_address(app: Flask, host: str) -> None:
    for path in PAGES:
        status, text = ask(app, path, host)
        assert status == "400 BAD REQUEST", path
        assert "is not a host name; ask again by the name of the site" in text
        assert "<script>{}" not in text


@pytest.mark.parametrize(("host", "shown"), HOSTS.items())
def test_a_host_that_is_one_is_the_one_that_is_cited(app: Flask, host: str, shown: str) -> None:
    for path in PAGES:
        assert not ask(app, path, host)[0].startswith(("400", "5")) or path.endswith("9999"), path
    assert cited(app, host=host) == f"http://{shown}/recordings/tones"


def test_a_request_without_a_host_is_one_of_http_1_0(app: Flask) -> None:
    assert ask(app, "/", None)[0] == "400 BAD REQUEST"
    status, text = ask(app, "/recordings/tones/cite.json", None, "HTTP/1.0")
    assert (status, json.loads(text)[0]["URL"]) == ("200 OK", "http://127.0.0.1:8000/recordings/tones")
    text = ask(app, "/recordings/tones/cite.json", None, "HTTP/1.0", server_name="::")[1]
    assert json.loads(text)[0]["URL"] == "http://localhost/recordings/tones"


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://example.org"),
        ("HTTPS://Example.org:443/tapes/", "https://example.org/tapes"),
        ("http://example.org:8080/a/b", "http://example.org:8080/a/b"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_public_address_is_that_of_every_citation(
    archive: Path, monkeypatch: pytest.MonkeyPatch, url: str, public: str
) -> None:
    monkeypatch.setenv("PLAYER_URL", url)
    app = create_app(archive)
    page = f"{public}/recordings/tones"
    assert cited(app) == page
    for ending in ("", ".bib", ".ris", ".json"):
        text = ask(app, f"/recordings/tones/cite{ending}?t=2,4.5", "asked.example")[1]
        assert f"{page}#t=2,4.5" in text.replace("&#39;", "'")
        assert "asked.example" not in text
    html = ask(app, "/recordings/tones", "asked.example")[1]
    assert "asked.example" not in html
    assert parse(html).one("p.cited-as").one("span.address").text == page
    assert parse(html).one("recording-player")["data-address"] == page
    # pages lead to each other by paths, wherever they were asked for
    assert parse(html).one("a.home")["href"] == "/"
    assert ask(app, "/", "a..b")[0] == "400 BAD REQUEST"


@pytest.mark.parametrize(
    "url",
    [
        *("example.org", "ftp://example.org", "https://", "https:///tapes", "//example.org", "javascript:alert(1)"),
        *("https://a..b", "https://user:pass@example.org", "https://example.org:99999", "https://bücher.example"),
        *("https://example.org?q", "https://example.org/#t", "https://example.org/a b", "https://example.org//tapes"),
        *(
            "https://example.org/../x",
            'https://example.org/"><script>',
            "https://example.org/%61",
            "https://ex ample.org",
        ),
        "http://\N{KELVIN SIGN}.example",
    ],
)
def test_a_public_address_that_is_none_is_refused_at_the_start(
    archive: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PLAYER_URL", url)
    refused(archive, r"PLAYER_URL is .*; give the archive's public address, such as https://")


@pytest.mark.parametrize("number", ["-1", "10", "one", "1.5", "127.0.0.1", "²"])
def test_a_number_of_proxies_that_is_none_is_refused_too(
    archive: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    monkeypatch.setenv("PLAYER_PROXIES", number)
    refused(archive, r"PLAYER_PROXIES is .*; give the number of proxies in front")


def refused(archive: Path, words: str) -> None:
    """Fail unless the application does not start, in these words."""
    with pytest.raises(ServeError, match=words):
        create_app(archive)


def test_what_is_not_set_or_empty_is_as_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Site.from_environment() == Site(None, 0)
    monkeypatch.setenv("PLAYER_URL", " ")
    monkeypatch.setenv("PLAYER_PROXIES", "")
    assert Site.from_environment() == Site(None, 0)
    monkeypatch.setenv("PLAYER_PROXIES", "2")
    assert Site.from_environment() == Site(None, 2)


FORWARDED = {
    "http_x_forwarded_for": "192.0.2.7",
    "http_x_forwarded_proto": "https",
    "http_x_forwarded_host": "public.example",
    "http_x_forwarded_port": "8443",
    "http_x_forwarded_prefix": "/tapes",
}


def test_what_a_proxy_says_counts_where_one_is_trusted(archive: Path) -> None:
    app = create_app(archive, site=Site(proxies=1))
    assert cited(app, **FORWARDED) == "https://public.example:8443/tapes/recordings/tones"
    assert cited(app) == "http://asked.example/recordings/tones"
    # the reader said what is on the left, the proxy what is on the right
    claimed = {name: f"{value}.evil, {value}" for name, value in FORWARDED.items()}
    assert cited(app, **claimed) == "https://public.example:8443/tapes/recordings/tones"
    two = create_app(archive, site=Site(proxies=2))
    assert cited(two, http_x_forwarded_host="evil.example, public.example, inner.example") == (
        "http://public.example/recordings/tones"
    )


def test_what_anybody_else_says_of_the_way_here_counts_for_nothing(archive: Path) -> None:
    app = create_app(archive)
    html = ask(app, "/recordings/tones", "asked.example", **FORWARDED)
    assert html == ask(app, "/recordings/tones", "asked.example")
    assert cited(app, **FORWARDED) == "http://asked.example/recordings/tones"


def test_the_public_address_goes_before_what_a_proxy_says(archive: Path) -> None:
    app = create_app(archive, site=Site("https://example.org/tapes", proxies=1))
    assert cited(app, **FORWARDED) == "https://example.org/tapes/recordings/tones"
    html = ask(app, "/recordings/tones", http_x_forwarded_prefix="/elsewhere")[1]
    assert parse(html).one("a.home")["href"] == "/elsewhere/"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("proto", ("javascript", "ftp", "https:", "http\r\nX: y", "<script>")),
        ("host", ("a..b", "evil.example/x", "u@evil.example", "<script>", "[::1")),
        ("port", ("0", "65536", "x", "-1", "<script>")),
        (
            "prefix",
            (
                *(
                    "tapes",
                    "//evil.example",
                    "/a//b",
                    "/../x",
                    "/a/./b",
                    "/a b",
                    "/%2e",
                    "/a?b",
                    "/a#b",
                    "javascript:1",
                ),
                *("/<script>", "/ä", "/a\\b", "/\x00"),
            ),
        ),
    ],
)
def test_what_a_trusted_proxy_cannot_mean_is_refused_in_words(
    archive: Path, name: str, values: tuple[str, ...]
) -> None:
    app = create_app(archive, site=Site(proxies=1))
    for value in values:
        for path in PAGES:
            status, text = ask(app, path, **{f"http_x_forwarded_{name}": value.encode().decode("latin-1")})
            assert status == "400 BAD REQUEST", (value, path)
            assert "<script>" not in text


def test_a_list_that_is_none_says_nothing(archive: Path) -> None:
    app = create_app(archive, site=Site(proxies=1))
    for name in ("proto", "host", "port", "prefix"):
        told = {f"http_x_forwarded_{name}": '/"><script>'}
        assert ask(app, "/recordings/tones", **told) == ask(app, "/recordings/tones")


@pytest.mark.parametrize(
    ("value", "prefix"),
    [("/tapes", "/tapes"), ("/tapes/", "/tapes"), ("/a/b.c~d_e-f", "/a/b.c~d_e-f"), ("/", ""), ("", "")],
)
def test_every_page_leads_below_the_prefix_of_the_proxy(archive: Path, value: str, prefix: str) -> None:
    add_context(archive)
    text = (archive / "transcripts" / "people.toml").read_text(encoding="utf-8")
    assert "](/" not in text
    app = create_app(archive, site=Site(proxies=1))
    pages = [
        *("/", "/recordings/tones", "/recordings/tones?q=voice", "/recordings/tones/cite?t=1,2", "/none"),
        *("/people", "/chronology", "/dossiers", "/sources", "/sources/log", "/recordings/tones?t=99999"),
    ]
    for path in pages:
        html = parse(ask(app, path, http_x_forwarded_prefix=value)[1])
        led = [
            element[name]
            for element in html.walk()
            for name in ("href", "src", "action", "data-address", "data-later", "data-wave", "data-cite")
            if name in element and not element[name].startswith("?t=")
        ]
        assert led
        for address in led:
            inside = re.sub(r"^http://localhost(?=/)", "", address)
            assert inside.startswith((f"{prefix}/", "#", "https://")), (path, address)


def test_a_redirect_stays_below_the_prefix(archive: Path) -> None:
    app = create_app(archive, site=Site(proxies=1))
    answer = app.test_client().get(
        "/recordings?a=b", headers={"X-Forwarded-Prefix": "/tapes/", "X-Forwarded-Host": "x.example"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (308, "/tapes/recordings/?a=b")


def test_links_that_people_wrote_lead_below_the_prefix(archive: Path, client: FlaskClient) -> None:
    def link(html: str) -> str:
        return parse(html).one("aside#note-who").one(".body").one("a")["href"]

    assert link(client.get("/recordings/tones").text) == "/sources#source-log"
    app = create_app(archive, site=Site(proxies=1))
    assert link(ask(app, "/recordings/tones", http_x_forwarded_prefix="/tapes")[1]) == "/tapes/sources#source-log"
