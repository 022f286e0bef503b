"""Chromium decodes a copied passage of an MP3 to the samples that it has in the recording, to the last one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from browser.decoding import decoded_by
from browser.empty_page import empty_page
from browser.hearing import PlaywrightPage
from drawing import some
from mp3_tapes import KINDS, passages, tape

from player.audio import mp3_passage
from player.audio.decode import mp3

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


@pytest.mark.sampled
@pytest.mark.long
def test_chromium_decodes_copies_to_the_samples_of_the_recording(browser: Browser, tmp_path: Path) -> None:
    """Passages of each of twenty kinds: as it decodes the whole, and as ffmpeg does but for how that rounds."""
    wrong = []
    with empty_page(browser, lambda _: None, "text/html") as page:
        for name, kind in KINDS.items():
            path, whole = tape(tmp_path, name)
            found = mp3.index(path)
            assert found is not None
            own = decoded_by(PlaywrightPage(page), path.read_bytes(), kind.rate)
            assert own.shape == whole.shape
            for first, last in passages(name, len(whole), some(3, whole=10)):
                copied = io.BytesIO()
                mp3_passage.write(path, mp3_passage.find(path, found, first, last), copied)
                samples = decoded_by(PlaywrightPage(page), copied.getvalue(), kind.rate)
                apart = np.abs(samples * 32_768 - whole[first:last]).max() if len(samples) == last - first else np.inf
                if apart > 1 or not np.array_equal(samples, own[first:last]):
                    wrong.append((name, first, last, len(samples), apart))
    assert wrong == []
