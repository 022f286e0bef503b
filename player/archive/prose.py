"""Markdown that people wrote into HTML that is safe to show: no HTML of theirs, no link but to pages."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

# An http(s) page, a place on this page, or a page of this site; "//host" would be another site.
_PAGE = re.compile(r"https?://|#|/(?!/)", re.IGNORECASE)


def render(text: str, below: str = "") -> Markup:
    """Render CommonMark with HTML shown as text, images left as text, and links only to pages.

    ``below`` is the path of the site: it is put before links to pages of this site, which are written without it.
    """
    return _rendered(_markdown().parse(text), below)


def render_inline(text: str, below: str = "") -> Markup:
    """Render the words of one paragraph, without a paragraph around them."""
    return _rendered(_markdown().parseInline(text), below)


def plain(text: str) -> str:
    """Give the words of a Markdown text, without emphasis, links and line breaks."""
    return str(render(text).striptags())


def has_block_quotation(text: str) -> bool:
    """Tell whether a paragraph of a Markdown text is set as a quotation, by > before it."""
    return any(token.type == "blockquote_open" for token in _markdown().parse(text))


def links(text: str) -> list[str]:
    """List the addresses of all links in ``text``, also of those that :func:`render` would show as text."""
    return [str(link.attrs["href"]) for link in _links(_markdown(every=True).parse(text))]


def is_page(url: str) -> bool:
    """Tell whether ``url`` leads to an http(s) page, to a place on the page, or to a page of this site."""
    return _PAGE.match(url) is not None


def _rendered(tokens: list[Token], below: str) -> Markup:
    markdown = _markdown()
    for link in _links(tokens):
        if (address := str(link.attrs["href"])).startswith("/"):
            link.attrs["href"] = below + address
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Markup(html)  # noqa: S704  # markdown-it escapes everything with html off


def _links(tokens: Iterable[Token]) -> Iterator[Token]:
    return (child for token in tokens for child in token.children or () if child.type == "link_open")


@cache
def _markdown(*, every: bool = False) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False})
    markdown.disable("image")
    # markdown-it's own way to say which links are good is to put a function there.
    markdown.validateLink = _is_address if every else is_page  # type: ignore[assignment, method-assign]
    return markdown


def _is_address(_url: str) -> bool:
    return True
