"""Words of a transcript as a test selects them: with the mouse, or as a reader's other means would leave them.

Which words these are, and on what devices, is here too.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from browser import talk
from browser.player_page import LIMIT, PlayerPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator

#: A line whose words have times, but for every fifth; it is Ada's, as are those around it.
LINE = talk.LINES[12]
#: Ada's last line before Ben's first.
ADAS, BENS = talk.LINES[17], talk.LINES[18]
#: The line beside which the second and the shared note stand.
NOTED = talk.line_at(talk.NOTES["second"][0]) or ""
READING = "1963-11-05-attwood-reading"


def words(*lines: talk.Line) -> str:
    return " ".join(word for line in lines for word in line.words)


def bar(player: PlayerPage) -> Locator:
    return player.page.locator(".selection")


def button(player: PlayerPage, name: str) -> Locator:
    return player.page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)


def drag(player: PlayerPage, line: str, first: int, last: int, block: str = "center") -> None:
    """Select words with the mouse, from the middle of one to the middle of another, and wait for what they offer."""
    places = player.page.evaluate(
        """([id, words, block]) => {
            const text = wordsOf(id);
            text.parentElement.scrollIntoView({ block });
            const all = [...text.data.matchAll(/\\S+/g)];
            return words.map((word) => {
              const range = new Range();
              range.setStart(text, all[word].index);
              range.setEnd(text, all[word].index + all[word][0].length);
              const box = range.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            });
        }""",
        [line, [first, last], block],
    )
    player.until_still()
    player.page.mouse.move(*places[0])
    player.page.mouse.down()
    player.page.mouse.move(*places[1], steps=4)
    player.page.mouse.up()
    bar(player).wait_for()


def select(player: PlayerPage, first: str, last: str | None = None, block: str = "center") -> None:
    """Select from the start of one line's words to the end of another's, the first being at ``block`` in the window."""
    player.page.evaluate(
        """([one, other, block]) => {
            const text = wordsOf;
            text(one).parentElement.scrollIntoView({ block });
            getSelection().setBaseAndExtent(text(one), 0, text(other), text(other).length);
        }""",
        [first, last or first, block],
    )


def selected(player: PlayerPage) -> str:
    return str(player.page.evaluate("getSelection().toString()"))


def covered(player: PlayerPage) -> list[str]:
    """What stands over the selected words that are in the window."""
    found: list[str] = player.page.evaluate(
        """() => [...getSelection().getRangeAt(0).getClientRects()]
            .filter(({ top, bottom }) => top >= 0 && bottom <= innerHeight)
            .map(({ left, top, width, height }) => document.elementFromPoint(left + width / 2, top + height / 2))
            .filter((found) => found?.closest(".transport"))
            .map((found) => found.outerHTML)"""
    )
    return found


def copied(player: PlayerPage) -> str:
    """What the page put on the clipboard, which a page of the site may not read: one without its policy does."""
    page = player.page.context.new_page()
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<title>A page</title>"))
    page.goto(player.site)
    text = str(page.evaluate("navigator.clipboard.readText()"))
    page.close()
    return text


@contextmanager
def reader(browser: Browser, site: str, **given: object) -> Iterator[PlayerPage]:
    """A reader with another device."""
    context = browser.new_context(reduced_motion="reduce", **given)  # type: ignore[arg-type]  # passed on as they are
    context.set_default_timeout(LIMIT)
    player = PlayerPage(context.new_page(), site)
    yield player
    context.close()
    assert player.errors == []
