"""What may not be shown is not in the index: not in its rows, nor in the bytes of its file, and it goes at once."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import checking
import pytest
from closed_words import (
    DRAFT,
    PASSAGE,
    WITHDRAWN,
    WORD,
    bytes_of,
    declare,
    found,
    lines,
    people,
    rewrite,
    settle,
    write_words,
)
from index_contents import contents, fresh

from player.archive.archive import Archive
from player.archive.gate.clock import Clock
from player.archive.gate.shown import Audience
from player.checks.kept import Kept
from player.index import forgetting, lists, mentions, opening
from player.index.index import Index
from player.index.reading import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from player.index.looking import Look, Unit
    from player.index.reading import Write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_words(tmp_path / "archive")


@pytest.fixture
def index(root: Path) -> Index:
    index = Index.of(Archive(root))
    index.look()
    return index


CLOSED = {
    "withdrawn": WITHDRAWN,
    "a draft": DRAFT,
    "closed for a while": '\n[access]\nrecord = "closed"\nuntil = "2999"\n',
    "on request": '\n[access]\nrecord = "on request"\nreason = "Write to us."\n',
    "unreadable": "\nsubstance = 3 : 4\n",
}


@pytest.mark.parametrize("table", CLOSED.values(), ids=CLOSED)
def test_of_a_recording_that_is_not_shown_nothing_is_left_but_that_there_is_one(
    root: Path, index: Index, tmp_path: Path, table: str
) -> None:
    assert bytes_of(index)
    assert len(found(index)) == 2
    declare(root, table)
    index.look()
    assert bytes_of(index) == {}
    assert found(index) == []
    assert "sealed" not in dict(index.recordings)
    left = {name for name, rows in contents(index).items() if any("sealed" in row for row in rows)}
    # An entry and a dossier may point at it, as they do in files that are open.
    assert left == {"unit"}
    assert contents(index) == fresh(root, tmp_path / "anew")


@pytest.mark.parametrize("table", [PASSAGE, WITHDRAWN, DRAFT, "\nno"])
def test_what_a_check_has_kept_of_it_goes_too(root: Path, index: Index, table: str) -> None:
    notes = root / "transcripts" / "sealed" / "annotations.toml"
    rewrite(notes, f'body = "A {WORD}."', f'body = "A {WORD}, “an unheard oddity”."')
    index.look()
    # That the words quoted are in no source is a fault, which quotes them.
    checking.outcome(root, kept=Kept(index.database, root))
    assert any("unheard oddity" in row["value"] for row in index.rows("SELECT value FROM examined"))
    declare(root, table)
    index.look()
    assert bytes_of(index) == bytes_of(index, "unheard oddity") == {}


def test_what_a_check_has_kept_goes_when_a_name_becomes_private(root: Path, index: Index) -> None:
    checking.outcome(root, kept=Kept(index.database, root))
    assert index.rows("SELECT 1 FROM examined")
    rewrite(root / "transcripts" / "people.toml", 'id = "ada"', 'id = "ada"\nprivate = true')
    index.look()
    assert index.rows("SELECT 1 FROM examined") == []


def test_closed_lines_are_replaced_and_nothing_else_is(root: Path, index: Index, tmp_path: Path) -> None:
    added = index.rows("SELECT added FROM recording WHERE slug = 'sealed'")[0]["added"]
    declare(root, PASSAGE)
    index.look()
    assert bytes_of(index) == {}
    assert index.moment("sealed", "two") is None
    assert index.moment("sealed", "note-told") is None
    assert index.moment("sealed", "three") is not None
    assert lines(index) == ["An open line.", "[closed until 2999]", "And an open end."]
    assert index.recordings["sealed"].access == "closed in part"
    # The newest of the list would be the one of which something was closed last.
    assert index.rows("SELECT added FROM recording WHERE slug = 'sealed'")[0]["added"] == added
    assert contents(index) == fresh(root, tmp_path / "anew")


def test_what_is_published_is_new_in_lists_from_that_day_on(root: Path) -> None:
    declare(root, DRAFT)
    index = Index.of(Archive(root))
    index.look()
    assert list(index.recordings) == ["tones"]
    assert bytes_of(index) == {}
    rewrite(root / "transcripts" / "sealed" / "recording.toml", '"draft"', '"open"')
    index.look()
    newest = lists.cards_of(index, lists.shelf(index, {}, "added").numbers)
    assert [card.slug for card in newest] == ["sealed", "tones"]


def test_editors_see_drafts_in_an_index_of_their_own(root: Path) -> None:
    declare(root, DRAFT)
    visitors, editors = (Index.of(Archive(root, each)) for each in (Audience.OWNERS, Audience.EDITORS))
    for each in (visitors, editors):
        each.look()
    assert visitors.database.path is not None
    assert editors.database.path is not None
    assert editors.database.path.name.endswith("-drafts.sqlite")
    assert editors.database.path.stat().st_mode & 0o077 == 0
    assert (found(visitors), len(found(editors))) == ([], 2)
    assert (bytes_of(visitors), bool(bytes_of(editors))) == ({}, True)
    assert editors.recordings["sealed"].access == "draft"
    # What is withdrawn is gone from theirs too, though no server follows it; one that has just begun will see to it.
    opening.remove_idle(visitors.database.path)
    assert editors.database.path.exists()
    os.utime(f"{editors.database.path}-shm", (1_000_000_000, 1_000_000_000))
    declare(root, WITHDRAWN, "tones")
    visitors.look()
    assert not editors.database.path.exists()


def test_an_index_that_is_opened_again_in_a_process_is_not_cleared_away_by_another(root: Path) -> None:
    editors = Index.of(Archive(root, Audience.EDITORS))
    editors.look()
    path = editors.database.path
    assert path is not None
    opening.open_file(path).close()  # as each thread of a server does
    other = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM unit').connection.close()"
    subprocess.run([sys.executable, "-c", other, path], check=True)
    assert path.with_name(f"{path.name}-wal").exists()


def test_a_recording_opens_on_the_day_after_its_last(root: Path, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(root, '\n[access]\nrecord = "closed"\nuntil = "2030-05"\nopens = "by itself"\n')
    declare(root, '\n[[closed]]\ncue = "last"\nuntil = "2030-06"\nopens = "by itself"\n', "tones")
    monkeypatch.setattr(Clock, "day", lambda _: dt.date(2030, 5, 31))
    settle(root, index)
    assert (list(index.recordings), index.look()) == (["tones"], 0)
    monkeypatch.setattr(Clock, "day", lambda _: dt.date(2030, 6, 1))
    assert index.look() == 2
    assert list(index.recordings) == ["sealed", "tones"]
    assert index.recordings["tones"].access == "closed in part"
    assert index.look() == 0
    monkeypatch.setattr(Clock, "day", lambda _: dt.date(2030, 7, 1))
    assert index.look() > 0
    assert index.recordings["tones"].access is None
    assert "The end." in lines(index, "tones")


class _Killed(BaseException):
    """The process was killed."""


def test_what_is_closed_is_out_before_anything_is_read(
    root: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(root, WITHDRAWN)
    for name in ("people.toml", "sources.toml"):
        rewrite(root / "transcripts" / name, "log", "log")
    assert "sealed" in dict(index.recordings)

    def killed(_: Reader, _unit: Unit, _seen: Look) -> Write:
        raise _Killed

    monkeypatch.setattr(Reader, "read", killed)
    with pytest.raises(_Killed):
        index.look()
    assert list(index.recordings) == ["tones"]
    assert found(index) == []
    monkeypatch.undo()
    index.look()
    assert bytes_of(index) == {}


def test_what_is_closed_while_much_is_read_does_not_wait_for_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("player.index.index.OFTEN", 0)
    monkeypatch.setattr("player.index.index.SHARE", float("inf"))
    monkeypatch.setattr("player.index.reading._BATCH", 1)
    index = Index.of(Archive(root))
    index.look()
    rest = root / "transcripts" / "zebra"
    rest.mkdir()
    record = (root / "transcripts" / "tones" / "recording.toml").read_text(encoding="utf-8")
    (rest / "recording.toml").write_text(record, encoding="utf-8")
    declare(root, "\n# Changed.\n", "tones")
    there: list[str] = []

    def read(reader: Reader, unit: Unit, seen: Look) -> Write:
        if unit == ("recording", "tones"):
            declare(root, WITHDRAWN)
        if unit == ("recording", "zebra"):
            there.extend(index.recordings)
        return reading(reader, unit, seen)

    reading = Reader.read
    monkeypatch.setattr(Reader, "read", read)
    index.look()
    assert there == ["tones"]


PRIVATE = {
    "private": ('id = "ada"', 'id = "ada"\nprivate = true'),
    "private, by another name": ('id = "ada"', 'id = "ada"\nprivate = true\ndisplay_name = "The keeper"'),
    "in a file that cannot be read": ('id = "ada"', 'id = "ada"\nprivate = yes'),
}


@pytest.mark.parametrize(("old", "new"), PRIVATE.values(), ids=PRIVATE)
def test_a_name_that_becomes_private_is_nowhere_at_once(
    root: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    for slug in ("tones", "sealed"):
        record = root / "transcripts" / slug / "recording.toml"
        rewrite(record, 'name = "Ada"', 'name = "Ada"\nperson = "ada"')
    index.look()
    assert "ada" in people(index)
    assert mentions.groups(index, "person", "ada")
    rewrite(root / "transcripts" / "people.toml", old, new)
    read: list[Unit] = []

    def killed(reader: Reader, unit: Unit, seen: Look) -> Write:
        if unit != ("people", ""):
            raise _Killed
        read.append(unit)
        return reading(reader, unit, seen)

    reading = Reader.read
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "read", killed)
        with pytest.raises(_Killed):
            index.look()
    # Before any recording has been read again.
    assert read == [("people", "")]
    assert "ada" not in people(index)
    assert "Ada" not in {name for card in index.recordings.values() for name in card.speakers}
    assert not index.is_whole
    index.look()
    assert "ada" not in people(index)
    assert {name for card in index.recordings.values() for name in card.speakers} & {"Ada", "Ada Lovelace"} == set()
    assert sorted(index.recordings) == ["sealed", "tones"]
    assert mentions.groups(index, "person", "ada") == []
    assert bytes_of(index, "1815-12-10") == {}
    assert bytes_of(index, "keeper of the tones") == {}
    assert contents(index) == fresh(root, tmp_path / "anew")
    # And back again.
    rewrite(root / "transcripts" / "people.toml", new, old)
    index.look()
    assert "ada" in people(index)
    assert contents(index) == fresh(root, tmp_path / "again")


def test_another_name_is_shown_at_once(root: Path, index: Index) -> None:
    people_file = root / "transcripts" / "people.toml"
    for slug in ("tones", "sealed"):
        rewrite(root / "transcripts" / slug / "recording.toml", 'name = "Ada"', 'name = "Ada"\nperson = "ada"')
    rewrite(people_file, 'id = "ada"', 'id = "ada"\nprivate = true\ndisplay_name = "The keeper"')
    index.look()
    assert [card.speakers[0] for card in index.recordings.values()] == ["The keeper", "The keeper"]
    rewrite(people_file, "The keeper", "A voice")
    index.look()
    assert [card.speakers[0] for card in index.recordings.values()] == ["A voice", "A voice"]
    assert bytes_of(index, "The keeper") == {}


def test_a_recording_can_be_forgotten_while_others_use_the_index(root: Path, index: Index) -> None:
    declare(root, WITHDRAWN)
    other = Index.of(Archive(root))
    assert found(other)
    assert forgetting.forget(root, "sealed")
    assert bytes_of(index) == {}
    assert list(other.recordings) == ["tones"]
    assert found(other) == []
    assert not forgetting.forget(root, "sealed")
    assert not forgetting.forget(root, "never there")
    index.look()
    assert bytes_of(index) == {}


def test_forgetting_begins_no_index_and_removes_those_of_other_versions(root: Path) -> None:
    assert not forgetting.forget(root, "sealed")
    path = opening.place(root)
    assert path is not None
    assert not path.exists()
    Index.of(Archive(root)).look()
    old = path.with_name(path.name.replace(path.stem[-12:], "0" * 12))
    path.rename(old)
    assert forgetting.forget(root, "sealed")
    assert not old.exists()


def test_words_that_a_reader_still_sees_are_overwritten_later(
    root: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.index.database._READERS", 0)
    reader = Index.of(Archive(root))
    reading = reader.database.each("SELECT text FROM line UNION ALL SELECT text FROM note")
    next(reading)
    declare(root, WITHDRAWN)
    settle(root, index)
    assert list(index.recordings) == ["tones"]
    assert bytes_of(index)
    for _ in reading:
        pass
    assert index.look() == 0
    assert bytes_of(index) == {}


@pytest.mark.usefixtures("index")
def test_a_server_of_many_recordings_begins_with_none_that_was_closed_meanwhile(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("player.index.index._FEW", 0)
    declare(root, WITHDRAWN)
    rewrite(root / "transcripts" / "people.toml", 'id = "ada"', 'id = "ada"\nprivate = true')
    starting = Index.of(Archive(root))
    assert "sealed" in starting.recordings
    starting.look_if_small()
    assert "sealed" not in starting.recordings
    assert "ada" not in people(starting)


def test_between_looks_that_take_long_records_are_looked_at(
    root: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(root, index)
    monkeypatch.setattr(index, "_next_look", float("inf"))
    monkeypatch.setattr(index, "_next_glance", 0.0)
    declare(root, PASSAGE)
    rewrite(root / "transcripts" / "tones" / "recording.toml", "A tape of tones", "Called anew")
    index.keep_current()
    assert "[closed until 2999]" in lines(index)
    assert bytes_of(index) == {}
    assert index.recordings["tones"].title == "A tape of tones"
