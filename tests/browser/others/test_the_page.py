"""In Firefox and WebKitGTK the page is heard, jumped in, searched and cut as in Chromium, and looks as it should."""

from __future__ import annotations

import time
import wave
from typing import TYPE_CHECKING, Any

import pytest
from browser import talk
from browser.conftest import serving
from browser.draft_site import serving_drafts
from browser.others.driven_page import LIMIT
from browser.others.firefox import firefox
from browser.others.webkitgtk import WebKitPage, console_of, webkitgtk
from browser.others.wiretap import overheard
from long_talk import write_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.others.driven_page import DrivenPage

pytestmark = pytest.mark.long

READING = "recordings/1963-11-05-attwood-reading"
TALK = f"recordings/{talk.SLUG}"
#: One whose words have times, about a window's height below the first.
LINE = talk.LINES[12]


def wait(condition: Callable[[], Any]) -> Any:
    """Wait until something is, and give it."""
    for _ in range(LIMIT // 50):
        if found := condition():
            return found
        time.sleep(0.05)
    raise TimeoutError("it never is")


def place_of_word(page: DrivenPage, line: str, word: int) -> tuple[int, int]:
    """Say where in the window the middle of a word is."""
    page.box_of(f"#cue-{line}")
    x, y = page.run(
        """const [line, word] = arguments;
        const { nextSibling } = document.querySelector(`#cue-${line} .time`);
        const text = nextSibling.firstChild ?? nextSibling;
        const found = [...text.data.matchAll(/\\S+/g)][word];
        const range = new Range();
        range.setStart(text, found.index);
        range.setEnd(text, found.index + found[0].length);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];""",
        line,
        word,
    )
    return x, y


def styles(page: DrivenPage, selector: str, pseudo: str, *names: str) -> list[str]:
    found: list[str] = page.run(
        """const [selector, pseudo, names] = arguments;
        const style = getComputedStyle(document.querySelector(selector), pseudo || null);
        return names.map((name) => style.getPropertyValue(name));""",
        selector,
        pseudo,
        names,
    )
    return found


def test_the_shipped_reading_plays_and_the_line_that_is_heard_is_marked(page: DrivenPage, shipped: str) -> None:
    page.open(f"{shipped}/{READING}")
    lines = page.ask("[...document.querySelectorAll('.cue')].map(({ id, dataset }) => [id.slice(4), +dataset.start])")
    page.press(" ")
    page.until("audio.currentTime > 0.3")
    for index in (len(lines) // 2, len(lines) - 2, 3):
        page.request("seekrequest", ms=lines[index][1])
        # WebKitGTK 2.50 may stand where a jump led, though it says that it plays.
        played = 0 if isinstance(page, WebKitPage) else 0.3
        page.until(f"!audio.seeking && audio.currentTime >= {lines[index][1] / 1000 + played}")
        page.until_line(lines[index][0])
    page.press(" ")
    page.until("audio.paused")


def test_a_passage_waits_for_its_listener_and_stops_at_its_end(page: DrivenPage, shipped: str) -> None:
    page.open(f"{shipped}/{READING}#t=25,80")
    page.until("document.querySelector('.controls .play').getAttribute('aria-label') === 'Play 0:25 to 1:20'")
    page.until("audio.paused && audio.currentTime === 25")
    page.click(".controls .play")
    page.until("audio.currentTime > 25.2")
    page.request("seekrequest", ms=79_000)
    page.until("audio.paused && audio.currentTime === 80")


def test_a_press_on_the_time_of_a_line_plays_it(page: DrivenPage, site: str) -> None:
    page.open(f"{site}/{TALK}")
    page.click(f"#cue-{LINE.id} .time")
    page.until("!audio.paused")
    page.until_line(LINE.id)
    assert page.ask("audio.currentTime * 1000") >= LINE.start - 1


def test_who_opens_the_address_of_a_server_of_drafts_hears_them(page: DrivenPage, tmp_path: Path) -> None:
    """Nothing of it may be kept, and yet it is jumped in."""
    with serving_drafts(tmp_path, tmp_path / "cache") as (address, token):
        page.open(f"{address}/{TALK}{token}")
        assert page.ask("[location.href, document.cookie]") == [f"{address}/{TALK}", ""]
        page.click(f"#cue-{LINE.id} .time")
        page.until("!audio.paused")
        page.until_line(LINE.id)
        page.request("seekrequest", ms=100_000)
        page.until("!audio.seeking && audio.currentTime >= 100")


def test_what_is_typed_after_the_slash_is_found_and_n_leads_on(page: DrivenPage, site: str) -> None:
    page.open(f"{site}/{TALK}")
    page.press("/", *"turns and")
    page.until("document.querySelector('transcript-search input').value === 'turns and'")
    page.until("/^1 of \\d+/.test(document.querySelector('transcript-search .count').innerText)")
    page.press("Tab", "n")
    page.until("/^2 of \\d+/.test(document.querySelector('transcript-search .count').innerText)")
    assert page.run("return CSS.highlights.get('current-hit').size") == 1


def test_a_clip_of_the_line_is_downloaded_as_long_as_the_line(page: DrivenPage, site: str) -> None:
    page.open(f"{site}/{TALK}")
    page.request("seekrequest", ms=LINE.start + 100)
    page.until_line(LINE.id)
    page.press("c")
    page.click("clip-picker a[data-address$='.wav']")
    clip = wait(lambda: next(page.downloads.glob("talk_*.wav"), None))

    def length() -> int:
        try:
            with wave.open(str(clip)) as file:
                return int(file.getnframes() * 1000 / file.getframerate())
        except (EOFError, wave.Error):
            return 0  # it is still coming

    assert wait(length) == LINE.end - LINE.start


def test_words_that_are_selected_can_be_played_and_times_are_not_selected_with_them(
    page: DrivenPage, site: str
) -> None:
    page.open(f"{site}/{TALK}")
    last = talk.LINES[13]
    page.box_of(f"#cue-{last.id}")
    page.drag(place_of_word(page, LINE.id, 2), place_of_word(page, last.id, 3))
    page.until("document.querySelector('.selection')?.checkVisibility()")
    chosen = page.run("return getSelection().toString()")
    assert chosen.split()[1] == LINE.words[3]
    assert not any(sign.isdigit() for sign in chosen)
    # It plays for two seconds: on a busy machine it may be over before anyone looks.
    page.ask("void audio.addEventListener('playing', () => { window.hasPlayed = true; })")
    page.click(".selection .once")
    page.until(f"window.hasPlayed && audio.currentTime * 1000 >= {LINE.start}")
    page.until_line(LINE.id)


def test_at_390_pixels_nothing_is_out_of_the_window_and_it_plays(page: DrivenPage, shipped: str) -> None:
    page.resize(390, 800)
    page.open(f"{shipped}/{READING}")
    page.click(".controls .more")
    assert page.run("return document.documentElement.scrollWidth <= innerWidth")
    out = """[...document.querySelectorAll(".transport button, .transport input")]
        .filter((each) => each.checkVisibility())
        .filter((each) => each.getBoundingClientRect().left < 0 || each.getBoundingClientRect().right > innerWidth)
        .map((each) => each.outerHTML)"""
    assert page.ask(out) == []
    page.click(".controls .play")
    page.until("audio.currentTime > 0.3")


def test_a_line_that_is_asked_for_while_the_page_glides_is_where_it_stops(page: DrivenPage, site: str) -> None:
    page.open(f"{site}/{TALK}")
    start = page.ask("scrollY")
    page.request("seekrequest", ms=LINE.start)
    page.until(f"scrollY > {start}")
    page.request("seekrequest", ms=LINE.start)
    page.until_line(LINE.id)
    # A busy machine may hold a glide up: it has ended where the line is in sight and stays there.
    stops = """new Promise((done) => {
        let last, times = 0;
        const topOf = (what) => document.querySelector(what).getBoundingClientRect().top;
        const look = () => {
          const top = topOf("%s");
          times = scrollY === last && top > 0 && top < topOf(".transport") ? times + 1 : 0;
          last = scrollY;
          if (times === 12) done(true); else setTimeout(look, 50);
        };
        look();
    })"""
    assert page.ask(stops % f"#cue-{LINE.id}")


def test_the_words_that_are_spoken_and_found_are_underlined(page: DrivenPage, shipped: str) -> None:
    page.open(f"{shipped}/{READING}")
    line, style = "text-decoration-line", "text-decoration-style"
    assert styles(page, "body", "::highlight(spoken)", line, style) == ["underline", "solid"]
    # How hits are marked comes with what searches.
    page.press("/")
    page.until("getComputedStyle(document.body, '::highlight(hit)').textDecorationLine === 'underline'")
    assert styles(page, "body", "::highlight(hit)", line, style) == ["underline", "dotted"]
    assert styles(page, "body", "::highlight(current-hit)", line, style) == ["underline", "double"]
    assert styles(page, ".moments .cut", "", line, style) == ["underline", "dotted"]


def test_a_choice_stands_beside_its_name(page: DrivenPage, shipped: str) -> None:
    page.open(f"{shipped}/{READING}")
    name, first = (page.box_of(f".language {part}") for part in ("legend", "label"))
    assert name[1] == first[1]
    assert name[2] <= first[0]


# The other has no pointer to hover with where it has no window.
@pytest.mark.parametrize("page", ["webkitgtk"], indirect=True)
def test_in_a_long_transcript_the_control_of_a_line_can_be_pressed_beside_it(page: DrivenPage, tmp_path: Path) -> None:
    with serving(write_archive(tmp_path / "archive", 600), tmp_path / "cache") as address:
        page.open(f"{address}/recordings/long-talk")
        for line in ("L5", "L200"):  # in a run of lines, and by itself
            left, top, right, bottom = page.box_of(f"#cue-{line}")
            page.point((left + right) // 2, (top + bottom) // 2)
            left, top, right, bottom = page.box_of(f"#cue-{line} .this")
            found = f"document.elementFromPoint({(left + right) // 2}, {(top + bottom) // 2})"
            assert page.ask(f"{found}.closest('.cue')?.id") == f"cue-{line}"


def test_where_nothing_can_be_heard_it_is_said_and_without_sound_the_lines_follow(tmp_path: Path, site: str) -> None:
    nowhere = {"PULSE_SERVER": f"unix:{tmp_path / 'nowhere'}"}
    with firefox(tmp_path, nowhere) as browser, browser.page() as page:
        page.open(f"{site}/{TALK}")
        page.press(" ")
        page.until("document.querySelector('.message').textContent.startsWith('This browser found nothing to play')")
        page.press("m", " ")
        page.until("!audio.paused && audio.currentTime > 10.3")


def test_without_scripts_firefox_plays_from_where_the_address_leads(
    sound: dict[str, str], tmp_path: Path, site: str
) -> None:
    with firefox(tmp_path, sound, **{"javascript.enabled": False}) as browser, browser.page() as page:
        page.go(f"{site}/{TALK}?t=25")
        wait(lambda: page.matches("audio:paused"))
        page.press_at("audio")
        page.press(" ")
        wait(lambda: page.matches("audio:playing"))


def test_without_scripts_webkitgtk_is_where_the_address_leads_and_the_sound_can_be_had(
    sound: dict[str, str], tmp_path: Path, site: str
) -> None:
    with webkitgtk(tmp_path, sound, "--enable-javascript=false") as page:
        page.go(f"{site}/{TALK}?t=25")
        wait(lambda: page.ask("audio.currentTime") == 25)
        # Its own control has no button then.
        page.press_at("noscript .instead a[href*='.wav']")
        assert wait(lambda: next(page.downloads.glob("talk_*.wav"), None))


def test_webkitgtk_tells_its_console_nothing(
    sound: dict[str, str], shipped: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with (
        overheard(shipped) as tap,
        console_of(tmp_path_factory.mktemp("right"), sound, f"{tap.address}/{READING}?q=castro") as told,
    ):
        wait(lambda: any("/later." in each.address and each.status for each in tap.exchanges))
        time.sleep(1)
    assert told == []
    folder = tmp_path_factory.mktemp("wrong")
    wrong = folder / "wrong.html"
    wrong.write_text("<script>console.error('what is wrong is seen')</script>", encoding="utf-8")
    with console_of(folder, sound, wrong.as_uri()) as told:
        wait(lambda: told)
    assert "what is wrong is seen" in told[0]
