"""The page of a search finds what the page of a recording finds, says where, and bears whatever it is asked."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from html_elements import Element, parse
from searched import SEARCHES, WORDLESS, over_all, write_searched

from player.errors import ServeError
from player.web.app import create_app
from player.web.pages.listing import LONGEST_WORDS
from player.web.serving.search_limits import Searches

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

pytestmark = pytest.mark.usefixtures("engine")

_SHOWN = 3  # lines of a recording


@pytest.fixture(scope="module")
def table(engine: str, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:  # noqa: ARG001  # which keeps it
    return create_app(write_searched(tmp_path_factory.mktemp("searched") / "archive")).test_client()


def searched(client: FlaskClient, query: str, rest: str = "") -> Element:
    response = client.get(f"/search?q={quote(query)}{rest}")
    assert response.status_code == HTTPStatus.OK
    assert "noindex" in response.headers["X-Robots-Tag"]
    return parse(response.text)


def counted(page: Element) -> str:
    """Give what the heading says, without what was asked for."""
    return page.one("h2", id="count").text.partition(" for ")[0]


@pytest.mark.sampled
@pytest.mark.parametrize(("query", "hits"), SEARCHES, ids=[query for query, _ in SEARCHES])
def test_what_a_recording_finds_is_found_with_its_count_and_first_lines(
    table: FlaskClient, query: str, hits: list[list[str | int]]
) -> None:
    expected = over_all(query, hits)
    page = searched(table, query)
    if not expected:
        # The record's title may say it.
        assert counted(page) == "Nothing was found" or counted(page) == "1 recording"
        return
    count = len(expected)
    assert counted(page) == f"{count} {'passage' if count == 1 else 'passages'} in 1 recording"
    lines = list(dict.fromkeys(str(first) for first, *_ in expected))
    times = [line.one("a.time")["href"] for line in page.all("li.hit")]
    assert [address.partition("#cue-")[2] for address in times] == lines[:_SHOWN]
    marked = " ".join(mark.text for mark in page.all("li.hit")[0].all("mark"))
    assert marked.startswith(str(expected[0][4]).split()[0])


@pytest.mark.parametrize("query", [each for each in WORDLESS if each.strip()])
def test_a_search_without_a_word_says_so(table: FlaskClient, query: str) -> None:
    assert "the search contains no word; write a word" in searched(table, query).one("main").text


@pytest.mark.parametrize("address", ["/search", "/search?q=", "/search?q=++&tag=x"])
def test_without_words_there_is_a_field_and_what_it_does(client: FlaskClient, address: str) -> None:
    page = parse(client.get(address).text)
    assert page.one("form", role="search").one("input", type="search")["name"] == "q"
    assert len(page.all("section.tips")) == 1


def test_a_phrase_over_two_lines_shows_both_and_where_they_meet(table: FlaskClient) -> None:
    (hit,) = searched(table, "castros invi").all("li.hit")
    assert [mark.text for mark in hit.all("mark")] == ["Castro’s", "invitation,"]
    assert hit.one("span.seam").text == "/"


def test_without_script_each_hit_leads_to_its_moment_and_its_passage(client: FlaskClient) -> None:
    page = searched(client, "second voice")
    (group,) = page.all("article.group")
    assert group.one("h3").one("a")["href"] == "/recordings/tones?q=second%20voice"
    hit = group.one("li.hit")
    assert hit.one("a.time")["href"] == "/recordings/tones?t=5&q=second%20voice#cue-c3"
    assert hit.one("a.round")["href"] == "/recordings/tones?t=5,7#cue-c3"
    assert hit.one("a.round")["aria-label"] == "Play 0:05 to 0:07"
    assert hit.one("span.speaker").text == "Ben"
    clip, collect = hit.all("a.quietly")
    assert (clip["href"], clip["rel"]) == ("/recordings/tones/clip.mp3?t=5,7", "nofollow")
    assert (collect["href"], collect["rel"]) == ("/basket?p=tones@5,7", "nofollow")
    for link in (hit.one("a.time"), hit.one("a.round"), clip, collect):
        assert client.get(link["href"]).status_code == HTTPStatus.OK
    assert len(page.all("found-passages")) == 1


def test_more_than_is_shown_is_on_the_page_of_the_recording(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    cues = (f"00:00:0{n}.000 --> 00:00:0{n}.500\nagain and again\n" for n in range(5))
    path.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    page = searched(create_app(archive).test_client(), "again")
    assert counted(page) == "10 passages in 1 recording"
    assert page.one("p.rest").one("a").text == "4 more in this recording"
    assert page.one("p.rest").one("a")["href"] == "/recordings/tones?q=again"


def test_a_reading_says_what_it_is_and_advice_is_given_before_anything_plays(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    said = 'kind = "reading"\nnotice = "Not the tape."\nsurrogate_for = "tape"\n'
    record.write_text(f"{said}{text}", encoding="utf-8")
    page = searched(create_app(archive).test_client(), "voice")
    assert page.one("p.notice").text == "Not the tape."
    assert page.one("a.round")["aria-label"] == "Play the reading, 0:05 to 0:07"
    label = '\n[[label]]\nname = "TK Attribution"\ntext = "Ngā kōrero"\nlanguage = "mi"\n'
    record.write_text(f'advice = "A loud noise at the end."\n{text}{label}', encoding="utf-8")
    page = searched(create_app(archive).test_client(), "voice")
    group = page.one("article.group")
    assert group.text.index("TK Attribution") < group.text.index("A tape of tones") < group.text.index("A loud noise")
    assert group.one("p.advice").text.endswith("A loud noise at the end.")
    assert not group.all("a.round")
    assert not group.all("a.quietly")
    assert "data-sound" not in group
    assert len(group.all("a.time")) == 1


def test_lists_beside_the_recordings_have_pages_of_their_own(context_archive: Path) -> None:
    client = create_app(context_archive).test_client()
    page = searched(client, "the")
    for name in ("notes", "people", "sources", "chronology", "dossiers"):
        shown = page.all(f"section#{name}") or page.all("section", id=name)
        listed = searched(client, "the", f"&in={name}")
        assert re.match(r"\d+ in ", counted(listed))
        if shown:
            first = shown[0].all("p")[0].all("a")[0]["href"]
            assert first in [link["href"] for link in listed.one("div.apart").all("a")]
            assert client.get(first).status_code == HTTPStatus.OK


def test_a_note_shows_the_claim_that_says_the_words(context_archive: Path) -> None:
    (note,) = searched(create_app(context_archive).test_client(), "no more").one("section", id="notes").all("p")
    assert note.one("mark").text == "no more”."
    assert note.all("a")[0].text == "What is claimed"


def test_facets_narrow_what_was_found_and_can_be_taken_away(client: FlaskClient) -> None:
    page = searched(client, "voice", "&decade=1960s")
    assert counted(page) == "1 passage in 1 recording"
    (taken,) = page.one("p.chosen").all("a")
    assert (taken.text, taken["href"]) == ("1960s ×: take away", "/search?q=voice")
    assert page.one("form", id="find").one("input", name="q")["value"] == "voice"
    page = searched(client, "voice", "&decade=1950s")
    assert counted(page).startswith("Nothing was found")
    assert page.one("section.none").one("li").one("a")["href"] == "/search?q=voice"


def test_where_nothing_is_found_other_searches_are_offered_that_find_something(client: FlaskClient) -> None:
    tried = [item.one("a").text for item in searched(client, '"two second voice"').one("section.none").all("li")]
    assert tried == ["two", "second", "voice"]
    assert [item.text for item in searched(client, '"voi"').one("section.none").all("li")] == [
        "voi without quotation marks 1"
    ]
    assert not searched(client, "zebra").one("section.none").all("li")


QUERIES = {
    "long": "one " * 5_000,
    "quotes": '"' * 10_000,
    "signs": "—…!?" * 50,
    "control": "\x00\x01\x1f\x7fone\r\n\t",
    "not a text": "*",
    "fts": 'one" OR letters:* NEAR(x',
    "markup": "<script>alert(1)</script>",
    "template": "{{ 7*7 }} one",
    "many words": " ".join("abcdefgh"),
    "emoji": "☕" * 100,
    "one sign of many": "ﷺ" * 200,
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_whatever_is_asked_is_answered(client: FlaskClient, query: str) -> None:
    page = searched(client, query)
    assert not [script for script in page.all("script") if "src" not in script]
    assert page.one("form", id="find").one("input", name="q")["value"] == " ".join(query[:LONGEST_WORDS].split())
    if len(query) > LONGEST_WORDS:
        assert "A search can be at most 200 characters long; the rest was ignored." in page.one("main").text


@pytest.mark.parametrize(
    "rest",
    [
        "page=0", "page=-1", "page=99999999999999999999", "page=x", "page=2", "sort=x", "in=x", "in=notes&page=9",
        "person=nobody", "tag=%00", "decade=x&decade=y", "kind=reading", "all=x", "all=person&named=%27", "q=two",
        "&".join(f"tag={n}" for n in range(500)),
    ],
)  # fmt: skip
def test_whatever_else_stands_in_the_address_is_borne(client: FlaskClient, rest: str) -> None:
    response = client.get(f"/search?q=voice&{rest}")
    assert response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}
    assert len(parse(response.text).all("main")) == 1


@pytest.mark.parametrize("query", ["%ED%A0%80one", "%FF%FE", "%", "%C3"])
def test_bytes_that_are_no_text_are_answered(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search?q={query}").status_code == HTTPStatus.OK


def test_a_busy_server_says_when_to_come_back_and_still_gives_what_it_has(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(archive)
    index = app.extensions["index"]
    index.look()
    # Files that were written this moment are looked at twice.
    monkeypatch.setattr(index, "keep_current", lambda: None)
    client = app.test_client()
    assert counted(searched(client, "voice")) == "1 passage in 1 recording"
    app.extensions["searches"] = searches = Searches(1, waiting=0)
    with searches.one():
        response = client.get("/search?q=three")
        assert (response.status_code, response.headers["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, "5")
        assert "busy with other searches" in response.text
        assert counted(searched(client, "voice")) == "1 passage in 1 recording"
    assert counted(searched(client, "three")) == "1 passage in 1 recording"


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "99999"])
def test_a_limit_that_cannot_be_is_refused(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_SEARCHES", number)
    with pytest.raises(ServeError, match=r"PLAYER_SEARCHES is .*; give a whole number, 1 or more"):
        Searches.from_environment()


def test_what_is_played_is_said_with_its_version(client: FlaskClient) -> None:
    response = client.get("/search/sound/tones")
    (source,) = response.get_json()
    assert re.fullmatch(r"/media/tones\?v=[\w.-]+", source["src"])
    assert client.get(source["src"]).status_code == HTTPStatus.OK
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert client.get("/search/sound/nothing").status_code == HTTPStatus.NOT_FOUND


def test_every_page_has_a_field_that_searches_everything(context_archive: Path) -> None:
    client = create_app(context_archive).test_client()
    for address in ("/", "/recordings/tones", "/people", "/sources", "/chronology", "/dossiers", "/search", "/nothing"):
        (form,) = (
            each for each in parse(client.get(address).text).all("form", role="search") if each["action"] == "/search"
        )
        assert form.one("input", type="search")["name"] == "q"
