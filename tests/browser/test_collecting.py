"""A reader collects passages, puts them in order, hears them through and shares them; without script by links alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import selecting, talk
from browser.player_page import LIMIT, PlayerPage, until
from browser.test_accessibility import found_by_axe
from browser.test_found_passages import SOUNDS
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

FIRST, SECOND, THIRD = (f"talk@{start},{start + 1}" for start in (60, 20, 40))
LINE = talk.LINES[12]


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that logs no error."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.add_init_script(SOUNDS)
    yield opened
    assert errors == []


def address(site: str, *passages: str) -> str:
    return f"{site}/basket?{'&'.join(f'p={each}' for each in passages)}"


def asked(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("p", [])


def kept(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.locator("basket-link a").get_attribute("href") or "").query).get("p", [])


def standing(page: Page) -> list[str | None]:
    return [each.get_attribute("data-asked") for each in page.locator(".passage").all()]


def until_asked(page: Page, *passages: str) -> None:
    until(page, f"new URLSearchParams(location.search).getAll('p').join() === '{','.join(passages)}'")


@pytest.mark.long
def test_selected_words_a_clip_and_a_line_are_collected_on_one_page(player: PlayerPage) -> None:
    player.open()
    link = player.page.locator("basket-link a")
    assert (link.inner_text(), link.get_attribute("href")) == ("Basket", "/basket")
    selecting.drag(player, LINE.id, 0, 3)
    selecting.button(player, "Add to basket").click()
    player.until("document.querySelector('.selection .status').textContent.startsWith('Added to the basket')")
    assert link.inner_text() == "Basket (1)"
    selecting.button(player, "Add to basket").click()
    player.until("document.querySelector('.selection .status').textContent === 'It is in the basket already.'")
    selecting.button(player, "Clip").click()
    picker = player.page.locator("clip-picker")
    picker.get_by_role("button", name="Start later").first.click()
    picker.get_by_role("button", name="Add to basket").click()
    expect(picker.locator(".status")).to_contain_text("which has 2 passages now")
    link.click()
    expect(player.page.locator("h1")).to_have_text("Basket")
    said = player.page.locator(".passage").first.locator(".says").inner_text()
    assert " ".join(LINE.words[:4]) in said
    expect(player.page.locator(".keep"), "it is the reader's own").to_be_hidden()


@pytest.mark.long
def test_a_line_is_collected_where_there_is_more_about_it(player: PlayerPage) -> None:
    player.open()
    player.time_of(LINE.id).hover()
    player.page.locator(f"#cue-{LINE.id} a.this").click()
    about = player.page.locator("this-line .about-line")
    about.get_by_role("link", name="Add to basket").click()
    expect(about.locator(".collected")).to_have_text("Added to the basket, which has 1 passage now.")
    assert kept(player.page) == [f"talk@{LINE.id}"]


@pytest.mark.long
def test_a_line_is_collected_on_its_own_page_too(page: Page, site: str) -> None:
    page.goto(f"{site}/recordings/talk/lines/{LINE.id}")
    page.get_by_role("link", name="Add to basket").click()
    expect(page.locator(".collected")).to_have_text("Added to the basket, which has 1 passage now.")
    assert kept(page) == [f"talk@{LINE.id}"]
    page.wait_for_url(lambda url: url.endswith(f"/lines/{LINE.id}"))


@pytest.mark.long
def test_what_a_search_found_is_collected_where_it_is_listed(page: Page, site: str) -> None:
    page.goto(f"{site}/search?q=turns")
    hit = page.locator(".hit").first
    passage = parse_qs(urlsplit(hit.locator(".collect").get_attribute("href") or "").query)["p"]
    for said in ("Added to the basket, which has 1 passage now.", "It is in the basket already."):
        hit.get_by_role("link", name="Add to basket").click()
        expect(hit.locator(".collected")).to_have_text(said)
    assert kept(page) == passage
    assert "/search" in page.url
    page.locator("basket-link a").click()
    assert standing(page) == passage


@pytest.mark.long
@pytest.mark.parametrize("width", [1440, 1200, 1024])
def test_the_head_has_its_search_in_the_line_of_its_name_also_with_a_full_basket(
    player: PlayerPage, width: int
) -> None:
    page = player.page
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{player.site}/people")
    page.evaluate("localStorage.clear()")
    boxes = {}
    for count in (0, 12):
        page.evaluate(
            "count => { const link = document.querySelector('basket-link a');"
            "link.textContent = count ? `Basket (${count})` : 'Basket';"
            "document.querySelector('.home').textContent = 'An archive about the tape of 5 November 1963'; }",
            count,
        )
        boxes = {name: page.locator(f".masthead {name}").bounding_box() for name in (".home", "nav", ".seek")}
        middles = {name: box["y"] + box["height"] / 2 for name, box in boxes.items() if box}
        assert middles[".home"] == pytest.approx(middles[".seek"], abs=3)
        assert (abs(middles["nav"] - middles[".home"]) < 3) == (width >= 1200)
        seek = boxes[".seek"]
        assert seek
        assert seek["x"] + seek["width"] > width - 40, "it stands at the end of the line"


@pytest.mark.long
@pytest.mark.parametrize("width", [1200, 800, 390, 320])
def test_what_a_moment_offers_is_pressed_by_a_pointer_at_every_width(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 700})
    player.open()
    moments = player.page.locator(".moments li:has(.collect)")
    for number in range(moments.count()):
        moments.nth(number).hover()
        moments.nth(number).locator(".collect").click()
        expect(moments.nth(number).locator(".collected")).to_contain_text("Added to the basket")
    assert player.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.long
@pytest.mark.parametrize("forced", ["none", "active"])
def test_what_can_be_done_with_a_passage_stands_in_line_with_its_words(page: Page, site: str, forced: str) -> None:
    page.emulate_media(forced_colors=forced)  # type: ignore[arg-type]  # one of its literals
    page.goto(address(site, FIRST, "no-such@1,2"))
    for row in page.locator(".passage").all():
        head, moves = row.locator("h2").bounding_box(), row.locator(".moves button").first.bounding_box()
        text = row.locator(".says, .why").last.bounding_box()
        assert head
        assert moves
        assert text
        assert moves["x"] == pytest.approx(head["x"], abs=1)
        assert moves["y"] - text["y"] - text["height"] >= 4
    rule = page.locator(".passage").last.evaluate("row => getComputedStyle(row, '::after').borderInlineStartStyle")
    assert (rule == "dashed") == (forced == "active")


@pytest.mark.long
def test_they_are_put_in_order_by_the_keyboard_and_kept_so(page: Page, site: str) -> None:
    page.goto(address(site, FIRST, SECOND, THIRD))
    page.get_by_role("button", name="Keep as my basket").click()
    expect(page.locator(".status").first).to_have_text("This is your basket now.")
    down = page.get_by_role("button", name="Move passage 1 down")
    down.focus()
    page.keyboard.press("Enter")
    until_asked(page, SECOND, FIRST, THIRD)
    assert standing(page) == kept(page) == asked(page)
    expect(page.get_by_role("button", name="Move passage 2 down")).to_be_focused()
    page.keyboard.press("Enter")
    until_asked(page, SECOND, THIRD, FIRST)
    expect(page.get_by_role("button", name="Move passage 3 up")).to_be_focused()
    expect(page.locator(".status").first).to_have_text("Passage 2 is number 3 of 3 now.")
    page.get_by_role("button", name="Take out passage 2").click()
    until_asked(page, SECOND, FIRST)
    expect(page.get_by_role("button", name="Take out passage 2")).to_be_focused()
    assert standing(page) == kept(page)
    expect(page.locator(".kicker")).to_contain_text("2 passages")


@pytest.mark.long
def test_they_are_heard_through_one_after_another(page: Page, site: str) -> None:
    page.goto(address(site, FIRST, "nothing@1,2", SECOND))
    page.get_by_role("button", name="Hear them through").click()
    passages = page.locator(".passage")
    until(page, "sounds[0] && sounds[0].currentTime > 60.2 && sounds[0].currentTime < 61.2")
    expect(passages.nth(0)).to_have_attribute("aria-current", "true")
    until(page, "sounds[0].currentTime > 20.2 && sounds[0].currentTime < 21.2")
    expect(passages.nth(2)).to_have_attribute("aria-current", "true")
    expect(page.locator(".status").first).to_have_text("That was the last passage.", timeout=LIMIT)
    assert page.evaluate("sounds.length === 1 && sounds[0].paused")
    expect(page.get_by_role("button", name="Hear them through")).to_be_visible()


@pytest.mark.long
def test_what_plays_goes_on_while_they_are_put_in_order_and_ends_when_it_is_taken_out(page: Page, site: str) -> None:
    page.goto(address(site, "talk@60,90", SECOND))
    page.locator("button.round").first.click()
    until(page, "sounds[0] && sounds[0].currentTime > 60.2")
    page.get_by_role("button", name="Move passage 1 down").click()
    until_asked(page, SECOND, "talk@60,90")
    assert not page.evaluate("sounds[0].paused")
    expect(page.locator(".passage").nth(1).locator(".playing")).to_be_visible()
    page.get_by_role("button", name="Take out passage 2").click()
    until(page, "sounds[0].paused")


@pytest.mark.long
def test_they_are_dragged_to_another_place(page: Page, site: str) -> None:
    page.set_viewport_size(
        {"width": 1280, "height": 1200}
    )  # for where it scrolls between, Playwright drags what is there
    page.goto(address(site, FIRST, SECOND, THIRD))
    page.locator(".handle").nth(2).drag_to(page.locator(".passage").nth(0), target_position={"x": 100, "y": 4})
    until_asked(page, THIRD, FIRST, SECOND)
    assert standing(page) == asked(page)
    expect(page.get_by_role("button", name="Move passage 1 up")).to_be_disabled()
    assert kept(page) == [], "it is not the reader's own"


@pytest.mark.long
def test_one_that_was_shared_is_added_to_the_readers_own_and_changes_nothing_before(page: Page, site: str) -> None:
    page.goto(address(site, FIRST))
    page.get_by_role("button", name="Keep as my basket").click()
    page.goto(address(site, SECOND, FIRST))
    page.get_by_role("button", name="Take out passage 2").click()
    until_asked(page, SECOND)
    assert kept(page) == [FIRST]
    page.get_by_role("button", name="Add all to my basket").click()
    assert kept(page) == [FIRST, SECOND]
    page.goto(f"{site}/basket")
    until_asked(page, FIRST, SECOND)
    page.get_by_label("Add a passage").fill(f"{site}/recordings/talk#t=40,41")
    page.keyboard.press("Enter")
    until_asked(page, FIRST, SECOND, THIRD)
    assert kept(page) == [FIRST, SECOND, THIRD]
    page.get_by_label("Add a passage").fill("nothing")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is no address of a passage.")
    assert asked(page) == kept(page)
    for number in (3, 2, 1):
        page.get_by_role("button", name=f"Take out passage {number}").click()
        expect(page.locator(".passage")).to_have_count(number - 1)
    expect(page.locator(".standfirst")).to_contain_text("The basket is empty")
    assert kept(page) == []


@pytest.mark.long
def test_its_link_is_copied_and_opens_the_same_elsewhere(
    page: Page, player: PlayerPage, browser: Browser, site: str
) -> None:
    page.goto(address(site, FIRST, SECOND))
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".status").first).to_have_text("Link copied.")
    link = selecting.copied(player)
    other = browser.new_context()
    opened = other.new_page()
    opened.goto(link)
    assert standing(opened) == [FIRST, SECOND]
    with opened.expect_download() as download:
        opened.locator(".downloads a[href*='basket.zip'][href$='as=wav']").click()
    assert download.value.suggested_filename == "basket-2-passages.zip"
    other.close()


@pytest.mark.long
def test_without_javascript_links_and_forms_do_the_same(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{site}/recordings/talk/lines/{LINE.id}")
    page.get_by_role("link", name="Add to basket").click()
    assert standing(page) == [f"talk@{LINE.id}"]
    page.get_by_label("Add a passage").fill("/recordings/talk?t=20,21")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Move passage 2 up").click()
    assert asked(page) == standing(page) == [SECOND, f"talk@{LINE.id}"]
    assert page.locator("audio").count() == 2
    page.get_by_role("button", name="Take out passage 1").click()
    assert standing(page) == [f"talk@{LINE.id}"]
    context.close()


@pytest.mark.long
@pytest.mark.parametrize("mode", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 320, "height": 640}}])
def test_axe_finds_nothing_also_while_it_plays(browser: Browser, site: str, mode: dict[str, str]) -> None:
    context = browser.new_context(reduced_motion="reduce", **mode)  # type: ignore[arg-type]  # Playwright's many options
    page = context.new_page()
    page.goto(address(site, FIRST, "nothing@1,2", SECOND))
    page.locator("button.round").first.click()
    page.locator(".playing").wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
