"""In a browser, a closed passage is silent, played through or jumped into, and the page never had its sound."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from browser import hearing
from browser.conftest import serving, until_drawn
from browser.player_page import PlayerPage, until
from clipping import run
from closed_tone import CLOSED, SECONDS
from test_silenced_over_http import archive_of
from tone_heard import RARE, SILENT, tone_level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.long

LOW: Final = 440
#: Records what the page's own element plays, from a moment on until it ends, in seconds.
_RECORD: Final = """async (from) => {
  const audio = document.querySelector("audio");
  if (!window.recorded) {
    const context = new AudioContext({ sampleRate: 48_000 });
    await context.audioWorklet.addModule("/recorder.js");
    const recorder = new AudioWorkletNode(context, "recorder", { numberOfInputs: 1 });
    context.createMediaElementSource(audio).connect(recorder, 0, 0);
    await context.resume();
    window.recorded = recorder.port;
  }
  audio.pause();
  audio.currentTime = from;
  await new Promise((done) => audio.addEventListener("seeked", done, { once: true }));
  let text = "";
  window.recorded.onmessage = ({ data: [track] }) => {
    text += String.fromCharCode(...new Uint8Array(track.buffer));
  };
  await audio.play();
  await new Promise((done) => audio.addEventListener("ended", done, { once: true }));
  window.recorded.onmessage = null;
  return btoa(text);
}"""


@pytest.fixture(params=["wav", "mp3"])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    archive = archive_of(tmp_path / "archive", request.param)
    told = run(archive, "access", "--all")
    assert told.exit_code == 0, told.output
    with serving(archive, tmp_path / "cache") as server, hearing.with_recorder(server) as address:
        until_drawn(f"{address}/recordings/tape/waveform.svg")
        yield address


def recorded(page: Page, start: float) -> NDArray[np.int16]:
    return np.frombuffer(base64.b64decode(page.evaluate(_RECORD, start)), "<i2")


def loud_for(samples: NDArray[np.int16]) -> float:
    """Give how many seconds of a recording are heard, in pieces of 10 ms."""
    pieces = samples[: samples.size // 480 * 480].reshape(-1, 480)
    return float((np.abs(pieces).max(axis=1) > 500).sum() / 100)


def test_the_tone_is_never_heard_and_the_waveform_is_flat(context: BrowserContext, site: str) -> None:
    player = PlayerPage(context.new_page(), site)
    asked: list[str] = []
    player.page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    player.open(slug="tape")
    check_waveform(player.page)
    player.button("play").click()
    until(player.page, "audio.currentTime > 0")
    length = CLOSED.duration / 1000
    starts: Sequence[float] = (0, CLOSED.start / 1000 - 0.3, CLOSED.start / 1000 + 0.2)
    for start in starts:
        samples = recorded(player.page, start)
        assert tone_level(samples, 48_000, RARE) < SILENT
        assert tone_level(samples, 48_000, LOW) > -25
        silent = length - max(0, start - CLOSED.start / 1000)
        assert loud_for(samples) == pytest.approx(SECONDS - start - silent, abs=0.06)
    sounds = [each for each in asked if each.startswith("/media/")]
    assert sounds
    assert all(each.startswith("/media/tape/access?v=") for each in sounds)
    assert player.errors == []


def check_waveform(page: Page) -> None:
    until(page, "document.querySelector('.wave path').getAttribute('d').length > 1000")
    drawn = page.evaluate("document.querySelector('.wave path').getAttribute('d')")
    heights = [float(bar.split("v")[1].split("h")[0]) for bar in drawn.split("M")[1:]]
    first, last = (int(moment * len(heights) / (1000 * SECONDS)) for moment in (CLOSED.start, CLOSED.end))
    assert set(heights[first : last + 1]) == {2}
    assert min(heights[: first - 3] + heights[last + 3 :]) > 2
