"""Selected words offer what can be done with them, beside them, and nothing moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from browser.selecting import (
    ADAS,
    BENS,
    LINE,
    NOTED,
    READING,
    bar,
    button,
    copied,
    covered,
    drag,
    reader,
    select,
    selected,
    words,
)
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.player_page import PlayerPage
    from playwright.sync_api import Browser

pytestmark = pytest.mark.long

PACE = (LINE.end - LINE.start) // len(LINE.words)
NOTICE = "Synthetic reading, not the tape."
TOOLS = ["Play", "Loop", "Copy quote", "Copy link", "Cite", "Add to basket", "Clip"]


def times(line: talk.Line) -> str:
    return f"{line.start / 1000:g},{line.end / 1000:g}"


def focused(player: PlayerPage) -> str:
    return str(player.page.evaluate("document.activeElement.textContent.trim()"))


def told(player: PlayerPage, text: str) -> None:
    player.until(f"document.querySelector('.selection .status').textContent === '{text}'")


@pytest.mark.parametrize("block", ["start", "center", "end"])
def test_the_bar_stands_beside_the_words_and_nothing_moves(player: PlayerPage, block: str) -> None:
    player.open()
    player.page.evaluate(
        "([id, block]) => document.querySelector(`#cue-${id}`).scrollIntoView({ block })", [LINE.id, block]
    )
    player.until_still()
    before = (player.scrolled, player.now, player.is_playing)
    drag(player, LINE.id, 2, 3, block)
    assert [each.strip() for each in bar(player).locator("button").all_inner_texts()] == TOOLS
    assert (player.scrolled, player.now, player.is_playing) == before
    assert player.page.evaluate("document.activeElement === document.body")
    assert covered(player) == []
    box = bar(player).bounding_box()
    line = player.page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().toJSON()")
    assert box
    apart = max(line["top"] - box["y"] - box["height"], box["y"] - line["bottom"])
    assert 0 <= apart < 40


def test_the_bar_tells_when_the_words_are_said(player: PlayerPage) -> None:
    player.open()
    select(player, LINE.id)
    bar(player).wait_for()
    assert bar(player).locator(".times").inner_text() == "0:22 to 0:24"
    assert "0:22 to 0:24" in player.page.locator(".announced").inner_text()


def test_it_goes_when_the_selection_goes(player: PlayerPage) -> None:
    player.open()
    drag(player, LINE.id, 2, 3)
    player.page.evaluate("getSelection().empty()")
    bar(player).wait_for(state="hidden")


def test_words_that_are_selected_from_the_keyboard_are_offered_too(player: PlayerPage) -> None:
    player.open()
    drag(player, LINE.id, 0, 1)
    first = player.page.evaluate("getSelection().toString().length")
    player.press("Control+Shift+ArrowRight")
    player.until(f"getSelection().toString().length > {first}")
    player.press("Tab")
    assert focused(player) == "Play"


@pytest.mark.parametrize("place", ["h1", ".moments", f"#cue-{NOTED} .note .body", ".about"])
def test_words_that_nobody_says_are_not_offered(player: PlayerPage, place: str) -> None:
    player.open()
    drag(player, LINE.id, 0, 1)
    player.page.evaluate("(place) => getSelection().selectAllChildren(document.querySelector(place))", place)
    bar(player).wait_for(state="hidden")


def test_play_plays_the_words_once_and_stops_at_their_end(player: PlayerPage) -> None:
    player.open()
    drag(player, LINE.id, 2, 5)
    end = LINE.start + 6 * PACE
    scrolled = player.scrolled
    button(player, "Play").click()
    player.until_named("play", "Pause the recording")
    player.until(f"audio.paused && audio.currentTime === {end / 1000}")
    player.settle()
    assert player.line == LINE.id
    assert player.scrolled == scrolled
    assert selected(player)
    # Pressed again, it plays again, and as little.
    button(player, "Play").click()
    player.until_named("play", "Pause the recording")
    player.until(f"audio.paused && audio.currentTime === {end / 1000}")


def test_a_press_in_the_bar_takes_neither_the_selection_nor_the_focus(player: PlayerPage) -> None:
    player.open()
    drag(player, LINE.id, 2, 3)
    part = selected(player)
    bar(player).locator(".times").click()
    assert selected(player) == part
    button(player, "Loop").click()
    player.until("!audio.paused")
    player.press(" ")
    player.until("audio.paused")
    assert selected(player) == part
    expect(bar(player)).to_be_visible()


def test_loop_plays_them_again_and_again_until_it_is_pressed_again(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate(
        "window.times = []; document.querySelector('recording-player')"
        ".addEventListener('timechange', ({ detail }) => times.push(detail.ms))"
    )
    drag(player, LINE.id, 0, 1)
    button(player, "Loop").click()
    player.until("times.filter((ms, at) => at && times[at - 1] - ms > 100).length >= 2")
    assert button(player, "Loop").get_attribute("aria-pressed") == "true"
    back = player.page.evaluate("times.filter((ms, at) => at && times[at - 1] - ms > 100)")
    assert all(LINE.start <= ms <= LINE.start + 2 * PACE for ms in back)
    button(player, "Loop").click()
    player.until("audio.paused")
    assert button(player, "Loop").get_attribute("aria-pressed") == "false"


def test_others_are_told_what_is_selected(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate(
        "window.spans = []; document.querySelector('recording-player')"
        ".addEventListener('selectionspanchange', ({ detail }) => spans.push(detail.span))"
    )
    drag(player, LINE.id, 2, 3)
    player.page.evaluate("getSelection().empty()")
    player.until("spans.length === 2")
    span = {"start": LINE.start + 2 * PACE, "end": LINE.start + 4 * PACE}
    assert player.page.evaluate("spans") == [span, None]


def test_a_quote_has_the_words_the_speaker_the_times_the_title_and_a_link(clipboard: PlayerPage) -> None:
    drag(clipboard, LINE.id, 0, len(LINE.words) - 1)
    button(clipboard, "Copy quote").click()
    told(clipboard, "Quote copied.")
    address = f"{clipboard.site}/recordings/talk#t={times(LINE)}"
    assert copied(clipboard) == f"“{words(LINE)}” (Ada, 0:22 to 0:24, A talk of tones). {address}"
    assert selected(clipboard)


def test_a_quote_of_several_speakers_gives_each_their_own_words(clipboard: PlayerPage) -> None:
    select(clipboard, ADAS.id, BENS.id)
    button(clipboard, "Copy quote").click()
    told(clipboard, "Quote copied.")
    quote = copied(clipboard).splitlines()
    assert quote[:2] == [f"Ada: “{words(ADAS)}”", f"Ben: “{words(BENS)}”"]
    assert quote[2].endswith(f"#t={ADAS.start / 1000:g},{BENS.end / 1000:g}")


def test_a_quote_has_whole_words(clipboard: PlayerPage) -> None:
    drag(clipboard, LINE.id, 2, 3)
    assert selected(clipboard) not in {words(LINE), " ".join(LINE.words[2:4])}
    button(clipboard, "Copy quote").click()
    told(clipboard, "Quote copied.")
    assert copied(clipboard).startswith(f"“{' '.join(LINE.words[2:4])}” (Ada")


def test_a_quote_of_a_reading_says_that_it_is_one_and_keeps_its_apostrophes(of_reading: PlayerPage) -> None:
    said = "Times here are this reading’s times, not the tape’s."
    line = of_reading.page.locator(".cue", has_text=said).get_attribute("id") or ""
    select(of_reading, line.removeprefix("cue-"))
    button(of_reading, "Copy quote").click()
    told(of_reading, "Quote copied.")
    quote = copied(of_reading)
    assert quote.startswith(f"“{said}” (Narrator, ")
    assert f"). {NOTICE} {of_reading.site}/recordings/{READING}#t=" in quote


def test_a_link_leads_to_the_words_and_stops_at_their_end(clipboard: PlayerPage) -> None:
    drag(clipboard, LINE.id, 1, 2)
    button(clipboard, "Copy link").click()
    told(clipboard, "Link copied.")
    start, end = LINE.start + PACE, LINE.start + 3 * PACE
    link = copied(clipboard)
    assert link == f"{clipboard.site}/recordings/talk#t={start / 1000:g},{end / 1000:g}"
    clipboard.page.goto("about:blank")
    clipboard.page.goto(link)
    clipboard.until("audio.readyState >= 1")
    clipboard.button("play").click()
    clipboard.until(f"audio.paused && audio.currentTime === {end / 1000}")
    clipboard.settle()
    assert clipboard.line == LINE.id


def test_where_the_browser_forbids_copying_the_text_is_shown_and_the_bar_stays(player: PlayerPage) -> None:
    player.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    player.open()
    drag(player, LINE.id, 0, len(LINE.words) - 1)
    button(player, "Copy quote").click()
    field = bar(player).locator("textarea")
    field.wait_for()
    assert field.input_value().startswith(f"“{words(LINE)}”")
    assert player.page.evaluate("document.activeElement.selectionEnd") == len(field.input_value())
    expect(bar(player)).to_be_visible()
    player.press("Escape")
    expect(bar(player)).to_be_hidden()


def test_tab_leads_to_it_arrows_along_it_and_escape_back(player: PlayerPage) -> None:
    player.open()
    select(player, LINE.id)
    bar(player).wait_for()
    before = player.now
    player.press("Tab")
    assert focused(player) == "Play"
    player.press("ArrowLeft")
    assert focused(player) == "Clip"
    player.press("ArrowRight")
    player.press("ArrowRight")
    assert focused(player) == "Loop"
    player.press("End")
    assert focused(player) == "Clip"
    player.press("Home")
    assert focused(player) == "Play"
    assert player.now == before
    assert selected(player) == words(LINE)
    player.press("Escape")
    expect(bar(player)).to_be_hidden()
    assert player.page.evaluate("document.activeElement === document.querySelector('#cue-L13 > .time')")
    assert selected(player) == words(LINE)


def test_it_is_one_stop_of_tab_and_shift_tab_leads_back(player: PlayerPage) -> None:
    player.open()
    player.time_of(LINE.id).focus()
    select(player, LINE.id)
    bar(player).wait_for()
    player.press("Tab")
    player.press("ArrowRight")
    player.press("Shift+Tab")
    assert player.page.evaluate("document.activeElement.className") == "time"
    player.press("Tab")
    assert focused(player) == "Loop"
    player.press("Tab")
    assert player.page.locator(".selection :focus").count() == 0
    expect(bar(player)).to_be_visible()


def test_what_was_closed_stays_closed_until_other_words_are_selected(player: PlayerPage) -> None:
    player.open()
    select(player, LINE.id)
    bar(player).wait_for()
    player.press("Escape")
    player.page.evaluate("document.dispatchEvent(new Event('selectionchange'))")
    player.seek(40_000)
    player.settle()
    expect(bar(player)).to_be_hidden()
    drag(player, talk.LINES[13].id, 2, 3)


def test_a_clip_is_made_from_the_keyboard_and_escape_leads_back_to_the_line(player: PlayerPage) -> None:
    player.open()
    select(player, LINE.id)
    bar(player).wait_for()
    player.press("Tab")
    player.press("End")
    player.press("Enter")
    player.page.locator("clip-picker").wait_for()
    assert focused(player) == "Listen"
    expect(bar(player)).to_be_hidden()
    player.press("Escape")
    assert player.page.evaluate("document.activeElement === document.querySelector('#cue-L13 > .time')")


def test_many_selections_add_no_listeners(player: PlayerPage) -> None:
    player.open()
    drag(player, LINE.id, 0, 1)
    button(player, "Play").click()
    # The first time that it plays, a timer is hired, which is listened to.
    player.until("document.querySelector('.controls .play').hasAttribute('data-playing')")
    player.page.evaluate(
        """() => {
            window.added = 0;
            const { addEventListener } = EventTarget.prototype;
            EventTarget.prototype.addEventListener = function (...given) {
              window.added += 1;
              return addEventListener.apply(this, given);
            };
        }"""
    )
    for line in talk.LINES[2:7]:
        select(player, line.id)
        player.until(f"document.querySelector('.announced').textContent.includes('{_clock(line.start)} to')")
        button(player, "Play").click()
    assert player.page.evaluate("added") == 0


def _clock(moment: int) -> str:
    return f"0:{moment // 1000:02d}"


def test_it_goes_along_with_the_words_and_out_of_view_with_them(player: PlayerPage) -> None:
    player.open()
    drag(player, LINE.id, 0, 3)
    apart = """document.querySelector(".selection").getBoundingClientRect().top
        - getSelection().getRangeAt(0).getBoundingClientRect().top"""
    before = player.page.evaluate(apart)
    player.page.mouse.wheel(0, 60)
    player.until("scrollY > 0")
    player.until_still()
    assert player.page.evaluate(apart) == pytest.approx(before, abs=1)
    player.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    player.until("document.querySelector('.selection').getBoundingClientRect().bottom < 0")
    # Who comes to it from the keyboard sees it.
    player.press("Tab")
    player.until("document.querySelector('.selection').getBoundingClientRect().bottom > 0")


def test_where_all_is_selected_it_stands_in_the_transport(player: PlayerPage) -> None:
    player.open()
    select(player, talk.LINES[0].id, talk.LINES[-1].id)
    bar(player).wait_for()
    player.page.evaluate("document.querySelector('#cue-L13').scrollIntoView()")
    player.until_still()
    player.until("!document.querySelector('.selection').hasAttribute('data-stands')")
    box = bar(player).bounding_box()
    assert box
    assert box["y"] + box["height"] <= 720


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 800), (320, 256)])
@pytest.mark.parametrize("block", ["start", "center", "end"])
def test_in_a_small_window_it_fits_and_covers_nothing_that_is_selected(
    player: PlayerPage, width: int, height: int, block: str
) -> None:
    player.page.set_viewport_size({"width": width, "height": height})
    player.open()
    player.page.evaluate(
        "([id, block]) => document.querySelector(`#cue-${id}`).scrollIntoView({ block })", [LINE.id, block]
    )
    player.until_still()
    before = player.scrolled
    select(player, LINE.id, block=block)
    bar(player).wait_for()
    assert player.scrolled == before
    assert player.page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = (
        bar(player).locator("button").evaluate_all("all => all.map((each) => each.getBoundingClientRect().toJSON())")
    )
    for box in boxes:
        assert min(box["width"], box["height"]) >= 24
        assert box["left"] >= 0
        assert box["right"] <= width
        assert box["top"] >= 0
        assert box["bottom"] <= height
    bared = player.page.evaluate(
        """() => [...getSelection().getRangeAt(0).getClientRects()].filter(({ left, top, width, height }) =>
            document.elementFromPoint(left + width / 2, top + height / 2)?.closest(".selection")).length"""
    )
    assert bared == 0


def test_under_a_finger_it_stands_in_the_transport_clear_of_the_systems_own_menu(browser: Browser, site: str) -> None:
    with reader(browser, site, viewport={"width": 1024, "height": 768}, has_touch=True, is_mobile=True) as player:
        player.open()
        player.page.evaluate("(id) => document.querySelector(`#cue-${id}`).scrollIntoView()", LINE.id)
        select(player, LINE.id)
        bar(player).wait_for()
        assert bar(player).get_attribute("data-stands") is None
        assert covered(player) == []
        button(player, "Play").tap()
        player.until("!audio.paused")
        assert selected(player) == words(LINE)


def test_it_is_not_printed(player: PlayerPage) -> None:
    player.open()
    drag(player, LINE.id, 0, 1)
    player.page.emulate_media(media="print")
    expect(bar(player)).to_be_hidden()


def test_words_without_sound_can_be_quoted_and_cited(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = talk.write_archive(tmp_path_factory.mktemp("silent") / "archive")
    (root / "media" / "talk.wav").unlink()
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as site, reader(browser, site) as player:
        player.page.goto(f"{site}/recordings/talk")
        select(player, LINE.id)
        bar(player).wait_for()
        assert [each.strip() for each in bar(player).locator("button").all_inner_texts()] == TOOLS[2:5]
