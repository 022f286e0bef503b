"""Chromium decodes passages that are joined as a copy to the samples of their recordings, each at its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aac_tapes
import mp3_tapes
import numpy as np
import pytest
from browser.decoding import decoded_by
from browser.empty_page import empty_page
from browser.hearing import PlaywrightPage

from player.audio import aac_copied, aac_joined, mp3_copied, mp3_joined

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

#: Tapes of one shape, of different bitrates: constant and variable, with a bit reservoir and without.
MP3 = ("128 kbit/s, joint stereo", "variable, MPEG-1 joint stereo", "with checksums")
AAC = ("128 kbit/s, stereo", "long offsets")


@pytest.mark.long
def test_chromium_decodes_joined_copies_to_the_samples_at_their_places(browser: Browser, tmp_path: Path) -> None:
    """Four passages of each tape, but for how ffmpeg rounds; nothing comes after the last."""
    clip = tmp_path / "joined"
    with empty_page(browser, lambda _: None, "text/html") as page:
        for tapes, names in ((mp3_tapes, MP3), (aac_tapes, AAC)):
            found = {name: tapes.tape(tmp_path, name) for name in names}
            wanted = [(name, *each) for name in names for each in tapes.passages(name, len(found[name][1]), 4)]
            if tapes is mp3_tapes:
                mp3s = [mp3_copied.find(found[name][0], first, last) for name, first, last in wanted]
                with clip.open("wb") as file:
                    (mp3 := mp3_joined.join(mp3s, 22_050)).write(file)
                placed = mp3.placed
            else:
                aacs = [aac_copied.find(found[name][0], first, last) for name, first, last in wanted]
                with clip.open("wb") as file:
                    (aac := aac_joined.join(aacs, 22_050)).write(file)
                placed = aac.placed
            samples = decoded_by(PlaywrightPage(page), clip.read_bytes(), 44_100)
            assert len(samples) == placed[-1].last
            for (name, first, last), place in zip(wanted, placed, strict=True):
                apart = samples[place.first : place.last] * 32_768 - found[name][1][first:last]
                assert np.abs(apart).max() <= 1, (name, first, last)
