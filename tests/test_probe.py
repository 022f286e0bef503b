"""The length of a sound is counted, not believed."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tones import EVERY_KIND, encoded, linear, write_tones

from player.audio import ffmpeg
from player.audio import probe as probe_module
from player.audio.probe import Sound, probe
from player.errors import AudioError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_sound_is_as_long_as_its_linear_decode(tmp_path: Path, kind: str) -> None:
    tape = encoded(write_tones(tmp_path / "tape.wav", seconds=5, rate=16_000), kind)
    whole = linear(tape)
    sound = probe(tape)
    assert sound.length == whole.size
    assert sound.rate == (48_000 if kind == "opus" else 16_000)
    assert sound.duration == pytest.approx(5000, abs=120)


def test_both_channels_are_one_length(tmp_path: Path) -> None:
    tape = encoded(write_tones(tmp_path / "tape.wav", seconds=2, channels=2), "flac")
    assert probe(tape) == Sound(22_050, 2, 44_100)


def test_a_duration_is_milliseconds_that_are_all_there() -> None:
    assert Sound(44_100, 1, 44_099).duration == 999
    assert Sound(44_100, 1, 44_100).duration == 1000


def test_a_sound_that_was_probed_is_not_decoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape = encoded(write_tones(tmp_path / "tape.wav", seconds=2), "flac")
    os.utime(tape, (1_000_000_000, 1_000_000_000))
    sound = probe(tape)
    monkeypatch.setattr(ffmpeg, "executable", lambda: "/no/ffmpeg")
    assert probe(tape) == sound


@pytest.mark.parametrize("kind", ["flac", "opus", "m4a", "vorbis"])
def test_what_a_container_states_is_told_without_decoding(tmp_path: Path, kind: str) -> None:
    tape = encoded(write_tones(tmp_path / "tape.wav", seconds=5, rate=16_000), kind)
    os.utime(tape, (1_000_000_000, 1_000_000_000))
    assert probe_module.counted(tape) is None
    told = probe_module.stated(tape)
    assert told == pytest.approx(5000, abs=120)
    sound = probe(tape)
    assert probe_module.counted(tape) == sound


def test_a_length_that_is_guessed_from_the_bitrate_is_not_told(tmp_path: Path) -> None:
    tape = tmp_path / "tape.aac"
    source = ["-f", "lavfi", "-i", "sine=d=20:r=16000"]
    subprocess.run([ffmpeg.executable(), "-v", "error", *source, str(tape)], check=True)
    assert probe_module.stated(tape) is None


def test_a_text_that_is_named_as_sound_is_refused(tmp_path: Path) -> None:
    tape = tmp_path / "tape.mp3"
    tape.write_text("Not sound.\n" * 1000, encoding="utf-8")
    with pytest.raises(AudioError, match=r"tape\.mp3: the sound cannot be decoded .*; replace it with a sound file"):
        probe(tape)
