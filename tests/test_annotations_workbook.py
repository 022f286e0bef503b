"""``player annotations``: what a workbook makes of times and texts is understood or refused, as is one that is none."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from annotation_tables import NOTES, exported, imported, notes
from hypothesis import given, settings
from hypothesis import strategies as st

from player.errors import ArchiveError, WriteError
from player.intake import annotation_table

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["notes"]
pytestmark = pytest.mark.usefixtures("notes")


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
