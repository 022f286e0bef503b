"""Several sounds become the parts of one recording: their titles, their files, and their transcripts on one clock."""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest
from checking import faults
from imports import timed, what, write_record
from side_tapes import SIDES, SLUG, TITLES, write_sides

from player.archive.archive import Archive
from player.archive.toml.editing import with_tables
from player.audio.decode.samples import decode
from player.audio.probe import probe
from player.errors import AudioError
from player.intake import parts
from player.intake.transaction import transaction
from player.intake.transcripts import bringing
from player.intake.transcripts.imported import Deed, Imported, ImportedLine, ImportedNote, Remark
from player.intake.transcripts.names import Speakers
from player.intake.transcripts.together import together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.mark.parametrize(
    ("names", "tagged", "wanted"),
    [
        (("side-a.wav", "side-b.wav"), (None, None), ["Side A", "Side B"]),
        (("quay talk, Side_A.mp3", "quay talk, side_b.mp3"), (None, None), ["Side A", "Side B"]),
        (("tape 01.wav", "tape 02.wav", "tape 10.wav"), (None, None, None), ["Tape 1", "Tape 2", "Tape 10"]),
        (("quay-1.wav", "quay-2.wav"), (None, None), ["Part 1", "Part 2"]),
        (("REC0001.WAV", "REC0002.WAV"), (None, None), ["Part 1", "Part 2"]),
        (("harbour morning.wav", "harbour evening.wav"), (None, None), ["Morning", "Evening"]),
        (("one.wav", "two.wav"), ("The landing", "The bell"), ["The landing", "The bell"]),
        (("side a.wav", "side b.wav"), ("A talk", "A talk"), ["Side A", "Side B"]),
        (("side a.wav", "side b.wav"), ("A talk", None), ["Side A", "Side B"]),
        (("x/a.wav", "y/a.wav"), (None, None), ["Part 1", "Part 2"]),
        (("a.wav", "b.wav"), (None, None), ["Part A", "Part B"]),
        (("кассета 1.wav", "кассета 2.wav"), (None, None), ["Part 1", "Part 2"]),
        (("..wav", "--.wav"), (None, None), ["Part 1", "Part 2"]),
    ],
)
def test_titles_come_from_tags_or_from_what_differs_in_the_names(
    names: Sequence[str], tagged: Sequence[str | None], wanted: list[str]
) -> None:
    assert parts.titles(names, tagged) == wanted


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("quay talk, side a.mp3", "quay talk, side b.mp3"), "Quay talk"),
        (("ferry-1971-tape-1.wav", "ferry-1971-tape-2.wav"), "Ferry"),
        (("side-a.wav", "side-b.wav"), None),
        (("one.wav", "two.wav"), None),
        (("1.wav", "2.wav"), None),
    ],
)
def test_the_title_of_all_is_what_their_names_begin_with(names: Sequence[str], wanted: str | None) -> None:
    assert parts.shared_title(names) == wanted


def test_files_of_one_name_each_get_their_own() -> None:
    assert parts.file_names(["a.wav", "A.WAV", "x/a.wav", ".hidden.wav", "e\u0301.wav", "\u00e9.wav"]) == [
        "a.wav",
        "A-2.WAV",
        "a-3.wav",
        "hidden.wav",
        "e\u0301.wav",
        "\u00e9-2.wav",
    ]


def copied(source: Path, target: Path) -> str:
    shutil.copyfile(source, target)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def emptied(root: Path) -> Path:
    (root / "media").mkdir(parents=True)
    (root / "transcripts" / SLUG).mkdir(parents=True)
    return root


@pytest.mark.long
def test_sounds_are_held_as_they_came_and_joined(tmp_path: Path) -> None:
    sides = write_sides(tmp_path / "came")
    root = emptied(tmp_path / "archive")
    told: list[tuple[str, float]] = []
    with transaction(root) as change:
        made = parts.joined(
            change.new, copied, root / "media", SLUG, sides, SIDES, TITLES, lambda what, done: told.append((what, done))
        )
        text = with_tables(f'title = "A talk"\ndate = "1974"\nmedia = "{made.target.name}"\n', "part", made.parts)
        change.write(root / "transcripts" / SLUG / "recording.toml", text.encode())
        assert not (root / "media" / "parts" / SLUG / SIDES[0]).exists()
    for side in sides:
        assert (root / "media" / "parts" / SLUG / side.name).read_bytes() == side.read_bytes()
    assert hashlib.sha256(made.target.read_bytes()).hexdigest() == made.sha256
    assert probe(made.target).duration == made.duration
    assert told[-1] == ("Joining 2 sounds", 1.0)
    assert [part.title for part in Archive(root).record(SLUG).part] == list(TITLES)
    assert [each["start"] for each in tomllib.loads(text)["part"]] == ["0:00", "0:02.993"]
    assert faults(root) == []
    second = probe(sides[1]).length
    first = probe(made.target).length - second
    assert decode(made.target, first, first + second).samples == decode(sides[1], 0, second).samples


@pytest.mark.long
def test_what_cannot_be_decoded_leaves_nothing_behind_and_is_named_as_it_was_called(tmp_path: Path) -> None:
    first, second = write_sides(tmp_path / "came")
    root = emptied(tmp_path / "archive")

    def change_for_the_worse(source: Path, target: Path) -> str:
        digest = copied(source, target)
        if source == second:
            target.write_text("Nothing is heard here.", encoding="utf-8")
        return digest

    with (
        pytest.raises(AudioError, match=r"came/side-b\.wav: "),
        transaction(root) as change,
    ):
        parts.joined(
            change.new, change_for_the_worse, root / "media", SLUG, [first, second], SIDES, TITLES, lambda *_: None
        )
    assert list((root / "media").rglob("*.*")) == []


def test_transcripts_of_parts_are_moved_to_where_these_begin() -> None:
    first = Imported(
        "SubRip",
        (
            ImportedLine("One.", start=0, end=900, words=(0,), id="1"),
            ImportedLine("Two.", start=2500, end=3500, id="2"),
            ImportedLine("Not timed.", id="x"),
        ),
        remarks=(Remark(Deed.LEFT_OUT, "2 empty lines", (4, 9)),),
        language="en",
    )
    second = Imported(
        "SubRip",
        (ImportedLine("Three.", start=100, words=(0,), id="1"), ImportedLine("Four.", start=700, end=9000)),
        notes=(ImportedNote(100, None, "A bell", ""),),
        language="en",
    )
    made = together([first, None, second], (0, 3000, 5000), ("Side A", "Side B", "Side C"))
    assert [(line.text, line.start, line.end, line.id) for line in made.lines] == [
        ("One.", 0, 900, ""),
        ("Two.", 2500, 3000, "2"),
        ("Not timed.", None, None, "x"),
        ("Three.", 5100, None, ""),
        ("Four.", 5700, 14_000, ""),
    ]
    assert made.lines[3].words == (0,)
    assert made.notes[0].start == 5100
    assert (made.format, made.language) == ("SubRip", "en")
    assert [(remark.deed, remark.what) for remark in made.remarks] == [
        (Deed.LEFT_OUT, "Side A: 2 empty lines"),
        (Deed.MENDED, "1 line that ran past the end of Side A"),
        (Deed.LEFT_OUT, "2 identifiers of lines, which occur in more than one of the transcripts"),
    ]


def test_who_speaks_is_judged_of_each_part_by_itself(tmp_path: Path) -> None:
    headed = Imported("WebVTT", tuple(timed(*["Tom: One.", "Anna: Two."] * 2)))
    plain = Imported("text", tuple(ImportedLine("The ferry came.") for _ in range(20)))
    both = together([headed, plain], (0, 9000), ("Side A", "Side B"))
    brought = bringing.prepared(
        write_record(tmp_path), both, speakers=Speakers.parse("yes,Ben=Ben"), digest=None, length=None
    )
    assert [line.speaker for line in brought.lines[:5]] == ["Tom", "Anna", "Tom", "Anna", None]
    assert "read: Side A: 4 heads of lines as who speaks" in what(brought)
    assert 'nobody as "Ben", which is no head of a line and no voice' in what(brought)


def test_the_last_line_of_a_part_ends_with_it() -> None:
    lines = (ImportedLine("One.", start=100), ImportedLine("Two.", start=800))
    made = together([Imported("SBV", lines), Imported("SubRip", lines)], (0, 2000), ("Side A", "Side B"))
    assert [(line.start, line.end) for line in made.lines] == [(100, None), (800, 1800), (2100, None), (2800, None)]
    assert [line.is_approximate for line in made.lines] == [False, True, False, False]
    assert made.format == "SBV and SubRip"


def test_times_after_the_end_of_their_part_are_told() -> None:
    late = Imported("SubRip", (ImportedLine("One.", start=100, end=200), ImportedLine("Two.", start=2500, end=2600)))
    made = together([late, late], (0, 2000), ("Side A", "Side B"))
    assert [remark.what for remark in made.remarks] == [
        "1 line with a time after the end of Side A, kept without times"
    ]
    assert [line.start for line in made.lines] == [100, None, 2100, 4500]


def test_a_part_that_is_not_timed_is_named_before_its_first_line() -> None:
    lines = (ImportedLine("One."), ImportedLine("Two."))
    made = together([Imported("plain text", lines), Imported("plain text", lines)], (0, 2000), ("Side A", "Side B"))
    assert [line.comments for line in made.lines] == [(), (), ("part: 2",), ()]
