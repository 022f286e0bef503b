"""Dates as archives write them are read as people say them."""

import pytest

from player.archive import dates


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1963", "1963"),
        ("1963-11", "November 1963"),
        ("1963-11-05", "5 November 1963"),
        ("1963~", "about 1963"),
        ("1963-11?", "November 1963 (uncertain)"),
        ("1963%", "about 1963 (uncertain)"),
        ("1963-21", "Spring 1963"),
        ("1963-10-31/1963-11-05", "31 October 1963 to 5 November 1963"),
        ("1963/..", "since 1963"),
        ("../1963-11", "until November 1963"),
    ],
)
def test_a_date_is_shown_with_its_precision(text: str, shown: str) -> None:
    assert dates.is_date(text)
    assert dates.readable(text) == shown


@pytest.mark.parametrize(
    "text",
    ["", "5 November 1963", "63", "1963-13", "1963-02-30", "1963-1-5", "..", "../..", "1963/1964/1965", "1963-25", "/"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert not dates.is_date(text)
