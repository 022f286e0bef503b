"""Makes elements of XML, and the documents that they are the whole of: ElementTree escapes all that is in them."""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from player.publish.transcripts.plain_signs import in_one_line

_XHTML: Final = "http://www.w3.org/1999/xhtml"
_OPS: Final = "http://www.idpf.org/2007/ops"
#: The style of all documents.
STYLE: Final = "book.css"


def add(parent: ET.Element, name: str, text: str | None = None, **attributes: str | None) -> ET.Element:
    """Add an element with a text in one line. ``epub_type`` is its ``epub:type``, and so on; None leaves one out."""
    named = {_named(key): in_one_line(value) for key, value in attributes.items() if value is not None}
    made = ET.SubElement(parent, name, named)
    made.text = None if text is None else in_one_line(text)
    return made


def page(title: str, language: str, direction: str = "ltr") -> tuple[ET.Element, ET.Element]:
    """Make a page of a book; give it and its body."""
    told = {"lang": language, "xml:lang": language, "dir": direction}
    root = ET.Element("html", {"xmlns": _XHTML, "xmlns:epub": _OPS, **told})
    head = ET.SubElement(root, "head")
    add(head, "title", title)
    add(head, "link", rel="stylesheet", type="text/css", href=STYLE)
    return root, ET.SubElement(root, "body")


def written(root: ET.Element) -> bytes:
    """Write a document."""
    content: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content + b"\n"


def _named(key: str) -> str:
    """Give the name of an attribute: ``epub_type`` is ``epub:type``, ``class_`` is ``class``."""
    bare = key.rstrip("_")
    prefix, _, rest = bare.partition("_")
    return f"{prefix}:{rest}" if prefix in {"epub", "xml"} and rest else bare.replace("_", "-")
