"""What people write in annotations reaches the page as prose, and as nothing else."""

import random
import re

import pytest

from player.archive import prose
from player.archive.prose import links, plain
from player.web.pages.prose import to_html, to_inline_html


def test_emphasis_and_links_are_rendered() -> None:
    html = to_html("*Who* is [Bundy](https://example.org/bundy)?")
    assert html == '<p><em>Who</em> is <a href="https://example.org/bundy">Bundy</a>?</p>\n'


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", '<a href="javascript:1">x</a>']
)
def test_html_is_shown_as_text(text: str) -> None:
    assert "<script" not in to_html(text)
    assert "<img" not in to_html(text)
    assert "<a " not in to_html(text)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org",
        "&#106;avascript:alert(1)",
        "relative/page",
    ],
)
def test_a_link_that_is_no_page_is_no_link(address: str) -> None:
    assert "<a " not in to_html(f"[x]({address})")


def test_a_link_to_a_page_of_the_site_goes_below_its_path() -> None:
    text = "[a](/sources) [b](/sources#source-log) [c](#here) [d](https://d.example/) [e](//e.example)"
    below = '<a href="/tapes/sources">a</a> <a href="/tapes/sources#source-log">b</a> <a href="#here">c</a>'
    rest = '<a href="https://d.example/">d</a> [e](//e.example)'
    assert to_inline_html(text, "/tapes") == f"{below} {rest}"
    assert to_html(text, "/tapes") == f"<p>{below} {rest}</p>\n"
    assert to_html(text) == f"<p>{below.replace('/tapes', '')} {rest}</p>\n"


def test_an_image_is_no_image() -> None:
    assert "<img" not in to_html("![x](https://example.org/pixel.gif)")


def test_every_link_is_found_however_it_is_written() -> None:
    text = "[a](https://a.example) <https://b.example> [c][d] [e](javascript:x)\n\n[d]: https://c.example"
    assert links(text) == ["https://a.example", "https://b.example", "https://c.example", "javascript:x"]


@pytest.mark.parametrize(
    "text",
    [
        "*Who* is [Bundy](https://example.org/bundy)?",
        "One line\nand the next,  \nand  one   more.",
        "# A heading\n\n- one\n- two\n  1. `three`\n\n> four\n\n    five <b>\n\n***\n\n```\nsix\n```",
        "<b>bold</b> &lt;i&gt; &amp;amp; a < b",
        "![an image](x.png) <https://a.example> [no link](x)",
    ],
)
def test_its_words_are_those_that_are_shown(text: str) -> None:
    assert plain(text) == to_html(text).striptags()


def test_what_has_no_marks_is_read_as_what_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = random.Random(1963)  # noqa: S311  # for examples, not for secrets
    texts = ["".join(signs.choices("ab1 .,;:?!'’“”()/–—-_é中", k=signs.randint(1, 9))) for _ in range(4000)]
    quick = [prose.plain(text) for text in texts]
    unmarked = [text for text in texts if vars(prose)["_HAS_NO_MARKS"].fullmatch(text)]
    prose.plain.cache_clear()
    monkeypatch.setattr(prose, "_HAS_NO_MARKS", re.compile(r"(?!)"))
    assert [prose.plain(text) for text in texts] == quick
    assert len(unmarked) > len(texts) // 20
