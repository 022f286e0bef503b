"""A quotation is held against its source, word for word."""

import pytest

from player.archive.quotations import unverified

SOURCE = "Mr. Bundy stated that it has come to the attention of the White House that Castro would like to talk."


@pytest.mark.parametrize(
    "text",
    [
        "He “stated that it has come to the attention” of many.",
        "“Mr. Bundy stated that it has come,” the minutes say.",
        "“stated  that\nit has come”",
        "“It has come to the attention”",
        "Nothing is quoted.",
    ],
)
def test_words_that_stand_in_the_source_are_verified(text: str) -> None:
    assert unverified(text, [SOURCE]) == []


@pytest.mark.parametrize(
    "text", ["“Bundy said that”", "“tated that”", "“would like to tal”", "“stated that it had come”", "“”"]
)
def test_words_that_do_not_are_named(text: str) -> None:
    assert unverified(text, [SOURCE]) == [text.strip("“”")]


def test_a_quotation_may_not_be_stitched_from_two_excerpts() -> None:
    assert unverified("“one two”", ["one", "two"]) == ["one two"]


def test_inner_quotation_marks_may_change_their_shape() -> None:
    assert unverified("“kind of ‘arrangement’ with”", ["some kind of “arrangement” with the U.S."]) == []
