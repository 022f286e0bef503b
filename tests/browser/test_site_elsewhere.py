"""What a copy of the archive offers elsewhere: a passage in a frame of another site, and a set as a lesson."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import machine_ferry
import pytest
from browser import talk
from browser.player_page import LIMIT, move, until
from browser.test_accessibility import found_by_axe
from browser.test_embedded import framed
from browser.test_embedded import until as until_framed
from browser.test_found_passages import SOUNDS
from other_site import other_site
from passage_sets import TURNS, write_set
from playwright.sync_api import expect
from site_copy import copied, plain_server

from player.archive.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Frame, Page

pytestmark = pytest.mark.long

PASSAGE = [line for line in talk.LINES if 24_000 <= line.start < 33_000]
START, END = PASSAGE[0].start, PASSAGE[-1].end
ASKED = f"?t={START / 1000:g},{END / 1000:g}"
SET = TURNS.format(second='text = "The same, in another recording."\nrecording = "second"')


@pytest.fixture(scope="module")
def web_space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of plain files, which sends no part of one, with a copy of two recordings and a set below a path."""
    folder = tmp_path_factory.mktemp("web-space")
    archive = talk.write_archive(folder / "archive")
    recordings = archive / "transcripts"
    shutil.copytree(recordings / "talk", recordings / "second")
    record = recordings / "second" / "recording.toml"
    text = record.read_text("utf-8").replace("A talk of tones", "A second talk").replace("talk.wav", "second.wav")
    record.write_text(text, encoding="utf-8")
    shutil.copy(archive / "media" / "talk.wav", archive / "media" / "second.wav")
    write_set(archive, SET, "turns")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYER_CACHE", str(folder / "cache"))
        copied(archive, folder / "public" / "tapes")
    with plain_server(folder / "public") as address:
        yield f"{address}/tapes"


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a copy whose frames bring twenty lines at a time."""
    folder = tmp_path_factory.mktemp("in-parts")
    public = copied_in_parts(talk.write_archive(folder / "archive"), 20)
    embed = public / "recordings" / "talk" / "embed"
    assert [each.read_text("utf-8").count('class="cue') for each in sorted(embed.rglob("index.html"))][:2] == [20, 20]
    with plain_server(public) as address:
        yield address


def copied_in_parts(archive: Path, most: int) -> Path:
    """Copy an archive, beside itself, so that its frames bring ``most`` lines at a time; give the copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("player.web.pages.embedded.MOST", most)
        patch.setenv("PLAYER_CACHE", str(archive.parent / "cache"))
        return copied(archive, archive.parent / "public", "--no-epub")


def framed_at(address: str, lines: Sequence[talk.Line]) -> str:
    """Give where a frame is that has some lines."""
    return f"{address}/recordings/talk/embed/?t={lines[0].start / 1000:g},{lines[-1].end / 1000:g}"


def words_in(frame: Frame | Page) -> list[str]:
    """Give the words of each line that is shown, without what is said for those who do not see it."""
    return [each.inner_text() for each in frame.locator(".cue > span:not(.unseen)").all()]


def words_of(lines: Sequence[talk.Line]) -> list[str]:
    return [" ".join(line.words) for line in lines]


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; whatever logs an error, or asks for what is not there, fails the test."""
    opened = context.new_page()
    wrong: list[Any] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    yield opened
    assert wrong == []


def test_a_passage_of_a_copy_plays_in_a_frame_of_another_site_and_stops(page: Page, web_space: str) -> None:
    with other_site() as other:
        frame = framed(page, other, f"{web_space}/recordings/talk/embed/{ASKED}")
        until_framed(frame, "audio.readyState >= 1 && audio.src.startsWith('blob:')")
        until_framed(frame, f"audio.currentTime * 1000 === {START}")
        assert words_in(frame) == words_of(PASSAGE)
        # Who speaks the first of them is said, though it was said before.
        expect(frame.locator(".words > :first-child")).to_have_text(talk.voice_at(START))
        frame.locator(".cue .time").nth(2).click()
        until_framed(frame, "!audio.paused")
        frame.evaluate(f"() => {{ document.querySelector('audio').currentTime = {(END - 400) / 1000} }}")
        until_framed(frame, "audio.paused")
        assert frame.evaluate("Math.round(document.querySelector('audio').currentTime * 1000)") == END
        with page.context.expect_page() as opened:
            frame.get_by_role("link", name="This passage at").click()
        assert opened.value.url == f"{web_space}/recordings/talk/{ASKED}"


def test_a_frame_that_is_asked_for_no_passage_has_all_and_one_that_is_asked_for_none_that_is_says_so(
    page: Page, web_space: str
) -> None:
    page.goto(f"{web_space}/recordings/talk/embed/")
    expect(page.locator(".cue")).to_have_count(len(talk.LINES))
    for asked, told in (("9999", "past the end of the recording"), ("soon", "is not a time")):
        page.goto(f"{web_space}/recordings/talk/embed/?t={asked}")
        expect(page.get_by_role("alert")).to_contain_text(told)
        expect(page.locator("audio")).to_be_visible()


def test_of_many_lines_a_frame_brings_those_around_the_passage_alone(page: Page, in_parts: str) -> None:
    later = [line for line in talk.LINES[25:] if line.start < talk.LINES[25].start + 9000]
    # From the end of one part into the next.
    across = talk.LINES[18:23]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for lines in (later, across, PASSAGE[:2]):
        asked.clear()
        page.goto(framed_at(in_parts, lines))
        expect(page.locator(".cue")).to_have_count(len(lines))
        assert words_in(page) == words_of(lines)
        expect(page.locator(".words > :first-child")).to_have_text(talk.voice_at(lines[0].start))
        expect(page.locator(".rest")).to_have_count(0)
        led = page.locator(".cue a").first.evaluate("link => link.href")
        assert led == f"{in_parts}/recordings/talk/?t={lines[0].start / 1000:g}#cue-{lines[0].id}"
        assert sum("-page-" in each for each in asked) <= 2
    page.goto(f"{in_parts}/recordings/talk/embed/")
    expect(page.locator(".cue")).to_have_count(20)
    expect(page.locator(".rest")).to_contain_text("The rest of the words is on the page of the recording.")


def test_that_words_of_a_passage_do_not_come_is_said_and_it_is_played(context: BrowserContext, in_parts: str) -> None:
    across = talk.LINES[18:23]
    page = context.new_page()
    wrong: list[object] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    # In the place of the second part, a web space sends a page of its own.
    page.route("**/-page-2/**", lambda route: route.fulfill(status=404, body='<p class="words"><span class="cue">'))
    page.goto(framed_at(in_parts, across))
    expect(page.get_by_role("alert")).to_have_text(
        "Words of this passage could not be fetched. Reload the page to try again, or read them on the page of the "
        "recording."
    )
    expect(page.locator(".cue")).to_have_count(2)
    expect(page.locator("audio")).to_be_visible()
    page.unroute_all()
    page.route("**/-page-*/**", lambda route: route.abort())
    page.goto(framed_at(in_parts, talk.LINES[25:27]))
    expect(page.get_by_role("alert")).to_contain_text("could not be fetched")
    expect(page.locator(".cue")).to_have_count(0)
    expect(page.locator("audio")).to_be_visible()
    assert wrong == []


def test_lines_that_a_frame_brings_come_with_what_a_machine_has_to_do_with_them(page: Page, tmp_path: Path) -> None:
    folder = copied_in_parts(machine_ferry.write_archive(tmp_path / "archive"), 1)
    lines = Archive(tmp_path / "archive").recording(machine_ferry.SLUG).transcript
    assert lines is not None
    with plain_server(folder) as address:
        for cue in lines.cues:
            asked = f"?t={cue.start / 1000:g},{cue.end / 1000:g}"
            page.goto(f"{address}/recordings/{machine_ferry.SLUG}/embed/{asked}")
            expect(page.locator(".cue")).to_have_count(1)
            expect(page.locator(".cue")).to_contain_text(cue.text)
            expect(page.get_by_text(machine_ferry.LABEL)).to_have_count(int(cue.is_unchecked))


def test_without_javascript_a_frame_has_the_whole_and_says_so(browser: Browser, web_space: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{web_space}/recordings/talk/embed/{ASKED}")
    told = page.locator("noscript p")
    expect(told).to_be_visible()
    expect(told).to_contain_text("Without JavaScript this is the whole of the recording")
    expect(page.locator(".cue")).to_have_count(len(talk.LINES))
    context.close()


def test_the_code_for_a_frame_is_offered_and_is_that_of_the_place_where_the_copy_was_found(
    context: BrowserContext, page: Page, web_space: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{web_space}/recordings/talk/#t=25,80")
    until(page, "document.querySelector('audio')?.src.startsWith('blob:') && !document.querySelector('audio').controls")
    move(page)
    page.locator("clip-picker button.copy-embed").wait_for(state="attached")
    page.evaluate("""() => document.querySelector("recording-player").dispatchEvent(
        new CustomEvent("cliprequest", { detail: { start: 25000, end: 80000 } }))""")
    page.get_by_role("button", name="Copy embed code").click()
    expect(page.locator("clip-picker .status")).to_have_text("Embed code copied.")
    with other_site() as other:
        reader = context.new_page()
        reader.goto(other.address)
        reader.bring_to_front()
        code = str(reader.evaluate("navigator.clipboard.readText()"))
    assert f'src="{web_space}/recordings/talk/embed/?t=25,80"' in code


@pytest.mark.parametrize(
    "address", ["/recordings/talk/embed/?t=25,80", "/sets/turns/", "/search/?q=listener", "/this-copy/"]
)
def test_axe_finds_nothing_in_what_only_a_copy_has(page: Page, web_space: str, address: str) -> None:
    page.goto(f"{web_space}{address}")
    expect(page.locator("main")).to_be_visible()
    assert found_by_axe(page) == []


def test_a_set_of_a_copy_is_played_through_and_printed(page: Page, web_space: str) -> None:
    page.add_init_script(SOUNDS)
    page.goto(f"{web_space}/sets/turns/")
    page.get_by_role("button", name="Play through").click()
    passages = page.locator(".passage")
    until(page, "sounds[0] && sounds[0].currentTime > 60.2 && sounds[0].currentTime < 61.2")
    first = page.evaluate("sounds[0].src")
    expect(passages.nth(0)).to_have_attribute("aria-current", "true")
    until(page, "sounds[0].currentTime > 20.2 && sounds[0].currentTime < 21.2")
    assert page.evaluate("sounds[0].src") != first
    expect(passages.nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator(".status").first).to_have_text("That was the last passage.", timeout=LIMIT)
    page.emulate_media(media="print")
    expect(page.get_by_text("It comes late.")).to_be_visible()
    expect(page.get_by_role("button", name="Play through")).to_be_hidden()
    # What is printed says where it is found.
    expect(page.locator(".passage .address").first).to_contain_text(f"{web_space}/recordings/talk/#t=60,61")
    expect(page.locator("set-page > .address")).to_have_text(f"{web_space}/sets/turns/")
