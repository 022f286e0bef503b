"""Every table and key of a TOML file is found on the line where it stands."""

import tomllib

import pytest

from player.archive.toml_lines import line_of, locate

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


@pytest.mark.parametrize("head", ["  a = [", "a = [", " " * 400_000 + "a = ["])
def test_a_megabyte_in_one_value_is_passed_over_in_one_walk(head: str) -> None:
    # Copying what was read for each sign of it would take minutes: the suite, not a clock, would show it.
    text = head + "1, " * 400_000 + "]\nb = 1\n"
    assert locate(text) == {("a",): 1, ("b",): 2}


def test_a_key_of_thousands_of_parts_is_not_listed_with_all_its_prefixes() -> None:
    assert len(locate("a" + ".a" * 5000 + " = 1\n")) < 100
