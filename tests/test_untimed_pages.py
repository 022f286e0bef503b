"""Lines that are not timed, or only roughly, and pages of a document, on all pages that show lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from html_elements import Element, parse
from untimed import IN_PART, NOT_AT_ALL, give, write_untimed

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE = "/recordings/tones"


@pytest.fixture(scope="module")
def in_part(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    root = write_untimed(tmp_path_factory.mktemp("in part") / "archive", IN_PART, line="second")
    return create_app(root).test_client()


@pytest.fixture(scope="module")
def not_at_all(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    root = write_untimed(tmp_path_factory.mktemp("not at all") / "archive", NOT_AT_ALL, line="two")
    return create_app(root).test_client()


def shown(client: FlaskClient, address: str = PAGE) -> Element:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return parse(answer.text)


def line(html: Element, name: str) -> Element:
    (found,) = (each for each in html.walk() if each.attributes.get("id") == f"cue-{name}")
    return found


def told(html: Element) -> str:
    return " ".join(each.text for each in html.all("p.not-timed"))


def facts(html: Element) -> dict[str, str]:
    rows = [each for each in html.one("dl.about-line").all("div") if each.all("dt")]
    return {row.one("dt").text: row.one("dd").text for row in rows}


def test_a_line_without_a_time_has_a_link_to_itself_and_no_times(in_part: FlaskClient) -> None:
    middle = line(shown(in_part), "middle")
    assert not {"data-start", "data-end", "data-words"} & middle.attributes.keys()
    link = middle.one("a.time")
    assert (link["href"], link["aria-label"]) == ("?line=middle#cue-middle", "Link to this line")
    assert middle.text == "¶ Nobody noted <when>."


def test_lines_stand_in_the_order_of_the_file(in_part: FlaskClient) -> None:
    ids = [each.attributes["id"] for each in shown(in_part).all(".cue") if "id" in each.attributes]
    assert ids == [f"cue-{name}" for name in ("opening", "middle", "first", "second", "last")]


def test_a_rough_time_says_so_and_times_no_word(in_part: FlaskClient) -> None:
    first = line(shown(in_part), "first")
    assert first.one("a.time").text == "~0:02"
    assert first["data-start"] == "2000"
    assert "data-approximate" in first.attributes
    assert "data-words" not in first.attributes


def test_what_is_not_timed_is_said_in_words(in_part: FlaskClient) -> None:
    assert told(shown(in_part)) == (
        "2 of 5 lines are not timed yet. They have ¶ in place of a time, and are not marked while the sound plays. "
        "Times with ~ are approximate: the words are spoken somewhat before or after."
    )


def test_a_line_in_which_nothing_is_said_does_not_wait_for_a_time(archive: Path) -> None:
    give(archive, IN_PART.replace("Nobody noted &lt;when&gt;.", "[A kettle is put on.]"))
    client = create_app(archive).test_client()
    html = shown(client)
    assert told(html).startswith("1 of 5 lines is not timed yet. It has ¶ in place of a time")
    assert "It has no spoken words. Go to the line" in shown(client, f"{PAGE}/lines/middle").text
    give(
        archive, IN_PART.replace("Nobody noted &lt;when&gt;.", "[A kettle.]").replace("A second voice.", "{It boils.}")
    )
    html = shown(client)
    assert told(html).startswith("Times with ~ are approximate")
    assert "untimed.css" in client.get(PAGE).text


def test_a_transcript_without_any_time_follows_no_sound_and_says_so(not_at_all: FlaskClient) -> None:
    html = shown(not_at_all)
    assert told(html).startswith("This transcript is not timed yet: nobody has noted when each line is spoken.")
    assert "The sound plays, and no line is marked while it does." in told(html)
    player = html.one("recording-player")
    assert "data-playable" in player.attributes
    assert "data-highlight" not in player.attributes
    assert not html.all("button.follow")
    assert html.one("span.not-timed").text == "Text not timed yet"
    assert "timed to a different sound" not in html.text


def test_without_its_sound_nothing_is_said_of_playing(archive: Path) -> None:
    give(archive, NOT_AT_ALL)
    (archive / "media" / "tones.wav").unlink()
    said = told(shown(create_app(archive).test_client()))
    assert said.startswith("This transcript is not timed yet")
    assert "plays" not in said


def test_a_transcript_that_is_timed_says_nothing_of_that(client: FlaskClient) -> None:
    text = client.get(PAGE).text
    assert "not-timed" not in text
    assert "untimed.css" not in text


def test_a_page_of_the_document_stands_where_it_begins_and_can_be_linked_to(in_part: FlaskClient) -> None:
    html = shown(in_part)
    leaves = html.all("p.leaf")
    assert [(each["id"], each["data-page"], each.text) for each in leaves] == [
        ("page-12", "12", "p. 12"),
        ("page-13", "13", "p. 13"),
        ("page-14", "14", "p. 14"),
    ]
    assert [each.one("a")["href"] for each in leaves] == ["#page-12", "#page-13", "#page-14"]
    order = [each["id"] for each in html.one("section.transcript").walk() if "id" in each.attributes]
    places = [order.index(name) for name in ("page-12", "cue-opening", "cue-middle", "page-13", "cue-first")]
    assert places == sorted(places)


def test_pages_that_are_called_alike_or_strangely_have_anchors_of_their_own(archive: Path) -> None:
    pages = ("1", "2", "1", '<b> "x"')
    lines = "".join(f"NOTE page: {page}\n\nNOTE untimed l{n}\nWords.\n\n" for n, page in enumerate(pages))
    give(archive, f"WEBVTT\n\n{lines}")
    leaves = shown(create_app(archive).test_client()).all("p.leaf")
    assert [each["id"] for each in leaves] == ["page-1", "page-2", "page-1-2", "page-b-x"]
    assert leaves[-1]["data-page"] == '<b> "x"'


def test_a_note_on_a_line_that_is_not_timed_stands_beside_it_with_a_number(in_part: FlaskClient) -> None:
    html = shown(in_part)
    assert line(html, "second").one("aside.note")["id"] == "note-ferry"
    assert "data-start" not in line(html, "second").one("aside.note").attributes
    assert html.one("nav.moments").all("li")[0].text.startswith("0:08 Something late")
    numbers = {each["id"]: each.text for each in html.all("a.note-mark")}
    assert numbers == {"mark-ferry": "1", "mark-late": "2"}


def test_notes_with_times_stand_apart_where_no_line_has_one(not_at_all: FlaskClient) -> None:
    html = shown(not_at_all)
    assert [each["id"] for each in line(html, "two").all("aside.note")] == ["note-ferry"]
    assert [each["id"] for each in html.one("section.background").all("aside.note")] == ["note-late"]


def test_a_note_on_a_line_with_a_rough_time_has_that_time(archive: Path) -> None:
    give(archive, IN_PART, line="first")
    client = create_app(archive).test_client()
    html = shown(client)
    assert [each.text for each in html.one("nav.moments").all("time")] == ["~0:02", "0:08"]
    assert line(html, "first").one("a.jump")["aria-label"] == "Play from note 1, ~0:02"
    assert "At ~0:02 of A tape of tones" in shown(client, "/search?q=gone").one("main").text


def test_a_note_on_a_line_that_is_not_there_is_a_fault(archive: Path) -> None:
    give(archive, NOT_AT_ALL, line="nowhere")
    html = shown(create_app(archive).test_client())
    assert "their file has a fault" in html.text


@pytest.mark.parametrize(("name", "heading"), [("middle", "A line on p. 12"), ("first", "The line at ~0:02")])
def test_the_page_of_a_line_says_what_is_known_of_its_place(in_part: FlaskClient, name: str, heading: str) -> None:
    html = shown(in_part, f"{PAGE}/lines/{name}")
    assert html.one("h1").text == heading


def test_the_page_of_a_line_without_a_time_cites_its_page_and_links_to_it(in_part: FlaskClient) -> None:
    html = shown(in_part, f"{PAGE}/lines/middle")
    found = facts(html)
    assert found["Time"] == "Not timed yet. Go to the line"
    assert found["Page"] == "12"
    assert found["Link"].startswith(f"http://localhost{PAGE}#cue-middle")
    assert "p. 12, accessed" in found["Citation"]
    assert f"{PAGE}#cue-middle." in found["Citation"]
    assert "Clip" not in found
    assert html.one("dl.about-line").one("a", rel="nofollow")["href"] == f"{PAGE}/cite?line=middle"
    beside = html.one("nav.beside").all("a")
    assert [each.text for each in beside] == ["Line before, at 0:00", "Line after, at ~0:02"]


def test_without_a_script_what_there_is_about_it_stands_below_the_line_that_is_asked_for(in_part: FlaskClient) -> None:
    html = shown(in_part, f"{PAGE}?line=middle")
    assert facts(html)["Citation"].startswith("“A tape of tones,”")
    for asked in ("nothing", "<b>", ""):
        assert not shown(in_part, f"{PAGE}?line={asked}").all("dl.about-line")


@pytest.mark.parametrize(
    ("asked", "passage", "anchor"),
    [
        ("line=middle", "p. 12", "#cue-middle"),
        ("line=middle..second", "pp. 12–13", "#cue-middle"),
        ("line=first", "~0:02–~0:04, p. 13", "#t=2,4.5"),
        ("t=8,10&line=last", "0:08–0:10, p. 14", "#t=8,10"),
        ("t=8,10", "0:08–0:10", "#t=8,10"),
    ],
)
def test_lines_are_cited_by_page_and_as_far_as_is_known_by_time(
    in_part: FlaskClient, asked: str, passage: str, anchor: str
) -> None:
    text = shown(in_part, f"{PAGE}/cite?{asked}").all("p.written")[0].text
    assert f", {passage}, accessed" in text
    assert text.endswith(f"{PAGE}{anchor}.")


@pytest.mark.parametrize(
    ("asked", "why"), [("nothing", "has no line"), ("last..middle", "comes before"), ("<b>", "has no line")]
)
def test_lines_that_are_not_there_are_not_cited(in_part: FlaskClient, asked: str, why: str) -> None:
    answer = in_part.get(f"{PAGE}/cite?line={asked}")
    assert (answer.status_code, why in answer.text, "<b>" in answer.text) == (404, True, False)


def test_the_files_of_a_citation_have_the_page(in_part: FlaskClient) -> None:
    for ending in ("bib", "ris", "json"):
        answer = in_part.get(f"{PAGE}/cite.{ending}?line=middle")
        assert "p. 12" in answer.text.replace("~", " ")
        assert "#cue-middle" in answer.text.replace("\\#", "#")


def test_the_text_has_all_lines_and_the_pages_in_brackets(in_part: FlaskClient) -> None:
    words = shown(in_part, f"{PAGE}/text").one("div.words")
    assert [each.text for each in words.all("p")] == [
        "[p. 12] Silence & hum. Nobody noted <when>. [p. 13] One two three.",
        "A second voice.",
        "[p. 14] The end.",
    ]


def test_what_is_found_without_a_script_leads_to_its_line(in_part: FlaskClient) -> None:
    html = shown(in_part, f"{PAGE}?q=second")
    (found,) = html.one("section.found").all("li")
    assert (found.one("a").text, found.one("a")["href"]) == ("p. 13", f"{PAGE}?q=second#cue-second")
    html = shown(in_part, f"{PAGE}?q=two")
    assert html.one("section.found").one("time").text == "~0:02"


def test_what_a_line_rests_on_is_listed_by_its_page(in_part: FlaskClient) -> None:
    assert shown(in_part).one("ul.line-sources").text == "The log of the tones, p. 1: p. 12"


def test_a_translation_of_a_line_without_a_time_stands_beside_it(archive: Path) -> None:
    give(archive, NOT_AT_ALL)
    spanish = NOT_AT_ALL.replace("Language: en", "Language: spa\nLocal Usage Element: [Translated by] Eve")
    spanish = spanish.replace("Which ferry?", "¿Qué barco?")
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(spanish, encoding="utf-8")
    client = create_app(archive).test_client()
    assert line(shown(client), "two").one("p.translated").text == "¿Qué barco?"
    assert facts(shown(client, f"{PAGE}/lines/two"))["Spanish"] == "¿Qué barco?"
    assert "¿Qué barco?" in shown(client, f"{PAGE}/text?language=es").text


def test_where_words_are_closed_no_note_on_a_line_without_a_time_is_shown(archive: Path) -> None:
    give(archive, IN_PART, line="middle")
    record = archive / "transcripts" / "tones" / "recording.toml"
    with record.open("a", encoding="utf-8") as file:
        file.write('\n[[closed]]\nstart = "0:08"\nend = "0:10"\nwhat = "words"\nreason = "Unrevised."\n')
    client = create_app(archive).test_client()
    answer = client.get(PAGE)
    assert (answer.status_code, "note-ferry" in answer.text) == (200, False)
    assert client.get(f"{PAGE}/cite?line=last").status_code == 404


def test_the_transcript_can_be_had_as_it_is(in_part: FlaskClient) -> None:
    assert in_part.get(f"{PAGE}/transcript.vtt").text == IN_PART
