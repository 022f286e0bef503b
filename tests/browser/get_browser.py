"""A machine into one with a Chromium that starts: found, else downloaded, else installed. ``make test`` runs it first.

One on the PATH comes first, then the one that Playwright has downloaded; ``$CHROMIUM`` comes before all. Playwright
itself runs on a node that it brings, and so do the tests of tests/js: that it starts is seen to before.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright._impl._driver import compute_driver_executable
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
#: What the node needs that Playwright brings, and a small machine lacks.
LIBRARY = "libatomic1"
NO_NODE = (
    "The node that Playwright brings does not start, and the tests need it. Install what it lacks "
    f"(on Debian and Ubuntu: apt-get install {LIBRARY}), and try again. It says: "
)


def main() -> int:
    """Find Chromium, download it, or install it, in this order; say which, and give the exit code."""
    if why_not(find_node()) and _may_install():
        _say(f"The node that Playwright brings does not start; installing Debian's {LIBRARY} ...")
        _apt_get(LIBRARY)
    if why := why_not(find_node()):
        sys.stderr.write(f"{NO_NODE}{why}\n")
        return 1
    found = find_browser() or _download() or _install()
    if found is None:
        for path in _places():
            sys.stderr.write(f"{path} does not start: {why_not(path)}\n")
        sys.stderr.write(f"{MISSING}\n")
        return 1
    _say(f"The tests use {find_shell()}")
    return 0


def find_node() -> Path:
    """Say where the node is that Playwright brings, and runs on itself."""
    return Path(compute_driver_executable()[0])


def find_browser() -> Path | None:
    """Give the first Chromium that starts; ``$CHROMIUM`` is looked at before any other. None where there is none."""
    return next((path for path in _places() if not why_not(path)), None)


def find_shell() -> Path | None:
    """Give a Chromium that has no windows, where there is one: it opens a page in a third of the time. Else any.

    CI takes a whole one, as readers have it.
    """
    found = None if os.environ.get("CI") or os.environ.get("CHROMIUM") else shutil.which(SHELL)
    return Path(found) if found and not why_not(Path(found)) else find_browser()


def why_not(program: Path) -> str:
    """Say why a program does not start: its libraries are missing, or it is a stub that asks for another.

    Nothing where it does.
    """
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (told.stderr.strip() or f"exit code {told.returncode}") if told.returncode else ""


def _download() -> Path | None:
    _say("There is no Chromium on the PATH; downloading Playwright's own ...")
    _run(sys.executable, "-m", "playwright", "install", "chromium")
    return find_browser()


def _install() -> Path | None:
    if not _may_install():
        return None
    _say("That did not give one that starts; installing Debian's chromium ...")
    _apt_get("chromium", SHELL)
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


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_get(*packages: str) -> None:
    """Install packages, each by itself: not every release has each."""
    _run("apt-get", "update", "-qq")
    for package in packages:
        _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


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
