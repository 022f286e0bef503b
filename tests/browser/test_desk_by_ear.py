"""Edges are moved by ear at the desk: what is asked for is exact, and so is what is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from browser import desk_page
from browser.desk_page import LINES, SECONDS, SILENCES, UNTIMED, WORDS, SoundDesk
from browser.test_accessibility import MODES, found_by_axe
from tones import ffmpeg

from player.audio.decode.samples import decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext

pytestmark = pytest.mark.long

SLUGS = (
    "nudge",
    "ends",
    "play",
    "drag",
    "keys",
    "snap",
    "tap",
    "here",
    "pedal",
    "slow",
    "refused",
    "without",
    "over",
    "rule",
)


@pytest.fixture(scope="module")
def rate(browser: Browser) -> int:
    """The rate at which this browser decodes: a sound of that rate comes as it is."""
    page = browser.new_page()
    found = int(page.evaluate("new AudioContext().sampleRate"))
    page.close()
    return found


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, rate: int) -> Path:
    return desk_page.write_archive(tmp_path_factory.mktemp("desk") / "archive", SLUGS, rate)


@pytest.fixture(scope="module")
def site(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with desk_page.serving_desk(archive, tmp_path_factory.getbasetemp() / "cache") as found:
        yield found


@pytest.fixture
def desk(context: BrowserContext, site: tuple[str, str]) -> Iterator[SoundDesk]:
    """The desk, not yet opened."""
    opened = SoundDesk(context.new_page(), site)
    yield opened
    assert opened.errors == []


def test_a_nudge_moves_the_edge_by_just_as_much_and_is_saved(desk: SoundDesk) -> None:
    desk.open("nudge")
    desk.press("ArrowRight", "Shift+ArrowLeft", "e", "ArrowLeft", "Shift+ArrowRight")
    assert desk.operations == [
        ("b", 4_010, 6_500),
        ("b", 3_910, 6_500),
        ("b", 3_910, 6_490),
        ("b", 3_910, 6_590),
    ]
    assert desk.saved("b") == (3_910, 6_590)
    # Taken back one by one, and so shown.
    desk.press("u", "u")
    desk.until("document.querySelector('[data-edge=end] output').textContent === '0:06.500'")
    assert desk.saved("b") == (3_910, 6_500)


def test_what_is_heard_at_a_nudge_is_the_edge_to_the_sample(desk: SoundDesk, archive: Path, rate: int) -> None:
    desk.open("ends")
    whole = decode(archive / "media" / "noise.wav", 0, SECONDS * rate)
    samples = np.frombuffer(whole.samples, "<i2") / 32_768
    desk.press("ArrowRight")
    desk.press("e")
    # Each is heard in place of the one before.
    for number, key in enumerate(("ArrowLeft", "Shift+ArrowRight"), start=1):
        desk.sounded(number - 1)
        desk.press(key)
    desk.sounded(2)
    assert desk.told("heard") == [
        {"edge": "start", "from": 4_010, "to": 4_410},
        {"edge": "end", "from": 6_090, "to": 6_490},
        {"edge": "end", "from": 6_190, "to": 6_590},
    ]
    for number, heard in enumerate(desk.told("heard")):
        played_at, played = desk.sounded(number)
        assert played_at == rate
        expected = samples[round(heard["from"] * rate / 1000) :][: len(played)]
        assert len(played) == round(0.4 * rate)
        assert np.abs(played - expected).max() < 2 / 32_768, number


def test_an_edge_of_an_mp3_is_heard_as_exactly(
    context: BrowserContext, tmp_path: Path, rate: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Browsers play such a file up to seconds beside the time they show."""
    root = desk_page.write_archive(tmp_path / "archive", ["mp3"], rate, ".mp3")
    held = root / "media" / "noise.mp3"
    ffmpeg("-i", str(root / "media" / "noise.wav"), "-c:a", "libmp3lame", "-q:a", "5", str(held))
    with desk_page.serving_desk(root, tmp_path_factory.getbasetemp() / "cache") as site:
        desk = SoundDesk(context.new_page(), site).open("mp3")
        assert "Edges are heard exactly" in desk.page.locator(".inexact").inner_text()
        desk.press("ArrowRight")
        at, played = desk.sounded(0)
    first = round(4_010 * rate / 1000)
    expected = np.frombuffer(decode(held, first, first + len(played)).samples, "<i2") / 32_768
    assert at == rate
    assert np.abs(played - expected).max() < 2 / 32_768


def test_a_line_is_played_to_its_end_and_its_words_as_they_come(desk: SoundDesk) -> None:
    desk.open("play")
    desk.press(" ")
    desk.until("told.playing.some((each) => each.is_playing)")
    desk.until("audio.paused")
    assert desk.now == LINES["b"][1]
    words = [each["word"] for each in desk.told("playing") if each["is_playing"]]
    assert [word for word, before in zip(words, [None, *words], strict=False) if word != before][:3] == [0, 1, 2]
    for each in desk.told("playing"):
        if each["is_playing"] and each["word"] is not None:
            assert WORDS[each["word"]] <= each["time"]
    # Once more from its start; and past its end, where that is asked for.
    desk.press(" ")
    desk.until("!audio.paused && audio.currentTime < 4.6", "audio.currentTime = 6.3")
    desk.until("audio.paused")
    desk.press("Shift+Space")
    desk.until("audio.currentTime > 6.8")
    desk.press(" ")
    desk.until("audio.paused")


def test_a_loop_comes_back_and_has_the_new_edge_after_a_nudge(desk: SoundDesk) -> None:
    desk.open("play", "c")
    desk.press("r")
    for _ in range(2):
        desk.until("!audio.paused && audio.currentTime > 7.4")
        desk.until("!audio.paused && audio.currentTime < 7.2")
    desk.press("Shift+ArrowRight")
    desk.until("told.heard.length === 1")
    desk.until("!audio.paused")
    assert desk.now >= 6_880
    assert desk.page.locator("[data-sound=loop]").get_attribute("aria-pressed") == "true"


def test_an_edge_is_dragged_and_asked_for_once(desk: SoundDesk) -> None:
    desk.open("drag")
    before = desk.grip("end")
    window = 2_500 + 2 * 600
    desk.page.mouse.move(before["x"], before["y"])
    desk.page.mouse.down()
    desk.page.mouse.move(before["x"] - 20, before["y"])
    desk.page.mouse.move(before["x"] - 60, before["y"] + 30)
    assert desk.operations == []
    assert desk.grip("end")["now"] < before["now"]
    desk.page.mouse.up()
    after = desk.grip("end")["now"]
    assert abs(before["now"] - after - 60 / before["width"] * window) <= 1
    assert desk.operations == [("b", 4_000, after)]
    assert desk.saved("b") == (4_000, after)
    # A press beside the grips goes there.
    desk.page.mouse.click(before["x"] - before["width"] / 2, before["y"] - 20)
    desk.until("!audio.seeking")
    assert abs(desk.now - (before["now"] - window / 2)) < 90  # the grip stands beside its edge
    assert len(desk.operations) == 1


def test_a_drag_that_is_broken_off_changes_nothing(desk: SoundDesk) -> None:
    desk.open("drag", "c")
    before = desk.grip("start")
    desk.page.evaluate(
        """({ x, y }) => {
          const grip = document.querySelector(".grip[data-edge=start] path");
          const tell = (type, at) => grip.dispatchEvent(
            new PointerEvent(type, { bubbles: true, pointerId: 1, button: 0, clientX: at, clientY: y }));
          SVGElement.prototype.setPointerCapture = () => {};
          tell("pointerdown", x);
          tell("pointermove", x + 50);
          tell("pointercancel", 0);
        }""",
        before,
    )
    assert desk.grip("start") == before
    assert desk.operations == []


def test_a_grip_is_a_slider_for_the_keyboard(desk: SoundDesk) -> None:
    desk.open("keys", "c")
    grip = desk.page.locator(".grip[data-edge=start]")
    grip.focus()
    desk.press("ArrowRight", "Shift+ArrowUp", "PageDown", "ArrowDown")
    assert [start for _, start, _ in desk.operations] == [6_810, 6_910, 6_810, 6_800]
    # The line is put into the list anew with each answer, and the focus stays where it is.
    assert desk.saved("c") == (6_800, 7_700)
    assert desk.page.evaluate("document.activeElement.matches('.grip[data-edge=start]')")
    assert desk.grip("start")["text"] == "0:06.800"
    # Home leads to the end of the line before, End as near to the other edge as may be.
    desk.press("Home")
    assert desk.operations[-1] == ("c", 6_500, 7_700)
    desk.press("End")
    assert desk.operations[-1] == ("c", 7_650, 7_700)
    desk.press("ArrowRight")
    assert len(desk.operations) == 6
    assert desk.told("tells")[-1] == "The start cannot be moved further."
    desk.page.locator(".grip[data-edge=end]").focus()
    desk.press("End")
    assert desk.operations[-1] == ("c", 7_650, LINES["d"][0])
    found = desk.grip("end")
    assert (found["least"], found["most"]) == (7_700, SECONDS * 1000)


def test_an_overlap_is_allowed_and_told(desk: SoundDesk) -> None:
    desk.open("over")
    desk.press("Shift+ArrowLeft")
    assert desk.page.locator(".sound-over").inner_text() == "Overlaps the line before by 100 ms."
    assert desk.grip("start")["text"] == "0:03.900, 100 ms over the line before"
    assert desk.saved("b") == (3_900, 6_500)


def test_an_edge_is_snapped_into_silence(desk: SoundDesk) -> None:
    desk.open("snap", "c")
    desk.press("e", "Shift+ArrowLeft", "Shift+ArrowLeft", "z")
    begin, end = SILENCES[0]
    _, start, moved = desk.operations[-1]
    assert start == 6_800
    assert begin + 20 <= moved <= begin + 40
    desk.press("z")
    assert desk.told("tells")[-1] == "The end is in silence already."
    assert moved < end
    # None is near the first line.
    desk.take("a")
    count = len(desk.operations)
    desk.press("z")
    assert desk.told("tells")[-1] == "There is no silence within 1.5 seconds."
    assert desk.page.locator(".sound-said").inner_text() == "There is no silence within 1.5 seconds."
    assert len(desk.operations) == count


def test_lines_without_times_are_tapped_along(desk: SoundDesk) -> None:
    desk.open("tap", "u1")
    assert desk.grip("start")["text"] == "not timed"
    desk.press("ArrowLeft")
    assert desk.told("tells")[-1] == "This line has no times yet. Press I where it starts."
    desk.page.evaluate("document.dispatchEvent(new CustomEvent('desk:play', { detail: { from: 11000 } }))")
    for number, moment in enumerate((11.3, 11.9, 12.4, 12.8)):
        desk.until(f"audio.currentTime > {moment}")
        desk.press("t")
        desk.until(f"told.operations.filter((each) => each.id === '{UNTIMED[number]}').length > 0")
    desk.until("audio.currentTime > 13.3")
    desk.press("t")  # the last line ends
    desk.until(f"told.operations.filter((each) => each.id === '{UNTIMED[3]}').length > 1")
    saved = [desk.saved(name) for name in UNTIMED]
    starts = [start for start, _ in saved]
    assert starts == sorted(set(starts))
    assert [end for _, end in saved[:-1]] == starts[1:]
    for start, moment in zip(starts, (11_300, 11_900, 12_400, 12_800), strict=True):
        assert start > moment
    assert desk.told("tells")[-1] == "That was the last line."
    desk.press("Shift+Space")


def test_a_line_starts_and_ends_at_the_playhead(desk: SoundDesk) -> None:
    desk.open("here")
    _seek(desk, 4_321)
    desk.press("i")
    assert desk.operations == [("b", 4_321, 6_500)]
    _seek(desk, 5_999)
    desk.press("o")
    assert desk.operations[-1] == ("b", 4_321, 5_999)
    _seek(desk, 4_000)
    desk.press("o")
    assert desk.told("tells")[-1] == "The line would end before it starts. Move its start first."
    assert len(desk.operations) == 2
    # One that starts after its end goes there whole.
    _seek(desk, 9_000)
    desk.press("i")
    assert desk.operations[-1] == ("b", 9_000, 9_000 + 5_999 - 4_321)


def test_a_pedal_plays_while_it_is_held_and_goes_back_in_the_text_too(desk: SoundDesk) -> None:
    desk.open("pedal")
    desk.press("Enter")
    desk.until("document.activeElement.matches('.said .words')")
    desk.page.keyboard.down("F4")
    desk.until("!audio.paused && audio.currentTime > 4.3")
    desk.page.keyboard.up("F4")
    desk.until("audio.paused")
    held = desk.now
    assert not desk.page.evaluate("document.querySelector('audio').ended")
    desk.press("F6")
    desk.until("!audio.seeking")
    assert desk.now == held - 2_000
    desk.press("F8")
    desk.until("!audio.seeking")
    assert desk.now == held
    desk.press("F7")
    desk.until("!audio.paused")
    desk.press("F7")
    desk.until("audio.paused")


def test_slow_keeps_the_pitch_and_how_slow_is_remembered(desk: SoundDesk) -> None:
    desk.open("slow")
    desk.press("s")
    speed = "[document.querySelector('audio').playbackRate, document.querySelector('audio').preservesPitch]"
    assert desk.page.evaluate(speed) == [0.7, True]
    desk.page.locator(".how-slow").select_option("0.5")
    assert desk.page.evaluate(speed) == [0.5, True]
    desk.page.locator("[data-sound=slow]").click()
    assert desk.page.evaluate(speed) == [1, True]
    desk.open("slow")
    desk.press("s")
    assert desk.page.evaluate(speed) == [0.5, True]


def test_times_that_are_refused_go_back(desk: SoundDesk) -> None:
    desk.open("refused")
    told = '{"what": "No", "remedy": "Do something else"}'
    desk.page.route(
        "**/edit/steps", lambda route: route.fulfill(status=422, content_type="application/json", body=told)
    )
    desk.press("Shift+ArrowRight")
    desk.until("document.querySelector('[data-edge=start] output').textContent === '0:04.000'")
    assert desk.operations == [("b", 4_100, 6_500)]
    assert desk.grip("start")["now"] == 4_000


def test_without_the_passage_the_audio_plays_the_edge(desk: SoundDesk) -> None:
    desk.page.route("**/edit/passage.wav*", lambda route: route.fulfill(status=503))
    desk.open("without")
    desk.press("e", "ArrowLeft")
    desk.until("told.playing.some((each) => each.is_playing)")
    desk.until("audio.paused")
    assert desk.told("sounded") == []
    times = [each["time"] for each in desk.told("playing") if each["is_playing"]]
    assert min(times) >= 6_090
    assert desk.now == 6_490


def test_the_outline_is_flat_in_silence_alone(desk: SoundDesk) -> None:
    desk.open("over", "c")
    bars = desk.page.evaluate(
        "document.querySelector('.wave path').getAttribute('d').match(/(?<=v)[0-9.]+/g).map(Number)"
    )
    first, last = LINES["c"][0] - 600, LINES["c"][1] + 600
    at = np.arange(len(bars)) * (last - first) / len(bars) + first
    width = (last - first) / len(bars)
    inside = (at > SILENCES[0][0]) & (at + width < SILENCES[0][1])
    outside = (at + width < SILENCES[0][0]) | (at > SILENCES[0][1])
    assert inside.any()
    assert max(np.array(bars)[inside]) <= 1
    assert min(np.array(bars)[outside]) > 30


@pytest.mark.parametrize("mode", ["light", "dark", "narrow"])
def test_axe_finds_nothing_where_edges_are_moved(browser: Browser, site: tuple[str, str], mode: str) -> None:
    page = browser.new_page(**MODES[mode])
    desk = SoundDesk(page, site).open("over", "c")
    desk.press("e", "Shift+ArrowLeft")
    found = [each for each in found_by_axe(page) if ".sounding" in each or "desk-sound" in each or ".grip" in each]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def _seek(desk: SoundDesk, moment: int) -> None:
    desk.page.evaluate("moment => (document.querySelector('audio').currentTime = moment / 1000)", moment)
    desk.until("!audio.seeking")
    assert desk.now == moment


def test_the_first_time_of_the_outline_lies_beside_the_rule_of_the_line(desk: SoundDesk) -> None:
    desk.open("rule", "a")
    desk.press(*["Shift+ArrowLeft"] * 19)
    desk.until("document.querySelector('.marks text').textContent.startsWith('0:00')")
    left, first, label = desk.page.evaluate(
        """() => [
          document.querySelector(".outline > svg").getBoundingClientRect().left,
          document.querySelector(".marks line").getBoundingClientRect().left,
          document.querySelector(".marks text").getBoundingClientRect().left,
        ]"""
    )
    assert first - left < 8, "it is at the edge of the drawing"
    assert label >= left, "the rule stands left of it"


def test_the_button_that_plays_has_a_border_where_colours_are_forced(desk: SoundDesk) -> None:
    desk.page.emulate_media(forced_colors="active")
    desk.open("play")
    style = "button => getComputedStyle(button).borderTopStyle + getComputedStyle(button).borderTopWidth"
    assert desk.page.locator("desk-sound .play").evaluate(style) == "solid1px"
