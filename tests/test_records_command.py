"""``player records`` writes a table that spreadsheets read, and changes of the records what the table says, no more."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest
from clipping import run
from hypothesis import given
from hypothesis import strategies as st

from player.archive.archive import Archive
from player.archive.toml.editing import edited
from player.errors import ArchiveError
from player.intake import record_edits
from player.intake.cells import cell
from player.intake.record_edits import changed_records
from player.intake.record_table import KEYS, read_table, written
from player.spreadsheets import texts

if TYPE_CHECKING:
    from pathlib import Path

RECORD = '''# Kept by hand.
title   =  "A tape of tones"   # as on its box
date = 1963-11-05
tags = [
  "tones", # the first
  "a|b",
]
summary = """
Each second has
its own "pitch".
"""

# About the sound:
media = 'tones.wav'
substance = 2

[[speaker]]   # who speaks
name = "Ada"
kind = "person"
'''


@pytest.fixture
def record(archive: Path) -> Path:
    """The record of the small archive, written as no program would."""
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_bytes(RECORD.replace("\n", "\r\n").encode())
    return path


def table(archive: Path, text: str | bytes) -> Path:
    path = archive.parent / "table.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def imported(archive: Path, text: str | bytes, *options: str) -> tuple[int, str]:
    answer = run(archive, "records", "--import", str(table(archive, text)), *options)
    return answer.exit_code, answer.output


def test_what_is_exported_and_imported_again_changes_nothing(archive: Path, record: Path) -> None:
    before = record.read_bytes()
    path = archive.parent / "records.csv"
    assert run(archive, "records", "--export", str(path)).exit_code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbfslug,title,date,")
    (row,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    assert (row["slug"], row["tags"], row["date"], row["substance"]) == ("tones", "tones|a\\|b", "1963-11-05", "2")
    assert row["summary"] == 'Each second has\nits own "pitch".'
    answer = run(archive, "records", "--import", str(path))
    assert (answer.exit_code, answer.output) == (0, "0 records of 1 changed\n")
    assert record.read_bytes() == before
    assert "replace it with --force" in run(archive, "records", "--export", str(path)).output


def test_only_what_differs_is_changed_in_the_file(archive: Path, record: Path) -> None:
    os.chmod(record, 0o640)  # noqa: PTH101  # as in the next line
    code, told = imported(
        archive,
        'slug,title,tags,identifier,summary,series\ntones,"A ""tape""",tones | hum,T \\ 1,,Tones\n',
    )
    then = f"1 record of 1 changed; now check what they point at: player check --archive {archive}\n"
    assert (code, told) == (0, then)
    expected = (
        RECORD.replace('"A tape of tones"', '"A \\"tape\\""')
        .replace('[\n  "tones", # the first\n  "a|b",\n]', '["tones", "hum"]')
        .replace(
            'summary = """\nEach second has\nits own "pitch".\n"""\n', 'identifier = "T \\\\ 1"\nseries = "Tones"\n'
        )
    )
    assert record.read_bytes().decode() == expected.replace("\n", "\r\n")
    assert record.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in record.parent.iterdir() if path.name.startswith(".")] == []


def test_a_dry_run_shows_each_change_and_makes_none(archive: Path, record: Path) -> None:
    before = record.read_bytes()
    code, told = imported(archive, "slug;place;title\ntones;Oval Office;\n", "--dry-run")
    assert code == 1
    assert 'would have no "title"; write it (what it is called)' in told
    code, told = imported(archive, "slug;place;substance\ntones;Oval Office;\n", "--dry-run")
    assert code == 0
    assert 'recording.toml: place: nothing becomes "Oval Office"' in told
    assert 'recording.toml: substance: "2" becomes nothing' in told
    assert "1 record of 1 would be changed; nothing was written" in told
    assert record.read_bytes() == before


WRONG: dict[str, tuple[str | bytes, list[str]]] = {
    "no slug": ("title\nx\n", ['table.csv:1: there is no column "slug"']),
    "columns": ("slug,colour,title,title\n", ['no record has the key "colour"', 'two columns are called "title"']),
    "no record": ("slug,title\n\nnone,x\n,y\n", ['table.csv:3: no recording is called "none"', "table.csv:4:"]),
    "a value": (
        'slug,summary,date,kind\ntones,"a\nb",11/5/1963,tape\n',
        [
            'table.csv:2: "date" is "11/5/1963", which is not in the form of a date; write it like',
            'table.csv:2: "kind" is "tape"; write one of',
        ],
    ),
    "control": ("slug,title\ntones,a\x07\n", ['"title" has a control character in it']),
    "ragged": ("slug,title\ntones\ntones,a,b\n", ["table.csv:2: this row has 1 cells", "table.csv:3: this row has 3"]),
    "twice": ("slug,title\ntones,a\ntones,b\n", ['table.csv:3: line 2 is about "tones" too']),
    "old Excel": ("slug,title\ntones,Café\n".encode("cp1252"), ["table.csv:2: byte 0xe9 is not UTF-8; save it as"]),
    "a workbook": (b"PK\x03\x04....", ['this is a workbook, not a table of text; save it as "CSV UTF-8"']),
    "NUL": (b"slug,title\ntones,\x00\n", ["NUL characters"]),
    "quotes": ('slug,title\ntones,"a\n', ["cannot be read as a table"]),
    "a long cell": (f"slug,title\ntones,{'x' * 1_000_001}\n", ["cannot be read as a table"]),
    "empty": ("", ["table.csv:1: the table is empty"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_table_that_is_wrong_changes_nothing(archive: Path, record: Path, case: str) -> None:
    before = record.read_bytes()
    text, faults = WRONG[case]
    code, told = imported(archive, text)
    assert code == 1
    assert [fault for fault in faults if fault not in told] == [], told
    assert record.read_bytes() == before


def test_where_one_row_is_wrong_no_other_is_carried_out(archive: Path, record: Path) -> None:
    shutil.copytree(record.parent, record.parents[1] / "other")
    before = record.read_bytes()
    code, told = imported(archive, "slug,title\ntones,New\nother,\n")
    assert (code, record.read_bytes()) == (1, before), told


@pytest.mark.parametrize(
    "encoded",
    [
        "\ufeffslug,title\r\ntones,Šá\r\n".encode(),
        "slug\ttitle\r\ntones\tŠá\r\n".encode("utf-16"),
        b"sep=;\r\nslug;title\r\ntones;\xc5\xa0\xc3\xa1\r\n",
        b"title;slug;;\n\xc5\xa0\xc3\xa1;tones;;\n",
    ],
)
def test_what_spreadsheets_save_is_read(archive: Path, record: Path, encoded: bytes) -> None:
    then = f"1 record of 1 changed; now check what they point at: player check --archive {archive}\n"
    assert imported(archive, encoded) == (0, then)
    assert tomllib.loads(record.read_text(encoding="utf-8"))["title"] == "Šá"


def test_no_cell_is_a_formula(archive: Path, record: Path) -> None:
    record.write_text('title = "=HYPERLINK(1)"\ndate = "1963"\nplace = "\'=1"\nsummary = "-"\n', encoding="utf-8")
    before = record.read_bytes()
    path = archive.parent / "records.csv"
    run(archive, "records", "--export", str(path))
    (row,) = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    assert (row["title"], row["place"], row["summary"]) == ("'=HYPERLINK(1)", "''=1", "'-")
    assert run(archive, "records", "--import", str(path)).exit_code == 0
    assert record.read_bytes() == before


def test_a_record_that_cannot_be_read_is_left_out_and_told(archive: Path, record: Path) -> None:
    other = record.parents[1] / "other" / "recording.toml"
    other.parent.mkdir()
    other.write_text("title = \n", encoding="utf-8")
    answer = run(archive, "records", "--export", str(archive.parent / "records.csv"))
    assert answer.exit_code == 1
    assert "other/recording.toml:1: this is not TOML" in answer.output
    assert "1 record left out" in answer.output
    assert [row.slug for row in read_table(archive.parent / "records.csv")] == ["tones"]


def test_a_record_that_was_changed_meanwhile_stays_as_it_is(archive: Path, record: Path) -> None:
    path = table(archive, "slug,title\ntones,New\n")
    (changed,) = changed_records(Archive(archive), path, read_table(path))
    record.write_text(RECORD + "# more\n", encoding="utf-8")
    with pytest.raises(ArchiveError, match="changed at the same time; import the table again"):
        record_edits.write(changed)
    assert record.read_text(encoding="utf-8") == RECORD + "# more\n"


def test_the_options_go_together(archive: Path) -> None:
    assert run(archive, "records").exit_code == 2
    assert run(archive, "records", "--export", "a", "--import", "b").exit_code == 2
    assert run(archive, "records", "--export", "a", "--dry-run").exit_code == 2


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(["\n", '"', "\\", "|", "'", "#", "="]), min_size=1
)


@given(st.dictionaries(st.sampled_from(sorted(KEYS)), WORDS | st.lists(WORDS) | st.none(), max_size=5))
def test_whatever_is_written_is_read_again_and_all_else_stays(changes: dict[str, str | list[str] | None]) -> None:
    after = edited(RECORD, changes, list(KEYS))
    assert tomllib.loads(after) == {
        **{name: value for name, value in tomllib.loads(RECORD).items() if name not in changes},
        **{name: value for name, value in changes.items() if value is not None},
    }
    for kept in ("# Kept by hand.\n", "# About the sound:\n", '\n[[speaker]]   # who speaks\nname = "Ada"\n'):
        assert kept in after


@given(st.lists(WORDS.map(str.strip).filter(bool)))
def test_a_cell_holds_any_texts(several: list[str]) -> None:

    assert texts(cell(several, KEYS["tags"])) == several
    assert written([("x", {"tags": "a"})]).count(b"\r\n") == 2
