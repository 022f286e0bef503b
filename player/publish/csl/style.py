"""Reads a style, and writes a citation as it says: what stands in the text or the note, and in the list of works.

The style is a file that may be anybody's. It is read by a parser of our own, held to the schema of CSL 1.0.2 that comes
with citeproc-py, and stopped where it goes on without end. Nothing is ever fetched.
"""

from __future__ import annotations

import re
import warnings
from graphlib import CycleError, TopologicalSorter
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from player.errors import ArchiveError, Fault, NotFoundError, printable, quoted
from player.publish.bibliography import csl_item
from player.publish.citation import NOTICE
from player.publish.csl.styled import Marked, as_html, without_signs
from player.values import value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.publish.citation import Cited

#: The largest file that is read as a style; the largest of those of 2026 has 250 kB.
MOST: Final = 1_000_000
_LONGEST: Final = 10_000  # letters of one text or attribute; the longest of those of 2026 has 3,812
_ADDRESS: Final = 200  # letters of one that are told
_SPACES: Final = re.compile(r"[ \t\r\n\f\v\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_AFTER_QUOTE: Final = re.compile(r"([.,?!]?)(’?”)([.,])(?!\w)")
_LETTERS: Final = re.compile(r"[\W_]+")
#: What to do about a file that is no style.
AGAIN: Final = "take the file of the style again from who keeps it, such as https://www.zotero.org/styles"


@value
class Entry:
    """What a style writes: ``text`` for the text, or for a note where it ``is_note``; ``listed`` for the list of works.

    Each is empty where the style has none. What ends in ``html`` has it as HTML, with what is in italics.
    """

    text: str
    listed: str
    is_note: bool
    text_html: str = ""
    listed_html: str = ""


def locales() -> Sequence[str]:
    """Give the languages whose words are installed, as BCP 47 tags."""
    from citeproc import LANGUAGE_NAMES  # noqa: PLC0415  # an extra

    return sorted(LANGUAGE_NAMES)


def entry(cited: Cited, path: Path, root: Any, locale: str | None = None) -> Entry:
    """Write a citation by the style whose file was read into ``root``, in its own language or that of ``locale``.

    What has to be told wherever words of a recording go, and the style leaves out, stands behind it in square brackets:
    that it is a reading, and that nobody has checked a machine's words.

    :raise ArchiveError: where it is no style, points to another, or writes nothing.
    :raise NotFoundError: where the words of that language are not installed.
    """
    if locale is not None and locale not in locales():
        raise NotFoundError(f"there are no words in {quoted(locale)} for styles; there are: {', '.join(locales())}")
    _check(path, root)
    from citeproc.formatter import plain  # noqa: PLC0415  # an extra

    try:
        with warnings.catch_warnings():
            # It warns of variables that the schema has and it does not know.
            warnings.simplefilter("ignore")
            text, listed, moves_in = _written(cited, root, locale, plain)
            marked = _written(cited, root, locale, Marked)
    except Exception as error:  # noqa: BLE001  # it has no errors of its own: a style may make it raise any
        raise _refused(path, None, _told(error), "cite in another style") from None
    text, listed = (_finished(each, moves_in=moves_in) for each in (text, listed))
    # What stands in the text, such as a number, may only lead to the list.
    full = listed or text
    if not any(_bare(each) and _bare(each) in _bare(full) for each in (cited.title, cited.address)):
        what = f"this style writes nothing by which a sound recording is found ({quoted(full)})"
        raise _refused(path, None, what, "cite in another style")
    is_note = root.get("class") == "note"
    text = _with_told(text, cited) if text and (is_note or not listed) else text
    listed = _with_told(listed, cited) if listed else ""
    return Entry(text, listed, is_note, as_html(text, marked[0]), as_html(listed, marked[1]))


def _check(path: Path, root: Any) -> None:
    """Refuse what is no style that can be followed."""
    from citeproc import SCHEMA_PATH  # noqa: PLC0415  # an extra
    from lxml import etree  # noqa: PLC0415  # comes with it

    from player.publish.csl.elements import NAMESPACE  # noqa: PLC0415  # needs it

    if root.tag != f"{{{NAMESPACE}}}style":
        raise _refused(path, root.sourceline, "this is not a CSL style", "name a file that ends in .csl")
    names = {"csl": NAMESPACE}
    parent = root.find("csl:info/csl:link[@rel='independent-parent']", names)
    if root.find("csl:citation", names) is None and parent is not None:
        where = printable((parent.get("href") or "")[:_ADDRESS])
        what = f'this style says nothing itself, but points to another, "{where}", which is never fetched'
        raise _refused(path, parent.sourceline, what, "get that one, and name its file")
    for element in root.iter():
        if any(len(each) > _LONGEST for each in (element.text or "", element.tail or "", *element.attrib.values())):
            raise _refused(path, element.sourceline, f"a text is longer than {_LONGEST:,} letters")
    schema = etree.RelaxNG(etree.parse(SCHEMA_PATH))
    if not schema.validate(root):
        # Where something else is in an element than may be, it first says what else could have been there.
        wrong = next((each for each in schema.error_log if "NOELEM" not in each.type_name), schema.error_log[0])
        raise _refused(
            path, wrong.line or schema.error_log[0].line, f"this is not as CSL 1.0.2 has it ({wrong.message})"
        )
    macros = {each.get("name"): each for each in root.iterfind("csl:macro", names)}
    used = {
        name: {of.get("macro") for of in each.iter(f"{{{NAMESPACE}}}text") if of.get("macro")}
        for name, each in macros.items()
    }
    try:
        TopologicalSorter(used).prepare()
    except CycleError as error:
        first, *_ = names_in = error.args[1]
        what = f"the macro {quoted(first)} calls itself ({', which calls '.join(map(quoted, reversed(names_in)))})"
        line = macros[first].sourceline if first in macros else None
        raise _refused(path, line, what) from None
    for each in root.iter(f"{{{NAMESPACE}}}text"):
        if each.get("macro") and each.get("macro") not in macros:
            raise _refused(path, each.sourceline, f"there is no macro {quoted(each.get('macro'))}")


def _written(cited: Cited, root: Any, locale: str | None, formatter: Any) -> tuple[str, str, bool]:
    """Give what stands in the text and in the list, and whether stops move into quotations."""
    from citeproc.frontend import CitationStylesStyle  # noqa: PLC0415  # an extra
    from citeproc.source import Citation, CitationItem, Locator  # noqa: PLC0415  # as above
    from citeproc.source.json import CiteProcJSON  # noqa: PLC0415  # as above
    from lxml import etree  # noqa: PLC0415  # as above

    from player.publish.csl.elements import NAMESPACE, Written, classes  # noqa: PLC0415  # as above

    lookup = etree.ElementNamespaceClassLookup()
    lookup.get_namespace(NAMESPACE).update(classes())
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    parser.set_element_class_lookup(lookup)

    style = CitationStylesStyle.__new__(CitationStylesStyle)
    # Its own constructor reads the file again, with a parser that expands entities.
    style.xml = etree.parse(BytesIO(etree.tostring(root)), parser)
    style.root = style.xml.getroot()
    style.root.set_locale_list(locale or style.root.get("default-locale", "en-US"), validate=False)

    item = csl_item(cited)
    if cited.is_reading:
        # Its title says it already, in every style.
        item.pop("medium")
    written = Written(style, CiteProcJSON([without_signs(item)]), formatter)
    located = _locator(cited)
    citation = Citation([CitationItem(item["id"], **({"locator": Locator(*located)} if located else {}))])
    written.register(citation)
    text = str(written.cite(citation, lambda _: None) or "")
    listed = written.bibliography() if style.has_bibliography() else []
    moves_in = str(style.root.get_locale_option("punctuation-in-quote")).lower() == "true"
    return text, str(listed[0]) if listed else "", moves_in


def _locator(cited: Cited) -> tuple[str, str] | None:
    """Give the kind of place that a passage has in the recording, and the place; None for the whole recording.

    That of a time is written without a word before it, as APA's and MLA's own rules have it, and as its digits tell.
    """
    if cited.start is not None:
        return "timestamp", cited.in_part or cited.stamps
    return ("page", cited.pages) if cited.pages else None


def _finished(text: str, *, moves_in: bool) -> str:
    """Give a text in one line; stops that follow a closing quotation mark move before it, where the language wants it.

    citeproc-py 0.11.1 knows of that, and leaves it out.
    """
    text = _SPACES.sub(" ", text).strip(" ")
    return _AFTER_QUOTE.sub(_moved, text) if moves_in else text


def _moved(found: re.Match[str]) -> str:
    before, quote, after = found.groups()
    if before in {"?", "!"}:
        return before + quote + after.replace(".", "")
    return (before if before == after else before + after) + quote


def _with_told(text: str, cited: Cited) -> str:
    """Add what has to be told and is not in it."""
    told = [NOTICE] if cited.is_reading else []
    told += [cited.transcript] if cited.transcript else []
    left_out = [each for each in told if _bare(each) not in _bare(text)]
    return f"{text} [{'; '.join(left_out)}]" if left_out else text


def _bare(text: str) -> str:
    return _LETTERS.sub("", text.casefold())


def _told(error: Exception) -> str:
    """Say why citeproc-py could not follow a style."""
    from player.publish.csl.elements import EndlessError  # noqa: PLC0415  # needs an extra

    if isinstance(error, (EndlessError, RecursionError)):
        return "this style goes on without end, or is nested too deep"
    why = quoted(f"{type(error).__name__}: {error}".rstrip(": "))
    return f"citeproc-py cannot follow this style ({why})"


def _refused(path: Path, line: int | None, what: str, remedy: str = AGAIN) -> ArchiveError:
    return ArchiveError([Fault(path, line, what, remedy)])
