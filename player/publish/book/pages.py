"""Writes the pages of a book: what is to be known first, the words, what they rest on, and the list of contents."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from player.archive.languages import language
from player.archive.own_headings import CITE_AS, SOURCES, TERMS
from player.archive.prose import plain as unmarked
from player.publish.book.leaves import BEGINNING, WHOLE
from player.publish.book.marks import add, page, written
from player.publish.citation import chicago, pages_cited
from player.publish.transcripts.marked_words import KEY, has_signs, pieces
from player.publish.transcripts.named_sources import described
from player.publish.transcripts.notices import made
from player.publish.transcripts.plain_signs import in_one_line
from player.publish.transcripts.plain_text import stamped
from player.timecode import clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree as ET

    from player.publish.book.book import Book, Note
    from player.publish.book.leaves import Leaf, Said
    from player.publish.transcripts.paragraphs import Paragraph

ABOUT, END, CONTENTS = "about", "end", "contents"
#: What the page with the words, and what is to be known before them, are called in the list of contents.
_WORDS: Final = "What is said"
_KNOWN: Final = "Before you begin"
_ABOUT_ALL: Final = "About the whole recording"
# What is not said in the recording is in the language of the interface.
_OWN: Final = "en"


def about(book: Book) -> bytes:
    """Write what is to be known before anything is heard."""
    exported = book.exported
    root, body = page(book.title, _OWN)
    section = add(body, "section", epub_type="frontmatter")
    add(section, "h1", book.title, **_in_language(exported.recording.language, _OWN))
    add(section, "p", made(exported.recording))
    for notice in exported.notices:
        way = {} if notice.language == _OWN else {"lang": notice.language, "xml_lang": notice.language}
        paragraph = add(section, "p", class_="notice", dir=language(notice.language).direction, **way)
        if notice.name:
            add(paragraph, "strong", f"{notice.name}:").tail = f" {notice.text}"
        else:
            add(paragraph, "strong", notice.text)
    if has_signs(exported.lines):
        add(section, "p", KEY)
    add(section, "p", heard(book))
    add(section, "p", f"{TERMS}{book.rights}")
    add(section, "p", f"{CITE_AS}{chicago(exported.cited)}")
    return written(root)


def heard(book: Book) -> str:
    """Say what of the book is heard."""
    if book.sound is None:
        return f"There is no sound in this book: {book.silence}."
    silent = " Passages of it are closed, and silent." if book.exported.recording.shown.silenced else ""
    left = book.exported.untimed
    if left == len(book.exported.lines):
        return f"The sound is heard by itself: nobody has said when each line is said.{silent}"
    but = "" if not left else "; 1 line has no time" if left == 1 else f"; {left} lines have no times"
    return f"Words and sound are in step: each line is marked while it is heard{but}.{silent}"


def words(book: Book, leaf: Leaf) -> bytes:
    """Write a document of what is said, with the notes on it."""
    exported = book.exported
    root, body = page(book.title, exported.language, book.direction)
    section = add(body, "section", id=WHOLE, epub_type="bodymatter chapter", role="doc-chapter")
    if leaf is book.leaves[0]:
        add(section, "h1", book.title, id=BEGINNING, **_in_language(exported.recording.language, exported.language))
    else:
        add(section, "h1", _continued(book, leaf), **_in_language(_OWN, exported.language))
    notes: dict[str, list[Note]] = {}
    for note in book.notes:
        if note.leaf == leaf.name and note.at and note.is_told:
            notes.setdefault(note.at, []).append(note)
    breaks = {name: (label, number) for of, name, label, number in pages(book) if of is leaf}
    for number, (paragraph, said) in enumerate(leaf.blocks, start=1):
        for part, title in enumerate(paragraph.parts, start=1):
            named = _in_language(exported.recording.language, exported.language)
            add(section, "h2", title, id=_part(number, part), **named)
        _paragraph(section, paragraph, said, notes, breaks, exported.language)
    for each in (note for together in notes.values() for note in together):
        _note(section, each, book)
    return written(root)


def end(book: Book) -> bytes:
    """Write what the lines rest on, and the notes about the whole recording."""
    root, body = page(book.title, _OWN)
    section = add(body, "section", epub_type="backmatter")
    listed = list(_rests(book))
    add(section, "h1", SOURCES)
    if not listed:
        add(section, "p", "No line names a source.")
    for places, text in listed:
        paragraph = add(section, "p")
        if places:
            add(paragraph, "strong", f"{places}:").tail = f" {text}"
        else:
            paragraph.text = text
    whole = [each for each in book.notes if each.at is None and each.is_told]
    if whole:
        add(section, "h1", _ABOUT_ALL)
    for each in whole:
        # No footnote: readers keep these back until a reader goes to them, and nothing leads to this one.
        tag = book.exported.recording.language
        apart = add(section, "section", id=f"note-{each.number}", **_in_language(tag, _OWN))
        add(apart, "h2", each.annotation.title)
        _told(apart, each, book)
    return written(root)


def contents(book: Book) -> bytes:
    """Write the list of contents: parts and annotated moments, and the pages of the document that was transcribed."""
    root, body = page(book.title, _OWN)
    nav = add(body, "nav", epub_type="toc", id="toc", role="doc-toc", aria_label="Contents")
    add(nav, "h1", "Contents")
    listed = add(nav, "ol")
    _entry(listed, f"{ABOUT}.xhtml", _KNOWN)
    for leaf in book.leaves:
        name = _WORDS if leaf is book.leaves[0] else _continued(book, leaf)
        item = _entry(listed, f"{leaf.name}.xhtml", name)
        inner = list(_places(book, leaf))
        if inner:
            below = add(item, "ol")
            for address, title in inner:
                _entry(below, address, title, book.exported.recording.language)
    _entry(listed, f"{END}.xhtml", SOURCES)
    if paged := list(pages(book)):
        nav = add(body, "nav", epub_type="page-list", id="page-list", role="doc-pagelist", aria_label="Pages")
        add(nav, "h1", "Pages of the document")
        listed = add(nav, "ol")
        for leaf, _, label, number in paged:
            _entry(listed, f"{leaf.name}.xhtml#page-{number}", label)
    marks = add(body, "nav", epub_type="landmarks", id="landmarks", hidden="hidden", aria_label="Landmarks")
    add(marks, "h1", "Landmarks")
    listed = add(marks, "ol")
    for kind, name, title in (
        ("frontmatter", ABOUT, _KNOWN),
        ("bodymatter", book.leaves[0].name, _WORDS),
        ("backmatter", END, SOURCES),
    ):
        add(add(listed, "li"), "a", title, epub_type=kind, href=f"{name}.xhtml")
    return written(root)


def pages(book: Book) -> Iterator[tuple[Leaf, str, str, int]]:
    """Give the pages of the document that was transcribed: where each begins, before which line, its name, a number."""
    last, number = None, 0
    for leaf in book.leaves:
        for said in leaf.said:
            if said.line.page and said.line.page != last:
                last, number = said.line.page, number + 1
                yield leaf, said.name, in_one_line(last), number


def _paragraph(
    section: ET.Element,
    paragraph: Paragraph,
    said: tuple[Said, ...],
    notes: dict[str, list[Note]],
    breaks: dict[str, tuple[str, int]],
    tag: str,
) -> None:
    written = add(section, "p", class_="closed" if paragraph.is_closed else None)
    if stamp := stamped(paragraph):
        add(written, "span", stamp, class_="time", dir="ltr").tail = " "
    if paragraph.voice:
        # A name in other letters than the line's is set apart from it, or its colon stands at the wrong side.
        add(written, "b", paragraph.voice, class_="voice", dir="auto").tail = ": "
    for each in said:
        if each.name in breaks:
            label, number = breaks[each.name]
            called = pages_cited(label)
            add(written, "span", f"[{called}]", id=f"page-{number}", epub_type="pagebreak", role="doc-pagebreak",
                aria_label=called, **_in_language(_OWN, tag)).tail = " "  # fmt: skip
        _line(written, each, tag)
        for note in notes.get(each.name, ()):
            add(written, "a", f"[{note.number}]", epub_type="noteref", role="doc-noteref", href=f"#note-{note.number}",
                id=f"ref-{note.number}", class_="ref").tail = " "  # fmt: skip


def _line(paragraph: ET.Element, said: Said, tag: str) -> None:
    line = said.line
    span = add(paragraph, "span", id=said.name, **_in_language(line.language, tag))
    span.tail = " "
    for text, is_sign in pieces(line):
        flowing = " ".join(text.split("\n"))
        if is_sign or line.is_closed:
            sign = add(span, "i", **_in_language(_OWN, line.language))
            sign.text = flowing
        elif len(span):
            span[-1].tail = f"{span[-1].tail or ''}{flowing}"
        else:
            span.text = f"{span.text or ''}{flowing}"


def _note(section: ET.Element, note: Note, book: Book) -> None:
    named = _in_language(book.exported.recording.language, book.exported.language)
    aside = add(section, "aside", id=f"note-{note.number}", epub_type="footnote", role="doc-footnote", **named)
    head = add(aside, "p")
    add(head, "a", f"[{note.number}]", href=f"#ref-{note.number}", role="doc-backlink").tail = " "
    add(head, "strong", note.annotation.title)
    _told(aside, note, book)


def _told(aside: ET.Element, note: Note, book: Book) -> None:
    each = note.annotation
    for text in filter(None, map(in_one_line, unmarked(each.body).split("\n\n"))):
        add(aside, "p", text)
    for claim in each.claims:
        rests = "; ".join(described(citation, book.sources) for citation in claim.citations)
        add(aside, "p", f"{unmarked(claim.says)} ({claim.certainty}; {rests})")
    if each.citations:
        add(aside, "p", "; ".join(described(citation, book.sources) for citation in each.citations), class_="rests")


def _places(book: Book, leaf: Leaf) -> Iterator[tuple[str, str]]:
    """Give what is listed below a document of words: parts, and the notes at lines, in the order of the lines."""
    titles: dict[str, list[str]] = {}
    for note in book.notes:
        if note.at and note.leaf == leaf.name:
            titles.setdefault(note.at, []).append(in_one_line(note.annotation.title))
    for number, (paragraph, said) in enumerate(leaf.blocks, start=1):
        for part, title in enumerate(paragraph.parts, start=1):
            yield f"{leaf.name}.xhtml#{_part(number, part)}", title
        for each in said:
            yield from ((f"{leaf.name}.xhtml#{each.name}", title) for title in titles.get(each.name, ()))


def _rests(book: Book) -> Iterator[tuple[str, str]]:
    """Give what lines rest on, in the order in which it is first named, with when the lines begin."""
    found: dict[str, list[str]] = {}
    for citations, together in groupby(book.exported.lines, lambda line: line.citations):
        if citations:
            text = "; ".join(described(each, book.sources) for each in citations)
            first, *_ = together
            found.setdefault(text, []).append("" if first.start is None else clock(first.start))
    for text, times in found.items():
        yield ", ".join(filter(None, times)), text


def _part(number: int, part: int) -> str:
    return f"part-{number}-{part}"


def _continued(book: Book, leaf: Leaf) -> str:
    """Name a document of words that is not the first."""
    if leaf.start is not None:
        return f"From {clock(leaf.start)}"
    return f"{_WORDS}, {book.leaves.index(leaf) + 1} of {len(book.leaves)}"


def _in_language(tag: str, around: str) -> dict[str, str | None]:
    """Give the attributes of what is in a language, and its direction; none in text of the same."""
    return {} if tag == around else {"lang": tag, "xml_lang": tag, "dir": language(tag).direction}


def _entry(listed: ET.Element, address: str, title: str, tag: str = _OWN) -> ET.Element:
    item = add(listed, "li")
    add(item, "a", title, href=address, **_in_language(tag, _OWN))
    return item
