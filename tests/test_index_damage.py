"""Whatever lies where the index should be, it is made again, which the log says, and shows what a new one would."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest
from bench.many import Many, write_archive
from index_contents import contents, fresh

from player.archive.archive import Archive
from player.index.index import Index
from player.index.store import DamagedIndexError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW: Final = Many(recordings=4, lines=40, notes=3, beside=5)
PAGE: Final = 4096


def cut_to(size: int) -> Callable[[Path], object]:
    return lambda path: os.truncate(path, size)


def with_bytes(at: int, content: bytes) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(content)

    return write


def by_sql(*statements: str) -> Callable[[Path], object]:
    def run(path: Path) -> None:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return run


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "mine").touch()


def a_foreign_database(path: Path) -> None:
    path.unlink()
    by_sql("CREATE TABLE meta (name TEXT PRIMARY KEY, value)", "CREATE TABLE unit (mine TEXT)")(path)


def every_third_page_with_zeros(path: Path) -> None:
    for page in range(2, path.stat().st_size // PAGE, 3):
        with_bytes(page * PAGE, bytes(PAGE))(path)


def half_of_the_pages_mixed_up(path: Path) -> None:
    content = path.read_bytes()
    pages = [content[at : at + PAGE] for at in range(0, len(content), PAGE)]
    later = pages[len(pages) // 2 :]
    random.Random(1963).shuffle(later)  # noqa: S311  # the same each time, not a secret
    path.write_bytes(b"".join([*pages[: len(pages) // 2], *later]))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "empty": cut_to(0),
    "a hundred bytes of it": cut_to(100),
    "a page of it": cut_to(PAGE),
    "half of it": lambda path: os.truncate(path, path.stat().st_size // 2),
    "all but a byte of it": lambda path: os.truncate(path, path.stat().st_size - 1),
    "a text": lambda path: path.write_text("These are notes about the index.\n" * 500, encoding="utf-8"),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "noise": lambda path: path.write_bytes(random.Random(1963).randbytes(50_000)),  # noqa: S311  # as above
    "a head that is none": with_bytes(0, b"SQLite format 4\0"),
    "a head with zeros": with_bytes(16, bytes(84)),
    "a first page with zeros": with_bytes(100, bytes(PAGE - 100)),
    "every third page with zeros": every_third_page_with_zeros,
    "pages mixed up": half_of_the_pages_mixed_up,
    "another program's": a_foreign_database,
    "no table of lines": by_sql("DROP TABLE line"),
    "no index of words": by_sql("DROP TABLE words"),
    "another column": by_sql("ALTER TABLE recording RENAME COLUMN card TO postcard"),
    "a folder": a_folder,
}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_archive(tmp_path_factory.mktemp("many") / "few", FEW)


@pytest.fixture(scope="module")
def whole(few: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    return fresh(few, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def kept(few: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache in which the archive is indexed, in one file: nothing has it open."""
    folder = tmp_path_factory.mktemp("kept")
    fresh(few, folder)
    connection = sqlite3.connect(_file(folder))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder


@pytest.fixture
def cache(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, this test's own."""
    folder = shutil.copytree(kept, tmp_path / "cache")
    monkeypatch.setenv("PLAYER_CACHE", str(folder))
    return folder


def _file(cache: Path) -> Path:
    (path,) = (cache / "index").glob("*.sqlite")
    return path


@pytest.mark.sampled(6)
@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_made_again(
    few: Path, whole: dict[str, list[str]], cache: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    path = _file(cache)
    DAMAGE[damage](path)
    index = Index.of(Archive(few))
    index.look()
    _read_all(index)  # which may find what looking did not
    index.look()
    assert contents(index) == whole
    said = [record.getMessage() for record in caplog.records if record.name.startswith("player.index")]
    if damage != "all but a byte of it":  # which nothing may miss
        assert len(said) == (damage not in {"gone", "empty"}), said
    # It is whole from now on, for others too.
    again = Index.of(Archive(few))
    assert again.look() == 0 or damage == "a folder"
    assert contents(again) == whole


@pytest.mark.long
@pytest.mark.parametrize("beside", ["-wal", "-shm", "-journal"])
def test_rubbish_beside_it_does_no_harm(few: Path, whole: dict[str, list[str]], cache: Path, beside: str) -> None:
    path = _file(cache)
    path.with_name(path.name + beside).write_bytes(random.Random(1963).randbytes(40_000))  # noqa: S311  # as above
    index = Index.of(Archive(few))
    index.look()
    assert contents(index) == whole


@pytest.mark.sampled(6)
@pytest.mark.long
@pytest.mark.parametrize("damage", [name for name in DAMAGE if name != "a folder"])
def test_one_that_is_damaged_while_it_is_in_use_is_made_again(
    few: Path, whole: dict[str, list[str]], cache: Path, damage: str
) -> None:
    """SQLite may not see at once what another program has done to the file; what it then reads is right, or refused."""
    index = Index.of(Archive(few))
    index.look()
    DAMAGE[damage](_file(cache))
    for _ in range(3):
        index.look()
        _read_all(index)
    # A server that is started now meets what there is.
    again = Index.of(Archive(few))
    again.look()
    assert contents(again) == whole
    index.look()
    assert contents(index) == whole


HOLDER: Final = """\
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM unit").fetchone()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.long
def test_one_that_is_emptied_while_another_process_has_it_open_is_made_again(
    few: Path, whole: dict[str, list[str]], cache: Path
) -> None:
    path = _file(cache)
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        path.with_name(path.name + "-wal").touch()
        os.truncate(path, 0)
        index = Index.of(Archive(few))
        index.look()
        assert not index.database.is_in_memory
        assert contents(index) == whole
        holder.communicate("")


@pytest.mark.long
def test_a_bit_that_flips_anywhere_ends_in_no_traceback(few: Path, cache: Path) -> None:
    """SQLite keeps no checksums, so a letter may have become another; but whatever is there can be read."""
    chance = random.Random(1963)  # noqa: S311  # as above
    path = _file(cache)
    before = path.read_bytes()
    for number in range(300):
        # Of three, one is in what SQLite says of a page, where most is at stake.
        page = chance.randrange(len(before) // PAGE) * PAGE
        at = page + (number % 40 if number % 3 == 0 else chance.randrange(PAGE))
        flipped = bytes([before[at] ^ 1 << chance.randrange(8)])
        shutil.rmtree(path.parent)
        path.parent.mkdir()
        path.write_bytes(before[:at] + flipped + before[at + 1 :])
        index = Index.of(Archive(few))
        index.look()
        _read_all(index)


def _read_all(index: Index) -> None:
    """Read what pages read. Where damage is met that is refused in words, and the next look makes it good."""
    with suppress(DamagedIndexError):
        for held in (index.recordings, index.people, index.sources, index.entries, index.dossiers):
            for name in held:
                held.get(name)
        for table in ("line", "note", "statement", "body"):
            index.rows(f"SELECT * FROM {table}")  # noqa: S608  # these four
        index.rows("SELECT rowid FROM words WHERE words MATCH ?", '"the"')
