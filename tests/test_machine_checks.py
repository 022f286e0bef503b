"""``player check`` says what nobody has heard of a machine's words, what rests on it, and which marks say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from checking import advice, faults
from clipping import run
from machine_ferry import DOUBTFUL, KEEPER, LABEL, SLUG, UNHEARD, write_archive

if TYPE_CHECKING:
    from pathlib import Path

NOTE = f"""
[[annotation]]
id = "quoted"
kind = "term"
title = "What was carried"
body = "They carried “{UNHEARD} upstream”."
sources = ["log, p. 2"]
cue = "c1"
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "archive")


def place(archive: Path, name: str = "transcript.vtt") -> Path:
    return archive / "transcripts" / SLUG / name


def of_machine(archive: Path) -> list[str]:
    return [
        f"{each.path.name}:{each.line} {each.what}; {each.remedy}" for each in advice(archive) if "machine" in each.what
    ]


@pytest.mark.long
def test_what_nobody_has_heard_is_counted_until_somebody_has_reviewed_it(archive: Path) -> None:
    (told,) = of_machine(archive)
    assert "nobody has heard 4 of its 5 lines" in told
    assert LABEL in told
    assert told.endswith(f"player reviewed {SLUG} --by NAME")
    run(archive, "reviewed", SLUG, "--by", KEEPER, "--lines", "c1..c5")
    (told,) = of_machine(archive)
    assert "somebody has heard each line, and nobody says that the whole is reviewed" in told
    run(archive, "reviewed", SLUG, "--by", KEEPER)
    assert of_machine(archive) == []
    assert faults(archive) == []


@pytest.mark.long
def test_a_note_that_quotes_such_a_line_is_told(archive: Path) -> None:
    place(archive, "annotations.toml").write_text(NOTE, encoding="utf-8")
    told = [each for each in of_machine(archive) if "quoted from" in each]
    what = f"“{UNHEARD} upstream” is quoted from the line c1, which a machine wrote and nobody has heard: {LABEL}"
    assert told == [f"annotations.toml:2 {what}; hear it, and say so: player reviewed {SLUG} --by NAME --lines c1"]
    run(archive, "reviewed", SLUG, "--by", KEEPER, "--lines", "c1")
    assert [each for each in of_machine(archive) if "quoted from" in each] == []


@pytest.mark.long
def test_what_rests_on_such_a_line_elsewhere_is_told(archive: Path) -> None:
    path = archive / "transcripts" / "chronology.toml"
    entry = 'id = "load"\nstrand = "ferry"\ndate = "1971-06-02"\nevent = "It was carried."\nsources = ["log"]\n'
    entry += 'certainty = "documented"\n'
    strand = '[[strand]]\nid = "ferry"\ntitle = "The ferry"\nnote = "Its loads."\n\n'
    path.write_text(f'{strand}[[entry]]\n{entry}moments = ["{SLUG}#c3", "{SLUG}#c2"]\n', encoding="utf-8")
    assert faults(archive) == []
    told = [each for each in of_machine(archive) if "rests on" in each]
    what = f"this rests on the line c3 of {SLUG}, which a machine wrote and nobody has heard"
    assert told == [f"chronology.toml:6 {what}; hear it, and say so: player reviewed {SLUG} --by NAME --lines c3"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("NOTE aligned: 0.93", "NOTE aligned: 1.3", 'line c4: "aligned: 1.3" says no confidence from 0 to 1'),
        ("NOTE aligned: 0.93", "NOTE aligned:", "says no confidence from 0 to 1"),
        ("NOTE confidence: 0.61", "NOTE confidence: high", 'line c3: "confidence: high" says no confidence'),
        ("0.97 0.31 0.95", "0.97 low 0.95", "or a hyphen, for each word"),
        (f"heard: 2026-11-28, {KEEPER}", "heard: 2026-11-28", 'line c2: "heard: 2026-11-28" does not say when and by'),
        (f"heard: 2026-11-28, {KEEPER}", f"heard: {KEEPER}", "does not say when and by whom"),
        (f"heard: 2026-11-28, {KEEPER}", "heard: 2026-13-01, Bob", "on a day that has begun"),
        (f"heard: 2026-11-28, {KEEPER}", "heard: 2099-11-01, Bob", "on a day that has begun"),
        ("Type: caption", "Local Usage Element: [Reviewed] 2026-02-31, x", "on a day that has begun"),
        ("Type: caption", "Local Usage Element: [Reviewed]", '"[Reviewed]" in the header does not say when and by'),
        (
            "Type: caption",
            f"Local Usage Element: [Reviewed] {KEEPER}",
            "in the header does not say when and by whom",
        ),
    ],
)
def test_a_mark_that_says_nothing_is_a_fault(old: str, new: str, says: str, archive: Path) -> None:
    assert faults(archive) == []
    path = place(archive)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    (fault,) = faults(archive)
    assert says in fault.what
    assert fault.path == path


@pytest.mark.long
def test_a_recognisers_words_without_its_name_count_as_its_and_are_told(archive: Path) -> None:
    path = place(archive)
    text = path.read_text(encoding="utf-8")
    bare = "\n".join(line for line in text.splitlines() if "Origin" not in line and "[Machine" not in line) + "\n"
    path.write_text(bare, encoding="utf-8")
    (fault,) = faults(archive)
    assert "a recogniser says how sure it is of these words" in fault.what
    assert fault.line == 7
    (told,) = of_machine(archive)
    assert "nobody has heard 4 of its 5 lines" in told


def test_a_review_of_no_day_is_told_at_its_line(archive: Path) -> None:
    path = place(archive)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Language: en", "Local Usage Element: [Reviewed] 2099-11-01, Tom"), encoding="utf-8")
    (fault,) = faults(archive)
    assert (fault.line, "on a day that has begun" in fault.what) == (3, True)


def test_how_sure_a_recogniser_is_of_a_line_further_down_is_a_fault(archive: Path) -> None:
    path = place(archive)
    head, c2 = path.read_text(encoding="utf-8").split("\n\nc2\n")
    head = "\n".join(line for line in head.splitlines() if "Origin" not in line and "[Machine" not in line)
    head = head.replace("NOTE confidence: 0.91", "").replace("NOTE word confidence: 0.98 0.95 0.87 - 0.90", "")
    path.write_text(f"{head}\n\nc2\n{c2}", encoding="utf-8")
    (fault,) = faults(archive)
    assert "the header does not say that a machine wrote them" in fault.what


def test_a_typed_transcript_is_told_nothing(archive: Path) -> None:
    path = place(archive)
    plain = path.read_text(encoding="utf-8").replace("[Machine Transcript]", "[Typed]").splitlines()
    typed = [line for line in plain if "confidence" not in line and "Origin" not in line]
    path.write_text("\n".join(typed) + "\n", encoding="utf-8")
    assert of_machine(archive) == []
    assert DOUBTFUL in path.read_text(encoding="utf-8")
