"""Word documents: what was struck is never taken, what was added is; pages only where the document has their ends."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typescripts import said, told, words_kept_or_told
from word_files import DEMANDED, LAID_OUT, W, deleted, inserted, p, run, table, word, zipped

from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.imported import Deed, Imported

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return tmp_path / "talk.docx"


def read(path: Path, content: bytes) -> Imported:
    path.write_bytes(content)
    return formats.read(path)


def pages(found: Imported) -> list[str | None]:
    return [line.page for line in found.lines]


def test_what_a_narrator_struck_is_never_taken_and_what_was_added_is(document: Path) -> None:
    body = p("HOLT: We left ", deleted("in a dreadful quarrel"), inserted("at six"), ".") + p("BRANN: And then?")
    found = read(document, word(body + p("HOLT: Home.") + p("BRANN: Yes.")))
    assert said(found)[0] == ("HOLT", "We left at six.")
    assert "a tracked deletion, not taken (paragraph 1)" in told(found, Deed.LEFT_OUT)
    assert "a tracked insertion, taken (paragraph 1)" in told(found, Deed.READ)
    assert "quarrel" not in words_kept_or_told(found)


def test_a_deleted_end_of_a_paragraph_joins_it_with_the_next(document: Path) -> None:
    mark = '<w:rPr><w:del w:id="3" w:author="Ada"/></w:rPr>'
    found = read(document, word(p("The boat", properties=mark) + p("left.")))
    assert [line.text for line in found.lines] == ["The boat left."]


def test_hidden_text_is_told_and_not_taken_also_where_a_style_hides_it(document: Path) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Aside"><w:basedOn w:val="Hush"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Hush"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = (
        p("One ", run("hush", "<w:vanish/>"), run("two.", '<w:vanish w:val="0"/>'))
        + p("Three ", run("silence", '<w:rStyle w:val="Secret"/>'), "four.")
        + p("whisper", properties='<w:pStyle w:val="Aside"/>')
    )
    found = read(document, word(body, styles=styles))
    assert [line.text for line in found.lines] == ["One two.", "Three four."]
    assert told(found, Deed.LEFT_OUT)[1:] == ["3 passages of hidden text, not taken (paragraphs 1, 2, 3)"]


def test_what_the_defaults_of_a_document_hide_is_not_taken(document: Path) -> None:
    vanish = "<w:rPr><w:vanish/></w:rPr>"
    body = p("hush") + p(run("Shown.", '<w:vanish w:val="0"/>'))
    for styles in (
        f"<w:docDefaults><w:rPrDefault>{vanish}</w:rPrDefault></w:docDefaults>",
        f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal">{vanish}</w:style>',
    ):
        found = read(document, word(body, styles=styles))
        assert [line.text for line in found.lines] == ["Shown."]
        assert "a passage of hidden text, not taken (paragraph 1)" in told(found, Deed.LEFT_OUT)


def test_cells_that_were_deleted_and_rows_that_are_hidden_are_not_taken(document: Path) -> None:
    gone = f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{p('quarrel')}</w:tc>"
    body = table(("the red boat",)).replace("</w:tr>", f"{gone}</w:tr><w:tr><w:trPr><w:hidden/></w:trPr>{gone}</w:tr>")
    found = read(document, word(body))
    assert [line.text for line in found.lines] == ["the red boat"]
    assert told(found, Deed.LEFT_OUT)[1:] == [
        "a tracked deletion, not taken (paragraph 1)",
        "a passage of hidden text, not taken (paragraph 1)",
    ]


def test_comments_are_counted_and_not_taken(document: Path) -> None:
    mark = '<w:r><w:commentReference w:id="0"/></w:r>'
    comments = f'<w:comment w:id="0" w:author="Ada">{p("is this true?")}</w:comment>'
    found = read(document, word(p("It was so.", mark), comments=comments))
    assert told(found, Deed.LEFT_OUT)[1:] == ["a comment, not taken (paragraph 1)"]
    assert "true" not in words_kept_or_told(found)


def test_footnotes_are_comments_of_their_line_and_heads_of_pages_are_told(document: Path) -> None:
    mark = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    notes = f'<w:footnote w:id="7">{p("A boat of ", deleted("nine"), "ten oars.")}</w:footnote>'
    found = read(document, word(p("The gig.", mark), footnotes=notes, header1=p("Quay interviews")))
    assert [(line.text, line.comments) for line in found.lines] == [("The gig.", ("footnote 1: A boat of ten oars.",))]
    assert 'the head or foot of pages, "Quay interviews"' in told(found, Deed.LEFT_OUT)
    assert "a footnote, kept as a comment" in told(found, Deed.READ)


def test_pages_are_those_of_the_last_layout_and_begin_where_the_section_says(document: Path) -> None:
    section = '<w:sectPr><w:pgNumType w:start="41"/></w:sectPr>'
    body = p("One.") + p("Two, ", LAID_OUT, "three.") + p("Four.", DEMANDED) + p(LAID_OUT, "Five.") + section
    found = read(document, word(body, app="3"))
    assert [line.text for line in found.lines] == ["One.", "Two,", "three.", "Four.", "Five."]
    assert pages(found) == ["41", "41", "42", "42", "43"]


def test_a_section_that_begins_a_page_may_begin_to_count(document: Path) -> None:
    first = '<w:sectPr><w:pgNumType w:start="1"/></w:sectPr>'
    body = p("Preface.") + p("Ends.", properties=first) + p(LAID_OUT, "One.") + p(LAID_OUT, "Two.")
    found = read(document, word(body + '<w:sectPr><w:pgNumType w:start="1"/></w:sectPr>'))
    assert pages(found) == ["1", "1", "1", "2"]


@pytest.mark.parametrize("number", ["\N{SUPERSCRIPT TWO}", "9" * 5000, ""])
def test_what_is_no_number_of_a_page_is_none(document: Path, number: str) -> None:
    section = f'<w:sectPr><w:pgNumType w:start="{number}"/></w:sectPr>'
    found = read(document, word(p("One.") + p(LAID_OUT, "Two.") + section, app=number))
    assert [line.text for line in found.lines] == ["One.", "Two."]
    assert pages(found) == ["1", "2"]


def test_breaks_that_are_not_all_give_no_pages(document: Path) -> None:
    found = read(document, word(p("Title.", DEMANDED) + p("word " * 2000), app="6"))
    assert set(pages(found)) == {None}
    assert "1 page break: the document does not say where the other pages end" in told(found, Deed.LEFT_OUT)


def test_breaks_that_are_all_give_pages(document: Path) -> None:
    found = read(document, word(p("One.", DEMANDED) + p("Two.", DEMANDED) + p("Three."), app="3"))
    assert pages(found) == ["1", "2", "3"]


def test_a_document_that_does_not_say_where_pages_end_has_none(document: Path) -> None:
    for content in (word(p("One.") + p("Two.")), word(p("One.") + p("Two."), app="30"), made_by_python_docx()):
        found = read(document, content)
        assert set(pages(found)) == {None}
        assert any("where" in what and "pages" in what for what in told(found, Deed.LEFT_OUT))
    found = read(document, word(p("One.") + p("word " * 2000), app="1"))
    assert set(pages(found)) == {None}


def test_a_document_that_has_one_page_has_that(document: Path) -> None:
    found = read(document, word(p("One.") + p("Two."), app="1"))
    assert pages(found) == ["1", "1"]
    assert told(found, Deed.LEFT_OUT) == []


def test_a_table_of_times_speakers_and_words(document: Path) -> None:
    rows = [
        ("Time", "Speaker", "Text"),
        ("00:00:03", "Ada", "When?"),
        ("00:00:07", "Tom", "At six."),
        ("", "", "Late."),
    ]
    found = read(document, word(table(*rows)))
    assert [(line.start, who, line.text) for line, (who, _) in zip(found.lines, said(found), strict=True)] == [
        (3_000, "Ada", "When?"),
        (7_000, "Tom", "At six."),
        (None, "Tom", "Late."),
    ]
    assert 'the head of a table, "Time Speaker Text"' in told(found, Deed.LEFT_OUT)
    assert "a table of 4 rows, by its columns of times and speakers" in told(found, Deed.READ)


def test_another_table_is_read_row_by_row(document: Path) -> None:
    found = read(document, word(table(("the blue boat", "the red boat"), ("ten oars", "eight oars"))))
    assert [line.text for line in found.lines] == ["the blue boat", "the red boat", "ten oars", "eight oars"]


def test_a_text_box_is_read_once(document: Path) -> None:
    box = "<w:txbxContent>" + p("In the box.") + "</w:txbxContent>"
    drawing = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    found = read(document, word(p("Beside it.", drawing) + p("Below.")))
    assert [line.text for line in found.lines] == ["Beside it.", "In the box.", "Below."]


def test_line_breaks_within_a_paragraph_where_others_begin_to_speak(document: Path) -> None:
    line = "<w:r><w:br/></w:r>"
    found = read(
        document, word(p("HOLT: One", line, "more.", line, "BRANN: Two.", line, "HOLT: Three.", line, "BRANN: Four."))
    )
    assert said(found) == [("HOLT", "One more."), ("BRANN", "Two."), ("HOLT", "Three."), ("BRANN", "Four.")]


def test_insertions_content_controls_hyphens_and_fields(document: Path) -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run('boat')}</w:sdtContent></w:sdt>"
    hyphens = "<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>kn</w:t><w:softHyphen/><w:t>own </w:t></w:r>"
    found = read(document, word(p("The ", hyphens, control, " of ", field, "May.")))
    assert found.lines[0].text == "The well-known boat of May."


def made_by_python_docx() -> bytes:
    made = docx.Document()
    made.add_heading("The ferry", level=0)
    made.add_paragraph("Interviewer: Ada Marrow")
    made.add_paragraph("Date: 3 June 1981")
    for number in range(4):
        made.add_paragraph("MARROW: Which boat?")
        paragraph = made.add_paragraph("HALE: ")
        paragraph.add_run("The number ").bold = True
        paragraph.add_run(f"{number + 2}. [laughs]")
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_a_document_that_python_docx_made(document: Path) -> None:
    found = read(document, made_by_python_docx())
    assert found.format == "Word document"
    assert (found.title, found.date) == ("The ferry", "1981-06-03")
    assert said(found)[:2] == [("MARROW", "Which boat?"), ("HALE", "The number 2. [laughs]")]
    assert found.lines[0].comments[1] == "front matter: Interviewer: Ada Marrow"


def test_a_document_of_word_2003_and_an_encrypted_one_are_told(document: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(ArchiveError, match=r"of before Word 2007; save it as \.docx"):
        read(document, ole)
    with pytest.raises(ArchiveError, match="the document is encrypted"):
        read(document, ole + "EncryptedPackage".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04 and no more", "is no zip"),
        (zipped({"word/styles.xml": "<a/>"}), "no body"),
        (zipped({"word/document.xml": "<a"}), "this is not XML"),
        (zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'}), "document type"),
        (zipped({"word/document.xml": "<a>" * 5_000 + "</a>" * 5_000}), "this is not XML"),
        (word(""), "no words"),
    ],
    ids=["cut", "no body", "broken", "entities", "deep", "empty"],
)
def test_what_cannot_be_read_is_refused_in_words(document: Path, content: bytes, what: str) -> None:
    with pytest.raises(ArchiveError, match=what):
        read(document, content)


@pytest.mark.long
def test_a_zip_that_unpacks_without_end_is_refused(document: Path) -> None:
    with pytest.raises(ArchiveError, match="larger than that of any transcript"):
        read(document, zipped({"word/document.xml": " " * 60_000_000}))


_CONTENT = st.recursive(
    st.one_of(
        st.sampled_from(
            [DEMANDED, LAID_OUT, deleted("gone"), inserted("added"), run("hid", "<w:vanish/>"), "<w:sectPr/>"]
        ),
        st.text("abc ", max_size=8).map(run),
    ),
    lambda inner: st.builds(
        lambda name, content: f"<w:{name}>{''.join(content)}</w:{name}>",
        st.sampled_from(
            ["p", "tbl", "tr", "tc", "ins", "del", "sdt", "sdtContent", "r", "txbxContent", "hyperlink", "pPr"]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@pytest.mark.long
@settings(max_examples=250)
@given(st.lists(_CONTENT, max_size=5).map("".join), st.binary(max_size=40), st.integers(0, 600))
def test_garbage_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: str, junk: bytes, at: int) -> None:
    path = tmp_path_factory.mktemp("garbage") / "talk.docx"
    whole = word(body)
    for content in (whole, whole[:at] + junk + whole[at + len(junk) :]):
        try:
            found = read(path, content)
        except ArchiveError:
            continue
        assert not {"gone", "hid"} & set(words_kept_or_told(found))
        assert W not in str(found)
