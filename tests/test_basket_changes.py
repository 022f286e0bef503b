"""A basket is filled, put in order and emptied by links and without scripts; links of other sites are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from basketing import FIRST, SECOND, ask, rows
from html_elements import parse

from player.web.app import create_app
from player.web.pages.basket_changes import moved, passage_in
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("query", "to"),
    [
        ({"up": "2"}, [SECOND, FIRST]),
        ({"down": "1"}, [SECOND, FIRST]),
        ({"up": "1"}, [FIRST, SECOND]),
        ({"remove": "1"}, [SECOND]),
        ({"remove": "9"}, [FIRST, SECOND]),
        ({"up": "x"}, [FIRST, SECOND]),
        ({"add": "http://localhost/recordings/tones#t=8,9"}, [FIRST, SECOND, "tones@8,9"]),
        ({"add": "quay@0:01,0:02"}, [FIRST, SECOND, "quay@0:01,0:02"]),
    ],
)
def test_what_is_done_without_javascript_leads_to_another_address(
    visitor: FlaskClient, query: dict[str, str], to: list[str]
) -> None:
    answer = ask(visitor, FIRST, SECOND, **query)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/basket?{'&'.join(f'p={each}' for each in to)}"


def test_the_last_one_taken_out_leaves_an_empty_basket_that_says_how_to_fill_it(visitor: FlaskClient) -> None:
    assert ask(visitor, FIRST, remove="1").headers["Location"] == "/basket"
    answer = ask(visitor)
    assert answer.status_code == 200
    assert "The basket is empty" in answer.text
    assert "Add to basket" in answer.text


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("https://archive.example/tapes/recordings/ferry#t=25,80", "ferry@25,80"),
        ("http://ARCHIVE.example:80/tapes/recordings/ferry#t=25,80", "ferry@25,80"),
        ("archive.example/tapes/recordings/ferry#t=25,80", "ferry@25,80"),
        ("http://localhost:8000/recordings/ferry#t=25,80", "ferry@25,80"),
        ("localhost:8000/recordings/ferry#t=25,80", "ferry@25,80"),
        ("/recordings/ferry?t=25,80", "ferry@25,80"),
        ("/recordings/ferry/clip.mp3?t=0:25,1:20&v=1-2", "ferry@0:25,1:20"),
        ("/recordings/ferry/lines/c7", "ferry@c7"),
        ("/recordings/ferry?t=25#cue-c7", "ferry@c7"),
        ("/recordings/ferry?line=c7", "ferry@c7"),
        (" ferry@c7..c9 ", "ferry@c7..c9"),
    ],
)
def test_a_link_that_is_pasted_is_read_as_a_passage(archive: Path, text: str, passage: str) -> None:
    app = create_app(archive, site=Site("https://archive.example/tapes"))
    with app.test_request_context(base_url="http://localhost:8000"):
        assert passage_in(text) == passage


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("https://example.org/recordings/tones#t=1,2", "example.org"),
        ("example.org/recordings/tones#t=1,2", "example.org"),
        ("//example.org:8000/recordings/tones#t=1,2", "example.org:8000"),
        ("http://localhost@example.org/recordings/tones#t=1,2", "localhost@example.org"),
        ("http://localhost:99/recordings/tones#t=1,2", "localhost:99"),
        ("/others/recordings/tones#t=1,2", ""),
    ],
)
def test_a_link_of_another_site_is_told_and_not_taken_for_the_archives_own(
    visitor: FlaskClient, text: str, named: str
) -> None:
    answer = ask(visitor, FIRST, add=text)
    assert answer.status_code == 400
    told = parse(answer.text).one("p#add-hint").text
    assert "another site" in told or (not named and "leads to no recording" in told)
    assert named in told
    assert len(rows(answer)) == 1


def test_below_a_path_what_stands_beside_it_is_another_site(archive: Path) -> None:
    visitor = create_app(archive, site=Site("https://archive.example/tapes", proxies=1)).test_client()
    headers = {"X-Forwarded-Prefix": "/tapes"}
    for path, status in (("/tapes", 303), ("/others", 400), ("", 400)):
        asked = {"add": f"http://localhost{path}/recordings/tones#t=1,2"}
        assert visitor.get("/basket", query_string=asked, headers=headers).status_code == status


@pytest.mark.parametrize(
    "text", ["ferry", "/recordings/ferry", "http://[", "http://localhost/about", "mailto:somebody@example.org"]
)
def test_what_is_no_passage_is_told_beside_the_field(visitor: FlaskClient, text: str) -> None:
    answer = ask(visitor, FIRST, add=text)
    assert answer.status_code == 400
    html = parse(answer.text)
    assert html.one("input#add")["value"] == text
    assert html.one("p#add-hint")["role"] == "alert"
    assert len(rows(answer)) == 1


@pytest.mark.parametrize(
    ("page", "passages"),
    [
        ("/search?q=voice", ["quay@5,7", "tones@5,7"]),
        ("/recordings/tones?q=voice", ["tones@2,4.5", "tones@8.5,10", "tones@c3"]),
        ("/recordings/tones", ["tones@2,4.5", "tones@8.5,10"]),
    ],
)
def test_what_was_found_and_moments_with_notes_lead_to_a_basket(
    visitor: FlaskClient, page: str, passages: list[str]
) -> None:
    html = parse(visitor.get(page).text)
    links = [each["href"] for each in html.all("a") if each["class"].split()[-1:] == ["collect"]]
    assert sorted(each["data-asked"] for link in links for each in rows(visitor.get(link))) == passages
    assert {visitor.get(link).status_code for link in links} == {200}


def test_a_passage_is_moved_by_one_place() -> None:
    assert moved("abc", up=3) == ["a", "c", "b"]
    assert moved("abc", down=3) == ["a", "b", "c"]
    assert moved("abc", down=1) == ["b", "a", "c"]
