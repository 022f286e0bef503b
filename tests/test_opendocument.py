"""OpenDocument texts: what was struck is never taken; pages are those of the last layout."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typescripts import said, told, words_kept_or_told
from word_files import zipped

from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.imported import Deed, Imported

if TYPE_CHECKING:
    from pathlib import Path

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = (
    f'xmlns:office="{_OFFICE}:office:1.0" xmlns:text="{_OFFICE}:text:1.0" xmlns:table="{_OFFICE}:table:1.0" '
    f'xmlns:style="{_OFFICE}:style:1.0" xmlns:draw="{_OFFICE}:drawing:1.0" xmlns:meta="{_OFFICE}:meta:1.0" '
    f'xmlns:fo="{_OFFICE}:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def odt(body: str, styles: str = "", furniture: str = "", meta: str = "", manifest: str = "<m/>") -> bytes:
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {SPACES}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {SPACES}>{furniture}</office:document-styles>",
            "meta.xml": f"<office:document-meta {SPACES}><office:meta>{meta}</office:meta></office:document-meta>",
            "META-INF/manifest.xml": manifest,
        }
    )


def stored(content: bytes, path: Path) -> Imported:
    path.write_bytes(content)
    return formats.read(path)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return tmp_path / "talk.odt"


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def test_what_a_narrator_struck_is_never_taken_and_what_was_added_is(document: Path) -> None:
    changes = (
        '<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion>'
        f"{p('in a dreadful quarrel')}</text:deletion></text:changed-region>"
        '<text:changed-region text:id="ct2"><text:insertion/></text:changed-region></text:tracked-changes>'
    )
    words = (
        'HOLT: We left <text:change text:change-id="ct1"/><text:change-start text:change-id="ct2"/>at six'
        '<text:change-end text:change-id="ct2"/>.'
    )
    found = stored(odt(changes + p(words) + p("BRANN: And?") + p("HOLT: Home.") + p("BRANN: Yes.")), document)
    assert said(found)[0] == ("HOLT", "We left at six.")
    assert "a tracked deletion, not taken (paragraph 1)" in told(found, Deed.LEFT_OUT)
    assert "a tracked insertion, taken (paragraph 1)" in told(found, Deed.READ)
    assert "quarrel" not in words_kept_or_told(found)


def test_comments_and_hidden_text_are_told_and_footnotes_kept(document: Path) -> None:
    styles = (
        '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>'
    )
    words = (
        "The gig<office:annotation><dc:creator>Ada</dc:creator><text:p>true?</text:p></office:annotation>"
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        f"{p('Ten oars.')}</text:note-body></text:note> left"
        '<text:span text:style-name="T1"> hush</text:span><text:hidden-text text:string-value="psst"/>.'
    )
    found = stored(odt(p(words), styles), document)
    assert [(line.text, line.comments) for line in found.lines] == [("The gig left.", ("footnote 1: Ten oars.",))]
    assert told(found, Deed.LEFT_OUT)[1:] == [
        "a comment, not taken (paragraph 1)",
        "2 passages of hidden text, not taken (paragraph 1)",
    ]
    assert not {"true", "hush", "psst", "ada"} & set(words_kept_or_told(found))


def test_paragraphs_rows_and_columns_that_are_hidden_are_not_taken(document: Path) -> None:
    cells = [f"<table:table-cell>{p(text)}</table:table-cell>" for text in ("the red boat", "whisper")]
    body = (
        p('<text:hidden-paragraph text:condition="a" text:is-hidden="true"/>hush')
        + p('<text:hidden-paragraph text:condition="b"/>Shown.')
        + '<table:table><table:table-column/><table:table-column table:visibility="collapse"/>'
        + f"<table:table-row>{cells[0]}{cells[1]}</table:table-row>"
        + f'<table:table-row table:visibility="collapse">{cells[1]}</table:table-row></table:table>'
    )
    found = stored(odt(body), document)
    assert [line.text for line in found.lines] == ["Shown.", "the red boat"]
    assert told(found, Deed.LEFT_OUT)[1] == "3 passages of hidden text, not taken (paragraphs 1, 2)"


def test_pages_of_the_last_layout_and_a_number_to_begin_with(document: Path) -> None:
    styles = (
        '<style:style style:name="P1" style:family="paragraph" style:master-page-name="Standard">'
        '<style:paragraph-properties style:page-number="12"/></style:style>'
        '<style:style style:name="P2" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/>'
        "</style:style>"
    )
    body = p("One.", "P1") + p("Two, <text:soft-page-break/>three.") + p("Four.", "P2")
    found = stored(odt(body, styles), document)
    assert [(line.page, line.text) for line in found.lines] == [
        ("12", "One."),
        ("12", "Two,"),
        ("13", "three."),
        ("14", "Four."),
    ]


@pytest.mark.parametrize("count", ["\N{SUPERSCRIPT TWO}", "\N{CIRCLED DIGIT ONE}", "9" * 5000, "-1", "", "two"])
def test_what_is_no_count_is_none(document: Path, count: str) -> None:
    style = (
        '<style:style style:name="P1" style:family="paragraph" style:master-page-name="Standard">'
        f'<style:paragraph-properties style:page-number="{count}"/></style:style>'
    )
    cell = f'<table:table-cell table:number-columns-repeated="{count}">{p("Two.")}</table:table-cell>'
    body = (
        p(f'One<text:s text:c="{count}"/>boat.', "P1")
        + f"<table:table><table:table-row>{cell}</table:table-row></table:table>"
    )
    meta = f'<meta:document-statistic meta:page-count="{count}"/>'
    assert [(line.page, line.text) for line in stored(odt(body, style, meta=meta), document).lines] == [
        (None, "One boat."),
        (None, "Two."),
    ]


def test_without_ends_of_pages_there_are_none(document: Path) -> None:
    found = stored(odt(p("One.") + p("Two.")), document)
    assert [line.page for line in found.lines] == [None, None]
    assert told(found, Deed.LEFT_OUT) == ["page numbers: the document does not say where its pages end"]


def test_spaces_line_breaks_tables_lists_boxes_titles_and_furniture(document: Path) -> None:
    styles = '<style:style style:name="P7" style:family="paragraph" style:parent-style-name="Title"/>'
    row = "".join(f"<table:table-cell>{p(text)}</table:table-cell>" for text in ("the red boat", "the blue boat"))
    body = (
        p("The ferry", "P7")
        + p(
            "MARROW: One<text:s text:c='3'/>and<text:tab/>two<text:line-break/>HALE: Three."
            "<text:line-break/>MARROW: Four."
        )
        + f"<text:list><text:list-item>{p('HALE: five')}</text:list-item></text:list>"
        + f"<table:table><table:table-row>{row}</table:table-row></table:table>"
        + p(f"HALE: Six.<draw:frame><draw:text-box>{p('[boxed]')}</draw:text-box></draw:frame>")
    )
    found = stored(odt(body, styles, f"<style:header>{p('Quay interviews')}</style:header>"), document)
    assert found.title == "The ferry"
    assert said(found) == [
        ("MARROW", "One and two"),
        ("HALE", "Three."),
        ("MARROW", "Four."),
        ("HALE", "five"),
        ("HALE", "the red boat"),
        ("HALE", "the blue boat"),
        ("HALE", "Six."),
        (None, "[boxed]"),
    ]
    assert 'the head or foot of pages, "Quay interviews"' in told(found, Deed.LEFT_OUT)


def test_an_encrypted_document_is_told(document: Path) -> None:
    with pytest.raises(ArchiveError, match="the document is encrypted"):
        stored(odt(p("x"), manifest="<m><encryption-data/></m>"), document)


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"content.xml": "<a/>"}, "no body"),
        ({"content.xml": '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'}, "document type"),
        ({"styles.xml": "<a/>"}, "no body"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(document: Path, parts: dict[str, str], what: str) -> None:
    with pytest.raises(ArchiveError, match=what):
        stored(zipped(parts), document)


_ELEMENTS = st.sampled_from(
    re.findall(
        r"\S+",
        "text:p text:h text:span text:list text:list-item table:table table:table-row table:table-cell draw:frame "
        "draw:text-box text:note text:note-body text:section text:change text:soft-page-break",
    )
)
_CONTENT = st.recursive(
    st.sampled_from(["word", " ", "HOLT: ", "<text:s/>", "<text:tab/>", "<office:annotation>gone</office:annotation>"]),
    lambda inner: st.builds(
        lambda name, content: f"<{name}>{''.join(content)}</{name}>", _ELEMENTS, st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@pytest.mark.long
@settings(max_examples=200)
@given(st.lists(_CONTENT, max_size=5).map("".join), st.binary(max_size=40), st.integers(0, 600))
def test_garbage_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: str, junk: bytes, at: int) -> None:
    path = tmp_path_factory.mktemp("garbage") / "talk.odt"
    whole = odt(body)
    for content in (whole, whole[:at] + junk + whole[at + len(junk) :]):
        try:
            found = stored(content, path)
        except ArchiveError:
            continue
        assert "gone" not in words_kept_or_told(found)
