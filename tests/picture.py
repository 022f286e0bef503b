"""Takes the picture of README.md anew, docs/page.webp: the page of the reading that ships, in a running player.

Run by ``make picture``. Look at what it made before you commit it.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from browser.get_browser import MISSING, find_shell
from playwright.sync_api import sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURE: Final = ROOT / "docs" / "page.webp"
#: A word in the middle of a line, with the notes beside it in view.
PAGE: Final = "recordings/1963-11-05-attwood-reading#t=49.2"
#: In CSS pixels.
WIDTH, HEIGHT = 1280, 800
#: Of WebP, from 0 to 100: letters are sharp, and the file has some 60 kB.
QUALITY: Final = 82


def main() -> None:
    """Start a player and a browser, open the page, wait until it is drawn, and take its picture."""
    chromium = find_shell() or sys.exit(MISSING)
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "player", "serve", "--port", "0"]
        environment = {**os.environ, "PLAYER_CACHE": cache, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
            try:
                found = re.search(r"http://\S+/", server.stdout.readline() if server.stdout else "")
                address = found[0] if found else sys.exit("The player did not start; try: make run")
                PICTURE.write_bytes(take(chromium, f"{address}{PAGE}"))
            finally:
                server.terminate()
    sys.stdout.write(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1000} kB\n")


def take(chromium: Path, address: str) -> bytes:
    """Give the picture of a page, as WebP, once its sound is there and its waveform is drawn."""
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium) as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce")
        page.goto(address)
        page.wait_for_selector('.cue[aria-current="true"]')
        # A waveform that is not made yet is a line from end to end.
        page.wait_for_selector(".wave path:not([d*='h1000'])", state="attached")
        page.mouse.move(WIDTH // 2, 1)
        picture = page.context.new_cdp_session(page).send(
            "Page.captureScreenshot", {"format": "webp", "quality": QUALITY}
        )
        return base64.b64decode(picture["data"])


if __name__ == "__main__":
    main()
