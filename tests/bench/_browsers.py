"""The browsers there are, each of which opens a page and runs scripts in it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from browser.get_browser import find_browser
from browser.hearing import PlaywrightPage
from browser.others.firefox import firefox
from browser.others.sound_device import sound_device
from browser.others.webkitgtk import webkitgtk
from playwright.sync_api import sync_playwright
from programs import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager, ExitStack
    from pathlib import Path

    from browser.hearing import Runs

# Many elements hold a connection each, and play without a gesture.
_PREFERENCES: dict[str, bool | int | str] = {
    "media.autoplay.default": 0,
    "media.block-autoplay-until-in-foreground": False,
    "network.http.max-persistent-connections-per-server": 60,
}


@dataclass(frozen=True)
class Browser:
    """A browser that runs; ``opened`` opens a page of an address. WebKitGTK is looked at, and not heard."""

    name: str
    is_heard: bool
    opened: Callable[[str], AbstractContextManager[Runs]]


def started(stack: ExitStack, place: Path, wanted: list[str]) -> Iterator[Browser]:
    """Start one after another of those that are wanted and are there."""
    if "Chromium" in wanted and (path := find_browser()):
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=path, args=["--autoplay-policy=no-user-gesture-required"])
        stack.callback(chromium.close)

        @contextmanager
        def in_chromium(address: str) -> Iterator[Runs]:
            context = chromium.new_context()  # with connections of its own
            context.set_default_timeout(0)
            page = context.new_page()
            page.goto(address)
            yield PlaywrightPage(page)
            context.close()

        yield Browser(f"Chromium {chromium.version}", is_heard=True, opened=in_chromium)
    if not find("pulseaudio"):
        return
    sound = stack.enter_context(sound_device())
    if "Firefox" in wanted and find("firefox-esr"):
        folder = place / "firefox"
        folder.mkdir()
        fox = stack.enter_context(firefox(folder, sound, **_PREFERENCES))

        @contextmanager
        def in_firefox(address: str) -> Iterator[Runs]:
            with fox.page() as page:
                page.go(address)
                yield page

        yield Browser(f"Firefox {fox.version}", is_heard=True, opened=in_firefox)
    if "WebKitGTK" in wanted and find("WebKitWebDriver"):

        @contextmanager
        def in_webkit(address: str) -> Iterator[Runs]:
            folder = place / f"webkitgtk-{len(list(place.glob('webkitgtk-*')))}"
            folder.mkdir()
            with webkitgtk(folder, sound) as page:
                page.go(address)
                yield page

        yield Browser("WebKitGTK", is_heard=False, opened=in_webkit)
