"""The line being spoken alone, as large as its reader wants: on a small screen, on a projector, in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import PlayerPage
from browser.test_accessibility import found_by_axe
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator

pytestmark = pytest.mark.long

READING = "1963-11-05-attwood-reading"
FIRST, NEXT = talk.LINES[1], talk.LINES[7]


def view(player: PlayerPage) -> Locator:
    return player.page.locator("large-line")


def place(player: PlayerPage) -> Locator:
    return player.page.locator("large-line .place")


def size(player: PlayerPage) -> float:
    found: float = place(player).evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
    return found


def opened(player: PlayerPage, moment: int = FIRST.start) -> PlayerPage:
    player.seek(moment)
    player.settle()
    player.press("v")
    place(player).wait_for()
    return player


def test_it_shows_speaker_and_line_and_follows_the_sound(player: PlayerPage) -> None:
    opened(player.open(), 0)
    assert place(player).inner_text() == "A talk of tones"
    player.seek(FIRST.start)
    player.settle()
    assert place(player).inner_text().split("\n\n") == ["Ada", " ".join(FIRST.words)]
    player.seek(NEXT.start + 500)
    player.settle()
    assert place(player).inner_text().split("\n\n") == ["Ben", " ".join(NEXT.words)]
    painted = player.page.evaluate("[...CSS.highlights.get('spoken-large')].length")
    assert painted == 1
    assert size(player) >= 3 * player.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")


def test_the_page_behind_has_neither_focus_nor_pointer_and_escape_gives_it_back(player: PlayerPage) -> None:
    player.open()
    player.time_of("L2").focus()
    opened(player)
    assert place(player).evaluate("each => each === document.activeElement")
    stops = set()
    for _ in range(40):
        player.press("Tab")
        stops.add(player.page.evaluate("document.activeElement.closest('large-line, .transport, body').localName"))
    assert stops <= {"large-line", "section", "body"}
    place(player).focus()
    player.press("Escape")
    expect(view(player)).to_be_hidden()
    assert player.page.evaluate("document.activeElement.matches('#cue-L2 .time')")
    assert player.page.locator("[inert]").count() == 0


def test_a_line_that_was_gone_to_has_the_focus_again(player: PlayerPage) -> None:
    player.open()
    player.seek(FIRST.start)
    player.settle()
    player.press("g")
    line = player.page.locator(f"#cue-{FIRST.id}")
    assert line.evaluate("each => each === document.activeElement")
    player.press("v")
    place(player).wait_for()
    player.press("Escape")
    assert line.evaluate("each => each === document.activeElement")
    player.press("Tab")
    assert line.get_attribute("tabindex") is None


def test_it_grows_and_shrinks_by_its_buttons_and_stops_at_the_ends(player: PlayerPage) -> None:
    opened(player.open())
    before = size(player)
    view(player).get_by_role("button", name="Larger").press("Enter")
    assert size(player) > before
    for _ in range(12):
        view(player).get_by_role("button", name="Smaller").press("Enter")
    assert size(player) == 32
    assert view(player).get_by_role("button", name="Smaller").get_attribute("aria-disabled") == "true"


def test_what_does_not_fit_goes_up_with_the_words_that_are_spoken(player: PlayerPage) -> None:
    opened(player.open())
    for _ in range(9):
        view(player).get_by_role("button", name="Larger").press("Enter")
    assert place(player).evaluate("each => each.scrollHeight > each.clientHeight && each.scrollTop === 0")
    player.seek(FIRST.end - 100)
    player.settle()
    assert place(player).evaluate("""each => {
        const [word] = CSS.highlights.get("spoken-large");
        const range = new Range();
        range.setStart(word.startContainer, word.startOffset);
        range.setEnd(word.endContainer, word.endOffset);
        const { top, bottom } = range.getBoundingClientRect();
        const around = each.getBoundingClientRect();
        return each.scrollTop > 0 && top >= around.top && bottom <= around.bottom;
    }""")


def test_that_it_is_on_and_how_large_is_there_at_the_next_visit_without_a_movement(
    player: PlayerPage, context: BrowserContext
) -> None:
    opened(player.open())
    view(player).get_by_role("button", name="Larger").click()
    chosen = size(player)
    again = PlayerPage(context.new_page(), player.site).open(is_moved=False)
    place(again).wait_for()
    assert size(again) == chosen
    view(again).get_by_role("button", name="Close").click()
    third = PlayerPage(context.new_page(), player.site).open()
    third.page.locator(".view > summary").click()
    expect(view(third)).to_be_hidden()
    third.page.get_by_role("checkbox", name="Large line").check()
    place(third).wait_for()
    assert [*player.errors, *again.errors, *third.errors] == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize("kept", ["", "null", "[]", "7", '{"isOn": "yes", "size": 900}', '{"size": "x"}', "{"])
def test_what_was_kept_wrongly_changes_nothing(player: PlayerPage, kept: str) -> None:
    player.page.add_init_script(f"localStorage['tape-player:large-line'] = '{kept}'")
    player.open()
    expect(view(player)).to_be_hidden()
    opened(player)
    assert 32 <= size(player) <= 256


def test_a_link_in_the_transport_and_a_search_lead_back_to_the_page(browser: Browser, shipped: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    player = PlayerPage(context.new_page(), shipped).open(slug=READING)
    opened(player, 30_000)
    player.page.locator(".transport .notice a").click()
    player.until("document.querySelector('large-line').hidden")
    assert player.page.locator("#about").evaluate("each => each.getBoundingClientRect().top < innerHeight")
    opened(player, 30_000)
    player.press("/")
    player.page.keyboard.type("castro")
    player.press("Enter")
    player.until("document.querySelector('large-line').hidden")
    context.close()


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(1280, 720, "light"), (1280, 720, "dark"), (320, 256, "light"), (1920, 1080, "dark")],
)
def test_axe_finds_nothing_and_nothing_is_covered(
    browser: Browser, shipped: str, width: int, height: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    player = opened(PlayerPage(context.new_page(), shipped).open(slug=READING), 50_000)
    assert found_by_axe(player.page) == []
    assert player.page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [each.bounding_box() for each in (place(player), player.page.locator(".transport"))]
    assert all(boxes)
    (words, transport) = (box for box in boxes if box)
    assert words["y"] + words["height"] <= transport["y"] + 1
    assert transport["y"] + transport["height"] <= height + 1
    assert words["height"] >= height / 3
    expect(player.page.locator(".transport .notice")).to_be_visible()
    context.close()


def test_a_translation_that_is_chosen_is_what_it_shows(browser: Browser, shipped: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    player = PlayerPage(context.new_page(), shipped).open(slug=READING)
    player.page.locator('reading-options input[value="original es"]').click()
    opened(player, 26_000)
    assert [each.get_attribute("lang") for each in place(player).locator(".words").all()] == ["en", "es"]
    context.close()
