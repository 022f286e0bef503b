"""The blocks of a WebVTT file are those that its parsing rules find."""

from __future__ import annotations

import pytest

from player.archive.webvtt.blocks import is_signed, normal, scan, timestamp, timing
from player.errors import quoted

TIMES = "00:01.000 --> 00:02.000"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("00:00.000", 0),
        ("00:01.500", 1_500),
        ("59:59.999", 3_599_999),
        ("00:00:01.500", 1_500),
        ("1:00:00.000", 3_600_000),
        ("100:00:00.001", 360_000_001),
        ("00000000000001:00:00.000", 3_600_000),
        ("60:00.000", None),
        ("00:60.000", None),
        ("00:60:00.000", None),
        ("1:00.000", None),
        ("00:1.000", None),
        ("00:00.00", None),
        ("00:00.0000", None),
        ("00:00", None),
        ("00:00,000", None),
        (" 00:00.000", None),
        ("00:00.000 ", None),
        ("-00:00.000", None),
        ("\u0660\u0660:\u0660\u0660.\u0660\u0660\u0660", None),
    ],
)
def test_a_timestamp_is_read_to_the_letter(text: str, moment: int | None) -> None:
    assert timestamp(text) == moment


def test_hours_without_end_are_read_as_very_many() -> None:
    assert timestamp("9" * 9_999 + ":00:00.000") == 9_999_999_999 * 3_600_000


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (TIMES, (1_000, 2_000, "")),
        ("\t00:01.000-->\x0c00:02.000align:start", (1_000, 2_000, "align:start")),
        ("00:02.000 --> 00:01.000 a --> b", (2_000, 1_000, " a --> b")),
        ("\xa000:01.000 --> 00:02.000", None),
        ("00:01.000 -> --> 00:02.000", None),
        ("00:01.000 -->", None),
        ("--> 00:02.000", None),
        ("00:01.0000 --> 00:02.000", None),
        ("00:01.000 --> 00:02.0000", None),
        ("x 00:01.000 --> 00:02.000", None),
    ],
)
def test_a_timing_line_is_read_as_a_browser_reads_it(line: str, expected: tuple[int, int, str] | None) -> None:
    assert timing(line) == expected


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("WEBVTT", True),
        ("WEBVTT title", True),
        ("WEBVTT\ttitle", True),
        ("WEBVTT\nType: caption", True),
        ("WEBVTTx", False),
        ("WEBVTT\x0c", False),
        ("WEBVTT\xa0", False),
        ("webvtt", False),
        (" WEBVTT", False),
        ("\nWEBVTT", False),
        ("", False),
    ],
)
def test_only_the_signature_begins_a_file(text: str, is_one: bool) -> None:
    assert is_signed(text) is is_one


def test_line_ends_become_one_and_nul_a_replacement() -> None:
    assert normal("a\r\nb\rc\n\r\0") == "a\nb\nc\n\n\ufffd"


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("", []),
        ("\n\n\n", []),
        (f"\n{TIMES}\nwords", [("cue", 3)]),
        (f"\nid\n{TIMES}\nwords\n\n{TIMES}", [("cue", 3), ("cue", 7)]),
        (f"\n{TIMES}\nwords\n{TIMES}\nwords", [("cue", 3), ("cue", 5)]),
        (f"\n{TIMES}\n{TIMES}", [("cue", 3), ("cue", 4)]),
        (f"\na\nb\n{TIMES}\nwords", [("stray", 3), ("cue", 5)]),
        (f"{TIMES}\nwords", [("cue", 2)]),
        (f"Type: caption\n{TIMES}\nwords", [("cue", 3)]),
        ("\nNOTE\nwords", [("comment", 3)]),
        ("\nNOTE\twords", [("comment", 3)]),
        ("\nNOTES\nwords", [("stray", 3)]),
        (f"\nNOTE\n{TIMES}\nwords", [("cue", 3)]),
        ("\nNOTE -->\nwords", [("lost", 3)]),
        ("\nSTYLE\nx\n\nREGION \nid:a", [("style", 3), ("region", 6)]),
        (f"\n{TIMES}\nx\n\nSTYLE\t\nx\n\nREGION\nid:a", [("cue", 3), ("late", 6), ("late", 9)]),
        ("\n-->\nwords\n\nSTYLE\nx", [("lost", 3), ("style", 6)]),
        (f"\nid\n-->\nwords\n{TIMES}", [("lost", 3), ("cue", 6)]),
        (f"\n \n{TIMES}\n \n\n", [("cue", 3)]),
    ],
)
def test_blocks_begin_and_end_where_the_rules_say(body: str, blocks: list[tuple[str, int]]) -> None:
    assert [(block.kind, block.line) for block in scan(f"WEBVTT\n{body}").blocks] == blocks


def test_a_cue_has_its_identifier_times_and_payload() -> None:
    (block,) = scan(f"WEBVTT\n\n the id \n{TIMES} line:0\none\n \ntwo\n").blocks
    assert block.identifier == " the id "
    assert block.timing == (1_000, 2_000, " line:0")
    assert block.payload == "one\n \ntwo"
    assert (block.line, block.timing_line) == (3, 4)


def test_a_cue_that_breaks_into_a_block_is_not_apart() -> None:
    blocks = scan(f"WEBVTT\n\n{TIMES}\nwords\n{TIMES}\nwords").blocks
    assert [block.apart for block in blocks] == [True, False]


def test_header_lines_are_those_below_the_signature() -> None:
    assert scan("WEBVTT title\nType: caption\nLanguage: eng\n\nNOTE x").header == ("Type: caption", "Language: eng")
    assert scan("WEBVTT\n\nType: caption").header == ()


def test_hostile_text_is_quoted_short_and_plain() -> None:
    assert quoted("a\x1b[31m\u202e") == '"a\\x1b[31m\\u202e"'
    assert len(quoted("x" * 1_000)) == 63
