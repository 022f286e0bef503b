"""Renders Markdown that people wrote as HTML that is safe to show: no HTML of theirs, no link but to pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from markupsafe import Markup

from player.archive.prose import link_tokens, markdown

if TYPE_CHECKING:
    from markdown_it.token import Token


def render(text: str) -> Markup:
    """Render CommonMark for the current request's page."""
    return to_html(text, request.script_root)


def render_inline(text: str) -> Markup:
    """Render the words of one paragraph for the current request's page, without a paragraph around them."""
    return to_inline_html(text, request.script_root)


def to_html(text: str, below: str = "") -> Markup:
    """Render CommonMark with HTML shown as text, images left as text, and links only to pages.

    ``below`` is the path of the site: it is put before links to pages of this site, which are written without it.
    """
    return _rendered(markdown().parse(text), below)


def to_inline_html(text: str, below: str = "") -> Markup:
    """Render the words of one paragraph, without a paragraph around them."""
    return _rendered(markdown().parseInline(text), below)


def _rendered(tokens: list[Token], below: str) -> Markup:
    parser = markdown()
    for link in link_tokens(tokens):
        if (address := str(link.attrs["href"])).startswith("/"):
            link.attrs["href"] = below + address
    html = parser.renderer.render(tokens, parser.options, {})
    return Markup(html)  # noqa: S704  # markdown-it escapes everything with html off
