"""Writes a citation in the formats that reference managers read: BibTeX, RIS and CSL-JSON.

BibTeX as ``btxdoc`` (Oren Patashnik, 1988) describes it, with the ``date`` and ``urldate`` of biblatex, which reads
EDTF; RIS as Research Information Systems' format specification of 2011 has it; CSL-JSON by its schema 1.0.2.

A reading's title says that it is one, in square brackets as cataloguers add what is not on the thing itself: of all
fields it is the one that no style leaves out.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from player.archive.dates import has_open_start, made
from player.publish.citation import LAST_MONTH, SINGLE, is_plain

if TYPE_CHECKING:
    from player.publish.citation import Cited

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905  # BibTeX's own names
_YEAR: Final = re.compile(r"\d{4}")
# BibTeX counts a brace even after a backslash, so that one without its fellow would swallow the entries below it.
_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%"},
    }
)


def bibtex(cited: Cited) -> str:
    """Write a BibTeX entry."""
    fields = {
        # Twice in braces: styles leave its capitals alone.
        "title": f"{{{_tex(_title(cited))}}}",
        "date": cited.date,
        **_bibtex_date(cited.date),
        "howpublished": _tex(cited.kind),
        "note": _tex(_note(cited)),
        "doi": cited.doi or "",
        "url": cited.address,
        "urldate": cited.accessed.isoformat(),
    }
    lines = [f"  {name} = {value if name == 'month' else f'{{{value}}}'},\n" for name, value in fields.items() if value]
    return f"@misc{{{_key(cited)},\n{''.join(lines)}}}\n"


def ris(cited: Cited) -> str:
    """Write a RIS record; its lines end as the format has it, with CR LF."""
    fields = [
        ("TY", "SOUND"),
        ("ID", _key(cited)),
        ("TI", _title(cited)),
        ("PY", _year(cited.date)),
        ("DA", ris_date(cited.date)),
        ("M3", cited.kind),
        ("AN", cited.number or cited.identifier),
        ("DO", cited.doi),
        ("AV", ", ".join(part for part in (cited.collection, cited.repository) if part)),
        ("N1", _note(cited)),
        ("UR", cited.address),
        ("Y2", ris_date(cited.accessed.isoformat())),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def csl_json(cited: Cited) -> str:
    """Write a list of one CSL-JSON item."""
    return json.dumps([csl_item(cited)], ensure_ascii=False, indent=2) + "\n"


def csl_item(cited: Cited) -> dict[str, Any]:
    """Give an item as CSL-JSON has it."""
    item: dict[str, Any] = {
        "id": _key(cited),
        "type": "song",  # CSL's word for any recording of sound
        "title": _title(cited),
        "issued": csl_date(cited.date),
        "event-place": cited.place,
        "medium": cited.kind,
        **_kept(cited),
        "number": None if cited.doi else cited.number,
        "DOI": cited.doi,
        "version": made(cited.version) if cited.version else None,
        "language": cited.language,
        "note": _note(cited),
        "URL": cited.address,
        "accessed": csl_date(cited.accessed.isoformat()),
    }
    return {name: value for name, value in item.items() if value}


#: What each format is called, with the ending and the type of its file and what writes it.
FORMATS: Final = (
    ("BibTeX", "bib", "application/x-bibtex", bibtex),
    ("RIS", "ris", "application/x-research-info-systems", ris),
    ("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", csl_json),
)


def ris_date(date: str) -> str:
    """Write ``1963/11/05/``; what that cannot say stands after the last stroke, as RIS has it."""
    if not is_plain(date):
        return f"{_year(date)}///{made(date)}"
    return "/".join([*date.split("-"), "", "", ""][:3]) + "/"


def csl_date(date: str) -> dict[str, Any]:
    """Give the date variable of CSL-JSON (schema 1.0.2)."""
    ends = date.split("/")
    if all(map(is_plain, ends)):
        return {"date-parts": [_parts(end) for end in ends]}
    match = SINGLE.fullmatch(date)
    if match and match["qualifier"] in {"~", "%"} and int(match["month"] or 1) <= LAST_MONTH:
        return {"date-parts": [_parts(date[:-1])], "circa": True}
    return {"literal": made(date)}


def _kept(cited: Cited) -> dict[str, str]:
    """Give where the original is kept, with how sure that is where it is not documented."""
    parts = {"archive_location": cited.identifier, "archive_collection": cited.collection, "archive": cited.repository}
    return dict(zip((name for name, part in parts.items() if part), cited.kept, strict=True))


def _title(cited: Cited) -> str:
    return f"{cited.title} [{cited.kind}]" if cited.is_reading else cited.title


def _note(cited: Cited) -> str:
    version = cited.version_in(made)
    sentences = (
        f"{cited.kind}." if cited.is_reading else "",
        f"Passage: {cited.passage}{f' ({cited.in_part})' if cited.in_part else ''}." if cited.passage else "",
        f"{cited.transcript}." if cited.transcript else "",
        f"{version[:1].upper()}{version[1:]}." if version else "",
        f"Made: {', '.join(part for part in (made(cited.date), cited.place) if part)}.",
        f"Original: {', '.join(cited.kept)}." if cited.kept else "",
        f"Identifier: {cited.number}." if cited.number and not cited.doi else "",
        f"Responsible party: {cited.responsible_party}." if cited.responsible_party else "",
    )
    return " ".join(part for part in sentences if part)


def _key(cited: Cited) -> str:
    """Give a name that every program takes: letters, digits and hyphens of ASCII, a letter first."""
    moments = [str(moment) for moment in (cited.start, cited.end) if moment is not None] or [cited.pages or ""]
    name = re.sub(r"[^A-Za-z0-9]+", "-", "-".join([cited.slug, *moments])).strip("-")
    return f"{'reading' if cited.is_reading else 'recording'}-{name}"


def _bibtex_date(date: str) -> dict[str, str]:
    if not is_plain(date):
        return {"year": _tex(made(date))}
    year, *rest = date.split("-")
    return {"year": year, "month": _MONTHS[int(rest[0]) - 1] if rest else ""}


def _tex(text: str) -> str:
    return text.translate(_TEX)


def _year(date: str) -> str:
    """Give the first year that is named; none where that is only the last that it can be."""
    found = None if has_open_start(date) else _YEAR.search(date)
    return found[0] if found else ""


def _parts(date: str) -> list[int]:
    return [int(part) for part in date.split("-")]
