"""Reads what TEI says around what is said: title, day, language, who speaks, and what our own export rests on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from player.archive.dates import is_date
from player.archive.machine import LABEL, UNKNOWN, MachineMade
from player.archive.references import IDENTIFIER, Citation
from player.intake.transcripts.cleaning import clean, name_of
from player.intake.transcripts.imported import Deed, Remark
from player.intake.transcripts.language_tags import tag_of
from player.intake.transcripts.machines import machine_named
from player.intake.transcripts.xml_trees import children, local, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The attribute ``xml:id``.
ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_WRITTEN_BY: Final = re.compile(r"Written by (.*)\.\s*$", re.DOTALL)


def names_of(root: Any) -> dict[str, str]:
    """Give what each voice is called, by its identifier."""
    found: dict[str, str] = {}
    for element in root.iter():
        if local(element) not in {"person", "personGrp"}:
            continue
        named = next(iter(children(element, "persName")), None)
        parts = [] if named is None else [each for each in named if local(each) not in {"abbr", "addName"}] or [named]
        text = " ".join(clean("".join(each.itertext())) for each in parts)
        if named is not None and (named.text or "").strip():
            text = clean("".join(named.itertext()))
        name = name_of(text or text_of(element, "name") or element.get("n") or "")
        if name and element.get(ID):
            found[element.get(ID).strip()] = name
    return found


def sources_of(root: Any) -> dict[str, Citation]:
    """Give what lines rest on, as our own export names it."""
    found: dict[str, Citation] = {}
    for element in root.iter():
        if local(element) != "bibl":
            continue
        whole = (element.get("corresp") or f"#{element.get(ID)}").removeprefix("#source-")
        if IDENTIFIER.fullmatch(whole):
            found[element.get(ID) or ""] = Citation(whole, clean(text_of(element, "citedRange")) or None)
    return found


def _within(element: Any, *names: str) -> Iterator[Any]:
    """Give the elements on a path below one."""
    if not names:
        yield element
        return
    for child in children(element, names[0]) if element is not None else ():
        yield from _within(child, *names[1:])


def title_of(head: Any) -> str | None:
    """Give the main title, or the first that there is."""
    titles = list(_within(head, "fileDesc", "titleStmt", "title"))
    main = [each for each in titles if each.get("type") in {None, "main"}] or titles
    return clean("".join(main[0].itertext())) or None if main else None


def date_of(head: Any) -> str | None:
    """Give the day of the recording, or of what was said; never that of the file."""
    for names in (
        ("fileDesc", "sourceDesc", "recordingStmt", "recording", "date"),
        ("profileDesc", "settingDesc", "setting", "date"),
        ("profileDesc", "creation", "date"),
    ):
        for element in _within(head, *names):
            for said in (element.get("when"), "".join(element.itertext())):
                if said and is_date(said.strip()):
                    return str(said.strip())
    return None


def language_of(text: Any, head: Any) -> str | None:
    """Give the language of the text, or the one that the header names, where that is only one."""
    named = list(_within(head, "profileDesc", "langUsage", "language"))
    return tag_of(text.get(_LANG)) or (tag_of(named[0].get("ident")) if len(named) == 1 else None)


def notes_of(head: Any) -> list[tuple[str, str]]:
    """Give the notes on the whole file, each with its kind."""
    found = _within(head, "fileDesc", "notesStmt", "note")
    return [(each.get("type") or "", clean("".join(each.itertext()))) for each in found]


def machine_of(text: str) -> MachineMade:
    """Give the machine that wrote the words, by what our own export says of it."""
    named = _WRITTEN_BY.search(text)
    if not text.startswith(LABEL) or named is None:
        return MachineMade(UNKNOWN)
    return machine_named(named[1]) or MachineMade(UNKNOWN)


def about_of(head: Any) -> tuple[Remark, ...]:
    """Tell what the header says of the recording beside its title, date and language."""
    if head is None:
        return ()
    what = "what its header says of the recording, its terms, its sources and who speaks"
    return (Remark(Deed.LEFT_OUT, f"{what}; what is wanted of it, write into the archive", (head.sourceline or 1,)),)
