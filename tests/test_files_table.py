"""docs/files.md tells the truth: it is what the program prints, and its examples are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from player.archive.dossiers import Dossier
from player.archive.files import FILES, File, page
from player.archive.recording import Record
from player.archive.sets import PassageSet
from player.archive.toml.tables import read_file
from player.archive.toml.values import how_written

if TYPE_CHECKING:
    from player.archive.toml.declared import Table

ROOT = Path(__file__).resolve().parents[1]


def test_the_page_is_what_the_declarations_print() -> None:
    shown = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    assert shown == page(), "print it anew: python -m player.archive.files > docs/files.md"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_every_example_is_read(tmp_path: Path, file: File) -> None:
    path = tmp_path / "example.toml"
    path.write_text(file.example, encoding="utf-8")
    # What is no key: the names of their folders and files.
    others: dict[type[Table], dict[str, Any]] = {Record: {"slug": "x", "folder": tmp_path}}
    others |= {kind: {"slug": "x"} for kind in (Dossier, PassageSet)}
    assert read_file(path, file.table, **others.get(file.table, {})).path == path


def test_every_file_that_an_archive_reads_is_on_the_page() -> None:
    assert [Path(file.path).name for file in FILES] == [
        "archive.toml",
        *("recording.toml", "annotations.toml", "script.toml", "invitations.toml"),
        *("sources.toml", "people.toml", "chronology.toml", "<slug>.toml", "<slug>.toml"),
    ]


def test_the_page_says_how_every_value_is_written() -> None:
    text = page()
    for kind, written in how_written().items():
        assert f"- **{kind}**: {written}" in text
