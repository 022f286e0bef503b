"""What has not changed is not examined again, and a verdict that rests on another file changes with that file."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import checking
import pytest
from index_contents import contents, fresh
from small_archive import bind
from test_checks import FAULTS, make_reading, write_lost

from player import processes
from player.archive.archive import Archive
from player.checks import examining, walking
from player.checks.kept import Kept
from player.checks.walking import walk
from player.cli import main
from player.commands.check import examiner
from player.index.database import Database
from player.index.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import CliRunner

    from player.checks.walking import Part

TONES = ("recording", "tones")
OTHER = """\
title = "Another"
date = "1963"
status = "not held"
sources = ["log"]
"""
POINTING = """\
[[annotation]]
id = "there"
kind = "event"
title = "There"
body = "As in [the log](/sources#source-log)."
sources = ["log"]
people = ["ada"]
see = ["other#first"]
"""
PEOPLE = '[[person]]\nid = "ada"\nname = "Ada"\nrole = "Singer"\nsources = ["log"]\n'
LINE = "\n\nfirst\n00:01.000 --> 00:02.000\nOne.\n"

_moments = itertools.count(1_000_000_000_000_000_001)


@pytest.fixture
def kept(archive: Path) -> Kept:
    root = Archive(archive).root
    return Kept(Database(root), root)


@pytest.fixture(autouse=True)
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as settled at once; ``write`` gives each version a time of its own."""
    monkeypatch.setattr(walking, "_TICK", 0)
    monkeypatch.setattr(walking, "_COARSE_TICK", 0)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    moment = next(_moments)
    os.utime(path, ns=(moment, moment))


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    write(path, text.replace(old, new))


def stale(archive: Path, kept: Kept) -> list[Part]:
    return kept.stale(walk(Archive(archive)))


def told(archive: Path, kept: Kept | None = None) -> tuple[list[str], list[str]]:
    found = checking.outcome(archive, kept=kept)
    return [str(each.fault) for each in found.faults], [str(each.fault) for each in found.advice]


def two_recordings(archive: Path) -> Path:
    """Add another recording and a person, both of which "tones" points at; give the folder of texts."""
    bind(archive)
    texts = archive / "transcripts"
    write(texts / "other" / "recording.toml", OTHER)
    write(texts / "other" / "transcript.vtt", f"WEBVTT{LINE}")
    write(texts / "people.toml", PEOPLE)
    write(texts / "tones" / "annotations.toml", POINTING)
    return texts


def test_what_has_not_changed_is_not_examined_again(archive: Path, kept: Kept) -> None:
    texts = two_recordings(archive)
    assert told(archive, kept) == ([], [])
    assert stale(archive, kept) == []
    assert told(archive, kept) == ([], [])
    rewrite(texts / "other" / "recording.toml", "Another", "Changed")
    assert stale(archive, kept) == [("recording", "other")]


CHANGES = [
    # a change elsewhere, and what is then told of the recording "tones", which has not changed
    (lambda texts: rewrite(texts / "people.toml", '"ada"', '"eve"'), 'no person has the id "ada"'),
    (lambda texts: (texts / "people.toml").unlink(), 'no person has the id "ada"'),
    (lambda texts: rewrite(texts / "sources.toml", 'id = "log"', 'id = "logs"'), 'no source has the id "log"'),
    (lambda texts: rewrite(texts / "other" / "transcript.vtt", "first", "second"), 'has the identifier "first"'),
    (lambda texts: (texts / "other" / "recording.toml").unlink(), 'no recording is called "other"'),
]


@pytest.mark.parametrize(("change", "words"), CHANGES)
def test_a_change_elsewhere_changes_the_verdict_of_an_unchanged_recording(
    archive: Path, kept: Kept, change: Callable[[Path], object], words: str
) -> None:
    texts = two_recordings(archive)
    assert told(archive, kept) == ([], [])
    change(texts)
    assert TONES not in stale(archive, kept)
    faults, _ = told(archive, kept)
    assert any("tones/annotations.toml:1: " in fault and words in fault for fault in faults), faults
    assert faults == told(archive)[0]


def test_a_page_that_may_no_longer_be_linked_is_told_where_it_is_linked(archive: Path, kept: Kept) -> None:
    texts = two_recordings(archive)
    rewrite(texts / "tones" / "annotations.toml", "/sources#source-log", "https://example.org/log#p2")
    rewrite(texts / "sources.toml", 'seen = "full"', 'seen = "full"\naddress = "https://example.org/log"')
    assert told(archive, kept) == ([], [])
    rewrite(texts / "sources.toml", 'seen = "full"', 'seen = "full"\nlink = false')
    assert TONES not in stale(archive, kept)
    (fault,) = told(archive, kept)[0]
    assert "links to a copy that may not be linked" in fault


def test_a_quotation_is_held_against_excerpts_that_change(archive: Path, kept: Kept) -> None:
    texts = two_recordings(archive)
    rewrite(texts / "tones" / "annotations.toml", "As in", "It says “one two three” in")
    rewrite(texts / "tones" / "annotations.toml", 'sources = ["log"]', 'sources = ["log, p. 2"]')
    assert told(archive, kept) == ([], [])
    rewrite(texts / "sources.toml", "one two three", "one two four")
    assert TONES not in stale(archive, kept)
    (fault,) = told(archive, kept)[0]
    assert "“one two three” is in no excerpt" in fault


def test_a_source_that_only_one_recording_cited_is_told_once_that_is_gone(archive: Path, kept: Kept) -> None:
    texts = two_recordings(archive)
    source = '[[source]]\nid = "diary"\nkind = "secondary"\ntitle = "A diary"\nseen = "full"\nrights = "own work"\n'
    write(texts / "sources.toml", (texts / "sources.toml").read_text(encoding="utf-8") + "\n" + source)
    rewrite(texts / "other" / "recording.toml", '["log"]', '["log", "diary"]')
    assert told(archive, kept) == ([], [])
    rewrite(texts / "other" / "recording.toml", '["log", "diary"]', '["log"]')
    (fault,) = told(archive, kept)[0]
    assert 'nothing cites the source "diary"' in fault


def test_a_reading_is_held_against_the_sources_that_it_quotes(archive: Path, kept: Kept) -> None:
    make_reading(archive)
    assert told(archive, kept)[0] == []
    rewrite(archive / "transcripts" / "sources.toml", 'rights = "US government work"', 'rights = "own work"')
    assert any("something other than a US government work" in fault for fault in told(archive, kept)[0])


def test_another_sound_in_its_place_is_noticed(archive: Path, kept: Kept) -> None:
    bind(archive)
    sound = archive / "media" / "tones.wav"
    assert told(archive, kept) == ([], [])
    content = sound.read_bytes()
    sound.write_bytes(content[:-2] + b"\1\1")
    assert stale(archive, kept) == [TONES]
    assert any("timed to a different file" in fault for fault in told(archive, kept)[0])
    sound.unlink()
    assert any("there is no file tones.wav" in fault for fault in told(archive, kept)[0])
    sound.with_name("Tones.wav").write_bytes(content)
    faults, advice = told(archive, kept)
    assert faults == []
    assert any("differ only in capitals" in each for each in advice)


def test_an_access_copy_that_comes_and_goes_is_noticed(archive: Path, kept: Kept) -> None:
    bind(archive)
    copies = archive / "media" / "access"
    assert told(archive, kept) == ([], [])
    write(copies / "tones.json", "{}")
    assert stale(archive, kept) == [TONES]
    assert told(archive, kept)[1] == told(archive)[1] != []


def test_what_may_be_otherwise_without_a_change_is_examined_again(archive: Path, kept: Kept) -> None:
    """A date that has yet to come, and a sound that could not be read this time."""
    bind(archive)
    rewrite(archive / "transcripts" / "tones" / "recording.toml", "1963-11-05", "2963-11-05")
    assert len(told(archive, kept)[0]) == 1
    assert stale(archive, kept) == [TONES]
    rewrite(archive / "transcripts" / "tones" / "recording.toml", "2963-11-05", "1963-11-05")
    write(archive / "media" / "tones.wav", "no sound")
    assert told(archive, kept)[0] != []
    assert stale(archive, kept) == [TONES]


def test_each_fault_that_comes_and_goes_is_told_as_by_a_first_check(archive: Path, kept: Kept) -> None:
    bind(archive)
    write_lost(archive)
    for name, old, new, _, words in FAULTS:
        path = archive / "transcripts" / "tones" / name
        path = path if path.exists() else archive / "transcripts" / name
        before = path.read_text(encoding="utf-8")
        rewrite(path, old, new)
        found = told(archive, kept)
        assert any(words in fault for fault in found[0])
        assert found == told(archive)
        write(path, before)
    assert told(archive, kept) == told(archive) == ([], [])


def test_a_recording_that_goes_during_a_check_is_no_longer_there(archive: Path, kept: Kept) -> None:
    texts = two_recordings(archive)
    seen = walk(Archive(archive))
    for path in (texts / "other").iterdir():
        path.unlink()
    found = examiner(Archive(archive), seen).examine(("recording", "other"))
    assert (found.faults, found.ids, found.is_lasting) == ([], None, False)
    assert any('no recording is called "other"' in fault for fault in told(archive, kept)[0])


def test_another_program_examines_anew(archive: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    bind(archive)
    told(archive, kept)
    monkeypatch.setattr(walking, "program", lambda: "another")
    assert TONES in stale(archive, kept)


def test_what_was_kept_and_is_damaged_is_found_out_again(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: CliRunner
) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    texts = two_recordings(archive)
    rewrite(texts / "people.toml", '"ada"', '"eve"')
    command = ["check", "--archive", str(archive)]
    first = runner.invoke(main, command)
    assert (first.exit_code, len(first.stdout.splitlines())) == (1, 1)
    (path,) = (tmp_path / "cache" / "index").glob("*.sqlite")
    damages = [
        ("UPDATE examined SET value = '{}'", None),
        ("UPDATE examined SET value = '[', ids = NULL", None),
        (None, b"no database"),
        (None, path.read_bytes()[:5000]),
    ]
    for sql, content in damages:
        if sql is not None:
            with sqlite3.connect(path) as connection:
                connection.execute(sql)
            connection.close()
        if content is not None:
            path.write_bytes(content)
        again = runner.invoke(main, command)
        assert (again.exit_code, again.stdout) == (first.exit_code, first.stdout)


def test_a_check_without_a_cache_finds_the_same(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: CliRunner
) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    command = ["check", "--archive", str(archive)]
    first = runner.invoke(main, command)
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    assert runner.invoke(main, command).stdout == first.stdout


def test_an_index_that_is_made_has_been_checked(archive: Path, kept: Kept, runner: CliRunner) -> None:
    two_recordings(archive)
    assert runner.invoke(main, ["index", "--archive", str(archive)]).exit_code == 0
    assert stale(archive, kept) == []
    assert told(archive, kept) == told(archive) == ([], [])


def test_pages_are_kept_that_show_nothing_of_what_was_checked(archive: Path, kept: Kept, runner: CliRunner) -> None:
    runner.invoke(main, ["index", "--archive", str(archive)])
    before = kept.database.generation
    assert told(archive) == told(archive, kept)
    rewrite(archive / "transcripts" / "tones" / "recording.toml", "Nowhere", "Somewhere")
    told(archive, kept)
    assert kept.database.generation == before


@pytest.mark.long
def test_processes_find_what_one_finds(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = two_recordings(archive)
    for number in range(50):
        write(texts / f"r{number}" / "recording.toml", OTHER + 'x = "y"\n')
    alone = told(archive)
    assert len(alone[0]) == 50
    monkeypatch.setattr(examining, "FEW", 1)
    monkeypatch.setattr(processes, "count", lambda: 3)
    assert told(archive) == alone


@pytest.mark.long
def test_an_index_that_processes_make_is_that_which_one_makes(
    archive: Path, tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch, runner: CliRunner
) -> None:
    texts = two_recordings(archive)
    for number in range(45):
        write(texts / f"r{number}" / "recording.toml", OTHER.replace("Another", f"Number {number}"))
        write(texts / f"r{number}" / "transcript.vtt", f"WEBVTT{LINE}".replace("One", f"Ada said {number}"))
    write(texts / "r7" / "recording.toml", "wrong")
    monkeypatch.setattr(examining, "FEW", 1)
    monkeypatch.setattr(processes, "count", lambda: 3)
    result = runner.invoke(main, ["index", "--archive", str(archive)])
    assert "46 recordings, and 1 that visitors do not see; " in result.stdout
    assert contents(Index.of(Archive(archive))) == fresh(archive, tmp_path / "fresh")
    assert told(archive, kept) == told(archive)


@pytest.mark.long
@pytest.mark.parametrize("command", ["check", "index"])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_what_ends_the_command_ends_all_its_processes(
    archive: Path, tmp_path: Path, command: str, ending: signal.Signals
) -> None:
    for number in range(400):
        folder = archive / "transcripts" / f"r{number}"
        write(folder / "recording.toml", OTHER)
        write(folder / "transcript.vtt", "WEBVTT" + LINE.replace("first\n", "") * 400)
    words = [sys.executable, "-m", "player", command, "--archive", str(archive)]
    environment = {**os.environ, "PLAYER_CACHE": str(tmp_path / "cache")}
    process = subprocess.Popen(
        words, env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    kept = tmp_path / "cache" / "index"
    while not (list(kept.glob("*.sqlite")) and _count(next(kept.glob("*.sqlite")))):
        assert process.poll() is None, process.communicate()
    # Ctrl-C reaches all processes of a terminal; other signals that one which the user knows of.
    (os.killpg if ending is signal.SIGINT else os.kill)(process.pid, ending)
    out, err = process.communicate(timeout=60)
    assert process.returncode == {signal.SIGINT: 1, signal.SIGTERM: 143, signal.SIGKILL: -9}[ending]
    assert "Traceback" not in out + err
    patience = time.monotonic() + 60  # what watches over the processes ends after them
    while _is_there(process.pid):
        assert time.monotonic() < patience


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _count(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM examined").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
