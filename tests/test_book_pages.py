"""The pages of a book: how a long talk is divided, what readers hold back, and in which language each thing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from exporting import add_to_record, exported, write_words
from test_book import EPUB_TYPE, HTML, OPF, tree
from test_translation import SPANISH

from player.archive.archive import Archive
from player.publish.book import pages
from player.publish.book.book import book_of
from player.publish.book.package import package

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree import ElementTree as ET

    from player.publish.book.book import Book

LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
RIGHT_TO_LEFT: Final = "\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET}"


def silent_book(archive: Path, language: str | None = None) -> Book:
    return book_of(exported(archive, language=language), Archive(archive).sources, None, "none is held")


def monologue(lines: int) -> str:
    """Give what one voice says without a pause."""
    return "\n".join(f"{minute(each)} --> {minute(each + 1)}\n<v Ada>{each}.\n" for each in range(lines))


def minute(seconds: int) -> str:
    return f"{seconds // 60:02d}:{seconds % 60:02d}.000"


def headings(page: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in page.iter() if each.tag in {f"{HTML}h1", f"{HTML}h2"}]


def test_a_talk_without_a_pause_is_divided_and_the_contents_say_when_each_piece_begins(archive: Path) -> None:
    write_words(archive, monologue(1000))
    book = silent_book(archive)
    assert [len(list(leaf.said)) for leaf in book.leaves] == [400, 400, 200]
    written = [tree(pages.words(book, leaf)) for leaf in book.leaves]
    assert [headings(each) for each in written] == [["A tape of tones"], ["From 6:40"], ["From 13:20"]]
    read = "".join("".join(each.itertext()) for each in written)
    assert read.count("Ada:") == 1
    assert all(f"{number}." in read for number in range(1000))
    linked = [(each.text, each.get("href")) for each in tree(pages.contents(book)).iter(f"{HTML}a")]
    assert ("From 13:20", "words-003.xhtml") in linked


def test_pieces_of_a_talk_without_times_are_counted(archive: Path) -> None:
    write_words(archive, "\n".join(f"NOTE untimed l{number}\n<v Ada>{number}.\n" for number in range(500)))
    book = silent_book(archive)
    assert headings(tree(pages.words(book, book.leaves[1]))) == ["What is said, 2 of 2"]


def test_what_nothing_leads_to_is_no_footnote_for_readers_hold_these_back(archive: Path) -> None:
    page = tree(pages.end(silent_book(archive)))
    assert "All around" in headings(page)
    assert not [each for each in page.iter() if each.get(EPUB_TYPE) == "footnote"]


def test_a_title_and_notes_are_in_the_language_of_the_recording(archive: Path) -> None:
    (archive / "transcripts" / "tones" / "transcript.es.vtt").write_text(SPANISH, encoding="utf-8")
    add_to_record(archive, '\nlanguage = "he"\n')
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(path.read_text("utf-8").replace("A tape of tones", RIGHT_TO_LEFT), encoding="utf-8")
    book = silent_book(archive, "es")
    page = tree(pages.words(book, book.leaves[0]))
    assert (page.get(LANG), page.get("dir")) == ("es", "ltr")
    (title,) = page.iter(f"{HTML}h1")
    asides = list(page.iter(f"{HTML}aside"))
    assert asides
    for each in (title, *asides):
        assert (each.get("lang"), each.get(LANG), each.get("dir")) == ("he", "he", "rtl")
    linked = {each.get("href"): each for each in tree(pages.contents(book)).iter(f"{HTML}a")}
    assert linked["words-001.xhtml#cue-first"].get("dir") == "rtl"
    assert linked["about.xhtml"].get("dir") is None
    (spine,) = tree(package(book)).iter(f"{OPF}spine")
    assert spine.get("page-progression-direction") is None
    assert book_is_rtl(silent_book(archive))


def book_is_rtl(book: Book) -> bool:
    (spine,) = tree(package(book)).iter(f"{OPF}spine")
    page = tree(pages.words(book, book.leaves[0]))
    return spine.get("page-progression-direction") == page.get("dir") == "rtl"


@pytest.mark.parametrize("title", ["“Ferries” & <harbours>", 'It\'s "quoted"', "]]> &amp; &#0;"])
def test_signs_in_a_name_are_read_as_they_are(title: str, archive: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    quoted = title.replace('"', '\\"')
    path.write_text(path.read_text("utf-8").replace("A tape of tones", quoted), encoding="utf-8")
    book = silent_book(archive)
    assert headings(tree(pages.about(book)))[0] == title
    assert title in "".join(tree(package(book)).itertext())


def test_a_transcript_without_a_line_is_a_book(archive: Path) -> None:
    write_words(archive, "")
    book = silent_book(archive)
    assert headings(tree(pages.words(book, book.leaves[0]))) == ["A tape of tones"]
    assert "No line names a source." in "".join(tree(pages.end(book)).itertext())


def test_a_name_in_other_letters_is_set_apart_from_what_is_said(archive: Path) -> None:
    add_to_record(archive, '\nlanguage = "he"\n')
    write_words(archive, f"NOTE page: 12\n\n00:01.000 --> 00:02.000\n<v Ada>{RIGHT_TO_LEFT}\n")
    book = silent_book(archive)
    page = tree(pages.words(book, book.leaves[0]))
    (name,) = page.iter(f"{HTML}b")
    assert (name.text, name.get("dir"), name.tail) == ("Ada", "auto", ": ")
    (beginning,) = [each for each in page.iter() if each.get(EPUB_TYPE) == "pagebreak"]
    assert (beginning.get("lang"), beginning.get("dir")) == ("en", "ltr")


def test_what_a_page_of_the_transcribed_document_is_called_is_said_in_todays_words(archive: Path) -> None:
    write_words(archive, "NOTE page: 12\n\n00:01.000 --> 00:02.000\n<v Ada>One.\n")
    told = [each.text for each in tree(package(silent_book(archive))).iter(f"{OPF}meta")]
    assert {"pageBreakMarkers", "pageNavigation"} <= set(told)
    assert "printPageNumbers" not in told
    assert "pagination" in told
