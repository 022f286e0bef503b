"""The quick way to read a line gives what the rules give, or leaves the line to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawing import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from player.archive.transcript import Turn
from player.archive.webvtt.blocks import normal, scan
from player.archive.webvtt.payload import Payload, read_any, read_usual, write_payload
from player.files import read_decoded

DATA = Path(__file__).parent / "data"
START, END = 1_000, 9_000

USUAL = [
    "words",
    "1 > 0\nand more",
    " ",
    "<v Ada>One <00:00:01.500>two <00:00:02.000>three.",
    "<v Ada B.><00:00:01.000>One two <00:00:02.000>three\nfour.</v>",
    "one<00:00:01.500><c> two</c><00:00:02.000><c.colorE5E5E5> three</c>",
    "<v Ada>R&amp;D <00:01.500>&lt;3",
    "<i>One</i> and <b>two</b>",
]


def by_the_rules(raw: str, start: int = START, end: int = END) -> tuple[Payload, list[str]]:
    told: list[str] = []
    return read_any(raw, start, end, lambda _line, what, _remedy: told.append(what)), told


@pytest.mark.parametrize("raw", USUAL)
def test_what_most_lines_are_is_read_quickly_and_by_the_rules(raw: str) -> None:
    assert by_the_rules(raw) == (read_usual(raw, START, END), [])


@pytest.mark.parametrize("path", sorted(DATA.glob("*.vtt")), ids=lambda path: path.stem)
def test_each_line_of_the_data_is_read_by_the_rules(path: Path) -> None:
    for block in scan(normal(read_decoded(path, 1_000_000)[0])).blocks:
        if block.timing is not None:
            quick = read_usual(block.payload, block.timing.start, block.timing.end)
            assert quick is None or (quick, []) == by_the_rules(block.payload, block.timing.start, block.timing.end)


TAGS = [
    "<v Ada>",
    "<v  Ada>",
    "<v.loud Ben>",
    "<v>",
    "</v>",
    "<c>",
    "<c.x>",
    "</c>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<u>",
]
STAMPS = ["<00:00:01.000>", "<00:01.500>", "<00:00:02.000>", "<00:00:08.999>", "<00:00:09.000>", "<00:00:02.00>"]
SIGNS = [
    "<",
    "&am",
    "&#6",
    ">",
    "&",
    "&amp;",
    "&lt;",
    "&#60;",
    "&nbsp;",
    " ",
    "  ",
    "\n",
    "\x1c",
    "\x85",
    "\xa0",
    "c>",
    "/b>",
    "00:02.000>",
]
PIECES = st.lists(
    st.sampled_from(["one", "two ", " three", "é", *TAGS, *STAMPS, *SIGNS])
    # Whole shapes too, which chance alone would rarely put together.
    | st.builds(
        "{0}{1}<c>{2}</c>".format, st.sampled_from(STAMPS), st.sampled_from(["", " "]), st.sampled_from(["two", " two"])
    )
    | st.builds("<b>{0}</b>".format, st.sampled_from(["p;", "0;", "one", " ", "", "00:02.000>", "&"]))
    | st.builds(" {0}{1}".format, st.sampled_from(STAMPS), st.sampled_from(["one", "two three", ""])),
    max_size=8,
)


@settings(max_examples=examples(200))
@example(["&am", "<b>p;</b>"], "", "")
@example(["one ", "two ", "<00:01.500>", "<00:00:02.000>", "three"], "", "")
@given(
    pieces=PIECES, head=st.sampled_from(["", "<v Ada>", "<v Ada Berg>one"]), foot=st.sampled_from(["", "</v>", " one"])
)
def test_whatever_is_read_quickly_is_read_as_the_rules_have_it_and_has_no_fault(
    pieces: list[str], head: str, foot: str
) -> None:
    raw = head + "".join(pieces) + foot
    quick = read_usual(raw, START, END)
    assert quick is None or (quick, []) == by_the_rules(raw)


def test_a_name_that_ends_in_hyphens_makes_no_arrow() -> None:
    payload = Payload("One two.", (Turn("Ada --", "One two."),), ())
    raw = write_payload(payload, START)
    assert "-->" not in raw
    assert by_the_rules(raw) == (payload, [])


def test_where_a_fault_is_in_a_line_is_found_at_once_however_many_there_are() -> None:
    places: list[int] = []
    raw = "one\n<x>\n\n<y>two\n" + "<z>" * 20_000
    read_any(raw, START, END, lambda below, _what, _remedy: places.append(below))
    assert places == [1, 3, *[4] * 20_000]
