"""TEI comes in as editions, corpora and oral historians write it, what is no word is told, and our own returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import machine_ferry
import pytest
from clipping import run
from exporting import add_to_record, write_words, written

from player.archive.archive import Archive
from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.imported import Deed

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

TEI: Final = '<TEI xmlns="http://www.tei-c.org/ns/1.0">'
HEAD: Final = """\
 <teiHeader>
  <fileDesc>
   <titleStmt><title>The harbour office</title></titleStmt>
   <publicationStmt><date when="2020-01-01"/></publicationStmt>
   <sourceDesc><recordingStmt>
    <recording><date when="1971-03-04">4 March 1971</date></recording>
   </recordingStmt></sourceDesc>
  </fileDesc>
  <profileDesc>
   <langUsage><language ident="eng">English</language></langUsage>
   <particDesc><listPerson>
    <person xml:id="SPK0" n="REED">
     <persName><forename>Ben</forename> <surname>Reed</surname><abbr>REED</abbr></persName>
    </person>
    <person xml:id="SPK1" n="Hale"/>
   </listPerson></particDesc>
  </profileDesc>
 </teiHeader>
"""
TIMELINE: Final = """\
 <timeline unit="s" origin="#T0">
  <when xml:id="T0" absolute="12:20:00"/>
  <when xml:id="T1" interval="1.5" since="#T0"/>
  <when xml:id="T2" interval="0.75" since="#T1"/>
  <when xml:id="T3" absolute="12:20:04"/>
  <when xml:id="T4" interval="-1"/>
 </timeline>
"""


def read(tmp_path: Path, body: str, *, head: str = HEAD, timeline: str = TIMELINE) -> Imported:
    path = tmp_path / "talk.xml"
    declared = f'<?xml version="1.0" encoding="UTF-8"?>\n{TEI}\n{head}'
    text = f'{declared}<text xml:lang="en">\n{timeline}<body>\n{body}\n</body></text></TEI>'
    path.write_text(text, encoding="utf-8")
    return formats.read(path)


def lines(found: Imported) -> list[tuple[int | None, int | None, str | None, str]]:
    return [(line.start, line.end, line.turns[0].speaker if line.turns else None, line.text) for line in found.lines]


def left_out(found: Imported) -> list[str]:
    return [each.what for each in found.remarks if each.deed is Deed.LEFT_OUT and "its header says" not in each.what]


def test_utterances_have_voices_and_times_of_the_timeline(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '<u who="#SPK0" start="#T1" end="#T2">The ferry\n  left.</u><u who="#SPK1" start="#T3">At <emph>six</emph>?</u>'
        '<u who="#SPK0 #SPK1" start="#T4">Yes.</u><u who="#SPK9">Who?</u>',
    )
    assert lines(found) == [
        (1500, 2250, "Ben Reed", "The ferry left."),
        (4000, None, "Hale", "At six?"),
        (None, None, "Ben Reed and Hale", "Yes."),
        (None, None, "SPK9", "Who?"),
    ]
    assert (found.title, found.date, found.language, found.format) == ("The harbour office", "1971-03-04", "en", "TEI")


def test_words_and_marks_of_corpora_become_text_and_their_anchors_times_of_words(tmp_path: Path) -> None:
    """As ISO 24624 has it, and EXMARaLDA writes it: a block with the times, anchors between the words."""
    found = read(
        tmp_path,
        """<annotationBlock who="#SPK0" start="#T0" end="#T3"><u><seg type="utterance">
          <w>The</w><anchor synch="#T1"/>
          <w>ferry</w><pc>,</pc> <pause type="short"/> <w>l</w><w join="left">’eau</w><anchor synch="#T2"/>
          <w>left</w><pc>.</pc>
          <anchor synch="#T3"/></seg></u>
          <spanGrp type="pos"><span from="#T0" to="#T1">DET</span></spanGrp></annotationBlock>
          <annotationBlock who="#SPK1"><u><anchor synch="#T1"/><w>Oh</w><anchor synch="#T2"/></u></annotationBlock>""",
    )
    assert lines(found) == [
        (0, 4000, "Ben Reed", "The ferry, [short pause] l’eau left."),
        (1500, 2250, "Hale", "Oh"),
    ]
    assert found.lines[0].words == (0, 1500, None, None, None, 2250)
    assert left_out(found) == ["1 row of remarks on words"]


def test_times_beside_the_words_are_read_as_clocks_show_them(tmp_path: Path) -> None:
    """As oral historians have published it, with SMIL's attributes and the persons in the body."""
    found = read(
        tmp_path,
        """<listPerson><person xml:id="q"><persName>Interviewer</persName></person></listPerson>
        <div type="tape"><incident><desc>Part 1</desc></incident><div><u who="#q">
        <seg smil:begin="00:00:23.685" smil:end="00:00:42.25">Where did it land?</seg>
        <seg smil:begin="00:00:42.25" smil:end="00:02:46.138">And when?</seg></u></div></div>""".replace(
            "<listPerson>", '<listPerson xmlns:smil="http://www.w3.org/ns/SMIL">'
        ).replace("<div type", '<div xmlns:smil="http://www.w3.org/ns/SMIL" type'),
        timeline="",
    )
    assert lines(found) == [
        (None, None, None, "[Part 1]"),
        (23_685, 42_250, "Interviewer", "Where did it land?"),
        (42_250, 166_138, "Interviewer", "And when?"),
    ]


def test_paragraphs_of_a_speech_without_times_are_lines(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """<head>Morning</head><note>Hale comes in.</note><pb n="12"/>
        <u who="#SPK0"><seg>One.</seg><seg>Two.</seg></u><pb n="13"/>
        <sp who="#SPK1"><speaker>HALE:</speaker><p>Three.</p><p>Four.</p></sp><p>The end.</p>""",
    )
    assert lines(found) == [
        *((None, None, "Ben Reed", "One."), (None, None, "Ben Reed", "Two.")),
        *((None, None, "HALE", "Three."), (None, None, "HALE", "Four.")),
    ]
    assert [line.page for line in found.lines] == ["12", "12", "13", "13"]
    assert left_out(found) == ["1 heading", "1 note", "1 passage beside what is said"]


def test_no_words_are_lost_without_a_word(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """<div>Loose words.
             <annotationBlock who="#a"><u>One.</u>Loose too.<note>Beside.</note>
               <annotationBlock><u who="#b">Two<u>Three.</u></u></annotationBlock>
               <sp><p>Four.</p></sp></annotationBlock>
             <sp>Loose as well.<speaker>Ann</speaker><p>Five.</p><div><sp><p>Six.</p></sp></div></sp>
           </div></body></text><text><body><u>Seven.</u>""",
    )
    assert [each.text for each in found.lines] == ["One.", "Two Three.", "Four.", "Five.", "Six.", "Seven."]
    assert left_out(found) == ["3 passages beside what is said", "1 note"]


def test_what_is_no_word_is_in_brackets_doubtful_or_told(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """<u who="#SPK0">The <unclear>pack ice</unclear> <del>was</del>
        <choice><orig>wuz</orig><reg>was</reg></choice> <supplied>very</supplied> near<note>By the mole.</note>
        <vocal><desc>((laughs))</desc></vocal><incident type="door"/><gap reason="inaudible"/><shift feature="loud"/>
        <pause/>.</u><pause dur="PT3S"/><kinesic/><u/>""",
    )
    assert [line.text for line in found.lines] == [
        "The pack ice wuz [very] near [laughs] [door] [inaudible] [pause] .",
        "[gesture]",
    ]
    assert found.lines[0].comments == ('doubtful: 2-3 "pack ice"', "note: By the mole.")
    assert sorted(left_out(found)) == [
        *("1 change of the voice", "1 deletion", "1 other form of the same words", "1 pause between lines"),
        "1 utterance without words",
    ]


def test_lines_stand_in_the_order_of_their_times(tmp_path: Path) -> None:
    found = read(tmp_path, '<u start="#T3">Late.</u><u>Behind it.</u><u start="#T1" end="#T1">Early.</u>')
    assert lines(found) == [(1500, None, None, "Early."), (4000, None, None, "Late."), (None, None, None, "Behind it.")]
    assert "1 end that is no later than its start" in [each.what for each in found.remarks]


def test_times_that_lead_nowhere_or_round_are_told_and_time_nothing(tmp_path: Path) -> None:
    timeline = """<timeline origin="#a" unit="s"><when xml:id="a"/><when xml:id="b" interval="1" since="#c"/>
        <when xml:id="c" interval="1" since="#b"/><when xml:id="d" interval="9e30" since="#a"/>
        <when xml:id="e" interval="2" since="#z"/><when xml:id="f" interval="NaN"/></timeline>"""
    body = "".join(f'<u start="#{each}">{each}.</u>' for each in "abcdefg")
    found = read(tmp_path, body, timeline=timeline)
    assert [line.start for line in found.lines] == [0, *([None] * 6)]
    told = [each.what for each in found.remarks if each.deed is Deed.MENDED]
    assert told == ["1 time that the timeline does not have, so nothing is timed by it"]


@pytest.mark.long
def test_a_long_row_of_moments_that_leads_nowhere_is_walked_once(tmp_path: Path) -> None:
    """Each of them alone would take all that come behind it: 20,000 took three minutes."""
    count = 100_000
    chain = "".join(f'<when xml:id="t{at}" interval="1" since="#t{at + 1}"/>' for at in range(count))
    found = read(tmp_path, '<u start="#t5">One.</u>', timeline=f'<timeline unit="s">{chain}</timeline>')
    assert lines(found) == [(None, None, None, "One.")]


REFUSED: Final = {
    "expands": (f'<!DOCTYPE TEI [<!ENTITY a "aaa">]>{TEI}<text><u>&a;</u></text></TEI>', "declares a document type"),
    "from elsewhere": (f'<!DOCTYPE TEI SYSTEM "http://127.0.0.1:1/a">{TEI}<text/></TEI>', "declares a document type"),
    "broken": (f"{TEI}<text><u>One.</text></TEI>", ":1: this is not XML (Opening and ending tag mismatch"),
    "no text": (f"{TEI}{HEAD}</TEI>", "it has no utterances (u or sp), so it is no transcription of speech"),
    "an edition": (f"{TEI}{HEAD}<text><body>\n<p>A letter.</p></body></text></TEI>", "it has no utterances"),
    "nobody speaks": (f"{TEI}<text><body><u/></body></text></TEI>", "nobody says anything in it"),
    "a corpus": (
        f"<teiCorpus>{TEI}</TEI>{TEI}</TEI></teiCorpus>",
        "it holds 2 documents; bring in one document at a time",
    ),
    "deep": (f"{TEI}<text><u>{'<seg>' * 300}One.{'</seg>' * 300}</u></text></TEI>", "this is not XML (Excessive depth"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_transcription_is_refused_whole(case: str, archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "talk.xml"
    path.write_text(REFUSED[case][0], encoding="utf-8")
    before = (archive / "transcripts" / "tones" / "transcript.vtt").read_bytes()
    answer = run(archive, "import", "tones", str(path), "--format", "tei", "--force")
    assert answer.exit_code == 1
    assert REFUSED[case][1] in answer.stderr, answer.stderr
    assert (archive / "transcripts" / "tones" / "transcript.vtt").read_bytes() == before


def test_what_is_nested_as_deep_as_xml_may_be_is_read_or_refused(tmp_path: Path) -> None:
    try:
        found = read(tmp_path, f"<u>{'<seg>' * 245}One.{'</seg>' * 245}</u>")
    except ArchiveError as refusal:
        assert "it is nested too deep" in str(refusal)  # noqa: PT017  # which of the two depends on the stack
    else:
        assert [line.text for line in found.lines] == ["One."]


def test_our_own_comes_back_with_voices_sources_pages_and_paragraphs(archive: Path, tmp_path: Path) -> None:
    words = (
        "NOTE page: 3\n\nNOTE source: log, p. 1\n\none\n00:01.000 --> 00:02.000\n<v Ada>One.\n<v Ben>Two.\n\n"
        "NOTE paragraph\n\nNOTE source: log, p. 2\n\ntwo\n00:02.500 --> 00:03.000\n<v Ben>Three &lt;b&gt;.\n"
    )
    write_words(archive, words)
    path = tmp_path / "back.tei.xml"
    path.write_bytes(written(archive, "tei"))
    found = formats.read(path)
    (before,) = (Archive(archive).recording("tones").transcript,)
    assert before is not None
    assert [
        (each.id, each.text, each.turns, each.start, each.end, each.page, each.citations, each.opens_paragraph)
        for each in found.lines
    ] == [
        (each.id, each.text, each.turns, each.start, each.span.end, each.page, each.citations, each.opens_paragraph)
        for each in before.cues
    ]
    answer = run(archive, "import", "tones", str(path), "--force")
    assert answer.exit_code == 0, answer.stderr
    after = Archive(archive).recording("tones").transcript
    assert after is not None
    assert [(each.id, each.turns, each.citations) for each in after.lines] == [
        (each.id, each.turns, each.citations) for each in before.lines
    ]


def test_what_is_to_be_known_of_a_recording_is_told(archive: Path, tmp_path: Path) -> None:
    add_to_record(archive, '\nadvice = "A door is shut."\n')
    path = tmp_path / "back.tei.xml"
    path.write_bytes(written(archive, "tei"))
    assert formats.read(path).notices == ("Before you listen: A door is shut.",)


def test_words_of_a_machine_stay_its_words(tmp_path: Path) -> None:
    path = tmp_path / "back.tei.xml"
    path.write_bytes(written(machine_ferry.write_archive(tmp_path / "archive"), "tei", machine_ferry.SLUG))
    assert str(formats.read(path).machine) == "faster-whisper 1.2.1, tiny.en, 2026-11-27"


def test_a_translation_is_not_taken_for_what_was_said(archive: Path, tmp_path: Path) -> None:
    head = "WEBVTT\nLanguage: es\nLocal Usage Element: [Translated By] A translator\n\n"
    cue = "first\n00:02.000 --> 00:04.500\n<v Ada>Uno dos tres.\n"
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(head + cue, encoding="utf-8")
    path = tmp_path / "back.tei.xml"
    path.write_bytes(written(archive, "tei", language="es"))
    with pytest.raises(ArchiveError, match="this is a translation, and not what was said; export the recording"):
        formats.read(path)
