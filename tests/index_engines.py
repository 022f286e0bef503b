"""What keeps the index: each test that asks for ``engine`` is run with SQLite, and as a long one with PostgreSQL."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from postgres_cluster import Cluster, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.long))


def pytest_configure() -> None:
    """Keep the user's own index out of the tests."""
    for name in ("PLAYER_INDEX", "PLAYER_INDEX_READ"):
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server, for all tests of this process."""
    pytest.importorskip("psycopg")
    with cluster() as made:
        yield made


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let the index be kept by each of the two, one after the other."""
    if request.param == "sqlite":
        yield request.param
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYER_INDEX", request.getfixturevalue("postgres").address)
        yield request.param
