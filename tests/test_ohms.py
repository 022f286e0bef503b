"""OHMS XML: minutes become rough times, the index becomes notes, and what it says of the interview comes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from imported_lines import are_whole, read, told

from player.errors import ArchiveError
from player.intake.transcripts import formats

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

NAMESPACE = "https://www.weareavp.com/nunncenter/ohms"


def imported(path: Path, inner: str) -> Imported:
    path /= "interview.xml"
    path.write_text(f'<ROOT xmlns="{NAMESPACE}"><record>{inner}</record></ROOT>', encoding="utf-8")
    found = formats.read(path)
    are_whole(found)
    return found


def transcript(text: str, sync: str = "", more: str = "") -> str:
    return f"<sync>{sync}</sync><transcript>{text}</transcript>{more}"


def test_marks_a_minute_apart_become_rough_times() -> None:
    found = read("ohms/minute-marks.xml")
    assert found.format == "OHMS 5.4"
    assert all(line.is_approximate and line.end is None and not line.words for line in found.lines)
    assert [line.start for line in found.lines] == [1875, 46875, 96923, 152727, 180000, 197931]
    assert told(found) == [
        "read 3 marks of times, from which all times are reckoned",
        "read 1 paragraph without a name as said by whoever spoke before",
        (
            "left out what it says of the recording: accession number, collection, repository, interviewee, "
            "interviewer and rights; what is wanted of it, write into recording.toml"
        ),
    ]


def test_what_a_record_says_of_the_interview_comes_along() -> None:
    found = read("ohms/minute-marks.xml")
    assert (found.title, found.date) == ("Interview with Ines Marlow, ferry pilot", "1987-04-12")
    assert (found.language, found.length) == ("en", 200_000)


def test_speakers_are_marked_as_ohms_marks_them_and_brackets_are_nobodys() -> None:
    found = read("ohms/minute-marks.xml")
    assert [line.turns[0].speaker if line.turns else None for line in found.lines] == [
        *("QUILL", "MARLOW", "MARLOW", "QUILL", "MARLOW"),
        None,
    ]
    assert found.lines[1].text.startswith("The log is right.")
    assert all(line.opens_paragraph for line in found.lines)


def test_footnotes_stand_by_the_lines_that_refer_to_them() -> None:
    found = read("ohms/minute-marks.xml")
    assert [line.comments for line in found.lines if line.comments] == [
        ("footnote 1: Log of the ferry, 1950-1952, in the harbour office.",),
        ("footnote 2: https://example.org/shed The shed stood until 1954.",),
    ]
    assert not any("[[" in line.text for line in found.lines)


@pytest.mark.parametrize("name", ["minute-marks", "index-alone"])
def test_points_of_the_index_are_notes(name: str) -> None:
    first, second = read(f"ohms/{name}.xml").notes
    assert (first.start, first.end, first.title) == (2_000, None, "Learning the river")
    assert first.keywords == ("Ferries", "Pilots", "Tides", "Pilots and pilotage")
    assert first.body.split("\n\n") == [
        "How the pilot came to the ferry.",
        "It begins: QUILL: When did you first",
        "Place: The old jetty (51.5, -0.1)",
    ]
    assert (second.start, second.body.split("\n\n")[-1]) == (95_000, "The flood, a list: https://example.org/flood")


def test_an_index_alone_is_notes_alone() -> None:
    found = read("ohms/index-alone.xml")
    assert (found.lines, len(found.notes), found.length) == ((), 2, None)


def test_without_marks_lines_are_untimed() -> None:
    found = read("ohms/without-marks.xml")
    assert len(found.lines) == 6
    assert {(line.start, line.is_approximate) for line in found.lines} == {(None, False)}
    assert "left out 1 translation of the transcript, into French" in told(found)


@pytest.mark.parametrize("name", ["version-6", "version-6-escaped"])
def test_version_6_is_webvtt_with_footnotes(name: str) -> None:
    found = read(f"ohms/{name}.xml")
    assert [(line.start, line.end, line.turns[0].speaker) for line in found.lines] == [
        (4_000, 12_000, "QUILL"),
        (12_000, None, "MARLOW"),
        (12_000, 70_000, "MARLOW"),
        (70_000, None, "QUILL"),
    ]
    assert found.lines[2].text == "The log is right. I was twelve. My uncle had the boat & the shed."
    assert found.lines[2].comments == ("footnote 1: Log of the ferry, 1950-1952.",)
    assert not any(line.is_approximate for line in found.lines)


def test_silent_minutes_are_marks_on_neighbouring_words(tmp_path: Path) -> None:
    found = imported(tmp_path, transcript("[silence]\n\nCast off, and away.", "1:|1(1)|3(1)|3(2)|3(3)"))
    assert [line.start for line in found.lines] == [60_000, 120_000]


@pytest.mark.parametrize(
    ("sync", "starts", "said"),
    [
        ("1:|1(1)|99(1)|3(1)", [60_000, 180_000], "left out 1 mark on a line that is not there"),
        ("1:|3(1)|1(1)", [0, 60_000], "left out 1 mark before the one before it"),
        ("1:|1(1)||3(1)", [60_000, 180_000], None),
        ("1:|1(1)|x|3(1)", [60_000, 180_000], "left out 1 mark without a line and a word"),
        ("2:|1(1)|3(1)", [120_000, 240_000], None),
        ("1:1(1)|3(1)", [60_000, 120_000], None),
        ("nan:|1(1)|3(1)", [None, None], "mended 1 line of marks that cannot be read"),
        ("-1:|1(1)", [None, None], "mended 1 line of marks that cannot be read"),
        ("0", [None, None], "mended 1 line of marks that cannot be read"),
        ("1:|" + "9" * 5_000 + "(1)", [None, None], "left out 1 mark without a line and a word"),
    ],
)
def test_marks_that_cannot_be_are_told(tmp_path: Path, sync: str, starts: list[int | None], said: str | None) -> None:
    found = imported(tmp_path, transcript("Cast off, all of you.\n\nAnd away we go.", sync))
    assert [line.start for line in found.lines] == starts
    assert said is None or said in told(found)


def test_rough_times_never_pass_the_end(tmp_path: Path) -> None:
    text = "\n\n".join("We waited by the gate." for _ in range(40))
    found = imported(tmp_path, transcript(text, "1:|3(1)|5(1)", "<duration>00:02:10</duration>"))
    starts = [line.start or 0 for line in found.lines]
    assert starts == sorted(starts)
    assert starts[-1] < 130_000


@pytest.mark.parametrize("head", ["NOTE: ", "TAPE ONE: ", "Quill: ", "Q: ", "10:30: "])
def test_other_heads_are_words(tmp_path: Path, head: str) -> None:
    found = imported(tmp_path, transcript(f"{head}the gate.\n\n{head}the jetty."))
    assert found.speakers == ()
    assert found.lines[0].text == f"{head}the gate."


def test_a_speaker_who_speaks_once_is_known_by_the_record(tmp_path: Path) -> None:
    people = "<interviewee>Marlow, Ines</interviewee>"
    found = imported(tmp_path, transcript("MARLOW: Cast off.\n\nERRATUM: The year was 1951.", more=people))
    assert found.speakers == ("MARLOW",)
    assert found.lines[1].text == "ERRATUM: The year was 1951."


def test_each_line_may_be_a_turn_where_no_line_is_empty(tmp_path: Path) -> None:
    rows = ["QUILL: Was it late?", "MARLOW: It was.", "The boat", "came in.", "QUILL: Whose?", "MARLOW: His"]
    rows += ["and hers.", "MARLOW: Ours.", "QUILL: So."]
    found = imported(tmp_path, transcript("\n".join(rows), "1:|3(1)|5(1)"))
    assert [(line.turns[0].speaker, line.text) for line in found.lines] == [
        ("QUILL", "Was it late?"),
        ("MARLOW", "It was. The boat came in."),
        ("QUILL", "Whose?"),
        ("MARLOW", "His and hers."),
        ("MARLOW", "Ours."),
        ("QUILL", "So."),
    ]
    assert [line.start for line in found.lines][:3] == sorted(line.start or 0 for line in found.lines)[:3]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("head", ["PENROSE", "Penrose", "NOTE", "MR. PENROSE"])
def test_a_turn_of_somebody_else_is_not_the_last_speakers(tmp_path: Path, head: str, between: str) -> None:
    rows = ["MARLOW: Cast off.", f"{head}: I lied.", "Then I went.", "MARLOW: So.", "All of it."]
    found = imported(tmp_path, transcript(between.join(rows), more="<interviewee>Marlow, Ines</interviewee>"))
    said = [(turn.speaker, line.text) for line in found.lines for turn in line.turns]
    assert all("lied" not in text and "went" not in text for _, text in said)
    assert {voice for voice, _ in said} == {"MARLOW"}
    (remark,) = (each for each in found.remarks if "another name" in each.what)
    assert remark.lines == (1 + between.count("\n"),)


def test_points_without_a_time_are_left_out_and_told(tmp_path: Path) -> None:
    points = "".join(f"<point><time>{time}</time><title>Gate</title></point>" for time in ("", "soon", "-3", "0:01:30"))
    found = imported(tmp_path, f"<index>{points}<point><time>5</time></point></index>")
    assert [note.start for note in found.notes] == [90_000]
    assert told(found) == [
        "left out 3 points of the index without a time",
        "left out 1 point of the index without words",
    ]


def test_an_address_that_is_none_is_no_link(tmp_path: Path) -> None:
    link = "<hyperlinks><hyperlink>javascript:alert(1)</hyperlink><hyperlink_text>x</hyperlink_text></hyperlinks>"
    found = imported(tmp_path, f"<index><point><time>5</time><title>Gate</title>{link}</point></index>")
    assert found.notes[0].body == ""


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("", "no transcript and no index"),
        ("<sync/><transcript>No transcript.</transcript><index/>", "no transcript and no index"),
        ("<sync>", "this is not XML"),
        ("<sync/>&lol;", "this is not XML"),
    ],
)
def test_what_says_nothing_is_refused(tmp_path: Path, inner: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        imported(tmp_path, inner)


def test_entities_of_its_own_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "interview.xml"
    bomb = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 12))
    path.write_text(
        f'<!DOCTYPE r [<!ENTITY a0 "ha">{bomb}]><record xmlns="{NAMESPACE}">&a11;</record>', encoding="utf-8"
    )
    with pytest.raises(ArchiveError, match="declares a document type"):
        formats.read(path)
