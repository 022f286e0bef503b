"""A book is read and heard in step in a reader that we did not write: foliate-js, which npm brings."""

from __future__ import annotations

import hashlib
import subprocess
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browser.player_page import LIMIT
from exporting import add_to_record, write_words
from programs import program
from test_book import WORDS, book_of, clips, parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.long

READER: Final = "foliate-js@1.0.1"
SITE: Final = "http://localhost/"
_PAGE: Final = '<!doctype html><html lang="en"><title>A reader</title><style>body {height: 90vh}</style><body>'
_SCRIPT: Final = '<script type="module" src="/reading_along.js"></script>'
# A document of a book is no page of a site, which has one main part.
_RULES: Final = "{rules: {region: {enabled: false}, 'landmark-one-main': {enabled: false}}}"
_RIGHT_TO_LEFT: Final = """\
NOTE page: 12

00:01.000 --> 00:02.000
<v Ada>\N{HEBREW LETTER ALEF}\N{HEBREW LETTER BET} 1

NOTE page: 13

00:03.000 --> 00:04.000
<v Ada>\N{HEBREW LETTER GIMEL}\N{HEBREW LETTER DALET}
"""


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reader is, once npm has installed it."""
    folder = tmp_path_factory.mktemp("reader")
    told = [str(program("npm")), "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", READER]
    done = subprocess.run([*told, "--prefix", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "node_modules"


@pytest.fixture
def page(browser: Browser, reader: Path, tmp_path: Path) -> Iterator[Page]:
    """A page that has the reader, and reads ``book.epub`` of this test's folder."""
    context = browser.new_context()
    context.set_default_timeout(LIMIT)
    opened = context.new_page()

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(SITE).partition("?")[0]
        places = [tmp_path / name, reader / name, Path(__file__).parent / name]
        found = next((each for each in places if each.is_file()), None)
        headers = {"Content-Security-Policy": "script-src 'self'"}
        if not name:
            route.fulfill(content_type="text/html", body=_PAGE + _SCRIPT, headers=headers)
        elif found:
            route.fulfill(path=found)
        else:
            route.fulfill(status=404)

    context.route(f"{SITE}**", answer)
    opened.goto(SITE)
    opened.wait_for_function("window.book")
    yield opened
    context.close()


def close_a_line(archive: Path) -> None:
    """Close the words and the sound of the third line, from 5 to 7 s."""
    add_to_record(archive, '\n[[closed]]\ncue = "c3"\nwhat = "both"\nuntil = "2941"\nreason = "So was agreed."\n')
    digest = hashlib.sha256((archive / "media" / "tones.wav").read_bytes()).hexdigest()
    path = archive / "transcripts" / "tones" / "transcript.vtt"
    bound = path.read_text("utf-8").replace("Type: transcript", f"Local Usage Element: [Media SHA-256] {digest}")
    path.write_text(bound, encoding="utf-8")


def test_each_line_is_marked_while_it_is_heard_and_what_is_closed_is_silent(
    page: Page, archive: Path, tmp_path: Path
) -> None:
    close_a_line(archive)
    data = book_of(archive)
    (tmp_path / "book.epub").write_bytes(data)
    page.evaluate("book.open('/book.epub', 1)")
    page.evaluate("() => { window.done = book.play(); }")
    page.mouse.click(5, 5)
    seen: list[dict[str, Any]] = page.evaluate("done")
    found = [(name, next(together)["at"]) for name, together in groupby(seen, lambda each: each["marked"]) if name]
    expected = clips(data)
    names = [name for name, _, _ in expected]
    assert [name for name, _ in found] == names == ["cue-opening", "cue-first", "cue-closed-5000", "cue-last"]
    # The reader looks at the clock four times a second.
    for (_, at), (_, begin, end) in zip(found, expected, strict=True):
        assert begin <= at < end
    closed = [each for each in seen if 5.3 < each["at"] < 6.8]
    assert {each["marked"] for each in closed} <= {"cue-first", "cue-closed-5000"}
    assert "cue-closed-5000" in {each["marked"] for each in closed}
    assert max(each["loud"] for each in closed) < 0.001
    assert all(each["loud"] > 0.05 for each in seen if 3 < each["at"] < 4.5)


def test_a_reader_has_its_contents_pages_and_direction(page: Page, archive: Path, tmp_path: Path) -> None:
    write_words(archive, _RIGHT_TO_LEFT)
    add_to_record(archive, '\nlanguage = "he"\n')
    (tmp_path / "book.epub").write_bytes(book_of(archive))
    told = page.evaluate("book.open('/book.epub', 1)")
    assert told["dir"] == "rtl"
    assert told["language"] == "he"
    assert told["title"] == "A tape of tones"
    assert told["sections"] == ["EPUB/about.xhtml", "EPUB/words-001.xhtml", "EPUB/end.xhtml"]
    assert told["toc"][:2] == ["Before you begin", "What is said"]
    assert told["pages"] == ["12", "13"]


@pytest.mark.parametrize("paper", ["white; color: black", "#111; color: #ddd", "#f4ecd8; color: #333"])
def test_axe_finds_nothing_in_its_pages_on_any_paper(
    paper: str, browser: Browser, archive: Path, tmp_path: Path
) -> None:
    write_words(archive, WORDS)
    page = browser.new_page()
    inner = parts(book_of(archive))
    for name, content in inner.items():
        (tmp_path / name.rpartition("/")[2]).write_bytes(content)
    for name in inner:
        if not name.endswith(".xhtml"):
            continue
        page.goto((tmp_path / name).as_uri())
        # As a reader does, which puts the pages of a book into one of its own.
        page.add_style_tag(content=f"html {{background: {paper}}} a:any-link {{color: inherit}}")
        for each in page.locator("[id^=cue-]").all()[:1]:
            each.evaluate("each => each.classList.add('-epub-media-overlay-active')")
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(f"axe.run({_RULES}).then(found => found.violations)")
        assert [(each["help"], each["nodes"][0]["html"]) for each in found] == [], name
    page.close()
