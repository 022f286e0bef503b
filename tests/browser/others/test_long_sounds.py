"""A sound of 9.6 MB is heard to its end, and every jump in it lands: what a browser asks for, it is given whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browser.conftest import serving
from browser.others import long_sound
from browser.others.wiretap import Wiretap, overheard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browser.others.driven_page import DrivenPage

pytestmark = pytest.mark.long

LENGTH = long_sound.SECONDS
#: Past 2 MiB, which once was the most of an answer; near the end; back; and between.
PLACES = (301_000, 1_191_000, 31_000, 901_000)
_OPEN = re.compile(r"bytes=\d+-")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = long_sound.write_archive(tmp_path_factory.mktemp("long") / "archive")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


@pytest.fixture
def tap(server: str) -> Iterator[Wiretap]:
    """The way to the server: no part of the sound is answered with less than was asked for."""
    with overheard(server) as tap:
        yield tap
        asked = [each for each in tap.exchanges if each.status and _OPEN.fullmatch(each.asked.get("range", ""))]
        assert asked
        for each in asked:
            first, last, size = map(int, re.findall(r"\d+", each.answered["content-range"]))
            assert (each.status, each.asked["range"], last) == (206, f"bytes={first}-", size - 1)
            assert each.answered["content-length"] == str(size - first)


def open_long(page: DrivenPage, tap: Wiretap, kind: str) -> None:
    page.open(f"{tap.address}/recordings/{kind}")
    page.run(
        """window.ends = [];
        const audio = document.querySelector("audio");
        audio.addEventListener("ended", () => ends.push(audio.currentTime));"""
    )


@pytest.mark.sampled
@pytest.mark.parametrize("kind", long_sound.KINDS)
def test_every_jump_lands_and_the_end_is_the_end(page: DrivenPage, tap: Wiretap, kind: str) -> None:
    open_long(page, tap, kind)
    page.press(" ")
    page.until("audio.currentTime > 0.3")
    for place in PLACES:
        page.request("seekrequest", ms=place)
        # Where WebKitGTK stands still after a jump, it is loaded anew.
        page.until(f"!audio.seeking && audio.currentTime >= {place / 1000 + 0.2}")
        page.until_line(long_sound.line_at(place))
        # One encoder's delay is the most that two decoders differ by.
        assert abs(page.ask("audio.duration") - LENGTH) < 0.1
        assert page.ask("ends") == []
    page.request("seekrequest", ms=(LENGTH - 2) * 1000)
    page.until("audio.ended")
    page.until_line(long_sound.line_at((LENGTH - 1) * 1000))
    assert page.ask("ends.length") == 1
    assert abs(page.ask("ends[0]") - LENGTH) < 0.1


@pytest.mark.sampled
@pytest.mark.parametrize("kind", long_sound.KINDS)
def test_after_a_pause_and_a_lost_connection_it_goes_on(page: DrivenPage, tap: Wiretap, kind: str) -> None:
    tap.narrow(1_000_000)
    open_long(page, tap, kind)
    page.press(" ")
    page.until("audio.currentTime > 0.3")
    page.press(" ")
    page.until("audio.paused")
    tap.cut()
    tap.widen()
    page.request("seekrequest", ms=PLACES[0])
    page.press(" ")
    page.until(f"!audio.seeking && audio.currentTime > {PLACES[0] / 1000 + 0.3}")
    page.until_line(long_sound.line_at(PLACES[0]))
    assert page.ask("ends") == []
