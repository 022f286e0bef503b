"""A community's labels stand before all else; what a listener should know stands before anything that can be heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from html_elements import Element, parse
from told import TEXT, write_told

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.fixture
def told(tmp_path: Path) -> FlaskClient:
    """A client of the application over an archive that tells something first."""
    return create_app(write_told(tmp_path / "told")).test_client()


@pytest.fixture
def page(told: FlaskClient) -> Element:
    """The page of its recording."""
    return parse(told.get("/recordings/tones").text)


def test_a_label_comes_first_in_its_communitys_own_words(page: Element) -> None:
    first = page.one("main").one("header.title").children
    assert next(each for each in first if isinstance(each, Element))["class"] == "labels"
    own, translated = page.one("div.labels").all("div")
    assert (own["lang"], own["dir"]) == ("fr", "ltr")
    assert own.one("p").children == [TEXT]
    assert (translated["lang"], translated["dir"], translated.one("strong").text) == ("he", "rtl", "ייחוס")
    assert page.one("div.labels").one("a")["href"] == "https://localcontextshub.example/projects/1"
    assert "Conseil du lieu" in page.one("div.labels").text


def test_without_script_nothing_can_be_played_before_one_goes_on(page: Element) -> None:
    details = page.one("div.advised").one("details")
    assert "open" not in details
    assert details.one("summary").text == "Play all the same"
    assert len(details.all("audio")) == len(page.all("audio")) == 1
    assert page.one("#" + details.one("summary")["aria-describedby"]).text == "Before you listen: It is <loud>."
    assert page.one("#advice").text == "Before you listen: It is <loud>."
    assert "It is <loud>." in page.one("clip-picker").text


def test_about_a_recording_is_said_what_it_is_filed_under(page: Element) -> None:
    about = page.one("section.about")
    assert {(link.text, link["href"]) for link in about.all("a")} >= {
        ("Tones & hums", "/?series=Tones+%26+hums"),
        ("a b", "/?tag=a+b"),
        ("c#", "/?tag=c%23"),
        ("Tones", "https://headings.example/tones"),
    }
    for told in ("Identifier T 1", "Subjects Tones; Silence", "Interviewer. Unidentified"):
        assert told.replace(" ", "") in about.text.replace(" ", ""), about.text


@pytest.mark.parametrize("address", ["/", "/recordings/tones/lines/first", "/recordings/tones/text"])
def test_wherever_it_can_be_played_from_what_to_know_first_is_said(told: FlaskClient, address: str) -> None:
    found = parse(told.get(address).text)
    assert found.one("p.advice").text == "Before you listen: It is <loud>."
    assert address == "/" or "TK Attribution (TK A)" in found.one("main").text


def test_a_recording_without_advice_plays_at_once(client: FlaskClient) -> None:
    page = parse(client.get("/recordings/tones").text)
    assert not page.all("div.advised")
    assert len(page.all("audio")) == 1
