"""What is heard is what the page says is heard, after every jump."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import heard_page
from browser.hearing import PlaywrightPage
from browser.player_page import PlayerPage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.long


def test_each_burst_is_heard_where_the_page_says_it_is(context: BrowserContext, tmp_path: Path) -> None:
    with heard_page.heard_site(tmp_path) as site:
        player = PlayerPage(context.new_page(), site).open(slug=heard_page.SLUG)
        player.button("play").click()
        player.until("audio.currentTime > 0")
        heard_page.hear(PlaywrightPage(player.page))
        assert player.errors == []
