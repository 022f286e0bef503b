"""Which kinds of sound a browser plays is as the table says, whatever type they are sent as."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from browser.empty_page import empty_page

from player.audio import ffmpeg
from player.audio.decode import stream
from player.audio.formats import CONTAINERS
from player.audio.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long

_NARROW = ("-ar", "8000", "-c:a")
#: How ffmpeg makes one of each: the suffix that names the container to it, and its options.
MADE: dict[str, tuple[str, ...]] = {
    **{f"{codec}.wav": ("-c:a", codec) for codec in ("pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le")},
    **{f"{codec}.wav": ("-c:a", codec) for codec in ("pcm_f64le", "adpcm_ms", "adpcm_ima_wav", "mp2", "libmp3lame")},
    **{f"{codec}.wav": (*_NARROW, codec) for codec in ("pcm_alaw", "pcm_mulaw")},
    **{f"{codec}.m4a": ("-c:a", codec) for codec in ("aac", "alac")},
    **{f"{codec}.mp4": ("-c:a", codec, "-strict", "-2") for codec in ("libmp3lame", "libopus", "flac", "ac3")},
    **{f"{codec}.mov": ("-c:a", codec) for codec in ("pcm_s16le", "pcm_s16be", "pcm_s24le")},
    **{f"{codec}.mka": ("-c:a", codec) for codec in ("libopus", "libvorbis", "aac", "flac", "libmp3lame", "alac")},
    **{f"{codec}.ogg": ("-c:a", codec) for codec in ("libopus", "libvorbis", "flac")},
    **{f"a.{suffix}": () for suffix in ("flac", "mp3", "aac", "aiff", "wma", "w64", "au", "caf", "ac3", "eac3", "wv")},
    "rf64.wav": ("-rf64", "always"),
    "a.mp2": ("-c:a", "mp2"),
    "a.tta": ("-c:a", "tta"),
    "a.amr": (*_NARROW, "libopencore_amrnb"),
    "amr.3gp": (*_NARROW, "libopencore_amrnb"),
}

PLAY = """
address => new Promise(resolve => {
  const audio = new Audio(address);
  audio.muted = true;
  audio.onerror = () => resolve(false);
  audio.ontimeupdate = () => { if (audio.currentTime > 0.2) { audio.pause(); resolve(true); } };
  audio.play().catch(() => {});
})
"""


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one of each."""
    folder = tmp_path_factory.mktemp("sounds")
    tone = ("-f", "lavfi", "-i", "sine=f=440:r=44100:d=2")
    for name, options in MADE.items():
        command = [ffmpeg.executable(), "-v", "error", *tone, *options, str(folder / name)]
        subprocess.run(command, check=True)
    return folder


@pytest.fixture(scope="module")
def page(browser: Browser, sounds: Path) -> Iterator[Page]:
    """An empty page of a server that has the sounds, and says of none what it is."""

    def read(name: str) -> bytes | None:
        return (sounds / name).read_bytes() if (sounds / name).is_file() else None

    with empty_page(browser, read, "application/octet-stream") as page:
        yield page


@pytest.mark.parametrize("name", MADE)
def test_a_kind_plays_or_not_as_the_table_says(name: str, page: Page, sounds: Path) -> None:
    header = stream.header(sounds / name)
    if header.codec == "aac" and not page.evaluate("() => new Audio().canPlayType('audio/mp4; codecs=mp4a.40.2')"):
        pytest.skip("this build of Chromium was made without AAC")
    assert page.evaluate(PLAY, f"/{name}") is ("Chromium" not in kind_of(header).unplayed_in)


def test_one_of_each_container_is_tried(sounds: Path) -> None:
    tried = {stream.header(sounds / name).container for name in MADE}
    assert tried == CONTAINERS.keys() - {"ape"}  # which ffmpeg reads, and does not write
