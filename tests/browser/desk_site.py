"""The desk in a browser, as a test speaks of it: serve an archive to be edited, press keys, look at what is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

NAME: Final = "Ines Keeper"


@dataclass(frozen=True)
class DeskSite:
    """A server at which somebody edits: its address, and the query that lets a browser in."""

    address: str
    query: str


@contextmanager
def serving_desk(root: Path, cache: Path, by: str = NAME, port: int = 0) -> Iterator[DeskSite]:
    """Serve an archive to be edited, from a process of its own."""
    told = [sys.executable, "-m", "player", "serve", "--edit", "--by", by, "--port", str(port), "--archive", str(root)]
    environment = {**os.environ, "PLAYER_CACHE": str(cache), "PLAYER_COPY_MEGABYTES": "0"}
    with subprocess.Popen(told, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            found = re.search(r"(http://\S+)/(\?token=\S+)", process.stdout.readline())
            assert found
            yield DeskSite(found[1], found[2])
        finally:
            process.terminate()


class Desk:
    """The page of the desk. Whatever goes wrong in its scripts is in ``errors``."""

    def __init__(self, page: Page, site: DeskSite, slug: str = "tones") -> None:
        self.page = page
        self.site = site
        self.address = f"{site.address}/recordings/{slug}/edit"
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, fragment: str = "") -> Desk:
        """Open it, and wait until a line is in hand."""
        self.page.goto(f"{self.site.address}/{self.site.query}")
        self.page.goto(f"{self.address}{fragment}")
        self.words.first.wait_for()
        return self

    def press(self, *keys: str) -> Desk:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> Desk:
        """Type where the focus is."""
        self.page.keyboard.type(text)
        return self

    @property
    def hand(self) -> Locator:
        """The line in hand."""
        return self.page.locator(".hand")

    @property
    def words(self) -> Locator:
        """Its words, a turn each, as they are shown or typed."""
        return self.hand.locator(".said .words")

    @property
    def field(self) -> Locator:
        """What is typed into."""
        return self.hand.locator("textarea.words")

    def says(self, selector: str, text: str | re.Pattern[str]) -> None:
        """Wait until an element says something."""
        expect(self.page.locator(selector)).to_have_text(text)

    def told(self, text: str | re.Pattern[str]) -> None:
        """Wait until a screen reader is told something."""
        self.says(".told", text)

    def refused(self, text: str | re.Pattern[str]) -> None:
        """Wait until it is said what was refused."""
        self.says(".fault", text)

    def unwritten(self, text: str | re.Pattern[str]) -> None:
        """Wait until it is said how much is not in the archive yet."""
        self.says(".unwritten", text)

    @property
    def rows(self) -> list[str]:
        """What the lines beside the one in hand say, in order."""
        shown = self.page.locator(".row:not([hidden]) p").all_inner_texts()
        return [" ".join(each.split()) for each in shown]

    @property
    def focused(self) -> str:
        """What has the focus: its name in HTML, and its classes."""
        found: str = self.page.evaluate("`${document.activeElement.localName}.${document.activeElement.className}`")
        return found
