"""What users of other transcript pages reported, each shown not to happen here.

Some stand elsewhere: a highlight that freezes after a seek out of silence, lines that a hidden page misses
(test_following), a passage that plays past its end (test_addresses), another thing than the page that scrolls
(test_scrolling).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.hideable import TRIES, hideable
from browser.player_page import PlayerPage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

pytestmark = pytest.mark.long

IDS = [line.id for line in talk.LINES]
#: Lines that begin at the very millisecond at which the one before them ends.
ADJOINING = [line for before, line in zip(talk.LINES, talk.LINES[1:], strict=False) if before.end == line.start][::12]

# How many listeners there are on the window, the document and what is in it. One that was given twice counts once, as
# it does for the browser; what an AbortSignal ends does not count from then on.
_COUNT_LISTENERS = """
const held = [];
const { addEventListener, removeEventListener } = EventTarget.prototype;
const isCapturing = (options) => (typeof options === "object" ? options?.capture : options) === true;
const find = (target, type, listener, options) => held.findIndex((each) => each.target === target
  && each.type === type && each.listener === listener && each.capture === isCapturing(options));
EventTarget.prototype.addEventListener = function (type, listener, options) {
  addEventListener.call(this, type, listener, options);
  const target = this ?? window;
  if (options?.once || options?.signal?.aborted || find(target, type, listener, options) >= 0) return;
  const entry = { target, type, listener, capture: isCapturing(options) };
  held.push(entry);
  if (options?.signal) {
    const drop = () => held.includes(entry) && held.splice(held.indexOf(entry), 1);
    addEventListener.call(options.signal, "abort", drop, { once: true });
  }
};
EventTarget.prototype.removeEventListener = function (type, listener, options) {
  removeEventListener.call(this, type, listener, options);
  const place = find(this ?? window, type, listener, options);
  if (place >= 0) held.splice(place, 1);
};
window.listeners = () => held.filter(({ target }) => target === window || target.isConnected)
  .map(({ target, type }) => `${target.localName ?? target.constructor.name} ${type}`).sort();
"""


def test_a_press_on_a_line_never_marks_the_line_before_it(player: PlayerPage) -> None:
    player.open()
    assert len(ADJOINING) > 3
    for line in ADJOINING:
        player.ask("pauserequest")
        player.until("audio.paused")
        player.marked()
        player.time_of(line.id).click()
        player.until("!audio.paused && !audio.seeking")
        order = [IDS.index(each["line"]) for each in player.marked()]
        assert order[0] == IDS.index(line.id)
        assert order == sorted(order)


def test_listeners_do_not_pile_up(player: PlayerPage) -> None:
    player.page.add_init_script(_COUNT_LISTENERS)
    player.open()

    def use_everything() -> list[str]:
        for line in (3, 4, 5):
            player.page.evaluate(
                "(id) => getSelection().selectAllChildren(document.querySelector(`#cue-${id}`))", f"L{line}"
            )
            player.settle()
            player.ask("cliprequest")
            player.ask("looprequest", start=talk.LINES[line].start, end=talk.LINES[line].end)
            player.until("!audio.paused")
            player.ask("looprequest")
            player.until("audio.paused")
            player.page.evaluate("getSelection().removeAllRanges()")
        for key in ("f", "f", "k", "k", "]", ".", ">", "<", "m", "m", "Escape"):
            player.press(key)
        player.page.evaluate("location.hash = location.hash === '#t=25,26' ? '#t=30,31' : '#t=25,26'")
        player.ask("pauserequest")
        # Chromium once never ended the seeking of an element that was taken out of the page meanwhile.
        player.settle()
        player.page.evaluate("""() => {
            const elements = [...document.querySelectorAll("recording-player, recording-player *")];
            for (const element of elements.filter(({ localName }) => localName.includes("-"))) {
              const { parentNode, nextSibling } = element;
              element.remove();
              parentNode.insertBefore(element, nextSibling);
            }
        }""")
        player.settle()
        listeners: list[str] = player.page.evaluate("listeners()")
        return listeners

    first = use_everything()
    assert len(first) > 20
    for _ in range(3):
        assert use_everything() == first


@pytest.mark.parametrize("width", [1280, 320])
def test_following_moves_neither_the_focus_nor_the_page_sideways(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 640})
    player.open()
    player.page.evaluate("""() => {
        document.body.style.minInlineSize = "200vw"; // as a reader's own style might, so that it could be moved
        window.moved = [];
        addEventListener("focusin", ({ target }) => moved.push(target.className), true);
        addEventListener("scroll", ({ target }) => { if (target !== document || scrollX) moved.push(target); }, true);
    }""")
    player.button("play").focus()
    for place in (100_000, 3_000, 60_000, 118_000):
        player.seek(place)
        player.settle()
    assert player.scrolled > 0
    assert player.page.evaluate("moved") == ["play"]
    assert player.page.evaluate("document.activeElement.className") == "play"
    assert player.page.evaluate("scrollX") == 0


def test_every_button_keeps_space_for_itself(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("""() => {
        window.pressed = [];
        window.asked = 0;
        const note = (event) => { event.stopImmediatePropagation(); pressed.push(event.target); };
        addEventListener("click", note, true);
        addEventListener("playpauserequest", () => { asked += 1; }, true);
    }""")
    buttons = player.page.locator(".transport button:visible")
    assert buttons.count() > 5
    for button in buttons.all():
        button.focus()
        player.press("Space")
        assert button.evaluate("button => pressed.splice(0).map((each) => each === button)") == [True]
    assert player.page.evaluate("asked") == 0


def test_a_hidden_page_keeps_up_with_a_seek_out_of_silence_and_with_another_speed(
    playwright: Playwright, chromium: Path, site: str, tmp_path: Path
) -> None:
    with hideable(playwright, chromium, tmp_path) as context:
        player = PlayerPage(context.pages[0], site).open("?t=62")
        player.audio("audio.playbackRate = 0.5")
        player.button("play").click()
        player.until("audio.currentTime > 62.1")
        context.new_page().bring_to_front()
        player.until("document.hidden")
        # A timer that still waited by the old speed, with timeupdate, would mark half of them; a machine that is busy
        # may cost some, but not each time.
        for _ in range(TRIES):
            player.audio("audio.playbackRate = 0.5")
            player.seek(62_000)
            player.until("!audio.seeking && audio.currentTime > 62.1")
            player.marked()
            player.seek(talk.QUICK[0] + 2_000)
            player.until(f"audio.currentTime > {talk.QUICK[0] / 1000 + 2.6}")
            slow = [IDS.index(each["line"]) for each in player.marked()]
            assert slow[0] == IDS.index(talk.line_at(talk.QUICK[0] + 2_000) or "")
            player.audio("audio.playbackRate = 4")
            player.until(f"audio.currentTime > {talk.QUICK[0] / 1000 + 9}")
            fast = [IDS.index(each["line"]) for each in player.marked()]
            assert fast == sorted(set(fast))
            if len(slow) >= 2 and len(fast) >= 0.7 * (fast[-1] - fast[0] + 1) > 12:
                break
        else:
            pytest.fail("fewer lines were marked than by a timer that waits by the old speed")
        assert player.errors == []
