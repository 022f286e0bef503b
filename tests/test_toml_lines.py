"""Every table and key of a TOML file is found on the line where it stands."""

import tomllib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as some

from player.archive.toml.tables import line_of, locate

TEXT = '''# a comment with [brackets] and "quotes
title = "a # that is no comment, and a ]"
body = """
[not] a = "header"
still the body
"""
list = [
  "x = 1",  # y = 2
  { z = 3 },
]
a.b = 1

[table]
key = 1
"quoted key" = \'\'\'
[[no]]\'\'\'
[[entry]]
name = "first"
[[entry.part]]
x = 1
[[entry.part]]
x = 2
[entry.more]
y = 1

[[entry]]
name = "second"
[[entry.part]]
x = 3
'''

#: What a string is made of, between any of the marks that may surround it.
PIECES = ("a", "#", " = ", "[b]", "\n[b]\n", "\n", "\\\n", "\\\\", '\\"', "\\n", '"', '""', "'", "''")


def is_one_string(text: str) -> bool:
    try:
        return list(tomllib.loads(f"a = {text}\n")) == ["a"]
    except tomllib.TOMLDecodeError:
        return False


def surrounded(mark: str) -> some.SearchStrategy[str]:
    inside = some.lists(some.sampled_from(PIECES), max_size=8).map("".join)
    return inside.map(lambda text: f"{mark}{text}{mark}").filter(is_one_string)


def test_headers_and_keys_are_found_on_their_lines() -> None:
    assert tomllib.loads(TEXT)
    lines = locate(TEXT)
    found = {path: TEXT.splitlines()[line - 1] for path, line in lines.items()}
    assert found["title",].startswith("title")
    assert found["body",].startswith("body")
    assert found["list",].startswith("list")
    assert found["a", "b"] == "a.b = 1"
    assert found["table",] == "[table]"
    assert found["table", "quoted key"].startswith('"quoted key"')
    assert lines["entry", 0, "name"] == 18
    assert lines["entry", 0, "part", 0, "x"] == 20
    assert lines["entry", 0, "part", 1] == 21
    assert lines["entry", 0, "more", "y"] == 24
    assert lines["entry", 1] == 26
    assert lines["entry", 1, "part", 0, "x"] == 29


def test_what_looks_like_a_header_inside_a_string_is_not_one() -> None:
    assert not any("no" in path or "not" in path for path in locate(TEXT))


def test_a_key_that_is_missing_is_told_at_the_table_that_should_have_it() -> None:
    lines = locate(TEXT)
    assert line_of(lines, ("entry", 1, "title")) == 26
    assert line_of(lines, ("nowhere",)) is None


def test_quotation_marks_at_the_end_of_a_text_do_not_move_the_lines_below() -> None:
    text = 'a = """""one"" two"""""\nb = \'\'\'\'x\'\'\'\'\'\nc = ""\nd = """\n\\""""\ne = 1\n'
    assert list(tomllib.loads(text)) == ["a", "b", "c", "d", "e"]
    assert locate(text) == {("a",): 1, ("b",): 2, ("c",): 3, ("d",): 4, ("e",): 6}


@given(some.lists(some.sampled_from(['"', "'", '"""', "'''"]).flatmap(surrounded), min_size=1, max_size=4))
def test_a_string_ends_where_tomllib_ends_it_whatever_is_in_it(strings: list[str]) -> None:
    text, expected = "", {}
    for number, string in enumerate(strings):
        expected[f"k{number}",] = 1 + text.count("\n")
        text += f"k{number} = {string}  # and a comment\n"
    assert len(tomllib.loads(text)) == len(strings)
    assert locate(text) == expected


@pytest.mark.long
@pytest.mark.parametrize("mark", ['"', "'", '"""', "'''"])
def test_a_string_of_megabytes_is_not_remembered_sign_by_sign(mark: str) -> None:
    inside = (r"a\n" if "'" in mark else r"a\"\n") * 250_000
    text = f"a = {mark}{inside}{mark}\nb = 1\n"
    tracemalloc.start()
    try:
        assert locate(text) == {("a",): 1, ("b",): 2}
        assert tracemalloc.get_traced_memory()[1] < 4 * len(text)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("head", ["  a = [", "a = [", " " * 400_000 + "a = ["])
def test_a_megabyte_in_one_value_is_passed_over_in_one_walk(head: str) -> None:
    # Copying what was read for each sign of it would take minutes: the suite, not a clock, would show it.
    text = head + "1, " * 400_000 + "]\nb = 1\n"
    assert locate(text) == {("a",): 1, ("b",): 2}


def test_a_key_of_thousands_of_parts_is_not_listed_with_all_its_prefixes() -> None:
    assert len(locate("a" + ".a" * 5000 + " = 1\n")) < 100
