"""A page of Chromium, which Playwright drives, as the other browsers have theirs: so that a test is one for all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from browser.others.driven_page import DrivenPage
from browser.player_page import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


class ChromiumPage(DrivenPage):
    """One page, with a memory of its own."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._errors: list[str] = []
        page.on("pageerror", lambda error: self._errors.append(str(error)))
        page.on("console", lambda told: self._errors.append(told.text) if told.type in {"error", "warning"} else None)

    def go(self, address: str) -> None:
        self.page.goto(address)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.page.evaluate(f"given => (function () {{ {script} }})(...given)", arguments)

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def photograph(self, file: Path) -> None:
        self.page.screenshot(path=file)

    @property
    def errors(self) -> list[str]:
        return self._errors

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def _perform(self, device: dict[str, Any]) -> None:
        mouse = self.page.mouse
        for action in device["actions"]:
            match action["type"]:
                case "pointerMove":
                    mouse.move(action["x"], action["y"])
                case "pointerDown":
                    mouse.down()
                case "pointerUp":
                    mouse.up()


@contextmanager
def chromium_page(browser: Browser, **options: Any) -> Iterator[ChromiumPage]:
    """Open a page that nobody has used, with Playwright's options of a context."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, **options)
    context.set_default_timeout(LIMIT)
    yield ChromiumPage(context.new_page())
    context.close()
