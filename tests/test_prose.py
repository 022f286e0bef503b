"""What people write in annotations reaches the page as prose, and as nothing else."""

import pytest

from player.archive.prose import links, render, render_inline


def test_emphasis_and_links_are_rendered() -> None:
    html = render("*Who* is [Bundy](https://example.org/bundy)?")
    assert html == '<p><em>Who</em> is <a href="https://example.org/bundy">Bundy</a>?</p>\n'


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", '<a href="javascript:1">x</a>']
)
def test_html_is_shown_as_text(text: str) -> None:
    assert "<script" not in render(text)
    assert "<img" not in render(text)
    assert "<a " not in render(text)


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
    assert "<a " not in render(f"[x]({address})")


def test_a_link_to_a_page_of_the_site_goes_below_its_path() -> None:
    text = "[a](/sources) [b](/sources#source-log) [c](#here) [d](https://d.example/) [e](//e.example)"
    below = '<a href="/tapes/sources">a</a> <a href="/tapes/sources#source-log">b</a> <a href="#here">c</a>'
    rest = '<a href="https://d.example/">d</a> [e](//e.example)'
    assert render_inline(text, "/tapes") == f"{below} {rest}"
    assert render(text, "/tapes") == f"<p>{below} {rest}</p>\n"
    assert render(text) == f"<p>{below.replace('/tapes', '')} {rest}</p>\n"


def test_an_image_is_no_image() -> None:
    assert "<img" not in render("![x](https://example.org/pixel.gif)")


def test_every_link_is_found_however_it_is_written() -> None:
    text = "[a](https://a.example) <https://b.example> [c][d] [e](javascript:x)\n\n[d]: https://c.example"
    assert links(text) == ["https://a.example", "https://b.example", "https://c.example", "javascript:x"]
