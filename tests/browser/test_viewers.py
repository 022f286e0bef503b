"""Viewers of libraries, which we did not write, open our manifests from another site: sound plays, lines follow."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from browser import viewers
from browser.conftest import serving
from browser.get_browser import find_shell
from closings import write_closed
from playwright.sync_api import expect
from programs import program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Playwright

pytestmark = pytest.mark.long

SECONDS: Final = 60_000  # milliseconds until a viewer is given up; nothing is measured by it
WHY: Final = "The sound is closed until 2941: Agreed with the harbour master."
NOTICE: Final = "Synthetic tones, no tape."


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which npm has brought them."""
    folder = tmp_path_factory.mktemp("viewers")
    viewers.fetch(folder)
    return folder


@pytest.fixture(scope="module")
def site(fetched: Path) -> Iterator[str]:
    with viewers.served(fetched / viewers.SITE) as address:
        yield address


@pytest.fixture(scope="module")
def chromium_elsewhere(playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=find_shell() or chromium, args=[viewers.RULES])
    yield browser
    browser.close()


@pytest.fixture
def page(chromium_elsewhere: Browser) -> Iterator[Page]:
    context = chromium_elsewhere.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(SECONDS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the manifest of a reading of ten seconds, with a translation and a note that tells of markup."""
    root = write_closed(tmp_path_factory.mktemp("open") / "archive")
    record = root / "transcripts" / "tones" / "recording.toml"
    reading = f'kind = "reading"\nnotice = "{NOTICE}"\nplace ='
    record.write_text(record.read_text("utf-8").replace("place =", reading), encoding="utf-8")
    with serving(root, tmp_path_factory.getbasetemp() / "viewers-cache") as address:
        yield named(address)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """That of one whose sound is closed, and whose words are not."""
    tables = '[access]\nsound = "closed"\nuntil = "2941"\nreason = "Agreed with the harbour master."\n'
    root = write_closed(tmp_path_factory.mktemp("closed") / "archive", tables)
    with serving(root, tmp_path_factory.getbasetemp() / "viewers-cache") as address:
        yield named(address)


def named(address: str) -> str:
    return f"http://{viewers.ARCHIVE}:{urlsplit(address).port}/recordings/tones/manifest.json"


def is_heard(page: Page) -> None:
    """Wait until the sound of the page is playing."""
    page.wait_for_function(
        "[...document.querySelectorAll('audio, video')].some((each) => !each.paused && each.currentTime > 0.2)"
    )


def go_to(page: Page, seconds: float) -> None:
    page.evaluate(
        "(to) => document.querySelectorAll('audio, video').forEach((each) => { each.pause(); each.currentTime = to })",
        seconds,
    )


def test_ramp_plays_it_and_its_lines_follow(page: Page, site: str, manifest: str) -> None:
    page.goto(f"{site}/ramp.html?manifest={manifest}")
    lines = page.get_by_test_id("transcript_item")
    expect(lines).to_have_count(5, timeout=SECONDS)
    expect(lines.first).to_contain_text(NOTICE)
    page.locator(".vjs-play-control").click()
    is_heard(page)
    for moment, said in ((2.5, "Ada: One two three."), (5.5, "Ben: A second voice."), (8.5, "Ada: The end.")):
        go_to(page, moment)
        expect(page.locator(".ramp--transcript_item.active")).to_have_text(
            [re.compile(re.escape(said))], timeout=SECONDS
        )
    expect(page.get_by_test_id("metadata-display")).to_contain_text(NOTICE)
    expect(page.locator(".ramp--structured-nav")).to_contain_text("Something late")


def test_clover_plays_it_and_its_lines_follow(page: Page, site: str, manifest: str) -> None:
    page.goto(f"{site}/clover.html?manifest={manifest}")
    page.get_by_role("tab", name="Annotations").click()
    cues = page.get_by_test_id("information-panel-cue")
    expect(cues).to_have_count(5, timeout=SECONDS)
    page.evaluate("document.querySelector('video').muted = true")  # a page may play without a gesture what is not heard
    page.evaluate("document.querySelector('video').play()")
    is_heard(page)
    for moment, said in ((2.5, "Ada: One two three."), (5.5, "Ben: A second voice."), (8.5, "Ada: The end.")):
        go_to(page, moment)
        expect(page.locator("[data-testid=information-panel-cue][aria-checked=true]")).to_have_text(
            f"{said}0:0{moment - 0.5:.0f}", timeout=SECONDS
        )
    page.get_by_role("tab", name="About").click()
    expect(page.get_by_text(NOTICE).first).to_be_visible()


def test_the_universal_viewer_plays_it_and_shows_the_notice(page: Page, site: str, manifest: str) -> None:
    page.goto(f"{site}/uv/dist/uv.html#?manifest={manifest}")
    expect(page.get_by_text(NOTICE).first).to_be_visible(timeout=SECONDS)
    page.get_by_title("Play", exact=True).click()
    is_heard(page)


def full(value: Any) -> Any:
    """Give what is said without lists of nothing, which the parser does not write."""
    if isinstance(value, dict):
        return {name: full(each) for name, each in value.items() if each != []}
    return [full(each) for each in value] if isinstance(value, list) else value


def test_the_parser_of_these_viewers_reads_all_of_it_and_finds_nothing_wrong(
    fetched: Path, manifest: str, closed: str
) -> None:
    """@iiif/parser (2.2.10), on which Clover rests, reads it into its store, and writes the same from that."""
    for address in (manifest, closed, manifest.replace("recordings/tones/manifest", "iiif/collection")):
        parts = urlsplit(address)
        asked = Request(f"http://127.0.0.1:{parts.port}{parts.path}", headers={"Host": parts.netloc})
        with urlopen(asked) as answer:  # noqa: S310  # the server that was just started
            text = answer.read()
        read = subprocess.run([program("node"), "read.mjs"], cwd=fetched, input=text, capture_output=True, check=True)
        found = json.loads(read.stdout)
        assert found["state"] == {"warnings": []}
        assert found["written"] == full(json.loads(text))


def test_ramp_says_why_a_sound_is_not_heard(page: Page, site: str, closed: str) -> None:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/ramp.html?manifest={closed}")
    expect(page.get_by_text(WHY).first).to_be_visible(timeout=SECONDS)
    assert [address for address in asked if "/media/" in address] == []


def test_nobody_hears_a_closed_sound_in_the_others(page: Page, site: str, closed: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in (f"clover.html?manifest={closed}", f"uv/dist/uv.html#?manifest={closed}"):
        page.goto(f"{site}/{address}")
        expect(page.get_by_text("A tape of tones").first).to_be_visible(timeout=SECONDS)
    assert [address for address in asked if "/media/" in address] == []
