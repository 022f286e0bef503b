"""The page itself: complete without JavaScript, strict about what it loads, and fit for a small window."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.player_page import LIMIT, PlayerPage
from playwright.sync_api import expect

from player.web.serving.headers import PERMISSIONS, SECURITY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(LIMIT)
    yield context.new_page()
    context.close()


def test_without_javascript_the_transcript_the_notes_and_the_sound_are_there(plain: Page, site: str) -> None:
    plain.goto(f"{site}/recordings/talk")
    assert plain.locator(".cue").count() == len(talk.LINES)
    assert plain.locator(".cue").first.inner_text().split("\n")[-1] == " ".join(talk.LINES[0].words)
    assert plain.locator("aside.note").count() == len(talk.NOTES)
    expect(plain.locator("audio[controls]")).to_be_visible()
    expect(plain.locator(".controls")).to_be_hidden()
    expect(plain.locator(".timeline")).to_be_hidden()


def test_without_javascript_the_time_of_a_line_leads_to_the_sound_there(plain: Page, site: str) -> None:
    plain.goto(f"{site}/recordings/talk")
    line = talk.LINES[12]
    plain.locator(f"#cue-{line.id} .time").click()
    plain.wait_for_url("**/recordings/talk?t=*")
    source = plain.locator("audio").get_attribute("src") or ""
    assert source.endswith(f"#t={line.start / 1000:g}")
    assert plain.locator(f"#cue-{line.id}").bounding_box() is not None


def test_without_javascript_a_moment_leads_to_its_note(plain: Page, site: str) -> None:
    plain.goto(f"{site}/recordings/talk")
    plain.locator(".moments a[data-note=late]").click()
    plain.wait_for_url("**#note-late")
    expect(plain.locator("#note-late:target")).to_be_visible()


def test_the_policy_is_sent_and_nothing_breaks_it(player: PlayerPage) -> None:
    policies = []
    player.page.on(
        "response",
        lambda answer: (
            policies.append(answer.header_value("content-security-policy"))
            if answer.request.resource_type == "document"
            else None
        ),
    )
    player.page.add_init_script(
        "window.broken = []; addEventListener('securitypolicyviolation', (event) => broken.push(event.blockedURI))"
    )
    player.open()
    player.button("play").click()
    player.until("audio.currentTime > 10.2")
    assert policies == [SECURITY["Content-Security-Policy"]]
    assert player.page.evaluate("broken") == []


@pytest.mark.long
def test_the_page_may_play_and_copy_and_nothing_that_it_does_not_use(player: PlayerPage) -> None:
    named = {part.partition("=")[0] for part in PERMISSIONS.split(", ")}
    player.open()
    known, allowed = (
        set(player.page.evaluate(f"document.featurePolicy.{each}()")) for each in ("features", "allowedFeatures")
    )
    # a name that the browser does not know would be told in its console, which the page keeps empty
    assert named <= known
    assert not named & allowed
    assert {"autoplay", "clipboard-write"} <= allowed


class Quiet(SimpleHTTPRequestHandler):
    """Another site."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_no_other_site_shows_the_page_in_a_frame(player: PlayerPage, tmp_path: Path) -> None:
    frame = f"<title>Elsewhere</title><iframe src='{player.site}/recordings/talk'></iframe>"
    (tmp_path / "index.html").write_text(frame, encoding="utf-8")
    (tmp_path / "favicon.ico").touch()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as elsewhere:
        Thread(target=elsewhere.serve_forever).start()
        try:
            player.page.goto(f"http://127.0.0.1:{elsewhere.server_port}/")
        finally:
            elsewhere.shutdown()
    assert "recordings" not in player.page.frames[1].url
    (refused,) = player.errors
    assert "frame-ancestors 'none'" in refused
    player.errors.clear()


@pytest.mark.long
def test_what_is_put_into_the_page_can_neither_move_its_links_nor_send_its_forms_away(player: PlayerPage) -> None:
    player.open()
    asked: list[str] = []
    player.page.on("request", lambda request: asked.append(request.url))
    player.page.evaluate("""() => {
        document.head.insertAdjacentHTML("afterbegin", "<base href='http://elsewhere.test/'>");
        document.body.insertAdjacentHTML("beforeend", "<form id='away' action='http://elsewhere.test/'></form>");
        document.querySelector("#away").submit();
    }""")
    assert player.page.evaluate("document.baseURI").startswith(player.site)
    player.settle()
    assert not [url for url in asked if "elsewhere" in url]
    assert {"base-uri" in told or "form-action" in told for told in player.errors} == {True}
    player.errors.clear()


def test_the_page_asks_no_other_host(player: PlayerPage) -> None:
    asked: list[str] = []
    player.page.on("request", lambda request: asked.append(request.url))
    player.open()
    with player.page.expect_worker() as worker:
        player.button("play").click()
    assert worker.value.url.endswith("/js/playback/clock-worker.js")
    assert [address for address in (*asked, worker.value.url) if not address.startswith(player.site)] == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(320, 640), (390, 800), (768, 1024)])
def test_a_small_window_never_scrolls_sideways(player: PlayerPage, size: tuple[int, int]) -> None:
    player.page.set_viewport_size({"width": size[0], "height": size[1]})
    player.open("#t=25,80")
    player.seek(95_000)
    player.settle()
    assert player.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    player.unfold()
    assert player.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    hidden = player.page.eval_on_selector_all(
        ".controls button:not(.search button)",
        "buttons => buttons.filter(each => !each.checkVisibility()).map(each => each.className)",
    )
    assert hidden == []


@pytest.mark.long
def test_at_400_percent_the_transport_does_not_cover_the_text(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 320, "height": 256})
    player.open()
    player.seek(50_000)
    player.settle()
    box = player.box_of_words(str(player.line))
    transport = player.page.locator(".transport").bounding_box()
    assert transport
    assert transport["height"] < 256 / 3.5
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= transport["y"]
    # What is folded is under More.
    timeline = player.page.locator(".timeline")
    expect(timeline).to_be_hidden()
    player.page.locator(".controls .more").click()
    expect(timeline).to_be_visible()


@pytest.mark.long
def test_at_400_percent_what_is_typed_stays_in_sight(player: PlayerPage) -> None:
    player.page.set_viewport_size({"width": 320, "height": 256})
    player.open()
    player.ask("searchrequest")
    field = player.page.get_by_role("searchbox", name="Search the words")
    field.press_sequentially("voice")
    player.settle()
    box = field.bounding_box()
    assert box
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 256
