"""What a first view of the shipped page costs over the wire, headers included, all but the sound."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from browser.conftest import REPOSITORY, serving
from browser.get_browser import find_browser
from browser.test_wire import MOST, SHIPPED
from browser.wire import loaded
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator


def measure() -> Iterator[str]:
    """Open the page in a browser that knows nothing of it; give a line for each kind of file, and the sum."""
    chromium = find_browser()
    if chromium is None:
        yield "wire: no Chromium starts here; tests/browser/get_browser.py gets one"
        return
    with (
        tempfile.TemporaryDirectory() as cache,
        serving(REPOSITORY, Path(cache)) as site,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium) as browser,
    ):
        found = loaded(browser.new_context(), site + SHIPPED)
    kinds = defaultdict(list)
    for each in found:
        if each.type != "Media":
            kinds[each.type.lower()].append(each.size)
    total = sum(map(sum, kinds.values()))
    yield "wire: the first view of the shipped page, all but the sound, headers included"
    for kind, sizes in sorted(kinds.items(), key=lambda item: -sum(item[1])):
        yield f"  {kind:12}{sum(sizes):8,} bytes in {len(sizes)}"
    yield f"  {'together':12}{total:8,} bytes in {sum(map(len, kinds.values()))}, limit {MOST:,}"
