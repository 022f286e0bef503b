"""One sound in every kind of file: it plays, jumps and is cut rightly, as it is held and as its access copy."""

from __future__ import annotations

import base64
import shutil
import time
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any

import one_sound
import pytest
from browser.conftest import serving
from browser.others.chromium import chromium_page
from browser.others.driven_page import LIMIT
from browser.others.firefox import firefox
from browser.others.wiretap import overheard
from browser.player_page import without_aac
from clipping import run
from tones import linear, pitch, read_wav

from player.audio import access
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

AUDIO = "const audio = document.querySelector('audio')"
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
  // On a busy machine the ear may have got nothing yet: all of it is minus infinity.
  } while (audio.currentTime > second + 0.9 || !heard.some(Number.isFinite));
  audio.pause();
  return heard.indexOf(Math.max(...heard)) * ear.context.sampleRate / ear.fftSize;
})();
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive without copies."""
    return one_sound.write_archive(tmp_path_factory.mktemp("formats") / "archive")


@pytest.fixture(scope="module")
def held(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that makes no copies, and so plays what is held."""
    with serving(archive, tmp_path_factory.mktemp("cache"), PLAYER_COPY_MEGABYTES="0") as address:
        yield address


@pytest.fixture(scope="module")
def copied(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the archive with every copy that is needed."""
    root = shutil.copytree(archive, tmp_path_factory.mktemp("copied") / "archive")
    done = run(root, "access", "--all")
    assert done.exit_code == 0, done.output
    with serving(root, tmp_path_factory.mktemp("cache"), PLAYER_COPY_MEGABYTES="0") as address:
        yield address


@pytest.fixture(scope="module")
def fox_without_aac(sound: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A Firefox that plays no MP4, and so no copy."""
    with firefox(tmp_path_factory.mktemp("firefox"), sound, **{"media.mp4.enabled": False}) as browser:
        yield browser


@pytest.fixture(scope="module")
def still_foxes(sound: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Firefox]]:
    """Give a Firefox without scripts, with AAC or without."""
    with ExitStack() as stack:

        @cache
        def start(*, has_aac: bool) -> Firefox:
            preferences = {"javascript.enabled": False, "media.mp4.enabled": has_aac}
            return stack.enter_context(firefox(tmp_path_factory.mktemp("firefox"), sound, **preferences))

        yield start


@pytest.fixture
def open_page(request: pytest.FixtureRequest) -> Iterator[Callable[..., DrivenPage]]:
    """Open a page of the browser of a name, with AAC or without."""
    with ExitStack() as stack:

        def start(name: str, *, has_aac: bool = True) -> DrivenPage:
            if name == "Chromium":
                browser: Browser = request.getfixturevalue("browser")
                page = stack.enter_context(chromium_page(browser))
                if not has_aac:
                    page.page.route("**/recordings/*", without_aac)
                return page
            fox: Firefox = request.getfixturevalue("fox" if has_aac else "fox_without_aac")
            return stack.enter_context(fox.page())

        yield start


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


def assert_plays(page: DrivenPage, slug: str, sound: Path, folder: Path, *, is_copy: bool) -> None:
    """The copy plays or what is held, jumps lead to the right line and tone, and a line's clip is its second."""
    page.resize(1280, 720)
    assert page.ask("new URL(audio.currentSrc).pathname") == f"/media/{slug}{'/access' if is_copy else ''}"
    for second in (FAR, NEAR):
        page.request("seekrequest", ms=second * 1000 + 300)
        page.until_line(f"s{second}")
    assert_clip_of_line(page, NEAR, sound, folder)
    for second in (FAR, NEAR):
        heard = page.run(HEAR, second)
        assert (slug in ADRIFT and not is_copy) or abs(heard - one_sound.pitch_at(second)) < 20, second
    assert page.errors == []


def assert_cannot_play(page: DrivenPage) -> None:
    """The page says so, and what plays instead."""
    page.until("document.querySelector('.message')?.innerText.startsWith('This browser cannot play this kind of')")
    page.until("document.querySelector('.instead:not([hidden])')")


@pytest.mark.sampled
@EVERY
@IN_BOTH
def test_without_a_copy_what_is_held_plays_or_the_page_says_that_it_does_not(
    name: str, slug: str, open_page: Callable[..., DrivenPage], held: str, archive: Path, tmp_path: Path
) -> None:
    sound = sound_of(archive, slug)
    page = open_page(name)
    if name in kind_of(stream.header(sound)).unplayed_in:
        page.go(f"{held}/recordings/{slug}")
        assert_cannot_play(page)
        return
    page.open(f"{held}/recordings/{slug}")
    assert_plays(page, slug, sound, tmp_path, is_copy=False)
    assert page.ask("document.querySelector('.inexact') !== null") is (access.needed(sound) is not None)


@pytest.mark.sampled
@EVERY
@IN_BOTH
def test_with_a_copy_every_kind_plays_at_the_times_of_what_is_held(
    name: str, slug: str, open_page: Callable[..., DrivenPage], copied: str, archive: Path, tmp_path: Path
) -> None:
    sound = sound_of(archive, slug)
    page = open_page(name)
    page.open(f"{copied}/recordings/{slug}")
    assert_plays(page, slug, sound, tmp_path, is_copy=access.needed(sound) is not None)


# Firefox has no preference for AAC without a container: it plays that all the same.
@pytest.mark.sampled
@pytest.mark.parametrize("slug", [slug for slug in one_sound.FORMATS if slug != "adts"])
@IN_BOTH
def test_a_browser_without_aac_plays_what_is_held_and_is_told_or_is_offered_clips(
    name: str, slug: str, open_page: Callable[..., DrivenPage], copied: str, archive: Path, tmp_path: Path
) -> None:
    sound = sound_of(archive, slug)
    page = open_page(name, has_aac=False)
    is_mp4 = stream.header(sound).container == "mov" and name == "Firefox"
    if is_mp4 or name in kind_of(stream.header(sound)).unplayed_in:
        page.go(f"{copied}/recordings/{slug}")
        assert_cannot_play(page)
        return
    page.open(f"{copied}/recordings/{slug}")
    assert_plays(page, slug, sound, tmp_path, is_copy=False)
    if access.needed(sound) is not None:
        page.until("document.body.innerText.includes('This browser plays the sound file itself, not its exact copy')")


@pytest.mark.sampled
@EVERY
@pytest.mark.parametrize("has_aac", [True, False])
def test_without_scripts_chromium_plays_it_from_where_the_address_leads(
    slug: str, browser: Browser, copied: str, archive: Path, tmp_path: Path, *, has_aac: bool
) -> None:
    sound = sound_of(archive, slug)
    is_copy = has_aac and access.needed(sound) is not None
    with chromium_page(browser, java_script_enabled=False) as page:
        if not has_aac:
            page.page.route("**/recordings/*", without_aac)
        page.go(f"{copied}/recordings/{slug}?t={FAR}")
        if is_copy or "Chromium" not in kind_of(stream.header(sound)).unplayed_in:
            page.page.locator("audio").press("Space")
            wait(lambda: page.run(f"{AUDIO}; return !audio.paused && audio.currentTime > {FAR + 0.2}"))
            assert page.run(f"{AUDIO}; return audio.currentSrc.includes('/access?')") is is_copy
        with page.page.expect_download() as download:
            page.page.goto(f"{copied}/recordings/{slug}/lines/s{NEAR}")
            page.page.locator(".about-line .cut").first.click()
        download.value.save_as(tmp_path / "clip.mp3")
    assert_is_second(tmp_path / "clip.mp3", NEAR)


@pytest.mark.sampled
@EVERY
@pytest.mark.parametrize("has_aac", [True, False])
def test_without_scripts_firefox_takes_the_sound_that_it_plays(
    slug: str, still_foxes: Callable[..., Firefox], copied: str, archive: Path, *, has_aac: bool
) -> None:
    """Its driver runs nothing where scripts are off: what it asks of the server says what it plays."""
    is_copied = access.needed(sound_of(archive, slug)) is not None
    with overheard(copied) as tap, still_foxes(has_aac=has_aac).page() as page:
        page.go(f"{tap.address}/recordings/{slug}?t={FAR}")
        used = f"/media/{slug}{'/access' if is_copied and has_aac else ''}"
        wait(lambda: used in {each.address.partition("?")[0] for each in tap.exchanges if each.status in {200, 206}})
        asked = {each.address.partition("?")[0] for each in tap.exchanges if each.address.startswith("/media/")}
    assert asked == {used}


def assert_is_second(clip: Path, second: int) -> None:
    """The clip is of that second of the sound, by its pitch."""
    rate = stream.header(clip).rate
    assert abs(pitch(linear(clip)[rate // 4 : -rate // 4], rate) - one_sound.pitch_at(second)) < 10
