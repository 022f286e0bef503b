"""Says what another site needs to show a page of this archive, as oEmbed has it (https://oembed.com, 1.0)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

from markupsafe import Markup

from player.errors import NotFoundError, quoted
from player.publish import card
from player.publish.citation import NOTICE
from player.web.current import called, current_about, current_archive
from player.web.pages.embedded import HEIGHT, WIDTH, code, passage
from player.web.pages.found_by import picture
from player.web.pages.this_line import passage_asked
from player.web.serving.public_address import host, public_address

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from player.archive.recording import Record

#: For so long, in seconds, another site may keep an answer. What it then shows is asked for anew in any case.
_KEPT: Final = 3600
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}
# The page of a recording, and those that have the same of it.
_PAGE: Final = re.compile(r"/recordings/(?P<slug>[^/]+)(?:/|/embed|/text)?")
# What XML 1.0 has no place for, even escaped.
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def described(url: str, widest: int | None, highest: int | None) -> dict[str, str | int]:
    """Describe what shows the page at ``url``, no wider and no higher than is asked for, in CSS pixels.

    :raise NotFoundError: where that is no page of a recording of this archive that anybody may know of.
    :raise WithdrawnError: where the recording was withdrawn.
    :raise TimecodeError: where the passage that it names is none.
    """
    record, asked = _named(url)
    if asked is not None:
        asked = passage_asked(*passage(record, asked))
    shown = picture(record, asked)
    thumbnail: dict[str, str | int] = {}
    if shown and (widest or card.WIDTH) >= card.WIDTH and (highest or card.HEIGHT) >= card.HEIGHT:
        thumbnail = {"thumbnail_url": shown, "thumbnail_width": card.WIDTH, "thumbnail_height": card.HEIGHT}
    width, height = min(WIDTH, widest or WIDTH), min(HEIGHT, highest or HEIGHT)
    return {
        "version": "1.0",
        "type": "rich",
        "title": f"{NOTICE}: {record.title}" if record.is_reading else record.title,
        "provider_name": current_about().name,
        "provider_url": public_address("recordings.shelf"),
        "cache_age": _KEPT,
        "html": str(code(record, asked, width, height)),
        "width": width,
        "height": height,
        **thumbnail,
    }


def as_xml(described: dict[str, str | int]) -> str:
    """Write what is described as the specification has it in XML."""
    parts = [Markup("<{0}>{1}</{0}>").format(name, _NOT_IN_XML.sub("", str(each))) for name, each in described.items()]
    return f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{"".join(parts)}</oembed>\n'


def _named(url: str) -> tuple[Record, str | None]:
    """Find the recording that an address is of, and the passage that it names: what follows the # comes first."""
    try:
        asked = urlsplit(url)
    except ValueError:
        asked = urlsplit("")
    path = _below(asked)
    found = None if path is None else _PAGE.fullmatch(path)
    if found is None:
        raise NotFoundError(f"{quoted(url)} is no page of a recording in this archive; ask for the address of one")
    times = [parse_qs(part).get("t", []) for part in (asked.fragment, asked.query)]
    return called(unquote(found["slug"]), current_archive().record), next((each[0] for each in times if each), None)


def _below(asked: SplitResult) -> str | None:
    """Give the path of an address within this archive; None where it is elsewhere. Both http and https lead here."""
    own = urlsplit(public_address("recordings.shelf"))
    root = own.path.rstrip("/")
    named = host(asked.netloc)
    if asked.scheme not in _DEFAULT_PORTS or named is None or not asked.path.startswith(f"{root}/"):
        return None
    is_here = named.removesuffix(_DEFAULT_PORTS[asked.scheme]) == own.netloc
    return asked.path.removeprefix(root) if is_here else None
