"""The archive of thousands that ``make bench`` measures is right, and the same each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.many import ACROSS, COMMON, PHRASE, RARE, RARE_LINES, Many, write_archive
from checking import faults

if TYPE_CHECKING:
    from pathlib import Path

FEW = Many(recordings=3, lines=40, notes=4, beside=5)


def test_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    assert faults(write_archive(tmp_path / "many", FEW)) == []


def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    first, second = (write_archive(tmp_path / name, FEW) for name in ("first", "second"))
    files = [path.relative_to(first) for path in sorted(first.rglob("*")) if path.is_file()]
    assert [(first / name).read_bytes() for name in files] == [(second / name).read_bytes() for name in files]


def test_what_is_searched_for_stands_in_as_many_lines_as_it_says(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "many", FEW)
    texts = [path.read_text(encoding="utf-8").lower() for path in sorted((root / "lines").iterdir())]
    lines = [line for text in texts for line in text.splitlines()]
    assert len(lines) == FEW.recordings * FEW.lines
    assert sum(COMMON in line for line in lines) == len(lines) / 2
    assert sum(RARE in line for line in lines) == RARE_LINES
    assert sum(PHRASE in line for line in lines) == 1
    assert "\n".join(ACROSS) in texts[0].replace(".", "")
