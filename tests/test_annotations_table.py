"""``player annotations --export`` and ``--import``: notes in a spreadsheet; nothing that it cannot hold is lost."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from clipping import run
from hypothesis import given, settings
from hypothesis import strategies as st

from player.archive.annotations import ANNOTATION_KINDS
from player.archive.archive import Archive
from player.archive.references import CERTAINTIES
from player.errors import ArchiveError, WriteError
from player.intake import annotation_table, notes_toml
from player.intake.annotation_edits import changed_notes, rows_of, write
from player.intake.cells import time_of
from player.intake.transcripts.imported import ImportedNote

if TYPE_CHECKING:
    from pathlib import Path

NOTES = '''\
# Kept by hand.

[[annotation]]   # of the first line
id = "who"
kind = 'person'
title = "Who Ada is"
body = """
A *person*; she "kept the quay".
And more.
"""
sources = ["log, p. 1", "log, p. 2|3"]   # both
cue = "first"
people = ["ada"]

[[annotation.claim]]
id = "one"
says = "She kept it."
certainty = "reported"
sources = ["log"]

# Late:
[[annotation]]
id = "late"
kind = "event"
title = "=Something late"
body = "Near the end."
sources = ["log"]
start = 8.5
end = "0:10"
'''


pytestmark = pytest.mark.usefixtures("notes")


@pytest.fixture
def notes(archive: Path) -> Path:
    """The notes of the small archive, written as no program would."""
    path = archive / "transcripts" / "tones" / "annotations.toml"
    path.write_bytes(NOTES.encode())
    return path


def exported(archive: Path, name: str = "notes.csv") -> Path:
    path = archive.parent / name
    answer = run(archive, "annotations", "tones", "--export", str(path), "--force")
    assert (answer.exit_code, answer.output) == (0, f"2 annotations written to {path}\n"), answer.output
    return path


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def imported(archive: Path, written: str | bytes, *options: str, name: str = "notes.csv") -> tuple[int, str]:
    path = archive.parent / name
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    answer = run(archive, "annotations", "tones", "--import", str(path), *options)
    return answer.exit_code, answer.output


def book(*lines: list[Any], form: str | None = None) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    for line in lines:
        sheet.append(line)
    if form:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if not isinstance(cell.value, str):
                    cell.number_format = form
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


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


def test_what_excel_makes_of_times_is_understood_where_it_shows_seconds(archive: Path, notes: Path) -> None:
    head = ["id", "start", "end"]
    for value, form in (
        (dt.time(0, 0, 9, 500_000), "h:mm:ss"),
        (dt.timedelta(seconds=9.5), "[h]:mm:ss"),
        (9.5 / 86_400, "mm:ss.0"),
        (9.5, "General"),
    ):
        notes.write_text(NOTES, encoding="utf-8")
        code, told = imported(archive, book(head, ["late", "0:08.5", value], form=form), name="notes.xlsx")
        assert code == 0, told
        assert 'end = "0:09.5"' in notes.read_text(encoding="utf-8"), (value, form)


@pytest.mark.parametrize(
    ("value", "form", "fault"),
    [
        (dt.time(3, 12), "h:mm", "cell B2 holds a time of day, 3 hours and 12 minutes; write 0:03:12 for three"),
        (dt.timedelta(hours=25, minutes=10), "[h]:mm:ss", "cell B2 holds a time of 25 hours and 10 minutes"),
        (25.1 / 24, "h:mm:ss", "cell B2 holds a date"),
        (dt.datetime(2001, 2, 3), "yyyy-mm-dd", "cell B2 holds a date, which the spreadsheet made of what was wr"),  # noqa: DTZ001  # cells have no zone
        ("=1+1", "General", "notes.xlsx:2: cell B2 holds a formula; paste its value in place of it"),
        ("#REF!", "General", "cell B2 holds an error, #REF!"),
    ],
)
def test_what_excel_made_of_something_else_is_refused(
    archive: Path, notes: Path, value: object, form: str, fault: str
) -> None:
    code, told = imported(archive, book(["id", "end"], ["late", value], form=form), name="notes.xlsx")
    assert code == 1
    assert fault in told
    assert notes.read_bytes() == NOTES.encode()


def test_a_time_of_day_is_no_title(archive: Path) -> None:
    data = book(["id", "title"], ["late", dt.time(0, 3, 12)], form="h:mm:ss")
    assert "cell B2 holds a time of day; write it as text" in imported(archive, data, name="notes.xlsx")[1]


def test_a_workbook_keeps_a_sign_that_begins_a_formula(archive: Path) -> None:
    sheet = openpyxl.load_workbook(exported(archive, "notes.xlsx")).active
    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet["C"]][2] == ("=Something late", "s", "@")


def test_a_text_that_no_cell_can_hold_is_not_cut_off(archive: Path) -> None:
    with pytest.raises(WriteError, match="a text of 40,000 signs is more than a workbook's cell can hold"):
        annotation_table.written([{"id": "a", "body": "x" * 40_000}], archive.parent / "notes.xlsx")


def packed(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return target.getvalue()


def with_sheet(data: bytes, change: tuple[bytes, bytes]) -> bytes:
    """Give a workbook with other bytes in its sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in before.namelist():
            held = before.read(name)
            made.writestr(name, held.replace(*change) if name.startswith("xl/worksheets/") else held)
    return target.getvalue()


PLAIN = book(["id", "title"], ["late", "New"])
BAD_BOOKS = {
    "not packed": (b"PK\x03\x04 and no more", "this cannot be read as a workbook"),
    "other things": (packed(a=b"b"), "this cannot be read as a workbook"),
    "cut short": (PLAIN[:-300], "this cannot be read as a workbook"),
    "a bomb": (packed(**{"xl/worksheets/sheet1.xml": b" " * 70_000_000}), "too large once it is unpacked"),
    "entities": (
        with_sheet(PLAIN, (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet')),
        "has definitions in it as no table has",
    ),
    "UTF-16": (with_sheet(PLAIN, (b"<worksheet", b"\xff\xfe")), "cannot be read|definitions"),
    "merged": (
        with_sheet(PLAIN, (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>')),
        "cells of this workbook are merged",
    ),
    "broken": (with_sheet(PLAIN, (b"</row>", b"</wor>")), "this cannot be read as a workbook"),
}


@pytest.mark.parametrize("case", BAD_BOOKS)
def test_a_workbook_that_is_none_is_refused_in_words(archive: Path, case: str) -> None:
    data, fault = BAD_BOOKS[case]
    path = archive.parent / "notes.xlsx"
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match=fault):
        annotation_table.read_table(path)


def with_shared_text(text: str) -> bytes:
    """Give a workbook with a text as Excel keeps it: in a list of all texts, to which cells point."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    said = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    names = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as before, zipfile.ZipFile(target, "w") as made:
        for name in before.namelist():
            held = before.read(name).decode()
            if name == "[Content_Types].xml" and "sharedStrings" not in held:
                held = held.replace("</Types>", said)
            if name.startswith("xl/worksheets/"):
                held = re.sub(r'<c r="B2"[^>]*>.*?</c>', '<c r="B2" t="s"><v>0</v></c>', held)
            if name != "xl/sharedStrings.xml":
                made.writestr(name, held)
        made.writestr("xl/sharedStrings.xml", f'<sst xmlns="{names}"><si><t>{text}</t></si></sst>')
    return target.getvalue()


def test_a_text_as_excel_writes_it_is_read_or_refused_and_never_cut(archive: Path, notes: Path) -> None:
    assert imported(archive, with_shared_text("One_x000D_\ntwo"), name="notes.xlsx")[0] == 0
    assert 'title = """\nOne\ntwo\n"""' in notes.read_text(encoding="utf-8")
    code, told = imported(archive, with_shared_text("A x005F_7"), name="notes.xlsx")
    assert code == 1
    assert "a text of this workbook has x005F_ in it, which cannot be read from a workbook; save it as" in told
    assert imported(archive, with_shared_text("_x005F_x0041_"), name="notes.xlsx")[0] == 0
    assert "\n_x0041_\n" in notes.read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("empty", ["<row/>", "<row r='1'><c/></row>", "<x:row/>"])
def test_a_workbook_of_many_empty_rows_is_refused_before_it_is_read(
    archive: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openpyxl, "load_workbook", pytest.fail)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{empty * 50_001}</sheetData></worksheet>")
    code, told = imported(archive, target.getvalue(), name="notes.xlsx")
    assert (code, "this workbook has more than 50,000 rows, or 1,000,000 cells; split it" in told) == (1, True), told


def test_rows_and_columns_far_off_cost_nothing(archive: Path) -> None:
    data = with_sheet(PLAIN, (b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    assert imported(archive, data, name="notes.xlsx")[0] == 0
    far = with_sheet(PLAIN, (b'<row r="2"', b'<row r="1048576"'))
    assert "more than 50,000 rows" in imported(archive, far, name="notes.xlsx")[1]


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


@pytest.mark.long
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("garbage") / "notes"
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as packed_book:
        parts = {name: packed_book.read(name) for name in packed_book.namelist()}

    def read(data: bytes) -> None:
        place.write_bytes(data)
        with contextlib.suppress(ArchiveError):
            annotation_table.read_table(place)

    @settings(max_examples=300, deadline=None)
    @given(st.binary(max_size=300), st.integers(0, len(PLAIN)), st.sampled_from(sorted(parts)), st.integers(0, 5_000))
    def holds(rubbish: bytes, at: int, name: str, inside: int) -> None:
        read(rubbish)
        read(b"id,title\n" + rubbish)
        read(PLAIN[:at] + rubbish + PLAIN[at + len(rubbish) :])
        # A file of the workbook that is packed as it should be, and holds something else.
        part = parts[name]
        read(packed(**{**parts, name: part[:inside] + rubbish + part[inside + len(rubbish) :]}))

    holds()


@given(TIME)
def test_a_time_that_is_written_is_read_again(moment: int) -> None:
    cells = annotation_table.cells({"start": moment / 1000, "end": "0:01"})
    assert time_of(cells["start"]) == moment
