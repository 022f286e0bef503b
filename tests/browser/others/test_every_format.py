"""One sound in every kind of file: it plays, jumps and is cut rightly, as it is held and as its access copy."""

from __future__ import annotations

import base64
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import one_sound
import pytest
from browser.conftest import serving
from browser.others.chromium import chromium_page
from browser.others.driven_page import LIMIT
from tones import linear, pitch, read_wav

from player.audio.decode import stream
from player.audio.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from browser.others.driven_page import DrivenPage
    from browser.others.firefox import Firefox
    from playwright.sync_api import Browser

pytestmark = pytest.mark.long

EVERY = pytest.mark.parametrize("slug", one_sound.FORMATS)
IN_BOTH = pytest.mark.parametrize("name", ["Chromium", "Firefox"])
#: What, as it is held, is heard elsewhere than the time says, half a second or more after some jumps in some browser.
ADRIFT = {"m4a-empty-first-edit", "mp3-variable", "adts", "vorbis"}
#: Where each test jumps, in whole seconds.
FAR, NEAR = 19, 4

# Listen to what is heard half a second after a moment, and give its pitch in Hz. Whoever comes too late listens again.
HEAR = """
const [second] = arguments;
const audio = document.querySelector("audio");
return (async () => {
  if (!window.ear) {
    const context = new AudioContext();
    window.ear = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
    context.createMediaElementSource(audio).connect(ear).connect(context.destination);
    await context.resume();
  }
  const isThere = () => !audio.seeking && !audio.paused && audio.currentTime > second + 0.5;
  const heard = new Float32Array(ear.frequencyBinCount);
  do {
    audio.currentTime = second + 0.2;
    await audio.play();
    while (!isThere()) await new Promise((done) => setTimeout(done, 10));
    ear.getFloatFrequencyData(heard);
  } while (audio.currentTime > second + 0.9);
  audio.pause();
  return heard.indexOf(Math.max(...heard)) * ear.context.sampleRate / ear.fftSize;
})();
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return one_sound.write_archive(tmp_path_factory.mktemp("formats") / "archive")


@pytest.fixture(scope="module")
def held(archive: Path) -> Iterator[str]:
    """The address of a server that has nowhere to keep a copy, and so plays what is held."""
    with serving(archive, archive / "media" / "wav.wav" / "no folder") as address:
        yield address


@pytest.fixture
def page(name: str, request: pytest.FixtureRequest) -> Iterator[DrivenPage]:
    """A page of the browser of that name."""
    with opened(name, request) as page:
        yield page


@contextmanager
def opened(name: str, request: pytest.FixtureRequest) -> Iterator[DrivenPage]:
    if name == "Chromium":
        browser: Browser = request.getfixturevalue("browser")
        with chromium_page(browser) as page:
            yield page
    else:
        fox: Firefox = request.getfixturevalue("fox")
        with fox.page() as other:
            other.resize(1280, 720)
            yield other


def wait(condition: Callable[[], Any]) -> Any:
    """Wait until something is, and give it."""
    for _ in range(LIMIT // 50):
        if found := condition():
            return found
        time.sleep(0.05)
    raise TimeoutError("it never is")


def sound_of(archive: Path, slug: str) -> Path:
    return archive / "media" / f"{slug}{one_sound.FORMATS[slug][0]}"


def assert_clip_of_line(page: DrivenPage, second: int, sound: Path, folder: Path) -> None:
    """Cut the line of that second on the page: but for its fades, it is what is held, to the sample."""
    page.press("c")
    page.until("document.querySelector('clip-picker a[data-address$=\".wav\"][href]')?.checkVisibility()")
    content = page.run(
        """const { href } = document.querySelector("clip-picker a[data-address$='.wav']");
        const text = (content) => Array.from(new Uint8Array(content), (byte) => String.fromCharCode(byte)).join("");
        return fetch(href).then((answer) => answer.arrayBuffer()).then((content) => btoa(text(content)));"""
    )
    clip = folder / "clip.wav"
    clip.write_bytes(base64.b64decode(content))
    assert_samples(clip, second, sound)


def assert_samples(clip: Path, second: int, sound: Path) -> None:
    """The clip is a second of what is held; at both ends a tenth of it may be faded."""
    header = stream.header(clip)
    cut = read_wav(clip)
    assert (header.rate, cut.size) == (stream.header(sound).rate, header.rate)
    whole = linear(sound, cut.itemsize)
    tenth = header.rate // 10
    inner = cut[tenth:-tenth]
    first = second * header.rate + tenth
    assert (inner == whole[first : first + inner.size]).all()
    assert round(pitch(inner, header.rate), -1) == one_sound.pitch_at(second)


@EVERY
@IN_BOTH
def test_as_it_is_held_it_plays_or_the_page_says_that_it_does_not_and_it_can_be_cut(
    name: str, slug: str, page: DrivenPage, held: str, archive: Path, tmp_path: Path
) -> None:
    sound = sound_of(archive, slug)
    page.go(f"{held}/recordings/{slug}")
    if name in kind_of(stream.header(sound)).unplayed_in:
        page.until("document.querySelector('.message')?.innerText.startsWith('This browser cannot play this kind of')")
        return
    page.open(f"{held}/recordings/{slug}")
    for second in (FAR, NEAR):
        page.request("seekrequest", ms=second * 1000 + 300)
        page.until_line(f"s{second}")
    assert_clip_of_line(page, NEAR, sound, tmp_path)
    for second in (FAR, NEAR):
        heard = page.run(HEAR, second)
        assert slug in ADRIFT or abs(heard - one_sound.pitch_at(second)) < 20
    assert page.errors == []
