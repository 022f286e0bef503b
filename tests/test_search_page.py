"""A page that is asked for words lists where they are said, before any script has run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from html_elements import Element, parse

from player.web.app import create_app
from player.web.pages.recording import LONGEST_QUERY

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def unscripted(page: Element) -> Element:
    """Give what a page has for searching without JavaScript."""
    (found,) = (each for each in page.all("noscript") if each.all("form", role="search"))
    return found


def searched(client: FlaskClient, query: str, rest: str = "") -> Element:
    response = client.get(f"/recordings/tones?q={quote(query)}{rest}")
    assert response.status_code == 200
    return unscripted(parse(response.text))


def listed(html: Element) -> list[tuple[str, str]]:
    return [(item.all("a")[0]["href"], item.one("span").text) for item in html.all("li")]


def test_without_a_search_there_is_a_field_and_no_list(client: FlaskClient) -> None:
    for address in ("/recordings/tones", "/recordings/tones?q=", "/recordings/tones?q=++"):
        html = unscripted(parse(client.get(address).text))
        form = html.one("form", role="search")
        assert (form["method"], form["action"], form.one("input")["name"]) == ("get", "/recordings/tones", "q")
        assert form.one("label").text == "Search the words"
        assert not html.all("section.found")


def test_lines_are_listed_with_their_times_and_lead_there(client: FlaskClient) -> None:
    html = searched(client, "VOICE the")
    assert html.one("input")["value"] == "VOICE the"
    assert html.one("p").text == "1 hit"
    assert listed(html) == [("/recordings/tones?t=5&q=VOICE+the#cue-c3", "A second voice. The end.")]
    assert html.one("time").text == "0:05"
    assert html.one("mark").text == "voice. The"
    client.get("/recordings/tones?t=5&q=VOICE+the")


def test_quotation_marks_ask_for_whole_words(client: FlaskClient) -> None:
    assert len(listed(searched(client, "on"))) == 3
    html = searched(client, '"one two" "voice"')
    assert [text for _, text in listed(html)] == ["One two three.", "A second voice."]
    assert html.one("p").text == "2 hits"


def test_notes_are_listed_by_number_and_title_after_the_lines(client: FlaskClient) -> None:
    html = searched(client, "end")
    assert html.one("p").text == "2 hits, 1 in notes"
    assert listed(html)[1] == ("/recordings/tones?q=end#note-late", "Something late")
    assert html.all("a")[-1].text == "Note 2"
    background = searched(client, "whole")
    assert [link.text for link in background.all("a")] == ["Background"]
    assert listed(searched(client, "person")) == [("/recordings/tones?q=person#note-who", "Who Ada is")]


def test_what_is_not_there_is_said_to_be_so(client: FlaskClient) -> None:
    html = searched(client, "zebra")
    assert html.one("p").text.startswith("Nothing was found.")
    assert not html.all("ol")


@pytest.mark.parametrize("query", ["“…”", "—", "\0", "''"])
def test_a_search_without_a_word_says_so_kindly(client: FlaskClient, query: str) -> None:
    told = searched(client, query).one("section.found").one("p").text
    assert told.startswith("The search was not run: the search contains no word; write a word, or part of one")


@pytest.mark.parametrize(
    "query",
    ['<script>alert("1")</script>', "\"><img src=x onerror='x'>", "{{ 7*7 }} one", "&lt;b&gt;one", "one\r\ntwo"],
)
def test_a_hostile_search_is_text_like_any_other(client: FlaskClient, query: str) -> None:
    html = searched(client, query)
    assert html.one("input")["value"] == query
    assert html.one("h2").text == f"“{' '.join(query.split())}”"
    assert not html.all("script")
    assert not html.all("img")
    assert "49" not in html.text


def test_a_search_that_is_too_long_is_cut_and_says_so(client: FlaskClient) -> None:
    html = searched(client, "one " * 100)
    assert len(html.one("input")["value"]) == LONGEST_QUERY
    assert html.one("input")["maxlength"] == str(LONGEST_QUERY)
    assert (
        html.one("section.found").all("p")[0].text
        == "A search can be at most 200 characters long; the rest was ignored."
    )


def test_the_time_and_the_search_go_together(client: FlaskClient) -> None:
    html = parse(client.get("/recordings/tones?t=5,7&q=voice").text)
    assert html.one("audio")["src"].endswith("#t=5,7")
    assert len(html.one("section.found").all("li")) == 1


def test_a_very_long_list_ends_and_says_how_much_is_left(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    cues = (f"00:00:{second:02d}.{part:03d} --> 00:00:10.000\nagain\n" for second in range(3) for part in range(100))
    path.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    html = searched(create_app(archive).test_client(), "again")
    assert html.one("section.found").all("p")[0].text == "300 hits"
    assert len(html.all("li")) == 200
    assert html.all("p")[-1].text == "These are the first 200 lines; 100 more match. Add a word to narrow the search."


def test_a_page_without_lines_or_notes_has_nothing_to_search(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").unlink()
    (folder / "annotations.toml").unlink()
    response = create_app(archive).test_client().get("/recordings/tones?q=one")
    assert not parse(response.text).all("form.ask")


def test_where_nothing_plays_the_field_that_searches_stands_before_the_text(archive: Path) -> None:
    (archive / "media" / "tones.wav").unlink()
    html = parse(create_app(archive).test_client().get("/recordings/tones").text)
    assert html.one("main").one("transcript-search").one("form")["id"] == "search"
    assert "hidden" in html.one("transcript-search")
