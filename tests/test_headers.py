"""Every response is guarded, text is compressed where it is welcome, and what has not changed is not sent again."""

import gzip

import brotli
import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient

from player.web.serving import headers

TEXT = "The account begins at 0:25. " * 200


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    headers.init_app(app)

    @app.get("/page")
    def page() -> str:
        return TEXT

    @app.get("/as/<path:kind>")
    def typed(kind: str) -> Response:
        return Response(TEXT, mimetype=kind)

    @app.get("/short")
    def short() -> str:
        return "x" * 500

    @app.get("/part")
    def part() -> Response:
        return Response(TEXT, status=206)

    @app.get("/kept")
    def kept() -> Response:
        return Response(TEXT, headers={"Cache-Control": "max-age=60"})

    @app.get("/streamed")
    def streamed() -> Response:
        return Response(iter([TEXT]), mimetype="text/plain")

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError

    @app.get("/gone")
    def gone() -> str:
        abort(404)

    @app.post("/page")
    def posted() -> str:
        return TEXT

    return app.test_client()


@pytest.mark.parametrize(
    ("path", "status"), [("/page", 200), ("/as/audio/mpeg", 200), ("/gone", 404), ("/none", 404), ("/broken", 500)]
)
def test_every_response_is_guarded(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert policy == "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    permissions = answer.headers.get("Permissions-Policy", "").split(", ")
    assert ("camera=()" in permissions) is (answer.mimetype == "text/html")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    is_page = answer.mimetype == "text/html"
    assert answer.headers.get("Cross-Origin-Opener-Policy") == ("same-origin" if is_page else None)


def test_a_page_may_say_who_frames_it() -> None:
    app = Flask(__name__)
    headers.init_app(app)
    own = {"Content-Security-Policy": headers.content_policy(framed_by="*")}
    app.add_url_rule("/framed", "framed", lambda: Response(TEXT, headers=own))
    answer = app.test_client().get("/framed")
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert policy.endswith("; frame-ancestors *")
    assert policy.startswith("default-src 'self'; base-uri 'none'; ")


def test_every_kind_of_answer_of_the_player_is_guarded(app: Flask) -> None:
    client = app.test_client()
    sound = client.get("/media/tones")
    told = {
        200: sound,
        202: client.get("/recordings/tones/waveform.svg"),
        206: client.get("/media/tones", headers={"Range": "bytes=0-1"}),
        304: client.get("/media/tones", headers={"If-None-Match": sound.headers["ETag"]}),
        308: client.get("/recordings"),
        400: client.get("/", headers={"Host": "a..b"}),
        404: client.get("/static/0/none.js"),
        405: client.post("/"),
        416: client.get("/media/tones", headers={"Range": "bytes=999999-"}),
    }
    for status, answer in told.items():
        answer.close()
        assert answer.status_code == status
        for name, value in headers.SECURITY.items():
            assert answer.headers.getlist(name) == [value], (status, name)


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "text/css",
        "text/javascript",
        "text/vtt",
        "application/json",
        "application/ld+json",
        "image/svg+xml",
    ],
)
def test_text_is_compressed(client: FlaskClient, kind: str) -> None:
    for accepted, coding, plain in (
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip;q=1, br;q=0.5", "gzip", gzip.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
    ):
        answer = client.get(f"/as/{kind}", headers={"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == coding
        assert answer.content_length == len(answer.data) < len(TEXT) / 10
        assert plain(answer.data).decode() == TEXT
        assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("kind", ["audio/mpeg", "audio/wav", "image/png", "application/octet-stream"])
def test_sound_and_pictures_are_never_compressed(client: FlaskClient, kind: str) -> None:
    answer = client.get(f"/as/{kind}", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert "Vary" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("*", True),
        ("br, gzip;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *", True),
        ("gzip;q=0, br;q=0, *", False),
        ("*;q=0", False),
        ("br", True),
        ("zstd", False),
        ("identity", False),
        ("identity;q=1, gzip;q=0.5", False),
        ("identity;q=0.5, gzip;q=1", True),
        ("", False),
        (None, False),
    ],
)
def test_compression_is_for_those_who_want_it(client: FlaskClient, accepted: str | None, is_compressed: bool) -> None:
    answer = client.get("/page", headers={} if accepted is None else {"Accept-Encoding": accepted})
    assert ("Content-Encoding" in answer.headers) == is_compressed
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/short", "/part", "/streamed"])
def test_short_text_a_part_and_a_stream_stay_plain(client: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "gzip"}).headers


def test_head_has_the_headers_of_get(client: FlaskClient) -> None:
    got, head = (client.open("/page", method=name, headers={"Accept-Encoding": "gzip"}) for name in ("GET", "HEAD"))
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_a_page_that_has_not_changed_is_not_sent_again(client: FlaskClient, accepted: str) -> None:
    first = client.get("/page", headers={"Accept-Encoding": accepted})
    again = client.get("/page", headers={"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Encoding" not in again.headers
    assert "Accept-Encoding" in again.headers["Vary"]


def test_plain_and_compressed_bytes_never_have_one_strong_tag(client: FlaskClient) -> None:
    plain, small = (client.get("/page", headers={"Accept-Encoding": name}).headers["ETag"] for name in ("zstd", "gzip"))
    assert small == f"W/{plain}"


def test_a_page_is_asked_for_each_time_unless_it_says_otherwise(client: FlaskClient) -> None:
    assert client.get("/page").headers["Cache-Control"] == "no-cache"
    assert client.get("/none").headers["Cache-Control"] == "no-cache"
    assert client.get("/kept").headers["Cache-Control"] == "max-age=60"


def test_the_answer_to_post_is_complete(client: FlaskClient) -> None:
    answer = client.post("/page", headers={"If-None-Match": "*"})
    assert (answer.status_code, answer.text) == (200, TEXT)


def test_what_is_compressed_does_not_hold_the_time_of_day() -> None:
    body = headers.compressed(TEXT.encode(), "gzip")
    assert body is not None
    assert body[4:8] == bytes(4)  # MTIME, RFC 1952 section 2.3.1


def test_a_redirect_does_not_repeat_the_host_that_was_claimed() -> None:
    app = Flask(__name__)
    headers.init_app(app)
    app.add_url_rule("/page/", "page", lambda: "a page")
    for host in ("evil.example", "evil.example/a?b"):
        answer = app.test_client().get("/page?a=b", headers={"Host": host})
        assert (answer.status_code, answer.headers["Location"]) == (308, "/page/?a=b")
