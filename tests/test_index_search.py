"""What a recording's page finds in its lines is found over the whole archive, counted, and put in order."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from searched import SEARCHES, WORDLESS, over_all, rows, write_searched
from small_archive import write_archive

from player.archive.archive import Archive
from player.errors import SearchError
from player.index.index import Index
from player.index.searching import Search
from player.web.app import create_app
from player.web.pages.found import groups, notes, things

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("engine")

IDS = [query for query, _ in SEARCHES]


def searched(root: Path) -> tuple[Search, Index]:
    index = Index.of(Archive(root))
    index.look()
    return Search(index), index


@pytest.fixture(scope="module")
def table(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Search:  # noqa: ARG001  # which keeps it
    return searched(write_searched(tmp_path_factory.mktemp("searched") / "archive"))[0]


def found(search: Search, query: str) -> tuple[int, list[list[str | int]]]:
    """Count the hits in lines, and list them."""
    hits = search.find(query)
    lines = [line for recording in hits.passages for line in search.lines(hits, recording, 1000)]
    return sum(hits.passages.values()), rows(lines)


@pytest.mark.sampled
@pytest.mark.parametrize(("query", "hits"), SEARCHES, ids=IDS)
def test_what_a_page_finds_is_found_in_the_index(table: Search, query: str, hits: list[list[str | int]]) -> None:
    expected = over_all(query, hits)
    assert found(table, query) == (len(expected), expected)


def test_without_trigrams_all_is_read_the_same_is_found_and_that_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYER_INDEX", raising=False)
    monkeypatch.setattr("player.index.schema.has_words", lambda _: False)
    search, _ = searched(write_searched(tmp_path / "archive"))
    with caplog.at_level(logging.WARNING):
        for query, hits in SEARCHES:
            assert found(search, query)[1] == over_all(query, hits)
    (told,) = (record.getMessage() for record in caplog.records if "trigrams" in record.getMessage())
    assert "each search reads all words" in told


@pytest.mark.parametrize("query", WORDLESS)
def test_what_holds_no_word_is_refused(table: Search, query: str) -> None:
    with pytest.raises(SearchError, match="the search contains no word; write"):
        table.find(query)


def test_one_or_two_letters_are_a_whole_word(table: Search) -> None:
    hits = table.find("on")
    assert (hits.are_whole, hits.is_quoted, dict(hits.passages)) == (True, False, {})
    assert not table.find("said").is_quoted
    assert table.find('"said" “was”').is_quoted
    assert found(table, "it")[0] == found(table, '"it"')[0] == 2
    assert found(table, "京")[0] == 1


def test_a_change_is_found_and_what_was_kept_is_not_given_again(archive: Path) -> None:
    search, index = searched(archive)
    assert found(search, "three")[0] == 1
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(path.read_text(encoding="utf-8").replace("three.", "three, three."), encoding="utf-8")
    index.look()
    assert found(search, "three")[0] == 2
    path.unlink()
    index.look()
    assert found(search, "three")[0] == 0


def test_what_goes_while_a_page_is_made_is_left_out(archive: Path) -> None:
    app = create_app(archive)
    index = app.extensions["index"]
    index.look()
    search = Search(index)
    hits = search.find("voice")
    (archive / "transcripts" / "tones" / "recording.toml").unlink()
    (archive / "transcripts" / "tones" / "transcript.vtt").unlink()
    index.look()
    numbers = list(hits.recordings)
    with app.test_request_context():
        assert groups(index, search, hits, numbers) == []
        assert list(notes(index, search, hits, numbers, 1)) == []
        assert list(things(index, hits, "person", [1_000_000])) == []
    assert search.by_rank(hits, set(numbers)) == numbers


def test_the_title_comes_first_then_the_density_then_the_date(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "archive")
    lines = {
        "often": ("1965", "A", "storm storm storm, storm"),
        "once": ("1964", "B", "a storm among very many other words " + "and so on " * 50),
        "titled": ("1966", "The storm", "nothing of the kind"),
        "neither": ("1963", "C", "calm"),
    }
    for slug, (year, title, said) in lines.items():
        folder = root / "transcripts" / slug
        folder.mkdir()
        record = f'title = "{title}"\ndate = "{year}"\nstatus = "not held"\nsources = ["log"]\n'
        (folder / "recording.toml").write_text(f'{record}[original]\ndescription = "x"\n', encoding="utf-8")
        (folder / "transcript.vtt").write_text(f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{said}\n", encoding="utf-8")
    search, index = searched(root)
    slugs = {row["id"]: row["slug"] for row in index.rows("SELECT id, slug FROM recording")}
    hits = search.find("storm")
    assert [slugs[each] for each in search.by_rank(hits, hits.recordings)] == ["titled", "often", "once"]
    assert [slugs[each] for each in search.by_date(hits.recordings)] == ["once", "often", "titled"]


def test_notes_people_sources_and_the_rest_are_found_apart(context_archive: Path) -> None:
    search, _ = searched(context_archive)
    hits = search.find("the log")
    (recording,) = hits.noted
    assert [row["id"] for row in search.notes(hits, recording)] == ["who"]
    kinds = {kind for word in ("ada", "log", "tape", "the") for kind in search.find(word).things}
    assert kinds == {"person", "source", "entry", "dossier"}


@pytest.mark.parametrize("changed", ["flat", "sharp"])
def test_things_that_answer_alike_are_in_the_order_of_their_list(context_archive: Path, changed: str) -> None:
    dossiers = context_archive / "transcripts" / "dossiers"
    written = (dossiers / "pitch.toml").read_text(encoding="utf-8")
    for name in ("flat", "sharp"):
        (dossiers / f"{name}.toml").write_text(written, encoding="utf-8")
    search, index = searched(context_archive)
    # What is read anew gets another number.
    (dossiers / f"{changed}.toml").write_text(written + "\n", encoding="utf-8")
    index.look()
    numbers = search.find("lovelace").things["dossier"]
    with create_app(context_archive).test_request_context():
        addresses = [each.address for each in things(index, search.find("lovelace"), "dossier", numbers)]
    assert addresses == ["/dossiers/flat", "/dossiers/pitch", "/dossiers/sharp"]
