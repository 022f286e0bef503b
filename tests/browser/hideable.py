"""A Chromium whose tabs hide each other, as a reader's do.

Playwright mutes what it starts, lets hidden pages run unthrottled, and tells each page that it is seen. This one is
started as it comes, and connected to without Playwright's defaults.
"""

from __future__ import annotations

import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from browser.player_page import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Playwright

#: How often something is tried that a busy machine may spoil now and then, until it is seen.
TRIES = 20


@contextmanager
def hideable(playwright: Playwright, chromium: Path, profile: Path) -> Iterator[BrowserContext]:
    """Start Chromium with an empty folder as its profile, and give the one window it has."""
    command = [
        str(chromium),
        "--headless",
        "--no-first-run",
        "--no-sandbox",  # containers have none to give; what is opened is our own page
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{_port(profile)}", no_defaults=True)
            context = browser.contexts[0]
            context.set_default_timeout(LIMIT)
            yield context
            browser.close()
        finally:
            process.terminate()


def _port(profile: Path) -> str:
    """Wait for the file in which Chromium says where it listens."""
    told = profile / "DevToolsActivePort"
    for _ in range(LIMIT // 50):
        if told.is_file() and (lines := told.read_text(encoding="utf-8").splitlines()):
            return lines[0]
        time.sleep(0.05)
    raise TimeoutError("Chromium did not say where it listens")
