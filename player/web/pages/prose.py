"""Markdown that people wrote into what pages show: a link to a page of this site goes below the site's own prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from player.archive import prose

if TYPE_CHECKING:
    from markupsafe import Markup


def render(text: str) -> Markup:
    """Render CommonMark for the current request's page."""
    return prose.render(text, request.script_root)


def render_inline(text: str) -> Markup:
    """Render the words of one paragraph, without a paragraph around them."""
    return prose.render_inline(text, request.script_root)
