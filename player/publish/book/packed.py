"""Packs a book into its file, of which the same recording gives the same bytes; no sound is held in memory for it.

https://www.w3.org/TR/epub-33/#sec-zip-container-zipreqs
"""

from __future__ import annotations

import shutil
from typing import IO, TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from player import files
from player.publish.book import overlay, pages
from player.publish.book.marks import STYLE
from player.publish.book.package import FOLDER, PACKAGE, container, package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from player.publish.book.book import Book

#: The media type of such a file.
MEDIA_TYPE: Final = "application/epub+zip"
# The first day that a ZIP can name.
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_READABLE: Final = 0o644 << 16
_PIECE: Final = 1 << 20  # bytes
_CSS: Final = f"""\
body {{ line-height: 1.5; margin: 0 5%; }}
.time {{ font-size: 0.75em; }}
.voice {{ font-variant: small-caps; }}
.closed, .rests {{ font-style: italic; }}
.ref {{ font-size: 0.75em; vertical-align: super; line-height: 0; }}
.notice {{ border-inline-start: 0.2em solid; padding-inline-start: 0.8em; }}
aside {{ border-top: 1px solid; font-size: 0.9em; margin-top: 1em; }}
.{overlay.ACTIVE} {{ background: #ffe9a8; color: #000; text-decoration: underline; }}
"""


def pack(book: Book, into: IO[bytes]) -> None:
    """Write a book into an empty file, in which one can go back.

    :raise OSError: where the sound cannot be read, or the file not be written.
    """
    with ZipFile(into, "w") as packed:
        packed.writestr(_entry("mimetype", ZIP_STORED), MEDIA_TYPE)
        packed.writestr(_entry("META-INF/container.xml"), container())
        for name, content in _documents(book):
            packed.writestr(_entry(f"{FOLDER}/{name}"), content)
        if book.sound:
            entry = _entry(f"{FOLDER}/{book.sound.name}", ZIP_STORED)
            with files.opened(book.sound.path) as sound:
                entry.file_size = sound.seek(0, 2)
                sound.seek(0)
                with packed.open(entry, "w") as written:
                    shutil.copyfileobj(sound, written, _PIECE)


def _documents(book: Book) -> Iterator[tuple[str, bytes]]:
    yield PACKAGE, package(book)
    yield f"{pages.CONTENTS}.xhtml", pages.contents(book)
    yield STYLE, _CSS.encode()
    yield f"{pages.ABOUT}.xhtml", pages.about(book)
    for leaf in book.leaves:
        yield f"{leaf.name}.xhtml", pages.words(book, leaf)
        if leaf.clips and book.sound:
            yield f"{leaf.name}.smil", overlay.overlay(leaf, book.sound.name)
    yield f"{pages.END}.xhtml", pages.end(book)


def _entry(name: str, compression: int = ZIP_DEFLATED) -> ZipInfo:
    entry = ZipInfo(name, _DAY)
    entry.compress_type = compression
    entry.external_attr = _READABLE
    return entry
