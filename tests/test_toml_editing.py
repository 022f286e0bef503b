"""A program changes values in a file that a person keeps, and leaves every other sign of it as it was."""

from __future__ import annotations

import difflib
import tomllib
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.archive.toml.editing import EditError, edited_tables, with_tables, without_tables

if TYPE_CHECKING:
    from player.archive.toml.tables import TomlPath

RECORD: Final = '''\
# Kept by hand.   [access]
title   =  "A tape [withdrawal]"   # as on its box
summary = """
[access]
record = "draft"
"""

  [[ access ]]   # asked for by letter
record = 'draft' # until she has heard it
  # what follows is agreed

until="2041"

[original]   # the box
description = """[[access]] # no header"""

[["access"]]
sound = [
  # not a state, but TOML
  "closed", "]",
]
reason = "as \\"agreed\\""

[[closed]]
start = "0:02"
end = "0:04"
[[closed]]
cue = "c7"
# the end'''


def changed(text: str, after: str) -> list[str]:
    """Give the lines that went and those that came, each with its mark."""
    lines = difflib.ndiff(text.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (
            {("access", 0): {"record": "open"}},
            ["- record = 'draft' # until she has heard it\n", '+ record = "open" # until she has heard it\n'],
        ),
        ({("access", 0): {"opens": "by itself"}}, ['+ opens = "by itself"\n']),
        (
            {("access", 1): {"sound": None}},
            ["- sound = [\n", "-   # not a state, but TOML\n", '-   "closed", "]",\n', "- ]\n"],
        ),
        ({("closed", 0): {"opens": "x"}, ("closed", 1): {"until": "y"}}, ['+ opens = "x"\n', '+ until = "y"\n']),
        ({("original",): {"extent": "one\ntwo"}}, ['+ extent = """\n', "+ one\n", '+ two"""\n']),
        (
            {("withdrawal",): {"date": "2026-11-29", "reason": 'a "b"\\ \x07', "decided_by": None}},
            [
                "- # the end",
                "+ # the end\n",
                "+ \n",
                "+ [withdrawal]\n",
                '+ date = "2026-11-29"\n',
                '+ reason = "a \\"b\\"\\\\ \\u0007"\n',
            ],
        ),
        ({("access", 0): {}, ("original",): {"extent": None}}, []),
        (
            {("access", 0): {"record": None, "until": None}},
            ["- record = 'draft' # until she has heard it\n", "+ # until she has heard it\n", '- until="2041"\n'],
        ),
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_only_what_is_meant_changes(eol: str, changes: dict[TomlPath, dict[str, Any]], lines: list[str]) -> None:
    text = RECORD.replace("\n", eol)
    after = edited_tables(text, changes)
    assert changed(text, after) == [line.replace("\n", eol) for line in lines]
    tomllib.loads(after)


@pytest.mark.parametrize(
    "text", ["", "# nothing", "a = 1", "a = 1\n\n", "[a]\n", "[[a]]\r\n\r\n", "[a]\nb = [\n1, # one\n]"]
)
def test_a_table_can_be_put_at_the_end_of_any_file(text: str) -> None:
    after = edited_tables(text, {("withdrawal",): {"date": "2026-11-29"}})
    assert after.startswith(text)
    assert tomllib.loads(after) == {**tomllib.loads(text), "withdrawal": {"date": "2026-11-29"}}
    assert edited_tables(after, {("withdrawal",): {"date": "2026-11-29"}}) == after
    assert "\n\n\n" not in after.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ('withdrawal = { date = "2026" }', ("withdrawal",)),
        ('withdrawal.date = "2026"', ("withdrawal",)),
        ('access = [{ record = "draft" }]', ("access", 0)),
        ('access = "draft"', ("access",)),
        ('[[access]]\nrecord = "draft"', ("access", 1)),
        ('[[access]]\nrecord = "draft"', ("access",)),
        ("not TOML", ("withdrawal",)),
        ('[withdrawal]\ndate = "2026"\n[withdrawal]\n', ("withdrawal",)),
        ('[access]\nrecord.state = "draft"', ("access",)),
    ],
)
def test_what_cannot_be_changed_alone_is_refused(text: str, table: TomlPath) -> None:
    with pytest.raises(EditError):
        edited_tables(text, {table: {"record": "open"}})


@given(st.text(max_size=200), st.text(max_size=40))
def test_no_text_is_made_into_another(text: str, reason: str) -> None:
    """Whatever a file holds, it is refused, or says the same and what was added."""
    try:
        after = edited_tables(text, {("withdrawal",): {"reason": reason}})
    except EditError:
        return
    assert tomllib.loads(after) == {**tomllib.loads(text), "withdrawal": {"reason": reason}}


@given(
    st.lists(
        st.sampled_from(
            [
                "# [a]\n",
                "\n",
                '[a]\nx = "1"\n',
                "[[b]]\n",
                'y = """\n[a]\n"""\n',
                "z = [\n'[a]', # [\n]\n",
                "[a.c]\n",
                "  x='2'  # x\n",
            ]
        ),
        max_size=9,
    )
)
def test_what_is_around_a_value_stays(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        values = tomllib.loads(text)
    except ValueError:
        return
    if "x" not in values.get("a", {}):
        return
    after = edited_tables(text, {("a",): {"x": "another"}})
    assert edited_tables(after, {("a",): {"x": values["a"]["x"]}}).replace("'", '"') == text.replace("'", '"')


NOTES: Final = """\
# Notes, in order of time.

[[annotation]] # the first
id = "a"   # [[annotation]]

[[annotation.claim]]
says = "[[annotation]]"
# about the claim

# The second is about another:
[[annotation]]
id = "b"

[[annotation]]
id = "c" """


@pytest.mark.parametrize(
    ("numbers", "left"),
    [
        (
            {0},
            "# Notes, in order of time.\n\n# about the claim\n\n# The second is about another:\n[[annotation]]",
        ),
        ({1, 2}, NOTES[: NOTES.index("[[annotation]]\nid")]),
        ({0, 1, 2}, "# Notes, in order of time.\n\n# about the claim\n\n# The second is about another:\n"),
    ],
)
def test_tables_that_go_leave_the_others_and_what_is_said_of_them(numbers: set[int], left: str) -> None:
    for ends in ("\n", "\r\n"):
        after = without_tables(NOTES.replace("\n", ends), "annotation", numbers)
        assert after.startswith(left.replace("\n", ends))
        names = [note["id"] for note in tomllib.loads(after).get("annotation", [])]
        assert names == [name for number, name in enumerate("abc") if number not in numbers]


@pytest.mark.parametrize("text", ['annotation = [{ id = "a" }]', '[[annotation]]\nid = "a"', "[other]\n"])
def test_a_table_that_is_not_there_or_has_no_header_is_not_taken_out(text: str) -> None:
    with pytest.raises(EditError):
        without_tables(text, "annotation", {1 if text.startswith("[[") else 0})


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_tables_are_added_at_the_end(eol: str) -> None:
    before = eol.join(
        ['title = "T"', "", "[[speaker]]", 'name = "Ines"', "", "[holding]", 'obtained_from = "us" # here']
    )
    after = with_tables(before, "speaker", [{"name": 'Tom "T"', "kind": "person", "role": None}, {"name": "Ada"}])
    assert after == before + eol.join(
        ["", "", "[[speaker]]", 'name = "Tom \\"T\\""', 'kind = "person"', "", "[[speaker]]", 'name = "Ada"', ""]
    )
    assert [each["name"] for each in tomllib.loads(after)["speaker"]] == ["Ines", 'Tom "T"', "Ada"]


def test_tables_may_hold_numbers_lists_and_what_is_so() -> None:
    values: dict[str, Any] = {"is_so": True, "count": 12, "names": ["a", "b"], "text": "one\ntwo\n"}
    assert tomllib.loads(with_tables("", "part", [values])) == {"part": [values]}
    assert with_tables('a = "b"', "part", []) == 'a = "b"'


@pytest.mark.parametrize("before", ['speaker = "Ines"', "[speaker]\na = 1", 'speaker = [{ name = "Ines" }]', "a ="])
def test_tables_are_not_added_to_what_is_none(before: str) -> None:
    with pytest.raises(EditError):
        with_tables(before, "speaker", [{"name": "Tom"}])
