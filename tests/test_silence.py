"""Samples of a passage that is closed become zeros, wherever pieces begin and end, and no others do."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.audio import silence
from player.audio.silence import Heard, Silence
from player.timecode import Span

SPANS = (Span(1000, 2000), Span(3000, 3001))


@given(
    frame=st.integers(1, 6),
    edges=st.lists(st.integers(0, 300), min_size=2, max_size=6, unique=True).map(sorted),
    sizes=st.lists(st.integers(1, 97), min_size=1, max_size=20),
)
def test_just_the_silent_samples_are_zeros_however_the_sound_is_read(
    frame: int, edges: list[int], sizes: list[int]
) -> None:
    silent = [range(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    sound = bytes(range(1, 251)) * 5
    read = silence.silenced(io.BytesIO(sound).read, silent, frame)
    heard = Heard(silent, frame)
    got = b""
    for size in [*sizes, len(sound)]:
        got += (piece := read(size))
        heard.listen(piece)
    wanted = bytearray(sound)
    for each in silent:
        first, last = each.start * frame, min(each.stop * frame, len(sound))
        wanted[first:last] = bytes(max(0, last - first))
    assert got == wanted
    assert heard.at is None


def test_where_it_is_not_silent_is_told() -> None:
    heard = Heard([range(10, 20)], 2)
    heard.listen(b"\1" * 20 + b"\0" * 10)
    assert heard.at is None
    heard.listen(b"\0\0\0\1")
    heard.listen(b"\1" * 100)
    assert heard.at == 16


def test_a_sample_that_a_passage_touches_is_silent() -> None:
    assert silence.ranges([Span(1, 2)], 22_050) == [range(22, 45)]
    assert silence.ranges([Span(1000, 2000)], 8000) == [range(8000, 16_000)]


def test_what_a_resampler_reaches_is_silent_too() -> None:
    assert silence.ranges([Span(1000, 2000)], 48_000, 96_000) == [range(47_968, 96_032)]
    assert silence.ranges([Span(0, 2000)], 8000, 2000) == [range(16_128)]


@pytest.mark.parametrize("length", [3000, 2999, 1000])
def test_a_passage_past_the_end_is_found(length: int) -> None:
    assert silence.past_end(SPANS, length) == (SPANS[1] if length > 1000 else SPANS[0])


def test_an_end_may_be_rounded_up() -> None:
    assert silence.past_end([Span(0, 4000)], 3000) is None
    assert silence.past_end([Span(0, 4001)], 3000) == Span(0, 4001)


def test_other_passages_and_other_recordings_have_other_names() -> None:
    assert Silence().key == Silence(whose="one").key == ""
    names = {Silence(spans, whose).key for spans in (SPANS, SPANS[:1]) for whose in ("one", "other")}
    assert len(names) == 4
    assert len({silence.version(spans) for spans in (SPANS, SPANS[:1], ())}) == 3


def test_json_has_the_passages() -> None:
    assert silence.as_json(SPANS) == [[1000, 2000], [3000, 3001]]
    assert silence.from_json(silence.as_json(SPANS)) == SPANS


@pytest.mark.parametrize(
    "wrong", [None, {}, "x", [1, 2], [[1]], [[1, 2, 3]], [[1.0, 2]], [[True, 2]], [[2, 1]], [None]]
)
def test_what_is_no_list_of_passages_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="no list of passages"):
        silence.from_json(wrong)
