"""The samples that recognisers read begin with the page's clock, and keep its time to the sample."""

from __future__ import annotations

import os
import shutil
import wave
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tones import EVERY_KIND, encoded, linear, write_tones

from player.align import samples as of_samples
from player.align.samples import RATE, forget, samples
from player.audio import forgetting, probe
from player.audio.decode import stream
from player.errors import AudioError, WriteError

if TYPE_CHECKING:
    from pathlib import Path

CLICKS = (0.5, 1.25, 2.5)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def clicks(path: Path, rate: int, channels: int, length: int) -> Path:
    """Write silence with a click at each of three times, in every channel."""
    made = np.zeros((length, channels), "<i2")
    for moment in CLICKS:
        made[int(moment * rate) : int(moment * rate) + 1] = 20_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(made.tobytes())
    return path


@pytest.mark.sampled
@pytest.mark.long
@pytest.mark.parametrize(
    ("rate", "channels"), [(44_100, 1), (8000, 1), (48_000, 9), (22_050, 3), (96_000, 2), (16_000, 1)]
)
@pytest.mark.parametrize("more", [0, 1, 17])
def test_a_click_is_at_its_time_to_the_sample(tmp_path: Path, rate: int, channels: int, more: int) -> None:
    sound = clicks(tmp_path / "clicks.wav", rate, channels, 3 * rate + more)
    with samples(sound) as held:
        found = np.abs(held.open().astype(int))
        assert found.size == held.length == -(-(3 * rate + more) * RATE // rate)
        for moment in CLICKS:
            at = int(moment * RATE)
            assert int(found[at - 800 : at + 800].argmax()) == 800


@pytest.mark.long
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_file_begins_at_time_0(tmp_path: Path, kind: str) -> None:
    """Also an MP3, before whose sound its encoder put samples of its own."""
    sound = encoded(write_tones(tmp_path / "tape.wav", seconds=3, rate=32_000), kind)
    header = stream.header(sound)
    whole = linear(sound, 2).reshape(-1, header.channels)[:, 0].astype(float)
    with samples(sound) as held:
        found = held.open().astype(float)
        assert held.length == -(-probe.probe(sound).length * RATE // header.rate)
    step = header.rate // RATE
    # What is left of the decoded sound below the half of the lower rate, sample by sample: two or three to one.
    low = np.fft.irfft(np.fft.rfft(whole)[: whole.size // (2 * step)], whole.size // step) / step
    end = min(low.size, found.size) - RATE // 10
    shifts = {by: float(np.corrcoef(low[100:end], found[100 + by : end + by])[0, 1]) for by in range(-50, 51)}
    best = max(shifts, key=shifts.__getitem__)
    assert best == 0
    assert shifts[0] > 0.99


def test_they_are_kept_until_they_are_forgotten(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = clicks(tmp_path / "clicks.wav", RATE, 1, 3 * RATE)
    with samples(sound) as held:
        assert held.duration == 3000
    assert [path.stat().st_size for path in cache.glob("samples-1/*")] == [6 * RATE]
    with monkeypatch.context() as patch:
        patch.setattr(of_samples, "_write", lambda *_: pytest.fail("they are there"))
        with samples(sound):
            forget(sound)
            assert list(cache.glob("samples-1/*")), "a process works on them"
    forget(sound)
    assert list(cache.glob("samples-1/*")) == []


def test_damaged_ones_are_made_anew(tmp_path: Path, cache: Path) -> None:
    sound = clicks(tmp_path / "clicks.wav", RATE, 1, 3 * RATE)
    with samples(sound) as held:
        first = held.open().tobytes()
    next(cache.glob("samples-1/*")).write_bytes(first[:-2])
    with samples(sound) as held:
        assert held.open().tobytes() == first


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=12_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    sound = clicks(tmp_path / "clicks.wav", RATE, 1, 3 * RATE)
    told = r"clicks\.wav: its samples take 51 MB .* has 12 MB free; set PLAYER_CACHE to a folder with more room"
    with pytest.raises(WriteError, match=told), samples(sound):
        pass


def test_where_the_cache_cannot_be_written_they_are_in_a_temporary_folder(tmp_path: Path, cache: Path) -> None:
    cache.write_text("a file where the folder should be", encoding="utf-8")
    sound = clicks(tmp_path / "clicks.wav", RATE, 1, 3 * RATE)
    with samples(sound) as held:
        assert held.open().size == 3 * RATE
    assert not held.path.exists()


def test_a_sound_without_samples_is_told(tmp_path: Path) -> None:
    sound = tmp_path / "empty.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
    with pytest.raises(AudioError, match="the file contains no sound"), samples(sound):
        pass


def test_they_go_with_what_was_derived_from_a_sound_that_is_withdrawn(tmp_path: Path, cache: Path) -> None:
    sound = clicks(tmp_path / "clicks.wav", RATE, 1, 3 * RATE)
    with samples(sound):
        pass
    (kept,) = cache.glob("samples-1/*")
    assert kept in forgetting.derived(sound)


def test_old_ones_that_nobody_works_on_go(tmp_path: Path, cache: Path) -> None:
    sound, other = (clicks(tmp_path / f"{name}.wav", RATE, 1, 3 * RATE) for name in ("clicks", "other"))
    for each in (sound, other):
        with samples(each):
            pass
    names = sorted(path.name for path in cache.glob("samples-1/*"))
    forget(tmp_path / "third.wav")
    assert sorted(path.name for path in cache.glob("samples-1/*")) == names
    for path in cache.glob("samples-1/*"):
        os.utime(path, (0, 0))
    with samples(sound):
        forget(other)
        assert len(list(cache.glob("samples-1/*"))) == 1
