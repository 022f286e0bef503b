"""The other browsers: Firefox and WebKitGTK as Debian has them, each with a page that nobody has used."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from browser.others.firefox import firefox
from browser.others.sound_device import sound_device
from browser.others.webkitgtk import webkitgtk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.others.driven_page import DrivenPage
    from browser.others.firefox import Firefox

BROWSERS = ("firefox", "webkitgtk")


@pytest.fixture(scope="session")
def sound() -> Iterator[dict[str, str]]:
    """The environment in which a browser finds a sound device."""
    with sound_device() as environment:
        yield environment


@pytest.fixture(scope="session")
def fox(sound: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A Firefox, started once; WebKitGTK starts in less than a second."""
    with firefox(tmp_path_factory.mktemp("firefox"), sound) as browser:
        yield browser


@pytest.fixture(params=BROWSERS)
def page(
    request: pytest.FixtureRequest, sound: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DrivenPage]:
    """A page, wide; whatever its console tells as an error fails the test."""
    with ExitStack() as stack:
        if request.param == "firefox":
            page: DrivenPage = stack.enter_context(request.getfixturevalue("fox").page())
        else:
            page = stack.enter_context(webkitgtk(tmp_path_factory.mktemp("webkitgtk"), sound))
        page.resize(1280, 720)
        yield page
        assert page.errors == []
