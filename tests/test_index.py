"""The index of an archive follows its files, and says what they say."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from context_files import add_context
from small_archive import write_archive

from player import roots
from player.archive import kept
from player.archive.archive import Archive
from player.archive.people import Person
from player.archive.statements import of_chronology, of_dossier, of_people, of_recording, of_set, of_sources
from player.index import mentions, values
from player.index.index import Index
from player.index.naming import Naming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.archive.statements import Spot, Statement
    from player.index.mentions import Place


pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture(scope="module")
def shipped(engine: str) -> Index:  # noqa: ARG001  # which keeps it
    index = Index.of(Archive(roots.SHIPPED_ARCHIVE))
    index.look()
    return index


@pytest.fixture
def small(tmp_path: Path) -> Index:
    add_context(write_archive(tmp_path / "archive"))
    index = Index.of(Archive(tmp_path / "archive"))
    index.look()
    return index


def found_in(index: Index, kind: str, name: str) -> list[Place]:
    groups = mentions.groups(index, kind, name)
    count = sum(group.count for group in groups)
    found = [place for shown in mentions.places(index, kind, name, groups, 0, count) for place in shown.places]
    assert len(found) == count
    return found


def spots(index: Index, kind: str, name: str) -> list[Spot]:
    return [place.spot for place in found_in(index, kind, name)]


def said(archive: Archive) -> Iterator[Statement]:
    """Give everything that an archive says, from its files."""
    for recording in archive:
        yield from of_recording(recording)
    yield from of_chronology(archive.chronology)
    for slug in archive.dossiers.slugs():
        yield from of_dossier(archive.dossier(slug))
    for slug in archive.sets.slugs():
        yield from of_set(archive.passage_set(slug))
    yield from of_people(archive.people.values())
    yield from of_sources(archive.sources.values())


def test_whom_the_archive_names_is_what_its_statements_say(shipped: Index) -> None:
    statements = list(said(shipped.archive))
    for person in shipped.archive.people.values():
        own = {("person", person.id)}
        named: set[Spot] = {each.spot for each in statements if each.names(person)}
        expected = {spot for spot in named if (spot.kind, spot.name) not in own}
        assert {spot for spot in spots(shipped, "person", person.id) if spot.kind != "archive"} == expected


def test_what_cites_a_source_is_what_its_statements_say(shipped: Index) -> None:
    statements = list(said(shipped.archive))
    for source in shipped.archive.sources:
        expected: dict[Spot, set[str]] = {}
        for each in statements:
            locators = [citation.locator for citation in each.citations if citation.source == source]
            if locators:
                expected.setdefault(each.spot, set()).update(filter(None, locators))
        found = {place.spot: set(place.locators) for place in found_in(shipped, "source", source)}
        assert {spot: locators for spot, locators in found.items() if spot.kind != "archive"} == expected


def test_what_shared_files_hold_is_given_as_they_have_it(shipped: Index) -> None:
    archive = shipped.archive
    assert dict(shipped.people) == archive.people
    assert dict(shipped.sources) == archive.sources
    assert {entry.id: entry for entry in archive.chronology.entries} == dict(shipped.entries)
    assert {slug: archive.dossier(slug) for slug in archive.dossiers.slugs()} == dict(shipped.dossiers)
    assert list(shipped.people) == list(archive.people)


def test_what_points_at_a_recording_is_found(shipped: Index) -> None:
    slug = "1963-11-05-attwood-reading"
    found = {entry.id for entry in shipped.entries_about(slug)}
    pointing = {
        entry.id
        for entry in shipped.archive.chronology.entries
        if entry.recording == slug or any(moment.to == slug for moment in entry.moments)
    }
    assert pointing
    assert found == pointing


def test_a_value_is_read_as_it_was_written(shipped: Index) -> None:
    for dossier in shipped.dossiers.values():
        assert values.decode(values.encode(dossier)) == dossier


def settled(index: Index) -> None:
    """Read all once more, with times so long ago that no file could have changed unseen."""
    for path in sorted(index.archive.root.rglob("*")):
        os.utime(path, ns=(1_000_000_001, 1_000_000_001))
    while index.look():
        pass


def test_a_change_is_followed_and_nothing_else_is_read(small: Index) -> None:
    settled(small)
    before = small.generation
    assert small.look() == 0
    assert small.generation == before
    record = small.archive.transcripts / "tones" / "recording.toml"
    record.write_text(record.read_text().replace("A tape of tones", "A tape of hums"))
    assert small.look() == 1
    assert small.recordings["tones"].title == "A tape of hums"
    assert small.generation != before


def test_a_recording_comes_and_goes_with_all_that_it_says(small: Index) -> None:
    transcripts = small.archive.transcripts
    (transcripts / "tones").rename(transcripts / "hums")
    small.look()
    assert list(small.recordings) == ["hums"]
    assert {spot.name for spot in spots(small, "source", "log") if spot.kind == "recording"} == {"hums"}
    for table in ("line", "note", "facet", "statement", "body", "cites", "names"):
        column = "unit" if table in {"statement", "body", "cites", "names"} else "recording"
        orphans = small.rows(f"SELECT 1 FROM {table} WHERE {column} NOT IN (SELECT id FROM unit)")  # noqa: S608  # ours
        assert orphans == [], table


def test_lines_that_did_not_change_name_whom_the_list_of_people_came_to_hold(small: Index) -> None:
    settled(small)
    people = small.archive.transcripts / "people.toml"
    people.write_text(people.read_text().replace('name = "Ben"', 'name = "hum"'))
    small.look()
    named = {spot.part for spot in spots(small, "person", "ben") if spot.kind == "recording"}
    assert ("cue", "opening") in named  # "Silence & hum."
    assert small.look() == 1  # people.toml alone, which was written a moment ago


def test_a_record_that_is_wrong_is_not_there_and_its_words_are_not_logged(
    small: Index, caplog: pytest.LogCaptureFixture
) -> None:
    record = small.archive.transcripts / "tones" / "recording.toml"
    record.write_text('title = "Quiet words')
    small.look()
    assert list(small.recordings) == []
    assert small.rows("SELECT 1 FROM line") == []
    assert ": there is a fault here; player check says which" in caplog.text
    assert "Quiet words" not in caplog.text


def test_names_are_found_as_one_person_at_a_time_finds_them() -> None:
    forms = {
        "a": ("Ada", "Ada Lovelace"),
        "b": ("Ben",),
        "c": ("d\u2019Arc", "Jean_"),
        "d": ("\u00abX\u00bb",),
        "e": ("St. John",),
    }
    texts = [
        "Adam met Ada.",
        "Lovelace, Ada Lovelace",
        "Benjamin_Ben",
        "then Ben.",
        "\u00e9Ben Ben\u00e9",
        "Jeanne d\u2019Arc d\u2019Arcy",
        "\u00abX\u00bb, a \u00abX\u00bb",
        "Jean_ Jean_e",
        "St. John St. Johnson xSt. John",
        "",
        "Ada\nLovelace",
    ]
    people = [Person(id=key, name=names[0], also=names[1:], role="", citations=()) for key, names in forms.items()]
    expected = {(n, each.id) for n, text in enumerate(texts) for each in people if each.is_named_in(text)}
    assert set(Naming(forms).named_in(texts)) == expected
    assert {key for _, key in expected} == set(forms)


def test_of_thousands_of_recordings_few_stay_in_memory(small: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_KEPT_LINES", 5)
    transcripts = small.archive.transcripts
    for name in ("one", "two", "three"):
        (transcripts / name).mkdir()
        for file in (transcripts / "tones").iterdir():
            (transcripts / name / file.name).write_bytes(file.read_bytes())
    archive = Archive(small.archive.root)
    read = [archive.recording(slug) for slug in ("one", "two", "three")]
    assert archive.recording("three") is read[2]
    assert archive.recording("one") is not read[0]
    assert archive.people is archive.people


def test_a_recording_that_is_longer_than_all_that_is_kept_is_read_once(
    small: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_KEPT_LINES", 2)
    archive = Archive(small.archive.root)
    assert archive.recording("tones") is archive.recording("tones")
