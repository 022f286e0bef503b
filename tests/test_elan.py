"""ELAN's documents: tiers are voices, slots without a time are placed and marked, words keep their times."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import pytest
from imported_lines import DATA, are_whole, read, told
from pympi import Eaf

from player.errors import ArchiveError
from player.intake.transcripts import formats

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported


def imported(path: Path, text: str) -> Imported:
    path /= "talk.eaf"
    path.write_text(text, encoding="utf-8")
    found = formats.read(path)
    are_whole(found)
    return found


def document(*tiers: str, slots: dict[str, str | None], header: str = "<HEADER/>") -> str:
    times = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="{name}"{"" if value is None else f" TIME_VALUE={value!r}"}/>'
        for name, value in slots.items()
    )
    inner = "".join(tiers)
    return f"<ANNOTATION_DOCUMENT>{header}<TIME_ORDER>{times}</TIME_ORDER>{inner}</ANNOTATION_DOCUMENT>"


def tier(name: str, *annotations: tuple[str, str, str], more: str = "") -> str:
    inner = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{at}" TIME_SLOT_REF1="{first}" TIME_SLOT_REF2="{last}">'
        f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
        for at, (first, last, text) in enumerate(annotations)
    )
    return f'<TIER TIER_ID="{name}" {more}>{inner}</TIER>'


def test_participants_are_voices_and_translations_are_told() -> None:
    found = read("elan/two-speakers.eaf")
    assert [(line.start, line.end, line.turns[0].speaker, line.text) for line in found.lines] == [
        (500, 2100, "Ines", "When did the ferry stop?"),
        (1900, 3600, "Tom", "In the winter & for good."),
        (4000, 4900, "Ines", "And the jetty?"),
    ]
    assert (found.format, found.language) == ("ELAN 3.0", "en")
    assert told(found) == [
        "left out 1 annotation without words",
        'left out 1 annotation that divides or explains others, on the tier "B-translation"',
    ]


def test_a_slot_without_a_time_is_placed_between_its_neighbours_and_marked() -> None:
    found = read("elan/slots-without-times.eaf")
    assert [(line.start, line.end, line.is_approximate) for line in found.lines] == [
        (1000, 3000, True),
        (3000, 5000, True),
        (5000, 7000, True),
        (8000, None, False),
    ]
    assert told(found) == ["mended 3 lines placed between their neighbours, roughly"]


def test_a_document_in_utf_16_that_names_no_schema_is_read() -> None:
    found = read("elan/no-schema-utf16.eaf")
    assert [line.text for line in found.lines] == ["Über den Hafen.", "Und zurück."]
    assert found.speakers == ("Jörg",)


def test_words_below_a_line_give_it_their_times() -> None:
    found = read("elan/words.eaf")
    assert [(line.text, line.words) for line in found.lines] == [("The planks were wet.", (0, 380, 1050, 1520))]


def test_frames_and_the_offset_of_the_sound_count() -> None:
    line = read("elan/frames-and-offset.eaf").lines[0]
    assert (line.start, line.end) == (25 * 40 + 2500, 50 * 40 + 2500)


@pytest.mark.parametrize("name", ["two-speakers", "slots-without-times"])
def test_pympi_reads_the_same_where_slots_have_times(name: str) -> None:
    """An independent reader of valid documents."""
    with catch_warnings():
        simplefilter("ignore")
        other = Eaf(str(DATA / f"elan/{name}.eaf"))
    theirs = {
        (start, end, text)
        for each, attributes in ((each, other.get_parameters_for_tier(each)) for each in other.get_tier_names())
        if "PARENT_REF" not in attributes
        for start, end, text, *_ in other.get_annotation_data_for_tier(each)
        if text and start is not None and end is not None
    }
    ours = {(line.start, line.end, line.text) for line in read(f"elan/{name}.eaf").lines if not line.is_approximate}
    assert {each for each in ours if each[1] is not None} == theirs


def test_lines_without_any_times_near_are_untimed_after_the_one_before(tmp_path: Path) -> None:
    slots = {"a": "1000", "b": "2000", "c": None, "d": None, "e": "500", "f": "9000"}
    tiers = tier("Ines", ("a", "b", "Cast off."), ("c", "d", "Now.")), tier("Tom", ("e", "f", "I am coming along."))
    found = imported(tmp_path, document(*tiers, slots=slots))
    assert [(line.text, line.start) for line in found.lines] == [
        ("I am coming along.", 500),
        ("Cast off.", 1000),
        ("Now.", None),
    ]
    assert told(found) == ["mended 1 line without a time on either side, untimed"]


def test_slots_without_a_time_at_the_end_of_a_tier_are_placed_by_the_order_of_all(tmp_path: Path) -> None:
    slots = {"a": "0", "b": None, "c": None, "d": "9000", "e": None}
    tiers = (
        tier("Tom", ("c", "d", "Three."), ("d", "e", "Four.")),
        tier("Ines", ("a", "b", "One."), ("b", "c", "Two."), ("e", "e", "Five.")),
    )
    found = imported(tmp_path, document(*tiers, slots=slots))
    assert [(line.text, line.start, line.end, line.is_approximate) for line in found.lines] == [
        ("One.", 0, 3_000, True),
        ("Two.", 3_000, 6_000, True),
        ("Three.", 6_000, 9_000, True),
        ("Four.", 9_000, None, False),
        ("Five.", None, None, False),
    ]


def test_lines_without_times_are_in_the_order_of_their_slots(tmp_path: Path) -> None:
    slots = {"a": "0", "b": None, "c": None, "d": None}
    tiers = tier("Tom", ("c", "d", "Three.")), tier("Ines", ("a", "b", "One."), ("b", "c", "Two."))
    assert [line.text for line in imported(tmp_path, document(*tiers, slots=slots)).lines] == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("name", ["Comments", "notes", "comment@Ines", "Ines_Kommentar", "{} {x} Comments"])
def test_what_a_transcriber_thinks_is_said_by_nobody(tmp_path: Path, name: str) -> None:
    slots: dict[str, str | None] = {"a": "0", "b": "9000"}
    comments = tier(name, ("a", "b", "She whispers."), more='PARTICIPANT="Ines"')
    found = imported(tmp_path, document(tier("Ines", ("a", "b", "Cast off.")), comments, slots=slots))
    assert [line.text for line in found.lines] == ["Cast off."]
    assert [(each.what.partition(",")[0][-9:], each.lines) for each in found.remarks] == [("1 comment", (1,))]
    (alone,) = imported(tmp_path, document(tier(name, ("a", "b", "She whispers.")), slots=slots)).lines
    assert (alone.text, alone.turns) == ("She whispers.", ())


def test_words_that_hang_on_a_tier_of_numbers_are_its_words(tmp_path: Path) -> None:
    """So do Toolbox and FLEx, where they are exported to ELAN."""
    hung = "".join(
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="x{at}" ANNOTATION_REF="{at}">'
        f"<ANNOTATION_VALUE>{text}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
        for at, text in enumerate(["The tide came in.", "We went home."])
    )
    below = f'<TIER TIER_ID="tx@Ines" PARENT_REF="ref@Ines">{hung}</TIER>'
    numbers = tier("ref@Ines", ("a", "b", "flood_001"), ("c", "d", "flood_002"))
    found = imported(tmp_path, document(numbers, below, slots={"a": "0", "b": "1500", "c": "2000", "d": "3000"}))
    assert [(line.text, line.start) for line in found.lines] == [("The tide came in.", 0), ("We went home.", 2_000)]
    assert found.speakers == ("Ines",)
    assert told(found) == ['read 1 tier whose words stand on another, "tx@Ines"']


@pytest.mark.parametrize(
    ("name", "voice"),
    [("Ines", "Ines"), ("tx@Ines", "Ines"), ("Ines-transcription", "Ines"), ("Ines_utterances", "Ines"), ("ref", None)],
)
def test_a_tiers_name_is_a_voice_without_what_stands_on_it(tmp_path: Path, name: str, voice: str | None) -> None:
    found = imported(tmp_path, document(tier(name, ("a", "b", "Cast off.")), slots={"a": "0", "b": "900"}))
    assert found.speakers == (() if voice is None else (voice,))


@pytest.mark.parametrize("value", ["soon", "", "1e99", "-99999999999999", "٣"])
def test_a_time_that_is_none_is_told(tmp_path: Path, value: str) -> None:
    found = imported(tmp_path, document(tier("Ines", ("a", "b", "Cast off now.")), slots={"a": value, "b": "2000"}))
    assert found.lines[0].start is None
    assert told(found)[0] == "mended 1 time that is none"


def test_slots_that_are_not_there_and_tiers_above_themselves_do_no_harm(tmp_path: Path) -> None:
    tiers = (
        tier("A", ("x", "y", "Cast off."), more='PARENT_REF="B"'),
        tier("B", ("x", "y", "And go."), more='PARENT_REF="A"'),
        tier("C", ("x", "y", "At once."), more='PARENT_REF="none"'),
    )
    found = imported(tmp_path, document(*tiers, slots={}))
    assert [line.text for line in found.lines] == ["At once."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<ANNOTATION_DOCUMENT>", "this is not XML"),
        ("<ANNOTATION_DOCUMENT/>", "no words were found"),
        ("<x><ANNOTATION_DOCUMENT/></x>", "no document of ELAN"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>', "declares a document type"),
        ("<ANNOTATION_DOCUMENT>" + "<a>" * 5_000, "this is not XML"),
        ("<ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>", "this is not XML"),
        ('<ANNOTATION_DOCUMENT xmlns:q="http://quay\u202e.example"/>', r"not XML .*quay\\u202e\.example"),
    ],
)
def test_what_is_no_document_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        imported(tmp_path, text)


def test_a_document_type_in_utf_16_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "talk.eaf"
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><ANNOTATION_DOCUMENT/>'
    path.write_bytes(text.encode("utf-16"))
    with pytest.raises(ArchiveError, match="declares a document type"):
        formats.read(path)


def test_more_tiers_than_any_conversation_has_are_refused(tmp_path: Path) -> None:
    tiers = [tier(f"T{at}", ("a", "b", "Aye."), more=f'PARENT_REF="T{at + 1}"') for at in range(501)]
    with pytest.raises(ArchiveError, match="more than 500 tiers"):
        imported(tmp_path, document(*tiers, slots={}))


def test_what_is_needed_and_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(ArchiveError, match=r"pip install 'tape-player\[import\]'"):
        read("elan/words.eaf")
