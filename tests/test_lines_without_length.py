"""A line that ends no later than it starts is heard until the next begins; where none follows, nothing is cut of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clipping import run
from html_elements import parse

from player.audio.probe import probe
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from html_elements import Element

LINES = """\
WEBVTT

first
00:00:01.000 --> 00:00:01.000
<v Ada>Ends where it starts.

second
00:00:03.000 --> 00:00:02.000
<v Ada>Ends before that.

third
00:00:03.000 --> 00:00:03.000
Starts with another.

short
00:00:05.000 --> 00:00:05.004
Four milliseconds.

over
00:00:09.000 --> 00:00:12.000
Ends after the sound.

beyond
00:00:10.000 --> 00:00:12.000
Starts after it.

last
00:00:11.500 --> 00:00:09.000
Nothing says how long.
"""
NOTE = """
[[annotation]]
id = "{}"
kind = "event"
title = "On a line"
body = "Something."
sources = ["log"]
cue = "{}"
"""
NOTES = {"on-first": "first", "on-both": "first..second", "on-beyond": "beyond", "on-last": "last"}


@pytest.fixture
def archive(archive: Path) -> Path:
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").write_text(LINES, encoding="utf-8")
    (folder / "annotations.toml").write_text("".join(NOTE.format(*each) for each in NOTES.items()), encoding="utf-8")
    return archive


def page(client: FlaskClient) -> Element:
    return parse(client.get("/recordings/tones").text)


def times(link: Element) -> str:
    return link["href"].partition("?t=")[2].partition("&")[0]


def test_every_link_to_a_clip_leads_to_one(client: FlaskClient) -> None:
    html = page(client)
    lines = [parse(client.get(f"/recordings/tones/lines/{line['id'][4:]}").text) for line in html.all(".cue")]
    links = [link["href"] for each in (html, *lines) for link in each.all("a.cut")]
    assert len(links) >= 10
    for link in links:
        with client.get(link) as answer:
            assert answer.status_code == 200, link


def test_a_line_lasts_until_the_next_begins_where_its_own_end_says_nothing(client: FlaskClient) -> None:
    lines = {line["id"].removeprefix("cue-"): line for line in page(client).all(".cue")}
    pages = {name: parse(client.get(f"/recordings/tones/lines/{name}").text) for name in lines}
    found = {name: {times(link) for link in each.all("a.cut")} for name, each in pages.items()}
    assert found == {
        "first": {"1,3"},
        "second": {"3,5"},
        "third": {"3,5"},
        "short": set(),
        "over": {"9,10"},
        "beyond": set(),
        "last": set(),
    }
    assert (lines["first"]["data-end"], lines["last"]["data-end"]) == ("3000", lines["last"]["data-start"])


def test_a_note_on_such_a_line_has_its_passage(client: FlaskClient) -> None:
    moments = page(client).one("nav#moments").all("li")
    cuts = {moment.all("a")[0]["data-note"]: [times(link) for link in moment.all("a.cut")] for moment in moments}
    assert cuts == {"on-first": ["1,3"], "on-both": ["1,5"], "on-beyond": [], "on-last": []}


def test_the_command_cuts_it_too_or_says_why_not(archive: Path, tmp_path: Path) -> None:
    made = run(archive, "clip", "tones", "--cue", "first", "-o", str(tmp_path / "first.wav"))
    assert made.exit_code == 0, made.output
    assert probe(tmp_path / "first.wav").duration == 2_000
    quoted = run(archive, "clip", "tones", "--quote", "ends before that", "-o", str(tmp_path / "second.wav"))
    assert quoted.exit_code == 0, quoted.output
    assert probe(tmp_path / "second.wav").duration == 2_000


@pytest.mark.parametrize(
    "asked", [("--cue", "last"), ("--cue", "beyond..last"), ("--quote", "how long"), ("--match", "how long")]
)
def test_a_line_of_which_nothing_says_how_long_it_lasts_is_refused_in_words(
    archive: Path, tmp_path: Path, asked: tuple[str, str]
) -> None:
    told = run(archive, "clip", "tones", *asked, "-o", str(tmp_path / "last.wav"))
    assert told.exit_code == 1
    assert told.output.startswith("the length of the line last is unknown")
    assert "give times with --from and --to" in told.output


def test_a_bad_end_begins_no_paragraph(archive: Path) -> None:
    lines = page(create_app(archive).test_client()).all(".cue")
    assert [line["id"] for line in lines if "data-paragraph" in line] == ["cue-over"]
