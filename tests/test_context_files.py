"""People, chronology and dossiers become values, in the order in which pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from player.archive.archive import Archive
from player.archive.references import Citation, Pointer
from player.errors import ArchiveError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path


def test_entries_stand_in_order_of_time_the_less_precise_first(context_archive: Path) -> None:
    chronology = Archive(context_archive).chronology
    assert [strand.id for strand in chronology.strands] == ["tones", "later"]
    assert [entry.id for entry in chronology.entries] == ["planned", "improvised", "made", "found"]
    assert [entry.id for entry in chronology.entries_of(chronology.strands[1])] == ["found"]
    made = chronology.entries[2]
    assert made.moments == (Pointer("tones", "first"), Pointer("tones", "note-late"))
    assert made.citations == (Citation("log", "p. 1"),)


def test_people_stand_in_the_order_of_the_file(context_archive: Path) -> None:
    people = Archive(context_archive).people
    assert list(people) == ["ada", "ben"]
    assert people["ben"].role_date == "1962-10"


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Ada hears.", True),
        ("Ada Lovelace", True),
        ("Adalbert", False),
        ("Canada", False),
        ("ada", False),
        ("“Ada”", True),
    ],
)
def test_a_person_is_named_by_whole_words(context_archive: Path, text: str, is_named: bool) -> None:
    assert Archive(context_archive).people["ada"].is_named_in(text) is is_named


def test_a_dossier_has_its_accounts_and_answers_by_id(context_archive: Path) -> None:
    archive = Archive(context_archive)
    assert archive.dossiers.slugs() == ["pitch"]
    dossier = archive.dossier("pitch")
    assert dossier is archive.dossier("pitch")
    assert list(dossier.accounts) == ["the-log", "the-memoir"]
    answer = dossier.questions["high"].answers["the-memoir"]
    assert (answer.verdict, answer.quotation, answer.source) == (
        "denies",
        "a low hum, no more",
        Citation("memoir", "p. 8"),
    )
    assert dossier.ties[0].moment == Pointer("tones", "first")
    assert dossier.accounts["the-log"].withheld == "Two lines are whited out."


def test_an_annotation_has_its_claims_and_what_it_points_at(context_archive: Path) -> None:
    recording = Archive(context_archive).recording("tones")
    (note,) = [each for each in recording.annotations if each.id == "claims"]
    assert note.body == ""
    assert [claim.id for claim in note.claims] == ["low", "none"]
    assert note.dossiers == (Pointer("pitch"), Pointer("pitch", "high"))
    assert note.claims[0].contradicts == (Pointer("around"),)


def test_an_archive_without_these_files_has_none_of_it(archive: Path) -> None:
    opened = Archive(archive)
    assert (opened.people, opened.chronology.entries, opened.dossiers.slugs()) == ({}, (), [])
    assert opened.parts == {"sources"}
    with pytest.raises(NotFoundError, match="no dossier is called"):
        opened.dossier("pitch")


@pytest.mark.parametrize("slug", ["../people", "pitch.toml", "", ".pitch", "no"])
def test_a_dossier_is_found_only_by_its_name(context_archive: Path, slug: str) -> None:
    with pytest.raises(NotFoundError):
        Archive(context_archive).dossier(slug)


def test_a_file_that_changes_is_read_again_and_others_are_not(context_archive: Path) -> None:
    archive = Archive(context_archive)
    before = (archive.people, archive.chronology, archive.dossier("pitch"))
    path = context_archive / "transcripts" / "people.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("Ada Lovelace", "A. Lovelace"), encoding="utf-8")
    assert archive.people["ada"].name == "A. Lovelace"
    assert archive.chronology is before[1]
    assert archive.dossier("pitch") is before[2]


def test_all_that_is_wrong_with_a_file_is_told_at_once(context_archive: Path) -> None:
    path = context_archive / "transcripts" / "dossiers" / "pitch.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('account = "the-memoir"', 'account = "x"', 1).replace('"loud"', '"high"'), encoding="utf-8"
    )
    with pytest.raises(ArchiveError) as refused:
        Archive(context_archive).dossier("pitch")
    assert len(refused.value.faults) == 2


def test_what_lies_behind_a_link_out_of_the_archive_is_not_even_listed(context_archive: Path) -> None:
    folder = context_archive / "transcripts" / "dossiers"
    folder.rename(context_archive.parent / "elsewhere")
    folder.symlink_to(context_archive.parent / "elsewhere")
    with pytest.raises(ArchiveError, match="leads out of the archive"):
        Archive(context_archive).dossiers.slugs()
