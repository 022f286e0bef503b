"""The line that is marked is the line that is heard: at rest, playing, after seeks, at any speed, seen or hidden."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.hideable import TRIES, hideable
from browser.player_page import PlayerPage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Playwright

PLACES = [0, 499, 500, 3_000, 12_345, 25_000, 59_000, 70_000, 80_000, 84_250, 110_001, 119_900]
IDS = [line.id for line in talk.LINES]

# Where the sound is at each frame that the page is given, in milliseconds.
_FRAMES = """() => {
  window.frames = [];
  const audio = document.querySelector("audio");
  const note = () => {
    if (!audio.paused && !audio.seeking) frames.push(audio.currentTime * 1000);
    requestAnimationFrame(note);
  };
  note();
}"""


def test_after_a_seek_the_line_at_that_place_is_marked(player: PlayerPage) -> None:
    player.open()
    for place in PLACES:
        player.seek(place)
        assert player.line == talk.line_at(place), f"at once, at {place}"
        player.settle()
        assert player.line == talk.line_at(place), f"when the seek is done, at {place}"


def test_a_seek_to_the_exact_start_of_a_line_marks_it(player: PlayerPage) -> None:
    player.open()
    for line in talk.LINES[::5]:
        player.seek(line.start)
        player.settle()
        assert player.line == line.id
        player.seek(line.start - 1)
        player.settle()
        assert player.line == talk.line_at(line.start - 1)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("speed", [1, 2])
def test_while_it_plays_every_line_is_marked_in_its_turn_and_none_before_it_starts(
    player: PlayerPage, speed: int
) -> None:
    player.open()
    player.audio(f"audio.playbackRate = {speed}")
    player.page.evaluate(_FRAMES)
    for first in (7, 20, 34, 41, 55):
        line = talk.LINES[first]
        player.audio("audio.pause()")  # or lines go on being marked between this and the seek
        player.settle()
        player.marked()
        # The last moment before a line, so that the next two boundaries come soon.
        player.page.evaluate("frames.length = 0")
        player.seek(line.end - 150, play=True)
        last = IDS[first + 2 if line.end - line.start < 1_000 else first + 1]
        player.until(f"marked.some((each) => each.line === '{last}')", "audio.pause()")
        frames, seen = player.page.evaluate("[frames, marked.splice(0)]")
        order = [IDS.index(each["line"]) for each in seen]
        assert order == sorted(set(order))
        assert order[0] >= first
        # A busy machine may give the page no frame while a line lasts; of a line that had two, one was missed.
        for one, two in pairwise(talk.line_at(at) for at in frames):
            assert one != two or IDS.index(one or "") in {first, *order}
        for each, index in zip(seen, order, strict=True):
            if index > first:
                assert each["at"] >= talk.STARTS[index] - 1


@pytest.mark.long
def test_a_line_is_held_through_the_silence_after_it(player: PlayerPage) -> None:
    player.open()
    before = talk.line_at(talk.SILENCE[0])
    player.seek(70_000, play=True)
    player.until_heard(70.4)
    assert player.line == before


@pytest.mark.long
def test_following_goes_on_after_a_seek_out_of_a_long_silence(player: PlayerPage) -> None:
    player.open()
    player.seek(62_000, play=True)
    player.until("audio.currentTime > 62.1")
    player.seek(talk.LINES[3].start)
    player.until_line(IDS[4])
    assert player.is_playing


@pytest.mark.long
def test_a_seek_by_another_hand_is_followed_too(player: PlayerPage) -> None:
    player.open()
    # What a media key or the lock screen does.
    player.audio("audio.currentTime = 50")
    player.until_line(talk.line_at(50_000) or "")


def test_a_change_touches_two_elements(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate("""() => {
        window.touched = [];
        // Lines that come near the screen get their controls meanwhile.
        const isControl = ({ addedNodes }) => addedNodes.length === 1 && addedNodes[0].className === "this";
        const idsOf = (records) => records.filter((each) => !isControl(each)).map(({ target }) => target.id);
        new MutationObserver((records) => touched.push(...idsOf(records)))
          .observe(document.querySelector(".transcript"), { subtree: true, attributes: true, childList: true });
    }""")
    player.seek(50_000)
    player.settle()
    assert len(player.page.evaluate("touched")) == 2


@pytest.mark.long
def test_a_change_lays_nothing_out(player: PlayerPage) -> None:
    player.open()
    session = player.page.context.new_cdp_session(player.page)
    session.send("Performance.enable")

    def layouts_until(moment: int) -> int:
        """Let the line of ``moment`` be marked and painted; give how many layouts the page has had by then."""
        # As the player tells it: within a quarter of a second the clock and the timeline have nothing new to show.
        player.page.evaluate(
            """(ms) => {
              document.querySelector("recording-player").dispatchEvent(
                new CustomEvent("timechange", { detail: { ms, heard: ms, playing: true, sought: false } }));
              return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            }""",
            moment,
        )
        counted = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
        return int(counted["LayoutCount"])

    quick = talk.LINES[IDS.index(talk.line_at(talk.QUICK[0]) or "") + 1]
    before = layouts_until(quick.end - 100)
    assert player.line == quick.id
    after = layouts_until(quick.end + 100)
    assert player.line != quick.id
    assert after == before


def test_the_word_being_spoken_is_painted_and_the_text_stays_one_node(player: PlayerPage) -> None:
    player.open()
    painted = """[...(CSS.highlights.get("spoken") ?? [])].map(
        ({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset))"""
    line = talk.LINES[2]
    pace = (line.end - line.start) // len(line.words)
    for position in (0, 1, 3, 6, 11):
        player.seek(line.start + position * pace + 5)
        assert player.page.evaluate(painted) == [line.words[position]]
    # The sixth word has no time of its own: it goes with the fifth.
    player.seek(line.start + 5 * pace + 5)
    assert player.page.evaluate(painted) == [f"{line.words[4]} {line.words[5]}"]
    assert player.page.evaluate("(id) => wordsOf(id).data", line.id) == " ".join(line.words)


@pytest.mark.long
def test_in_a_gap_the_line_is_held_and_no_word_is_painted(player: PlayerPage) -> None:
    player.open()
    line = next(line for line, after in zip(talk.LINES, talk.STARTS[1:], strict=False) if after > line.end)
    player.seek(line.end - 10)
    assert player.page.evaluate("CSS.highlights.get('spoken').size") == 1
    player.seek(line.end + 10)
    assert player.line == line.id
    assert player.page.evaluate("CSS.highlights.get('spoken').size") == 0


@pytest.mark.long
def test_elements_taken_out_and_put_back_listen_once(player: PlayerPage) -> None:
    player.open("?t=25")
    player.page.evaluate("""() => {
        for (const name of ["transcript-view", "annotation-list", "time-line", "recording-player"]) {
          const element = document.querySelector(name);
          const { parentNode, nextSibling } = element;
          for (let turn = 0; turn < 5; turn += 1) { element.remove(); parentNode.insertBefore(element, nextSibling); }
        }
        window.asked = 0;
        document.addEventListener("seekrequest", () => { asked += 1; });
    }""")
    player.settle()
    assert player.line == talk.line_at(25_000)
    player.press("]")
    assert player.page.evaluate("asked") == 1
    player.settle()
    assert player.now == talk.NOTES["late"][0]
    player.button("forward").click()
    assert player.now == talk.NOTES["late"][0] + 5_000
    player.button("follow").click()
    assert player.button("follow").get_attribute("aria-pressed") == "false"


@pytest.mark.long
def test_a_hidden_page_goes_on_marking_lines_faster_than_any_throttled_timer_could(
    playwright: Playwright, chromium: Path, site: str, tmp_path: Path
) -> None:
    with hideable(playwright, chromium, tmp_path) as context:
        player = PlayerPage(context.pages[0], site).open("?t=78")
        player.audio("audio.playbackRate = 2")
        player.button("play").click()
        player.until("audio.currentTime > 78")
        other = context.new_page()
        other.bring_to_front()
        player.until("document.hidden")
        # At double speed each line lasts an eighth of a second: timeupdate marks half of them; a page's own timer,
        # throttled to half a second, a quarter; frames none. A machine that is busy may cost some, but not each time.
        for _ in range(TRIES):
            player.seek(talk.QUICK[0] - 1_000)
            player.until("!audio.seeking")
            player.marked()
            player.until(f"audio.currentTime > {talk.QUICK[0] / 1000 + 6}")
            seen = player.marked()
            assert {each["hidden"] for each in seen} == {True}
            order = [IDS.index(each["line"]) for each in seen]
            assert order == sorted(set(order))
            if len(order) >= 0.75 * (order[-1] - order[0] + 1) > 12:
                break
        else:
            pytest.fail("fewer lines were marked than a page's own timer would have")
        assert player.errors == []
