"""Opens documents that are XML in a zip, .docx and .odt. What is unpacked is bounded, whatever the zip says."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, Final

from player.errors import ArchiveError, Fault, quoted
from player.intake.transcripts.xml_trees import root_of

if TYPE_CHECKING:
    from pathlib import Path

#: The most bytes that a part is unpacked to, and the most tags in it: a document of 2,000 pages has a tenth of either.
_LARGEST: Final = 48_000_000
_TAGS: Final = 3_000_000
_FILES: Final = 10_000
# Of what is counted in a document: more are no count, and Python refuses to read thousands of them.
_MOST_DIGITS: Final = 5
_REMEDY: Final = "open it in the program that made it, and save it again"


class Zipped:
    """The parts of a document."""

    def __init__(self, path: Path, content: bytes) -> None:
        """Open a document.

        :raise ArchiveError: where it is no zip.
        """
        self._path = path
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, EOFError, OSError):
            raise refused(path, "the document is damaged: it is no zip") from None
        if len(self._zip.infolist()) > _FILES:
            raise refused(path, f"the document has more than {_FILES:,} parts")

    def names(self, beginning: str, end: str) -> list[str]:
        """Give the names of the parts that begin and end so, in order."""
        return sorted(name for name in self._zip.namelist() if name.startswith(beginning) and name.endswith(end))

    def part(self, name: str) -> Any | None:
        """Give the root of a part that is XML; None where there is none.

        :raise ArchiveError: as ``unpacked`` does, or where it is no XML that may be read.
        """
        data = self.unpacked(name)
        if data is None:
            return None
        if data.count(b"<") > _TAGS:
            raise self._too_large(name)
        return root_of(self._path, data)

    def unpacked(self, name: str) -> bytes | None:
        """Give the bytes of a part; None where there is none.

        :raise ArchiveError: where it cannot be unpacked, or is too large.
        """
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            return None
        if info.flag_bits & 1:
            raise refused(self._path, "the document is encrypted", "save it without a password")
        try:
            with self._zip.open(info) as file:
                data = file.read(_LARGEST + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            raise refused(self._path, f"its part {quoted(name)} cannot be unpacked") from None
        if len(data) > _LARGEST:
            raise self._too_large(name)
        return data

    def _too_large(self, name: str) -> ArchiveError:
        return refused(self._path, f"its part {quoted(name)} is larger than that of any transcript")


def refused(path: Path, what: str, remedy: str = _REMEDY) -> ArchiveError:
    """Make a refusal of a document."""
    return ArchiveError([Fault(path, None, what, remedy)])


def attribute(element: Any, name: str) -> str | None:
    """Give an attribute by its name without a namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def count_of(text: str | None) -> int | None:
    """Read how many there are of something, or the number of a page, of up to five digits; None where it is no such."""
    return int(text) if text is not None and text.isdecimal() and len(text) <= _MOST_DIGITS else None
