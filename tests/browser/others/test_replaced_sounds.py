"""A sound replaced under an open page falls silent in no browser without a word, and no other plays beside it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from browser.others import long_sound
from browser.others.driven_page import LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from browser.others.driven_page import DrivenPage

pytestmark = pytest.mark.long

FAR = 901_000


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return long_sound.write_archive(tmp_path / "archive")


@pytest.fixture
def address(archive: Path, tmp_path: Path) -> Iterator[str]:
    with serving(archive, tmp_path / "cache") as address:
        yield address


def until_loaded_again(page: DrivenPage) -> None:
    """Wait for another page at this address; what is asked of one that goes has no answer."""
    for _ in range(LIMIT // 100):
        time.sleep(0.1)
        with suppress(RuntimeError):
            if page.ask("!window.isOld && audio?.readyState >= 1 && Boolean(customElements.get('recording-player'))"):
                return
    pytest.fail("the page was not loaded again")


@pytest.mark.sampled
@pytest.mark.parametrize("shorter", [0, 1_000_000])
def test_it_is_told_and_can_be_loaded_again_at_the_same_place(
    page: DrivenPage, archive: Path, address: str, shorter: int
) -> None:
    page.open(f"{address}/recordings/wav")
    page.press(" ")
    page.until("audio.currentTime > 0.3")
    sound = archive / "media" / "long.wav"
    content = sound.read_bytes()
    new = sound.with_name("new.wav")
    new.write_bytes(content[:44] + bytes(len(content) - 44 - shorter))
    os.utime(new, (1, 1))
    new.replace(sound)
    page.request("seekrequest", ms=FAR)
    page.until("!document.querySelector('.load-again').hidden && audio.paused")
    assert page.ask("document.querySelector('.message').innerText").startswith("The sound was replaced after this page")
    assert page.ask("document.querySelector('.controls .play').ariaLabel") == "Play the recording"
    page.run("window.isOld = true")
    page.click(".load-again")
    until_loaded_again(page)
    assert page.ask("location.search") == "?t=901"
    # WebKitGTK that is told to play while it still looks for the place stood there once, for two minutes.
    page.until(f"!audio.seeking && audio.currentTime >= {FAR / 1000}")
    page.press(" ")
    # Where WebKitGTK stands still after a jump, it is loaded anew.
    page.until(f"!audio.paused && audio.currentTime >= {FAR / 1000 + 0.2}")
    assert page.ask("document.querySelector('.load-again').hidden")
