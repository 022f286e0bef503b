"""The addresses of a name that a recording had before lead to its name now, for those who may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clipping import run

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import Client


def record(archive: Path, text: str, slug: str = "tones") -> None:
    path = archive / "transcripts" / slug / "recording.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{before}", encoding="utf-8")


@pytest.fixture
def app(archive: Path) -> Flask:
    """Serves the small archive, whose recording had two other names before."""
    record(archive, 'formerly = ["hums", "beeps"]')
    app = create_app(archive)
    app.extensions["index"].look()
    return app


@pytest.fixture
def client(app: Flask) -> Client:
    return app.test_client()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/recordings/hums", "/recordings/tones"),
        ("/recordings/beeps?t=2,4&q=%C3%A9+x", "/recordings/tones?t=2,4&q=%C3%A9+x"),
        ("/recordings/hums?t=<é>&%0d%0aX: y", "/recordings/tones?t=%3C%C3%A9%3E&%0d%0aX:%20y"),
        ("/recordings/hums/lines/first", "/recordings/tones/lines/first"),
        ("/recordings/hums/cite?t=2,4", "/recordings/tones/cite?t=2,4"),
        ("/recordings/hums/cite.ris", "/recordings/tones/cite.ris"),
        ("/recordings/hums/clip.wav?t=2,4", "/recordings/tones/clip.wav?t=2,4"),
        ("/recordings/hums/transcript.vtt", "/recordings/tones/transcript.vtt"),
        ("/recordings/hums/text", "/recordings/tones/text"),
        ("/media/hums", "/media/tones"),
        ("/media/hums/access", "/media/tones/access"),
        ("/search/sound/hums?v=1", "/search/sound/tones?v=1"),
    ],
)
def test_an_old_address_leads_on_with_its_path_and_query(client: Client, old: str, new: str) -> None:
    answer = client.get(old)
    assert (answer.status_code, answer.headers["Location"], answer.data) == (308, new, b"")
    assert answer.headers["Cache-Control"] == "no-cache"


def test_what_never_was_an_address_leads_nowhere(client: Client) -> None:
    for path in ("/recordings/hums/", "/recordings/hums/none", "/media/hums/none", "/hums", "/recordings/hum"):
        assert client.get(path).status_code == 404
    assert client.post("/recordings/hums").status_code == 404


def test_below_a_path_it_leads_on_below_it(client: Client) -> None:
    answer = client.get("/recordings/hums?t=2", environ_overrides={"SCRIPT_NAME": "/tapes"})
    assert answer.headers["Location"] == "/tapes/recordings/tones?t=2"


@pytest.mark.parametrize(
    "closing",
    [
        '[access]\nrecord = "draft"',
        '[access]\nrecord = "closed"\nuntil = "2941"',
        '[withdrawal]\ndate = "2020-01-01"',
        "wrong",
    ],
)
def test_of_one_that_may_not_be_known_the_former_name_is_not_there(
    archive: Path, app: Flask, client: Client, closing: str
) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{closing}\n", encoding="utf-8")
    for address in ("/recordings/{}", "/media/{}", "/recordings/{}/lines/first", "/recordings/{}/cite?t=1"):
        # Before the index has looked again, and after it.
        for _ in range(2):
            said = [client.get(address.format(name)) for name in ("hums", "nothing")]
            headers = [{name: value for name, value in each.headers if name != "ETag"} for each in said]
            assert said[0].status_code == said[1].status_code == 404
            assert said[0].text.replace("hums", "nothing") == said[1].text
            assert {**headers[0], "Content-Length": ""} == {**headers[1], "Content-Length": ""}
            app.extensions["index"].look()


def test_a_new_recording_stands_at_its_own_name_unless_it_is_hidden(archive: Path, client: Client) -> None:
    folder = archive / "transcripts" / "hums"
    folder.mkdir()
    (folder / "recording.toml").write_text('title = "Hums"\ndate = "1964"\nstatus = "not held"\n', encoding="utf-8")
    assert client.get("/recordings/hums").status_code == 200
    record(archive, 'access = { record = "draft" }', "hums")
    assert client.get("/recordings/hums").headers["Location"] == "/recordings/tones"


def test_a_name_that_two_have_is_a_fault(archive: Path, client: Client) -> None:
    assert client.get("/recordings/hums").status_code == 308
    for name, more in (("hums", ""), ("other", 'formerly = ["beeps", "other", "a/b"]')):
        folder = archive / "transcripts" / name
        folder.mkdir()
        text = f'{more}\ntitle = "Hums"\ndate = "1964"\nstatus = "not held"\n'
        (folder / "recording.toml").write_text(text, encoding="utf-8")
    said = run(archive, "check").output
    assert 'tones/recording.toml:1: another recording is called "hums" now, and is what stands at its address' in said
    assert 'other/recording.toml:1: "formerly" has "other", which is its name now; remove it there' in said
    assert 'other/recording.toml:1: "formerly" has "a/b", which no recording can be called' in said
    record(archive, "", "other")
    path = archive / "transcripts" / "other" / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(', "other", "a/b"', ""), encoding="utf-8")
    assert '"beeps" is a former name of "other" too; take that name out of "formerly"' in run(archive, "check").output
