"""A real browser on a real server: one Chromium and one server for all tests, a page of its own for each."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from browser import talk
from browser.get_browser import find_browser, find_shell
from browser.player_page import LIMIT, PlayerPage
from browser.selecting import READING
from playwright.sync_api import expect, sync_playwright
from programs import missing, node
from started import started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Playwright

REPOSITORY = Path(__file__).parents[2]

expect.set_options(timeout=LIMIT)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Where Chromium is. A machine without one skips these tests; CI fails them."""
    node()  # on which Playwright runs, and looks for one too
    return find_browser() or missing("no Chromium starts here; tests/browser/get_browser.py gets one")


@pytest.fixture(scope="session")
def playwright(chromium: Path) -> Iterator[Playwright]:  # noqa: ARG001  # looking for one starts Playwright too
    """Playwright, started once."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    """A Chromium that wants a gesture before it plays, as a reader's does."""
    browser = playwright.chromium.launch(executable_path=find_shell() or chromium)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the recording of talk.py, whose waveform is drawn: no page changes its height."""
    root = talk.write_archive(tmp_path_factory.mktemp("site") / "archive")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        until_drawn(f"{address}/recordings/talk/waveform.svg")
        yield address


def until_drawn(address: str) -> None:
    """Wait until a drawing is there and kept.

    That of a sound which was written within two seconds (``Stamp.is_settled``) is not: it is given once, and made anew
    for who asks next.
    """
    in_a_row = 0
    for _ in range(LIMIT // 50):
        with urlopen(address) as answer:  # noqa: S310  # the server that was just started
            in_a_row = in_a_row + 1 if answer.status == HTTPStatus.OK else 0
        if in_a_row == 2:
            return
        time.sleep(0.05)
    raise TimeoutError("the waveform was not drawn")


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the archive that ships."""
    with serving(REPOSITORY, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@contextmanager
def serving(archive: Path, cache: Path, port: int = 0, **variables: str) -> Iterator[str]:
    """Serve an archive from a process of its own, on any free port or on the one named.

    No access copies are made unless ``variables`` say so.
    """
    command = [sys.executable, "-m", "player", "serve", "--port", str(port), "--archive", str(archive)]
    environment = {**os.environ, "PLAYER_CACHE": str(cache), "PLAYER_COPY_MEGABYTES": "0", **variables}
    with started(command, env=environment) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser: wide, with nothing remembered."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    context.set_default_timeout(LIMIT)
    yield context
    context.close()


@pytest.fixture
def player(context: BrowserContext, site: str) -> Iterator[PlayerPage]:
    """A page of the recording, not yet opened; whatever it logs as an error fails the test."""
    opened = PlayerPage(context.new_page(), site)
    yield opened
    assert opened.errors == []


@pytest.fixture
def clipboard(player: PlayerPage) -> PlayerPage:
    """A page whose reader may copy."""
    player.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return player.open()


@pytest.fixture
def of_reading(context: BrowserContext, shipped: str) -> Iterator[PlayerPage]:
    """The page of the reading that ships, whose reader may copy."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    player = PlayerPage(context.new_page(), shipped)
    yield player.open(slug=READING)
    assert player.errors == []
