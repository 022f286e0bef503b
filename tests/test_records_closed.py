"""``player records`` changes records that close something, and not a sign of what closes it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from clipping import run
from test_records_command import RECORD, imported

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.errors import NotFoundError
from player.intake.record_table import KEYS

if TYPE_CHECKING:
    from pathlib import Path

REASONS = 'reason = "Asked for."   # in a letter\ndecided_by = "The board"\n'
CLOSING = {
    "a table": f'\n[access] # for now\nrecord = "closed"\nuntil = 2041-06-30\n{REASONS}',
    "two tables": f'\n[[access]]\nsound = "closed"\n{REASONS}\n[[access]]\nnotes = "on request"\nuntil = "2041"\n',
    "a passage": f'\n[[closed]]\ncue = "first"\n{REASONS}\n[[closed]]\nstart = "0:05"\nend = "0:06"\nwhat="sound"\n',
    "a withdrawal": f"\n[withdrawal]\ndate = 2026-11-01\n{REASONS}",
    "all of it": '\n[[closed]]\ncue = "last"\n[withdrawal]\ndate = "2026"\n[access]\nrecord = "draft"\n',
}
#: The same in a line above the tables, as few write it.
INLINE = {
    "a table in a line": 'access = { record = "closed", until = "2041" } # for now\n',
    "passages in a line": 'closed = [ { cue = "first", what = "words" }, { cue = "last" } ]\n',
    "a withdrawal in a line": 'withdrawal = {date="2026"}\n',
}


def written(closing: str) -> str:
    if closing in INLINE:
        return RECORD.replace("date =", f"{INLINE[closing]}date =")
    return RECORD + CLOSING[closing]


def hidden(archive: Path) -> object:
    """Give what visitors may not see of the recording, or that they may not see it at all."""
    try:
        return Archive(archive, Audience.VISITORS).record("tones").shown
    except NotFoundError as error:
        return type(error)


@pytest.mark.parametrize("closing", [*CLOSING, *INLINE])
def test_what_closes_something_stays_to_the_letter(archive: Path, closing: str) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(written(closing), encoding="utf-8")
    before = hidden(archive)
    assert before != hidden_of_open(archive, path)
    code, _ = imported(archive, "slug,title,series,tags\ntones,Another,Tones,\n")
    assert code == 0
    text = path.read_text(encoding="utf-8")
    assert 'title   =  "Another"' in text
    assert 'series = "Tones"' in text
    assert (INLINE.get(closing) or CLOSING[closing]) in text
    assert hidden(archive) == before


def hidden_of_open(archive: Path, path: Path) -> object:
    text = path.read_text(encoding="utf-8")
    path.write_text(RECORD, encoding="utf-8")
    found = hidden(archive)
    path.write_text(text, encoding="utf-8")
    return found


@pytest.mark.parametrize("closing", [*CLOSING, *INLINE])
def test_a_table_that_comes_back_as_it_went_changes_no_record(archive: Path, closing: str) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(written(closing), encoding="utf-8")
    table = archive.parent / "records.csv"
    assert run(archive, "records", "--export", str(table)).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")))
    assert [row["slug"] for row in rows] == ["tones"]
    before = path.read_bytes()
    answer = run(archive, "records", "--import", str(table))
    assert (answer.exit_code, answer.output) == (0, "0 records of 1 changed\n")
    assert path.read_bytes() == before


def test_no_cell_closes_or_opens_anything() -> None:
    assert not KEYS.keys() & {"access", "closed", "withdrawal"}


def test_a_record_that_cannot_be_read_is_not_changed(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(f'{RECORD}\n[access]\nrecord = "shut"\n', encoding="utf-8")
    before = path.read_bytes()
    code, told = imported(archive, "slug,title\ntones,Another\n")
    assert code == 1
    assert "write one of open, draft, on request, closed" in told
    assert path.read_bytes() == before
