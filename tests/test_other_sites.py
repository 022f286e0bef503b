"""Pages of other sites may read what anybody may have, and nothing else; nor anything at one's own machine."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pytest
from closings import write_closed
from editors import editors_client
from held_sounds import hold_fed

from player.archive.archive import Archive
from player.intake.inviting import invite
from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ALLOWED: Final = "Access-Control-Allow-Origin"
ORIGIN: Final = {"Origin": "https://viewer.example.net"}
READ: Final = (
    "/recordings/tones/manifest.json",
    "/iiif/collection.json",
    "/recordings/tones/captions.vtt",
    "/recordings/tones/transcript.vtt",
    "/media/tones",
    "/recordings/tones/annotations.json",
    "/recordings/tones/card.png",
)
#: What players of podcasts fetch, in a browser too.
FED: Final = (
    *("/feed.xml", "/feed.png", "/feed/tones.mp3", "/recordings/tones/chapters.json", "/transcript.schema.json"),
    *(f"/recordings/tones/transcript.{form}" for form in ("podcast.json", "srt", "txt", "json", "fadgi.vtt")),
)
#: Hosts as they are called on one's own machine, or in one's own network.
OWN: Final = (
    *("localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8000", "127.9.9.9", "[::1]:8000", "10.1.2.3"),
    *("192.168.1.20", "172.16.0.1", "169.254.1.1", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "100.64.0.1"),
    *("0.0.0.0", "archive", "archive.local", "archive.internal", "nas.lan", "tapes.home.arpa", "a.localhost"),  # noqa: S104  # as a client may say
    "archive.local.",
)


def asked(client: FlaskClient, path: str, host: str = "tapes.example.org", method: str = "GET") -> TestResponse:
    return client.open(path, method=method, headers={"Host": host, **ORIGIN}, buffered=True)


@pytest.mark.parametrize("path", READ)
def test_what_anybody_may_have_may_be_read(archive: Path, path: str) -> None:
    client = create_app(archive).test_client()
    answer = asked(client, path)
    assert (answer.status_code, answer.headers[ALLOWED]) == (200, "*")
    assert "Access-Control-Allow-Credentials" not in answer.headers
    if path.endswith("card.png"):
        return  # whose outline may be drawn meanwhile: then it is another
    again = client.get(path, headers={"Host": "tapes.example.org", "If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers[ALLOWED]) == (304, "*")


def test_what_a_feed_leads_to_may_be_read_by_players_in_a_browser(archive: Path) -> None:
    (archive / "transcripts" / "archive.toml").write_text('name = "Tones"\nfeed = true\n', encoding="utf-8")
    hold_fed(archive)
    client = create_app(archive).test_client()
    for path in FED:
        answer = asked(client, path)
        assert (path, answer.status_code, answer.headers.get(ALLOWED)) == (path, 200, "*")
        assert (path, asked(client, path, "localhost").headers.get(ALLOWED)) == (path, None)


def test_a_part_of_a_sound_may_be_read_and_is_asked_for_before(archive: Path) -> None:
    client = create_app(archive).test_client()
    part = client.get(
        "/media/tones", headers={"Host": "tapes.example.org", "Range": "bytes=0-3", **ORIGIN}, buffered=True
    )
    assert (part.status_code, part.data, part.headers[ALLOWED]) == (206, b"RIFF", "*")
    assert "Content-Range" in part.headers["Access-Control-Expose-Headers"]
    before = asked(client, "/media/tones", method="OPTIONS")
    assert before.headers[ALLOWED] == "*"
    assert "Range" in before.headers["Access-Control-Allow-Headers"]
    assert "POST" not in before.headers["Access-Control-Allow-Methods"]
    told = {(name, value) for name, value in before.headers if name.startswith("Access-Control")}
    none = asked(client, "/media/nothing", method="OPTIONS")
    assert told == {(name, value) for name, value in none.headers if name.startswith("Access-Control")}


@pytest.mark.parametrize(
    "path",
    ["/", "/recordings/tones", "/recordings/tones/embed", "/about", "/search?q=second", "/basket", "/robots.txt"],
)
def test_no_page_may_be_read(archive: Path, path: str) -> None:
    answer = asked(create_app(archive).test_client(), path)
    assert answer.status_code == 200
    assert ALLOWED not in answer.headers


def test_nothing_is_read_from_ones_own_machine_or_network(archive: Path) -> None:
    client = create_app(archive).test_client()
    for host in OWN:
        for path, method in (*((path, "GET") for path in READ[:5]), ("/media/tones", "OPTIONS")):
            answer = asked(client, path, host, method)
            assert (host, path, answer.status_code) == (host, path, 200)
            assert ALLOWED not in answer.headers, (host, path)


def test_where_the_archive_says_that_it_is_public_that_counts(archive: Path) -> None:
    client = create_app(archive, site=Site("https://tapes.example.org")).test_client()
    assert asked(client, READ[0], "127.0.0.1").headers[ALLOWED] == "*"
    client = create_app(archive, site=Site("http://192.168.1.20:8000")).test_client()
    assert ALLOWED not in asked(client, READ[0], "tapes.example.org").headers


@pytest.mark.parametrize(
    ("tables", "path"),
    [
        ('[access]\nsound = "closed"\n', "/media/tones"),
        ('[access]\nsound = "closed"\n', "/media/tones/access"),
        ('[[closed]]\nstart = "0:02"\nend = "0:04"\n', "/media/tones"),
        ('[access]\ntranscript = "closed"\n', "/recordings/tones/transcript.vtt"),
        ('[access]\ntranscript = "closed"\n', "/recordings/tones/transcript.podcast.json"),
        ('[access]\nrecord = "draft"\n', "/recordings/tones/annotations.json"),
        ('[access]\nrecord = "draft"\n', "/recordings/tones/chapters.json"),
        ('[access]\nrecord = "draft"\n', "/recordings/tones/manifest.json"),
        ('[access]\nrecord = "draft"\n', "/recordings/tones/transcript.vtt"),
    ],
)
def test_what_is_closed_is_refused_and_not_even_the_refusal_is_read(tmp_path: Path, tables: str, path: str) -> None:
    answer = asked(create_app(write_closed(tmp_path / "archive", tables)).test_client(), path)
    assert answer.status_code in {403, 404}
    assert ALLOWED not in answer.headers


def test_what_editors_and_guests_are_shown_may_not_be_read(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[access]\nrecord = "draft"\n')
    client = editors_client(root)
    for path in ("/recordings/tones/transcript.vtt", "/media/tones"):
        answer = client.get(path, headers=ORIGIN, buffered=True)
        assert answer.status_code == 200
        assert ALLOWED not in answer.headers
    secret = invite(Archive(root), "tones", "Nora Quill", dt.date(2941, 1, 1))
    guest = create_app(root).test_client()
    assert guest.get(f"/invited/?token={secret}", headers={"Host": "tapes.example.org"}).status_code == 303
    inner = ("transcript.vtt", "transcript.srt", "annotations.json", "chapters.json")
    for path in (*(f"/invited/recordings/tones/{name}" for name in inner), "/invited/media/tones"):
        answer = guest.get(path, headers={"Host": "tapes.example.org", **ORIGIN}, buffered=True)
        assert (path, answer.status_code) == (path, 200)
        assert ALLOWED not in answer.headers
    assert asked(guest, "/invited/recordings/tones/manifest.json").status_code == 404
