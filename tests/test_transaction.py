"""Several files of an archive change as one: whatever happens, all of them have, or none."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from player.errors import ArchiveError, WriteError
from player.intake.transaction import recover, transaction

ROOT = Path(__file__).resolve().parents[1]
#: What a person sees of an archive: every path with its content.
Seen = dict[str, bytes | None]
BEFORE: Seen = {
    "media": None,
    "media/old.wav": b"sound",
    "transcripts": None,
    "transcripts/old": None,
    "transcripts/old/recording.toml": b"old",
    "transcripts/sources.toml": b"sources",
}
AFTER: Seen = {
    "media": None,
    "media/access": None,
    "media/access/new.m4a": b"copy",
    "media/new.wav": b"new sound",
    "transcripts": None,
    "transcripts/moved": None,
    "transcripts/moved/recording.toml": b"changed",
    "transcripts/new": None,
    "transcripts/new/recording.toml": b"new",
    "transcripts/sources.toml": b"more sources",
}


def seen(root: Path) -> Seen:
    paths = sorted(root.rglob("*"))
    return {path.relative_to(root).as_posix(): path.read_bytes() if path.is_file() else None for path in paths}


def make(root: Path) -> None:
    for name, text in BEFORE.items():
        path = root / name
        if text is None:
            path.mkdir(parents=True)
        else:
            path.write_bytes(text)


def change(root: Path) -> None:
    with transaction(root) as changed:
        changed.write(root / "media/new.wav", b"new sound")
        changed.write(root / "media/access/new.m4a", b"copy")
        changed.replace(root / "transcripts/old/recording.toml", b"old", b"changed")
        changed.replace(root / "transcripts/sources.toml", b"sources", b"more sources")
        folder = changed.new(root / "transcripts/new")
        folder.mkdir()
        (folder / "recording.toml").write_bytes(b"new")
        changed.move(root / "transcripts/old", root / "transcripts/moved")
        changed.remove(root / "media/old.wav")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    make(tmp_path)
    return tmp_path


def test_all_of_a_change_is_done(archive: Path) -> None:
    change(archive)
    assert seen(archive) == AFTER
    assert not recover(archive)


def test_a_change_that_fails_leaves_everything_as_it_was(archive: Path) -> None:
    def stopped() -> None:
        with transaction(archive) as changed:
            changed.write(archive / "media/access/parts/new.m4a", b"copy")
            changed.remove(archive / "media/old.wav")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert seen(archive) == BEFORE


def test_what_was_changed_meanwhile_is_not_replaced(archive: Path) -> None:
    path = archive / "transcripts/sources.toml"

    def overtaken() -> None:
        with transaction(archive) as changed:
            changed.write(archive / "media/new.wav", b"new sound")
            changed.replace(path, b"sources", b"mine")
            path.write_bytes(b"theirs")

    with pytest.raises(ArchiveError, match=r"sources\.toml: this was changed at the same time; do it again"):
        overtaken()
    assert seen(archive) == {**BEFORE, "transcripts/sources.toml": b"theirs"}


@pytest.mark.parametrize("name", ["media/old.wav", "transcripts/sources.toml"])
def test_nothing_is_written_over_what_is_there(archive: Path, name: str) -> None:
    with pytest.raises(ArchiveError), transaction(archive) as changed:
        changed.write(archive / name, b"mine")
    assert seen(archive) == BEFORE


def test_a_name_that_is_taken_is_given_to_nothing(archive: Path) -> None:
    with pytest.raises(ArchiveError, match="there is something of this name"), transaction(archive) as changed:
        changed.move(archive / "media/old.wav", archive / "transcripts/old")
    assert seen(archive) == BEFORE


def test_one_process_at_a_time_changes_an_archive(archive: Path) -> None:
    with transaction(archive):
        with pytest.raises(WriteError, match="another command is changing this archive"), transaction(archive):
            pass
        assert not recover(archive)


def test_where_nothing_can_be_written_that_is_said(archive: Path) -> None:
    (archive / "media/access").write_bytes(b"a file in the way of the folder")
    with pytest.raises(WriteError, match=r"cannot be written \(.*check that you may write there"):
        change(archive)
    assert seen(archive) == {**BEFORE, "media/access": b"a file in the way of the folder"}


def test_where_a_file_is_held_fast_it_is_said_that_the_change_holds(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace = Path.replace

    def held_fast(self: Path, target: Path) -> Path:
        if target.name == "sources.toml":
            raise PermissionError(errno.EPERM, "Operation not permitted", str(target))
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", held_fast)
        with pytest.raises(WriteError, match=r"sources\.toml: this cannot be .*; the change holds, so do not make"):
            change(archive)
        with pytest.raises(WriteError, match="the free space, and try again"):
            change(archive)
    assert recover(archive)
    assert seen(archive) == AFTER


@pytest.mark.parametrize(
    "steps",
    [
        [{"do": "remove", "path": "../victim"}],
        [{"do": "remove", "path": "media"}],
        [{"do": "remove", "path": "/etc/hostname"}],
        [{"do": "put", "path": "media/old.wav", "to": "media/../../victim"}],
        [{"do": "burn", "path": "media/old.wav"}],
        "nonsense",
    ],
)
def test_a_journal_from_elsewhere_does_nothing_outside_the_archive(archive: Path, steps: object) -> None:
    journal = archive / "transcripts/.tape-player-change.json"
    journal.write_text(json.dumps({"version": 1, "token": "0" * 16, "steps": steps}))
    with pytest.raises(ArchiveError, match="cannot be read as the journal of a change"):
        recover(archive)
    journal.unlink()
    assert seen(archive) == BEFORE


# Ends the process as `kill -9` does at one of the system's calls that change files, counted from 0.
KILLED = """
import os, sys, signal
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import test_transaction
left = int(sys.argv[4])
def count(event, _arguments):
    global left
    if event in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
test_transaction.change(test_transaction.Path(sys.argv[3]))
"""


@pytest.mark.long
def test_killed_at_any_moment_it_is_done_or_not(tmp_path: Path) -> None:
    ends = []
    for moment in range(1000):
        archive = tmp_path / str(moment)
        make(archive)
        command = [sys.executable, "-c", KILLED, str(ROOT), str(ROOT / "tests"), str(archive), str(moment)]
        code = subprocess.run(command, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}).returncode
        recover(archive)
        assert seen(archive) in (BEFORE, AFTER), moment
        ends.append(seen(archive) == AFTER)
        assert not recover(archive)
        if code == 0:
            break
    # Once it holds, it does so at every later moment.
    assert ends == sorted(ends)
    assert len(ends) > 40
    assert ends.count(False) > 10
    assert ends.count(True) > 10


@pytest.mark.parametrize("home", ["media", "transcripts"])
def test_a_folder_of_the_archive_may_be_a_link_to_another_disc(tmp_path: Path, home: str) -> None:
    root = tmp_path / "archive"
    make(root)
    (tmp_path / "disc").mkdir()
    (root / home).rename(tmp_path / "disc" / home)
    (root / home).symlink_to(tmp_path / "disc" / home)
    with transaction(root) as changed:
        changed.replace(root / "transcripts/old/recording.toml", b"old", b"changed")
        changed.replace(root / "media/old.wav", b"sound", b"other sound")
    assert (root / "transcripts/old/recording.toml").read_bytes() == b"changed"
    assert (root / "media/old.wav").read_bytes() == b"other sound"
    assert not recover(root)


def both_replaced(root: Path) -> None:
    with transaction(root) as changed:
        changed.replace(root / "transcripts/old/recording.toml", b"old", b"changed")
        changed.replace(root / "transcripts/sources.toml", b"sources", b"more sources")


def test_nothing_is_written_through_a_link_out_of_the_archive_and_the_next_change_can_be_made(tmp_path: Path) -> None:
    root, outside = tmp_path / "archive", tmp_path / "outside.toml"
    make(root)
    outside.write_bytes(b"sources")
    (root / "transcripts/sources.toml").unlink()
    (root / "transcripts/sources.toml").symlink_to(outside)
    with pytest.raises(ArchiveError, match="this link leads out of the archive; put the file itself there"):
        both_replaced(root)
    assert outside.read_bytes() == b"sources"
    assert (root / "transcripts/old/recording.toml").read_bytes() == b"old"
    with transaction(root) as changed:
        changed.replace(root / "transcripts/old/recording.toml", b"old", b"changed")
    assert (root / "transcripts/old/recording.toml").read_bytes() == b"changed"
