"""Markdown that people wrote into HTML that is safe to show: no HTML of theirs, no link but to pages."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

# An http(s) page, a place on this page, or a page of this site; "//host" would be another site.
_PAGE = re.compile(r"https?://|#|/(?!/)", re.IGNORECASE)


def render(text: str) -> Markup:
    """Render CommonMark with HTML shown as text, images left as text, and links only to pages."""
    return Markup(_markdown().render(text))  # noqa: S704  # markdown-it escapes everything with html off


def render_inline(text: str) -> Markup:
    """Render the words of one paragraph, without a paragraph around them."""
    return Markup(_markdown().renderInline(text))  # noqa: S704  # as above


def plain(text: str) -> str:
    """Give the words of a Markdown text, without emphasis, links and line breaks."""
    return str(render(text).striptags())


def has_block_quotation(text: str) -> bool:
    """Tell whether a paragraph of a Markdown text is set as a quotation, by > before it."""
    return any(token.type == "blockquote_open" for token in _markdown().parse(text))


def links(text: str) -> list[str]:
    """List the addresses of all links in ``text``, also of those that :func:`render` would show as text."""
    inline = [child for token in _markdown(every=True).parse(text) for child in token.children or ()]
    return [str(token.attrs["href"]) for token in inline if token.type == "link_open"]


def is_page(url: str) -> bool:
    """Tell whether ``url`` leads to an http(s) page, to a place on the page, or to a page of this site."""
    return _PAGE.match(url) is not None


@cache
def _markdown(*, every: bool = False) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False})
    markdown.disable("image")
    # markdown-it's own way to say which links are good is to put a function there.
    markdown.validateLink = _is_address if every else is_page  # type: ignore[assignment, method-assign]
    return markdown


def _is_address(_url: str) -> bool:
    return True
