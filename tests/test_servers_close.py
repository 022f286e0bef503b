"""What is closed while a server runs goes from its lists and searches, and from the bytes of its index."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from clip_server import until
from closed_words import PASSAGE, RARE, WITHDRAWN, WORD, declare, rewrite, write_words
from test_index_servers import serving

from player.index import opening

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

CHANGES = {
    "withdrawn": (WITHDRAWN, WORD),
    "a passage": (PASSAGE, WORD),
    "private": ("", "keeper of the tones"),
}


def letters(root: Path, words: str) -> list[str]:
    """Say in which files of the indexes of an archive some letters stand."""
    sought = (RARE if words == WORD else words).encode()
    found = [path for each in opening.files_of(root) for path in each.parent.glob(f"{each.name}*")]
    return [path.name for path in found if sought in path.read_bytes()]


@pytest.mark.parametrize(("table", "words"), CHANGES.values(), ids=CHANGES)
def test_what_is_closed_goes_from_a_running_server_and_from_its_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, words: str
) -> None:
    root = write_words(tmp_path / "archive")
    cache = tmp_path / "cache"
    monkeypatch.setenv("PLAYER_CACHE", str(cache))
    address = f"/search?q={quote(words)}"
    with serving(root, cache) as server:
        until(lambda: server.shows(address, "<mark>"))
        assert letters(root, words)
        if table:
            declare(root, table)
        else:
            rewrite(root / "transcripts" / "people.toml", 'id = "ada"', 'id = "ada"\nprivate = true')
        until(lambda: not server.shows(address, "<mark>"))
        # Those who read it are waited for.
        until(lambda: not letters(root, words))
    assert not letters(root, words)
