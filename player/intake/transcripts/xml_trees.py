"""Reads XML that may be anybody's: no entities, no document type, nothing from elsewhere, and nothing very deep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.errors import ArchiveError, Fault, printable
from player.intake.transcripts.decoding import beginning

if TYPE_CHECKING:
    from pathlib import Path

_DOCTYPE: Final = "<!DOCTYPE"
_REMEDY: Final = "export it again from the program that made it"


def root_of(path: Path, content: bytes, remedy: str = _REMEDY) -> Any:
    """Read XML, and give its root element; ``remedy`` is what to do where it cannot be read.

    :raise ArchiveError: where it is none, or declares a document type, or where lxml is not installed.
    """
    try:
        from lxml import etree  # noqa: PLC0415  # needed for a few formats only
    except ImportError:
        install = "pip install 'tape-player[import]'"
        raise ArchiveError([Fault(path, None, "lxml, which reads XML, is not installed", install)]) from None
    if any(_DOCTYPE.encode(encoding) in content for encoding in ("ascii", "utf-16-le", "utf-16-be")):
        raise _refused(path, None, "it declares a document type, which is never read", remedy)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else None
        what = f"this is not XML ({printable(str(error).partition(', line ')[0]) or 'empty'})"
        raise _refused(path, line or None, what, remedy) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(path, None, "it declares a document type, which is never read", remedy)
    return root


def begins_with(content: bytes, *names: str) -> bool:
    """Tell whether the beginning of a file seems to be XML with elements of such names."""
    first = beginning(content)
    return first.lstrip().startswith("<") and all(f"<{name}" in first for name in names)


def local(element: Any) -> str:
    """Give the name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any, name: str) -> list[Any]:
    """Give the elements of a name directly in another."""
    return [child for child in element if local(child) == name]


def text_of(element: Any, name: str) -> str:
    """Give the text of the first element of a name directly in another; empty where there is none."""
    return next(("".join(child.itertext()) for child in children(element, name)), "")


def _refused(path: Path, line: int | None, what: str, remedy: str) -> ArchiveError:
    return ArchiveError([Fault(path, line, what, remedy)])
