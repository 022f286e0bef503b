"""Visitors see which words people doubt, how else they are read, and by whom where that name may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from doubted_ferry import write_doubted
from html_elements import Element, parse
from machine_ferry import KEEPER, SLUG

from player.archive.archive import Archive
from player.archive.doubts import Doubt, Reading, doubts
from player.archive.gate.shown import Audience
from player.archive.transcript import Turn, UntimedLine
from player.web.app import create_app
from player.web.pages.doubted_words import doubted_words, with_marks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

PAGE = f"/recordings/{SLUG}"
PEOPLE = '[[person]]\nid = "keeper"\nname = "{}"\nrole = "keeper"\nsources = ["log"]\nprivate = true\n'
CLOSED = '\n[[closed]]\ncue = "c4"\nuntil = "2999"\n'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of a server over the archive."""
    with create_app(write_doubted(tmp_path_factory.mktemp("doubted") / "archive")).test_client() as client:
        yield client


def at(client: FlaskClient, address: str) -> Element:
    return parse(client.get(address).text)


def test_words_are_marked_in_their_lines_and_counted(client: FlaskClient) -> None:
    page = at(client, PAGE)
    lines = [each for each in page.all("p.cue") if "data-doubted" in each.attributes]
    assert [each.attributes["id"] for each in lines] == ["cue-c1", "cue-c2", "cue-c3"]
    assert [[each.text for each in line.all("span.doubted")] for line in lines] == [["ferry"], ["quay"], ["Under"]]
    assert [each.text for each in lines[1].all("span.varied")] == ["a brambling"]
    assert [each.text for each in lines[2].all("span.doubtful")] == ["tamarack"]
    said = page.one("div.doubts").text
    assert "Words are doubtful in 3 places, underlined like this." in said
    assert "There is another reading in one place" in said
    assert 'name="doubted"' in client.get(PAGE).text


def test_those_who_speak_such_words_are_named_when_only_their_lines_are_shown(client: FlaskClient) -> None:
    page = at(client, PAGE)
    assert [each.text for each in page.all("p.turn") if "data-doubted" in each.attributes] == [
        *("Speaker 1", "Speaker 2", "Speaker 1")
    ]


def test_the_page_of_a_line_says_how_else_its_words_are_read_and_by_whom(client: FlaskClient) -> None:
    said = client.get(f"{PAGE}/lines/c1").text
    line = at(client, f"{PAGE}/lines/c1")
    (words,) = line.all("div.doubted-words")
    assert "“ferry”, or “fairy <boat>” (typescript), or “fury”" in words.text
    assert "<boat>" not in said
    assert 'data-start="900" data-end="1200"' in said
    assert "stale" not in said
    (doubtful, other) = at(client, f"{PAGE}/lines/c2").all("div.doubted-words")
    assert " ".join(doubtful.text.split()).endswith("“quay” Play this word, with its line, slowly, again and again")
    assert f"“a brambling”: “the rambling” ({KEEPER})" in other.text
    assert "<dt>Machine not sure of</dt>" in client.get(f"{PAGE}/lines/c3").text


def test_without_a_script_it_stands_below_the_line_that_is_asked_for(client: FlaskClient) -> None:
    assert "“<bdi>a brambling</bdi>”: “<bdi>the rambling</bdi>”" in client.get(f"{PAGE}?line=c2").text


def test_the_text_has_signs_that_any_reader_gets(client: FlaskClient) -> None:
    text = " ".join(at(client, f"{PAGE}/text").one("div.words").text.split())
    assert "The ferry [? or fairy <boat> or fury] carried" in text
    assert "Nobody saw a brambling [or the rambling] on the quay [?]." in text
    assert "[?] stands behind words that somebody doubts" in client.get(f"{PAGE}/text").text


def test_a_page_without_such_words_brings_nothing_of_it(tmp_path: Path) -> None:
    root = write_doubted(tmp_path / "archive")
    path = root / "transcripts" / SLUG / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("NOTE doubtful: ", "NOTE was: ").replace("NOTE variant: ", "NOTE was: "), "utf-8")
    with create_app(root).test_client() as client:
        pages = "".join(client.get(address).text for address in (PAGE, f"{PAGE}/text", f"{PAGE}/lines/c1"))
    assert not [sign for sign in ("doubts.css", "doubted", "varied", "[?]") if sign in pages]


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ((Doubt(1, 1),), "One <doubted>two</doubted>, three four"),
        (
            (Doubt(1, 2, (Reading("x"),), is_doubtful=False), Doubt(2, 2)),
            "One <varied>two</varied>, <doubted>three</doubted> four",
        ),
        ((Doubt(0, 1), Doubt(1, 2)), "<doubted>One two, three</doubted> four"),
        ((Doubt(0, 0), Doubt(1, 1)), "<doubted>One</doubted> <doubted>two</doubted>, three four"),
        ((Doubt(3, 3),), "One two, <doubtful>three</doubtful> <doubted>four</doubted>"),
    ],
)
def test_marks_that_overlap_are_one_text(said: tuple[Doubt, ...], printed: str) -> None:
    unsure = (2,) if said == (Doubt(3, 3),) else ()
    marked = str(with_marks("One two, three four", unsure, said))
    for name in ("doubted", "varied", "doubtful"):
        printed = printed.replace(f"<{name}>", f'<span class="{name}">').replace(f"</{name}>", "</span>")
    assert marked == printed


def test_words_of_very_many_marks_are_bounded() -> None:
    words = [f"w{number}" for number in range(3_000)]
    comments = tuple(f'doubtful: {number + 1} "{word}"' for number, word in enumerate(words))
    text = " ".join(words)
    line = UntimedLine("k1", text, (Turn(None, text),), (), 0, comments=comments)
    assert len(doubted_words(line)) == 500
    assert str(with_marks(text, range(3_000), doubts(line))).count("<span") <= 1_000


def shown_of(root: Path, *, people: str = "", closed: str = "") -> str:
    folder = root / "transcripts"
    if people:
        (folder / "people.toml").write_text(people, encoding="utf-8")
    if closed:
        path = folder / SLUG / "recording.toml"
        path.write_text(path.read_text(encoding="utf-8") + closed, encoding="utf-8")
    with create_app(root).test_client() as client:
        asked = (PAGE, f"{PAGE}/lines/c1", f"{PAGE}/lines/c2", f"{PAGE}/text", f"{PAGE}/transcript.vtt")
        return "".join(client.get(address).text for address in asked)


def test_a_reading_by_somebody_private_is_by_nobody(tmp_path: Path) -> None:
    shown = shown_of(write_doubted(tmp_path / "archive"), people=PEOPLE.format(KEEPER))
    assert KEEPER not in shown
    assert "the rambling" in shown
    assert "(typescript)" in shown


def test_a_reading_that_is_a_private_name_is_not_shown(tmp_path: Path) -> None:
    shown = shown_of(write_doubted(tmp_path / "archive"), people=PEOPLE.format("The Rambling"))
    assert "the rambling" not in shown
    assert "fairy" in shown


def test_where_nobody_knows_who_is_private_no_reading_is_shown(tmp_path: Path) -> None:
    shown = shown_of(write_doubted(tmp_path / "archive"), people="[[person]\n")
    assert not [word for word in (KEEPER, "the rambling", "fairy", "typescript") if word in shown]
    assert '<span class="doubted">quay</span>' in shown


def test_what_is_closed_beside_them_takes_no_mark_from_open_lines(tmp_path: Path) -> None:
    shown = shown_of(write_doubted(tmp_path / "archive"), closed=CLOSED)
    assert '<span class="doubted">quay</span>' in shown
    assert "the rambling" in shown


def test_marks_of_closed_lines_go_with_them(tmp_path: Path) -> None:
    root = write_doubted(tmp_path / "archive")
    path = root / "transcripts" / SLUG / "recording.toml"
    path.write_text(path.read_text(encoding="utf-8") + CLOSED.replace("c4", "c2"), encoding="utf-8")
    recording = Archive(root, audience=Audience.VISITORS).recording(SLUG)
    assert recording.transcript is not None
    assert "the rambling" not in str([line.comments for line in recording.transcript.lines])
    assert "the rambling" not in shown_of(root)


def test_the_file_that_is_written_anew_has_the_marks_of_the_words_that_it_shows(tmp_path: Path) -> None:
    root = write_doubted(tmp_path / "archive")
    shown_of(root, closed=CLOSED.replace("c4", "c1"), people=PEOPLE.format(KEEPER))
    with create_app(root).test_client() as client:
        served = client.get(f"{PAGE}/transcript.vtt").text
    assert 'NOTE doubtful: 7 "quay."' in served
    assert 'NOTE variant: 3-4 "a brambling": "the rambling"\n' in served
    assert not [word for word in (KEEPER, "ferry", "fury", "typescript") if word in served.partition("c2")[0]]
