"""A table of passages reads as people write it; what is wrong in a row is told with its line, and the others stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from player.clips.table import read_passages
from player.errors import ArchiveError
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, content: str | bytes) -> tuple[list[tuple[int, Span, str]], list[str]]:
    path = folder / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows, faults = read_passages(path)
    return [(row.line, row.span, row.name) for row in rows], [f"{fault.line}: {fault.what}" for fault in faults]


@pytest.mark.parametrize(
    "content",
    [
        'start,end,name\n:01,:02.5,One\n3,4,"Two, too"\n',
        '\ufeffStart, End, Name\r\n:01, :02.5, One\r\n3, 4, "Two, too"\r\n',
        'name,start,end\nOne,:01,:02.5\n"Two, too",3,4\n',
        '\r:01,:02.5,One\r3,4,"Two, too"',
    ],
)  # fmt: skip
def test_a_table_reads_with_or_without_its_columns_named(tmp_path: Path, content: str) -> None:
    rows, faults = read(tmp_path, content)
    assert [(span, name) for _, span, name in rows] == [(Span(1000, 2500), "One"), (Span(3000, 4000), "Two, too")]
    assert faults == []


@pytest.mark.parametrize(
    "content",
    [
        "start;end;name\n:01;:02,5;One\n3;4;Two, too\n",
        '"Start";"End";"Name"\n1;2.5;"One"\n3;4;"Two, too"\n',
        "1,0;2,5;One\n3;4;Two, too\n",
    ],
)
def test_cells_may_be_divided_by_semicolons_and_decimals_have_a_comma(tmp_path: Path, content: str) -> None:
    rows, faults = read(tmp_path, content)
    assert [(span, name) for _, span, name in rows] == [(Span(1000, 2500), "One"), (Span(3000, 4000), "Two, too")]
    assert faults == []


def test_a_semicolon_in_a_name_divides_no_cells(tmp_path: Path) -> None:
    for content in ('1,2,"a; b"\n3,4,c\n', "1,2,a;4\n3,4,c\n"):
        rows, faults = read(tmp_path, content)
        assert ([span for _, span, _ in rows], faults) == ([Span(1000, 2000), Span(3000, 4000)], [])


def test_a_column_names_the_recordings_wherever_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    for content in ("recording,start,end,name\nquay,1,2,One\n", "Start;End;Recording\n1;2;quay\n"):
        path.write_text(content, encoding="utf-8")
        rows, faults = read_passages(path)
        assert ([(row.recording, row.span) for row in rows], faults) == ([("quay", Span(1000, 2000))], [])
    path.write_text("recording;start;end;name\nquay;1\n", encoding="utf-8")
    (fault,) = read_passages(path)[1]
    assert "list.csv:2: the row has 2 columns; write recording;start;end;name, with a semicolon between" in str(fault)


def test_names_may_be_left_out_and_passages_may_overlap(tmp_path: Path) -> None:
    assert read(tmp_path, "1,5\n2,4\n") == ([(1, Span(1000, 5000), ""), (2, Span(2000, 4000), "")], [])


def test_a_bad_row_is_told_with_its_line_and_the_others_stand(tmp_path: Path) -> None:
    rows, faults = read(
        tmp_path, 'start,end,name\n1,2,a\nnan,2,b\n-1,2,c\n3,3,d\n5,4\n\n6\n6,7,e,f\n"8\n",9,g\n1,2,h\n'
    )
    assert [line for line, *_ in rows] == [2, 10, 12]
    assert [fault.split(":")[0] for fault in faults] == ["3", "4", "5", "6", "8", "9"]
    assert '"nan" is not a time' in faults[0]
    assert "ends (0:03) no later than it starts" in faults[2]
    assert "has 1 column" in faults[4]


def test_a_fault_reads_as_path_line_what_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("1,x,a\n", encoding="utf-8")
    assert str(read_passages(path)[1][0]) == (
        f'{path}:1: "x" is not a time; write it as 25, :25, 1:02.5 or 1:02:03'
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff1,2\n", "is not UTF-8"),
        ("start,end,speaker\n1,2,x\n", 'the columns are "start,end,speaker"; name them'),
        ("start;speaker\n1;2\n", "the columns are"),
        ("start,start,end\n1,2,3\n", "the columns are"),
    ],
)
def test_a_table_of_something_else_is_refused(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(ArchiveError, match=words):
        read(tmp_path, content)


def test_hostile_rows_are_told_and_nothing_breaks(tmp_path: Path) -> None:
    rows, faults = read(tmp_path, '1,2,"' + "x" * 200_000 + '"\n\0,2,a\n1e999,2,b\n99999999999,1,c\n1,2,ok\n')
    assert [name for *_, name in rows if len(name) < 9] == ["ok"]
    assert len(faults) >= 3
    assert all(fault.isprintable() for fault in faults)
