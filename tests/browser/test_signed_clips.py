"""A signed clip is heard in a browser as one is that nobody signed, whatever the signature put before or after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.empty_page import empty_page
from clipping import cut, run
from signing import signing

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.long

PLAY = """
([address, end]) => new Promise(resolve => {
  const audio = new Audio(address);
  audio.muted = true;
  audio.onerror = () => resolve(audio.error.message || "refused");
  audio.onended = () => resolve([audio.currentTime, audio.duration]);
  audio.onloadedmetadata = () => { audio.currentTime = end; audio.play().catch(error => resolve(String(error))); };
})
"""
SAMPLES = """
async address => {
  const context = new OfflineAudioContext(1, 1, 8000);
  const sound = await context.decodeAudioData(await (await fetch(address)).arrayBuffer());
  return Array.from(sound.getChannelData(0));
}
"""


@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".flac", ".m4a"])
def test_a_signed_clip_plays_to_its_end_and_sample_for_sample(
    browser: Browser, archive: Path, tmp_path: Path, suffix: str
) -> None:
    plain, signed = tmp_path / f"plain{suffix}", tmp_path / f"signed{suffix}"
    cut(archive, plain)
    asked = ("clip", "tones", "--from", "2", "--to", "4", "-o", str(signed), *signing(tmp_path / "signing"))
    assert run(archive, *asked).exit_code == 0

    def read(name: str) -> bytes | None:
        return (tmp_path / name).read_bytes() if (tmp_path / name).is_file() else None

    with empty_page(browser, read, "application/octet-stream") as page:
        if suffix == ".m4a" and not page.evaluate("() => new Audio().canPlayType('audio/mp4; codecs=mp4a.40.2')"):
            pytest.skip("this build of Chromium was made without AAC")
        played = page.evaluate(PLAY, [signed.name, 1.5])
        assert played == page.evaluate(PLAY, [plain.name, 1.5])
        assert isinstance(played, list)
        assert played[0] == pytest.approx(2, abs=0.1)
        assert page.evaluate(SAMPLES, signed.name) == page.evaluate(SAMPLES, plain.name)
