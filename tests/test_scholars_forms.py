"""Transcripts go out as OHMS XML, which comes back, and as TEI, which libraries and editions read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from drawing import examples
from exporting import READING, TOLD, add_to_record, exported, write_words, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tei_schema import schema

from player.archive.archive import Archive
from player.intake.transcripts import formats
from player.publish.citation import NOTICE
from player.publish.transcripts.forms import FORMS
from player.timecode import vtt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

TEI: Final = "{http://www.tei-c.org/ns/1.0}"
ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
SEGMENT: Final = """
[[annotation]]
id = "part"
kind = "segment"
title = "The <first> & last"
start = "0:02.5"
end = "0:05"
"""


def tei(archive: Path) -> Any:
    return etree.fromstring(written(archive, "tei"))


def back(archive: Path, tmp_path: Path) -> Imported:
    path = tmp_path / "out.xml"
    path.write_bytes(written(archive, "ohms"))
    return formats.read(path)


def add_note(archive: Path, text: str) -> None:
    path = archive / "transcripts" / "tones" / "annotations.toml"
    path.write_text(path.read_text("utf-8") + text, encoding="utf-8")


def test_ohms_xml_brings_back_lines_times_voices_footnotes_and_the_index(archive: Path, tmp_path: Path) -> None:
    add_note(archive, SEGMENT)
    found = back(archive, tmp_path)
    assert found.format == "OHMS 6.0"
    assert (found.title, found.date, found.language) == ("A tape of tones", "1963-11-05", "en")
    assert [(line.start, line.end, line.text) for line in found.lines] == [
        (0, 2000, "Silence & hum."),
        (2000, 4500, "One two three."),
        (5000, 7000, "A second voice."),
        (8000, 10000, "The end."),
    ]
    assert [line.turns[0].speaker for line in found.lines] == ["Ada", "Ada", "Ben", "Ada"]
    assert [line.comments for line in found.lines] == [
        (),
        ("footnote 1: Who Ada is. A person. See the log. Sources: The log of the tones. p. 1.",),
        (),
        ("footnote 2: Something late. Near the end. Sources: The log of the tones.",),
    ]
    ((note),) = found.notes
    assert (note.start, note.title) == (2000, "The <first> & last")


def test_how_sure_a_note_is_and_what_each_claim_rests_on_goes_with_it(archive: Path, tmp_path: Path) -> None:
    claim = 'id = "left"\nsays = "It left at six."\ncertainty = "inferred"\nsources = ["log, p. 9"]\n'
    add_note(archive, f"{SEGMENT}[[annotation.claim]]\n{claim}")
    note = '\n[[annotation]]\nid = "sure"\nkind = "term"\ntitle = "Low"\nbody = "Low water."\ncue = "first"\n'
    add_note(archive, f'{note}certainty = "reported"\nsources = ["log"]\n')
    said = "It left at six. (inferred; The log of the tones. p. 9)"
    rests = "Low. Low water. Certainty: reported. Sources: The log of the tones."
    found = back(archive, tmp_path)
    assert said in found.notes[0].body
    assert f"footnote 2: {rests}" in found.lines[1].comments
    assert said in "".join(tei(archive).find(f".//*[@{ID}='note-part']").itertext())


VOICES: Final = st.sampled_from([None, "Ada", "Tom & <Hale>", "O'Neil; x"])
WORDS: Final = st.lists(
    st.sampled_from(
        ["one", "&", "<b>", "a < b", "-->", "ANNOTATIONS BEGIN", "NOTE", "]]>", "&amp;", "<c.1>", "</v>", "é", "שלום"]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


@pytest.mark.long
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(VOICES, WORDS, st.integers(1, 5_000)), min_size=1, max_size=5))
def test_any_lines_come_back_from_ohms_xml(
    archive: Path, tmp_path: Path, said: Sequence[tuple[str | None, str, int]]
) -> None:
    cues, at = "", 0
    for voice, words, length in said:
        text = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        name = voice.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") if voice else ""
        head = f"<v {name}>" if voice else ""
        cues += f"{vtt(at)} --> {vtt(at + length)}\n{head}{text}\n\n"
        at += length
    write_words(archive, cues)
    of_archive = Archive(archive).recording("tones").transcript
    assert of_archive is not None
    assert not of_archive.faults
    found = back(archive, tmp_path)
    assert [(line.start, line.end, line.text.split()) for line in found.lines] == [
        (cue.start, cue.end, cue.text.split()) for cue in of_archive.cues
    ]
    assert [line.turns[0].speaker if line.turns else None for line in found.lines] == [
        cue.speaker for cue in of_archive.cues
    ]
    assert all(not line.comments for line in found.lines)


def test_words_of_two_who_speak_in_one_line_stay_apart(archive: Path, tmp_path: Path) -> None:
    write_words(archive, "00:01.000 --> 00:02.000\n<v Ada>The boat.\n<v Ben>At six.\n")
    ((line),) = back(archive, tmp_path).lines
    assert line.text.split() == ["The", "boat.", "At", "six."]
    assert [(turn.speaker, turn.text.strip()) for turn in line.turns] == [("Ada", "The boat."), ("Ben", "At six.")]


def test_what_has_no_times_is_text_there(archive: Path, tmp_path: Path) -> None:
    write_words(archive, "NOTE untimed a\n<v Ada>Before & after.\n\nNOTE untimed b\n<v Ben>Then.\n")
    record = etree.fromstring(written(archive, "ohms"))[0]
    assert record.findtext("{*}transcript") == "ADA: Before & after.\n\nBEN: Then."
    assert record.find("{*}vtt_transcript") is None
    assert [line.text for line in back(archive, tmp_path).lines][-1].endswith("Then.")


def test_tei_has_who_says_what_when_and_on_what_it_rests(archive: Path) -> None:
    root = tei(archive)
    said = root.findall(f".//{TEI}u")
    assert ["".join(each.itertext()) for each in said] == [
        "Silence & hum.",
        "One two three.",
        "A second voice.",
        "The end.",
    ]
    moments = {f"#{each.get(ID)}": int(each.get("interval", "0")) for each in root.iter(f"{TEI}when")}
    assert [(moments[each.get("start")], moments[each.get("end")]) for each in said] == [
        (0, 2000),
        (2000, 4500),
        (5000, 7000),
        (8000, 10000),
    ]
    people = {f"#{each.get(ID)}": each.findtext(f"{TEI}persName") for each in root.iter(f"{TEI}person")}
    assert [people[each.get("who")] for each in said] == ["Ada", "Ada", "Ben", "Ada"]
    assert root.find(f".//*[@{ID}='source-log']/{TEI}title").text == "The log of the tones"
    assert [each.get("decls") for each in said] == ["#source-log.1", "#source-log.2", None, None]
    place = root.find(f".//*[@{ID}='source-log.2']")
    assert (place.get("corresp"), place.findtext(f"{TEI}citedRange")) == ("#source-log", "p. 2")
    notes = {each.get(ID): each for each in root.findall(f".//{TEI}div/{TEI}note")}
    assert notes["note-who"].get("target") == "#line-first"
    assert "A person. See the log." in "".join(notes["note-who"].itertext())


CLOSED: Final = """
[[closed]]
start = "0:05"
end = "0:07"
what = "words"
decided_by = "the keepers"
"""
SPOKEN: Final = (
    "NOTE page: 3\n\nNOTE source: log, p. 1\n\nfirst\n00:01.000 --> 00:02.000\n<v Ada>One &amp;.\n<v Ben>Two.\n\n"
    'NOTE paragraph\n\nNOTE approximate\n\nNOTE doubtful: 1 "Three."\n\ntwo\n00:02.500 --> 00:03.000\n<v Ben>Three.\n\n'
    "shut\n00:05.000 --> 00:07.000\nShut.\n\nNOTE untimed late\nFour.\n"
)


@pytest.mark.long
@pytest.mark.parametrize("language", [None, "es"])
def test_tei_is_as_the_schema_of_tei_has_it(language: str | None, archive: Path) -> None:
    notes = (archive / "transcripts" / "tones" / "annotations.toml").read_text("utf-8")
    write_words(archive, SPOKEN)
    (archive / "transcripts" / "tones" / "annotations.toml").write_text(f"{notes}{SEGMENT}", encoding="utf-8")
    add_to_record(archive, f"{READING}{TOLD}")
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8") + CLOSED, encoding="utf-8")
    head = "WEBVTT\nLanguage: es\nLocal Usage Element: [Translated By] A translator\n\n"
    words = f"{head}first\n00:01.000 --> 00:02.000\n<v Ada>Uno dos.\n"
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(words, encoding="utf-8")
    root = etree.fromstring(written(archive, "tei", language=language))
    said = {etree.QName(each).localname for each in root.iter()}
    assert said >= {"u", "gap", "note", "milestone", "pb", "when", "application", "bibl"}
    held = schema()
    assert held.validate(root), held.error_log
    root.find(f".//{TEI}u").tag = f"{TEI}utterance"
    assert not held.validate(root)


def test_a_source_that_only_a_note_names_is_described_in_both(archive: Path) -> None:
    path = archive / "transcripts" / "sources.toml"
    other = '\n[[source]]\nid = "tides"\nkind = "reference"\ntitle = "A table of tides"\n'
    path.write_text(f'{path.read_text("utf-8")}{other}seen = "full"\nrights = "unknown"\n', encoding="utf-8")
    note = '\n[[annotation]]\nid = "low"\nkind = "term"\ntitle = "Low"\nbody = "Low water."\ncue = "first"\n'
    add_note(archive, f'{note}sources = ["tides, p. 3"]\n')
    assert "Low. Low water. Sources: A table of tides. p. 3." in written(archive, "ohms").decode()
    root = tei(archive)
    assert "Sources: A table of tides. p. 3." in "".join(root.find(f".//*[@{ID}='note-low']").itertext())
    assert root.find(f".//*[@{ID}='source-tides']/{TEI}title").text == "A table of tides"


def test_every_name_in_tei_is_one_that_xml_has_and_each_stands_once(archive: Path) -> None:
    write_words(archive, "7\n00:01.000 --> 00:02.000\n<v Ada>One.\n<v Ben>Two.\n\n00:02.000 --> 00:02.000\nThree.\n")
    root = tei(archive)
    names = [each.get(ID) for each in root.iter() if each.get(ID)]
    assert len(names) == len(set(names))
    for each in root.iter():
        for key in ("start", "end", "who", "since"):
            assert each.get(key, "#t0")[1:] in {*names, "t0"}
    assert [each.get("who") for each in root.iter(f"{TEI}u")] == ["#voice-1", "#voice-2", None]


def test_the_header_of_tei_says_what_is_to_be_known_first(archive: Path) -> None:
    add_to_record(archive, f"{READING}{TOLD}")
    root = tei(archive)
    told = " ".join("".join(each.itertext()) for each in root.findall(f".//{TEI}notesStmt/{TEI}note"))
    assert "Synthetic tones, not the tape." in told
    assert "A door is <shut> & loud." in told
    assert NOTICE.lower() in "".join(root.find(f".//{TEI}recording").itertext()).lower()
    assert root.findtext(f".//{TEI}publisher") == "the keepers"


@pytest.mark.parametrize("form", ["ohms", "tei"])
def test_nothing_that_is_closed_is_in_either(form: str, archive: Path) -> None:
    add_to_record(archive, '\n[[closed]]\ncue = "first"\nwhat = "both"\nuntil = "2941"\nreason = "So & so."\n')
    text = written(archive, form).decode()
    assert "closed until 2941" in text
    assert not any(said in text for said in ("two three", "Who Ada is", "A <em>person"))
    if form == "tei":
        (gap,) = etree.fromstring(text.encode()).iter(f"{TEI}gap")
        assert gap.get("reason") == "closed"


def test_the_forms_are_xml_whatever_is_said(archive: Path) -> None:
    write_words(archive, "00:01.000 --> 00:02.000\n<v A\N{ZERO WIDTH SPACE}da>\x01One \ufffe&#0; ]]> two\n")
    for form in ("ohms", "tei"):
        etree.fromstring(FORMS[form].write(exported(archive)))
