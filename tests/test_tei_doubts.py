"""In TEI, doubtful words are ``unclear`` and other readings an apparatus, as editions have them; both return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from doubted_ferry import write_doubted
from exporting import write_words, written
from lxml import etree
from machine_ferry import SLUG
from tei_schema import schema
from test_tei_import import left_out, read

from player.archive.archive import Archive
from player.archive.doubts import doubts
from player.archive.transcript import Turn
from player.intake.transcripts import formats

if TYPE_CHECKING:
    from pathlib import Path

TEI: Final = "{http://www.tei-c.org/ns/1.0}"
#: Words that are doubtful, that are read otherwise by somebody, both at once, and in what a second voice says.
DOUBTED: Final = (
    'NOTE doubtful: 2 "packet,"\n\nNOTE variant: 4-5 "pack ice": "black ice", typescript\n\n'
    'NOTE variant: 4-5 "pack ice": "pack < \\"rice\\""\n\nNOTE doubtful: 8 "noon."\n\n'
    'NOTE variant: 8 "noon.": "moon."\n\n'
    "one\n00:01.000 --> 00:02.000\n<v Ada>The packet, the pack ice\n<v Ben>left at noon.\n"
)


def came_back(archive: Path, tmp_path: Path) -> tuple[str, ...]:
    path = tmp_path / "back.tei.xml"
    path.write_bytes(written(archive, "tei"))
    (line,) = formats.read(path).lines
    assert line.turns == (Turn("Ada", "The packet, the pack ice"), Turn("Ben", "left at noon."))
    return line.comments


def test_doubts_and_readings_are_elements_and_return(archive: Path, tmp_path: Path) -> None:
    write_words(archive, DOUBTED)
    first, second = etree.fromstring(written(archive, "tei")).iter(f"{TEI}u")
    assert [each.text for each in first.iter(f"{TEI}unclear")] == ["packet,"]
    assert "".join(first.find(f"{TEI}app/{TEI}lem").itertext()) == "pack ice"
    assert [each.text for each in first.iter(f"{TEI}rdg")] == ["black ice", 'pack < "rice"']
    assert [each.text for each in first.iter(f"{TEI}wit")] == ["typescript"]
    assert second.findtext(f"{TEI}app/{TEI}lem/{TEI}unclear") == "noon."
    transcript = Archive(archive).recording("tones").transcript
    assert transcript is not None
    assert sorted(came_back(archive, tmp_path)) == sorted(transcript.lines[0].comments)
    assert len(doubts(transcript.lines[0])) == 3


def test_doubts_that_share_words_are_told_beside_the_first(archive: Path, tmp_path: Path) -> None:
    write_words(archive, DOUBTED.replace("NOTE doubtful: 2", 'NOTE doubtful: 1-2 "The packet,"\n\nNOTE doubtful: 2'))
    found = came_back(archive, tmp_path)
    assert 'doubtful: 1-2 "The packet,"' in found
    assert "note: “packet,” is doubtful" in found
    assert 'doubtful: 2 "packet,"' not in found


def test_what_a_machine_doubted_is_no_word_and_no_doubt_of_a_person(tmp_path: Path) -> None:
    root = write_doubted(tmp_path / "archive")
    (root / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    path = tmp_path / "back.tei.xml"
    path.write_bytes(written(root, "tei", SLUG))
    found = formats.read(path)
    there = Archive(root).recording(SLUG).transcript
    assert there is not None
    assert [line.text.split() for line in found.lines] == [line.text.split() for line in there.lines]
    assert "tamarack" not in "".join(each for line in found.lines for each in line.comments)
    assert any("of which the machine was not sure" in each for each in left_out(found))


def test_readings_of_others_come_in_with_who_reads_so(tmp_path: Path) -> None:
    body = """<u>The <app><lem wit="#A">ferry</lem><rdg wit="#B #C">fairy</rdg><rdg wit="#D"/></app>
        <app><rdg>left</rdg><rdg resp="--&gt;">lift</rdg></app>.</u>"""
    found = read(tmp_path, body)
    assert found.lines[0].text == "The ferry left."
    assert found.lines[0].comments == ('variant: 2 "ferry": "fairy", B C', 'variant: 3 "left.": "lift"')
    assert left_out(found) == ["1 other form of the same words"]


def test_where_a_part_of_a_word_is_doubtful_or_read_otherwise_the_word_is(tmp_path: Path) -> None:
    body = """<u>The pac<unclear>ket and</unclear> the <unclear> boat</unclear>s at
        No<app><lem>on</lem><rdg>vember</rdg></app>, s<app><lem>ai</lem><rdg>oi</rdg></app>led<unclear/>
        <app><lem/><rdg>early</rdg></app>.</u>"""
    found = read(tmp_path, body)
    assert found.lines[0].text == "The packet and the boats at Noon, sailed ."
    assert found.lines[0].comments == (
        *('doubtful: 2-3 "packet and"', 'doubtful: 5 "boats"'),
        *('variant: 7 "Noon,": "November"', 'variant: 8 "sailed": "soiled"'),
    )
    assert left_out(found) == ["1 other form of the same words"]


@pytest.mark.long
def test_it_is_as_the_schema_of_tei_has_it(archive: Path, tmp_path: Path) -> None:
    write_words(archive, DOUBTED.replace("NOTE doubtful: 2", 'NOTE doubtful: 1-2 "The packet,"\n\nNOTE doubtful: 2'))
    held = schema()
    assert held.validate(etree.fromstring(written(archive, "tei"))), held.error_log
    root = write_doubted(tmp_path / "ferry")
    (root / "transcripts" / "archive.toml").write_text('machine_drafts = "labelled"\n', encoding="utf-8")
    assert held.validate(etree.fromstring(written(root, "tei", SLUG))), held.error_log
