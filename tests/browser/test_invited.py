"""Who is invited to a recording hears, reads and suggests on a phone, without script too, until the link is ended."""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from browser.conftest import serving
from browser.player_page import LIMIT
from browser.test_accessibility import found_by_axe
from clipping import run
from closings import write_closed
from playwright.sync_api import expect

from player.archive.archive import Archive
from player.intake import inviting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.long

PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
BANNER: Final = "This is not public. It is shown to Nora Quill until 1 March 2940. Please give the link to nobody else."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_closed(tmp_path / "archive", '[access]\nrecord = "draft"\n')


@contextmanager
def phone(browser: Browser, *, has_script: bool) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=has_script, viewport=PHONE, has_touch=True)
    context.set_default_timeout(LIMIT)
    yield context.new_page()
    context.close()


def is_as_wide_as_the_phone(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("has_script", [False, True])
def test_the_narrator_hears_reads_and_suggests_and_then_it_is_over(
    browser: Browser, root: Path, tmp_path: Path, has_script: bool
) -> None:
    secret = inviting.invite(Archive(root), "tones", "Nora Quill", dt.date(2940, 3, 1))
    with serving(root, tmp_path / "cache") as address, phone(browser, has_script=has_script) as page:
        failed: list[str] = []
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
        with page.expect_response(re.compile("/invited/media/tones")) as sound:
            page.goto(f"{address}/invited/?token={secret}")
        assert sound.value.status in {200, 206}
        expect(page).to_have_url(f"{address}/invited/recordings/tones")
        banner = page.get_by_role("complementary", name="Invitation")
        expect(banner).to_have_text(BANNER)
        assert is_as_wide_as_the_phone(page)
        expect(page.locator("main")).to_contain_text("One two three.")
        page.goto(f"{page.url}?t=2")
        if has_script:
            # What lies under the transport at this moment is scrolled free of it.
            assert [each for each in found_by_axe(page) if not each.startswith("target-size: a[aria-label")] == []
            page.locator(".controls .play").click()
            expect(page.get_by_role("button", name=re.compile("^Pause"))).to_be_visible()
            page.goto(f"{address}/invited/recordings/tones/lines/first")
            assert found_by_axe(page) == []
        expect(banner).to_be_visible()
        page.locator(".suggest summary").click()
        expect(page.locator(".suggest form")).to_contain_text("It is kept under the name Nora Quill")
        assert is_as_wide_as_the_phone(page)
        page.locator(".suggest [name=turn-0]").fill("One two tree.")
        page.locator(".suggest button").click()
        expect(page.locator(".suggest [role=status]")).to_have_text(re.compile("^Thank you"))
        page.wait_for_url(lambda url: url.startswith(f"{address}/invited/recordings/tones/lines/first"))
        page.goto(f"{address}/invited/recordings/tones/text")
        expect(banner).to_have_text(BANNER)
        # What is not of the recording is the public site, which knows nothing of it.
        page.goto(f"{address}/invited/recordings/tones")
        page.get_by_role("link", name="Recordings", exact=True).click()
        expect(page).to_have_url(f"{address}/")
        expect(page.locator("main")).not_to_contain_text("A tape of tones")
        assert banner.count() == 0
        assert failed == []
        assert run(root, "invite", "tones", "--revoke", "Nora Quill").exit_code == 0
        page.goto(f"{address}/invited/recordings/tones")
        expect(page.locator("main")).to_contain_text("This invitation opens nothing")
        assert is_as_wide_as_the_phone(page)
    (kept,) = (root / "transcripts/tones/suggestions").iterdir()
    told = json.loads(kept.read_bytes())
    assert (told["said"], told["name"]) == (["One two tree."], "Nora Quill")
