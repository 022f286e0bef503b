"""A key is declared once, on the field that it fills: reading, checks, statements and docs/files.md follow from it."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from typing import TYPE_CHECKING, Any

import pytest

from player.archive import files
from player.archive.references import Citation, Pointer
from player.archive.statements import Spot, of_table
from player.archive.toml.declared import Table, declared, key, tables, walk
from player.archive.toml.tables import read_file
from player.checks.declarations import future_faults, pointings
from player.checks.links import cite, pointing_faults
from player.checks.register import Register
from player.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from player.errors import Fault

REEL = """\
title = "A reel"
remark = "It *hums*."
copied = "3003"
opens = "3003"
rests_on = ["log, p. 2"]

[[mark]]
name = "first"
remark = "A click."
seen = "3004-05"
by = "ada"
heard = "tones#first"
"""


@declared
class Mark(Table):
    """A mark on the reel."""

    name: str = key("id", "its own name")
    remark: str = key("text", "what it is")
    seen: str | None = key("date", "when it was seen", default=None)
    by: str | None = key("person", "who made it", default=None)
    heard: Pointer | None = key("moment", "where it is heard", default=None)


@declared
class Reel(Table):
    """A reel of tape."""

    title: str = key("text", "what it is called", said=False)
    remark: str | None = key("Markdown", "what else is known", default=None)
    copied: str | None = key("date", "when it was copied", default=None)
    opens: str | None = key("last day", "until when it is closed", default=None)
    citations: tuple[Citation, ...] = key("sources", "what that rests on", name="rests_on", default=())
    marks: tuple[Mark, ...] = tables(Mark, "mark", unique="name", default=())


@pytest.fixture
def reel(tmp_path: Path) -> Reel:
    path = tmp_path / "reel.toml"
    path.write_text(REEL, encoding="utf-8")
    return read_file(path, Reel)


def test_a_table_is_a_frozen_value_made_by_the_names_of_its_fields(reel: Reel) -> None:
    mark: Any = Mark(name="first", remark="A click.", seen="3004-05", by="ada", heard=reel.marks[0].heard)
    assert (mark, hash(mark)) == (reel.marks[0], hash(reel.marks[0]))
    assert mark.position != reel.marks[0].position
    assert mark != replace(mark, by=None) == Mark(name="first", remark="A click.", seen="3004-05", heard=mark.heard)
    assert mark != replace(reel, title="first")
    assert repr(replace(mark, heard=None)).endswith(
        "Mark(name='first', remark='A click.', seen='3004-05', by='ada', heard=None)"
    )
    assert pickle.loads(pickle.dumps(reel)) == reel  # noqa: S301  # our own
    with pytest.raises(FrozenInstanceError):
        mark.by = "eve"
    with pytest.raises(FrozenInstanceError):
        del mark.by
    made: Any = Mark
    with pytest.raises(TypeError, match="Mark needs remark"):
        made(name="first")
    with pytest.raises(TypeError, match="Mark has no colour"):
        made(name="first", remark="A click.", colour="red")


def told(faults: Iterator[Fault]) -> list[tuple[int | None, str]]:
    return [(fault.line, fault.what) for fault in faults]


def test_a_key_is_read_into_the_field_that_declares_it(reel: Reel) -> None:
    assert reel == Reel(
        title="A reel",
        remark="It *hums*.",
        copied="3003",
        opens="3003",
        citations=(Citation("log", "p. 2"),),
        marks=(Mark(name="first", remark="A click.", seen="3004-05", by="ada", heard=Pointer("tones", "first")),),
    )
    assert [table.line for table in walk(reel)] == [None, 7]
    assert (reel.line_of("copied"), reel.marks[0].line_of("by")) == (3, 11)


def refusal(path: Path, text: str) -> list[tuple[int | None, str]]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArchiveError) as refused:
        read_file(path, Reel)
    return [(fault.line, f"{fault.what}; {fault.remedy}") for fault in refused.value.faults]


def test_a_key_is_required_that_has_no_default(tmp_path: Path) -> None:
    assert refusal(tmp_path / "reel.toml", "[[mark]]\nof = 1\n") == [
        (1, 'the key "name" is missing; write name = … (its own name)'),
        (1, 'the key "remark" is missing; write remark = … (what it is)'),
        (1, 'the key "title" is missing; write title = … (what it is called)'),
        (2, 'unknown key "of" in [[mark]]; write one of name, remark, seen, by, heard'),
    ]


def test_what_is_to_be_unique_is_held_to_it(tmp_path: Path) -> None:
    mark = '[[mark]]\nname = "a"\nremark = "x"\n'
    assert refusal(tmp_path / "reel.toml", f'title = "x"\n{mark}{mark}') == [
        (6, 'an earlier [[mark]] has the same name, "a"; give each its own')
    ]


def test_a_date_is_held_to_have_come_and_a_pointer_to_lead_somewhere(reel: Reel) -> None:
    assert told(future_faults(reel)) == [
        (3, '"copied" (3003) lies in the future'),
        (7, '"seen" (May 3004) lies in the future'),
    ]
    assert told(pointing_faults(pointings(reel), Register())) == [
        (7, 'no person has the id "ada"'),
        (7, 'no recording is called "tones"'),
    ]
    assert told(pointing_faults(pointings(reel), Register(people={"ada"}, recordings={"tones"}))) == []


def test_what_is_said_and_what_it_rests_on_are_in_the_statements(reel: Reel) -> None:
    spot = Spot("reel")
    whole, mark = (of_table(table, "reel", reel.title, spot) for table in walk(reel))
    assert (whole.texts, whole.citations, whole.people) == (("It hums.",), reel.citations, ())
    assert (mark.texts, mark.citations, mark.people, mark.line) == (("A click.",), (), ("ada",), 7)
    cited = cite(whole.citations, whole.path, whole.line)
    assert told(pointing_faults(cited, Register())) == [(1, 'no source has the id "log"')]


def test_a_key_has_its_row_in_the_table_of_its_file() -> None:
    printed = files.printed(files.File("reels/reel.toml", Reel, REEL))
    assert "| `remark` | Markdown |  | what else is known |" in printed
    assert "| `rests_on` | sources |  | what that rests on |" in printed
    assert "### `[[mark]]`\n\nA mark on the reel." in printed
    assert "| `name` | id | yes | its own name |" in printed
