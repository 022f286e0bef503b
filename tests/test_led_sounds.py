"""With PLAYER_MEDIA=redirect listeners are led to where a sound lies, as long as all of the recording is open."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from distant_server import Distant, distant
from editors import editors_client
from guests import guest, invited
from small_archive import bind
from test_distant_sounds import move
from trusted import secured

from player.errors import ServeError
from player.storage import objects, web
from player.storage.addresses import ALLOWED
from player.web.app import create_app
from player.web.serving.headers import content_policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

# A worker may still ask when a test's server ends: Python's ssl leaves a connection that is reset to be collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

MEDIA = "PLAYER_MEDIA"
ASKED = "/media/tones"


@pytest.fixture
def there(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Distant]:
    """Have the sound of the small archive lie on a server that is reached by https, and listeners be led there."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    monkeypatch.setenv(MEDIA, "redirect")
    monkeypatch.setattr(objects, "FRESH", 0)
    bind(archive)
    with distant(tmp_path / "there", secured(trusted_at=tmp_path / "trusted.pem")) as server:
        monkeypatch.setattr(web, "_secured", ssl.create_default_context)
        move(archive, server)
        monkeypatch.setenv(ALLOWED, f"{server.address} 127.0.0.0/8")
        yield server


def asking(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def declare(archive: Path, text: str) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f"{record.read_text('utf-8')}\n{text}\n", "utf-8")


def test_a_listener_is_led_to_where_a_sound_lies(archive: Path, there: Distant) -> None:
    client = asking(archive)
    for headers in ({}, {"Range": "bytes=0-"}, {"Range": "bytes=5-9", "Sec-Fetch-Dest": "audio"}):
        answer = client.get(ASKED, headers=headers)
        assert (answer.status_code, answer.data) == (302, b"")
        assert answer.headers.getlist("Location") == [f"{there.address}/tones.wav"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert there.sent < 10_000, "the sound is not read to lead to it"


def test_what_only_the_server_can_answer_is_passed_through(archive: Path, there: Distant) -> None:
    client = asking(archive)
    head = client.head(ASKED)
    assert head.status_code == 200
    assert head.content_length == (there.folder / "tones.wav").stat().st_size
    for name, value, status in (
        ("If-Range", head.headers["ETag"], 206),
        ("If-Match", head.headers["ETag"], 206),
        ("If-None-Match", head.headers["ETag"], 304),
        ("Origin", "https://another.example", 206),
        ("Sec-Fetch-Dest", "document", 206),
        ("Sec-Fetch-Dest", "empty", 206),
    ):
        assert client.get(ASKED, headers={"Range": "bytes=0-9", name: value}).status_code == status, name


def test_a_page_of_another_sound_is_not_led_to_this_one(archive: Path, there: Distant) -> None:
    client = asking(archive)
    version = client.head(ASKED).headers["ETag"].strip('"')
    assert client.get(f"{ASKED}?v={version}").status_code == 302
    (there.folder / "tones.wav").write_bytes((there.folder / "tones.wav").read_bytes()[:-2])
    assert client.get(f"{ASKED}?v={version}").status_code == 409


@pytest.mark.parametrize(
    "declared",
    [
        '[access]\nsound = "closed"',
        '[access]\ntranscript = "on request"',
        '[access]\nnotes = "draft"',
        '[access]\nrecord = "draft"',
        '[access]\nsound = "closed"\nuntil = "1990"\nopens = "by itself"',
        '[[closed]]\nstart = "0:02"\nend = "0:03"\nwhat = "words"',
        '[[closed]]\nstart = "0:02"\nend = "0:03"\nwhat = "sound"',
        '[[closed]]\nstart = "0:02"\nend = "0:03"\nuntil = "1990"\nopens = "by itself"',
        '[[closed]]\nstart = "9:02:00"\nend = "9:03:00"',
        '[withdrawal]\ndate = "2026-01-02"\nreason = "At the wish of the narrator."',
        '[[speaker]]\nname = "Ada"\nkind = "person"\ndisplay_name = "A ferry hand"',
    ],
)
def test_where_anything_of_a_recording_is_or_was_closed_nobody_is_led_there(
    archive: Path, there: Distant, declared: str
) -> None:
    declare(archive, declared)
    client = asking(archive)
    for address in (ASKED, f"{ASKED}/access"):
        answer = client.get(address, headers={"Range": "bytes=0-9"})
        assert answer.status_code in {206, 403, 404, 410}, answer.text
        assert "Location" not in answer.headers
        assert there.address not in answer.text


PRIVATE = '[[person]]\nid = "ada"\nname = "Ada Ferryhand"\nrole = "pilot"\nsources = ["log"]\nprivate = true\n'


@pytest.mark.parametrize(
    ("place", "declared"),
    [
        ("tones.wav", '[[speaker]]\nname = "Bea"\nkind = "person"\nidentified_by = "Ada Ferryhand"'),
        ("Ada-Ferryhand/tones.wav", ""),
        ("of%20ada%20ferryhand/tones.wav", ""),
    ],
)
def test_nobody_is_led_to_an_address_that_may_have_a_private_name(
    archive: Path, there: Distant, place: str, declared: str
) -> None:
    (there.folder / place).parent.mkdir(exist_ok=True)
    (there.folder / "tones.wav").rename(there.folder / place)
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace("/tones.wav", f"/{place}"), "utf-8")
    declare(archive, declared)
    assert asking(archive).get(ASKED).status_code == 302, "while nobody is private"
    (archive / "transcripts" / "people.toml").write_text(PRIVATE, "utf-8")
    answer = asking(archive).get(ASKED, headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.headers.get("Location")) == (206, None)


def test_pages_say_from_where_their_sound_may_come_and_from_nowhere_else(
    archive: Path, there: Distant, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = f"{there.address} https://sounds.example.org/open/ http://localhost:8000 10.0.0.0/8 127.0.0.0/8"
    monkeypatch.setenv(ALLOWED, places)
    client = asking(archive)
    named = f"media-src 'self' {there.address} https://sounds.example.org"
    for path, framed_by in (("", "'none'"), ("/embed?t=1,2", "*")):
        (policy,) = client.get(f"/recordings/tones{path}").headers.getlist("Content-Security-Policy")
        assert policy == f"{content_policy(framed_by=framed_by)}; {named}"
    assert "media-src" not in client.get("/recordings/tones/transcript.vtt").headers["Content-Security-Policy"]
    assert " data-led" in client.get("/recordings/tones").text


@pytest.mark.parametrize("way", ["", "pass", " "])
def test_unless_it_is_asked_for_sounds_are_passed_through(
    archive: Path, there: Distant, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEDIA, way)
    client = asking(archive)
    assert client.get(ASKED, headers={"Range": "bytes=0-9"}).status_code == 206
    page = client.get("/recordings/tones")
    assert page.headers["Content-Security-Policy"] == content_policy()
    assert " data-led" not in page.text
    assert there.address not in page.text


@pytest.mark.parametrize("way", ["Redirect", "proxy", "redirect,pass", "1"])
def test_any_other_word_is_refused_at_the_start(archive: Path, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEDIA, way)
    told = rf'^PLAYER_MEDIA is "{way}"; give pass, which is meant where it is not set, or redirect$'
    with pytest.raises(ServeError, match=told):
        create_app(archive)


def test_sounds_of_the_archives_own_are_sent_as_ever(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEDIA, "redirect")
    client = asking(archive)
    assert client.get(ASKED, headers={"Range": "bytes=0-9"}).status_code == 206
    assert client.get("/recordings/tones").headers["Content-Security-Policy"] == content_policy()


def test_a_copy_of_the_site_leads_nowhere(archive: Path, there: Distant) -> None:
    client = create_app(archive, is_copied=True).test_client()
    assert client.get(ASKED).status_code == 200
    assert there.address not in str(client.get("/recordings/tones").headers)


@pytest.mark.parametrize("who", ["invited", "editor"])
def test_who_sees_what_is_not_public_is_led_nowhere(archive: Path, there: Distant, who: str) -> None:
    declare(archive, '[access]\nrecord = "draft"')
    if who == "invited":
        client, path = guest(create_app(archive), invited(archive)), "/invited/media/tones"
    else:
        client, path = editors_client(archive), ASKED
    with client.get(path, headers={"Range": "bytes=0-9", "Sec-Fetch-Dest": "audio"}) as answer:
        assert (answer.status_code, len(answer.data)) == (206, 10)
    assert there.sent < 100_000
