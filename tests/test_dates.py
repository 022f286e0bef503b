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
    ("text", "shown"),
    [("../1963-11-05", "before 5 November 1963"), ("1963/..", "since 1963"), ("1963~", "about 1963")],
)
def test_what_was_made_by_some_day_was_made_before_it(text: str, shown: str) -> None:
    assert dates.made(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5 November 1963",
        "63",
        "1963-13",
        "1963-02-30",
        "1963-1-5",
        "..",
        "../..",
        "1963/1964/1965",
        "1963-25",
        "/",
        "1963-11/1963-10",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert not dates.is_date(text)


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("1963-11-05", "day", "1963-11-05", "1963-11-05"),
        ("1963-11?", "month", "1963-11-01", "1963-11-30"),
        ("1964-02", "month", "1964-02-01", "1964-02-29"),
        ("1963-21", "season", "1963-03-01", "1963-05-31"),
        ("1963-24", "season", "1963-12-01", "1964-02-29"),
        ("1963~", "year", "1963-01-01", "1963-12-31"),
        ("9999", "year", "9999-01-01", "9999-12-31"),
        ("1963-10-31/1963-11", "month", "1963-10-31", "1963-11-30"),
        ("1963/..", "year", "1963-01-01", "9999-12-31"),
        ("../1963", "year", "0001-01-01", "1963-12-31"),
    ],
)
def test_a_date_says_how_precise_it_is_and_which_days_it_can_mean(
    text: str, precision: str, first: str, last: str
) -> None:
    assert dates.precision(text) == precision
    assert (dates.earliest(text).isoformat(), dates.latest(text).isoformat()) == (first, last)


def test_what_is_less_precise_stands_before_what_lies_in_it() -> None:
    ordered = ["1963", "1963-21", "1963-03", "1963-03-01", "1963-03-02", "1963-04", "1963-22", "1963-11-05", "1963-24"]
    assert sorted(ordered[5:] + ordered[:5], key=dates.sort_key) == ordered


@pytest.mark.parametrize(
    ("text", "html"),
    [("1963", "1963"), ("1963-11", "1963-11"), ("1963-11-05", "1963-11-05")]
    + [(text, None) for text in ("1963~", "1963-21", "1963/1964", "../1963", "1963-11-05?")],
)
def test_html_is_given_a_date_only_where_it_has_a_form_for_it(text: str, html: str | None) -> None:
    assert dates.html(text) == html
