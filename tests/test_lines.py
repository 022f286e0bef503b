"""The page of one line: what it rests on, its clip, its link, its citation; and the same on the recording's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from html_elements import Element, parse

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE = "/recordings/tones"


def facts(html: Element) -> dict[str, Element]:
    """What is said about a line, by what introduces it."""
    rows = [each for each in html.one("dl.about-line").all("div") if each.all("dt")]
    return {row.one("dt").text: row.one("dd") for row in rows}


def test_a_line_has_a_page_with_all_that_there_is_about_it(client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}/lines/first")
    html = parse(answer.text)
    found = facts(html)
    assert found["Time"].one("a")["href"] == f"{PAGE}?t=2#cue-first"
    assert (found["Time"].text, found["Speaker"].text) == ("Play from 0:02", "Ada")
    assert found["Words"].text == "One two three."
    assert found["Source"].text == "The log of the tones, p. 2"
    assert found["Source"].one("a")["href"] == "/sources/log"
    clips = [link["href"].partition("&")[0] for link in found["Clip"].all("a.cut")]
    assert clips == [f"{PAGE}/clip.{suffix}?t=2,4.5" for suffix in ("mp3", "wav")]
    assert found["Link"].one("span.address").text == f"http://localhost{PAGE}#t=2,4.5"
    assert found["Citation"].text.startswith("“A tape of tones,”")
    assert f"{PAGE}#t=2,4.5" in found["Citation"].text
    assert found["Citation"].one("a")["href"] == f"{PAGE}/cite?t=2,4.5"
    beside = [link["href"] for link in html.one("nav.beside").all("a")]
    assert beside == [f"{PAGE}/lines/opening", f"{PAGE}/lines/c3"]


def test_it_is_closed_to_robots_and_kept_by_no_cache_for_others(client: FlaskClient) -> None:
    answer = client.get(f"{PAGE}/lines/first")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert parse(answer.text).one("meta", name="robots")["content"] == "noindex"


@pytest.mark.parametrize("name", ["none", "<script>", "cue-first", "x" * 3000])
def test_a_line_that_is_not_there_is_not_found(client: FlaskClient, name: str) -> None:
    answer = client.get(f"{PAGE}/lines/{name}")
    assert answer.status_code == 404
    assert "has no line" in answer.text
    assert "<script>" not in answer.text
    assert len(answer.text) < 5000


def test_a_line_of_a_recording_that_has_no_transcript_or_is_not_there_is_not_found(archive: Path) -> None:
    client = create_app(archive).test_client()
    assert client.get("/recordings/none/lines/first").status_code == 404
    (archive / "transcripts" / "tones" / "transcript.vtt").write_bytes(b"nothing of the kind")
    answer = client.get(f"{PAGE}/lines/first")
    assert (answer.status_code, str(archive) in answer.text) == (404, False)
    (archive / "transcripts" / "tones" / "transcript.vtt").unlink()
    assert client.get(f"{PAGE}/lines/first").status_code == 404


def test_its_words_in_other_languages_stand_there(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(
        "WEBVTT\nLanguage: spa\nLocal Usage Element: [Translated by] Eve\n\n"
        "first\n00:00:02.000 --> 00:00:04.500\n<v Ada>Uno & dos.\n",
        encoding="utf-8",
    )
    spanish = facts(parse(create_app(archive).test_client().get(f"{PAGE}/lines/first").text))["Spanish"]
    assert (spanish.text, spanish["lang"], spanish["dir"]) == ("Uno & dos.", "es", "ltr")


def test_a_transcript_timed_to_another_file_names_no_clip_and_no_passage(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    bound = text.replace("Type: caption", f"Type: caption\nLocal Usage Element: [Media SHA-256] {'0' * 64}")
    path.write_text(bound, encoding="utf-8")
    found = facts(parse(create_app(archive).test_client().get(f"{PAGE}/lines/first").text))
    assert "Clip" not in found
    assert "Passage" not in found


@pytest.mark.parametrize(
    ("asked", "line"), [("2", "first"), ("4.9", "first"), ("5", "c3"), ("9.9", "last"), ("0", "opening")]
)
def test_without_script_it_stands_below_the_line_that_is_asked_for(client: FlaskClient, asked: str, line: str) -> None:
    html = parse(client.get(f"{PAGE}?t={asked}").text).one("section.transcript")
    order = [each for each in html.walk() if "cue" in each["class"].split() or each.tag == "noscript"]
    (place,) = (index for index, each in enumerate(order) if each.all("dl.about-line"))
    assert order[place - 1]["id"] == f"cue-{line}"
    assert order[0].one("p.hint").text.startswith("Choose a time")


@pytest.mark.parametrize("query", ["", "?t=nonsense", "?t=99", "?q=voice"])
def test_where_no_line_is_asked_for_it_stands_below_none(client: FlaskClient, query: str) -> None:
    assert not parse(client.get(f"{PAGE}{query}").text).all("dl.about-line")
