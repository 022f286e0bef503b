"""Reads a transcript that is a table: as this program exports it, or with columns start, end, speaker, text.

What a spreadsheet saves may have semicolons or tabs in place of commas, and be UTF-16. A table is read as a whole, or
refused with all that is wrong with it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from player.archive.references import IDENTIFIER
from player.archive.transcript import Turn
from player.errors import ArchiveError, Fault, quoted
from player.intake.table import divided, heads
from player.intake.transcripts.decoding import beginning, decoded
from player.intake.transcripts.exported import columns
from player.intake.transcripts.exported.columns import END, FROM, SPEAKER, START, TO, WORDS, Read
from player.intake.transcripts.exported.row_marks import Marks, WrongMarkError, marks_of
from player.intake.transcripts.exported.row_times import Unit, WrongTimeError, moment, unit_of
from player.intake.transcripts.imported import Deed, Imported, ImportedLine, Remark
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.machines import UNTOLD
from player.intake.transcripts.told import Told
from player.publish.transcripts import row_marks
from player.timecode import HOUR, SECOND, display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Row = tuple[int, list[str]]

NAME: Final = "csv"
SUFFIXES: Final = (".csv", ".tsv")

#: So many faults of a table are named.
_MOST: Final = 20
_LONGEST_ROWS: Final = 400_000
_IN_ONE: Final = "times of words, and where a line has breaks in it, which a table does not hold"


def is_one(path: Path, content: bytes) -> bool:
    """Tell whether a file is called a table, or begins with the names of the columns of one."""
    return path.suffix.lower() in SUFFIXES or columns.is_transcript(heads(beginning(content)))


def read(path: Path, content: bytes) -> Imported:
    """Read a table.

    :raise ArchiveError: naming what is wrong with it; then nothing of it is read.
    """
    text, remarks = decoded(path, content)
    rows, delimiter = divided(path, text)
    if not rows:
        raise ArchiveError(
            [Fault(path, 1, "the table is empty", "its first row names its columns: start, end, speaker, text")]
        )
    (line, names), *rows = rows
    found = columns.read_columns(path, line, names)
    if not isinstance(found, Read):
        raise ArchiveError(found[:_MOST])
    if len(rows) > _LONGEST_ROWS:
        raise ArchiveError(
            [Fault(path, None, f"the table has more than {_LONGEST_ROWS:,} rows", "check that it is a transcript")]
        )
    reader = _Reader(path, found, len(names), delimiter)
    return reader.imported(rows, remarks)


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, path: Path, read: Read, width: int, delimiter: str) -> None:
        self._path = path
        self._read = read
        self._width = width
        self._delimiter = delimiter
        self._faults: list[Fault] = []
        self._told = Told()
        self._unit = read.unit or Unit.SECONDS
        self._machines: set[object] = set()

    def imported(self, rows: Sequence[Row], remarks: Sequence[Remark]) -> Imported:
        """Give all that is in it."""
        full = list(self._full(rows))
        if self._read.unit is None and START in self._read.places:
            self._find_unit(full)
        lines = []
        machine = None
        for number, cells in full:
            marks = self._marks(number, cells)
            machine = machine or marks.machine
            if row_marks.CLOSED in marks.flags:
                what = "that stands in place of what is closed", "that stand in place of what is closed"
                self._told.left_out(f"line {what[0]}", f"lines {what[1]}", line=number)
                continue
            if row_marks.TRANSLATED in marks.flags:
                self._fault(number, "this is a translation, and not what was said", "export it without --language")
                break
            lines.append(self._line(number, cells, marks))
        if self._faults:
            raise ArchiveError(self._faults[:_MOST])
        self._refuse_twice(full)
        self._tell(full)
        language = next(iter({self._cell(cells, columns.LANGUAGE) for _, cells in full} - {""}), "")
        notices = dict.fromkeys(self._cell(cells, columns.NOTICE) for _, cells in full)
        told = [] if machine is not None or self._read.is_own else [Remark(Deed.READ, UNTOLD)]
        return Imported(
            "CSV of tape-player" if self._read.is_own else "CSV",
            tuple(lines),
            (*remarks, *self._told.remarks(), *told),
            language=tag_of(language) if language else None,
            machine=machine,
            is_whole=False,
            notices=tuple(filter(None, notices)),
        )

    def _cell(self, cells: Sequence[str], role: str) -> str:
        place = self._read.places.get(role)
        return "" if place is None else cells[place]

    def _fault(self, line: int, what: str, remedy: str) -> None:
        self._faults.append(Fault(self._path, line, what, remedy))

    def _full(self, rows: Sequence[Row]) -> Iterator[Row]:
        """Give the rows that have as many cells as the first."""
        for number, cells in rows:
            if len(cells) == self._width:
                yield number, cells
            else:
                self._fault(
                    number, f"this row has {len(cells)} cells, and the first row has {self._width}", "correct the row"
                )

    def _find_unit(self, rows: Sequence[Row]) -> None:
        found = unit_of([(self._cell(cells, START), self._cell(cells, END)) for _, cells in rows])
        if found is None:
            self._fault(
                rows[0][0] if rows else 1,
                "times are whole numbers, which may be seconds or milliseconds",
                "call the columns start_ms and end_ms, or start_s and end_s",
            )
        elif found is Unit.MILLISECONDS:
            self._told.read("{} column of times in whole numbers, taken for milliseconds", "", 1)
            self._unit = found

    def _marks(self, number: int, cells: Sequence[str]) -> Marks:
        try:
            return marks_of(self._cell(cells, row_marks.MARKS), self._cell(cells, WORDS).split())
        except WrongMarkError as wrong:
            self._fault(number, *wrong.args)
            return Marks()

    def _line(self, number: int, cells: Sequence[str], marks: Marks) -> ImportedLine:
        text = self._cell(cells, WORDS)
        start, end = self._time(number, cells, START, FROM), self._time(number, cells, END, TO)
        if end is not None and (start is None or end <= start):
            self._fault(
                number, f"the line ends ({display(end)}) no later than it begins", "correct its times, or empty its end"
            )
        doubt = "doubt of words that are others now", "doubts of words that are others now"
        self._told.left_out(*doubt, line=number, count=marks.stale)
        name = self._cell(cells, SPEAKER)
        own = self._cell(cells, columns.LINE) if self._read.is_own else ""
        return ImportedLine(
            text,
            marks.turns or ((Turn(name, text),) if name else ()),
            start,
            end,
            row_marks.APPROXIMATE in marks.flags,
            page=self._cell(cells, columns.PAGE) or None,
            id=own if IDENTIFIER.fullmatch(own) else "",
            citations=tuple(marks.citations),
            opens_paragraph=row_marks.PARAGRAPH in marks.flags,
            comments=tuple(marks.doubts),
            origin=number,
        )

    def _time(self, number: int, cells: Sequence[str], role: str, also: str) -> int | None:
        """Read a time; our own tables have it twice, so that one which a spreadsheet has changed is seen."""
        said = self._moment(number, self._cell(cells, role), self._unit)
        again = self._moment(number, self._cell(cells, also), Unit.SECONDS)
        if said is None or again is None:
            return again if said is None else said
        # Spreadsheets show 1:02:03.456 as 02:03.5.
        apart = abs(said - again) % HOUR
        if min(apart, HOUR - apart) > SECOND:
            what = f"{quoted(role)} says {display(said)}, and {quoted(also)} says {display(again)}"
            self._fault(number, what, "correct one of them, or empty it")
        return said

    def _moment(self, number: int, cell: str, unit: Unit) -> int | None:
        try:
            return moment(cell, unit, self._delimiter)
        except WrongTimeError as wrong:
            self._fault(number, *wrong.args)
            return None

    def _refuse_twice(self, rows: Sequence[Row]) -> None:
        """Refuse a table in which two rows are one line: lines of several recordings, or a row that was copied."""
        recordings = {self._cell(cells, columns.RECORDING) for _, cells in rows}
        if len(recordings) > 1:
            what = f"the rows are of {len(recordings)} recordings"
            raise ArchiveError([Fault(self._path, None, what, "bring in those of one at a time")])
        counted = Counter(self._cell(cells, columns.LINE) for _, cells in rows)
        twice = [
            (number, name) for number, cells in rows if counted[name := self._cell(cells, columns.LINE)] > 1 and name
        ]
        if twice:
            remedy = "empty the cell in all but one, and that line gets a name of its own"
            raise ArchiveError(
                Fault(self._path, number, f"another row is called {quoted(name)}, too", remedy)
                for number, name in twice[:_MOST]
            )

    def _tell(self, rows: Sequence[Row]) -> None:
        """Tell what of the table does not become part of a transcript."""
        for name in self._read.others:
            self._told.left_out(f"column, {quoted(name)}", "", count=1)
        if not self._read.is_own:
            return
        self._told.left_out(f"{{}} table’s terms and citation, which are the archive’s; {_IN_ONE}", "", count=1)
        if row_marks.MARKS in self._read.places:
            return
        for role in ("sources", "doubts"):
            there = [number for number, cells in rows if self._cell(cells, role)]
            what = f"whose {role} are told in words alone, since there is no column {quoted(row_marks.MARKS)}"
            self._told.add(Deed.LEFT_OUT, f"line {what}", f"lines {what}", count=len(there))
