"""A recording that is withdrawn, in an archive with a cache of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from closings import write_closed

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.errors import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

REASON: Final = 'She asked for it: "all of it" <b>'


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_closed(tmp_path / "archive")


def is_hidden(root: Path) -> bool:
    try:
        Archive(root, Audience.VISITORS).record("tones")
    except NotFoundError:
        return True
    return False
