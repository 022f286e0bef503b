"""Nothing that is closed is in the tables of a server that keeps the index, nor comes from there at any address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from closed_archive import rewrite, secrets, shown_words, write_archive
from closed_asking import Client, walk
from closed_leaks import all_found, leaks, nameless
from closed_looking import probes, words_in
from closed_plan import Way
from test_closed_walk import quick

from player.archive.archive import Archive
from player.index.index import Index
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from postgres_cluster import Cluster

pytestmark = pytest.mark.long


@pytest.fixture
def _there(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a server keep the index."""
    monkeypatch.setenv("PLAYER_INDEX", postgres.address)


def held(index: Index) -> set[str]:
    """Give the names of all words in the rows of all tables, and of those by whose letters something is found."""
    rows = index.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'examined'")
    assert {"words", "body", "line", "recording"} <= {row["tablename"] for row in rows}
    found: set[str] = set()
    for row in rows:
        every = index.rows(f'SELECT * FROM "{row["tablename"]}"')  # noqa: S608  # a table's own name
        found |= words_in(repr(every).encode())
    named = {**secrets(), **shown_words()}.items()
    return found | {name for name, word in named if any(True for _ in index.database.bodies([[word]]))}


@pytest.mark.usefixtures("_there")
def test_what_is_closed_is_in_no_table_and_goes_from_all_when_it_is_closed(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "archive", Way.OPEN)
    index = Index.of(Archive(root))
    index.look()
    there = held(index)
    assert len(nameless(there)) > 50, "with nothing closed, all is found"
    rewrite(root, Way.CLOSED)
    index.look()
    assert nameless(held(index)) == set()
    assert "open quay line 1" in held(index)


@pytest.mark.usefixtures("_there")
def test_what_is_closed_does_not_come_from_there(tmp_path: Path) -> None:
    root = write_archive(tmp_path / "archive", Way.CLOSED)
    app = create_app(root)
    answers = walk(Client(within=app.test_client()), app.url_map, quick(app.url_map), in_all_ways=False, follows=False)
    assert leaks(answers, probes(root)) == []
    assert {"open quay line 1", "open quay line 5", "open quay variant"} <= all_found(answers, {})
    assert not [answer.status for answer in answers.values() if answer.status == 503]
