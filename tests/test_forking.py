"""Processes that share what one of them has made: they answer, and none outlives who started them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import forked_work
import pytest

from player.errors import AudioError, ProcessError
from player.files import temporary_folder
from player.forking import Forked

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="without Linux each process makes all for itself"),
]

LONG: Final = 600.0  # seconds: nobody waits for them
ASKS: Final = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
import forked_work
from player.forking import Forked
if __name__ == "__main__":
    with Forked(2, getattr(forked_work, sys.argv[2]), Path(sys.argv[1]), most=100) as there:
        list(there.answers([600.0, 600.0]))
"""


def told(what: str, folder: Path) -> Any:
    """Have something done by a program that has one thread, as this one need not have, and give what it tells."""
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, forked_work.__file__, what, str(folder)],
        env={**os.environ, "PYTHONPATH": f"{here.parent}{os.pathsep}{here}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_what_answers_is_made_once_and_several_processes_answer_with_it(tmp_path: Path) -> None:
    with Forked(2, forked_work.telling, tmp_path, most=100) as there:
        first = list(there.answers([0.2] * 6))
        again = list(there.answers([0.2] * 4))
    assert len({maker for maker, _ in first + again}) == 1
    assert len({who for _, who in first}) == 2
    assert {who for _, who in first} == {who for _, who in again}
    assert not alive(tmp_path)


def test_they_are_forked_of_who_asks_where_that_has_one_thread(tmp_path: Path) -> None:
    first, again = told("shared", tmp_path)
    assert len({maker for maker, _ in first + again}) == 1
    assert len({who for _, who in first}) == 2
    assert {who for _, who in first} == {who for _, who in again}
    assert not alive(tmp_path)


def test_others_take_their_place_when_they_have_answered_often_and_each_batch_is_answered_once(tmp_path: Path) -> None:
    with Forked(2, forked_work.numbering, tmp_path, most=6) as there:
        first = list(there.answers([*range(20)]))
        assert len(alive(tmp_path)) == 2
        again = list(there.answers([*range(20, 27)]))
    assert sorted(asked for asked, *_ in first) == [*range(20)]
    assert sorted(asked for asked, *_ in again) == [*range(20, 27)]
    often = Counter(maker for _, maker, _ in first + again)
    assert [*often.values()] == [6, 6, 6, 6, 3]
    assert max(Counter(who for *_, who in first + again).values()) <= 6
    assert not alive(tmp_path)


@pytest.mark.parametrize("when", ["made", "asked"])
def test_what_is_refused_there_is_refused_here(when: str) -> None:
    with Forked(2, forked_work.refusing, when, most=100) as there, pytest.raises(AudioError, match="is refused"):
        list(there.answers(["this", "that"]))


@pytest.mark.parametrize("who", ["leader", "other"])
def test_that_one_was_ended_from_outside_is_told_and_the_others_end(tmp_path: Path, who: str) -> None:
    with (
        Forked(2, forked_work.ending, tmp_path, most=100) as there,
        pytest.raises(ProcessError, match="ended from outside"),
    ):
        list(there.answers([who, who]))
    # Linux ends those that a leader has forked, a moment after it.
    until(lambda: not alive(tmp_path))


def test_what_those_had_that_were_killed_is_removed_by_who_next_needs_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, held = tmp_path / "who", tmp_path / "held"
    who.mkdir()
    held.mkdir()
    monkeypatch.setenv("TMPDIR", str(held))
    with Forked(2, forked_work.ending, who, most=100) as there, pytest.raises(ProcessError):
        list(there.answers(["leader", "leader"]))
    until(lambda: not alive(who))
    assert list(held.iterdir()) != []
    monkeypatch.setattr(tempfile, "tempdir", str(held))
    with temporary_folder("to be the only one") as folder:
        assert list(held.iterdir()) == [folder]


def test_whoever_leaves_ends_those_at_work(tmp_path: Path) -> None:
    with Forked(2, forked_work.telling, tmp_path, most=100) as there:
        asked = there.answers([0.0, LONG, LONG])
        next(asked)
        until(lambda: len(list(tmp_path.iterdir())) == 2)
    assert not alive(tmp_path)


def test_what_those_at_work_have_begun_ends_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who, held = tmp_path / "who", tmp_path / "held"
    who.mkdir()
    held.mkdir()
    monkeypatch.setenv("TMPDIR", str(held))
    with Forked(3, forked_work.holding, who, most=100) as there:
        asked = there.answers([0.0, LONG, LONG, LONG])
        next(asked)
        until(lambda: len(list(who.iterdir())) == 3 + 4)
        assert len(list(held.iterdir())) == 3
    assert list(held.iterdir()) == []
    assert not alive(who)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize(("work", "count"), [("telling", 2), ("preparing", 1)])
def test_they_end_in_the_midst_of_work_with_who_started_them(
    tmp_path: Path, how: signal.Signals, work: str, count: int
) -> None:
    folder = tmp_path / "who"
    folder.mkdir()
    program = tmp_path / "asks.py"
    program.write_text(ASKS, encoding="utf-8")
    here = Path(__file__).parent
    with subprocess.Popen([sys.executable, str(program), str(folder), work, str(here), str(here.parent)]) as process:
        until(lambda: len(list(folder.iterdir())) == count)
        process.send_signal(how)
        process.wait()
    until(lambda: not alive(folder))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_those_that_are_forked_end_with_who_started_them(tmp_path: Path, how: signal.Signals) -> None:
    here = Path(__file__).parent
    environ = {**os.environ, "PYTHONPATH": f"{here.parent}{os.pathsep}{here}"}
    command = [sys.executable, forked_work.__file__, "working", str(tmp_path)]
    with subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL) as process:
        until(lambda: len(list(tmp_path.iterdir())) == 2)
        process.send_signal(how)
        process.wait()
    until(lambda: not alive(tmp_path))


def test_no_connection_to_an_index_is_carried_into_those_that_are_forked(tmp_path: Path) -> None:
    open_there, generations, count = told("indexed", tmp_path)
    assert open_there == []
    assert generations == 3
    assert count == 3 + 3


def alive(folder: Path) -> list[int]:
    """Give the processes that have answered, and are still there."""
    found = []
    for each in {int(path.name.split()[0]) for path in folder.iterdir()}:
        try:
            state = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            found.append(each)
    return found


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, however slow the machine is."""
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
