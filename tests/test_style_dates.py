"""An archive's dates are written as each style writes them, and none loses its doubt."""

from __future__ import annotations

from typing import Any

import pytest

from player.publish.bibliography import csl_date, ris_date
from player.publish.citation import apa_date, chicago_date, mla_date


@pytest.mark.parametrize(
    ("date", "chicago", "mla", "apa", "ris"),
    [
        ("1963-11-05", "November 5, 1963", "5 Nov. 1963", "1963, November 5", "1963/11/05/"),
        ("1963-09", "September 1963", "Sept. 1963", "1963, September", "1963/09//"),
        ("1963-06-01", "June 1, 1963", "1 June 1963", "1963, June 1", "1963/06/01/"),
        ("1963", "1963", "1963", "1963", "1963///"),
        ("1963~", "about 1963", "about 1963", "about 1963", "1963///about 1963"),
        ("1963-11?", *["November 1963 (uncertain)"] * 3, "1963///November 1963 (uncertain)"),
        (
            "1963-10-31/1963-11-05",
            *["31 October 1963 to 5 November 1963"] * 3,
            "1963///31 October 1963 to 5 November 1963",
        ),
        ("../1963", *["before 1963"] * 3, "///before 1963"),
        ("1963-21", *["Spring 1963"] * 3, "1963///Spring 1963"),
    ],
)
def test_a_date_is_written_as_the_style_has_it(date: str, chicago: str, mla: str, apa: str, ris: str) -> None:
    written = tuple(write(date) for write in (chicago_date, mla_date, apa_date, ris_date))
    assert written == (chicago, mla, apa, ris)


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("1963-11-05", {"date-parts": [[1963, 11, 5]]}),
        ("1963", {"date-parts": [[1963]]}),
        ("1963-10-31/1963-11", {"date-parts": [[1963, 10, 31], [1963, 11]]}),
        ("1963-11~", {"date-parts": [[1963, 11]], "circa": True}),
        ("1963?", {"literal": "1963 (uncertain)"}),
        ("1963/..", {"literal": "since 1963"}),
        ("1963-22", {"literal": "Summer 1963"}),
        ("1963-22~", {"literal": "about Summer 1963"}),
    ],
)
def test_csl_is_told_what_it_can_say_and_else_the_words(date: str, told: dict[str, Any]) -> None:
    assert csl_date(date) == told
