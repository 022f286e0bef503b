"""What was derived from a file is kept until the file changes, and does without where it cannot be kept."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from player.audio import cache
from player.errors import AudioError
from player.roots import cache_folder
from player.stamp import Stamp

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


@pytest.mark.parametrize("moment", [-(10**9), 0, 2 * 10**9, 10**10], ids=["1938", "1970", "2033", "2286"])
def test_a_file_whose_clock_was_wrong_is_derived_once(tape: Path, root: Path, moment: int) -> None:
    os.utime(tape, (moment, moment))
    assert tape.stat().st_mtime == moment
    derive = Deriving()
    for _ in range(2):
        cache.derived(tape, "kind-1", derive)
    assert derive.times == 1
    assert json.loads(entry(root).read_bytes())["value"] == "derived"


def test_a_file_rewritten_in_its_middle_with_its_size_and_time_put_back_is_derived_again(
    tape: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape.write_bytes(bytes(100_000))
    os.utime(tape, (PAST, PAST))
    cache.derived(tape, "kind-1", Deriving("old"))
    with tape.open("r+b") as file:
        file.seek(50_000)
        file.write(b"other")
    os.utime(tape, (PAST, PAST))
    elsewhere(root, monkeypatch)
    assert cache.derived(tape, "kind-1", Deriving("new")) == "new"


@pytest.mark.usefixtures("root")
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for what in (tmp_path / "pipe.wav", tmp_path, Path("/dev/zero")):
        with pytest.raises(AudioError, match=r"the file cannot be read \(it is (a folder|a pipe or a device)"):
            cache.digest(what)


def test_a_pipe_in_the_place_of_an_entry_is_not_waited_for(
    tape: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.derived(tape, "kind-1", Deriving("old"))
    place = entry(root)
    place.unlink()
    os.mkfifo(place)
    elsewhere(root, monkeypatch)
    assert cache.derived(tape, "kind-1", Deriving("new")) == "new"
    assert json.loads(entry(root.with_name("moved")).read_bytes())["value"] == "new"


@pytest.mark.parametrize("damage", [b"[" * 100_000, b"", b"{", b"null", b"[]", b"{}", b'{"path": 1}', b"\xff"])
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
    assert "cannot be cached" in caplog.text
    assert "PLAYER_CACHE" in caplog.text


def test_nothing_is_half_written(tape: Path, root: Path) -> None:
    cache.derived(tape, "kind-1", Deriving("old"))
    with pytest.raises(ValueError, match="no value"):
        cache.derived(tape, "kind-2", failing)
    assert [path.suffix for path in root.rglob("*") if path.is_file()] == [".json"]


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("outcome", ["derived", AudioError("broken")])
def test_those_who_ask_at_once_wait_for_one_answer_or_one_refusal(
    tape: Path, monkeypatch: pytest.MonkeyPatch, outcome: object, *, is_kept: bool
) -> None:
    """Also where the file is so young that nothing of it is kept."""
    monkeypatch.setattr(Stamp, "is_settled", is_kept)
    gate = threading.Event()
    times, answers = [], []

    def derive() -> object:
        times.append(1)
        assert gate.wait(60)
        if isinstance(outcome, AudioError):
            raise outcome
        return outcome

    def ask() -> None:
        try:
            answers.append(cache.derived(tape, "kind-1", derive))
        except AudioError as refusal:
            answers.append(refusal)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    while waiting_in(cache.derived) < 4:
        time.sleep(0.05)
    gate.set()
    for thread in threads:
        thread.join()
    assert len(times) == 1
    assert answers == [outcome] * 5


def test_the_folder_is_where_the_specification_puts_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYER_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "tape-player"
    for nowhere in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", nowhere)
        assert cache_folder() == tmp_path / ".cache" / "tape-player"


def test_the_digest_is_the_files_sha_256(tape: Path, root: Path) -> None:
    assert cache.digest(tape) == hashlib.sha256(b"sound").hexdigest()
    assert json.loads(entry(root).read_bytes())["value"] == cache.digest(tape)


def test_a_file_that_is_not_there_is_told(tape: Path) -> None:
    with pytest.raises(
        AudioError, match=r"none\.wav: the file cannot be read \(no such file or directory\); check that it"
    ):
        cache.digest(tape.with_name("none.wav"))


@pytest.mark.usefixtures("root")
def test_what_took_long_to_fail_is_let_be_until_the_file_changes_or_some_minutes_have_passed(
    tape: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tape of ten hours whose last minute is torn is decoded to there, and who asks next need not wait for that."""
    now = 0.0
    times = []

    def torn() -> None:
        nonlocal now
        times.append(1)
        now += 60
        raise AudioError("torn")

    monkeypatch.setattr(time, "monotonic", lambda: now)
    for _ in range(3):
        with pytest.raises(AudioError, match="torn"):
            cache.derived(tape, "kind-1", torn)
    assert len(times) == 1
    now += 600
    with pytest.raises(AudioError, match="torn"):
        cache.derived(tape, "kind-1", torn)
    assert len(times) == 2
    tape.write_bytes(b"mended")
    assert cache.derived(tape, "kind-1", Deriving("whole")) == "whole"


@pytest.mark.usefixtures("root")
def test_what_failed_at_once_is_tried_again(tape: Path) -> None:
    def missing() -> None:
        raise AudioError("no ffmpeg")

    with pytest.raises(AudioError, match="no ffmpeg"):
        cache.derived(tape, "kind-1", missing)
    assert cache.derived(tape, "kind-1", Deriving("there")) == "there"


def waiting_in(function: Any) -> int:
    """Count the threads that are in a function, and in nothing that it calls."""
    frames = sys._current_frames().values()  # noqa: SLF001  # the standard library's own name for it
    return sum(frame.f_code is function.__code__ for frame in frames)


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
