"""An index on a PostgreSQL server is kept by one server at a time, says what is wrong, and gives nothing hostile on."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from index_contents import contents, fresh
from small_archive import write_archive

pytest.importorskip("psycopg")
from player.archive.archive import Archive
from player.cli import main
from player.errors import SearchError
from player.index import schema
from player.index.forgetting import forget
from player.index.index import Index
from player.index.postgres.database import PostgresDatabase
from player.index.searching import Search
from player.index.store import IndexServerError
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner
    from postgres_cluster import Cluster

pytestmark = pytest.mark.long

HOSTILE = (
    "three\0", "\\", "'", "''; DROP TABLE meta; --", "three' & !'x", "t:* | !three", "<-> three", "(three",
    "%s three", "$1",
    '"three', "\\'three\\'", "three \ud800", "\U0001d565hree", "🙂", "three" * 500,
    '"' + '" "'.join(map(str, range(300))) + '"',
)  # fmt: skip


@pytest.fixture
def there(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    """A server that keeps the index."""
    monkeypatch.setenv("PLAYER_INDEX", postgres.address)
    return postgres


def looked(root: Path) -> Index:
    index = Index.of(Archive(root))
    # Files of a moment ago are read again, until their times are settled.
    while index.look():
        pass
    return index


def kept(index: Index) -> PostgresDatabase:
    assert isinstance(index.database, PostgresDatabase)
    return index.database


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_find_what_sqlite_finds_with_them(
    archive: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def found(index: Index) -> object:
        search = Search(index)
        try:
            hits = search.find(words)
        except SearchError as error:
            return str(error)
        return [[each.pieces for each in search.lines(hits, number, 9)] for number in sorted(hits.recordings)]

    there = found(looked(archive))
    monkeypatch.delenv("PLAYER_INDEX")
    assert there == found(looked(archive))


def test_one_server_keeps_the_index_and_when_it_ends_another_does(
    archive: Path, there: Cluster, tmp_path: Path
) -> None:
    one, other = looked(archive), Index.of(Archive(archive))
    transcript = archive / "transcripts" / "tones" / "transcript.vtt"
    transcript.write_text(transcript.read_text(encoding="utf-8").replace("three.", "thirty."), encoding="utf-8")
    with one.database.elected() as is_ours:
        assert is_ours
        with other.database.elected() as is_theirs:
            assert not is_theirs
        assert other.look() == 0
        assert not Search(other).find("thirty").passages
        with pytest.raises(IndexServerError, match="a server keeps this index up to date"):
            other.rebuild()
        assert there.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "1"
    assert other.look() == 1
    assert contents(one) == contents(other) == fresh(archive, tmp_path / "fresh")
    assert there.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == "0"


def test_who_lost_the_lock_writes_no_more(archive: Path, there: Cluster) -> None:
    one, other = looked(archive), Index.of(Archive(archive))
    (archive / "transcripts" / "tones" / "annotations.toml").unlink()
    with one.database.elected():
        # At most so many milliseconds are waited until it has ended, and with it its lock.
        ended = there.ask("SELECT pg_terminate_backend(pid, 120000) FROM pg_locks WHERE locktype = 'advisory'")
        assert ended == "t"
        with other.database.elected() as is_theirs:
            assert is_theirs
            before = other.generation
            with pytest.raises(IndexServerError):
                one.look()
            assert other.generation == before
        assert one.look() == 1


def test_the_index_of_another_version_is_made_anew_and_goes_when_nobody_keeps_it(
    archive: Path, there: Cluster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = looked(archive)
    count = f"SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, '{kept(one).archive}')"  # noqa: S608  # our own
    assert there.ask(count) == "1"
    monkeypatch.setattr(schema, "fingerprint", lambda: "0123456789ab")
    with caplog.at_level(logging.WARNING):
        other = looked(archive)
    assert "made by another version of the program, and is made anew" in caplog.text
    assert len(other.recordings) == len(one.recordings) == 1
    other.database.sweep(3600)
    assert there.ask(count) == "2", "it was kept a moment ago"
    other.database.sweep(-1)
    assert there.ask(count) == "1"
    assert len(other.recordings) == 1


def test_what_is_withdrawn_is_in_no_table(archive: Path, there: Cluster) -> None:
    transcript = archive / "transcripts" / "tones" / "transcript.vtt"
    transcript.write_text(transcript.read_text(encoding="utf-8").replace("three.", "sealskin."), encoding="utf-8")
    index = looked(archive)

    def holding(words: str) -> set[str]:
        name = kept(index).schema
        tables = there.ask(f"SELECT tablename FROM pg_tables WHERE schemaname = '{name}'").split()  # noqa: S608  # our own
        sql = 'SELECT count(*) FROM "{}"."{}" AS row WHERE row::text LIKE \'%{}%\''
        return {table for table in tables if there.ask(sql.format(name, table, words)) != "0"}

    assert holding("sealskin") >= {"words", "line"}
    assert forget(archive, "tones")
    assert not forget(archive, "tones")
    assert not holding("sealskin")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://who:sesame@127.0.0.1:1/player", "PLAYER_INDEX: the server of the index: connection failed"),
        ("postgresql://who:sesame@[/player", "PLAYER_INDEX: this is no address of a PostgreSQL server; write it as"),
        ("postgresql://who:open@sesame@127.0.0.1:1/player", "PLAYER_INDEX: this is no address of a PostgreSQL server"),
        (
            "postgresql://who:sesame@\udcff/player",
            "PLAYER_INDEX: this is no address of a PostgreSQL server; write it as",
        ),
        ("sesame", "PLAYER_INDEX: this is no address of a PostgreSQL server; write it as"),
    ],
)
def test_a_server_that_is_not_there_is_told_without_its_password(
    archive: Path, runner: CliRunner, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setenv("PLAYER_INDEX", address)
    done = runner.invoke(main, ["search", "three", "--archive", str(archive)])
    assert (done.exit_code, told in done.output) == (1, True), done.output
    assert "sesame" not in done.output
    assert len(done.output.splitlines()) == 1


def test_visitors_are_told_in_words_while_no_server_has_the_index(
    archive: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PLAYER_INDEX", "postgresql://who:sesame@127.0.0.1:1/player")
    client = create_app(archive).test_client()
    for path, status in {"/": 503, "/recordings/tones": 503, "/search?q=three": 503, "/nowhere": 404}.items():
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (status, "text/html"), path
        assert status == 404 or "The server is putting its lists in order" in answer.text, path
        assert answer.headers.get("Retry-After") == ("5" if status == 503 else None), path
        assert not {"sesame", "127.0.0.1"} & set(answer.text.split()), path
    assert client.get("/api/recordings").headers["Retry-After"] == "5"
    assert "Traceback" not in caplog.text
    assert "sesame" not in caplog.text


def test_a_database_that_is_not_in_utf8_is_refused(
    archive: Path, there: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.ask("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    monkeypatch.setenv("PLAYER_INDEX", there.address.replace("/player", "/latin"))
    with pytest.raises(IndexServerError, match="the database is not in UTF-8; make one with createdb"):
        looked(archive)


def test_without_psycopg_it_is_told_what_to_install_and_nothing_of_it_is_read_by_default(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "archive")
    program = "import sys; sys.modules['psycopg'] = None\nfrom player.cli import main\nmain()"
    command = [sys.executable, "-c", program, "search", "three", "--archive", str(root)]
    environment = {"PLAYER_CACHE": str(tmp_path / "cache"), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    environment["PLAYER_INDEX"] = "postgresql://127.0.0.1/player"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "psycopg is not installed; install the extra: pip install 'tape-player[postgres]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_commands_answer_as_with_a_file(archive: Path, runner: CliRunner, there: Cluster) -> None:  # noqa: ARG001  # it keeps the index
    assert "1 recording; " in runner.invoke(main, ["index", "--archive", str(archive)]).output
    looked(archive)
    assert "1 recording; nothing has changed" in runner.invoke(main, ["index", "--archive", str(archive)]).output
    assert "1 recording; " in runner.invoke(main, ["index", "--rebuild", "--archive", str(archive)]).output
    done = runner.invoke(main, ["search", "three", "--json", "--archive", str(archive)])
    assert json.loads(done.output)
    assert runner.invoke(main, ["check", "--archive", str(archive)]).exit_code in {0, 1}
    with Index.of(Archive(archive)).database.elected():
        done = runner.invoke(main, ["index", "--archive", str(archive)])
        assert (done.exit_code, "a server keeps this index up to date" in done.output) == (0, True)
        done = runner.invoke(main, ["index", "--rebuild", "--archive", str(archive)])
        assert (done.exit_code, "a server keeps this index up to date" in done.output) == (1, True)
