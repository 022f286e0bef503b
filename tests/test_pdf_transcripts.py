"""PDFs: lines and columns in order, the numbers of pages, notes told; a scan is told and not guessed."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_files import Words, pdf, set_in_lines
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from typescripts import said, told, words

from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.imported import Deed, Imported

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return tmp_path / "talk.pdf"


def read(path: Path, content: bytes) -> Imported:
    path.write_bytes(content)
    return formats.read(path)


def page(number: int, text: str) -> list[Words]:
    """Make a page of an archive's typescript: its head, its words, its number."""
    return [Words(180, 800, "Quay Local History Group"), *set_in_lines(text), Words(290, 40, f"- {number} -")]


TYPESCRIPT = [
    """BRANN: Mrs. Quillfeather, you were born above the chandler's, I believe, in the
year of the great flood.

QUILLFEATHER: Above it, yes, in the room with the round window. My father had
the ferry, and my mother kept the books for three of the other boats. She was the only
one who could add. [laughter]

BRANN: And the allotments?

QUILLFEATHER: They came later. There was a strip of good black earth between the har-
bour wall and the water, and the well-""",
    """known story is that my grandfather asked first, but I have heard it said by people
who were there that he only asked because he had a horse to feed.

There were eleven plots to begin with. The harbour was well known then, and the story too.

BRANN: Could you say where it was?""",
    """QUILLFEATHER: Between the ferry steps and the second bollard.

BRANN: Thank you.""",
]


def test_a_typescript_with_running_heads_numbers_and_divided_words(document: Path) -> None:
    found = read(document, pdf(*(page(number, text) for number, text in enumerate(TYPESCRIPT, 11))))
    assert found.format == "PDF"
    assert [(line.page, who) for line, (who, _) in zip(found.lines, said(found), strict=True)] == [
        ("11", "BRANN"),
        ("11", "QUILLFEATHER"),
        ("11", "BRANN"),
        ("11", "QUILLFEATHER"),
        ("12", "QUILLFEATHER"),
        ("12", "QUILLFEATHER"),
        ("12", "BRANN"),
        ("13", "QUILLFEATHER"),
        ("13", "BRANN"),
    ]
    assert found.lines[3].text.endswith("between the harbour wall and the water, and the well-known")
    assert found.lines[4].text.startswith("story is that my grandfather")
    assert told(found, Deed.LEFT_OUT) == ['a running head or foot, "Quay Local History Group", on 3 pages']
    assert "3 page numbers, kept with the lines" in told(found, Deed.READ)
    assert told(found, Deed.MENDED) == ["2 words that were divided at the ends of lines"]


LEFT = """HALE: The boats lay in
two rows below the wall,
the blue ones first, and
behind them the red ones
that nobody took out any
longer.
MARROW: Why was that?"""
RIGHT = """HALE: They were rotten. A
boat that is not rowed is
a garden by the spring, and
these were two gardens.
MARROW: And the oars?
HALE: They were sold to a
man from the other side."""


def test_columns_are_read_one_after_the_other_below_what_runs_across(document: Path) -> None:
    heading = [Words(72, 790, "A conversation about the boats, with two of those who rowed them", 14)]
    made = [*heading, *set_in_lines(RIGHT, x=320, top=750), *set_in_lines(LEFT, x=72, top=750), Words(300, 40, "7")]
    found = read(document, pdf(made, [*set_in_lines("HALE: And that was all.\nMARROW: It was."), Words(300, 40, "8")]))
    assert found.title == "A conversation about the boats, with two of those who rowed them"
    assert said(found) == [
        ("HALE", f"{' '.join(LEFT.split()[1:-4])}"),
        ("MARROW", "Why was that?"),
        ("HALE", "They were rotten. A boat that is not rowed is a garden by the spring, and these were two gardens."),
        ("MARROW", "And the oars?"),
        ("HALE", "They were sold to a man from the other side."),
        ("HALE", "And that was all."),
        ("MARROW", "It was."),
    ]  # fmt: skip
    assert [line.page for line in found.lines] == ["7"] * 5 + ["8"] * 2


def test_a_column_of_names_is_none(document: Path) -> None:
    turns = [
        ("HOLT:", "Where was the ferry on the morning of the regatta?"),
        ("HALE:", "At the lower steps, as ever."),
    ] * 6
    made = [
        piece
        for number, (name, text) in enumerate(turns)
        for piece in (Words(72, 760 - 20 * number, name), Words(250, 760 - 20 * number, text))
    ]
    found = read(document, pdf(made))
    assert said(found) == [(name.rstrip(":"), text) for name, text in turns]


def test_footnotes_are_comments_and_their_marks_no_words(document: Path) -> None:
    made = [
        *set_in_lines("HALE: The gig had ten oars and was the fastest of them"),
        Words(352, 764, "1", 7),
        *set_in_lines("all. It lies in the museum now.\nMARROW: Does it?\nHALE: It does.\nMARROW: Well.", top=746),
        *set_in_lines("1 The gig is in the boat shed of the museum, with nine\nof its oars.", top=100, size=8, step=10),
    ]
    found = read(document, pdf(made))
    assert said(found)[0] == (
        "HALE",
        "The gig had ten oars and was the fastest of them all. It lies in the museum now.",
    )
    assert found.lines[0].comments == ("footnote: 1 The gig is in the boat shed of the museum, with nine of its oars.",)
    assert "a raised mark of a footnote" in told(found, Deed.LEFT_OUT)


def test_pages_without_numbers_are_called_by_the_labels_of_the_file(document: Path) -> None:
    found = read(document, pdf(set_in_lines("One."), set_in_lines("Two.")))
    assert [(line.page, line.text) for line in found.lines] == [("1", "One."), ("2", "Two.")]
    writer = PdfWriter(clone_from=document)
    writer.set_page_label(0, 1, style=PageLabelStyle.LOWERCASE_ROMAN, start=5)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert [line.page for line in read(document, buffer.getvalue()).lines] == ["v", "vi"]


def test_text_at_an_angle_and_pages_without_text_are_told(document: Path) -> None:
    found = read(document, pdf(set_in_lines("One.\nMore of it."), [], title="The ferry", turned="DRAFT"))
    assert found.title is None  # that of the properties is often another document's
    assert 'text at an angle on page 1, "DRAFT"' in told(found, Deed.LEFT_OUT)
    found = read(document, pdf(set_in_lines("One."), []))
    assert told(found, Deed.LEFT_OUT) == ["a page without text, which may be pictures (page 2)"]


def test_a_scan_an_encrypted_file_and_a_damaged_one_are_told(document: Path) -> None:
    with pytest.raises(ArchiveError, match=r"pictures without text, such as a scan; have the text recognised \(OCR\)"):
        read(document, pdf([], []))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(set_in_lines("Secret.")))))
    writer.encrypt("quay", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    with pytest.raises(ArchiveError, match="the document is encrypted; save it without a password"):
        read(document, buffer.getvalue())
    with pytest.raises(ArchiveError, match="the document is damaged"):
        read(document, b"%PDF-1.4\nand no more")


def test_ligatures_of_fonts_are_letters_and_other_letters_of_fonts_are_told(document: Path) -> None:
    letters = {"ö": "\uf001", "ä": "\ufb02", "ü": "\ue0b3"}
    words_of = "ADA: The öshers of the äeet had a tüller, and it was a good one."
    found = read(document, pdf([Words(72, 700, words_of)], letters=letters))
    assert [line.text for line in found.lines] == [
        "ADA: The fishers of the fleet had a t\ue0b3ller, and it was a good one."
    ]
    (what,) = [what for what in told(found, Deed.READ) if "U+E0B3" in what]
    assert what.startswith("a letter that no font but its own shows (U+E0B3)")


def test_words_in_pieces_are_joined_where_they_touch(document: Path) -> None:
    found = read(document, pdf([Words(72, 700, "fer"), Words(84.9, 700, "ry"), Words(104, 700, "left")]))
    assert [line.text for line in found.lines] == ["ferry left"]


@pytest.mark.long
@settings(max_examples=150)
@given(
    st.lists(st.sampled_from(sorted(words(" ".join(TYPESCRIPT)))), min_size=1, unique=True),
    st.integers(3, 12),
    st.integers(2, 9),
)
def test_every_word_is_in_a_line(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[str], in_line: int, on_page: int
) -> None:
    path = tmp_path_factory.mktemp("words") / "talk.pdf"
    lines = [" ".join(chosen[at : at + in_line]) for at in range(0, len(chosen), in_line)]
    pages = ["\n".join(lines[at : at + on_page]) for at in range(0, len(lines), on_page)]
    found = read(path, pdf(*map(set_in_lines, pages)))
    assert " ".join(line.text for line in found.lines).split() == chosen


@pytest.mark.long
@settings(max_examples=200)
@given(st.integers(0, 2_000), st.binary(max_size=60), st.booleans())
def test_garbage_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes, cut: bool) -> None:
    whole = pdf(*(page(number, text) for number, text in enumerate(TYPESCRIPT, 11)))
    content = whole[:at] if cut else whole[:at] + junk + whole[at + len(junk) :]
    path = tmp_path_factory.mktemp("garbage") / "talk.pdf"
    path.write_bytes(content)
    with contextlib.suppress(ArchiveError):
        assert formats.read(path, "pdf").format == "PDF"
