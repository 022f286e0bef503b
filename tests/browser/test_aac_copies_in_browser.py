"""Chromium decodes a copied passage of AAC to the samples that it has in the recording, to the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from aac_tapes import KINDS, passages, tape
from browser.decoding import decoded_by
from browser.empty_page import empty_page
from browser.hearing import PlaywrightPage
from drawing import some

from player.audio import aac_copied

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.mark.sampled
@pytest.mark.long
def test_chromium_decodes_copies_of_aac_to_the_samples_of_the_recording(browser: Browser, tmp_path: Path) -> None:
    """Passages of each of fourteen kinds, fifteen in `make bench`: as ffmpeg decodes them, but for how that rounds."""
    wrong = []
    with empty_page(browser, lambda _: None, "text/html") as page:
        for name, kind in KINDS.items():
            path, whole = tape(tmp_path, name)
            for first, last in passages(name, len(whole), some(4, whole=15)):
                with (tmp_path / "copy.m4a").open("wb") as file:
                    aac_copied.find(path, first, last).write(file)
                samples = decoded_by(PlaywrightPage(page), (tmp_path / "copy.m4a").read_bytes(), kind.rate)
                apart = np.abs(samples * 32_768 - whole[first:last]).max() if len(samples) == last - first else np.inf
                if apart > 1:
                    wrong.append((name, first, last, len(samples), apart))
    assert wrong == []
