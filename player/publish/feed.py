"""Writes the feed of an archive, which apps that play podcasts follow.

It is RSS 2.0 (https://www.rssboard.org/rss-specification) with the elements of Apple Podcasts and of Podcasting 2.0
(https://github.com/Podcastindex-org/podcast-namespace). Nothing in it tells when it was written: it changes with what
is in it alone, so that whoever has it is told so.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ITUNES: Final = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST: Final = "https://podcastindex.org/namespace/1.0"
_ATOM: Final = "http://www.w3.org/2005/Atom"
_SPACES: Final = {"itunes": _ITUNES, "podcast": _PODCAST, "atom": _ATOM}
# What XML 1.0 has no way to write (https://www.w3.org/TR/xml/#charsets), and ElementTree writes all the same.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
#: Its media type.
KIND: Final = "application/rss+xml"
#: What a feed is filed under that does not say, of Apple's categories: most historical recordings belong there.
CATEGORY: Final = "History"


@dataclass(frozen=True)
class Link:
    """A file that goes with an episode: its address and media type, and the language of what is in it."""

    address: str
    kind: str
    language: str | None = None


@dataclass(frozen=True)
class Heard:
    """A person who is heard: what they are called, their part in it, and the page about them."""

    name: str
    role: str
    address: str | None = None


@dataclass(frozen=True)
class Episode:
    """A recording as a feed has it: ``name`` never changes, whatever else does; ``size`` is in bytes.

    ``published`` is the day from which it can be had here, where that is known.
    """

    name: str
    title: str
    page: str
    #: A paragraph each.
    description: Sequence[str]
    sound: Link
    size: int
    length: int | None
    published: str | None
    has_advice: bool
    transcripts: Sequence[Link] = ()
    chapters: str | None = None
    people: Sequence[Heard] = ()


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself, and its episodes, the newest first."""

    title: str
    page: str
    address: str
    description: str
    language: str
    author: str
    category: str
    picture: str
    episodes: Sequence[Episode]
    #: Where whoever publishes it is written to; directories ask there whether a feed is theirs.
    email: str | None = None
    #: Where the parts are of one that has several (https://www.rfc-editor.org/rfc/rfc5005), by ``rel``: first, last,
    #: previous, next.
    parts: Mapping[str, str] = field(default_factory=dict)


def written(feed: Feed) -> bytes:
    """Write a feed."""
    for prefix, space in _SPACES.items():
        ET.register_namespace(prefix, space)
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    for name, text in (
        ("title", feed.title),
        ("link", feed.page),
        ("description", feed.description),
        ("language", feed.language),
    ):
        _add(channel, name, text)
    for rel, address in {"self": feed.address, **feed.parts}.items():
        _add(channel, f"{{{_ATOM}}}link", None, {"href": address, "rel": rel, "type": KIND})
    dates = [day for each in feed.episodes if (day := moment(each.published)) is not None]
    if dates:
        _add(channel, "lastBuildDate", format_datetime(max(dates)))
    _add(channel, f"{{{_ITUNES}}}author", feed.author)
    if feed.email is not None:
        owner = _add(channel, f"{{{_ITUNES}}}owner")
        _add(owner, f"{{{_ITUNES}}}name", feed.author)
        _add(owner, f"{{{_ITUNES}}}email", feed.email)
    _add(channel, f"{{{_ITUNES}}}type", "episodic")
    _add(channel, f"{{{_ITUNES}}}explicit", "false")
    _add(channel, f"{{{_ITUNES}}}category", None, {"text": feed.category})
    _add(channel, f"{{{_ITUNES}}}image", None, {"href": feed.picture})
    image = _add(channel, "image")
    for name, text in (("url", feed.picture), ("title", feed.title), ("link", feed.page)):
        _add(image, name, text)
    for each in feed.episodes:
        _add_episode(_add(channel, "item"), each)
    ET.indent(rss)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(rss, encoding="unicode")}\n'.encode()


def moment(day: str | None) -> dt.datetime | None:
    """Give the beginning of a day; None where it is less than one, such as a year."""
    if day is None or not _DAY.fullmatch(day):
        return None
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), dt.UTC)


def _add_episode(item: ET.Element, each: Episode) -> None:
    _add(item, "title", each.title)
    _add(item, "link", each.page)
    _add(item, "guid", each.name, {"isPermaLink": "false"})
    # Apps take it for HTML: what is meant as a sign stays one.
    _add(item, "description", "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in each.description))
    if (day := moment(each.published)) is not None:
        _add(item, "pubDate", format_datetime(day))
    sound = {"url": each.sound.address, "length": str(each.size), "type": each.sound.kind}
    _add(item, "enclosure", None, sound)
    if each.length is not None:
        _add(item, f"{{{_ITUNES}}}duration", str(round(each.length / 1000)))
    _add(item, f"{{{_ITUNES}}}explicit", "true" if each.has_advice else "false")
    for link in each.transcripts:
        language = {"language": link.language} if link.language else {}
        _add(item, f"{{{_PODCAST}}}transcript", None, {"url": link.address, "type": link.kind, **language})
    if each.chapters is not None:
        _add(item, f"{{{_PODCAST}}}chapters", None, {"url": each.chapters, "type": "application/json+chapters"})
    for person in each.people:
        href = {"href": person.address} if person.address else {}
        _add(item, f"{{{_PODCAST}}}person", person.name, {"role": person.role, **href})


def _add(within: ET.Element, name: str, text: str | None = None, said: Mapping[str, str] | None = None) -> ET.Element:
    element = ET.SubElement(within, name, {key: _legal(value) for key, value in (said or {}).items()})
    element.text = None if text is None else _legal(text)
    return element


def _legal(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
