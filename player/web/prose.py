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


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": False})
    markdown.disable("image")
    markdown.validateLink = _is_page  # type: ignore[method-assign]  # markdown-it's own way to say which links are good
    return markdown


def _is_page(url: str) -> bool:
    return _PAGE.match(url) is not None
