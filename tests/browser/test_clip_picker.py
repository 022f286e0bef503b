"""Words, a line or two moments become a clip: heard again and again, downloaded, linked to, or made by a command."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from browser import selecting, talk
from browser.player_page import LIMIT
from browser.selecting import copied
from mutagen.mp3 import MP3
from playwright.sync_api import expect
from tones import pitch

from player import timecode

if TYPE_CHECKING:
    from pathlib import Path

    from browser.player_page import PlayerPage
    from playwright.sync_api import Browser

#: A line whose words have times, but for every fifth.
LINE = talk.LINES[12]
PACE = (LINE.end - LINE.start) // len(LINE.words)


def shown(player: PlayerPage) -> tuple[int, int]:
    """The times of the clip that is offered, in milliseconds."""
    player.page.locator("clip-picker").wait_for()
    times = player.page.eval_on_selector_all(
        "clip-picker [role=spinbutton]", "all => all.map(each => Number(each.getAttribute('aria-valuenow')))"
    )
    return times[0], times[1]


def offer(player: PlayerPage, line: str, first: int, last: int) -> None:
    """Select words and ask for a clip of them."""
    selecting.drag(player, line, first, last)
    selecting.button(player, "Clip").click()
    player.page.locator("clip-picker").wait_for()


def heard(path: Path) -> list[int]:
    """The tones of a WAV, one for each tenth of a second that has but one, in Hz."""
    with wave.open(str(path)) as file:
        rate, count = file.getframerate(), file.getnframes()
        samples: Any = np.frombuffer(file.readframes(count), "<i2")
    step = rate // 10
    return [10 * round(pitch(samples[at : at + step], rate) / 10) for at in range(0, count - step + 1, step)]


def press(player: PlayerPage, name: str) -> None:
    player.page.locator("clip-picker").get_by_role("button", name=name, exact=True).click()


def test_selected_words_are_offered_to_the_word_and_nothing_moves(player: PlayerPage) -> None:
    player.open()
    before = player.now
    offer(player, LINE.id, 2, 3)
    # The fifth word after the first has no time of its own and goes with the one before it.
    assert shown(player) == (LINE.start + 2 * PACE, LINE.start + 4 * PACE)
    assert (player.now, player.is_playing) == (before, False)
    box = player.box_of_words(LINE.id)
    bar = player.page.locator("clip-picker").bounding_box()
    assert bar
    assert box["y"] + box["height"] <= bar["y"] or bar["y"] + bar["height"] <= box["y"]
    assert selecting.selected(player)


@pytest.mark.long
def test_selecting_alone_opens_no_clip(player: PlayerPage) -> None:
    player.open()
    selecting.drag(player, LINE.id, 2, 3)
    expect(player.page.locator("clip-picker")).to_be_hidden()
    assert player.button("clip").get_attribute("aria-expanded") == "false"


@pytest.mark.long
def test_a_passage_that_is_asked_for_is_offered_and_takes_no_focus(player: PlayerPage) -> None:
    player.open()
    player.ask("cliprequest", start=31_234, end=47_890)
    assert shown(player) == (31_234, 47_890)
    player.ask("cliprequest", start=31_234, end=48_000)
    assert shown(player) == (31_234, 48_000)
    assert player.page.locator("clip-picker :focus").count() == 0


@pytest.mark.long
def test_a_clip_that_is_changed_while_it_is_heard_is_heard_as_changed(player: PlayerPage) -> None:
    player.open()
    player.ask("cliprequest", start=31_000, end=32_000)
    press(player, "Listen")
    player.until("!audio.paused")
    player.ask("cliprequest", start=41_000, end=42_000)
    player.until("!audio.paused && audio.currentTime >= 41")
    assert player.page.locator("clip-picker .listen").get_attribute("aria-pressed") == "true"


def test_the_downloaded_clip_has_the_tone_of_the_words(player: PlayerPage, tmp_path: Path) -> None:
    player.open()
    offer(player, LINE.id, 0, len(LINE.words) - 1)
    assert shown(player) == (LINE.start, LINE.end)
    with player.page.expect_download() as download:
        player.page.get_by_role("link", name="Download WAV").click()
    download.value.save_as(tmp_path / "clip.wav")
    assert download.value.suggested_filename.startswith("talk_")
    tones = heard(tmp_path / "clip.wav")
    moments = [LINE.start + 100 * index for index in range(len(tones))]
    whole = [(tone, moment) for tone, moment in zip(tones, moments, strict=True) if moment % 1000 <= 900]
    assert len(whole) >= 14
    assert [tone for tone, _ in whole] == [200 + 10 * (moment // 1000) for _, moment in whole]
    with player.page.expect_download() as download:
        player.page.get_by_role("link", name="Download MP3").click()
    assert download.value.suggested_filename.endswith(".mp3")
    download.value.save_as(tmp_path / "clip.mp3")
    found = MP3(tmp_path / "clip.mp3").tags  # type: ignore[no-untyped-call]  # mutagen has no types
    assert found is not None
    tags = " ".join(str(frame) for frame in found.values())
    assert " ".join(LINE.words) in tags
    assert timecode.display(LINE.start) in tags


@pytest.mark.long
def test_a_selection_across_lines_goes_from_word_to_word(player: PlayerPage) -> None:
    player.open()
    last = talk.LINES[13]
    player.page.evaluate(
        """([one, other]) => {
            const text = wordsOf;
            getSelection().setBaseAndExtent(text(one), text(one).data.lastIndexOf(" "), text(other), 3);
        }""",
        [LINE.id, last.id],
    )
    player.press("c")
    start, end = shown(player)
    assert start == LINE.start + 11 * PACE
    assert end == last.start + (last.end - last.start) // 12


@pytest.mark.long
def test_link_and_command_are_copied(player: PlayerPage) -> None:
    player.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    player.open()
    offer(player, LINE.id, 0, len(LINE.words) - 1)
    press(player, "Copy link")
    player.until("document.querySelector('clip-picker .status').textContent === 'Link copied.'")
    times = f"{LINE.start / 1000:g},{LINE.end / 1000:g}"
    assert copied(player) == f"{player.site}/recordings/talk#t={times}"
    press(player, "Copy command")
    player.until("document.querySelector('clip-picker .status').textContent === 'Command copied.'")
    command = copied(player)
    start, end = (f"0:{moment / 1000:g}" for moment in (LINE.start, LINE.end))
    file = f"talk_{times.replace(',', '-')}.mp3"
    assert command == f"player clip talk --from {start} --to {end} -o {file}"


@pytest.mark.long
def test_where_the_browser_forbids_copying_the_text_is_shown_to_be_copied(player: PlayerPage) -> None:
    player.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    player.open()
    player.press("c")
    press(player, "Copy link")
    field = player.page.locator("clip-picker input")
    field.wait_for()
    assert "#t=" in field.input_value()
    assert player.page.evaluate("document.activeElement.selectionEnd") == len(field.input_value())


@pytest.mark.long
def test_listen_plays_the_passage_again_and_again_until_it_is_pressed_again(player: PlayerPage) -> None:
    player.open()
    player.page.evaluate(
        "window.times = []; document.querySelector('recording-player')"
        ".addEventListener('timechange', ({ detail }) => times.push(detail.ms))"
    )
    offer(player, LINE.id, 0, 2)
    start, end = shown(player)
    press(player, "Listen")
    listen = player.page.locator("clip-picker .listen")
    player.until("times.filter((ms, at) => at && times[at - 1] - ms > 100).length >= 2")  # twice back to its start
    assert listen.get_attribute("aria-pressed") == "true"
    back = player.page.evaluate("times.filter((ms, at) => at && times[at - 1] - ms > 100)")
    assert all(start <= ms <= end for ms in back)
    listen.click()
    player.until("audio.paused")
    assert listen.get_attribute("aria-pressed") == "false"


def test_the_keyboard_opens_adjusts_and_closes_it(player: PlayerPage) -> None:
    player.open()
    player.seek(LINE.start + 100)
    player.settle()
    player.press("c")
    assert shown(player) == (LINE.start, LINE.end)
    assert player.page.evaluate("document.activeElement.textContent") == "Listen"
    before = player.now
    player.page.locator("[role=spinbutton][data-edge=start]").focus()
    player.press("ArrowRight")
    player.press("ArrowRight")
    player.press("ArrowLeft")
    assert shown(player) == (LINE.start + PACE, LINE.end)
    player.page.locator("[role=spinbutton][data-edge=end]").focus()
    player.press("PageUp")
    assert shown(player) == (LINE.start + PACE, talk.LINES[13].end)
    assert player.now == before
    player.press("Escape")
    expect(player.page.locator("clip-picker")).to_be_hidden()


@pytest.mark.long
def test_escape_gives_the_focus_back_to_what_opened_it(player: PlayerPage) -> None:
    player.open()
    player.button("clip").click()
    assert player.button("clip").get_attribute("aria-expanded") == "true"
    player.press("Escape")
    assert player.button("clip").get_attribute("aria-expanded") == "false"
    assert player.page.evaluate("document.activeElement.className") == "clip"
    assert player.page.evaluate("CSS.highlights.get('clip').size") == 0


@pytest.mark.long
def test_start_and_end_can_be_set_where_the_sound_is(player: PlayerPage) -> None:
    player.open()
    player.unfold()
    player.seek(31_234)
    player.page.get_by_role("button", name="Start here").click()
    player.seek(47_890)
    player.page.get_by_role("button", name="End here").click()
    assert shown(player) == (31_234, 47_890)


@pytest.mark.long
def test_the_clip_of_a_moment_is_offered(player: PlayerPage) -> None:
    player.open()
    link = player.page.locator(".moments li", has_text="The late note").locator(".cut")
    link.focus()
    player.press("Enter")
    assert shown(player) == talk.NOTES["late"]
    player.press("Escape")
    assert player.page.evaluate("document.activeElement.className") == "cut"


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 390])
def test_in_a_small_window_it_fits_and_covers_nothing_that_is_selected(player: PlayerPage, width: int) -> None:
    player.page.set_viewport_size({"width": width, "height": 640})
    player.open()
    offer(player, LINE.id, 0, 3)
    assert player.page.evaluate("document.documentElement.scrollWidth") <= width
    bar = player.page.locator("clip-picker")
    sizes = bar.locator("button, a, [role=spinbutton]").evaluate_all(
        "all => all.map((each) => { const { width, height, left, right } = each.getBoundingClientRect();"
        " return [Math.min(width, height), left, right]; })"
    )
    assert all(least >= 24 and left >= 0 and right <= width for least, left, right in sizes), sizes
    assert selecting.covered(player) == []


def test_without_javascript_a_moment_has_a_link_to_its_clip(browser: Browser, site: str, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    page = context.new_page()
    page.goto(f"{site}/recordings/talk")
    expect(page.locator("clip-picker")).to_be_hidden()
    with page.expect_download() as download:
        page.locator(".moments li", has_text="The late note").locator(".cut").click()
    assert download.value.suggested_filename == "talk_1m35s000-1m39s000.mp3"
    download.value.save_as(tmp_path / "clip.mp3")
    assert (tmp_path / "clip.mp3").stat().st_size > 10_000
    page.locator(f"#cue-{LINE.id} .time").click()
    expect(page.locator(".about-line .cut").first).to_be_visible()
    context.close()
