"""Words of a transcript as a test selects them: with the mouse, or as a reader's other means would leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browser.player_page import PlayerPage
    from playwright.sync_api import Locator


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
