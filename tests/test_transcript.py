"""A WebVTT file is read as a browser reads it, and what that drops is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from transcript_files import read

from player.archive.references import Citation
from player.archive.transcript import Cue, Turn
from player.archive.webvtt.reading import read_transcript
from player.errors import ArchiveError
from player.timecode import Span

DATA = Path(__file__).parent / "data"
#: Each small file with one fault: the line that is named for it, and words of what is said.
FAULTS = {
    "arrow_in_words": [(5, "within the words of a cue ends it there")],
    "comma_for_a_full_stop": [(6, '"00:00:03,00" has a comma where a full stop belongs')],
    "comment_in_the_header": [(2, "read as part of the header")],
    "comment_runs_into_a_cue": [(3, "runs into a cue")],
    "comment_with_an_arrow": [(3, "a comment contains an arrow")],
    "empty_cue": [(3, "the cue has no words")],
    "empty_line_within_words": [(6, 'belongs to no cue is dropped: "and more words"')],
    "end_tags_out_of_order": [(4, '"</v>" does not match')],
    "ends_before_it_starts": [(3, "ends (0:01) no later than it starts (0:02)")],
    "four_digit_milliseconds": [(6, "does not have three digits")],
    "header_line_without_a_colon": [(2, '"Type caption" is dropped')],
    "hours_past_any_recording": [(3, "beyond 1000 hours")],
    "inner_time_inside_a_word": [(4, 'inside the word "today"')],
    "inner_time_malformed": [(4, '"<00:00:1.5>" within a line cannot be read')],
    "inner_time_outside_its_cue": [(5, "0:02.5 within a line lies outside its cue (0:01 to 0:02)")],
    "inner_times_run_backwards": [(4, "0:01.3 within a line runs backwards")],
    "malformed_binding": [(2, '"12ab" is not a SHA-256')],
    "malformed_source": [(3, '"source: 12 monkeys" cannot be read')],
    "minutes_past_59": [(6, '"00:60:03.000" has more than 59')],
    "missing_end_time": [(6, "a time is missing")],
    "no_empty_line_below_the_header": [(2, "there is no empty line above this cue")],
    "no_empty_line_between_cues": [(5, "there is no empty line above this cue")],
    "no_spaces_at_the_arrow": [(3, "does not have the form that WebVTT asks for")],
    "nothing_wrong": [],
    "nul": [(4, "NUL")],
    "one_digit_seconds": [(6, '"0:3.000" does not have two digits')],
    "repeated_identifier": [(7, '"same" is also on line 3')],
    "short_arrow": [(6, "not joined by an arrow")],
    "source_before_no_cue": [(3, '"log, p. 1" is not directly above a cue'), (11, '"log" is not directly above a cue')],
    "starts_run_backwards": [(6, "starts (0:01) before the one above it (0:05)")],
    "style_after_a_cue": [(6, "a STYLE block after the first cue")],
    "tag_without_an_end": [(4, '" two, and three"')],
    "two_bindings": [(4, "a second sound")],
    "unknown_settings": [(3, '"align:middle"')],
    "unknown_tag": [(4, '"<font color=red>" is not one'), (4, '"</font>" is not one')],
    "voice_without_a_name": [(4, "a voice has no name")],
}


def only(folder: Path, payload: str) -> Cue:
    """Read one cue, from 0:01 to 0:03, with this payload."""
    (cue,) = read(folder, f"WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n{payload}\n").cues
    return cue


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_with_its_line(name: str) -> None:
    path = DATA / f"{name}.vtt"
    told = read_transcript(path).faults
    assert [fault.line for fault in told] == [line for line, _ in FAULTS[name]]
    for fault, (_, words) in zip(told, FAULTS[name], strict=True):
        assert words in fault.what
        assert fault.path == path
        assert fault.remedy


def test_every_file_of_the_data_is_in_the_table() -> None:
    assert {path.stem for path in DATA.glob("*.vtt")} == FAULTS.keys() | {"no_signature"}


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("00:00:03,00 --> 00:00:04,500", "write 00:00:03.000 --> 00:00:04.500"),
        ("0:3.5 --> 1:00:04", "write 00:00:03.500 --> 01:00:04.000"),
        ("75:30.000 --> 76:00.000", "write 01:15:30.000 --> 01:16:00.000"),
        ("00:75:30.000 --> 00:76:00.000", "write it like 00:00:01.000 --> 00:00:02.500"),
        ("soon --> 00:02.000", "write it like 00:00:01.000 --> 00:00:02.500"),
        ("00:01.000 -->--> 00:02.000", "write it like 00:00:01.000 --> 00:00:02.500"),
    ],
)
def test_what_a_dropped_timing_line_should_have_been_is_said(tmp_path: Path, line: str, meant: str) -> None:
    found = read(tmp_path, f"WEBVTT\n\n{line}\nwords\n")
    assert found.cues == ()
    (fault,) = found.faults
    assert (fault.line, fault.remedy) == (3, meant)


@pytest.mark.parametrize(
    ("others", "line", "meant"),
    [
        # Milliseconds as a number, as some meeting recorders write them: zeros at an end, none at a beginning.
        (["0:0:3.490 --> 0:0:12.60"], "0:0:12.60 --> 0:0:13.5", "write 00:00:12.060 --> 00:00:13.005"),
        (["0:0:1.0 --> 0:0:3.490"], "0:0:3.490 --> 0:0:12.60", "write 00:00:03.490 --> 00:00:12.060"),
        # Decimals without the zeros at their end, which a beginning may have.
        (["0:0:3.49 --> 0:0:12.6"], "0:0:12.6 --> 0:0:13.05", "write 00:00:12.600 --> 00:00:13.050"),
        (["0:0:3.49 --> 0:0:12.06"], "0:0:12.06 --> 0:0:13.5", "write 00:00:12.060 --> 00:00:13.500"),
        # Always as many digits, or more than milliseconds have.
        (["0:0:3.40 --> 0:0:12.60"], "0:0:12.60 --> 0:0:13.05", "write 00:00:12.600 --> 00:00:13.050"),
        (["0:0:3.400000 --> 0:0:12.6"], "0:0:12.60 --> 0:0:13.5", "write 00:00:12.600 --> 00:00:13.500"),
        # What shows nothing, or both.
        (
            ["0:0:3.49 --> 0:0:12.6"],
            "0:0:12.6 --> 0:0:13.123",
            ("write 00:00:12.600 --> 00:00:13.123 if its fractions are decimal,", "00:00:12.006 --> 00:00:13.123"),
        ),
        (
            ["00:00:03.490 --> 00:00:12.060"],
            "00:00:12.060 --> 00:00:13.6",
            ("write 00:00:12.060 --> 00:00:13.600 if its fractions are decimal,", "00:00:12.060 --> 00:00:13.006"),
        ),
        # Only one of the two would end after it starts.
        (["0:0:3.49 --> 0:0:12.6"], "0:0:13.9 --> 0:0:13.123", "write 00:00:13.009 --> 00:00:13.123"),
        (["0:0:3,490 --> 0:0:12,60"], "0:0:12,60 --> 0:0:13,5", "write 00:00:12.060 --> 00:00:13.005"),
    ],
)
def test_a_short_fraction_means_what_the_others_in_its_file_show(
    tmp_path: Path, others: list[str], line: str, meant: str | tuple[str, str]
) -> None:
    found = read(tmp_path, "WEBVTT\n\n" + "".join(f"{each}\nwords\n\n" for each in (*others, line)))
    expected = meant if isinstance(meant, str) else f"{meant[0]} {meant[1]} if they are milliseconds"
    assert found.faults[-1].remedy == expected


@pytest.mark.parametrize("comment", ["Source: log", "sources: log, diary", "source:", "source : log", "SOURCE: log"])
def test_a_source_comment_is_written_one_way(tmp_path: Path, comment: str) -> None:
    found = read(tmp_path, f"WEBVTT\n\nNOTE {comment}\n\n00:01.000 --> 00:02.000\nwords\n")
    assert [cue.citations for cue in found.cues] == [()]
    (fault,) = found.faults
    assert fault.line == 3
    assert comment in fault.what


def test_a_file_with_nothing_wrong_gives_its_lines_voices_words_and_sources() -> None:
    found = read_transcript(DATA / "nothing_wrong.vtt")
    assert found.header[:2] == (("Type", "caption"), ("Language", "eng"))
    assert found.media_sha256 == "0a" * 32
    opening, second, last = found.cues
    assert opening == Cue(
        id="opening",
        start=1_000,
        end=3_500,
        text="Silence & hum,\nall night <sic>.",
        turns=(Turn("Ada & Ben", "Silence & hum,\nall night <sic>."),),
        words=(),
        citations=(Citation("log", "p. 1, at the foot"), Citation("diary")),
        line=21,
        comments=("a remark\nof two lines",),
    )
    assert second.id == "c2"
    assert second.text == "One two, three quatre."
    assert second.turns == (Turn("Ada", "One two,"), Turn("Ben", "three quatre."))
    assert second.words == (0, 500, 1_500, 2_000)
    assert second.speaker == "Ada"
    assert second.citations == ()
    assert last.span == Span(360_000_000, 360_001_000)
    assert last.text == "lastend of\xa0it"


def test_cues_come_in_the_order_of_their_starts_and_keep_their_numbers() -> None:
    found = read_transcript(DATA / "starts_run_backwards.vtt")
    assert [(cue.id, cue.text) for cue in found.cues] == [("c2", "One"), ("c3", "Two"), ("c1", "Three")]


def test_a_cue_that_ends_before_it_starts_still_has_a_passage() -> None:
    (cue,) = read_transcript(DATA / "ends_before_it_starts.vtt").cues
    assert (cue.start, cue.end) == (2_000, 1_000)
    assert cue.span == Span(2_000, 2_001)


def test_a_number_never_takes_the_name_of_another_cue(tmp_path: Path) -> None:
    times = "00:00:01.000 --> 00:00:02.000\nwords\n\n"
    names = ["7", "c1", "no name", "c3", "c3-2", "same", "same", "é"]
    found = read(tmp_path, "WEBVTT\n\n" + "".join(f"{name}\n{times}" for name in names))
    assert [cue.id for cue in found.cues] == ["c1-2", "c1", "c3-3", "c3", "c3-2", "c6", "c7", "c8"]


def test_the_second_of_two_bindings_does_not_hold() -> None:
    assert read_transcript(DATA / "two_bindings.vtt").media_sha256 == "ab" * 32


def test_a_binding_that_is_no_digest_binds_to_no_sound() -> None:
    assert read_transcript(DATA / "malformed_binding.vtt").media_sha256 == "12ab"


def test_a_file_without_a_binding_has_none() -> None:
    assert read_transcript(DATA / "empty_cue.vtt").media_sha256 is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_line_end_and_a_byte_order_mark_read_the_same(tmp_path: Path, end: str, mark: str) -> None:
    path = DATA / "nothing_wrong.vtt"
    found = read(tmp_path, mark + path.read_text(encoding="utf-8").replace("\n", end))
    assert replace(found, path=path) == read_transcript(path)


@pytest.mark.parametrize(
    ("payload", "turns"),
    [
        ("words", [(None, "words")]),
        ("<v Ada>one <v Ben>two", [("Ada", "one"), ("Ben", "two")]),
        ("<v Ada>one</v> <v Ada>two</v>", [("Ada", "one two")]),
        ("<v Ada>one <v Ben>two</v> three", [("Ada", "one"), ("Ben", "two"), ("Ada", "three")]),
        (
            "<v Ada>one</v> aside <v.loud.new  Ada\n &amp; Ben >two",
            [("Ada", "one"), (None, "aside"), ("Ada & Ben", "two")],
        ),
        ("<i><v Ada>one</v></i> two", [("Ada", "one"), (None, "two")]),
        ("<v Ada>one<v>two", [("Ada", "one"), (None, "two")]),
        ("<v Ada>", []),
        ("<v Ada><ruby>a<rt>b</ruby>c</v> d", [("Ada", "abc"), (None, "d")]),
        ("<v Ada><rt>a</v> b", [("Ada", "a"), (None, "b")]),
    ],
)
def test_each_voice_of_a_cue_has_its_turn(tmp_path: Path, payload: str, turns: list[tuple[str | None, str]]) -> None:
    assert [(turn.speaker, turn.text) for turn in only(tmp_path, payload).turns] == turns


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        ("one two", ()),
        ("one <00:00:01.500>two", (0, 500)),
        ("<00:00:01.200>one two", (200, None)),
        ("<00:00:01.000>one two", (0, None)),
        ("one<00:00:01.500><c> two</c><00:00:02.000><c> three</c>", (0, 500, 1_000)),
        ("one <00:00:01.500><00:00:01.600>two<00:00:02.500>", (0, 600)),
        ("one <00:00:01.500>two <00:00:01.500>three", (0, 500, 500)),
        ("one tw<00:00:01.500>o", ()),
    ],
)
def test_inner_times_time_the_words_that_follow_them(
    tmp_path: Path, payload: str, words: tuple[int | None, ...]
) -> None:
    assert only(tmp_path, payload).words == words


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("&amp;lt; &lt;b&gt; &nbsp;&lrm;&rlm;", "&lt; <b> \xa0\u200e\u200f"),
        ("AT&T &AMP &notit; &unknown; & &", "AT&T & ¬it; &unknown; & &"),
        ("&#65;&#x42;&#67 &#x1F600; &#x80;", "ABC \U0001f600 €"),
        ("&#1;|&#0;|&#xD800;|&#x110000;|&#xfffe;", "\x01|\ufffd|\ufffd|\ufffd|\ufffe"),
        (f"&#{'9' * 9_999};|&#{'0' * 9_999}65;", "\ufffd|A"),
    ],
)
def test_character_references_are_decoded_as_html_does(tmp_path: Path, payload: str, text: str) -> None:
    assert only(tmp_path, payload).text == text


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (b"", 1, "does not begin"),
        (b"webvtt\n\n", 1, "does not begin"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nSubRip\n", 1, "does not begin"),
        (b"WEBVTT\xe9\n\n", 1, "does not begin"),
        (b"\xff\xfeW\0E\0B\0V\0T\0T\0\n\0", 1, "the file is UTF-16, not UTF-8"),
        (b"\xfe\xff\0W\0E\0B\0V\0T\0T\0\n", 1, "the file is UTF-16, not UTF-8"),
        (b"W\0E\0B\0V\0T\0T\0\n\0", 1, "the file is UTF-16, not UTF-8"),
        (b"\0W\0E\0B\0V\0T\0T\0\n", 1, "the file is UTF-16, not UTF-8"),
        (b"\0" * 100, 1, "does not begin"),
        (b"WEBVTT\n" + b"\n" * 64 * 1024 * 1024, None, "larger than 64 MB"),
    ],
)
def test_what_is_no_webvtt_is_refused(tmp_path: Path, content: bytes, line: int | None, what: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        read(tmp_path, content)
    (fault,) = caught.value.faults
    assert fault.line == line
    assert what in fault.what


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (b"caf\xe9 au lait", "caf\ufffd au lait"),
        (b"\x93Yes\x94", "\ufffdYes\ufffd"),
        (b"cut short \xe2\x82", "cut short \ufffd"),
        (b"cut \xe2\x82short", "cut \ufffdshort"),
        (b"\xf0\x80\x80\x80|\xed\xa0\x80|\xc0\xaf", "\ufffd\ufffd\ufffd\ufffd|\ufffd\ufffd\ufffd|\ufffd\ufffd"),
        (b"\xf0\x9f\x98 \xf4\x90\x80\x80", "\ufffd \ufffd\ufffd\ufffd\ufffd"),
    ],
)
def test_bytes_that_are_not_utf_8_are_read_as_a_browser_reads_them_and_told(
    tmp_path: Path, wrong: bytes, text: str
) -> None:
    times = b"00:01.000 --> 00:02.000"
    found = read(tmp_path, b"\xef\xbb\xbfWEBVTT\r\n\r\n" + times + b"\r" + wrong + b"\n\n" + times + b"\nwhole\n")
    assert [cue.text for cue in found.cues] == [text, "whole"]
    (fault,) = found.faults
    first = next(byte for byte in wrong if byte >= 0x80)
    assert (fault.line, fault.what) == (4, f"byte 0x{first:02x} is not UTF-8")


def test_each_line_that_is_not_utf_8_is_told_once_in_its_place_among_the_faults(tmp_path: Path) -> None:
    found = read(tmp_path, b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xe9\xe9\n\n00:03.00 --> 00:04.000\n\xe9\n")
    assert [fault.line for fault in found.faults] == [4, 6, 7]


@pytest.mark.parametrize("name", ["missing.vtt", "."])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match="cannot be read"):
        read_transcript(tmp_path / name)


def test_a_file_without_the_signature_is_refused() -> None:
    with pytest.raises(ArchiveError, match=r"no_signature\.vtt:1: "):
        read_transcript(DATA / "no_signature.vtt")


LETTERS = st.text(st.characters(codec="utf-8"), max_size=8)
PIECES = st.sampled_from(
    [
        *("WEBVTT", "NOTE", "STYLE", "REGION", "word", "a: b", "source: log", "00:01.000", " --> ", "-->"),
        *("<v Ada>", "</v>", "<c.x>", "<00:00:01.200>", "<", ">", "&", "&#"),
        *("\n", "\n\n", "\r", " ", "\0", "\ufeff", "\x0c"),
    ]
)


@settings(max_examples=examples(100))
@given(pieces=st.lists(PIECES | LETTERS, max_size=40))
def test_any_text_is_read_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    found = read(folder, "WEBVTT\n" + "".join(pieces))
    for cue in found.cues:
        assert len(cue.words) in {0, len(cue.text.split())}
        assert " ".join(" ".join(turn.text for turn in cue.turns).split()).replace(" ", "") == "".join(cue.text.split())
    assert all(fault.line for fault in found.faults)
