"""Turns a page of the server into one of a static copy: its links are relative, its headers are elements."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from player.web.site.addresses import ABOUT_FILE, There, public, relative, there

if TYPE_CHECKING:
    from collections.abc import Callable

#: The site as the pages of a copy are made for it. No host has that name (RFC 2606).
NOWHERE: Final = "https://static-copy.invalid"
#: As the server's own (player/web/serving/headers.py), but that a whole sound may be played from memory. What is said
#: of frames is ignored in an element.
_POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; media-src 'self' blob:"

_ATTRIBUTE: Final = re.compile(
    r' (?P<name>href|src|action|formaction|content|data-(?:address|cite|later|lines|page|sound|wave))="'
    rf'(?P<value>(?:/(?!/)|{re.escape(NOWHERE)})[^"]*)"'
)
_TEXT: Final = re.compile(rf"{re.escape(NOWHERE)}(?P<path>/?[^\s\"'<>}}”]*[^\s\"'<>}}”.,;:)])")
_CANONICAL: Final = re.compile(rf'<link rel="canonical" href="{re.escape(NOWHERE)}[^"]*">\n?')
# What names the page to those who do not see it has to name a host.
_ELSEWHERE: Final = re.compile(
    r'<script type="application/ld\+json">.*?</script>\n?|<meta property="og:(?:url|audio|image)"[^>]*>\n?'
    r'|<link rel="alternate" type="application/rss\+xml"[^>]*>\n?',
    re.DOTALL,
)
# A sound at one of its two addresses: that of the pages, and that of the feed.
_SOUND: Final = ("/media/", "/feed/")
_CHARSET: Final = '<meta charset="utf-8">'


@dataclass
class Links:
    """What a page leads to: other addresses of the server that have to be in the copy, and what cannot be, counted."""

    sources: dict[str, None] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


class Copied:
    """Makes pages of a copy, which will be at the public ``address`` if that is known.

    ``sound`` puts into the copy what the server plays at an address, and gives the name of its file.
    """

    def __init__(self, address: str | None, sound: Callable[[str], str | None]) -> None:
        self._address = address
        self._sound = sound

    def page(self, html: str, at: str, robots: str | None) -> tuple[str, Links]:
        """Give a page that is to lie in the file ``at``, and what it leads to."""
        links = Links()
        if self._address is None:
            html = _ELSEWHERE.sub("", _CANONICAL.sub("", html))
        named = f'\n<meta name="robots" content="{escape(robots)}">' if robots and 'name="robots"' not in html else ""
        policy = f'{_CHARSET}\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">{named}'
        html = html.replace(_CHARSET, policy, 1)
        html = _ATTRIBUTE.sub(lambda found: self._attribute(found, at, links), html)
        return self.text(html, at), links

    def text(self, text: str, at: str) -> str:
        """Give a text in which addresses are those of the copy."""
        return (
            _TEXT.sub(lambda found: escape(self._named(unescape(found["path"]), at)), text) if NOWHERE in text else text
        )

    def sources_in(self, text: str) -> dict[str, None]:
        """Give the addresses in a text at which the server has what has to be in the copy too, but for sounds."""
        found = (there(unescape(each["path"]) or "/") for each in _TEXT.finditer(text))
        return {each.source: None for each in found if isinstance(each, There) and not each.source.startswith(_SOUND)}

    def _attribute(self, found: re.Match[str], at: str, links: Links) -> str:
        name, value = found["name"], unescape(found["value"])
        is_public = value.startswith(NOWHERE)
        if name == "content" and not is_public:  # what is said of a page may begin with a slash
            return found[0]
        if is_public and self._address is not None:
            return f' {name}="{escape(self._named(value.removeprefix(NOWHERE), at))}"'
        to = there(value.removeprefix(NOWHERE) or "/")
        if isinstance(to, There) and to.file.startswith("media/"):
            file = self._sound(to.source)
            to = There(file, "", to.end) if file else "sounds"
        if isinstance(to, str):
            links.left_out[to] += 1
            return f' {name}="{relative(at, ABOUT_FILE)}#{to}"'
        if to.source and not to.source.startswith("/static/"):
            links.sources[to.source] = None
        return f' {name}="{escape(_led(at, to))}"'

    def _named(self, path: str, at: str) -> str:
        """Give the address by which something in the copy is cited: without a host, where nobody knows it yet."""
        to = there(path or "/")
        if isinstance(to, There) and path.startswith(_SOUND):
            file = self._sound(to.source)
            to = There(file, "", to.end) if file else "sounds"
        if isinstance(to, str):
            return self._address or "./"
        below = f"{public(to.file)}{to.end}"
        return (
            f"{self._address}/{below}" if self._address is not None else _led(at, to) if below in {"", "./"} else below
        )


def _led(at: str, to: There) -> str:
    if at == to.file and to.end:
        return to.end
    return f"{relative(at, to.file)}{to.end}"
