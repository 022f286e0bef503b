"""A Word document says its language and runs the way that does, and each of its pages says what it is.

How it looks was looked at in LibreOffice Writer 7.4; here python-docx reads what it was made of.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from exporting import READING, TOLD, add_to_record, write_words, written

if TYPE_CHECKING:
    from pathlib import Path

HEBREW = "00:01.000 --> 00:03.000\n<v Ada>שלום, the ferry.\n\n00:05.000 --> 00:06.000\n<v Ben>קול שני.\n"


def opened(archive: Path) -> Any:
    return docx.Document(io.BytesIO(written(archive, "docx")))


def has(element: Any, name: str) -> bool:
    return element.find(f".//{qn(name)}") is not None


def test_each_page_says_what_it_is_and_its_number(archive: Path) -> None:
    add_to_record(archive, READING)
    section = opened(archive).sections[0]
    assert section.header.paragraphs[0].text == "A tape of tones · Synthetic tones, not the tape."
    assert section.first_page_header.paragraphs[0].text == ""
    for foot in (section.footer, section.first_page_footer):
        fields = [each.get(qn("w:instr")) for each in foot.paragraphs[0]._element.iter(qn("w:fldSimple"))]  # noqa: SLF001  # python-docx knows no fields
        assert fields == ["PAGE", "NUMPAGES"]
    # A4, so that nothing is cut off on the paper of most countries.
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_a_document_says_its_title_and_its_languages(archive: Path) -> None:
    add_to_record(archive, f'language = "fr-CA"\n{TOLD}')
    document = opened(archive)
    assert (document.core_properties.title, document.core_properties.language) == ("A tape of tones", "fr-CA")
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"fr-CA"}
    told = next(each for each in document.paragraphs if each.text.startswith("Attribution"))
    assert told.style.name == "Notice"
    assert {each.get(qn("w:val")) for each in told._element.iter(qn("w:lang"))} == {"en"}  # noqa: SLF001  # nor languages of runs


@pytest.mark.parametrize(("language", "is_leftward"), [("he", True), ("en", False)])
def test_words_run_the_way_their_language_does(archive: Path, language: str, *, is_leftward: bool) -> None:
    add_to_record(archive, f'language = "{language}"\nadvice = "A door is shut."\n')
    write_words(archive, HEBREW)
    paragraphs = {each.text.partition("]")[0]: each for each in opened(archive).paragraphs}
    words = paragraphs["[0:01"]
    assert words.text == "[0:01] Ada: שלום, the ferry."
    assert has(words._element, "w:bidi") is is_leftward  # noqa: SLF001  # nor which way paragraphs run
    assert [run.font.rtl for run in words.runs] == [None, None, None, True]
    assert not has(paragraphs["Before you listen: A door is shut."]._element, "w:bidi")  # noqa: SLF001  # as above
