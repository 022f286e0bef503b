"""Rich Text: letters of any encoding, and nothing that was struck, hidden or commented."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typescripts import said, told, words_kept_or_told

from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.imported import Deed, Imported

if TYPE_CHECKING:
    from pathlib import Path

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fswiss\fcharset204 Arial;}}"
    r"{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2 Title;}}"
    r"{\info{\title The ferry}{\author A. Marrow}{\nofpages3}}"
)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return tmp_path / "talk.rtf"


def read(path: Path, body: str) -> Imported:
    path.write_bytes((HEAD + body + "}").encode("cp1252"))
    return formats.read(path)


def texts(found: Imported) -> list[str]:
    return [line.text for line in found.lines]


def test_a_typescript_as_word_writes_it(document: Path) -> None:
    body = (
        r"\pard\plain\s2 The ferry and the allotments\par\pard\plain\f0 Date: 12 May 1974\par"
        r"\pard {\b MARROW:} When did you first\~work on the ferry\'3f\par"
        r"\pard {\b HALE:} The summer I turned fifteen \emdash  or sixteen.\line MARROW: Which\'85\par "
        "HALE: \r\nFif\\-teen. [laughs]\\par"
    )
    found = read(document, body)
    assert found.format == "Rich Text"
    assert (found.title, found.date) == ("The ferry and the allotments", "1974-05-12")
    assert said(found) == [
        ("MARROW", "When did you first work on the ferry?"),
        ("HALE", "The summer I turned fifteen — or sixteen."),
        ("MARROW", "Which…"),
        ("HALE", "Fifteen. [laughs]"),
    ]


def test_letters_by_the_font_and_by_their_numbers(document: Path) -> None:
    body = r"{\f1 \'cf\'e0\'f0\'ee\'ec} caf\u233 ? \u-10179?\u-8704? {\uc2\u8217\'92\'92s}\par"
    assert texts(read(document, body)) == ["Паром café \U0001f600 ’s"]


def test_what_was_struck_hidden_or_commented_is_told_and_not_taken(document: Path) -> None:
    body = (
        r"We left {\deleted in a dreadful quarrel}{\revised at six}{\v whisper}.{\*\atnid AM}{\*\atnauthor Ada}\chatn"
        r"{\*\annotation is it true?}{\footnote {\super 1} A boat of ten oars.}\par{\listtext 1.\tab}Home.\par"
    )
    found = read(document, body)
    assert texts(found) == ["We left at six.", "Home."]
    assert found.lines[0].comments == ("footnote 1: 1 A boat of ten oars.",)
    assert told(found, Deed.LEFT_OUT)[1:] == [
        "a tracked deletion, not taken (paragraph 1)",
        "a passage of hidden text, not taken (paragraph 1)",
        "a comment, not taken (paragraph 1)",
        "the number or bullet of a list item (paragraph 2)",
    ]
    assert not {"quarrel", "whisper", "true", "ada"} & set(words_kept_or_told(found))


def test_pages_that_the_document_demands_and_the_heads_of_pages(document: Path) -> None:
    body = r"{\header Quay interviews \chpgn}\pgnstarts12 One.\par\page Two.\par\pard\pagebb Three.\par"
    found = read(document, body)
    assert [(line.page, line.text) for line in found.lines] == [("12", "One."), ("13", "Two."), ("14", "Three.")]
    assert 'the head or foot of pages, "Quay interviews"' in told(found, Deed.LEFT_OUT)


def test_how_many_pages_there_are_does_not_say_which_is_which(document: Path) -> None:
    found = read(document, r"{\info{\nofpages3}} One.\par Two.\par")
    assert [line.page for line in found.lines] == [None, None]
    what = "page numbers: the document says that it has 3 pages, but not where they end"
    assert told(found, Deed.LEFT_OUT) == [what]
    found = read(document, r"{\info{\nofpages1}} One.\par Two.\par")
    assert [line.page for line in found.lines] == ["1", "1"]


def test_a_table_of_times_and_speakers_and_a_text_box(document: Path) -> None:
    rows = "".join(
        rf"\trowd\cellx1\cellx2\cellx3\pard\intbl {time}\cell {name}\cell {text}\cell\row"
        for time, name, text in (("0:03", "Ada", "When?"), ("0:07", "Tom", "At six."), ("0:09", "Ada", "Late."))
    )
    box = r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard [boxed]\par}}{\shprslt [boxed]\par}}"
    found = read(document, rows + r"\pard After.\par Last" + box + r".\par")
    assert [line.start for line in found.lines] == [3_000, 7_000, 9_000, None, None, None]
    assert said(found) == [
        ("Ada", "When?"),
        ("Tom", "At six."),
        ("Ada", "Late."),
        ("Ada", "After."),
        ("Ada", "Last."),
        (None, "[boxed]"),
    ]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{\\rtf1 }", "no words"),
        (b"{\\rtf1 " + b"{" * 2_000, "groups stand in each other"),
        (b"words", "no Rich Text"),
    ],
    ids=["empty", "deep", "other"],
)
def test_what_cannot_be_read_is_refused_in_words(document: Path, content: bytes, what: str) -> None:
    document.write_bytes(content)
    with pytest.raises(ArchiveError, match=what):
        formats.read(document, "rtf")


_TOKENS = st.sampled_from(
    [
        "{", "}", "\\par ", "\\'e9", "\\u233?", "\\u-10179 ", "\\v ", "\\v0 ", "\\deleted ", "\\*", "\\cell ", "\\row ",
        "\\intbl ", "\\footnote ", "\\shptxt ", "\\bin3 ", "\\uc9 ", "\\f1 ", "\\page ", "\\sect ", "\\pard ", "\\",
        "\\header ", "\\upr ", "word ", "HOLT: ", "\n", "\\stylesheet ", "\\s1 ", "\\info ", "\\title ",
        "\\ansicpg65001 ", "\\pgnstarts4 ", "\\bin9999999999 ",
    ]
)  # fmt: skip


@pytest.mark.long
def test_more_paragraphs_than_any_transcript_has_are_refused(document: Path) -> None:
    with pytest.raises(ArchiveError, match="more than 200,000 paragraphs"):
        read(document, r"\par x" * 200_010)


@pytest.mark.long
@settings(max_examples=400)
@given(st.lists(st.one_of(_TOKENS, st.text("ab \u00e9\\{}", max_size=5)), max_size=40).map("".join))
def test_garbage_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: str) -> None:
    path = tmp_path_factory.mktemp("garbage") / "talk.rtf"
    path.write_bytes(("{\\rtf1 " + body).encode("cp1252"))
    with contextlib.suppress(ArchiveError):
        assert formats.read(path).lines


@pytest.mark.sampled(3)
@pytest.mark.long
@pytest.mark.parametrize("piece", ["{\\v x}", "\\par ", "{\\footnote x}", "a", "\\'e9", "\\cell ", "}"])
def test_long_garbage_takes_seconds(document: Path, piece: str) -> None:
    with contextlib.suppress(ArchiveError):
        assert read(document, piece * 40_000).lines
