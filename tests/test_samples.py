"""A passage is, sample for sample, what a decode of the whole file has there."""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from tones import EVERY_KIND, encoded, ffmpeg, linear, sought, write_tones

from player.audio.decode import chunks, stream
from player.audio.decode.samples import PastEndError, decode, sample_at
from player.errors import AudioError

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 90


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tones(tmp_path_factory.mktemp("tapes") / "tape.wav", seconds=SECONDS)


@pytest.fixture(scope="module", params=EVERY_KIND)
def tape(request: pytest.FixtureRequest, wav: Path) -> Path:
    return encoded(wav, request.param)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shell script in the place of ffmpeg; what it does is for the test to write."""
    script = tmp_path / "ffmpeg"
    script.touch(mode=0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(script))
    return script


def test_a_passage_equals_a_linear_decode(tape: Path) -> None:
    header = stream.header(tape)
    whole = linear(tape, header.width).tobytes()
    end = len(whole) // header.frame
    second = header.rate
    spans = {
        "the head": (0, second),
        "one sample": (12_345, 12_346),
        "25 s to 80 s": (25 * second, 80 * second),
        "across frames": (40 * second + 7, 40 * second + 1157),
        "the very end": (end - 4321, end),
    }
    for name, (first, last) in spans.items():
        passage = decode(tape, first, last)
        assert passage.length == last - first, name
        assert passage.samples == whole[first * header.frame : last * header.frame], name


@pytest.mark.long
@settings(max_examples=examples(12))
@given(data=st.data(), kind=st.sampled_from(["mp3 of variable bitrate", "m4a", "vorbis", "wav"]))
def test_a_random_passage_equals_a_linear_decode(wav: Path, data: st.DataObject, kind: str) -> None:
    tape = encoded(wav, kind)
    whole = linear(tape).tobytes()
    first = data.draw(st.integers(0, len(whole) // 2 - 2))
    last = data.draw(st.integers(first + 1, len(whole) // 2 - 1))
    assert decode(tape, first, last).samples == whole[first * 2 : last * 2]


@pytest.mark.parametrize("kind", ["wav", "mp3 of constant bitrate", "flac of 24 bits"])
def test_both_channels_are_decoded(tmp_path: Path, kind: str) -> None:
    tape = encoded(write_tones(tmp_path / "stereo.wav", seconds=3, rate=48_000, channels=2), kind)
    header = stream.header(tape)
    assert (header.rate, header.channels) == (48_000, 2)
    passage = decode(tape, 48_000, 96_001)
    assert passage.samples == linear(tape, header.width)[2 * 48_000 : 2 * 96_001].tobytes()


@pytest.mark.parametrize(
    ("kind", "width"),
    [("wav", 2), ("opus", 2), ("flac", 2), ("m4a", 2), ("flac of 24 bits", 4), ("wav of 24 bits", 4)],
)
def test_samples_are_as_wide_as_the_source_is_fine(tmp_path: Path, kind: str, width: int) -> None:
    assert stream.header(encoded(write_tones(tmp_path / "tape.wav", seconds=1), kind)).width == width


@pytest.mark.parametrize(
    ("moment", "rate", "sample"),
    [(0, 44_100, 0), (1, 44_100, 44), (5, 22_050, 110), (25_000, 22_050, 551_250), (10, 22_050, 221), (1, 500, 1)],
)
def test_a_millisecond_is_the_nearest_sample(moment: int, rate: int, sample: int) -> None:
    assert sample_at(moment, rate) == sample


@pytest.mark.parametrize("kind", ["wav", "wav of 24 bits", "mp3 of constant bitrate", "m4a"])
@pytest.mark.parametrize("second", [89, 91])
def test_a_passage_past_the_end_is_refused_with_the_length(wav: Path, kind: str, second: int) -> None:
    with pytest.raises(PastEndError, match=r"the sound ends at 1:30; choose") as refusal:
        decode(encoded(wav, kind), second * 22_050, 92 * 22_050)
    assert refusal.value.duration == 90_000


def test_of_a_truncated_mp3_the_part_that_is_there_is_exact(wav: Path, tmp_path: Path) -> None:
    whole = encoded(wav, "mp3 of constant bitrate")
    tape = tmp_path / "short.mp3"
    tape.write_bytes(whole.read_bytes()[: 40 * 8000])
    passage = decode(tape, 25 * 22_050, 30 * 22_050)
    assert passage.samples == linear(whole)[25 * 22_050 : 30 * 22_050].tobytes()
    with pytest.raises(PastEndError, match=r"ends at 0:(39|40)\."):
        decode(tape, 25 * 22_050, 60 * 22_050)


@pytest.mark.parametrize(
    ("second", "from_end"), [(9, 2), *(pytest.param(*each, marks=pytest.mark.long) for each in ((6, 2), (15, 3)))]
)
def test_where_the_rate_changes_within_a_file_a_passage_is_what_the_whole_has_there(
    tmp_path: Path, second: int, from_end: int
) -> None:
    tape = tmp_path / "changing.mp3"
    for seed, rate in enumerate((44_100, 48_000)):
        noise = f"anoisesrc=r={rate}:d=10:seed={seed}:a=0.2"
        ffmpeg("-f", "lavfi", "-i", noise, "-b:a", "96k", "-y", str(tmp_path / f"{rate}.mp3"))
    tape.write_bytes((tmp_path / "44100.mp3").read_bytes() + (tmp_path / "48000.mp3").read_bytes())
    # ffmpeg samples the second part anew, and does it by the pieces that it is handed: ours are always the same.
    with stream.linear(tape) as read:
        whole = read(2 * 21 * 44_100)
    begin, end = 2 * second * 44_100, 2 * (second + from_end) * 44_100
    assert decode(tape, begin // 2, end // 2).samples == whole[begin:end]


def test_of_a_truncated_wav_the_part_that_is_there_is_exact(wav: Path, tmp_path: Path) -> None:
    tape = tmp_path / "short.wav"
    tape.write_bytes(wav.read_bytes()[: 44 + 2 * 22_050 * 30 + 1])
    assert decode(tape, 0, 22_050 * 30).samples == linear(wav)[: 22_050 * 30].tobytes()
    with pytest.raises(PastEndError, match="ends at 0:30;"):
        decode(tape, 0, 22_050 * 31)


def test_a_truncated_m4a_is_refused(wav: Path, tmp_path: Path) -> None:
    tape = tmp_path / "short.m4a"
    tape.write_bytes(encoded(wav, "m4a").read_bytes()[:200_000])
    with pytest.raises(
        AudioError, match=r"short\.m4a: the sound cannot be decoded \(.*\); replace it with a sound file"
    ):
        decode(tape, 0, 1000)


def test_damage_that_the_decoder_passes_over_is_told(
    wav: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sound = bytearray(encoded(wav, "flac").read_bytes())
    sound[300_000:300_400] = bytes(400)
    tape = tmp_path / "scratched.flac"
    tape.write_bytes(sound)
    decode(tape, 20 * 22_050, 30 * 22_050)
    assert "scratched.flac: the file is damaged before 0:30" in caplog.text


NOT_SOUND = {
    "a text": b"This is not sound, though its name says so.\n" * 400,
    "nothing": b"",
    "zeros": bytes(50_000),
    "a WAV without a sample": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0LIST\0\0\0\0",
    "half a head of a WAV": b"RIFF\x24\0\0\0WAVEfm",
}


@pytest.mark.parametrize("content", NOT_SOUND.values(), ids=list(NOT_SOUND))
@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".flac"])
def test_what_is_not_sound_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    tape = tmp_path / f"tape{suffix}"
    tape.write_bytes(content)
    with pytest.raises(AudioError, match=rf"tape\{suffix}: .*; "):
        decode(tape, 0, 1000)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.mp3", "#EXTM3U\n#EXTINF:5,\ntape.mp3\n#EXT-X-ENDLIST\n"),
        ("list.m3u8", "#EXTM3U\n#EXTINF:5,\ntape.mp3\n#EXT-X-ENDLIST\n"),
        ("list.mp3", "ffconcat version 1.0\nfile tape.mp3\n"),
    ],
)
def test_a_playlist_is_not_followed(wav: Path, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "tape.mp3").write_bytes(encoded(wav, "mp3 of constant bitrate").read_bytes())
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(AudioError):
        decode(tmp_path / name, 0, 1000)


def test_a_missing_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for name in ("none.mp3", "none.wav", "pipe.wav", "."):
        with pytest.raises(AudioError, match=r"; (put it there|check that it exists)"):
            decode(tmp_path / name, 0, 1000)


@pytest.mark.parametrize("name", ["-y.mp3", "a:b.mp3", "Ünï%03d 'quoted'.mp3"])
def test_a_name_that_looks_like_something_else_is_a_name(
    wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    tape = type(tmp_path)(name)
    tape.write_bytes(encoded(wav, "mp3 of constant bitrate").read_bytes())
    assert decode(tape, 0, 1000).length == 1000


def test_a_missing_ffmpeg_is_told_with_what_to_install(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tape = encoded(wav, "opus")
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tape.with_name("no-ffmpeg")))
    with pytest.raises(AudioError, match=r"ffmpeg cannot be started .*; install the package imageio-ffmpeg again"):
        decode(tape, 0, 1000)


def test_a_wav_is_cut_without_ffmpeg(wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(wav.with_name("no-ffmpeg")))
    assert decode(wav, 0, 1000).length == 1000


def test_an_ffmpeg_that_is_killed_half_way_is_told(wav: Path, program: Path) -> None:
    program.write_text("#!/bin/sh\nprintf RIFF\nkill -9 $$\n", encoding="utf-8")
    tape = encoded_aside(wav, program)
    with pytest.raises(AudioError, match=r"ffmpeg was stopped before it finished \(Killed\)"):
        decode(tape, 0, 1000)


def test_ffmpeg_is_ended_once_the_passage_is_complete(
    wav: Path, program: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tape = encoded_aside(wav, program)
    with monkeypatch.context() as real:
        real.delenv("IMAGEIO_FFMPEG_EXE")
        stream.header(tape)
    # Without end, and with more complaints than a pipe holds.
    program.write_text("#!/bin/sh\nyes '[error] oh' | head -c 1000000 >&2\nexec cat /dev/zero\n", encoding="utf-8")
    assert decode(tape, 0, 1000).samples == bytes(2000)
    assert "damaged before 0:00.045, and the decoder skipped the damage (oh)" in caplog.text


def encoded_aside(wav: Path, program: Path) -> Path:
    """Copy an encoded tape beside the script, with a past that lets what is derived from it be cached."""
    tape = program.with_name("tape.mp3")
    tape.write_bytes(encoded(wav, "mp3 of constant bitrate").read_bytes())
    os.utime(tape, (1_000_000_000, 1_000_000_000))
    return tape


#: Encoder options of sounds that are sought, and whether what was sought can equal a linear decode.
SOUGHT: dict[str, tuple[bool, tuple[str, ...]]] = {
    "tape.flac": (True, ("-c:a", "flac")),
    "fine.flac": (True, ("-c:a", "flac", "-sample_fmt", "s32")),
    "tape.opus": (True, ("-c:a", "libopus", "-b:a", "48k")),
    "speech.opus": (True, ("-c:a", "libopus", "-b:a", "16k", "-application", "voip")),
    "apple.m4a": (True, ("-c:a", "alac")),
    "tape.m4a": (True, ("-c:a", "aac", "-b:a", "96k", "-aac_pns", "0")),
    "random.m4a": (False, ("-c:a", "aac", "-b:a", "32k", "-aac_pns", "1")),
    "tape.ogg": (False, ("-c:a", "libvorbis")),
    "float.wav": (True, ("-c:a", "pcm_f32le")),
    "large.wav": (True, ("-c:a", "pcm_s16le", "-rf64", "always")),
    "coarse.wav": (True, ("-c:a", "pcm_u8")),
}


@pytest.mark.long
@pytest.mark.parametrize("name", SOUGHT)
def test_a_passage_that_is_sought_is_proven_or_not_used(wav: Path, tmp_path: Path, name: str) -> None:
    is_sought, options = SOUGHT[name]
    tape = tmp_path / name
    ffmpeg("-t", "40", "-i", str(wav), *options, str(tape))
    os.utime(tape, (1_000_000_000, 1_000_000_000))
    header = stream.header(tape)
    whole = linear(tape, header.width).tobytes()
    end = len(whole) // header.frame
    for first, last in ((0, 999), (25 * header.rate + 7, 29 * header.rate), (end - 3 * header.rate - 1, end)):
        expected = whole[first * header.frame : last * header.frame]
        assert decode(tape, first, last).samples == expected
        assert sought(tape, header, first, last) in ({expected} if is_sought and first else {expected, None})
    assert chunks.chunks(tape).length == end


@pytest.mark.parametrize(("bits", "codec"), [(24, "pcm_s24le"), (32, "pcm_s32le")])
def test_a_fine_wav_is_read_in_place(
    wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int, codec: str
) -> None:
    tape = tmp_path / "fine.wav"
    ffmpeg("-t", "5", "-i", str(wav), "-af", "volume=0.4321:precision=double", "-c:a", codec, str(tape))
    whole = linear(tape, 4)
    assert (whole & 0xFFFF).any(), bits
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tape.with_name("no-ffmpeg")))
    assert decode(tape, 12_345, 67_890).samples == whole[12_345:67_890].tobytes()
    with stream.linear(tape) as read:
        assert read(4 * 1001) + read(4 * whole.size) == whole.tobytes()


def test_a_passage_that_was_placed_wrongly_is_not_used(
    wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = tmp_path / "tape.flac"
    ffmpeg("-t", "40", "-i", str(wav), "-c:a", "flac", str(tape))
    whole = linear(tape)
    header = stream.header(tape)
    chunks.chunks(tape)
    shifted = dataclasses.replace(header, origin=1)
    assert sought(tape, shifted, 20 * header.rate, 25 * header.rate) is None
    monkeypatch.setattr(stream, "header", lambda _: shifted)
    assert (
        decode(tape, 20 * header.rate, 25 * header.rate).samples == whole[20 * header.rate : 25 * header.rate].tobytes()
    )
