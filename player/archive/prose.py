"""Reads Markdown that people wrote: its words, its links, and whether it sets a quotation apart.

How it is shown on a page is the pages' business; they begin from the same tokens.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

# An http(s) page, a place on this page, or a page of this site; "//host" would be another site.
_PAGE = re.compile(r"https?://|#|/(?!/)", re.IGNORECASE)
# Words with nothing among them that CommonMark could take for a mark: most texts of a few words. To parse one costs as
# much as reading ten lines of a transcript.
_HAS_NO_MARKS = re.compile(r"(?!.*_)[^\W\d][\w ,;:?!'’“”()/–—-]*(?:\.[\w ,;:?!'’“”()/–—-]+)*\.?")


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """Give the words of a Markdown text, without emphasis, links and line breaks."""
    if _HAS_NO_MARKS.fullmatch(text):
        return " ".join(text.split())
    blocks = (_words(token) for token in markdown().parse(text))
    return " ".join(" ".join(blocks).split())


def has_block_quotation(text: str) -> bool:
    """Tell whether a paragraph of a Markdown text is set as a quotation, by > before it."""
    return any(token.type == "blockquote_open" for token in markdown().parse(text))


def links(text: str) -> list[str]:
    """List the addresses of all links in ``text``, also of those that are shown as text, for they lead to no page."""
    return [str(link.attrs["href"]) for link, _ in link_tokens(markdown(every_link=True).parse(text))]


def is_page(url: str) -> bool:
    """Tell whether ``url`` leads to an http(s) page, to a place on the page, or to a page of this site."""
    return _PAGE.match(url) is not None


def link_tokens(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token]]:
    """Give the tokens in which each link of a text begins and ends; there is none within another."""
    for token in tokens:
        ends = (child for child in token.children or () if child.type in {"link_open", "link_close"})
        yield from zip(ends, ends, strict=True)


@cache
def markdown(*, every_link: bool = False) -> MarkdownIt:
    """Give the parser of what people write: CommonMark, with HTML and images read as text, and links only to pages."""
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False})
    parser.disable("image")
    # markdown-it's own way to say which links are good is to put a function there, which types do not allow.
    parser.validateLink = _is_address if every_link else is_page  # type: ignore[assignment, method-assign]  # see above
    return parser


def _words(token: Token) -> str:
    """Give the words of a token; a line break is a space."""
    if token.children is None:
        return token.content
    return "".join(" " if child.type in {"softbreak", "hardbreak"} else child.content for child in token.children)


def _is_address(_url: str) -> bool:
    return True
