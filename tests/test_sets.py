"""A set is passages in an order, with words between them, each as visitors may see it; what is closed is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checking import advice, faults
from closed_words import bytes_of
from closings import record_of
from html_elements import parse
from passage_sets import SET, write_set

from player.archive.archive import Archive
from player.archive.references import Citation, Pointer
from player.errors import ArchiveError, NotFoundError
from player.index.everything import Everything
from player.index.index import Index
from player.index.searching import Search
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

FIRST = 'moment = "tones#first"'


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    write_set(archive)
    return create_app(archive).test_client()


def close(root: Path, tables: str) -> None:
    record = record_of(root)
    record.write_text(record.read_text("utf-8") + tables, encoding="utf-8")


def texts(client: FlaskClient, name: str) -> list[str]:
    return [each.text.strip() for each in parse(client.get("/sets/three").text).all(name)]


def test_a_set_is_read_as_it_is_declared(archive: Path) -> None:
    write_set(archive)
    found = Archive(archive).passage_set("three")
    assert (found.title, found.citations, len(found.passages)) == ("Three tones", (Citation("log", "p. 3"),), 3)
    assert [each.moment for each in found.passages] == [Pointer("tones", "first"), Pointer("tones", "note-late"), None]
    assert (found.passages[2].slug, found.passages[2].start, found.passages[2].end) == ("tones", 1000, 3500)
    with pytest.raises(NotFoundError, match='no set is called "four"; the archive has: three'):
        Archive(archive).passage_set("four")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (FIRST, "", 8, "this does not say which passage it is"),
        (FIRST, f'{FIRST}\nstart = "0:01"', 12, "the passage is named twice"),
        (FIRST, f'{FIRST}\nlast = "other#last"', 13, "a line of another recording"),
        (FIRST, f'{FIRST}\nlast = "tones#note-late"', 13, "a note has a passage of its own"),
        ('end = "0:03.5"', 'end = "0:01"', 21, "the passage ends before it begins"),
        ('recording = "tones"', 'recording = "tones"\nlast = "tones#last"', 20, '"last" stands without "moment"'),
        ("made_by", "maker", 3, '"maker"'),
    ],
)
def test_what_is_wrong_with_a_set_is_told_at_its_line(archive: Path, old: str, new: str, line: int, what: str) -> None:
    path = write_set(archive, SET.replace(old, new))
    with pytest.raises(ArchiveError) as caught:
        Archive(archive).passage_set("three")
    assert [each.line for each in caught.value.faults] == [line]
    assert what in caught.value.faults[0].what
    assert caught.value.faults[0].path == path


def test_a_set_has_as_many_passages_as_a_page_can_read(archive: Path) -> None:
    write_set(archive, 'title = "Many"\n' + '\n[[passage]]\nmoment = "tones#first"\n' * 51)
    with pytest.raises(ArchiveError, match="at most 50 passages, and this has 51"):
        Archive(archive).passage_set("three")


def test_each_passage_stands_below_its_words_with_its_lines_and_its_own_play(client: FlaskClient) -> None:
    answer = client.get("/sets/three")
    page = parse(answer.text)
    assert answer.status_code == 200
    assert [each.text for each in page.all("h1")] == ["Three tones"]
    steps = page.all("li.step")
    assert [step.attributes["id"] for step in steps] == ["passage-1", "passage-2", "passage-3"]
    assert "Here is a quenby word." in steps[0].text
    assert "One two three." in steps[0].text
    assert "The end." in steps[1].text
    spans = [(each.attributes["data-start"], each.attributes["data-end"]) for each in page.all("a.round")]
    assert spans == [("2000", "4500"), ("8500", "10000"), ("1000", "3500")]
    assert "<b>Not bold</b>" not in answer.text
    assert "<em>low</em>" in answer.text
    assert "Which was the highest?" in page.all("main")[0].text
    basket = next(each.attributes["href"] for each in page.all("a") if each.text == "Take as a basket")
    assert client.get(basket).status_code == 200
    assert len(page.all("audio")) == 3, "it plays without script"


def test_sets_are_listed_found_cited_and_referred_to_and_not_in_the_masthead(client: FlaskClient) -> None:
    listed = parse(client.get("/sets").text)
    assert [each.one("a").attributes["href"] for each in listed.all("h2")] == ["/sets/three"]
    assert '"/sets/three"' in client.get("/search?q=quenby").text
    assert "/sets/three" in client.get("/recordings/tones").text
    assert "/sets/three#passage-1" in client.get("/sources/log").text
    home = parse(client.get("/").text)
    assert "/sets" not in [each.attributes.get("href") for each in home.one("nav").all("a")]
    assert "/sets/three" in [each.attributes.get("href") for each in home.one("main").all("a")]
    missing = client.get("/sets/none")
    assert (missing.status_code, "no set is called" in missing.text.lower()) == (404, True)


def test_an_archive_without_sets_says_so(archive: Path) -> None:
    client = create_app(archive).test_client()
    assert "no sets of passages yet" in client.get("/sets").text
    assert "/sets" not in client.get("/").text


CLOSED = {
    "the line": '\n[[closed]]\ncue = "first"\nuntil = "2941"\n',
    "its sound": '\n[[closed]]\ncue = "first"\nwhat = "sound"\nuntil = "2941"\n',
    "the recording": '\n[access]\nrecord = "closed"\n',
    "a draft": '\n[access]\nrecord = "draft"\n',
    "what cannot be understood": '\n[[closed]]\ncue = "nowhere"\n',
}


@pytest.mark.parametrize("table", CLOSED.values(), ids=CLOSED)
def test_what_is_closed_is_left_out_with_its_words_and_comes_back(archive: Path, table: str) -> None:
    write_set(archive)
    index = Index.of(Archive(archive))
    index.look()
    assert bytes_of(index, "quenby")
    close(archive, table)
    index.look()
    client = create_app(archive).test_client()
    pages = {path: client.get(path).text for path in ("/sets/three", "/sets", "/search?q=quenby", "/sources/log", "/")}
    assert [path for path, page in pages.items() if "quenby" in page.replace('value="quenby"', "")] in (
        [],
        ["/search?q=quenby"],  # says the words that were asked for
    )
    assert "Here is a" not in pages["/search?q=quenby"]
    assert "Not all of this set is shown" in pages["/sets/three"]
    assert bytes_of(index, "quenby") == {}
    assert [each["access"] for each in Everything.find(index, "quenby").others()] == ["closed in part"]
    record = record_of(archive)
    record.write_text(record.read_text("utf-8").replace(table, ""), encoding="utf-8")
    index.look()
    assert "quenby" in client.get("/sets/three").text
    assert len(Search(index).find("quenby").things["set"]) == 1


def test_a_recording_that_is_missing_is_told_as_one_that_is_closed(archive: Path) -> None:
    gone = SET.replace('"tones#first"', '"gone#first"')
    write_set(archive, gone)
    client = create_app(archive).test_client()
    missing = client.get("/sets/three").text
    assert "quenby" not in missing
    assert "Not all of this set is shown: some of it is closed, or not in this archive" in missing
    assert [each.what for each in faults(archive)] == ['no recording is called "gone"']


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"tones#first"', '"tones#nowhere"', 'no line of "tones" has the identifier "nowhere"'),
        ('"tones#note-late"', '"tones#note-none"', '"tones" has no annotation with the id "none"'),
        ('"tones#note-late"', '"tones#note-around"', "nobody knows when this passage is"),
        ('start = "0:01"\nend = "0:03.5"', 'start = "0:11"\nend = "0:13"', "begins at 0:11, and the recording ends"),
        ('"log, p. 3"', '"nolog"', 'no source has the id "nolog"'),
        ("Here is a quenby", "See [this](/sets/none), a quenby", 'no set is called "none"'),
    ],
)
def test_check_tells_what_is_missing(archive: Path, old: str, new: str, what: str) -> None:
    path = write_set(archive, SET.replace(old, new))
    found = [each for each in faults(archive) if each.path == path]
    assert len(found) == 1
    assert what in found[0].what


def test_check_advises_what_visitors_do_not_see(archive: Path) -> None:
    path = write_set(archive)
    close(archive, CLOSED["the line"])
    found = [each for each in advice(archive) if each.path == path]
    assert [(each.line, "visitors do not see this passage" in each.what) for each in found] == [(8, True), (18, True)]


def test_check_names_files_beside_sets_that_are_none(archive: Path) -> None:
    write_set(archive, SET, "not a set")
    assert "this is not read as a set" in [each.what for each in faults(archive)]


def test_a_set_that_cannot_be_read_takes_nothing_from_the_others(archive: Path) -> None:
    write_set(archive)
    write_set(archive, "x", "broken")
    client = create_app(archive).test_client()
    listed = client.get("/sets").text
    assert "A set that cannot be read" in listed
    assert "the set &#34;broken&#34;" in listed
    assert "/sets/three" in listed
    assert client.get("/sets/broken").status_code == 500
