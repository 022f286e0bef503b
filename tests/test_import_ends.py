"""An end that a file does not give is where the next line begins; of the last line nobody knows, and that is shown."""

from __future__ import annotations

import pytest

from player.archive.transcript import Cue
from player.intake.transcripts.imported import ImportedLine
from player.intake.transcripts.made import Maker

HOUR = 3_600_000


def made(lines: list[ImportedLine], length: int | None = HOUR) -> tuple[list[tuple[int, int, bool]], list[str]]:
    maker = Maker(length)
    cues = maker.lines(lines, [f"c{number}" for number in range(len(lines))])
    found = [(cue.start, cue.end, cue.is_approximate) for cue in cues if isinstance(cue, Cue)]
    return found, [remark.what for remark in maker.remarks()]


@pytest.mark.parametrize(
    ("length", "last", "told"),
    [
        # Four words may last 1.6 seconds.
        (HOUR, (4_000, 5_600, True), "1 line without an end, as long as its words may last and roughly timed"),
        (None, (4_000, 5_600, True), "1 line without an end, as long as its words may last and roughly timed"),
        (5_000, (4_000, 5_000, False), "1 line without an end, ended with the sound"),
    ],
)
def test_the_last_line_does_not_last_until_a_long_sound_ends(
    length: int | None, last: tuple[int, int, bool], told: str
) -> None:
    found, remarks = made([ImportedLine("And so", start=1_000), ImportedLine("we wait in rain.", start=4_000)], length)
    assert found == [(1_000, 4_000, False), last]
    assert remarks == ["1 line without an end, ended by the next", told]


def test_lines_that_all_begin_with_a_minute_and_have_no_length_are_marks_of_minutes() -> None:
    lines = [ImportedLine(f"Minute {at}.", start=at * 60_000, end=at * 60_000) for at in range(3)]
    found, remarks = made(lines)
    assert [is_approximate for *_, is_approximate in found] == [True, True, True]
    assert "3 lines with marks of minutes, as rough times" in remarks
    other, _ = made([*lines, ImportedLine("Then.", start=130_500, end=131_000)])
    assert [is_approximate for *_, is_approximate in other] == [False] * 4
