"""In Firefox and WebKitGTK, too, the copy of a sound plays, and what is held goes on where the copy is gone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from browser.others import long_sound
from browser.others.firefox import FirefoxPage, firefox

from player.audio import access

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from browser.others.driven_page import DrivenPage

pytestmark = pytest.mark.long

PAGE = "recordings/mp3"
NEAR, FAR = 31_000, 1_191_000
SAID = "This browser plays the sound file itself, not its exact copy (after a jump, browsers play an MP3"


@pytest.fixture(scope="session")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that has a copy of an MP3 of twenty minutes."""
    root = long_sound.write_archive(tmp_path_factory.mktemp("copies") / "archive")
    (root / "media" / "access").mkdir()
    access.make(root / "media" / "long.mp3", root / "media" / "access" / "mp3.m4a")
    return root


@pytest.fixture
def archive(encoded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(encoded, tmp_path / "archive")


@pytest.fixture
def address(archive: Path, tmp_path: Path) -> Iterator[str]:
    with serving(archive, tmp_path / "cache") as address:
        yield address


def played(page: DrivenPage) -> str:
    return str(page.ask("new URL(audio.currentSrc).pathname"))


def test_the_copy_plays_and_where_it_is_removed_the_sound_goes_on(
    page: DrivenPage, archive: Path, address: str
) -> None:
    page.open(f"{address}/{PAGE}")
    page.press(" ")
    page.until("!audio.paused && audio.currentTime > 0.3")
    assert played(page) == "/media/mp3/access"
    page.request("seekrequest", ms=NEAR)
    page.until(f"!audio.seeking && audio.currentTime > {NEAR / 1000 + 0.3}")
    assert page.ask("document.querySelector('inexact-sound').innerText") == ""
    shutil.rmtree(archive / "media" / "access")
    page.request("seekrequest", ms=FAR)
    page.until(
        f"audio.currentSrc.endsWith(document.querySelectorAll('source')[1].src) && audio.currentTime >= {FAR / 1000}"
    )
    # WebKitGTK says that it plays, and stands there.
    if isinstance(page, FirefoxPage):
        page.until(f"!audio.paused && !audio.seeking && audio.currentTime > {FAR / 1000 + 0.3}")
    page.until_line(long_sound.line_at(FAR))
    page.until(f"document.querySelector('inexact-sound').innerText.startsWith('{SAID}')")
    assert page.ask("document.querySelector('.message').innerText") == ""


def test_where_the_sound_is_replaced_its_copy_is_silent(page: DrivenPage, archive: Path, address: str) -> None:
    page.open(f"{address}/{PAGE}")
    page.press(" ")
    page.until("!audio.paused && audio.currentTime > 0.3")
    sound = archive / "media" / "long.mp3"
    sound.write_bytes(sound.read_bytes()[:1_000_000])
    page.request("seekrequest", ms=FAR)
    page.until("!document.querySelector('.load-again').hidden && audio.paused")
    assert played(page) == "/media/mp3/access"


def test_a_firefox_without_aac_plays_what_is_held_and_says_so(
    address: str, sound: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "firefox").mkdir()
    with firefox(tmp_path / "firefox", sound, **{"media.mp4.enabled": False}) as browser, browser.page() as page:
        page.resize(1280, 720)
        page.open(f"{address}/{PAGE}")
        page.press(" ")
        page.until("!audio.paused && audio.currentTime > 0.3")
        assert played(page) == "/media/mp3"
        page.until(f"document.querySelector('inexact-sound').innerText.startsWith('{SAID}')")
        page.request("seekrequest", ms=FAR)
        page.until(f"!audio.seeking && audio.currentTime > {FAR / 1000 + 0.3}")
        page.until_line(long_sound.line_at(FAR))
        assert page.errors == []
