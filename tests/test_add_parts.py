"""`player add` with several sounds makes one recording of them, or nothing."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from checking import faults
from click.testing import CliRunner
from side_tapes import SIDES, write_sides
from test_joining import write_noise

from player.archive.archive import Archive
from player.archive.part_files import part_files
from player.audio import joining
from player.cli import main
from player.intake.beginning import begin
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

pytestmark = pytest.mark.long

SLUG = "a-talk"
FIRST = "1\n00:00:00,100 --> 00:00:01,000\nThe rope.\n\n2\n00:00:02,500 --> 00:00:03,500\nThe fog.\n"
SECOND = "1\n00:00:00,200 --> 00:00:01,000\nThe bell.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    begin(tmp_path / "archive", "The quay")
    write_sides(tmp_path / "came")
    (tmp_path / "came" / "a.srt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "came" / "b.srt").write_text(SECOND, encoding="utf-8")
    return tmp_path / "archive"


def add(root: Path, *words: str | Path) -> Result:
    came = root.parent / "came"
    named = [came / word if isinstance(word, str) and (came / word).exists() else word for word in words]
    given = ("--title", "A talk", "--date", "1974", "--yes", "--archive", root)
    return CliRunner().invoke(main, ["add", *map(str, (*named, *given))])


def test_sounds_become_one_recording_that_nothing_is_wrong_with(root: Path) -> None:
    result = add(root, *SIDES, "--transcript", "a.srt", "--transcript", "b.srt", "--publish")
    assert result.exit_code == 0, result.output
    assert "a-talk.flac: Side A from 0:00, Side B from 0:02.993; 0:05" in result.output
    assert "\n\n" not in result.output
    archive = Archive(root)
    found = archive.recording(SLUG)
    assert [(part.title, part.start) for part in found.part] == [("Side A", 0), ("Side B", 2993)]
    files = part_files(archive, found)
    assert [path.read_bytes() for path in files] == [(root.parent / "came" / name).read_bytes() for name in SIDES]
    assert found.media is not None
    assert joining.compared(found.media, files).is_same
    assert found.transcript is not None
    assert [(cue.text, cue.start, cue.end) for cue in found.transcript.cues] == [
        ("The rope.", 100, 1000),
        ("The fog.", 2500, 2993),
        ("The bell.", 3193, 3993),
    ]
    assert faults(root) == []
    html = create_app(root).test_client().get(f"/recordings/{SLUG}").text
    assert html.index('id="part-2"') < html.index("The bell.")


def test_one_transcript_for_several_sounds_has_their_one_clock(root: Path) -> None:
    assert add(root, *SIDES, "--transcript", "a.srt").exit_code == 0
    found = Archive(root).recording(SLUG)
    assert found.transcript is not None
    assert [(cue.start, cue.end) for cue in found.transcript.cues] == [(100, 1000), (2500, 3500)]


def test_parts_are_called_as_they_are_named(root: Path) -> None:
    assert add(root, *SIDES, "--part-title", "Morning", "--part-title", "Evening").exit_code == 0
    assert [part.title for part in Archive(root).record(SLUG).part] == ["Morning", "Evening"]


def test_a_record_without_a_sound_is_given_several(root: Path) -> None:
    folder = root / "transcripts" / "the-tape"
    folder.mkdir()
    (folder / "recording.toml").write_text('title = "The tape"\ndate = "1974"\nstatus = "not held"\n', encoding="utf-8")
    came = root.parent / "came"
    words = ("add", *(str(came / name) for name in SIDES), "--to", "the-tape", "--yes", "--archive", str(root))
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    record = Archive(root).record("the-tape")
    assert (record.title, record.media_name, len(record.part)) == ("The tape", "the-tape.flac", 2)
    assert faults(root) == []


def test_originals_that_are_moved_are_gone_once_their_copies_were_read_back(root: Path) -> None:
    before = [(root.parent / "came" / name).read_bytes() for name in SIDES]
    assert add(root, *SIDES, "--move").exit_code == 0
    archive = Archive(root)
    assert [path.read_bytes() for path in part_files(archive, archive.record(SLUG))] == before
    assert [name for name in SIDES if (root.parent / "came" / name).exists()] == []


@pytest.mark.parametrize("other", [{"rate": 44_100}, {"channels": 2}])
def test_sounds_that_cannot_be_joined_leave_nothing_behind(root: Path, other: dict[str, int]) -> None:
    write_noise(root.parent / "came" / "other.wav", **other)
    before = sorted(root.rglob("*"))
    result = add(root, SIDES[1], "other.wav")
    assert result.exit_code == 1
    assert "other.wav: it has " in result.output
    assert sorted(root.rglob("*")) == before


def test_the_same_sounds_are_not_added_twice(root: Path) -> None:
    assert add(root, *SIDES).exit_code == 0
    before = sorted(root.rglob("*"))
    again = add(root, *SIDES, "--slug", "once-more")
    assert again.exit_code == 1, again.output
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((*SIDES, "--part-title", "Morning"), "1 titles do not go with 2 sounds"),
        ((SIDES[0], "--part-title", "Morning"), "one sound has no parts to be named"),
        ((*SIDES, *(("--transcript", "a.srt") * 3)), "3 transcripts do not go with 2 sounds"),
        ((*SIDES, "copy.mp3"), "copy.mp3: this is the same sound as side-a.mp3"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(root: Path, words: tuple[str, ...], what: str) -> None:
    shutil.copyfile(root.parent / "came" / SIDES[0], root.parent / "came" / "copy.mp3")
    before = sorted(root.rglob("*"))
    result = add(root, *words)
    assert (result.exit_code, what in result.stderr) == (1, True), result.output
    assert sorted(root.rglob("*")) == before


def test_without_a_title_it_is_what_the_names_begin_with(root: Path) -> None:
    came = root.parent / "came"
    names = [came / name for name in ("quay_talk_1974 side a.mp3", "quay_talk_1974 side b.wav")]
    for before, after in zip(SIDES, names, strict=True):
        (came / before).rename(after)
    words = ("add", *map(str, names), "--date", "1974", "--yes", "--archive", str(root))
    assert CliRunner().invoke(main, words).exit_code == 0
    assert Archive(root).record("quay-talk").title == "Quay talk"
