"""In a browser, a link to a recording by a name that it had before leads to the very place that it named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import talk
from browser.conftest import serving
from clipping import run
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server whose recording was called otherwise before."""
    root = talk.write_archive(tmp_path_factory.mktemp("renamed") / "archive")
    assert run(root, "rename", talk.SLUG, "a-new-name").exit_code == 0
    with serving(root, tmp_path_factory.mktemp("renamed") / "cache") as address:
        yield address


def test_an_old_link_with_a_time_and_a_line_is_cued_up_there(context: BrowserContext, renamed: str) -> None:
    page = context.new_page()
    page.goto(f"{renamed}/recordings/{talk.SLUG}#t=5,9")
    page.locator(".controls .play").wait_for()
    expect(page).to_have_url(f"{renamed}/recordings/a-new-name#t=5,9")
    assert page.eval_on_selector("audio", "audio => audio.currentTime") == pytest.approx(5, abs=0.05)


def test_a_player_elsewhere_that_has_the_old_sound_goes_on_playing_it(context: BrowserContext, renamed: str) -> None:
    page = context.new_page()
    page.goto(f"{renamed}/recordings/a-new-name")
    length = page.evaluate(
        """async (address) => {
            const audio = new Audio(address);
            await new Promise((done, failed) => { audio.onloadedmetadata = done; audio.onerror = failed; });
            audio.currentTime = 7;
            await new Promise((done) => { audio.onseeked = done; });
            return audio.currentTime;
        }""",
        f"{renamed}/media/{talk.SLUG}",
    )
    assert length == pytest.approx(7, abs=0.1)
