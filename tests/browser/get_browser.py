"""A machine into one with a Chromium that starts: found, else downloaded, else installed. ``make test`` runs it first.

One on the PATH comes first, then the one that Playwright has downloaded; ``$CHROMIUM`` comes before all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: What Debian calls a Chromium that can show no window.
SHELL = "chromium-headless-shell"
MISSING = (
    "No Chromium could be had, and the tests need one. Install it (on Debian and Ubuntu: apt-get install chromium), "
    "or name one that is there: CHROMIUM=/path/to/chromium make test"
)


def main() -> int:
    """Find Chromium, download it, or install it, in this order; say which, and give the exit code."""
    found = find_browser() or _download() or _install()
    if found is None:
        sys.stderr.write(f"{MISSING}\n")
        return 1
    _say(f"The tests use {found}")
    return 0


def find_browser() -> Path | None:
    """Give the first Chromium that starts; ``$CHROMIUM`` is looked at before any other. None where there is none."""
    return next((path for path in _places() if _starts(path)), None)


def find_shell() -> Path | None:
    """Give a Chromium that has no windows, where there is one: it opens a page in a third of the time. Else any."""
    found = shutil.which(SHELL)
    return Path(found) if found and not os.environ.get("CHROMIUM") and _starts(Path(found)) else find_browser()


def _download() -> Path | None:
    _say("There is no Chromium on the PATH; downloading Playwright's own ...")
    _run(sys.executable, "-m", "playwright", "install", "chromium")
    return find_browser()


def _install() -> Path | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    _say("That did not give one that starts; installing Debian's chromium ...")
    _run("apt-get", "update", "-qq")
    for name in ("chromium", SHELL):
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", name)
    return find_browser()


def _places() -> Iterator[Path]:
    for name in (os.environ.get("CHROMIUM"), *NAMES):
        found = shutil.which(name) if name else None
        if found:
            yield Path(found)
    downloaded = _downloaded()
    if downloaded.is_file():
        yield downloaded


def _downloaded() -> Path:
    """Say where Playwright keeps its own, whether it is there or not."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _starts(path: Path) -> bool:
    """Tell whether it runs at all: one without its libraries, or a stub that asks for a snap, does not."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _run(*command: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    code = subprocess.run(command, check=False, env=environment).returncode
    if code:
        _say(f"{' '.join(command)}: exit code {code}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
