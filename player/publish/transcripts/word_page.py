"""Lays out a Word document: paper, styles, what stands above and below each page, languages and which way they run.

python-docx begins with a template of its own: American paper, blue headings, words in American English. Of which way a
text runs it knows little; ``w:bidi`` is that of a paragraph, ``w:rtl`` of a run, and bold, italic and a language have a
second form for letters that run from right to left (ISO/IEC 29500-1, 17.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.archive.languages import has_leftward, language
from player.archive.machine import LABEL
from player.publish.transcripts.plain_signs import in_one_line

if TYPE_CHECKING:
    from player.publish.transcripts.exported import Exported

#: The styles of what is neither words nor headings: what is to be known first, terms, and the list of sources.
NOTICE: Final = "Notice"
SMALL: Final = "Terms"
LISTED: Final = "Sources"
#: What lies between the terms and the words, in English Metric Units: 18 points.
APART: Final = 228_600

# A4 (ISO 216), in millimetres.
_PAPER: Final = (210, 297)
_MARGIN: Final = 25
_SIZES: Final = {"Title": 20, "Heading 1": 14}
# Of a title, so much stands above each page.
_LONGEST: Final = 100


def laid_out(document: Any, exported: Exported) -> None:
    """Give a new document its paper, styles and languages, and what stands above and below each page."""
    from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415  # an extra, and slow to import

    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, _PAPER)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    for name, size in _SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
    # A head of two lines has room above the words.
    section.top_margin = Mm(_MARGIN + 5)
    section.header_distance = section.footer_distance = Mm(12)
    document.styles["Header"].font.size = document.styles["Footer"].font.size = Pt(9)
    document.styles["Heading 1"].paragraph_format.space_after = Pt(6)
    small, listed, notice = (_style(document, name) for name in (SMALL, LISTED, NOTICE))
    small.font.size = listed.font.size = Pt(9)
    small.paragraph_format.space_after = listed.paragraph_format.space_after = Pt(4)
    listed.paragraph_format.left_indent = Mm(8)
    listed.paragraph_format.first_line_indent = -Mm(8)
    notice.paragraph_format.left_indent = Mm(4)
    notice.paragraph_format.keep_together = True
    _bar(notice)
    _speak(document.styles.element, exported.language)
    _above(section, exported)


def written(paragraph: Any, text: str, tag: str, *, bold: bool = False, italic: bool = False) -> None:
    """Add words in a language to a paragraph, which run the way their letters do."""
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    if has_leftward(text):
        run.font.rtl = True
        run.font.cs_bold, run.font.cs_italic = bold or None, italic or None
    _lang(run._element.get_or_add_rPr(), tag)  # noqa: SLF001  # python-docx has no way of its own


def runs_as(paragraph: Any, tag: str) -> None:
    """Let a paragraph begin where one in this language does."""
    if language(tag).direction == "rtl":
        properties = paragraph._element.get_or_add_pPr()  # noqa: SLF001  # as above
        properties.insert_element_before(_element("w:bidi"), "w:adjustRightInd", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _style(document: Any, name: str) -> Any:
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415  # an extra

    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    return style


def _bar(style: Any) -> None:
    """Put a line beside a paragraph."""
    borders = _element("w:pBdr")
    borders.append(_element("w:left", val="single", sz="12", space="8", color="808080"))
    properties = style.element.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:bidi", "w:spacing", "w:ind", "w:jc")


def _speak(styles: Any, tag: str) -> None:
    """Say in which language the words are that say nothing of it themselves."""
    from docx.oxml.ns import qn  # noqa: PLC0415  # an extra

    for found in styles.iter(qn("w:lang")):
        found.set(qn("w:bidi" if language(tag).direction == "rtl" else "w:val"), tag)


def _lang(properties: Any, tag: str) -> None:
    properties.append(_element("w:lang", val=tag, bidi=tag))


def _above(section: Any, exported: Exported) -> None:
    """Write above each page but the first what it is, and below each its number."""
    section.different_first_page_header_footer = True
    title = in_one_line(exported.recording.title)
    said = [title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…"]
    said += [each.text for each in exported.notices if each.kind == "reading"]
    said += [LABEL for each in exported.notices if each.kind == "machine"]
    head = section.header.paragraphs[0]
    written(head, " · ".join(said), exported.recording.language, italic=True)
    runs_as(head, exported.recording.language)
    for foot in (section.first_page_footer, section.footer):
        line = foot.paragraphs[0]
        line.alignment = 1
        for field in ("PAGE", "NUMPAGES"):
            simple = _element("w:fldSimple", instr=field)
            run = _element("w:r")
            shown = _element("w:t")
            shown.text = "1"
            run.append(shown)
            simple.append(run)
            if field == "NUMPAGES":
                line.add_run(" / ")
            line._element.append(simple)  # noqa: SLF001  # as above


def _element(name: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement  # noqa: PLC0415  # an extra
    from docx.oxml.ns import qn  # noqa: PLC0415  # an extra

    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made
