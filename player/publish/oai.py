"""Writes answers for harvesters: OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html).

Records are in unqualified Dublin Core, ``oai_dc``, which everybody who harvests reads.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from player.archive.machine import LABEL
from player.publish.rights import terms
from player.publish.schema_org import description

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from player.archive.recording import Record

#: The one format of records, and where its schema and its elements are.
PREFIX: Final = "oai_dc"
_OAI: Final = "http://www.openarchives.org/OAI/2.0/"
_OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_SPACES: Final = {"oai_dc": _OAI_DC, "dc": _DC, "xsi": _XSI}
_SCHEMA: Final = f"{_OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
_DC_SCHEMA: Final = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
# What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets), and ElementTree writes all the same.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Stated:
    """What a repository says of itself; ``earliest`` is the moment before which nothing in it was changed."""

    name: str
    address: str
    mail: str
    earliest: int


@dataclass(frozen=True)
class Entry:
    """A record for harvesters: its identifier, when it was changed in seconds since 1970, and what it says.

    ``fields`` is None where it was withdrawn or is otherwise no longer to be seen.
    """

    name: str
    changed: int
    fields: Sequence[tuple[str, str]] | None


@dataclass(frozen=True)
class More:
    """What asks for the rest of a long list; an empty ``token`` says that this was the end of one."""

    token: str
    size: int
    before: int


def fields_of(record: Record, *, page: str, archive: str, original: str | None) -> list[tuple[str, str]]:
    """Describe a record in Dublin Core, as its visitors see it: names of elements, with what they say.

    ``page`` is its address, ``original`` that of what a reading stands in for. What is not known is left out.
    """
    kept = record.original
    found = [
        ("title", record.title),
        *(("contributor", each.name) for each in record.speaker if each.kind == "person" and each.person),
        ("contributor", record.responsible_party),
        *(("subject", each) for each in record.tags),
        ("description", description(record)),
        ("description", f"Its transcript: {LABEL}." if record.has_machine_draft else None),
        *(("description", f"{each.name}: {each.text}") for each in record.label),
        ("publisher", archive),
        ("date", record.date),
        ("type", "Sound"),
        ("identifier", page),
        ("identifier", record.identifier),
        ("source", kept.repository if kept and not record.is_reading else None),
        ("language", record.language),
        ("relation", original),
        ("relation", record.series),
        ("coverage", record.place),
        *(("rights", f"{each} {each.uri}") for each in terms(record)),
    ]
    return [(name, value) for name, value in found if value]


def utc(moment: int) -> str:
    """Write a moment in seconds since 1970 as the protocol has it: ``2026-11-30T02:20:00Z``."""
    return f"{dt.datetime.fromtimestamp(moment, dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def identify(stated: Stated) -> ET.Element:
    """Say what the repository is.

    Deletions are ``transient``: they are kept with what is derived from the archive, and are gone where that is lost.
    """
    found = ET.Element("Identify")
    for name, value in (
        ("repositoryName", stated.name),
        ("baseURL", stated.address),
        ("protocolVersion", "2.0"),
        ("adminEmail", stated.mail),
        ("earliestDatestamp", utc(stated.earliest)),
        ("deletedRecord", "transient"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        _in(found, name, value)
    return found


def formats() -> ET.Element:
    """List the formats of records: there is one."""
    found = ET.Element("ListMetadataFormats")
    each = ET.SubElement(found, "metadataFormat")
    for name, value in (("metadataPrefix", PREFIX), ("schema", _DC_SCHEMA), ("metadataNamespace", _OAI_DC)):
        _in(each, name, value)
    return found


def listed(verb: str, entries: Iterable[Entry], more: More | None = None) -> ET.Element:
    """List records, or with ``ListIdentifiers`` only what they are called and when they were changed."""
    found = ET.Element(verb)
    for entry in entries:
        if verb == "ListIdentifiers":
            found.append(_header(entry))
            continue
        record = ET.SubElement(found, "record")
        record.append(_header(entry))
        if entry.fields is not None:
            ET.SubElement(record, "metadata").append(_dublin_core(entry.fields))
    if more is not None:
        token = _in(found, "resumptionToken", more.token)
        token.attrib.update({"completeListSize": str(more.size), "cursor": str(more.before)})
    return found


def refused(code: str, why: str) -> ET.Element:
    """Say that a request cannot be answered: one of the protocol's own codes, and why in words."""
    found = ET.Element("error", {"code": code})
    found.text = _text(why)
    return found


def answer(address: str, asked: Mapping[str, str], said: ET.Element, now: int) -> str:
    """Write an answer of the server at ``address`` to what was ``asked``."""
    attributes = {"xmlns": _OAI, **{f"xmlns:{name}": space for name, space in _SPACES.items()}}
    whole = ET.Element("OAI-PMH", {**attributes, "xsi:schemaLocation": _SCHEMA})
    _in(whole, "responseDate", utc(now))
    _in(whole, "request", address).attrib.update({name: _text(value) for name, value in asked.items()})
    whole.append(said)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(whole, encoding="unicode")}\n'


def _header(entry: Entry) -> ET.Element:
    found = ET.Element("header", {} if entry.fields is not None else {"status": "deleted"})
    _in(found, "identifier", entry.name)
    _in(found, "datestamp", utc(entry.changed))
    return found


def _dublin_core(fields: Sequence[tuple[str, str]]) -> ET.Element:
    found = ET.Element("oai_dc:dc", {"xsi:schemaLocation": f"{_OAI_DC} {_DC_SCHEMA}"})
    for name, value in fields:
        _in(found, f"dc:{name}", value)
    return found


def _in(parent: ET.Element, name: str, value: str) -> ET.Element:
    found = ET.SubElement(parent, name)
    found.text = _text(value)
    return found


def _text(value: str) -> str:
    return _NO_XML.sub("\ufffd", value)
