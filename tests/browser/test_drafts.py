"""A real browser on ``player serve --drafts``: the address lets it in, pages play and jump, other pages get nothing."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import pytest
from browser import talk
from browser.draft_site import serving_drafts
from browser.player_page import PlayerPage
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long

PAGE: Final = f"/recordings/{talk.SLUG}"
#: Tries what a page may do without asking: load, draw, play and frame what is of another port or name.
TRIED: Final = """async (address) => {
  const outcomes = { fetched: "" };
  try {
    outcomes.fetched = (await fetch(address, { credentials: "include", mode: "no-cors" })).type;
  } catch (error) {
    outcomes.fetched = error.name;
  }
  const loaded = (name, element, event) => new Promise((done) => {
    element.addEventListener(event, () => done((outcomes[name] = "loaded")));
    element.addEventListener("error", () => done((outcomes[name] = "refused")));
    element.crossOrigin = null;
    element.src = name === "played" ? address.replace("/recordings/", "/media/") : address;
    document.body.append(element);
  });
  await loaded("played", new Audio(), "loadedmetadata");
  await loaded("run", document.createElement("script"), "load");
  return outcomes;
}"""


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server of drafts, and the query that lets in."""
    with serving_drafts(tmp_path_factory.mktemp("drafts"), tmp_path_factory.getbasetemp() / "cache") as told:
        yield told


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """The port of another server on this machine, with an empty page."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Elsewhere</title><link rel=icon href=data:,>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_the_address_lets_in_and_the_page_plays_and_jumps(context: BrowserContext, drafts: tuple[str, str]) -> None:
    site, token = drafts
    player = PlayerPage(context.new_page(), site)
    page = player.page
    player.open(token)
    expect(page).to_have_url(f"{site}{PAGE}")
    assert page.evaluate("document.cookie") == ""
    assert page.locator(".drafts").inner_text().startswith("Drafts are shown.")
    page.emulate_media(media="print")
    expect(page.locator(".drafts")).to_be_hidden()
    expect(page.locator(".draft"), "the recording is one on paper too").to_be_visible()
    page.emulate_media(media="screen")
    page.locator(".cue .time").nth(30).click()
    player.until("!audio.paused && audio.currentTime > 41")
    # Every address that a page leads to is of the same server, and is answered.
    page.goto(f"{site}/")
    expect(page.locator(".drafts")).to_be_visible()
    page.goto(f"{site}/none")
    expect(page.locator(".drafts")).to_be_visible()
    assert [error for error in player.errors if "404" not in error] == []


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_program_gets_nothing(
    context: BrowserContext, drafts: tuple[str, str], elsewhere: int, name: str
) -> None:
    """With the cookie, which browsers send to all ports of a host; a page of another name has not even that."""
    site, token = drafts
    page = context.new_page()
    page.goto(f"{site}{PAGE}{token}")
    page.goto(f"http://{name}:{elsewhere}/")
    page.evaluate("document.body.append('here')")
    assert page.evaluate(TRIED, f"{site}{PAGE}") == {"fetched": "TypeError", "played": "refused", "run": "refused"}
    page.evaluate(
        "(address) => document.body.append(Object.assign(document.createElement('iframe'), {src: address}))", site
    )
    frame = page.frames[-1]
    frame.wait_for_load_state()
    assert "Drafts" not in frame.content()


def test_a_link_from_another_site_does_not_take_the_session_along(
    context: BrowserContext, drafts: tuple[str, str], elsewhere: int
) -> None:
    site, token = drafts
    page = context.new_page()
    page.goto(f"{site}{PAGE}{token}")
    page.goto(f"http://localhost:{elsewhere}/")
    page.evaluate(
        """(address) => {
            document.body.append(Object.assign(document.createElement("a"), { href: address, textContent: "there" }));
        }""",
        f"{site}{PAGE}",
    )
    page.get_by_text("there").click()
    page.wait_for_url(f"{site}{PAGE}")
    assert page.locator("h1").inner_text() == "You may not see this"
    page.goto(f"{site}{PAGE}")
    expect(page.locator(".drafts")).to_be_visible()
