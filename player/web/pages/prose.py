"""Makes safe HTML of what people wrote and said: of Markdown, and of words in their own language and direction.

Markdown brings no HTML of its own and no link but to pages; one to a page of this site goes below the site's prefix.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from player.archive.languages import has_leftward, language, runs_left
from player.archive.prose import link_tokens, links, markdown
from player.archive.references import IDENTIFIER
from player.checks.quotations import stands_in
from player.web.current import current_index
from player.web.pages.surroundings import listed_query
from player.web.serving.public_address import site_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

#: The language of the pages themselves. What archivists write, titles and notes, is taken to be in it.
INTERFACE: Final = "en"

_TAG: Final = re.compile(r"(<[^>]*>)")
_IN_LIST: Final = re.compile(
    rf"(?P<list>/people|/sources|/chronology)#(?P<kind>person|source|entry|strand)-(?P<id>{IDENTIFIER.pattern})",
    re.ASCII,
)
_TO_RECORDING: Final = re.compile(r"/recordings/([^/?#]+)[^#]*")
_TO_MOMENT: Final = re.compile(rf"#(?:cue-|(?=note-))({IDENTIFIER.pattern})", re.ASCII)
_TO_PERSON: Final = re.compile(rf"/people(?:/|#person-)({IDENTIFIER.pattern})", re.ASCII)
_QUOTATION: Final = re.compile(r"“([^“”]+)”")


def render(text: str) -> Markup:
    """Render CommonMark for the current request's page: a link to what visitors may not see is no link there."""
    return to_html(text, site_root(), _as_shown)


def render_inline(text: str) -> Markup:
    """Render the words of one paragraph for the current request's page, without a paragraph around them."""
    return to_inline_html(text, site_root(), _as_shown)


def to_html(text: str, below: str = "", now_at: Callable[[str], str | None] = str) -> Markup:
    """Render CommonMark with HTML shown as text, images left as text, and links only to pages.

    ``below`` is the path of the site: it is put before links to pages of this site, which are written without it.
    ``now_at`` says where such a link leads now; where that is None, its words are left.
    """
    return _rendered(markdown().parse(text), below, now_at)


def to_inline_html(text: str, below: str = "", now_at: Callable[[str], str | None] = str) -> Markup:
    """Render the words of one paragraph, without a paragraph around them."""
    return _rendered(markdown().parseInline(text), below, now_at)


def leads_on(text: str) -> bool:
    """Tell whether visitors may follow every link of a Markdown text, so that it can be handed on as it is written."""
    return all(_as_shown(each) is not None for each in links(text) if each.startswith("/"))


def in_language(tag: str, around: str = INTERFACE) -> Markup:
    """Give the attributes of an element whose words are in a language; none where what is ``around`` them is in it."""
    if tag == around:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(tag, language(tag).direction)


def direction(tag: str) -> str:
    """Tell which way words in a language run: ltr, rtl, or auto where that is not known."""
    return language(tag).direction


def own_direction(text: str) -> Markup:
    """Give the attribute of an element whose words run from right to left; none where they run as the page does."""
    return Markup(' dir="rtl"') if runs_left(text) else Markup()


def isolated(text: str) -> str:
    """Keep words that stand within a sentence, and the signs and numbers around them, each in their own order."""
    if not has_leftward(text):
        return text
    return Markup('<bdi dir="{}">{}</bdi>').format("rtl" if runs_left(text) else "ltr", text)


def quoting(html: Markup, said: str, tag: str) -> Markup:
    """Give the quotations in ``html`` that stand in ``said``, which has been folded, its language ``tag``."""
    attributes = in_language(tag)

    def mark(found: re.Match[str]) -> str:
        return f"“<span{attributes}>{found[1]}</span>”" if stands_in(unescape(found[1]), said) else found[0]

    parts = _TAG.split(html)
    return Markup("".join(each if each.startswith("<") else _QUOTATION.sub(mark, each) for each in parts))  # noqa: S704  # of what is safe


def _rendered(tokens: list[Token], below: str, now_at: Callable[[str], str | None]) -> Markup:
    parser = markdown()
    for link, end in link_tokens(tokens):
        if (address := str(link.attrs["href"])).startswith("/"):
            if (there := now_at(address)) is None:
                link.hidden = end.hidden = True
            else:
                link.attrs["href"] = below + there
    _set_directions(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    return Markup(html)  # noqa: S704  # markdown-it escapes everything with html off


def _as_shown(address: str) -> str | None:
    """Give an address as it is now: of what stands in a list of several pages, with the one on which it is.

    None where it is that of a recording or a person whom visitors may not know of. It is that of the whole recording
    where it was that of a line or note which is not shown.
    """
    index = current_index()
    if (to := _TO_RECORDING.match(address)) is not None:
        if to[1] not in index.recordings:
            return None
        moment = _TO_MOMENT.fullmatch(address, to.end())
        return to[0] if moment and index.moment(to[1], moment[1]) is None else address
    if (to := _TO_PERSON.match(address)) is not None and to[1] not in index.people:
        return None
    found = _IN_LIST.fullmatch(address)
    if found is None:
        return address
    kind, name = found["kind"], found["id"]
    return f"{found['list']}{listed_query(index, kind, name)}#{kind}-{name}"


def _set_directions(tokens: list[Token]) -> None:
    """Give each paragraph, list or quotation that runs from right to left its direction."""
    text = ""
    for token in tokens:
        if token.level == 0 and token.nesting == 1:
            block, text = token, ""
        text += token.content if token.type == "inline" else ""
        if token.level == 0 and token.nesting == -1 and runs_left(text):
            block.attrSet("dir", "rtl")
