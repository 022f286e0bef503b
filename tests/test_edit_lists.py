"""An edit list has every passage at its frames, and says in comments where it comes from and what is said there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from clipping import as_reading, run

from player.clips.defaults import FPS

if TYPE_CHECKING:
    from click.testing import Result

ROWS: Final = (
    'recording,start,end,name\nquay,1,2.52,"Office\n001  X  A  C  00:00"\nmole,0.1,0.11,\nquay,3:20,3:21,late\n'
)
EVENT: Final = re.compile(r"(\d{3})  (\S{1,8}) +(AA?) +C +(\d\d(?::\d\d){3}) (\d\d(?::\d\d){3}) (\S+) (\S+)")


def listed(archive: Path, rows: str, *arguments: str) -> Result:
    Path("list.csv").write_text(rows, encoding="utf-8")
    return run(archive, "clips", "--from-csv", "list.csv", "--edl", "cut.edl", *arguments)


def events() -> list[tuple[str, ...]]:
    lines = Path("cut.edl").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["TITLE: cut", "FCM: NON-DROP FRAME", ""]
    found = [EVENT.fullmatch(line) for line in lines[3:] if not line.startswith("* ")]
    assert all(found)
    return [each.groups() for each in found if each]


def frames(timecode: str, base: int) -> int:
    hours, minutes, seconds, left = map(int, timecode.split(":"))
    assert left < base
    return ((hours * 60 + minutes) * 60 + seconds) * base + left


def test_each_passage_is_an_event_at_its_frames_with_its_source_and_words(tapes: Path) -> None:
    rows = ROWS.replace("3:20,3:21", "4,5.5")
    record = tapes / "transcripts" / "quay" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("The quay", "The quay\\n009  X  A  C"), "utf-8")
    result = listed(tapes, rows)
    assert (result.exit_code, result.stdout) == (0, "cut.edl: 3 passages of 2 recordings, at 25 frames a second\n")
    assert events() == [
        ("001", "R001", "A", "00:00:01:00", "00:00:02:13", "01:00:00:00", "01:00:01:13"),
        ("002", "R002", "AA", "00:00:00:03", "00:00:00:04", "01:00:01:13", "01:00:01:14"),
        ("003", "R001", "A", "00:00:04:00", "00:00:05:13", "01:00:01:14", "01:00:03:02"),
    ]
    text = Path("cut.edl").read_text(encoding="utf-8")
    last = text.partition("\n003")[2].splitlines()[1:]
    assert last[:4] == [
        "* FROM CLIP NAME: quay.wav",
        "* SOURCE FILE: quay.wav",
        "* TITLE: late",
        "* WORDS: Nobody came to the harbour office.",
    ]
    assert last[4].startswith(
        "* CITATION: “The quay 009 X A C tape”, 1971-01, 0:04 to 0:05.5. Recording quay, SHA-256 "
    )
    # What is in a name is no event.
    assert "* TITLE: Office 001 X A C 00:00\n" in text
    assert str(tapes) not in text
    assert "* CITATION: “The quay 009 X A C tape”" in text
    # Nothing else is made.
    assert sorted(path.name for path in Path().iterdir()) == ["cut.edl", "list.csv"]


@pytest.mark.parametrize("fps", FPS)
def test_no_event_is_off_by_more_than_half_a_frame_and_none_overlaps(tapes: Path, fps: str) -> None:
    spans = [(137 * n, 137 * n + 1 + 211 * n % 3000) for n in range(1, 50)]
    rows = "recording,start,end,name\n" + "".join(f"quay,{a / 1000},{b / 1000},\n" for a, b in spans)
    assert listed(tapes, rows, "--fps", fps, "--gap", "0.5", "--fade-in", "0", "--fade-out", "0").exit_code == 0
    base = round(float(fps))
    real = base / 1.001 if "." in fps else base
    before = 3600 * base - int(0.5 * real + 0.5)
    for (start, end), event in zip(spans, events(), strict=True):
        first, last, begins, ends = (frames(each, base) for each in event[3:])
        assert abs(first / real - start / 1000) <= 0.501 / real
        assert abs(last / real - end / 1000) <= 0.501 / real or last == first + 1
        assert (ends - begins, begins - before) == (last - first, int(0.5 * real + 0.5))
        before = ends


@pytest.mark.long
def test_it_is_written_beside_the_clips_that_are_made_and_as_they_are_joined(tapes: Path) -> None:
    rows = ROWS.replace("3:20,3:21", "4,5.5").replace("0.1,0.11", "0.1,0.3")
    result = listed(tapes, rows, "--join", "-o", "all.wav")
    assert result.exit_code == 0, result.output
    assert [event[5] for event in events()] == ["01:00:00:00", "01:00:02:01", "01:00:02:19"]
    assert Path("all.wav").exists()
    again = listed(tapes, rows, "-o", "clips", "--format", "wav")
    assert (again.exit_code, "a file of that name exists" in again.stderr) == (1, True)
    assert listed(tapes, rows, "-o", "clips", "--format", "wav", "--force").exit_code == 0
    assert len(list(Path("clips").glob("*.wav"))) == 3


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (f"{ROWS}nowhere,1,2,x\n", 'list.csv:6: no recording is called "nowhere"'),
        pytest.param(
            "recording,start,end\n" + "quay,1,2\n" * 1000,
            "an edit list has 999 events at most, and these are 1000",
            marks=pytest.mark.long,
        ),
    ],
)
def test_a_bad_row_or_too_many_events_and_nothing_is_written(tapes: Path, rows: str, told: str) -> None:
    result = listed(tapes, rows)
    assert (result.exit_code, told in result.stderr) == (1, True), result.output
    assert not Path("cut.edl").exists()
    assert "quay is 0:10 long, but the clip would run from 3:20 to 3:21" in listed(tapes, ROWS).stderr
    assert listed(tapes, ROWS.replace("3:20,3:21", "4,5.5"), "--dry-run").exit_code == 0
    assert not Path("cut.edl").exists()
    assert run(tapes, "clips", "tones", "--all-annotations", "--fps", "25").exit_code == 2


def test_one_that_cannot_be_written_is_called_an_edit_list(tapes: Path) -> None:
    Path("list.csv").write_text(ROWS.replace("3:20,3:21", "4,5.5"), encoding="utf-8")
    result = run(tapes, "clips", "--from-csv", "list.csv", "--edl", "/proc/no/cut.edl")
    assert result.exit_code == 1
    assert "there is no folder /proc/no" in result.stderr
    result = run(tapes, "clips", "--from-csv", "list.csv", "--edl", "/proc/cut.edl")
    assert result.exit_code == 1
    assert result.stderr.startswith("/proc/cut.edl: the edit list cannot be written (")


def test_what_is_closed_or_a_reading_says_so(tapes: Path) -> None:
    as_reading(tapes)
    path = tapes / "transcripts" / "quay" / "recording.toml"
    shut = '\n[[closed]]\nstart = "2"\nend = "3.5"\nreason = "Asked for"\nuntil = "2041"\n'
    path.write_text(path.read_text(encoding="utf-8") + shut, encoding="utf-8")
    rows = "recording,start,end,name\ntones,2,4,read\nquay,2,3,shut\n"
    assert listed(tapes, rows).exit_code == 1
    assert not Path("cut.edl").exists()
    assert listed(tapes, rows, "--include-closed").exit_code == 0
    text = Path("cut.edl").read_text(encoding="utf-8")
    assert "* TITLE: Synthetic reading, not the tape: read\n" in text
    assert "* NOTICE: Synthetic reading, not the tape.\n" in text
    assert "* NOT TO BE HANDED ON: closed until 2041\n" in text
