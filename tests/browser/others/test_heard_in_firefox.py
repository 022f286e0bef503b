"""What is heard in Firefox is what the page says is heard, after every jump."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import heard_page

if TYPE_CHECKING:
    from pathlib import Path

    from browser.others.firefox import Firefox

pytestmark = pytest.mark.long


def test_each_burst_is_heard_where_the_page_says_it_is(fox: Firefox, tmp_path: Path) -> None:
    with heard_page.heard_site(tmp_path) as site, fox.page() as page:
        page.open(f"{site}/recordings/{heard_page.SLUG}")
        page.press(" ")
        page.until("audio.currentTime > 0")
        heard_page.hear(page)
        assert page.errors == []
