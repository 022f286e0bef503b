"""A quotation is held against its source, word for word."""

import pytest

from player.checks.quotations import stray_marks, unverified

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


@pytest.mark.parametrize(
    "text",
    [
        '“One ‘two three’, "four five", «six».”',
        "The Chiefs’ advice, the President’s and the ’60s’ ways; don’t ask the boys’ club.",
        "The Chiefs' advice, the President's and the '60s' ways; don't ask the boys' club.",
        "It was a 'deal', a ‘deal’, a \"deal\".",
        "He was 5' 11\" tall, she 5' 4\".",
        "'Twas the Chiefs' advice, and rock 'n' roll.",
        "“One” and “two”.",
    ],
)
def test_apostrophes_and_marks_around_a_word_are_no_quotation(text: str) -> None:
    assert list(stray_marks(text)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('He said "one two".', 'there are other quotation marks around "one two"'),
        ("He said ‘one two’.", "there are other quotation marks around ‘one two’"),
        ("He said ‘one, don’t two,’ again.", "there are other quotation marks around ‘one, don’t two,’"),
        ("He said 'one two'.", "there are other quotation marks around 'one two'"),
        ("Dijo «uno».", "there are other quotation marks: « »"),
        ("Er sagte „eins“.", "there are other quotation marks: „"),
        ("He said “one.", "a “ or a ” stands alone"),
        ("He said one”.", "a “ or a ” stands alone"),
        ("He said “one “two”.", "a “ or a ” stands alone"),
    ],
)
def test_what_is_quoted_in_other_marks_is_told(text: str, what: str) -> None:
    assert list(stray_marks(text)) == [what]
