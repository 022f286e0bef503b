"""SRT and SBV are read as programs and people write them, and what that took is told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import pytest
import webvtt
from captioned import said, sample, told, voices
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from player.errors import ArchiveError
from player.intake.transcripts.captions import sbv, srt
from player.intake.transcripts.formats import read
from player.intake.transcripts.imported import Deed

SRT: Final = Path("talk.srt")


def read_srt(text: str) -> list[tuple[int | None, int | None, str]]:
    return said(srt.read(SRT, text.encode()))


def test_subrip_is_read_as_it_is_meant() -> None:
    found = sample("srt/subrip.srt")
    assert said(found) == [
        (1_000, 3_500, "The lightship was called in\non the last day of March."),
        (3_500, 5_250, "- And the crew?\n- All ashore."),
        (60_000, 62_040, "1984"),
        (63_000, 64_000, "was a dry year."),
    ]
    assert found.format == "SubRip"
    assert found.remarks == ()
    assert [line.origin for line in found.lines] == [2, 7, 12, 16]


def test_a_full_stop_and_short_fractions_are_read_by_the_evidence_of_the_file() -> None:
    found = sample("srt/full-stops-and-no-padding.srt")
    assert [(line.start, line.end) for line in found.lines] == [
        (1_500, 3_250),
        (3_250, 4_000),
        (4_100, 5_750),
        (5_800, 6_900),
    ]
    assert list(told(found, Deed.MENDED).values()) == [(2, 6, 10, 14)]


@pytest.mark.parametrize(
    ("times", "start"),
    [
        ("00:00:01,5 --> 00:00:03,5", 1_500),
        ("00:00:01,5 --> 00:00:03,000", 1_500),
        ("0:0:1,5 --> 0:0:3,490", 1_005),
        ("00:00:01,05 --> 00:00:03,5", 1_050),
        ("00:01 --> 00:03", 1_000),
        ("00: 00: 01, 500 -> 00: 00: 03, 000", 1_500),
        ("75:10,000 --> 75:12,000", 4_510_000),
        ("00:00:01,500 → 00:00:03,000", 1_500),
        ("  00:00:01,500-->00:00:03,000  ", 1_500),
        ("00:00:59,999 --> 00:00:60,000", 59_999),
        ("00:00:01,123456 --> 00:00:02,000000", 1_123),
        ("00:00:01:500 --> 00:00:02:750", 1_500),
        ("00:01:500 --> 00:02:750", 1_500),
    ],
)
def test_times_are_read_however_they_are_written(times: str, start: int) -> None:
    ((begins, ends, words),) = read_srt(f"1\n{times}\nwords\n")
    assert (begins, words) == (start, "words")
    assert ends is not None
    assert ends > start


def test_words_below_times_that_cannot_be_read_are_not_those_of_the_caption_above() -> None:
    times = ("00:00:01,000 --> 00:00:02,000", "00:00:02:24 --> 00:00:03:12", "00:00:04,000 --> 00:00:05,000")
    found = srt.read(SRT, "".join(f"{at}\n{each}\nline {at}\n\n" for at, each in enumerate(times, 1)).encode())
    assert said(found) == [(1_000, 2_000, "line 1"), (None, None, "line 2"), (4_000, 5_000, "line 3")]
    assert list(told(found, Deed.MENDED).values()) == [(6,)]


def test_numbers_may_be_left_out_and_words_may_be_numbers() -> None:
    assert said(sample("srt/without-numbers.srt")) == [
        (1_000, 2_000, "No numbers here."),
        (2_000, 3_000, "In the year\n1984\nit rained."),
        (3_000, 4_000, "Then it stopped."),
    ]


def test_empty_lines_may_be_left_out() -> None:
    found = sample("srt/without-empty-lines.srt")
    assert [line.text for line in found.lines] == ["One after\nthe other,", "without a gap.", "1952", "was long ago."]
    assert told(found, Deed.LEFT_OUT) == {"1 caption without words": (6,)}
    assert told(found, Deed.MENDED) == {"3 captions without an empty line below": (2, 8, 11)}


def test_tags_and_places_go_and_their_words_stay() -> None:
    found = sample("srt/tags.srt")
    assert [line.text for line in found.lines] == [
        "The gulls again",
        "Tom: R&D costs < 5 pounds & more than 2\n{sic}",
        "<laughs> It's the tide.",
        "From a converter.",
    ]
    assert voices(found) == [None, None, None, "Ines Ruiz"]
    assert told(found, Deed.LEFT_OUT) == {
        "2 places on the screen": (2, 6),
        "tags in 4 captions, of which the words are kept": (2, 6, 10, 14),
        "1 caption without words": (14,),
    }


def test_hours_go_past_99() -> None:
    assert [line.start for line in sample("srt/long-tape.srt").lines] == [359_999_000, 443_045_006]


def test_what_lies_before_the_sound_is_kept() -> None:
    found = sample("srt/shifted-too-far.srt")
    assert said(found) == [
        (None, None, "Before the tape begins."),
        (0, 500, "While it begins."),
        (500, 2_000, "After that."),
        (5_000, None, "For no time."),
    ]
    assert told(found, Deed.MENDED) == {
        "1 caption whose times cannot be read, or lie where no sound is, kept without times": (2,),
        "1 caption that started before 0:00, moved there": (6,),
    }


def test_what_stands_above_the_first_times_is_told() -> None:
    found = sample("srt/with-a-head.srt")
    assert said(found) == [
        (1_000, 2_000, "Half an arrow."),
        (2_000, 60_000, "Sixty seconds."),
        (None, None, "No such time."),
    ]
    assert told(found, Deed.LEFT_OUT) == {"2 lines above the first times": (1, 2)}


@pytest.mark.parametrize("name", ["byte-order-mark", "utf-16", "utf-16-without-a-mark", "windows-1252"])
def test_any_usual_encoding_is_read(name: str) -> None:
    assert [line.text for line in sample(f"srt/{name}.srt").lines] == [
        "Le café du port était fermé : “à midi”, dit-il.",
        "À bientôt, sur le quai.",
    ]


def test_captions_that_roll_are_taken_apart_in_srt_too() -> None:
    found = sample("srt/youtube-rolling.srt")
    assert said(found) == [
        (160, 2_869, "good evening from the pier"),
        (2_879, 5_190, "the lamps are lit"),
        (5_200, 7_000, "the lamps are lit"),
    ]


def test_names_at_heads_stay_in_the_words() -> None:
    found = sample("srt/otter-heads.srt")
    assert [line.text.partition(":")[0] for line in found.lines] == ["Speaker 1", "Speaker 2", "Speaker 1"]
    assert voices(found) == [None, None, None]


def test_line_ends_that_went_through_a_converter_twice_are_one() -> None:
    assert said(sample("srt/line-ends-twice.srt")) == [
        (1_000, 2_000, "Twice through\na converter."),
        (2_000, 3_000, "All the same."),
    ]


def test_sbv_is_read_with_its_line_breaks() -> None:
    assert said(sample("sbv/youtube.sbv")) == [
        (1_010, 3_680, "Welcome to the dry dock."),
        (3_680, 7_720, ">> MEI: It takes two hours\nto empty it,"),
        (7_720, 9_000, "[Pumps]"),
    ]
    assert [line.text for line in sample("sbv/breaks.sbv").lines] == [
        ">> TOM: The first gate\nis made of oak.",
        "The second, of steel\nfrom the old bridge.",
        "An hour later: 10,000 litres.",
    ]
    assert said(sample("sbv/hand-made.sbv")) == [
        (0, 1_500, "The bell."),
        (1_500, 3_000, "No empty line above."),
        (4_000, 5_500, "The end."),
    ]


@pytest.mark.parametrize("name", ["a.srt", "a.txt", "a.sub", "a"])
def test_srt_is_known_by_its_times_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("1\n00:00:01,000 --> 00:00:02,000\nwords\n", encoding="utf-16")
    assert read(path).format == "SubRip"


@pytest.mark.parametrize("reader", [srt, sbv])
@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "1\n", "words and words\n", "-->\n", "1:2 --> words", "99:99,98:98", "0:01 --> 0:02", "0:01,0:02"],
)
def test_a_file_without_times_is_refused_in_words(reader: object, text: str) -> None:
    with pytest.raises(ArchiveError, match=r"talk\.srt: there (are no captions|is not one word) in it[^;]*; check"):
        reader.read(SRT, text.encode())  # type: ignore[attr-defined]  # both are readers


STAMP = st.integers(0, 400_000_000)
WORDS = st.text("abc éß 1984,.’ 船", min_size=1, max_size=20)


def srt_stamp(moment: int) -> str:
    return f"{moment // 3_600_000:02}:{moment // 60_000 % 60:02}:{moment // 1_000 % 60:02},{moment % 1_000:03}"


@settings(max_examples=examples(20))
@given(
    cues=st.lists(
        st.tuples(STAMP, st.integers(1, 100_000), st.lists(WORDS, min_size=1, max_size=3)), min_size=1, max_size=5
    )
)
def test_what_webvtt_py_reads_rightly_is_read_the_same(cues: list[tuple[int, int, list[str]]]) -> None:
    # Numbered, for captions that repeat one another may be such as roll up the screen.
    texts = [[f"{number} {' '.join(text.split())}x" for text in words] for number, (*_, words) in enumerate(cues)]
    text = "".join(
        f"{number}\n{srt_stamp(start)} --> {srt_stamp(start + length)}\n" + "\n".join(words) + "\n\n"
        for number, ((start, length, _), words) in enumerate(zip(cues, texts, strict=True), 1)
    )
    theirs = webvtt.from_buffer(io.StringIO(text), format="srt")
    assert [
        (start, start + length, "\n".join(words)) for (start, length, _), words in zip(cues, texts, strict=True)
    ] == (read_srt(text))
    assert [each.text for each in theirs.captions] == ["\n".join(words) for words in texts]
