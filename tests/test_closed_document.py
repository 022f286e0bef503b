"""docs/closed.md says what the program does: its tables are the program's own, and what it shows can be read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from documents import DOCUMENTS, blocks

from player.archive.archive import Archive
from player.archive.gate.declared import PARTS, STATES, Access, Closed
from player.archive.gate.names import WITHHELD

if TYPE_CHECKING:
    from pathlib import Path

    from documents import Block

    from player.archive.toml.declared import Table

DOCUMENT: Final = "docs/closed.md"
#: A page that an archivist reads to the end.
LONGEST: Final = 12_000


def choices(table: type[Table], name: str) -> list[str]:
    return [choice for key in table.keys if key.name == name for choice in key.choices]


def first_cells() -> list[str]:
    """List the names in the first column of its tables, in order; not those of their heads."""
    return re.findall(r"^\| `([^`]+)`[^|]*\|(?! *what)", DOCUMENTS[DOCUMENT], flags=re.MULTILINE)


def test_it_is_one_page() -> None:
    assert len(DOCUMENTS[DOCUMENT].encode()) <= LONGEST


def test_its_tables_have_the_parts_the_states_and_the_ways_to_open() -> None:
    opens = choices(Access, "opens")
    assert opens == choices(Closed, "opens")
    assert [name for name in first_cells() if name != "opens"] == [*PARTS, *STATES, *opens]


def test_it_names_every_key_and_every_word_that_is_written() -> None:
    text = DOCUMENTS[DOCUMENT]
    for table in (Access, Closed):
        for key in table.keys:
            assert re.search(rf"`{key.name}`|\b{key.name} =", text), key.name
            assert all(f"`{choice}`" in text for choice in key.choices), key.name
    assert f"“{WITHHELD}”" in text


@pytest.mark.parametrize(
    "block", [each for each in blocks(DOCUMENT) if each.kind == "toml"], ids=lambda each: each.line
)
def test_what_it_shows_can_be_read(archive: Path, block: Block) -> None:
    text = block.text.replace("timetable-1971", "log").replace("ferry..office", "opening..first")
    if "[[person]]" in text:
        (archive / "transcripts" / "people.toml").write_text(text, encoding="utf-8")
        assert [person.private for person in Archive(archive).people.values()] == [True]
        return
    path = archive / "transcripts" / "tones" / "recording.toml"
    text = text if text.startswith("title") else f"{path.read_text(encoding='utf-8')}\n{text}"
    path.write_text(text, encoding="utf-8")
    record = Archive(archive).record("tones")
    assert record.access or record.closed or record.speaker[-1].display_name
