"""Says what each page of the site shows that prose may link to, so that ``player check`` can see whether it is there.

It is about the pages' own addresses; files beside them, such as a sound or a citation, go with their recording's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from player.archive.references import NOTE, Citation, Pointer

if TYPE_CHECKING:
    from player.archive.toml.declared import Kind

    #: Something in the archive that a page, or a part of a page, is about.
    Shown = tuple[Kind, Any]


def shown_at(address: str) -> list[Shown] | None:
    """Say what ``/path#anchor`` shows of the archive; None where the site has no such page."""
    parts = urlsplit(address)
    anchor = unquote(parts.fragment)
    kind, _, name = anchor.partition("-")
    shown: list[Shown] | None = []
    match unquote(parts.path).strip("/").split("/"):
        case [""] | ["about"] | ["accessibility"] | ["recordings"] | ["people"] | ["dossiers"] | ["sets"]:
            pass
        case ["sources"]:
            shown = [("source", Citation(name))] if kind == "source" else []
        case ["chronology"]:
            shown = [("entries", (name,))] if kind == "entry" else []
        case ["people", person, *_]:
            shown = [("person", person)]
        case ["sources", source, *_]:
            shown = [("source", Citation(source))]
        case ["dossiers", slug, *_]:
            shown = [("dossiers", (Pointer(slug, name if kind == "question" else None),))]
        case ["sets", slug]:
            shown = [("set", slug)]
        case ["recordings", slug, "lines", line]:
            shown = [("moment", Pointer(slug, line))]
        case ["recordings", slug, *_]:
            part = name if kind == "cue" else anchor if anchor.startswith(NOTE) else None
            shown = [("moment", Pointer(slug, part))]
        case _:
            shown = None
    return shown
