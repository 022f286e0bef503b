"""A copy for browsers has the times of its sound, to the sample, or it is not kept."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from clip_server import gated
from tones import EXECUTABLE, encoded, ffmpeg, linear, sought, write_tones

from player.audio import access, access_encode
from player.audio import ffmpeg as programs
from player.audio.decode import chunks, stream
from player.errors import AudioError, WriteError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from player.audio.access_make import Made

SECONDS = 12
NOISE = ("-f", "lavfi", "-i", "anoisesrc=d=6:r=96000:a=0.3:seed=1963:c=pink")


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tones(tmp_path_factory.mktemp("tape") / "tape.wav", seconds=SECONDS)


def made(held: Path, folder: Path, kind: str = "m4a") -> Made:
    return access.make(held, folder / "copies" / f"copy.{kind}", kind=kind)


def sound(path: Path, rate: int, channels: int = 1) -> NDArray[Any]:
    """Decode a file with one ffmpeg, at a rate: a row for each sample."""
    whole = ffmpeg("-i", str(path), "-ar", str(rate), "-f", "s16le", "-")
    return np.frombuffer(whole, "<i2").reshape(-1, channels).astype(float)


def lag(one: NDArray[Any], other: NDArray[Any], at: int, length: int = 8192, most: int = 3000) -> int:
    """Tell by how many samples ``other`` is late at a place, by the peak of the correlation."""
    here = np.zeros(length + 2 * most)
    first, last = max(0, at - most), min(len(other), at + length + most)
    here[first - at + most : last - at + most] = other[first:last]
    there = one[at : at + length]
    size = 1 << (len(here) + len(there)).bit_length()
    product = np.fft.irfft(np.fft.rfft(here, size) * np.conj(np.fft.rfft(there, size)), size)
    return int(product[: 2 * most + 1].argmax()) - most


SOURCES: dict[str, tuple[str, ...]] = {
    "mp3 of constant bitrate": ("held.mp3", "-b:a", "64k"),
    "mp3 of variable bitrate": ("held.mp3", "-q:a", "5"),
    "mp3 that says nothing of its delay": ("held.mp3", "-q:a", "5", "-write_xing", "0"),
    "vorbis": ("held.ogg", "-c:a", "libvorbis"),
    "opus": ("held.opus", "-ar", "48000"),
    "aiff of 24 bits": ("held.aiff", "-c:a", "pcm_s24be"),
    "apple lossless": ("held.m4a", "-c:a", "alac"),
    "aac without its length": ("held.aac", "-c:a", "aac"),
    "aac in fragments": ("held.mp4", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"),
    "amr": ("held.amr", "-ar", "8000", "-c:a", "libopencore_amrnb"),
    "adpcm": ("held.wav", "-c:a", "adpcm_ms"),
    "mu-law at 8 kHz": ("held.au", "-ar", "8000", "-c:a", "pcm_mulaw"),
}


@pytest.mark.long
@pytest.mark.parametrize("source", SOURCES)
def test_a_copy_begins_and_ends_and_is_in_step_with_its_sound(tmp_path: Path, source: str) -> None:
    name, *options = SOURCES[source]
    held = tmp_path / name
    ffmpeg(*NOISE, "-ar", "22050", *options, str(held))
    copy = made(held, tmp_path)
    assert copy.compared >= 8
    assert copy.rate == stream.header(held).rate
    one, other = sound(held, copy.rate), sound(copy.path, copy.rate)
    assert len(one) == len(other) == copy.length
    for at in (0, len(one) // 2, len(one) - 8192):
        assert lag(one[:, 0], other[:, 0], at) == 0


@pytest.mark.long
@pytest.mark.parametrize("kind", ["mp3 of constant bitrate", "mp3 of variable bitrate", "vorbis", "m4a"])
def test_a_tone_with_noise_is_not_taken_for_late(wav: Path, tmp_path: Path, kind: str) -> None:
    assert made(encoded(wav, kind), tmp_path).compared


RATES = [
    *((5000, 8000, "m4a"), (7350, 8000, "m4a"), (37_800, 44_100, "m4a"), (50_000, 48_000, "m4a")),
    *((88_200, 44_100, "m4a"), (96_000, 48_000, "m4a"), (2000, 8000, "flac"), (5000, 5000, "flac")),
]


@pytest.mark.long
@pytest.mark.parametrize(("rate", "copied", "kind"), RATES)
def test_a_rate_that_a_format_lacks_or_no_listener_hears_becomes_one_that_browsers_play(
    tmp_path: Path, rate: int, copied: int, kind: str
) -> None:
    held = tmp_path / "held.aiff"
    ffmpeg(*NOISE, "-ar", str(rate), "-c:a", "pcm_s16be", str(held))
    copy = made(held, tmp_path, kind)
    assert copy.rate == copied
    length = len(linear(held))
    assert copy.length == round(length * copied / rate) == len(linear(copy.path))
    one, other = sound(held, copied), sound(copy.path, copied)
    for at in (0, copy.length // 2, copy.length - 8192):
        assert lag(one[:, 0], other[:, 0], at) == 0


@pytest.mark.long
def test_a_wav_at_another_rate_is_the_same_by_one_ffmpeg_as_by_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = write_tones(tmp_path / "tape.wav", seconds=3)
    ffmpeg("-y", "-i", str(held), "-ar", "3000", str(tmp_path / "slow.wav"))
    started: list[Any] = []
    begin = programs.encode

    def noted(*given: Any) -> None:
        started.append(given)
        begin(*given)

    monkeypatch.setattr(programs, "encode", noted)
    one = made(tmp_path / "slow.wav", tmp_path / "one").path.read_bytes()
    assert not started, "a second one would take 8 MB"

    def broken(*_: object) -> None:
        raise AudioError("it cannot be done at once")

    monkeypatch.setattr(access_encode, "_at_once", broken)
    assert made(tmp_path / "slow.wav", tmp_path / "two").path.read_bytes() == one
    assert started


def test_a_flac_keeps_rate_and_samples(tmp_path: Path) -> None:
    held = tmp_path / "held.aiff"
    ffmpeg(*NOISE, "-c:a", "pcm_s24be", str(held))
    copy = made(held, tmp_path, "flac")
    assert copy.rate == 96_000
    assert np.array_equal(linear(held, 4), linear(copy.path, 4))


CHANNELS = [("stereo", 2, "m4a"), ("3.0", 3, "flac"), ("5.1", 6, "flac"), ("6.1", 7, "flac"), ("7.1", 8, "flac")]


@pytest.mark.long
@pytest.mark.parametrize(("layout", "channels", "kind"), CHANNELS)
def test_each_channel_stays_where_it_is(tmp_path: Path, layout: str, channels: int, kind: str) -> None:
    """AAC would lose one of six or of eight, for it takes that for low frequencies."""
    held = tmp_path / "held.aiff"
    tones = "|".join(f"0.2*sin(2*PI*{40 + 60 * number}*t)*(1+0.2*sin(t*{number + 3}))" for number in range(channels))
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc={tones}:c={layout}:d=2", "-c:a", "pcm_s16be", str(held))
    assert access.kind_for(held) == kind
    copy = made(held, tmp_path, kind)
    assert copy.channels == channels
    one, other = sound(held, copy.rate, channels), sound(copy.path, copy.rate, channels)
    assert one.shape == other.shape
    for number in range(channels):
        pitches = [np.abs(np.fft.rfft(each[:, number])).argmax() for each in (one, other)]
        assert pitches[0] == pitches[1]


def test_more_than_two_channels_in_m4a_are_refused(tmp_path: Path) -> None:
    held = tmp_path / "held.aiff"
    ffmpeg(*NOISE, "-ac", "3", "-t", "1", "-c:a", "pcm_s16be", str(held))
    with pytest.raises(WriteError, match=r"in M4A, a copy may lose one of its 3 channels; use --format flac"):
        made(held, tmp_path)


def test_a_copy_that_lost_the_softer_of_two_channels_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = tmp_path / "held.wav"
    left, right = "0.5*(random(0)-0.5)", "0.2*(random(1)-0.5)"
    ffmpeg("-f", "lavfi", "-i", f"aevalsrc={left}|{right}:s=22050:d=3", str(held))
    assert made(held, tmp_path / "whole").compared >= 8
    lose = 'case "$*" in *pipe:0*) set -- $(echo "$@" | sed "s#-c:a#-af pan=stereo|c0=c0 -c:a#");; esac'
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, f'{lose}\nexec {EXECUTABLE} "$@"')))
    with pytest.raises(WriteError, match=r"does not sound like it at 0:00, so it was not kept"):
        made(held, tmp_path)


def test_more_channels_than_a_copy_can_have_are_refused(tmp_path: Path) -> None:
    held = tmp_path / "held.aiff"
    ffmpeg(*NOISE, "-ac", "10", "-c:a", "pcm_s16be", str(held))
    with pytest.raises(WriteError, match=r"no copy can have its 10 channels; mix its channels into 8 or fewer"):
        made(held, tmp_path)
    (told,) = access.advice(tmp_path, "held", held)
    assert told.remedy.startswith("mix its channels into 8 or fewer")


SHORT = [(1, 8000), (1, 96_000), (2, 44_100), (441, 44_100), (1023, 44_100), (1024, 44_100), (1025, 8000), (5000, 8000)]


@pytest.mark.parametrize(
    ("length", "rate"), [SHORT[0], *(pytest.param(*each, marks=pytest.mark.long) for each in SHORT[1:])]
)
def test_a_very_short_sound_has_a_copy_as_short(tmp_path: Path, length: int, rate: int) -> None:
    held = tmp_path / "held.aiff"
    ffmpeg(*NOISE, "-ar", str(rate), "-af", f"aresample={rate},atrim=end_sample={length}", str(held))
    assert len(linear(held)) == length
    copy = made(held, tmp_path)
    assert len(linear(copy.path)) == copy.length == max(1, round(length * copy.rate / rate))
    assert bool(copy.remark) == (copy.length < 256)


def test_a_sound_without_a_sample_has_no_copy(tmp_path: Path) -> None:
    held = tmp_path / "held.wav"
    ffmpeg(*NOISE, "-t", "0", "-ar", "8000", str(held))
    for kind in ("m4a", "flac"):
        with pytest.raises(AudioError, match=r"held\.wav: the file contains no sound"):
            made(held, tmp_path, kind)
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.parametrize(
    "source",
    [
        "anullsrc=r=44100:d=3",
        *(pytest.param(each, marks=pytest.mark.long) for each in ("sine=f=1000:r=48000:d=3", "sine=f=50:r=8000:d=3")),
    ],
)
def test_what_sounds_alike_at_every_time_is_copied_and_said_not_to_be_compared(tmp_path: Path, source: str) -> None:
    held = tmp_path / "held.aiff"
    ffmpeg("-f", "lavfi", "-i", source, str(held))
    copy = made(held, tmp_path)
    assert len(linear(copy.path)) == len(linear(held))
    if source.startswith("anullsrc"):
        assert copy.remark == "too short, too quiet or too uniform to compare: only its length was checked"


def test_a_sound_that_is_silent_but_for_a_moment_is_compared_there(tmp_path: Path) -> None:
    held = tmp_path / "held.aiff"
    ffmpeg(*NOISE, "-ar", "44100", "-af", "volume='between(t,4.1,4.2)':eval=frame", str(held))
    assert made(held, tmp_path).compared == 1


@pytest.mark.long
def test_the_same_sound_makes_the_same_copy_and_its_sidecar_says_what_it_is(wav: Path, tmp_path: Path) -> None:
    held = encoded(wav, "vorbis")
    first, second = (made(held, tmp_path / name) for name in ("one", "two"))
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.sidecar.read_bytes() == second.sidecar.read_bytes()
    told = json.loads(first.sidecar.read_text(encoding="utf-8"))
    content = first.path.read_bytes()
    assert told["copy"] == {
        "name": "copy.m4a",
        "type": 'audio/mp4; codecs="mp4a.40.2"',
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert told["made_from"] == {"name": held.name, "sha256": hashlib.sha256(held.read_bytes()).hexdigest()}
    assert (told["rate"], told["channels"], told["samples"]) == (22_050, 1, SECONDS * 22_050)
    # What browsers play instead they play exactly.
    assert access.needed(first.path) is None
    # Whoever plays it while it arrives needs the index first.
    assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.long
def test_every_jump_in_a_copy_gives_the_samples_that_playing_on_gives(tmp_path: Path) -> None:
    """With noise substitution, as ffmpeg encodes by default, none does: what follows then is other noise."""
    held = tmp_path / "held.aiff"
    ffmpeg(*NOISE[:3], NOISE[3].replace("d=6", "d=20"), "-ar", "22050", str(held))
    copy = made(held, tmp_path).path
    with_noise = tmp_path / "noise.m4a"
    ffmpeg("-i", str(held), "-c:a", "aac", "-b:a", "32k", str(with_noise))
    random = np.random.default_rng(1963)
    for path, is_exact in ((copy, True), (with_noise, False)):
        header, whole = stream.header(path), linear(path).tobytes()
        first = int(random.integers(2 * header.rate, 4 * header.rate))
        for _ in range(6):
            # From a seek to the end of the passage, sample for sample.
            last = int(random.integers(first + 1, chunks.chunks(path).length))
            expected = whole[first * header.frame : last * header.frame]
            assert sought(path, header, first, last) == (expected if is_exact else None)
            first = int(random.integers(2 * header.rate, 19 * header.rate))


WRONG = [
    # what an encoder could do to a sound of 12 seconds at 22,050 samples a second, and what is told of it
    ("adelay=7S:all=1,atrim=end_sample=264600", r"is 0\.32 ms late at 0:00"),
    ("adelay=1S:all=1,atrim=end_sample=264600", r"is 0\.05 ms late at 0:00"),
    ("atrim=start_sample=1024,asetpts=N/SR/TB,apad=whole_len=264600", r"is 46\.44 ms early at 0:00"),
    ("aselect='lt(t,6)+gt(t,6.1)',asetpts=N/SR/TB,apad=whole_len=264600", r"is 92\.88 ms early at 0:06"),
    ("areverse", r"does not sound like it at 0:00"),
    ("volume=0", r"does not sound like it at 0:00"),
    ("atrim=end_sample=264599", r"is too short by 1 of its samples"),
    ("apad=pad_len=1", r"is too long by 1 of its samples"),
    ("apad=pad_len=3000", r"is too long by 3,000 of its samples"),
]


@pytest.mark.sampled(4)
@pytest.mark.long
@pytest.mark.parametrize(("filters", "what", "kind"), [*((*each, "m4a") for each in WRONG), (*WRONG[1], "flac")])
def test_a_copy_that_is_not_in_step_is_not_kept(
    wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filters: str, what: str, kind: str
) -> None:
    filtered = f"-af {filters},asetnsamples=n=4096:p=0 -c:a"
    before = f'case "$*" in *pipe:0*) set -- $(echo "$@" | sed "s#-c:a#{filtered}#");; esac'
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, f'{before}\nexec {EXECUTABLE} "$@"')))
    told = rf"copy\.{kind}: what ffmpeg made of tape\.wav {what}.*, so it was not kept"
    with pytest.raises(WriteError, match=told):
        made(wav, tmp_path, kind)
    assert list((tmp_path / "copies").iterdir()) == []


BROKEN = {
    # what ffmpeg does when it decodes, and when it encodes; what is told
    "a sound that fails half way": (
        'head -c 200000 /dev/zero; echo "[error] the tape is torn" >&2; exit 1', None, "the tape is torn"
    ),
    "a decoder that is killed": ("head -c 200000 /dev/zero; kill -9 $$", None, "ffmpeg was stopped before it finished"),
    "an encoder that fails": (None, 'echo "[error] No space left on device" >&2; exit 1', "No space left on device"),
    "an encoder that is killed": (None, 'echo half > "${last#file:}"; kill -9 $$', "stopped before it finished"),
    "an encoder that writes nothing": (None, "cat > /dev/null", "cannot be decoded, so it was not kept"),
    "an encoder that writes half": (
        None,
        f'cat > /dev/null; head -c 999 {sys.executable} > "${{last#file:}}"',
        "cannot be decoded, so it was not kept",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_copy_that_fails_half_way_leaves_nothing(
    wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    held = tmp_path / "held.ogg"
    held.write_bytes(encoded(wav, "vorbis").read_bytes())
    os.utime(held, (1e9, 1e9))
    stream.header(held)  # known from now on
    decode, encode, told = BROKEN[what]
    real = f'exec {EXECUTABLE} "$@"'
    script = (
        f'for last; do :; done\ncase "$*" in *pipe:0*) {encode or real};; *.ogg*) {decode or real};; *) {real};; esac'
    )
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, script)))
    with pytest.raises(AudioError, match=told) as caught:
        made(held, tmp_path)
    assert str(caught.value).startswith(str(held if decode else tmp_path / "copies" / "copy.m4a"))
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_sound_that_is_replaced_while_it_is_copied_has_no_copy(wav: Path, tmp_path: Path) -> None:
    held = tmp_path / "held.wav"
    held.write_bytes(wav.read_bytes())
    with pytest.raises(AudioError, match=r"held\.wav: the file changed while it was copied; try again"):
        access.make(held, tmp_path / "copies" / "copy.m4a", progress=lambda _: os.utime(held, (1, 1)))
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.long
def test_progress_rises_to_the_whole(wav: Path, tmp_path: Path) -> None:
    steps: list[float] = []
    access.make(encoded(wav, "opus"), tmp_path / "copy.m4a", progress=steps.append)
    assert steps == sorted(steps)
    assert len(steps) > 3
    assert steps[-1] == 1


@pytest.mark.long
def test_a_file_that_is_there_is_replaced_only_when_asked(wav: Path, tmp_path: Path) -> None:
    copy = made(wav, tmp_path)
    copy.path.write_bytes(b"mine")
    with pytest.raises(WriteError, match=r"copy\.json: there is a file already; use --force to replace it"):
        made(wav, tmp_path)
    assert copy.path.read_bytes() == b"mine"
    assert access.make(wav, copy.path, force=True) == copy
