"""What a search finds can be taken as a table: each line with what it takes to quote and to cite it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from clipping import run
from exporting import READING, add_to_record, write_words
from html_elements import parse
from many_tapes import write_tapes

from player.publish.citation import chicago_date
from player.web.app import create_app
from player.web.routes import search_table

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def asking(archive: Path) -> FlaskClient:
    app = create_app(archive)
    app.extensions["index"].look()
    return app.test_client()


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return asking(archive)


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_each_line_has_its_recording_times_speaker_words_link_and_citation(archive: Path) -> None:
    add_to_record(archive, READING)
    answer = asking(archive).get("/search.csv?q=two")
    assert (answer.status_code, answer.mimetype) == (HTTPStatus.OK, "text/csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=search.csv"
    (row,) = table(answer.data)
    day = chicago_date(dt.datetime.now(dt.UTC).date().isoformat())
    link = "http://localhost/recordings/tones#t=2,4.5"
    assert row == {
        "recording": "tones",
        "title": "A tape of tones",
        "date": "1963-11-05",
        "line": "first",
        "note": "",
        "start": "2.000",
        "end": "4.500",
        "from": "00:00:02.000",
        "to": "00:00:04.500",
        "page": "",
        "speaker": "Ada",
        "words": "One two three.",
        "sources": "The log of the tones, p. 2",
        "remarks": "",
        "notice": "Synthetic tones, not the tape.",
        "link": link,
        "citation": "“A tape of tones,” synthetic reading, not the tape, Nowhere, November 5, 1963, 0:02–0:04, "
        f"responsible party: the keepers, accessed {day}, {link}.",
    }


def test_a_row_names_what_all_its_lines_rest_on_and_is_cited_as_its_page_is(archive: Path) -> None:
    both = "NOTE source: log, p. 2\n\nNOTE source: nowhere\n\nb\n00:03.000 --> 00:04.000\nTwo boats.\n"
    write_words(archive, f"NOTE source: log, p. 1\n\na\n00:01.000 --> 00:03.000\n<v Ada>The ferry\n\n{both}")
    client = asking(archive)
    (row,) = table(client.get('/search.csv?q="ferry+two"').data)
    assert row["sources"] == "The log of the tones, p. 1; The log of the tones, p. 2; nowhere"
    (row,) = table(client.get("/search.csv?q=ferry").data)
    assert row["sources"] == "The log of the tones, p. 1"
    page = parse(client.get("/recordings/tones/cite?t=1,3").text)
    assert row["citation"] in page.text
    # Of what is not said in a part of it, nothing is cited.
    (row,) = table(client.get("/search.csv?q=boats").data)
    assert row["sources"] == "The log of the tones, p. 2; nowhere"


def test_the_page_leads_to_the_table_narrowed_and_sorted_as_it_is(client: FlaskClient) -> None:
    page = parse(client.get("/search?q=voice&sort=date&decade=1960s").text)
    (link,) = (each for each in page.all("a") if each["href"].startswith("/search.csv"))
    assert link.text == "As a table with citations"
    assert [row["line"] for row in table(client.get(link["href"]).data)] == ["c3"]
    assert table(client.get("/search.csv?q=voice&decade=1950s").data) == []
    assert "/search.csv" not in client.get("/search?q=nothing").text


def test_what_is_closed_is_not_in_it_nor_what_stands_in_its_place(archive: Path) -> None:
    add_to_record(archive, '\n[[closed]]\ncue = "c3"\nwhat = "words"\nuntil = "2941"\nreason = "So."\n')
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    said = path.read_text(encoding="utf-8").replace("00:00:05.000 -->", "NOTE source: log, of Ben\n\n00:00:05.000 -->")
    path.write_text(said, encoding="utf-8")
    client = asking(archive)
    assert "of Ben" not in client.get("/search.csv?q=the").text
    for words in ("voice", "closed", "second"):
        assert table(client.get(f"/search.csv?q={words}").data) == []
    found = [row["line"] or row["note"] for row in table(client.get("/search.csv?q=the").data)]
    assert found == ["last", "who", "late", "around"]


def test_cells_are_no_formulas(archive: Path) -> None:
    write_words(archive, "00:01.000 --> 00:02.000\n<v @SUM(1)>=HYPERLINK(0) tone\n")
    (row,) = table(asking(archive).get("/search.csv?q=tone").data)
    assert (row["speaker"], row["words"]) == ("'@SUM(1)", "'=HYPERLINK(0) tone")


@pytest.mark.parametrize("query", ["", "?q=", "?q=%22", "?q=..."])
def test_what_is_no_search_is_refused_in_words(query: str, client: FlaskClient) -> None:
    answer = client.get(f"/search.csv{query}")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "<h1>That request cannot be read</h1>" in answer.text


def test_a_table_that_has_no_room_for_all_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = asking(write_tapes(tmp_path / "archive"))
    whole = table(client.get("/search.csv?q=the").data)
    assert {row["recording"] for row in whole} == {"tones", "quay", "mole"}
    monkeypatch.setattr(search_table, "_MOST_RECORDINGS", 2)
    *rows, last = table(client.get("/search.csv?q=the").data)
    assert len({row["recording"] for row in rows}) == 2
    assert last["remarks"].startswith("1 more recording was found")
    monkeypatch.setattr(search_table, "MOST", 1)
    *rows, last = table(client.get("/search.csv?q=the").data)
    assert (len(rows), last["remarks"][:7]) == (1, "2 more ")


def test_a_note_is_a_row_of_its_own_with_what_it_rests_on_and_no_words_that_anybody_said(archive: Path) -> None:
    (row,) = table(asking(archive).get("/search.csv?q=person").data)
    day = chicago_date(dt.datetime.now(dt.UTC).date().isoformat())
    link = "http://localhost/recordings/tones#note-who"
    assert {name: cell for name, cell in row.items() if cell} == {
        "recording": "tones",
        "title": "A tape of tones",
        "date": "1963-11-05",
        "note": "who",
        "start": "2.000",
        "end": "4.500",
        "from": "00:00:02.000",
        "to": "00:00:04.500",
        "words": "Who Ada is: A person. See the log.",
        "sources": "The log of the tones, p. 1",
        "remarks": "note: person",
        "link": link,
        "citation": "“A tape of tones,” audio recording, Nowhere, November 5, 1963, 0:02–0:04, "
        f"accessed {day}, {link}.",
    }
    with (archive / "transcripts" / "tones" / "recording.toml").open("a", encoding="utf-8") as file:
        file.write('\n[access]\nnotes = "restricted"\n')
    assert table(asking(archive).get("/search.csv?q=person").data) == []


def test_the_command_writes_the_same_lines_and_none_that_are_closed(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_URL", "http://localhost")
    path = tmp_path / "found.csv"
    assert run(archive, "search", "voice", "--csv", str(path)).output == f"{path}: 1 line\n"
    assert path.read_bytes() == asking(archive).get("/search.csv?q=voice").data
    other = tmp_path / "the.csv"
    assert run(archive, "search", "the", "--csv", str(other)).output == f"{other}: 1 line, 3 notes\n"
    assert other.read_bytes() == asking(archive).get("/search.csv?q=the").data
    again = run(archive, "search", "voice", "--csv", str(path))
    assert (again.exit_code, again.output.count("\n")) == (1, 1)
    add_to_record(archive, '\n[[closed]]\ncue = "c3"\nwhat = "words"\nreason = "So."\n')
    closed = run(archive, "search", "voice", "--csv", str(tmp_path / "closed.csv"))
    assert (closed.exit_code, closed.output) == (1, "nothing was found that visitors may read\n")
    assert "second voice" in run(archive, "search", "voice").output
