"""Times are read as people write them, from one table that the JavaScript tests read too."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import timecode
from player.errors import TimecodeError
from player.timecode import Span

TABLE = json.loads((Path(__file__).parent / "data" / "timecodes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "moment"), TABLE["reads"])
def test_a_time_as_people_write_it_is_read(text: str, moment: int) -> None:
    assert timecode.parse(text) == moment


@pytest.mark.parametrize("text", TABLE["refused"])
def test_what_is_no_time_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(TimecodeError, match="; "):
        timecode.parse(text)


@pytest.mark.parametrize(("text", "start", "end"), TABLE["fragments"])
def test_a_media_fragment_is_read(text: str, start: int, end: int | None) -> None:
    assert timecode.parse_fragment(text) == (start, end)


@pytest.mark.parametrize("text", TABLE["fragments_refused"])
def test_what_is_no_media_fragment_is_refused(text: str) -> None:
    with pytest.raises(TimecodeError):
        timecode.parse_fragment(text)


@pytest.mark.parametrize("form", ["display", "clock", "fragment", "spoken"])
def test_a_time_is_written_as_the_table_says(form: str) -> None:
    for moment, text in TABLE[form]:
        assert getattr(timecode, form)(moment) == text


@given(st.integers(0, timecode.LONGEST))
def test_what_is_written_is_read_back(moment: int) -> None:
    assert timecode.parse(timecode.display(moment)) == moment
    assert timecode.parse(timecode.vtt(moment)) == moment
    assert timecode.parse(timecode.fragment(moment)) == moment


@given(st.text(max_size=30))
def test_no_text_makes_it_fall_over(text: str) -> None:
    try:
        assert 0 <= timecode.parse(text) <= timecode.LONGEST
    except TimecodeError as refusal:
        assert str(refusal).isprintable()  # noqa: PT017


def test_a_passage_holds_its_start_and_not_its_end() -> None:
    span = Span(25_000, 80_000)
    assert span.contains(25_000)
    assert not span.contains(80_000)
    assert span.duration == 55_000


def test_passages_that_only_touch_do_not_overlap() -> None:
    assert not Span(0, 10).overlaps(Span(10, 20))
    assert Span(0, 11).overlaps(Span(10, 20))


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 5)])
def test_a_passage_that_holds_nothing_is_refused(start: int, end: int) -> None:
    with pytest.raises(TimecodeError):
        Span(start, end)
