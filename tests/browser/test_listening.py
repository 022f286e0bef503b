"""To listen closely: loops with a lead-in, half speed, steps by word, and what the browser remembers of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from browser import talk
from browser.player_page import PlayerPage, until
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Route

PLACE = 50_000
LINE = talk.LINES[16]


def word_starts(line: talk.Line) -> list[int]:
    """When the timed words of a line begin, as talk.py writes them."""
    pace = (line.end - line.start) // len(line.words)
    timed = [line.start + position * pace for position in range(1, len(line.words)) if position % 5]
    return [line.start, *timed]


def another(player: PlayerPage, context: BrowserContext) -> PlayerPage:
    """The recording in another page of the same browser."""
    return PlayerPage(context.new_page(), player.site).open()


def keep_in_step(player: PlayerPage) -> None:
    """Serve the page as that of a transcript which was timed to another file."""

    def unbind(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(" data-highlight", ""))

    player.page.route("**/recordings/talk", unbind)


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


# Loops


@pytest.mark.long
def test_a_line_is_looped_until_r_is_pressed_again_and_then_the_sound_goes_on(player: PlayerPage) -> None:
    player.open()
    player.seek(LINE.start + 300)
    player.watch_seeks()
    player.press("r")
    player.until("window.sought.length >= 2")
    assert player.is_pressed("loop")
    assert player.sought()[:2] == [LINE.start, LINE.start]
    player.marked()
    player.press("r")
    assert not player.is_pressed("loop")
    player.until_line(talk.LINES[17].id)
    assert player.is_playing


@pytest.mark.long
@pytest.mark.parametrize("lead", [0, 500, 2_000])
def test_a_loop_starts_earlier_by_its_lead_in_each_time(player: PlayerPage, lead: int) -> None:
    player.open()
    player.unfold()
    player.seek(LINE.end - 400)
    player.page.get_by_label("Lead-in").select_option(str(lead))
    player.watch_seeks()
    player.button("loop").click()
    player.until("window.sought.length >= 2")
    assert player.sought()[:2] == [LINE.start - lead, LINE.start - lead]


@pytest.mark.long
def test_a_lead_in_ends_at_the_start_of_the_sound(player: PlayerPage) -> None:
    player.open()
    player.watch_seeks()
    player.ask("looprequest", start=500, end=900, lead=2_000)
    player.until("window.sought.length >= 2")
    assert set(player.sought()) == {0}


@pytest.mark.long
def test_a_lead_in_that_is_changed_while_it_loops_holds_from_the_next_time_on(player: PlayerPage) -> None:
    player.open()
    player.watch_seeks()
    player.ask("looprequest", start=LINE.start, end=LINE.start + 400)
    player.ask("leadrequest", ms=1_000)
    player.until("window.sought.length >= 2")
    assert player.sought()[:2] == [LINE.start, LINE.start - 1_000]
    assert player.is_pressed("loop")


@pytest.mark.long
def test_a_seek_into_the_lead_in_keeps_the_loop_and_one_out_of_it_ends_it(player: PlayerPage) -> None:
    player.open()
    player.ask("looprequest", start=30_000, end=32_000, lead=1_000)
    player.seek(29_200)
    assert player.is_pressed("loop")
    player.seek(28_000)
    assert not player.is_pressed("loop")


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
def test_loop_repeats_the_clip_that_is_chosen(player: PlayerPage) -> None:
    player.open()
    player.seek(LINE.start)
    player.press("c")
    player.seek(90_000)
    player.watch_seeks()
    player.press("r")
    player.settle()
    assert set(player.sought()) == {LINE.start}
    assert player.is_pressed("loop")


def test_loop_repeats_the_words_that_are_selected_and_else_the_line(player: PlayerPage) -> None:
    player.open()
    tell = """(span) => document.querySelector('recording-player')
        .dispatchEvent(new CustomEvent('selectionspanchange', { detail: { span } }))"""
    player.page.evaluate(tell, {"start": 95_000, "end": 97_000})
    player.watch_seeks()
    player.press("r")
    player.press("r")
    player.page.evaluate(tell, None)
    player.seek(LINE.start + 200)
    player.press("r")
    player.until("window.sought.length >= 3")
    assert player.sought()[:3] == [95_000, LINE.start + 200, LINE.start]


@pytest.mark.long
def test_where_no_line_is_known_loop_says_what_to_do(player: PlayerPage) -> None:
    keep_in_step(player)
    player.open()
    player.press("r")
    assert player.message == "There is no line to loop. Choose a passage with Start here and End here."
    player.unfold()
    player.button("clip-edge").first.click()
    player.button("loop").click()
    assert player.is_pressed("loop")
    assert player.message == ""


# Slow, words, again


def test_slow_is_half_speed_and_back_to_the_speed_before_with_the_pitch_kept(player: PlayerPage) -> None:
    player.page.add_init_script("""
        Object.defineProperty(HTMLMediaElement.prototype, "preservesPitch", {
          get() { return this.kept ?? false; }, set(isKept) { this.kept = isKept; },
        });""")
    player.open()
    player.press(">")
    player.press("s")
    player.settle()
    assert (player.audio("audio.playbackRate"), player.is_pressed("slow")) == (0.5, True)
    assert player.audio("audio.preservesPitch")
    player.unfold()
    player.button("slow").click()
    player.settle()
    assert (player.audio("audio.playbackRate"), player.is_pressed("slow")) == (1.25, False)


@pytest.mark.long
def test_braces_and_buttons_step_by_word_within_a_line_and_across_its_ends(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    starts = [start for line in talk.LINES[15:18] for start in word_starts(line)]
    player.seek(starts[0])
    visited = [starts[0]]
    for _ in starts[1:]:
        player.press("}")
        player.settle()
        visited.append(player.now)
    assert visited == starts
    assert player.line == talk.LINES[17].id
    for expected in reversed(starts[:-1]):
        player.press("{")
        assert player.now == expected
    player.button("next-word").click()
    assert player.now == starts[1]
    player.button("previous-word").click()
    assert player.now == starts[0]


@pytest.mark.long
def test_a_word_before_the_first_line_and_after_the_last_leads_nowhere(player: PlayerPage) -> None:
    player.open()
    player.seek(100)
    player.press("{")
    assert player.now == 100
    player.press("}")
    assert player.now == talk.LINES[0].start
    last = word_starts(talk.LINES[-1])[-1]
    player.seek(last)
    player.settle()
    player.press("}")
    assert player.now == last


@pytest.mark.long
def test_buttons_step_by_line(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    player.seek(LINE.start)
    player.settle()
    player.button("next-line").click()
    assert player.now == talk.LINES[17].start
    player.button("previous-line").click()
    assert player.now == LINE.start


def test_the_last_five_seconds_are_played_again(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    player.seek(PLACE)
    player.watch_seeks()
    player.press("a")
    player.until("!audio.paused")
    player.press("k")
    player.seek(2_000)
    player.button("replay").click()
    player.until("!audio.paused")
    assert player.sought() == [PLACE - 5_000, 2_000, 0]


# Remembered


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
def test_forget_forgets_and_goes_to_the_beginning_without_a_sound(player: PlayerPage) -> None:
    player.open()
    hear(player, PLACE)
    player.page.reload()
    player.page.get_by_role("button", name="Forget").click()
    player.settle()
    assert player.now == talk.SUBSTANCE
    assert not player.is_playing
    assert player.message == "Forgotten."
    player.page.reload()
    player.until("audio.readyState >= 1")
    assert remembered_place(player) is None
    assert player.now == talk.SUBSTANCE


@pytest.mark.long
def test_a_place_can_be_forgotten_at_any_time(player: PlayerPage) -> None:
    player.open()
    hear(player, PLACE)
    assert remembered_place(player) is not None
    player.unfold()
    player.page.get_by_role("button", name="Forget my place").click()
    assert player.message == "Forgotten. Your next visit starts from the beginning."
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


# The transport


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
