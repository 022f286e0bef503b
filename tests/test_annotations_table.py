"""``player annotations --export`` and ``--import``: notes in a spreadsheet; nothing that it cannot hold is lost."""

from __future__ import annotations

import csv
import io
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from annotation_tables import NOTES, exported, imported, notes
from clipping import run
from hypothesis import given
from hypothesis import strategies as st

from player.archive.annotations import ANNOTATION_KINDS
from player.archive.archive import Archive
from player.archive.references import CERTAINTIES
from player.errors import ArchiveError
from player.intake import annotation_table, notes_toml
from player.intake.annotation_edits import changed_notes, rows_of, write
from player.intake.cells import time_of
from player.intake.transcripts.imported import ImportedNote

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["notes"]
pytestmark = pytest.mark.usefixtures("notes")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", ["notes.csv", "notes.xlsx"])
def test_what_is_exported_and_imported_again_changes_nothing(archive: Path, notes: Path, name: str) -> None:
    path = exported(archive, name)
    answer = run(archive, "annotations", "tones", "--import", str(path))
    assert (answer.exit_code, answer.output) == (0, "tones: nothing to change\n")
    assert notes.read_bytes() == NOTES.encode()
    answer = run(archive, "annotations", "tones", "--export", str(path))
    assert answer.exit_code == 1
    assert "replace it with --force" in answer.output


def test_times_are_written_so_that_no_spreadsheet_mistakes_them(archive: Path) -> None:
    first, late = rows(exported(archive))
    assert (first["line"], first["start"], first["sources"]) == ("first", "", "log, p. 1|log, p. 2\\|3")
    assert (first["more"], first["access"]) == ("people, claim", "open")
    assert (late["start"], late["end"], late["title"]) == ("0h00m08.5s", "0h00m10s", "'=Something late")


def test_times_of_whole_seconds_are_written_as_they_are_read(archive: Path, notes: Path) -> None:
    notes.write_text(NOTES.replace("start = 8.5", "start = 8"), encoding="utf-8")
    assert [(row["start"], row["end"]) for row in rows(exported(archive))] == [("", ""), ("0:00:08", "0:00:10")]


def test_a_note_past_the_end_of_the_sound_is_told_also_of_a_dry_run(archive: Path) -> None:
    for options in (["--dry-run"], []):
        code, told = imported(archive, "id,end\nlate,0:01:10\n", *options)
        assert code == 0
        assert "late: it ends (1:10) past the end of the sound (0:10); give an earlier end" in told
    assert "past the end" not in imported(archive, "id,end\nwho,\n")[1]


def test_a_table_says_what_visitors_may_not_see(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    closing = '\n[[closed]]\nstart = "0:08"\nend = "0:10"\nuntil = "2941"\n'
    record.write_text(record.read_text(encoding="utf-8") + closing, encoding="utf-8")
    assert [row["access"] for row in rows(exported(archive))] == ["open", "closed until 2941"]


def test_only_what_differs_is_changed(archive: Path, notes: Path) -> None:
    told = imported(archive, "id;title;end;line\nwho;Who she was;;first\nlate;=Something late;9,75;\n")
    then = f"tones: 2 changed; now check what they point at: player check --archive {archive}\n"
    assert told == (0, then)
    expected = NOTES.replace('"Who Ada is"', '"Who she was"').replace('end = "0:10"', 'end = "0:09.75"')
    assert notes.read_text(encoding="utf-8") == expected


def test_a_dry_run_prints_each_change_and_makes_none(archive: Path, notes: Path) -> None:
    late = "late,event,=Something late,Near the end.,log,inferred"
    said = f"id,kind,title,body,sources,certainty\n{late}\n,place,A quay,Built.,log,\n"
    code, told = imported(archive, said, "--dry-run")
    assert code == 0
    assert told == (
        'late: certainty: nothing becomes "inferred"\na-quay: is added, "A quay"\n'
        "tones: 1 changed, 1 added; nothing was written\n"
        "1 annotation has no row, and stays (--remove would remove them)\n"
    )
    assert notes.read_bytes() == NOTES.encode()


def test_new_notes_come_last_and_only_once(archive: Path, notes: Path) -> None:
    said = (
        "kind,title,start,end,line,sources,body\nplace,Der Kai,0:01,0:02,,log,Gebaut.\nterm,Der Kai,,,first,log,Was.\n"
    )
    assert imported(archive, said)[1].startswith("tones: 2 added; now check")
    found = tomllib.loads(notes.read_text(encoding="utf-8"))["annotation"]
    assert [note["id"] for note in found] == ["who", "late", "der-kai", "der-kai-2"]
    assert found[2] == {
        "id": "der-kai",
        "kind": "place",
        "title": "Der Kai",
        "body": "Gebaut.",
        "sources": ["log"],
        "start": "0:01",
        "end": "0:02",
    }
    assert notes.read_text(encoding="utf-8").startswith(NOTES)
    assert imported(archive, said)[1].startswith("tones: nothing to change\n")
    Archive(archive).recording("tones")


def test_where_there_are_no_notes_yet_a_table_makes_them(archive: Path, notes: Path) -> None:
    notes.unlink()
    assert imported(archive, "title,kind,body\nThe quay,segment,Who built it.\n")[0] == 0
    assert Archive(archive).recording("tones").annotations[0].id == "the-quay"


def test_a_note_goes_only_where_that_is_said_and_nothing_is_lost_with_it(archive: Path, notes: Path) -> None:
    code, told = imported(archive, "id,title\nwho,Who Ada is\n", "--remove")
    then = f"tones: 1 removed; now check what they point at: player check --archive {archive}"
    assert (code, told.splitlines()[0]) == (0, then)
    assert notes.read_text(encoding="utf-8") == NOTES[: NOTES.index('[[annotation]]\nid = "late"')]
    code, told = imported(archive, "id,title,kind,body,sources\nnew,New,term,It.,log\n", "--remove")
    assert code == 1
    assert 'notes.csv: "who" has no row, but also people, claim, which no table can hold; remove that note by h' in told


def test_what_others_are_disputed_with_stays(archive: Path, notes: Path) -> None:
    notes.write_text(NOTES.replace('people = ["ada"]', 'contradicts = ["late"]'), encoding="utf-8")
    code, told = imported(archive, "id,title\nwho,Who Ada is\n", "--remove")
    assert code == 1
    assert '"late" has no row, but "who" says that it is disputed with it' in told


WRONG: dict[str, tuple[str, list[str]]] = {
    "column": (
        "id,colour\nwho,red\n",
        ['notes.csv:1: no note has the key "colour"; remove the column, or call it one'],
    ),
    "kind": ("id,kind\nwho,rumour\n", ['notes.csv:2: "kind" is "rumour"; write one of person, event']),
    "emptied": (
        "id,title,kind\nwho,,\n",
        ['notes.csv:2: there is no "kind"; write one of person, event, ', 'notes.csv:2: there is no "title"'],
    ),
    "no source": ("id,sources\nlate,\n", ['notes.csv:2: there are no "sources"']),
    "says nothing": ("id,body\nlate,\n", ["notes.csv:2: the note says nothing"]),
    "both": ("id,line\nlate,first\n", ["notes.csv:2: both a line and a time are given"]),
    "one end": ("id,end\nlate,\n", ["notes.csv:2: only one of start and end is given"]),
    "backwards": ("id,start,end\nlate,9,0:08\n", ["notes.csv:2: it ends (0:00:08) no later than it starts (0:00:09)"]),
    "no line": ("id,line\nwho,nowhere\n", ['notes.csv:2: no line of the transcript has the identifier "nowhere"']),
    "lines": ("id,line\nwho,last..first\n", ['the line "first" comes before "last"; write "first..last"']),
    "no time": ("id,end\nlate,soon\n", ['notes.csv:2: "end" cannot be read: "soon" is not a time']),
    "a day": ("id,end\nlate,25:10:00\n", ['"end" is more than a day; a spreadsheet takes 25:10 for hours']),
    "part of a day": ("id,end\nlate,0.0022222\n", ['"end" seems to be a part of a day, as spreadsheets keep times']),
    "comma": ('id,end\nlate,"0,00222222"\n', ['"end" seems to be a part of a day']),
    "more": ("id,more\nwho,claim\n", ['"more" says "claim", but of the note it is "people, claim"']),
    "access": ("id,access\nwho,draft\n", ['"access" says "draft", but of the note it is "open"; leave that column']),
    "more of a new one": (
        "kind,title,body,sources,more\nterm,A,B,log,claim\n",
        ['a new note cannot have what "claim" means: no table can hold it; empty that cell'],
    ),
    "twice": ("id,title\nwho,A\nwho,B\n", ['notes.csv:3: line 2 is about "who" too']),
    "an id": ("id,title,kind,body,sources\n7,A,term,B,log\n", ['notes.csv:2: "id" is "7", not an id']),
    "a source": ('id,sources\nlate,"p. 4, log"\n', ["notes.csv:2:", "not a list of sources"]),
    "encoding": ("id,title\nlate,Caf\udce9\n", ['byte 0xe9 is not UTF-8; save it as "CSV UTF-8"']),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_row_that_is_wrong_is_told_and_nothing_changes(archive: Path, notes: Path, case: str) -> None:
    said, faults = WRONG[case]
    code, told = imported(archive, said.encode("utf-8", "surrogateescape"))
    assert code == 1
    assert [fault for fault in faults if fault not in told] == [], told
    assert notes.read_bytes() == NOTES.encode()


def test_a_note_may_be_at_a_line_that_has_no_time(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nNOTE untimed after\n<v Ada>And more.\n", encoding="utf-8")
    said = "title,kind,body,sources,line\nMore,term,It.,log,after\n"
    assert imported(archive, said)[0] == 0
    assert Archive(archive).recording("tones").unread.annotations == ()


def test_a_source_that_is_nowhere_is_left_to_the_check(archive: Path) -> None:
    assert imported(archive, "id,sources\nlate,nowhere\n")[0] == 0


def test_notes_that_were_changed_meanwhile_stay(archive: Path, notes: Path) -> None:
    opened = Archive(archive)
    path = archive.parent / "notes.csv"
    path.write_text("id,title\nlate,New\n", encoding="utf-8")
    recording = opened.recording("tones")
    found = changed_notes(recording, path, annotation_table.read_table(path), is_removing=False)
    notes.write_text(f"{NOTES}# more\n", encoding="utf-8")
    with pytest.raises(ArchiveError, match="changed at the same time"):
        write(opened, recording, found)
    assert notes.read_text(encoding="utf-8") == f"{NOTES}# more\n"


def test_segments_of_an_index_are_added_to_what_is_there() -> None:
    came = [
        ImportedNote(61_000, None, "The ferry\nleaves", "* Who *sailed*?\n1. <b>Why</b>", ("quay", "rope_maker")),
        ImportedNote(1_000, None, "", ""),
        ImportedNote(61_000, 70_000, "The ferry leaves", "- again"),
    ]
    after = notes_toml.appended(NOTES, came, 90_000)
    assert after.startswith(NOTES)
    found = tomllib.loads(after)["annotation"][2:]
    assert [(note["id"], note["title"], note["start"], note["end"]) for note in found] == [
        ("the-ferry-leaves", "The ferry leaves", "1:01", "1:30"),
        ("about", "From 0:01", "0:01", "1:01"),
        ("the-ferry-leaves-2", "The ferry leaves", "1:01", "1:10"),
    ]
    assert found[0]["body"] == "\\* Who \\*sailed\\*?\n1\\. \\<b\\>Why\\</b\\>\n\nKeywords: quay; rope\\_maker"
    assert "body" not in found[1]
    assert notes_toml.appended("", came[:1]).count("[[annotation]]") == 1


@pytest.mark.long
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_words_are_no_markdown(words: str) -> None:
    from player.archive.prose import plain  # noqa: PLC0415  # beside what it undoes

    assert plain(notes_toml.markdown(words)).split() == words.split()


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)
TIME = st.integers(0, 86_000_000)
NOTE = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(ANNOTATION_KINDS)),
        "title": TEXT,
        "body": st.lists(TEXT, min_size=1, max_size=3).map("\n".join),
        "sources": st.lists(st.sampled_from(["log", "log, p. 2", "log, a|b\\"]), min_size=1, max_size=3),
    },
    optional={"certainty": st.sampled_from(CERTAINTIES), "cue": st.sampled_from(["opening", "opening..last"])},
)


def toml(notes: list[dict[str, Any]]) -> str:
    return notes_toml.changed("# Kept.\n", {}, [{"id": f"n{at}", **note} for at, note in enumerate(notes)])


def stripped(note: dict[str, Any]) -> dict[str, Any]:
    """Give a note without the line break at the end of a text of several lines."""
    return {name: value.removesuffix("\n") if isinstance(value, str) else value for name, value in note.items()}


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_whatever_is_exported_comes_back(
    tmp_path_factory: pytest.TempPathFactory, archive: Path, notes: Path, suffix: str
) -> None:
    place = tmp_path_factory.mktemp("tables")

    @given(st.lists(NOTE, max_size=4), st.lists(NOTE, max_size=4))
    def holds(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
        """What the one table says, imported over the other, leaves just what the one says."""
        path = place / f"notes{suffix}"
        notes.write_text(toml(one), encoding="utf-8")
        opened = Archive(archive)
        path.write_bytes(annotation_table.written(rows_of(opened.recording("tones")), path))
        rows = annotation_table.read_table(path)
        assert changed_notes(opened.recording("tones"), path, rows, is_removing=True).is_nothing
        notes.write_text(toml(other), encoding="utf-8")
        recording = Archive(archive).recording("tones")
        found = changed_notes(recording, path, rows, is_removing=True)
        after = {str(note["id"]): stripped(note) for note in notes_toml.tables(found.after.decode())}
        assert after == {str(note["id"]): note for note in notes_toml.tables(toml(one))}
        assert found.after.startswith(b"# Kept.\n")

    holds()


@given(TIME)
def test_a_time_that_is_written_is_read_again(moment: int) -> None:
    cells = annotation_table.cells({"start": moment / 1000, "end": "0:01"})
    assert time_of(cells["start"]) == moment
