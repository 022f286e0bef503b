"""Servers share an index on a primary and its hot standby: while the primary is away they read, and writing waits."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
from clip_server import LIMIT, until
from postgres_cluster import Cluster, cluster
from test_index_servers import Server

from player.archive.archive import Archive
from player.index import schema
from player.index.index import Index
from player.index.searching import Search
from player.index.store import IndexServerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long
pytest.importorskip("psycopg")


@pytest.fixture
def two() -> Iterator[tuple[Cluster, Cluster]]:
    """A primary, and a standby that follows it."""
    with cluster() as primary, cluster(primary) as standby:
        yield primary, standby


def addresses(primary: Cluster, standby: Cluster) -> dict[str, str]:
    ports = "postgresql://postgres@127.0.0.1:{},127.0.0.1:{}/player?target_session_attrs={}"
    return {
        "PLAYER_INDEX": ports.format(primary.port, standby.port, "read-write"),
        "PLAYER_INDEX_READ": ports.format(standby.port, primary.port, "prefer-standby"),
    }


@contextmanager
def serving(root: Path, cache: Path, environment: dict[str, str]) -> Iterator[tuple[Server, Path]]:
    """Start a server; give it, and the file that has what it says."""
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root)]
    said = cache.with_suffix(".said")
    with (
        said.open("w") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, "PLAYER_CACHE": str(cache), **environment},
        ) as process,
    ):
        try:
            yield Server(process), said
        finally:
            process.terminate()
            process.communicate(timeout=LIMIT)


def rewrite(root: Path, old: str, new: str) -> None:
    path = root / "transcripts" / "tones" / "transcript.vtt"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_primary_dies_readers_go_on_and_writing_waits_and_resumes_on_the_standby(
    archive: Path, tmp_path: Path, two: tuple[Cluster, Cluster]
) -> None:
    primary, standby = two
    environment = addresses(primary, standby)
    with ExitStack() as stack:
        started = [stack.enter_context(serving(archive, tmp_path / name, environment)) for name in ("one", "other")]
        servers = [server for server, _ in started]
        until(lambda: all(server.shows("/search?q=three", "1 passage") for server in servers))
        primary.stop("immediate")
        rewrite(archive, "three.", "thirty.")
        for server in servers:
            status, text = server.get("/search?q=three")
            assert (status, "1 passage" in text) == (HTTPStatus.OK, True)
            assert server.get("/people")[0] == HTTPStatus.OK
        until(lambda: any("PLAYER_INDEX: the server of the index:" in said.read_text() for _, said in started))
        assert not any(server.shows("/search?q=thirty", "1 passage") for server in servers)
        standby.promote()
        until(lambda: all(server.shows("/search?q=thirty", "1 passage") for server in servers))
        until(lambda: any("the server of the index answers again" in said.read_text() for _, said in started))
        assert not any("Traceback" in said.read_text() for _, said in started)
        assert all(server.process.poll() is None for server in servers)


def test_a_server_that_starts_while_the_primary_is_away_reads(
    archive: Path, tmp_path: Path, two: tuple[Cluster, Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    primary, standby = two
    monkeypatch.setenv("PLAYER_INDEX", primary.address)
    monkeypatch.setenv("PLAYER_INDEX_READ", standby.address)
    Index.of(Archive(archive)).look()
    primary.stop()
    with serving(archive, tmp_path / "one", {}) as (server, said):
        until(lambda: server.shows("/search?q=three", "1 passage"))
        rewrite(archive, "three.", "thirty.")
        primary.start()
        until(lambda: server.shows("/search?q=thirty", "1 passage"))
        assert "Traceback" not in said.read_text()


def test_who_only_reads_refuses_an_index_that_is_not_there_or_of_another_version(
    archive: Path, two: tuple[Cluster, Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    primary, standby = two
    monkeypatch.setenv("PLAYER_INDEX", primary.address)
    monkeypatch.setenv("PLAYER_INDEX_READ", standby.address)
    written = Index.of(Archive(archive))
    written.look()
    until(lambda: bool(standby.ask("SELECT 1 FROM pg_tables WHERE tablename = 'meta'")))

    def refused() -> str:
        reading = Index.of(Archive(archive))
        reading.database.may_lag = True
        with pytest.raises(IndexServerError) as refusal:
            Search(reading).find("three")
        return str(refusal.value)

    monkeypatch.setattr(schema, "fingerprint", lambda: "0123456789ab")
    assert "PLAYER_INDEX_READ: the index there was made by another version of the program" in refused()
    archive = archive.rename(archive.with_name("elsewhere"))
    assert "PLAYER_INDEX_READ: no index of this archive is there yet; make it: player index" in refused()


def test_a_standby_cannot_be_written_to_and_that_is_told(
    archive: Path, two: tuple[Cluster, Cluster], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_INDEX", two[1].address)
    with pytest.raises(IndexServerError, match="only follows another, and cannot be written to; name that one"):
        Index.of(Archive(archive)).look()
