"""What the browser remembers of listening: the speed, the volume, the lead-in of loops, and the place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from browser import talk
from browser.player_page import PlayerPage, until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PLACE = 50_000
LINE = talk.LINES[16]


def another(player: PlayerPage, context: BrowserContext) -> PlayerPage:
    """The recording in another page of the same browser."""
    return PlayerPage(context.new_page(), player.site).open()


def remembered(player: PlayerPage, what: str) -> Any:
    return json.loads(player.page.evaluate(f"localStorage.getItem('tape-player:{what}')") or "null")


def remembered_place(player: PlayerPage) -> Any:
    (what,) = player.page.evaluate(
        "[...Array(localStorage.length).keys()].map((index) => localStorage.key(index))"
        ".filter((key) => key.startsWith('tape-player:position:'))"
    ) or [""]
    return remembered(player, what.removeprefix("tape-player:"))


def hear(player: PlayerPage, place: int) -> None:
    """Hear a little, and pause."""
    player.seek(place, play=True)
    player.until_heard(place / 1000 + 0.2)
    player.settle()


@pytest.mark.long
def test_the_lead_in_is_remembered(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    player.unfold()
    player.page.get_by_label("Lead-in").select_option("1000")
    opened = another(player, context)
    opened.unfold()
    assert opened.page.get_by_label("Lead-in").input_value() == "1000"
    opened.watch_seeks()
    opened.ask("looprequest", start=30_000, end=30_500)
    opened.until("window.sought.length >= 1")
    assert opened.sought()[0] == 29_000


@pytest.mark.long
def test_the_speed_is_remembered_over_a_reload_and_in_another_page(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    player.press(">")
    player.press(">")
    player.page.reload()
    player.until("audio.playbackRate === 1.5")
    player.until_named("speed", "1.5\N{MULTIPLICATION SIGN} speed")
    assert another(player, context).audio("audio.playbackRate") == 1.5


@pytest.mark.long
def test_half_speed_by_slow_is_not_remembered(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    player.press("s")
    assert another(player, context).audio("audio.playbackRate") == 1


@pytest.mark.long
def test_the_volume_is_set_and_remembered_and_said_in_words(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    player.unfold()
    slider = player.page.get_by_label("Volume")
    slider.fill("30")
    assert player.audio("audio.volume") == 0.3
    opened = another(player, context)
    assert opened.audio("audio.volume") == 0.3
    opened.unfold()
    assert opened.page.get_by_label("Volume").input_value() == "30"
    assert opened.page.get_by_label("Volume").get_attribute("aria-valuetext") == "30 per cent"


@pytest.mark.long
def test_that_the_sound_is_off_is_seen_said_and_remembered(player: PlayerPage, context: BrowserContext) -> None:
    player.open()
    player.unfold()
    player.button("mute").click()
    opened = another(player, context)
    for page in (player, opened):
        page.until("document.querySelector('.mute').getAttribute('aria-pressed') === 'true'")
        assert page.audio("audio.muted")
        assert page.message.startswith("The sound is muted")
    opened.press("k")
    opened.until("audio.currentTime > 10.2")
    assert opened.message.startswith("The sound is muted")
    opened.unfold()
    opened.page.get_by_label("Volume").fill("50")
    opened.until("document.querySelector('.mute').getAttribute('aria-pressed') === 'false'")
    assert not opened.audio("audio.muted")
    assert opened.message == ""


@pytest.mark.long
def test_where_only_the_device_sets_the_volume_mute_is_left(player: PlayerPage) -> None:
    player.page.add_init_script(
        'Object.defineProperty(HTMLMediaElement.prototype, "volume", { get() { return 1; }, set() {} });'
    )
    player.open()
    player.unfold()
    expect(player.page.locator(".loudness")).to_be_hidden()
    player.button("mute").click()
    assert player.audio("audio.muted")
    player.until("document.querySelector('.mute').getAttribute('aria-pressed') === 'true'")


def test_a_page_opened_again_is_cued_up_where_the_listener_was_and_says_so(
    player: PlayerPage, context: BrowserContext
) -> None:
    player.open()
    hear(player, PLACE)
    place = player.now
    assert remembered_place(player) == place
    player.page.reload()
    player.until("audio.readyState >= 1")
    opened = another(player, context)
    for page in (player, opened):
        page.settle()
        assert abs(page.now - place) <= 1
        assert not page.is_playing
        assert page.line == talk.line_at(place)
        assert page.message == f"You left off at 0:{place // 1000}."
        assert page.button("play").get_attribute("aria-label") == "Play the recording"
    assert opened.scrolled == 0


@pytest.mark.long
def test_start_from_the_beginning_plays_from_there_and_the_offer_goes(player: PlayerPage) -> None:
    player.open()
    hear(player, PLACE)
    player.page.reload()
    player.page.wait_for_selector(".message:not(:empty)")
    player.watch_seeks()
    player.page.get_by_role("button", name="Start from the beginning").click()
    player.until("!audio.paused")
    assert player.sought() == [talk.SUBSTANCE]
    assert player.now >= talk.SUBSTANCE
    assert player.message == ""
    expect(player.page.get_by_role("button", name="Start from the beginning")).to_be_hidden()
    assert player.page.evaluate("document.activeElement.className") == "play"


@pytest.mark.long
@pytest.mark.parametrize(
    ("button", "said", "is_offered"),
    [
        ("Forget", "Forgotten.", True),
        ("Forget my place", "Forgotten. Your next visit starts from the beginning.", False),
    ],
)
def test_a_place_is_forgotten_where_it_is_offered_and_at_any_time(
    player: PlayerPage, button: str, said: str, *, is_offered: bool
) -> None:
    player.open()
    hear(player, PLACE)
    assert remembered_place(player) is not None
    place = player.now
    if is_offered:
        player.page.reload()
    else:
        player.unfold()
    player.page.get_by_role("button", name=button).click()
    player.settle()
    assert player.message == said
    assert player.now == (talk.SUBSTANCE if is_offered else place)
    assert not player.is_playing
    player.page.reload()
    player.until("audio.readyState >= 1")
    assert remembered_place(player) is None
    assert player.now == talk.SUBSTANCE


@pytest.mark.long
def test_the_offer_goes_when_the_listener_goes_elsewhere(player: PlayerPage) -> None:
    player.open()
    hear(player, PLACE)
    player.page.reload()
    player.page.wait_for_selector(".message:not(:empty)")
    player.seek(90_000)
    assert player.message == ""
    expect(player.page.get_by_role("button", name="Forget")).to_be_hidden()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("address", ["?t=25", "#t=25", "#t=25,80"])
def test_a_moment_in_the_address_is_above_what_is_remembered(player: PlayerPage, address: str) -> None:
    player.open()
    hear(player, PLACE)
    player.page.goto("about:blank")
    player.open(address)
    player.settle()
    assert player.now == 25_000
    assert player.message == ""


@pytest.mark.long
def test_the_first_seconds_and_the_last_are_no_place_to_go_back_to(player: PlayerPage) -> None:
    player.open()
    hear(player, talk.SUBSTANCE + 8_000)
    assert remembered_place(player) is None
    hear(player, PLACE)
    hear(player, talk.SUBSTANCE + 8_000)
    assert remembered_place(player) >= PLACE
    hear(player, talk.SECONDS * 1000 - 4_000)
    assert remembered_place(player) is None


@pytest.mark.long
def test_a_place_that_was_only_looked_at_is_not_remembered(player: PlayerPage) -> None:
    player.open()
    player.seek(PLACE)
    player.page.reload()
    player.until("audio.readyState >= 1")
    assert player.now == talk.SUBSTANCE


@pytest.mark.long
def test_a_passage_or_a_loop_is_not_where_the_listener_was(player: PlayerPage) -> None:
    player.open()
    hear(player, PLACE)
    place = remembered_place(player)
    player.seek(LINE.start)
    player.press("r")
    player.until("!audio.paused")
    player.press("k")
    player.until("audio.paused")
    assert remembered_place(player) == place
    player.page.goto("about:blank")
    player.open("#t=30,30.5")
    player.button("play").click()
    player.until("audio.paused && audio.currentTime >= 30.5")
    player.page.reload()
    assert remembered_place(player) == place


@pytest.mark.long
def test_the_place_is_kept_when_the_page_is_left_in_mid_play(player: PlayerPage) -> None:
    player.open()
    player.seek(PLACE, play=True)
    player.until("audio.currentTime > 50.3")
    # Chromium ends a page that is left while the next one is made: what it keeps then may come late.
    other = player.page.context.new_page()
    other.goto(f"{player.site}/about")
    player.page.goto("about:blank")
    until(other, "Object.keys(localStorage).some((key) => key.includes('position'))")
    other.close()
    player.open()
    assert PLACE < player.now < PLACE + 60_000


@pytest.mark.long
def test_it_is_kept_every_few_seconds_and_not_more_often(player: PlayerPage) -> None:
    player.page.add_init_script("""
        window.kept = 0;
        const { setItem } = Storage.prototype;
        Storage.prototype.setItem = function (key, value) {
          if (key.includes("position")) window.kept += 1;
          setItem.call(this, key, value);
        };""")
    player.open()
    player.ask("speedrequest", step=1)
    player.seek(30_000, play=True)
    player.until("audio.currentTime > 36", "window.keptByThen = window.kept")
    assert player.page.evaluate("window.keptByThen") == 1


@pytest.mark.sampled(3)
@pytest.mark.long
@pytest.mark.parametrize(
    "written",
    [
        "{}",
        '"x"',
        "-1",
        "1e99",
        "[1]",
        "null",
        "{not json",
        '{"volume": 7, "muted": "yes", "keys": 4, "all": 2}',
        '{"volume": "loud"}',
    ],
)
def test_whatever_is_found_in_the_browsers_memory_the_page_works(player: PlayerPage, written: str) -> None:
    player.page.add_init_script(f"""
        for (const what of ["speed", "volume", "lead", "keys-off", "position:talk"]) {{
          localStorage.setItem("tape-player:" + what, {json.dumps(written)});
        }}""")
    player.open()
    assert player.audio("[audio.playbackRate, audio.volume, audio.muted]") == [1, 1, False]
    assert player.now == talk.SUBSTANCE
    player.press("k")
    player.until("audio.currentTime > 10.2")


@pytest.mark.long
def test_a_browser_that_remembers_nothing_is_no_hindrance(player: PlayerPage) -> None:
    player.page.add_init_script("""
        Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
    """)
    player.open()
    player.press(">")
    player.press("m")
    player.until("audio.playbackRate === 1.25 && audio.muted")
    hear(player, PLACE)
