"""What was derived from a file is kept until the file changes, and does without where it cannot be kept."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from player.audio import cache
from player.errors import AudioError

if TYPE_CHECKING:
    from pathlib import Path

#: A modification time far enough in the past, in seconds.
PAST = 1_000_000_000


class Deriving:
    """A way to derive a value that counts how often it is used."""

    def __init__(self, value: Any = "derived") -> None:
        self.value = value
        self.times = 0

    def __call__(self) -> Any:
        self.times += 1
        return self.value


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("PLAYER_CACHE", str(folder))
    return folder


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    path = tmp_path / "tape.wav"
    path.write_bytes(b"sound")
    os.utime(path, (PAST, PAST))
    return path


def entry(root: Path) -> Path:
    """Give the only file in the cache."""
    (only,) = (path for path in root.rglob("*") if path.is_file())
    return only


def elsewhere(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Move the cache's folder, so that what is in memory is not of it."""
    root.rename(root.with_name("moved"))
    monkeypatch.setenv("PLAYER_CACHE", str(root.with_name("moved")))


def test_a_value_is_derived_once(tape: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    derive = Deriving([1, "two", {"three": None}])
    for _ in range(3):
        assert cache.derived(tape, "kind-1", derive) == derive.value
    elsewhere(root, monkeypatch)
    assert cache.derived(tape, "kind-1", derive) == derive.value
    assert derive.times == 1


def test_kinds_and_files_are_kept_apart(tape: Path, root: Path) -> None:
    other = tape.with_name("other.wav")
    other.write_bytes(b"sound")
    os.utime(other, (PAST, PAST))
    values = [cache.derived(path, kind, Deriving(f"{path}{kind}")) for path in (tape, other) for kind in ("a-1", "b-1")]
    assert len(set(values)) == 4
    assert sum(path.is_file() for path in root.rglob("*")) == 4


@pytest.mark.parametrize("change", ["size", "time"])
def test_a_file_that_changed_is_derived_again(tape: Path, root: Path, change: str) -> None:
    cache.derived(tape, "kind-1", Deriving("old"))
    if change == "size":
        tape.write_bytes(b"longer sound")
    os.utime(tape, ns=(PAST * 10**9, PAST * 10**9 + (change == "time")))
    assert cache.derived(tape, "kind-1", Deriving("new")) == "new"
    assert json.loads(entry(root).read_bytes())["value"] == "new"


@pytest.mark.usefixtures("root")
def test_a_file_that_changed_a_moment_ago_is_not_trusted(tape: Path) -> None:
    os.utime(tape)
    derive = Deriving()
    cache.derived(tape, "kind-1", derive)
    cache.derived(tape, "kind-1", derive)
    assert derive.times == 2


@pytest.mark.usefixtures("root")
def test_a_file_that_changes_while_it_is_read_is_not_kept(tape: Path) -> None:
    def derive() -> str:
        tape.write_bytes(b"noise")
        return "of neither"

    cache.derived(tape, "kind-1", derive)
    os.utime(tape, (PAST, PAST))
    assert cache.derived(tape, "kind-1", Deriving("new")) == "new"


@pytest.mark.parametrize("damage", [b"", b"{", b"null", b"[]", b"{}", b'{"path": 1}', b"\xff"])
def test_a_damaged_entry_is_derived_again(
    tape: Path, root: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes
) -> None:
    cache.derived(tape, "kind-1", Deriving("old"))
    entry(root).write_bytes(damage)
    elsewhere(root, monkeypatch)
    assert cache.derived(tape, "kind-1", Deriving("new")) == "new"


def test_where_nothing_can_be_kept_the_program_goes_on_and_says_so_once(
    tape: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root.write_text("a file where the folder should be", encoding="utf-8")
    derive = Deriving()
    with caplog.at_level(logging.WARNING):
        for kind in ("a-1", "b-1", "a-1"):
            assert cache.derived(tape, kind, derive) == "derived"
    assert derive.times == 2, "what was derived is kept in memory"
    assert len(caplog.messages) == 1
    assert "cannot be kept" in caplog.text
    assert "PLAYER_CACHE" in caplog.text


def test_nothing_is_half_written(tape: Path, root: Path) -> None:
    cache.derived(tape, "kind-1", Deriving("old"))
    with pytest.raises(ValueError, match="no value"):
        cache.derived(tape, "kind-2", failing)
    assert [path.suffix for path in root.rglob("*") if path.is_file()] == [".json"]


@pytest.mark.usefixtures("root")
def test_those_who_ask_at_once_wait_for_one_answer(tape: Path) -> None:
    times = []

    def derive() -> str:
        times.append(1)
        time.sleep(0.1)
        return "derived"

    threads = [threading.Thread(target=cache.derived, args=(tape, "kind-1", derive)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(times) == 1


def test_the_folder_is_where_the_specification_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYER_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache.folder() == tmp_path / "xdg" / "tape-player"
    for nowhere in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", nowhere)
        assert cache.folder() == tmp_path / ".cache" / "tape-player"


def test_the_digest_is_the_files_sha_256(tape: Path, root: Path) -> None:
    assert cache.digest(tape) == hashlib.sha256(b"sound").hexdigest()
    assert json.loads(entry(root).read_bytes())["value"] == cache.digest(tape)


def test_a_file_that_is_not_there_is_told(tape: Path) -> None:
    with pytest.raises(AudioError, match=r"none\.wav: the file cannot be read \(No such file or directory\); put it"):
        cache.digest(tape.with_name("none.wav"))


def failing() -> Any:
    raise ValueError("no value")


def test_what_is_kept_is_given_while_something_is_derived_and_what_is_not_is_not_waited_for(
    tape: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []

    def derive() -> str:
        found.append(cache.kept(tape, "kind-1"))
        return "derived"

    cache.derived(tape, "kind-1", derive)
    assert found == [None]
    assert cache.kept(tape, "kind-1") == "derived"
    elsewhere(root, monkeypatch)
    assert cache.kept(tape, "kind-1") == "derived", "from the disk"
    tape.write_bytes(b"another sound")
    assert cache.kept(tape, "kind-1") is None
    tape.unlink()
    with pytest.raises(AudioError, match=r"tape\.wav"):
        cache.kept(tape, "kind-1")
