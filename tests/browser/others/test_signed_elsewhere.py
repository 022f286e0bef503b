"""Other browsers, too, hear a signed clip as one that nobody signed; but for FLAC in Firefox, which is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.empty_page import served_page
from browser.others.firefox import FirefoxPage
from clipping import cut, run
from signing import signing

from player.audio.formats import TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from browser.others.driven_page import DrivenPage

pytestmark = pytest.mark.long

LENGTH = """
const [address] = arguments;
return new Promise((done) => {
  const audio = new Audio(address);
  audio.onerror = () => done(audio.error.message || "refused");
  audio.oncanplaythrough = () => done(audio.duration);
  audio.load();
});
"""
SAMPLES = """
const [address] = arguments;
return (async () => {
  const context = new OfflineAudioContext(1, 1, 8000);
  const sound = await context.decodeAudioData(await (await fetch(address)).arrayBuffer());
  return Array.from(sound.getChannelData(0), (sample) => Math.round(sample * 32768)).join();
})();
"""


@pytest.mark.sampled
@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".flac", ".m4a"])
def test_a_signed_clip_is_heard_sample_for_sample(page: DrivenPage, archive: Path, tmp_path: Path, suffix: str) -> None:
    plain, signed = tmp_path / f"plain{suffix}", tmp_path / f"signed{suffix}"
    cut(archive, plain)
    asked = ("clip", "tones", "--from", "2", "--to", "4", "-o", str(signed), *signing(tmp_path / "signing"))
    result = run(archive, *asked)
    assert result.exit_code == 0
    assert ("Firefox does not play it" in result.stdout) == (suffix == ".flac")

    def read(name: str) -> bytes | None:
        return (tmp_path / name).read_bytes() if (tmp_path / name).is_file() else None

    with served_page(read, TYPES[suffix]) as address:
        page.go(address)
        if suffix == ".flac" and isinstance(page, FirefoxPage):
            # It reads no FLAC that has something before it. Once it does, docs/clips.md and what is printed are wrong.
            assert page.run(LENGTH, plain.name) == 2
            assert "METADATA_ERR" in page.run(LENGTH, signed.name)
            return
        assert page.run(LENGTH, signed.name) == page.run(LENGTH, plain.name) == pytest.approx(2, abs=0.2)
        assert page.run(SAMPLES, signed.name) == page.run(SAMPLES, plain.name)
