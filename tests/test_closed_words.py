"""``player check`` finds the words of closed lines where visitors read them, does not say them, and keeps none."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import checking
import pytest
from small_archive import bind

from player.archive.archive import Archive
from player.checks.kept import Kept
from player.checks.walking import walk
from player.cli import main
from player.index.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner

WORDS = "seven grey herons slept beside the furnace until noon"
RUN = "herons slept beside the furnace until"
REASONS = 'reason = "Asked for."\ndecided_by = "The board"\n'
CLOSED = f'\n[[closed]]\ncue = "first"\n{REASONS}'
READING = """\
title = "A reading"
date = "2026"
kind = "reading"
surrogate_for = "tones"
status = "not held"
sources = ["log"]
"""


@pytest.fixture
def archive(archive: Path) -> Path:
    """The small archive with rare words in its second line, which is closed."""
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("One <00:00:02.500>two <00:00:03.000>three.", WORDS), encoding="utf-8")
    bind(archive)
    change(archive, "tones/recording.toml", "unidentified", "person")
    record(archive).write_text(record(archive).read_text(encoding="utf-8") + CLOSED, encoding="utf-8")
    return archive


def record(archive: Path) -> Path:
    return archive / "transcripts" / "tones" / "recording.toml"


def change(archive: Path, name: str, old: str, new: str) -> None:
    path = archive / "transcripts" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(archive: Path) -> list[str]:
    folder = f"{archive / 'transcripts'}/"
    return [str(each).removeprefix(folder) for each in checking.advice_on_texts(archive)]


def test_closed_words_that_stand_nowhere_else_are_no_matter(archive: Path) -> None:
    assert (checking.faults(archive), told(archive)) == ([], [])


PLACES = [
    # file, what is there, what is put in its place, the place that is told
    (
        "tones/recording.toml",
        "Each second",
        "Seven grey Herons, slept beside the furnace: that",
        'recording.toml:4: "sum',
    ),
    ("tones/recording.toml", "A tape", f"That {RUN}", 'recording.toml:1: "title"'),
    ("tones/annotations.toml", "Near the end.", f"As *{RUN}* is", 'tones/annotations.toml:13: "body"'),
    ("tones/annotations.toml", "About the whole.", f"x {RUN}", 'tones/annotations.toml:22: "body"'),
    ("tones/recording.toml", "Asked for.", f"She says: {RUN}", 'recording.toml:22: "reason"'),
    ("tones/annotations.toml", "A *person*", RUN, ""),  # a note at the closed line is closed with it
    ("tones/annotations.toml", "Near the end.", "herons slept beside the furnace", ""),  # five words
    ("sources.toml", "one two three", RUN, 'sources.toml:10: "text"'),
]


@pytest.mark.parametrize(("name", "old", "new", "place"), PLACES)
def test_six_closed_words_in_a_row_are_told_where_they_are_read(
    archive: Path, name: str, old: str, new: str, place: str
) -> None:
    change(archive, name, old, new)
    found = told(archive)
    assert len(found) == bool(place)
    for each in found:
        assert place in each
        assert each.endswith(
            'has words in it of line first of "tones", which is closed; write it without them, or close it too'
        )
        assert "heron" not in each.lower()


def test_a_quotation_that_goes_on_from_one_closed_line_into_the_next_is_found(archive: Path) -> None:
    change(archive, "tones/recording.toml", 'cue = "first"', 'cue = "first..c3"')
    change(archive, "tones/annotations.toml", "About the whole.", "beside the furnace until noon, a second voice")
    (each,) = [each for each in told(archive) if "has words in it" in each]
    assert "of line first of" in each


def test_the_words_of_two_closed_lines_with_an_open_one_between_are_no_quotation(archive: Path) -> None:
    change(archive, "tones/recording.toml", 'cue = "first"', 'cue = "c3"')
    path = record(archive)
    path.write_text(f'{path.read_text(encoding="utf-8")}\n[[closed]]\ncue = "opening"\n{REASONS}', encoding="utf-8")
    change(archive, "tones/transcript.vtt", "Silence &amp; hum", "Silence and hum and rain")
    change(archive, "tones/annotations.toml", "About the whole.", "hum and rain a second voice")
    assert [each for each in told(archive) if "has words in it" in each] == []


def test_a_translation_that_keeps_the_words_is_told(archive: Path) -> None:
    """Its own closed line goes with the transcript's; another that says the same does not."""
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8").replace("Language: en", "Language: spa")
    text = "\n".join(line for line in text.splitlines() if "Media SHA" not in line and "NOTE" not in line)
    text = text.replace("Language: spa", "Language: spa\nLocal Usage Element: [Translated by] Nobody")
    (path.parent / "transcript.es.vtt").write_text(text, encoding="utf-8")
    assert told(archive) == []
    (path.parent / "transcript.es.vtt").write_text(text.replace("Silence &amp; hum", WORDS), encoding="utf-8")
    (each,) = told(archive)
    assert "transcript.es.vtt:" in each
    assert "line opening has words in it" in each


@pytest.mark.parametrize("table", ['record = "closed"', 'transcript = "on request"'])
def test_where_all_is_closed_so_are_all_its_words(archive: Path, table: str) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(CLOSED, f"\n[access]\n{table}\n{REASONS}"), encoding="utf-8"
    )
    change(archive, "sources.toml", "one two three", RUN)
    (each,) = told(archive)
    assert each.startswith("sources.toml:10: ")


def test_the_words_of_a_draft_are_to_be_read_and_may_stand_anywhere(archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(CLOSED, '\n[access]\nrecord = "draft"\n'), encoding="utf-8"
    )
    change(archive, "sources.toml", "one two three", RUN)
    assert told(archive) == []
    # But for what is closed in it too, also when it is published.
    path.write_text(f"{path.read_text(encoding='utf-8')}{CLOSED}", encoding="utf-8")
    assert len(told(archive)) == 1


def test_a_reading_of_what_is_closed_is_told_and_its_script(archive: Path) -> None:
    folder = archive / "transcripts" / "aloud"
    folder.mkdir()
    (folder / "recording.toml").write_text(READING, encoding="utf-8")
    assert told(archive) == []
    line = f"WEBVTT\n\nNOTE source: log\n\none\n00:00.000 --> 00:04.000\n<v Narrator>{WORDS}\n"
    (folder / "transcript.vtt").write_text(line, encoding="utf-8")
    line = f'id = "a"\nvoice = "N"\ntext = "{WORDS}"\nsources = ["log"]\n'
    script = f'[[voice]]\nname = "N"\nflite = "rms"\n\n[[line]]\n{line}'
    (folder / "script.toml").write_text(script, encoding="utf-8")
    found = told(archive)
    assert [each.partition(" has words")[0] for each in found] == [
        'aloud/script.toml:8: "text"',
        "aloud/transcript.vtt:6: line one",
    ]
    # What is closed there too is read by nobody.
    (folder / "recording.toml").write_text(f'{READING}\n[access]\nrecord = "closed"\n{REASONS}', encoding="utf-8")
    assert told(archive) == []


def test_another_recording_of_the_same_sound_is_told(archive: Path) -> None:
    folder = archive / "transcripts" / "again"
    folder.mkdir()
    text = f'title = "Again"\ndate = "1963"\nmedia = "tones.wav"\nsummary = "{RUN}"\n'
    (folder / "recording.toml").write_text(text, encoding="utf-8")
    assert [each.partition(" has words")[0] for each in told(archive)] == ['again/recording.toml:4: "summary"']


def bytes_kept(archive: Path) -> bytes:
    """Give all that lies in the files of the archive's index."""
    path = Database(Archive(archive).root).path
    assert path is not None
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_nothing_of_a_recording_that_closes_something_is_kept_in_the_cache(archive: Path, runner: CliRunner) -> None:
    # A fault and advice that quote its words, and a quotation that is looked up.
    change(archive, "tones/transcript.vtt", WORDS, f"{WORDS}\n\n00:00:05.000 --> 00:00:05.000\n{WORDS}")
    change(archive, "tones/annotations.toml", "A *person*", "It says “a purple ferry at dusk”")
    arguments = ["check", "--all", "--archive", str(archive)]
    first = runner.invoke(main, arguments)
    assert "a purple ferry at dusk" in first.stdout
    assert runner.invoke(main, arguments).stdout == first.stdout
    kept = bytes_kept(archive)
    assert b"heron" not in kept
    assert b"purple ferry" not in kept
    # The same words are kept where they are open.
    change(archive, "tones/recording.toml", CLOSED, "")
    runner.invoke(main, arguments)
    assert b"purple ferry" in bytes_kept(archive)


def test_what_player_index_examines_is_kept_no_more_than_that(archive: Path, runner: CliRunner) -> None:
    rows = "SELECT name FROM examined WHERE kind = 'recording'"
    database = Database(Archive(archive).root)
    assert runner.invoke(main, ["index", "--archive", str(archive)]).exit_code == 0
    assert database.rows(rows) == []
    change(archive, "tones/recording.toml", CLOSED, "")
    assert runner.invoke(main, ["index", "--archive", str(archive)]).exit_code == 0
    assert [row["name"] for row in database.rows(rows)] == ["tones"]


@pytest.mark.parametrize(
    "written", [CLOSED, '\n[access]\nrecord = "draft"\n', '\n[withdrawal]\ndate = "2026"\n', "\nno"]
)
def test_what_was_kept_of_a_recording_goes_when_it_is_closed(archive: Path, written: str) -> None:
    root = Archive(archive).root
    kept = Kept(Database(root), root)
    text = record(archive).read_text(encoding="utf-8").replace(CLOSED, "")
    record(archive).write_text(text, encoding="utf-8")
    checking.outcome(archive, kept=kept)
    rows = "SELECT * FROM examined WHERE kind = 'recording'"
    assert len(kept.database.rows(rows)) == 1
    record(archive).write_text(text + written, encoding="utf-8")
    assert ("recording", "tones") in kept.stale(walk(Archive(archive)))
    checking.outcome(archive, kept=kept)
    assert kept.database.rows(rows) == []
    # What others point at is known all the same.
    assert ("recording", "tones") in [part for part, _ in kept.all(["recording"])]
    assert kept.ids("recording").keys() == {"tones"}
