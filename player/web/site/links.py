"""Turns a page of the server into one of a static copy: its links are relative, its headers are elements."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from player.web.site import described
from player.web.site.addresses import ABOUT_FILE, NOWHERE, There, public, relative, there

if TYPE_CHECKING:
    from collections.abc import Callable

#: As the server's own (player/web/serving/headers.py), but that a whole sound may be played from memory. What is said
#: of frames is ignored in an element.
_POLICY: Final = "default-src 'self'; base-uri 'none'; form-action 'self'; media-src 'self' blob:"

_ATTRIBUTE: Final = re.compile(
    r' (?P<name>href|src|action|formaction|content|data-(?:address|cite|embed|later|lines|page|sound|wave|whole))="'
    rf'(?P<value>(?:/(?!/)|{re.escape(NOWHERE)})[^"]*)"'
)
# It ends before a sign that cannot stand in one, also where this is written as HTML has it, and before a full stop.
_TEXT: Final = re.compile(rf"{re.escape(NOWHERE)}(?P<path>/?(?:(?!&(?:#3[49]|quot|[lg]t);)[^\s\"'<>}}”])*(?<![.,;:)]))")
_CANONICAL: Final = re.compile(rf'<link rel="canonical" href="{re.escape(NOWHERE)}[^"]*">\n?')
# What names the page to those who do not see it has to name a host.
_ELSEWHERE: Final = re.compile(
    r'<meta (?:property="og:(?:url|audio|image(?::\w+)?)"|name="twitter:card")[^>]*>\n?'
    r'|<link rel="alternate" type="application/(?:rss\+xml|json\+oembed)"[^>]*>\n?'
    r'|<section class="citation" aria-labelledby="citation-embed">.*?</section>\n?',
    re.DOTALL,
)
# What is there only where the sound is.
_HEARD: Final = re.compile(rf'<meta property="og:audio" content="{re.escape(NOWHERE)}(?P<path>[^"]*)">\n?')
# A sound at one of its two addresses: that of the pages, and that of the feed.
_SOUND: Final = ("/media/", "/feed/")
_CHARSET: Final = '<meta charset="utf-8">'


@dataclass
class Links:
    """What a page leads to: other addresses of the server that have to be in the copy, and what cannot be, counted."""

    sources: dict[str, None] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, to: There) -> None:
        """Note where something is led to."""
        if to.source and not to.source.startswith("/static/"):
            self.sources[to.source] = None


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
        html = _HEARD.sub(self._if_heard, html)
        is_placed = self._address is not None
        html = described.in_page(html, partial(self._said, at=at, links=links), is_placed=is_placed)
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
            return f' {name}="{escape(self._said(value.removeprefix(NOWHERE), at, links) or self._address)}"'
        to = self._there(value.removeprefix(NOWHERE))
        if isinstance(to, str):
            links.left_out[to] += 1
            return f' {name}="{relative(at, ABOUT_FILE)}#{to}"'
        links.add(to)
        return f' {name}="{escape(_led(at, to))}"'

    def _if_heard(self, found: re.Match[str]) -> str:
        return found[0] if isinstance(self._there(unescape(found["path"])), There) else ""

    def json(self, text: str, at: str) -> tuple[str, Links]:
        """Give JSON that is to lie in the file ``at``, and what it leads to."""
        links = Links()
        named = partial(self._said, at=at, links=links)
        return described.in_json(text, named, partial(self.text, at=at)), links

    def _there(self, path: str) -> There | str:
        """Say where in the copy there is what the server has at a path; of a sound, which file of it is played."""
        to = there(path or "/")
        if isinstance(to, There) and path.startswith(_SOUND):
            file = self._sound(to.source)
            return There(file, "", to.end) if file else "sounds"
        return to

    def _said(self, path: str, at: str, links: Links) -> str | None:
        """Give the address of something to machines; None where the copy has it not."""
        to = self._there(path)
        if isinstance(to, str):
            return None
        links.add(to)
        return f"{self._address}/{public(to.file)}{to.end}" if self._address is not None else _led(at, to)

    def _named(self, path: str, at: str) -> str:
        """Give the address by which something in the copy is cited: without a host, where nobody knows it yet."""
        to = self._there(path)
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
