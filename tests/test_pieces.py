"""A passage that comes in pieces is the passage, whatever the pieces are, and whatever its file says of its length."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pytest
from programs import program
from pydubs_fade import pydubs_fade
from tones import EVERY_KIND, Tape, encoded, ffmpeg, linear, read_wav, sought, write_tones

from player.audio import ffmpeg as running
from player.audio.decode import chunks, stream
from player.audio.decode.samples import Decoding, PastEndError, Samples, decode, decoding
from player.audio.probe import probe
from player.clips import cut
from player.clips.clip import clip
from player.clips.cut import Cut
from player.errors import AudioError, ClipError
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RATE = 22_050
PAST = (1_000_000_000, 1_000_000_000)


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tones(tmp_path_factory.mktemp("pieces") / "tape.wav", seconds=30, channels=2)


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a piece have some hundred samples."""
    monkeypatch.setattr(stream, "_PIECE", 1003)


@pytest.mark.usefixtures("_small")
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_passage_in_many_pieces_equals_a_linear_decode(wav: Path, kind: str) -> None:
    tape = encoded(wav, kind)
    os.utime(tape, PAST)
    header = stream.header(tape)
    whole = linear(tape, header.width).tobytes()
    end = len(whole) // header.frame
    for first, last in ((0, 5000), (15 * header.rate + 7, 22 * header.rate), (end - 3 * header.rate, end)):
        found = decoding(tape, first, last)
        pieces = list(found.pieces())
        assert b"".join(pieces) == whole[first * header.frame : last * header.frame]
        assert all(len(piece) % header.frame == 0 for piece in pieces)
        assert found.length == last - first


@pytest.mark.long
@pytest.mark.usefixtures("_small")
def test_an_mp3_that_frames_were_added_to_is_cut_in_pieces_across_the_hole(wav: Path, tmp_path: Path) -> None:
    """What its header says of the end then lies in the middle."""
    tape = tmp_path / "added.mp3"
    content = encoded(wav, "mp3 of constant bitrate").read_bytes()
    added = write_tones(tmp_path / "added.wav", seconds=1, channels=2)
    more = encoded(added, "mp3 of constant bitrate").read_bytes()
    tape.write_bytes(content + more[len(more) // 3 :])
    os.utime(tape, PAST)
    whole = linear(tape).tobytes()
    end = len(whole) // 4
    for first, last in ((end - 2 * RATE, end), (end - 3 * RATE, end - RATE)):
        assert decode(tape, first, last).samples == whole[first * 4 : last * 4]


def test_what_is_proven_only_to_a_point_goes_on_as_the_linear_decode_does(
    wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = encoded(wav, "flac")
    os.utime(tape, PAST)
    whole = linear(tape).tobytes()
    known = chunks.chunks(tape)
    spoilt = bytearray(known.digests)
    spoilt[8 * 8] ^= 1
    monkeypatch.setattr(chunks, "kept", lambda _: chunks.Chunks(known.length, bytes(spoilt)))
    header = stream.header(tape)
    proven = b"".join(chunks.proven(tape, header, chunks.kept(tape) or known, 13 * RATE, 25 * RATE))
    assert proven == whole[13 * RATE * 4 : 16 * RATE * 4]
    assert decode(tape, 13 * RATE, 25 * RATE).samples == whole[13 * RATE * 4 : 25 * RATE * 4]


@pytest.mark.long
def test_a_sound_of_many_channels_and_a_high_rate_is_sought_and_exact(tmp_path: Path) -> None:
    """Its chunks are shorter than two seconds."""
    tape = tmp_path / "wide.flac"
    source = "aevalsrc=0.1*random(0)|0|0.2*random(1)|0|0|0|0|0.1*sin(3*t*t):c=7.1:s=192000:d=6"
    ffmpeg("-f", "lavfi", "-i", source, "-sample_fmt", "s32", str(tape))
    os.utime(tape, PAST)
    header = stream.header(tape)
    whole = linear(tape, 4).tobytes()
    first, last = 4 * 192_000 + 11, 6 * 192_000
    assert chunks.is_worth_seeking(header, first)
    expected = whole[first * header.frame : last * header.frame]
    assert sought(tape, header, first, last) == expected
    assert decode(tape, first, last).samples == expected


@pytest.mark.sampled
@pytest.mark.long
@pytest.mark.parametrize("width", [2, 4])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(("fade_in", "fade_out"), [(5, 5), (0, 7), (1000, 2000), (1500, 1500), (3000, 0), (0, 3000)])
def test_a_fade_in_pieces_is_pydubs_fade_of_the_whole(width: int, channels: int, fade_in: int, fade_out: int) -> None:
    high = 2 ** (8 * width - 1)
    samples = np.random.default_rng(5).integers(-high, high, 3 * RATE * channels, dtype=f"<i{width}").tobytes()
    frame = width * channels
    for size in (frame * 37, frame * 5003, frame * 10**6):

        def pieces(size: int = size) -> Iterator[bytes]:
            return (samples[at : at + size] for at in range(0, len(samples), size))

        whole = Decoding(RATE, channels, width, 3 * RATE, pieces)
        expected = pydubs_fade(Samples(samples, RATE, channels, width), fade_in, fade_out)
        assert cut.faded(whole, fade_in, fade_out).samples == expected


def test_joined_passages_have_the_silence_between_that_was_asked_for(wav: Path) -> None:
    found = cut.clip_sound(Tape(wav), Cut((Span(1000, 2000), Span(5000, 6000)), ".wav", 0, 0, gap=60_000)).decoding
    samples = found.samples
    assert found.length * found.frame == len(samples) == 62 * RATE * 4
    whole = linear(wav).tobytes()
    assert samples[: RATE * 4] == whole[RATE * 4 : 2 * RATE * 4]
    assert samples[RATE * 4 : 61 * RATE * 4] == bytes(60 * RATE * 4)
    assert samples[61 * RATE * 4 :] == whole[5 * RATE * 4 : 6 * RATE * 4]


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_passage_past_the_end_costs_no_decoding_once_the_length_is_known(
    wav: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = encoded(wav, kind)
    os.utime(tape, PAST)
    sound = probe(tape)
    monkeypatch.setattr(running, "executable", lambda: "/no/ffmpeg")
    for first in (0, sound.length - 1, sound.length, 100 * sound.length):
        with pytest.raises(PastEndError) as refusal:
            decode(tape, first, first + sound.length + 1)
        assert refusal.value.length == sound.length


def lying(wav: Path, folder: Path) -> Path:
    """Write a FLAC that says that it is an hour long, and has 30 seconds."""
    tape = folder / "lying.flac"
    content = bytearray(encoded(wav, "flac").read_bytes())
    # STREAMINFO begins at byte 8; the number of samples is in the last 36 bits of its bytes 10 to 17 (RFC 9639, 8.2).
    packed = int.from_bytes(content[18:26])
    content[18:26] = (packed >> 36 << 36 | 3600 * RATE).to_bytes(8)
    tape.write_bytes(content)
    os.utime(tape, PAST)
    return tape


def test_a_sound_that_ends_before_its_file_says_is_cut_to_its_end_and_not_beyond(wav: Path, tmp_path: Path) -> None:
    tape = lying(wav, tmp_path)
    header = stream.header(tape)
    assert header.stated == 3_600_000
    with pytest.raises(ClipError, match=r"is 0:30 long, but the clip would run from 0:01 to 0:50; end it at 0:30"):
        clip(Tape(tape), Span(1000, 50_000), tmp_path / "out.wav")
    assert probe(tape).length == 30 * RATE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lying.flac"]
    assert read_wav(clip(Tape(tape), Span(1000, 30_000), tmp_path / "out.wav", fade_in=0).path).size == 29 * RATE * 2


def test_what_cannot_be_decoded_to_its_end_is_told_of_the_sound_and_not_of_the_clip(
    wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = tmp_path / "tape.ogg"
    tape.write_bytes(encoded(wav, "vorbis").read_bytes())
    os.utime(tape, PAST)
    stream.header(tape)
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\nhead -c 2000000 /dev/zero\necho '[error] the tape is torn' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(broken))
    with pytest.raises(AudioError, match=r"tape\.ogg: the sound cannot be decoded \(the tape is torn\)") as refusal:
        clip(Tape(tape), Span(0, 29_000), tmp_path / "out.wav")
    assert not isinstance(refusal.value, ClipError)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ffmpeg", "tape.ogg"]


def test_a_wav_that_would_be_larger_than_a_wav_can_be_is_refused_before_it_is_written(tmp_path: Path) -> None:
    tape = write_tones(tmp_path / "tape.wav", seconds=1, rate=48_000, channels=2)
    # The samples that are more lie in a hole.
    head = bytearray(tape.read_bytes()[:44])
    head[40:44] = b"\xff\xff\xff\xff"
    tape.write_bytes(head)
    os.truncate(tape, 5_000_000_000)
    with pytest.raises(ClipError, match=r"out\.wav: a WAV file can hold no more than 4 GB; cut a shorter clip"):
        clip(Tape(tape), Span(0, 24_000_000), tmp_path / "out.wav")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tape.wav"]


@pytest.mark.parametrize(("channels", "rate"), [(30_000, 8000), pytest.param(1, 4_000_000_000, marks=pytest.mark.long)])
def test_a_wav_that_claims_what_no_sound_has_is_refused_in_words(tmp_path: Path, channels: int, rate: int) -> None:
    tape = tmp_path / "tape.wav"
    block = channels * 2
    head = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0" + channels.to_bytes(2, "little") + rate.to_bytes(4, "little")
    tape.write_bytes(head + bytes(4) + block.to_bytes(2, "little") + b"\x10\0data\xff\xff\xff\xff")
    os.truncate(tape, 2_000_000_000)
    assert probe(tape).channels == channels
    for suffix in (".wav", ".mp3", ".flac", ".opus", ".m4a"):
        try:
            clip(Tape(tape), Span(1, 20), tmp_path / f"out{suffix}")
        except ClipError as refusal:
            assert "; " in str(refusal)  # noqa: PT017  # either is right; what counts is that nothing else is raised


def test_an_encoder_that_stops_half_way_leaves_no_decoder_behind(
    wav: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = encoded(wav, "flac")
    os.utime(tape, PAST)
    probe(tape)

    def full(pieces: Iterator[bytes], _: object) -> None:
        assert next(pieces)
        assert decoders()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(running, "encode", full)
    with pytest.raises(ClipError, match=r"cannot be written \(no space left on device\)"):
        clip(Tape(tape), Span(1000, 29_000), tmp_path / "out.mp3")
    assert not decoders()


def decoders() -> int:
    """Count the ffmpegs that this process has at work."""
    listed = [str(program("ps")), "--ppid", str(os.getpid()), "-o", "comm="]
    return subprocess.run(listed, capture_output=True, text=True, check=True).stdout.count("ffmpeg")
