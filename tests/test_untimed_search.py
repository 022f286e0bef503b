"""Words of lines that are not timed are found everywhere, and nothing is said of when they are spoken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from html_elements import parse
from untimed import IN_PART, NOT_AT_ALL, write_untimed

from player.archive.archive import Archive
from player.archive.transcript import Cue, Turn, UntimedLine
from player.cli import main
from player.index.index import Index
from player.search.phrases import find, matches, phrases
from player.timecode import Span
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

    from player.archive.transcript import Line


def untimed(name: str, text: str) -> UntimedLine:
    return UntimedLine(name, text, (Turn(None, text),), (), 1)


def cue(name: str, start: int, text: str, words: tuple[int | None, ...] = (), *, is_rough: bool = False) -> Cue:
    return Cue(name, start, start + 1000, text, (Turn(None, text),), words, (), 1, is_approximate=is_rough)


LINES: tuple[Line, ...] = (
    cue("a", 1000, "The ferry left", (0, 300, 600)),
    untimed("b", "at six, they say"),
    cue("c", 3000, "from the north quay"),
    cue("d", 4000, "with the engine", (0, 300, 600), is_rough=True),
)


@pytest.mark.parametrize(
    ("quote", "span", "is_widened"),
    [
        ("ferry left", Span(1300, 2000), False),
        ("at six", None, False),
        ("left at", None, False),
        ("say from", None, False),
        ("the north", Span(3000, 4000), True),
        ("from the", Span(3000, 4000), True),
        ("from the north quay", Span(3000, 4000), False),
        ("the engine", Span(4000, 5000), True),
        ("quay with", Span(3000, 5000), True),
    ],
)
def test_a_hit_has_the_times_that_are_known_and_says_where_they_are_those_of_a_line(
    quote: str, span: Span | None, is_widened: bool
) -> None:
    (hit,) = phrases(LINES, quote)
    assert (hit.span, hit.is_widened) == (span, is_widened)
    (same,) = matches(LINES, quote.replace(" ", ",? "))
    assert (same.span, same.is_widened) == (span, is_widened)


def test_where_only_some_words_are_timed_a_hit_is_as_wide_as_these() -> None:
    line = cue("a", 1000, "one two three four", (0, None, 600, None))
    assert [(hit.span, hit.is_widened) for hit in phrases([line], "two")] == [(Span(1000, 1600), True)]
    assert [(hit.span, hit.is_widened) for hit in phrases([line], "one two")] == [(Span(1000, 1600), False)]


def test_a_line_is_found_with_what_stands_in_it_though_it_is_not_timed() -> None:
    (found,) = find(LINES, "they")
    assert (found.line.id, found.span) == ("b", None)
    assert found.pieces == (("at six,", False), ("they", True), ("say", False))
    (found,) = find(LINES, "left at")
    assert (found.line.id, found.span, len(found.lines)) == ("a", None, 2)


@pytest.fixture(scope="module")
def in_part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_untimed(tmp_path_factory.mktemp("in part") / "archive", IN_PART, line="second")


@pytest.fixture(scope="module")
def not_at_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_untimed(tmp_path_factory.mktemp("not at all") / "archive", NOT_AT_ALL)


def test_the_command_finds_them_and_says_the_page_in_place_of_the_time(runner: CliRunner, in_part: Path) -> None:
    result = runner.invoke(main, ["search", "--archive", str(in_part), "second voice"])
    assert result.stdout == "tones  second  p. 13  Ben: A second voice.\n"
    result = runner.invoke(main, ["search", "--archive", str(in_part), "two three"])
    assert result.stdout == "tones  first  ~0:02  Ada: One two three.\n"


def test_its_json_has_no_times_of_them(runner: CliRunner, in_part: Path) -> None:
    result = runner.invoke(main, ["search", "--archive", str(in_part), "--json", "second voice"])
    (line,) = json.loads(result.stdout)["lines"]
    assert (line["line"], line["start"], line["end"], line["page"]) == ("second", None, None, "13")
    assert line["hits"] == [{"text": "second voice.", "start": None, "end": None, "line": "second"}]
    result = runner.invoke(main, ["search", "--archive", str(in_part), "--json", "two"])
    (line,) = json.loads(result.stdout)["lines"]
    assert (line["start"], line["is_approximate"], line["hits"][0]["start"]) == (2000, True, 2000)


def test_no_clip_is_cut_of_them_and_the_others_are(runner: CliRunner, in_part: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "clips")
    result = runner.invoke(main, ["search", "--archive", str(in_part), "--clips", folder, "second voice"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == "tones second: it is not timed yet, so no clip can be cut of it"


def test_the_page_of_a_search_shows_them_without_a_way_to_play_them(in_part: Path) -> None:
    client = create_app(in_part).test_client()
    (hit,) = parse(client.get("/search?q=second+voice").text).all("li.hit")
    (link,) = hit.all("a")
    assert (link["href"], link.text) == ("/recordings/tones?q=second%20voice#cue-second", "p. 13")
    assert link["aria-label"] == "p. 13, in A tape of tones"
    (hit,) = parse(client.get("/search?q=two+three").text).all("li.hit")
    assert [each["aria-label"] or each.text for each in hit.all("a")] == [
        "Play ~0:02 to ~0:04",
        "~0:02 in A tape of tones",
        "clip: ~0:02 to ~0:04, MP3",
        "Add to basket: ~0:02 to ~0:04",
    ]


def test_where_neither_time_nor_page_is_known_the_link_is_there_all_the_same(tmp_path: Path) -> None:
    root = write_untimed(tmp_path / "archive", "WEBVTT\n\nNOTE untimed one\nThe ferry left.\n")
    (hit,) = parse(create_app(root).test_client().get("/search?q=ferry").text).all("li.hit")
    (link,) = hit.all("a")
    assert (link.text, link["aria-label"]) == ("¶", "Not timed, in A tape of tones")


def test_a_list_says_that_nothing_is_timed(not_at_all: Path) -> None:
    index = Index.of(Archive(not_at_all))
    index.look()
    card = index.recordings["tones"]
    assert (card.state, card.lines, card.has_sound) == ("not timed", 3, True)
    assert index.moment("tones", "one") is not None
    html = parse(create_app(not_at_all).test_client().get("/").text)
    assert "not timed" in html.one("main").text


def test_a_list_says_what_is_timed_in_part_or_roughly(in_part: Path, tmp_path: Path) -> None:
    index = Index.of(Archive(in_part))
    index.look()
    assert (index.recordings["tones"].state, index.recordings["tones"].is_followed) == ("timed in part", True)
    spoken = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe ferry.\n\nNOTE untimed door\n[A door is shut.]\n"
    index = Index.of(Archive(write_untimed(tmp_path / "spoken", spoken)))
    index.look()
    assert index.recordings["tones"].state != "timed in part"
    rough = "WEBVTT\n\nNOTE approximate\n\n00:01.000 --> 00:02.000\nThe ferry.\n"
    index = Index.of(Archive(write_untimed(tmp_path / "archive", rough)))
    index.look()
    assert (index.recordings["tones"].state, index.recordings["tones"].has_sound) == ("timed roughly", True)


def test_what_rests_on_a_source_is_listed_by_its_page(in_part: Path) -> None:
    html = parse(create_app(in_part).test_client().get("/sources/log").text)
    places = {each["href"]: each.text for item in html.all("ul.places") for each in item.all("a")}
    assert places["/recordings/tones#cue-middle"] == "p. 12 Nobody noted <when>."
