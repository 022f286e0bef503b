"""The transport stays low, folds what it has no room for, and hides no focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.player_page import PlayerPage


@pytest.mark.long
@pytest.mark.parametrize(("size", "limit"), [((1280, 860), 140), ((390, 800), 190)])
def test_the_transport_stays_low(player: PlayerPage, size: tuple[int, int], limit: int) -> None:
    player.page.set_viewport_size({"width": size[0], "height": size[1]})
    player.open()
    box = player.page.locator(".transport").bounding_box()
    assert box
    assert box["height"] <= limit


@pytest.mark.long
def test_what_the_main_row_has_no_room_for_folds_and_is_reached_in_the_order_it_is_seen(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 390, "height": 800})
    player.open()
    expect(player.button("loop")).to_be_hidden()
    player.unfold()
    player.button("more").focus()
    reached = []
    for _ in range(4):
        player.press("Tab")
        reached.append(player.page.evaluate("document.activeElement.className"))
    assert reached == ["previous-note", "next-note", "speed", "loop"]
    player.page.set_viewport_size({"width": 1280, "height": 800})
    player.button("more").click()
    expect(player.button("loop")).to_be_visible()
    expect(player.button("slow")).to_be_hidden()


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 1280])
def test_every_control_is_a_target_of_24_pixels(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 800})
    player.open()
    player.unfold()
    small = player.page.eval_on_selector_all(
        ".controls :is(button, select, input)",
        """all => all.filter(each => each.getClientRects().length)
            .map(each => [each.className, each.getBoundingClientRect()])
            .filter(([, { width, height }]) => Math.min(width, height) < 24)""",
    )
    assert small == []


@pytest.mark.long
def test_the_focus_is_never_under_the_transport_even_unfolded(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 390, "height": 800})
    player.open()
    player.unfold()
    player.settle()
    player.time_of("L1").focus()
    for _ in range(12):
        player.press("Tab")
        player.settle()
        [bottom, top] = player.page.evaluate("""[document.activeElement.getBoundingClientRect().bottom,
            document.querySelector('.transport').getBoundingClientRect().top]""")
        assert bottom <= top
