"""A process that is killed while it writes the index leaves one that is right as far as it goes, and can go on."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Final

import pytest
from bench.many import Many, slug, write_archive
from clip_server import LIMIT
from drawing import drawn
from index_contents import Contents, contents, fresh

from player.archive.archive import Archive
from player.index.index import Index

if TYPE_CHECKING:
    from pathlib import Path

FEW: Final = Many(recordings=4, lines=8, notes=2, beside=4)
# Counts what SQLite is told to do, and at one of these is killed as by a machine that has no memory left: in the middle
# of what it does, and without a chance to tidy up.
_COUNTED: Final = """
    import os, signal, sqlite3, sys
    from pathlib import Path
    from player.archive.archive import Archive
    from player.index.index import Index

    last, told = int(sys.argv[2]), 0

    def count(statement):
        global told
        told += 1
        if told == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(*arguments, **options):
        connection = connect(*arguments, **options)
        connection.set_trace_callback(count)
        return connection

    connect, sqlite3.connect = sqlite3.connect, watched
    Index.of(Archive(Path(sys.argv[1]))).look()
    print(told)
"""


def run(root: Path, last: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(_COUNTED), str(root), str(last)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("many") / "few", FEW)


@pytest.mark.sampled
@pytest.mark.long
def test_one_that_is_killed_anywhere_in_its_first_writing_leaves_what_the_next_finishes(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fresh(few, tmp_path / "fresh")
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "counted"))
    done = run(few)
    assert done.returncode == 0, done.stderr
    statements = int(done.stdout)
    assert statements > 50
    # The first ones make the file, and the last ones finish it.
    points = {*range(1, 30), *range(30, statements, statements // 15), *range(statements - 8, statements + 1)}
    for last in drawn(sorted(points), 12):
        monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / f"cache-{last}"))
        assert run(few, last).returncode == -signal.SIGKILL, last
        index = Index.of(Archive(few))
        _holds_no_halves(index, last)
        index.look()
        assert contents(index) == whole, last


@pytest.mark.long
def test_one_that_is_killed_while_it_writes_a_change_leaves_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_archive(tmp_path / "few", FEW)
    path = root / "transcripts" / slug(0) / "transcript.vtt"
    old = path.read_text(encoding="utf-8")
    whole: dict[str, Contents] = {}
    for text in (old, old.replace(".\n", " again.\n")):
        path.write_text(text, encoding="utf-8")
        whole[text] = fresh(root, tmp_path / f"fresh-{len(whole)}")
    seen = set()
    for last in (*range(1, 10), *range(10, 1000, 5)):
        monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / f"cache-{last}"))
        path.write_text(old, encoding="utf-8")
        Index.of(Archive(root)).look()
        path.write_text(old.replace(".\n", " again.\n"), encoding="utf-8")
        done = run(root, last)
        index = Index.of(Archive(root))
        found = contents(index)
        assert found in whole.values(), last
        seen.add(str(found))
        index.look()
        assert contents(index) == whole[path.read_text(encoding="utf-8")], last
        if done.returncode == 0:  # it needed fewer statements
            break
        assert done.returncode == -signal.SIGKILL, (last, done.stderr)
    assert len(seen) == len(whole), "killed before the change was written, and after it"


def _holds_no_halves(index: Index, last: int) -> None:
    """See to it that every recording that is there is there with all its lines and notes."""
    for row in index.rows(
        "SELECT slug, (SELECT count(*) FROM line WHERE recording = recording.id) AS lines,"
        " (SELECT count(*) FROM note WHERE recording = recording.id) AS notes FROM recording"
    ):
        assert (row["lines"], row["notes"]) == (FEW.lines, FEW.notes), (last, row["slug"])
