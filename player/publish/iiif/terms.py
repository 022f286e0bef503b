"""Names what all of IIIF's resources are made of: the context, texts in their languages, links to what is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from player.publish.transcripts.plain_signs import in_one_line, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTEXT: Final = "http://iiif.io/api/presentation/3/context.json"
#: The media type of a manifest or a collection, as the specification has it.
KIND: Final = f'application/ld+json;profile="{CONTEXT}"'
#: What the interface, and so what it calls things, is written in.
OWN: Final = "en"
#: Of texts in several languages, or whose language nobody says: a viewer shows them to every reader.
ANY: Final = "none"


def text(said: str, language: str = OWN) -> dict[str, list[str]]:
    """Give a text of one line in its language."""
    return {language: [in_one_line(said)]}


def texts(said: Iterable[str], language: str = ANY) -> dict[str, list[str]]:
    """Give values that are texts: one that looks like HTML is kept from being taken for it."""
    return {language: [_no_markup(plain(each)) for each in said]}


def entry(name: str, said: Iterable[str], language: str = ANY) -> dict[str, Any]:
    """Give a line of a table of metadata."""
    return {"label": text(name), "value": texts(said, language)}


def link(address: str, kind: str, label: dict[str, list[str]], form: str, **more: Any) -> dict[str, Any]:
    """Give a link to something of a ``kind``, such as Text or Dataset, whose media type is ``form``."""
    return {"id": address, "type": kind, "label": label, "format": form, **more}


def picture(address: str, size: tuple[int, int], form: str) -> dict[str, Any]:
    """Give a picture of a width and a height."""
    width, height = size
    return {"id": address, "type": "Image", "format": form, "width": width, "height": height}


def seconds(moment: int) -> int | float:
    """Give milliseconds in seconds: whole ones without a fraction."""
    whole, rest = divmod(moment, 1000)
    return moment / 1000 if rest else whole


def _no_markup(said: str) -> str:
    """Give a text that nobody takes for HTML: that begins with < and ends with > (section 4.5)."""
    return f"{said}\N{NO-BREAK SPACE}" if said.startswith("<") and said.endswith(">") else said
