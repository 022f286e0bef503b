"""Writes the package document of a book, which says what it is, what is in it, and to whom it is accessible how.

https://www.w3.org/TR/epub-33/ and, for what it says of accessibility, https://www.w3.org/TR/epub-a11y-11/
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from player.publish.book.marks import STYLE, add, written
from player.publish.book.overlay import ACTIVE, lasting
from player.publish.book.pages import ABOUT, CONTENTS, END, heard, pages
from player.publish.citation import chicago

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.publish.book.book import Book

_OPF: Final = "http://www.idpf.org/2007/opf"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_CONTAINER: Final = "urn:oasis:names:tc:opendocument:xmlns:container"
_XHTML: Final = "application/xhtml+xml"
#: Where the book itself lies in its file, and the package document in that.
FOLDER: Final = "EPUB"
PACKAGE: Final = "package.opf"


def container() -> bytes:
    """Write where the package document is."""
    root = ET.Element("container", {"version": "1.0", "xmlns": _CONTAINER})
    place = f"{FOLDER}/{PACKAGE}"
    add(add(root, "rootfiles"), "rootfile", **{"full-path": place, "media-type": "application/oebps-package+xml"})
    return written(root)


def package(book: Book) -> bytes:
    """Write the package document."""
    exported = book.exported
    attributes = {"version": "3.0", "unique-identifier": "id", "xml:lang": "en"}
    root = ET.Element("package", {"xmlns": _OPF, **attributes})
    metadata = ET.SubElement(root, "metadata", {"xmlns:dc": _DC})
    _describe(metadata, book)
    manifest = add(root, "manifest")
    spine = add(root, "spine", page_progression_direction="rtl" if book.direction == "rtl" else None)
    _item(manifest, CONTENTS, f"{CONTENTS}.xhtml", _XHTML, properties="nav")
    _item(manifest, "style", STYLE, "text/css")
    for name, overlaid in (
        (ABOUT, False),
        *((leaf.name, bool(leaf.clips)) for leaf in book.leaves),
        (END, False),
    ):
        _item(manifest, name, f"{name}.xhtml", _XHTML, media_overlay=f"{name}-overlay" if overlaid else None)
        if overlaid:
            _item(manifest, f"{name}-overlay", f"{name}.smil", "application/smil+xml")
        add(spine, "itemref", idref=name)
    if book.sound:
        _item(manifest, "sound", book.sound.name, book.sound.media_type)
    cited = exported.cited
    add(metadata, "meta", f"{cited.accessed.isoformat()}T00:00:00Z", property="dcterms:modified")
    return written(root)


def _describe(metadata: ET.Element, book: Book) -> None:
    exported, recording = book.exported, book.exported.recording
    name = f"{exported.cited.address or recording.slug}#{exported.language}"
    add(metadata, "dc:identifier", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}", id="id")
    add(metadata, "dc:title", book.title)
    add(metadata, "dc:language", exported.language)
    if exported.cited.address:
        add(metadata, "dc:source", exported.cited.address)
    add(metadata, "dc:source", chicago(exported.cited))
    if any(True for _ in pages(book)):
        add(metadata, "dc:source", "The document that the transcript was taken from", id="paged")
        add(metadata, "meta", "pagination", property="source-of", refines="#paged")
    add(metadata, "dc:rights", book.rights)
    if recording.responsible_party:
        add(metadata, "dc:publisher", recording.responsible_party)
    known = [*map(str, exported.notices), *([recording.summary] if recording.summary else [])]
    if known:
        add(metadata, "dc:description", " ".join(known))
    for property_, value in _accessible(book):
        add(metadata, "meta", value, property=f"schema:{property_}")
    sounding = [leaf for leaf in book.leaves if leaf.clips]
    for leaf in sounding:
        add(metadata, "meta", lasting(leaf.clips), property="media:duration", refines=f"#{leaf.name}-overlay")
    if sounding:
        every = (clip for leaf in sounding for clip in leaf.clips)
        add(metadata, "meta", lasting(every), property="media:duration")
        add(metadata, "meta", ACTIVE, property="media:active-class")


def _accessible(book: Book) -> Iterator[tuple[str, str]]:
    """Say in schema.org's words who can read or hear the book, and how."""
    yield "accessMode", "textual"
    if book.sound:
        yield "accessMode", "auditory"
    yield "accessModeSufficient", "textual"
    is_in_step = book.sound and any(said.start is not None for leaf in book.leaves for said in leaf.said)
    if is_in_step:
        yield "accessModeSufficient", "textual,auditory"
        yield "accessibilityFeature", "synchronizedAudioText"
    for feature in ("readingOrder", "structuralNavigation", "tableOfContents", "displayTransformability"):
        yield "accessibilityFeature", feature
    if book.sound:
        yield "accessibilityFeature", "transcript"
    if any(True for _ in pages(book)):
        yield "accessibilityFeature", "pageBreakMarkers"
        yield "accessibilityFeature", "pageNavigation"
    yield "accessibilityHazard", "noFlashingHazard"
    yield "accessibilityHazard", "noMotionSimulationHazard"
    yield "accessibilityHazard", "unknownSoundHazard" if book.sound else "noSoundHazard"
    said = "The words of a recording as text, with who speaks; sounds stand in brackets. There are no pictures."
    yield "accessibilitySummary", f"{said} {heard(book)} What should be known before listening is on the first page."


def _item(
    manifest: ET.Element,
    name: str,
    href: str,
    media_type: str,
    *,
    properties: str | None = None,
    media_overlay: str | None = None,
) -> None:
    add(
        manifest,
        "item",
        id=name,
        href=href,
        media_type=media_type,
        properties=properties,
        media_overlay=media_overlay,
    )
