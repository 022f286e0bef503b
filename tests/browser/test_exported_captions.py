"""A browser's own ``<track>`` shows what SubRip had, once another program has made WebVTT of it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from exporting import write_words, written
from tones import EXECUTABLE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

#: Gives the cues of a track as the browser has them.
CUES = """text => new Promise((found, failed) => {
  const media = document.createElement("video"), track = document.createElement("track");
  track.onload = () => found([...track.track.cues].map(each => [
    Math.round(each.startTime * 1000), Math.round(each.endTime * 1000), each.getCueAsHTML().textContent]));
  track.onerror = () => failed("the track was refused");
  track.src = URL.createObjectURL(new Blob([text], {type: "text/vtt"}));
  media.append(track);
  document.body.append(media);
  track.track.mode = "hidden";
})"""
SAID = "1 < 2 & <script>alert(1)</script> --> &lt;b&gt; AT&T &copy; <v Eve>"


@pytest.mark.long
def test_no_word_is_lost_on_the_way_from_srt_to_a_browsers_track(archive: Path, browser: Browser) -> None:
    escaped = SAID.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    write_words(archive, f"00:01.000 --> 00:02.500\n<v Ada>{escaped}\n\n00:03.000 --> 00:04.000\n<v Ben>Two.\n")
    told = [EXECUTABLE, "-v", "error", "-f", "srt", "-i", "-", "-f", "webvtt", "-"]
    made = subprocess.run(told, input=written(archive, "srt"), capture_output=True, check=True).stdout.decode()
    page = browser.new_page()
    assert page.evaluate(CUES, made) == [[1000, 2500, f"Ada: {SAID}"], [3000, 4000, "Ben: Two."]]
    page.close()
