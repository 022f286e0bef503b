"""The keys: what each asks for, the list of them under ?, and the switches that turn them off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from browser import talk
from browser.conftest import serving
from browser.player_page import PlayerPage, move
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator

#: Every key, what it asks for, and a part of what the list says of it.
KEYS: list[tuple[str, str, dict[str, Any] | None, str]] = [
    ("Space", "playpauserequest", None, "play or pause"),
    ("k", "playpauserequest", None, "play or pause"),
    ("m", "muterequest", None, "mute or unmute"),
    ("<", "speedrequest", {"step": -1}, "slower"),
    (">", "speedrequest", {"step": 1}, "faster"),
    ("ArrowLeft", "skiprequest", {"ms": -5_000}, "back five seconds"),
    ("ArrowRight", "skiprequest", {"ms": 5_000}, "forward five seconds"),
    ("j", "skiprequest", {"ms": -10_000}, "back ten seconds"),
    ("l", "skiprequest", {"ms": 10_000}, "forward ten seconds"),
    ("[", "noterequest", {"step": -1}, "previous note"),
    ("]", "noterequest", {"step": 1}, "next note"),
    (",", "linerequest", {"step": -1}, "previous line"),
    (".", "linerequest", {"step": 1}, "next line"),
    ("{", "wordrequest", {"step": -1}, "previous word"),
    ("}", "wordrequest", {"step": 1}, "next word"),
    ("a", "replayrequest", None, "replay the last five seconds"),
    ("r", "repeatrequest", None, "loop the selection"),
    ("s", "slowrequest", None, "half speed"),
    ("c", "cliprequest", {}, "a clip"),
    ("Shift+T", "turnrequest", {"step": -1}, "previous speaker"),
    ("t", "turnrequest", {"step": 1}, "next speaker"),
    ("f", "followrequest", None, "follow"),
    ("w", "whererequest", None, "time, speaker and line"),
    ("g", "focuslinerequest", None, "focus"),
    ("v", "largelinerequest", None, "large"),
    ("b", "passageedgerequest", {"edge": "start"}, "begin a passage"),
    ("e", "passageedgerequest", {"edge": "end"}, "end the passage"),
    ("/", "searchrequest", None, "search"),
    ("n", "hitrequest", {"step": 1}, "next hit"),
    ("Shift+N", "hitrequest", {"step": -1}, "previous hit"),
    ("?", "helprequest", None, "show this list"),
]
SHOWN = {
    "ArrowLeft": "\N{LEFTWARDS ARROW}",
    "ArrowRight": "\N{RIGHTWARDS ARROW}",
    "Shift+N": "Shift N",
    "Shift+T": "Shift T",
}


def watch_requests(player: PlayerPage) -> None:
    """Keep what is asked, and let nobody answer."""
    player.page.evaluate(
        """(types) => {
            window.asked = [];
            for (const type of types) {
              document.querySelector("recording-player").addEventListener(type, (event) => {
                asked.push([event.type, event.detail]);
                event.stopImmediatePropagation();
              }, true);
            }
        }""",
        sorted({request for _, request, _, _ in KEYS}),
    )


def asked(player: PlayerPage) -> list[Any]:
    requests: list[Any] = player.page.evaluate("window.asked.splice(0)")
    return requests


def dialog(player: PlayerPage) -> Locator:
    return player.page.locator("key-list dialog")


def switch(player: PlayerPage, key: str) -> Locator:
    """The switch of a key."""
    name = re.compile(f"^{re.escape(SHOWN.get(key, key))}$")
    return dialog(player).locator("label", has=player.page.locator("kbd", has_text=name)).locator("input")


@pytest.mark.long
def test_the_list_comes_with_its_style(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/recordings/{talk.SLUG}")
    page.keyboard.press("?")
    page.locator("key-list dialog").wait_for()
    assert page.locator("key-list dialog .keys").evaluate("each => getComputedStyle(each).columnCount") == "2"


def test_every_key_asks_for_what_the_list_says(player: PlayerPage) -> None:
    player.open()
    rows = dialog(player).locator(".keys label")
    listed = dict(zip(rows.locator("kbd").all_text_contents(), rows.locator("span").all_text_contents(), strict=True))
    assert set(listed) == {SHOWN.get(key, key) for key, *_ in KEYS}
    watch_requests(player)
    for key, request, detail, does in KEYS:
        player.press(key)
        assert asked(player) == [[request, detail]], key
        assert does in listed[SHOWN.get(key, key)], key


@pytest.mark.long
def test_the_question_mark_opens_the_list_and_escape_closes_it_and_the_focus_returns(player: PlayerPage) -> None:
    player.open()
    player.button("forward").focus()
    player.press("?")
    expect(dialog(player)).to_be_visible()
    assert player.page.evaluate("document.activeElement.closest('dialog') !== null")
    player.press("Escape")
    expect(dialog(player)).to_be_hidden()
    assert player.page.evaluate("document.activeElement.className") == "forward"


@pytest.mark.long
def test_the_list_opens_by_its_button_and_closes_by_its_own(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    player.button("help").focus()
    player.press("Enter")
    expect(player.page.get_by_role("dialog", name="Keys")).to_be_visible()
    player.page.get_by_role("button", name="Close").click()
    expect(dialog(player)).to_be_hidden()
    assert player.page.evaluate("document.activeElement.className") == "help"


@pytest.mark.long
def test_while_the_list_is_open_keys_do_nothing_behind_it(player: PlayerPage) -> None:
    player.open()
    player.press("c")
    player.press("?")
    watch_requests(player)
    dialog(player).locator("p").click()
    for key in ("k", "m", "ArrowLeft", "?"):
        player.press(key)
    assert asked(player) == []
    player.press("Escape")
    expect(dialog(player)).to_be_hidden()
    expect(player.page.locator("clip-picker")).to_be_visible()


@pytest.mark.long
def test_a_press_beside_the_list_closes_it(player: PlayerPage) -> None:
    player.open()
    player.press("?")
    player.page.mouse.click(5, 5)
    expect(dialog(player)).to_be_hidden()


@pytest.mark.long
def test_the_first_key_after_the_list_is_closed_is_heard(player: PlayerPage) -> None:
    player.open()
    player.press("?")
    switch(player, "m").focus()
    watch_requests(player)
    # Until the next frame the focus is where it was: one piece of script leaves no time for one.
    player.page.evaluate("""() => {
        document.querySelector("key-list dialog").close();
        for (const key of ["m", "ArrowLeft", " "]) {
          document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        }
    }""")
    assert [kind for kind, *_ in asked(player)] == ["muterequest", "skiprequest", "playpauserequest"]


@pytest.mark.long
def test_space_plays_from_the_timeline_too(player: PlayerPage) -> None:
    player.open()
    player.page.locator("input.position").focus()
    player.press("Space")
    player.until("!audio.paused")
    player.press("Space")
    player.until("audio.paused")


@pytest.mark.long
def test_a_key_is_switched_off_by_keyboard_alone_and_stays_off(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    player.press("?")
    switch(player, "m").focus()
    player.press("Space")
    player.press("Escape")
    player.press("m")
    assert not player.audio("audio.muted")
    player.press("k")
    player.until("!audio.paused")
    opened = PlayerPage(context.new_page(), player.site).open()
    opened.press("m")
    assert not opened.audio("audio.muted")
    opened.press("?")
    assert not switch(opened, "m").is_checked()
    switch(opened, "m").check()
    opened.press("Escape")
    opened.press("m")
    assert opened.audio("audio.muted")


@pytest.mark.long
def test_without_a_sound_the_keys_that_need_none_are_there(
    context: BrowserContext, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = talk.write_archive(tmp_path_factory.mktemp("silent") / "archive")
    (root / "media" / "talk.wav").unlink()
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as site:
        player = PlayerPage(context.new_page(), site)
        player.page.goto(f"{site}/recordings/talk")
        move(player.page)
        for key in ("k", "ArrowLeft", "c", "]"):
            player.press(key)
        player.press("?")
        listed = dialog(player).locator(".keys kbd").all_inner_texts()
        assert listed == ["b", "e", "/", "n", "Shift N", "?"]
        player.press("Escape")
        player.page.get_by_role("button", name="Keys").click()
        expect(dialog(player)).to_be_visible()
        switch(player, "/").uncheck()
        player.press("Escape")
        player.press("/")
        field = player.page.get_by_role("searchbox", name="Search the words")
        assert not field.evaluate("each => each === document.activeElement")
        player.press("?")
        switch(player, "/").check()
        player.press("Escape")
        player.press("/")
        assert field.evaluate("each => each === document.activeElement")
        player.page.keyboard.type("tape")
        player.press("Enter")
        player.page.locator("body").evaluate("() => document.activeElement.blur()")
        number = player.page.locator(".count .number")
        before = number.inner_text()
        player.press("n")
        assert number.inner_text() != before
        assert player.errors == []


@pytest.mark.long
def test_one_switch_turns_all_keys_off_and_leaves_the_others_as_they_were(player: PlayerPage) -> None:
    player.open()
    player.press("?")
    switch(player, "l").uncheck()
    dialog(player).get_by_label("All keys").uncheck()
    assert switch(player, "k").is_disabled()
    player.press("Escape")
    # Until the next frame the focus is still on the switch, which Space would turn.
    player.until("!document.activeElement.closest('dialog')")
    watch_requests(player)
    for key, *_ in KEYS:
        player.press(key)
    assert asked(player) == []
    player.page.reload()
    player.until("audio.readyState >= 1")
    player.press("?")
    expect(dialog(player)).to_be_hidden()
    player.unfold()
    player.button("help").click()
    dialog(player).get_by_label("All keys").check()
    assert not switch(player, "l").is_checked()
    assert switch(player, "k").is_checked()


@pytest.mark.long
def test_buttons_name_their_keys_as_long_as_these_are_on(player: PlayerPage) -> None:
    player.open()
    named = {
        "play": "Space k",
        "back": "ArrowLeft",
        "loop": "r",
        "slow": "s",
        "mute": "m",
        "next-word": "}",
        "help": "?",
    }
    for button, keys in named.items():
        assert player.button(button).get_attribute("aria-keyshortcuts") == keys
    player.press("?")
    switch(player, "k").uncheck()
    switch(player, "r").uncheck()
    assert player.button("play").get_attribute("aria-keyshortcuts") == "Space"
    assert player.button("loop").get_attribute("aria-keyshortcuts") is None


@pytest.mark.long
def test_the_search_field_names_its_key_as_long_as_it_is_on(player: PlayerPage) -> None:
    player.open()
    shown, field = player.page.locator(".search kbd"), player.page.locator(".search input")
    later = player.page.locator(".search .later")
    expect(shown).to_be_visible()
    assert (field.get_attribute("aria-keyshortcuts"), later.get_attribute("aria-keyshortcuts")) == ("/", "n")
    player.press("?")
    switch(player, "/").uncheck()
    switch(player, "n").uncheck()
    player.press("Escape")
    expect(shown).to_be_hidden()
    assert (field.get_attribute("aria-keyshortcuts"), later.get_attribute("aria-keyshortcuts")) == (None, None)


@pytest.mark.long
@pytest.mark.parametrize("field", ["input type=search", "textarea", "select", "div contenteditable"])
def test_in_a_field_keys_are_typed_and_do_nothing_else(player: PlayerPage, field: str) -> None:
    player.open()
    name = field.split(maxsplit=1)[0]
    player.page.evaluate(
        f"document.querySelector('main').insertAdjacentHTML('afterbegin', '<{field} id=field></{name}>')"
    )
    watch_requests(player)
    player.page.locator("#field").focus()
    for key, *_ in KEYS:
        player.press(key)
    assert asked(player) == []


@pytest.mark.long
def test_a_checkbox_of_the_page_keeps_space_and_leaves_the_letters(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin', '<input type=checkbox id=box>')"
    )
    watch_requests(player)
    player.page.locator("#box").focus()
    player.press("Space")
    player.press("k")
    assert player.page.locator("#box").is_checked()
    assert asked(player) == [["playpauserequest", None]]


@pytest.mark.long
@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_under_a_modifier_they_are_the_browsers_own(player: PlayerPage, modifier: str) -> None:
    player.open()
    watch_requests(player)
    for key in ("j", "m", "s", ","):
        player.press(f"{modifier}+{key}")
    assert asked(player) == []


@pytest.mark.long
def test_every_button_keeps_space_when_it_has_the_focus(player: PlayerPage) -> None:
    player.open()
    player.button("more").focus()
    player.press("Space")
    expect(player.page.locator("#closely")).to_be_visible()
    for name in ("slow", "mute", "loop", "follow"):
        was = player.is_pressed(name)
        player.button(name).focus()
        player.press("Space")
        player.until(f"document.querySelector('.{name}').getAttribute('aria-pressed') === '{str(not was).lower()}'")
    assert player.is_playing
    player.button("loop").focus()
    player.press("Space")
    assert not player.is_pressed("loop")
    assert player.is_playing


@pytest.mark.long
def test_keys_for_what_the_page_does_not_have_are_not_listed_and_left_to_the_browser(player: PlayerPage) -> None:
    player.page.route(
        "**/recordings/talk",
        lambda route: route.fulfill(body=route.fetch().text().replace(" data-highlight", ""), content_type="text/html"),
    )
    player.open()
    player.press("?")
    listed = dialog(player).locator(".keys kbd").all_text_contents()
    assert not {",", ".", "{", "}", "b", "e", "f", "g", "t", "Shift T", "v", "w"} & set(listed)
    assert {"[", "k", "r"} <= set(listed)


@pytest.mark.long
def test_the_list_fits_a_small_window_and_is_read_to_its_end(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 320, "height": 256})
    player.open()
    player.press("?")
    box = dialog(player).bounding_box()
    assert box
    assert box["width"] <= 320
    assert box["height"] <= 256
    assert dialog(player).evaluate("each => each.scrollWidth <= each.clientWidth")
    switch(player, "?").focus()
    row = switch(player, "?").bounding_box()
    assert row
    assert 0 <= row["y"] < 256


@pytest.mark.long
def test_stepping_by_key_does_not_end_following_and_the_page_stays_where_it_is(player: PlayerPage) -> None:
    player.open()
    player.seek(talk.LINES[5].start)
    for key in (".", "}", "a", "k"):
        player.press(key)
    assert player.is_pressed("follow")
