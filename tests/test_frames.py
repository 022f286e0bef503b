"""A passage of an MP3 is found by its frames, whatever header the file has, and equals the linear decode."""

from __future__ import annotations

import gc
import os
from functools import cache
from typing import TYPE_CHECKING

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from tones import ffmpeg, linear, write_tones

from player.audio.decode import mp3, mp3_frames, stream
from player.audio.decode.samples import decode
from player.audio.probe import probe
from player.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Rate, channels and encoder options of MP3 files, by a name for each.
KINDS: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "constant, joint stereo": (44_100, 2, ("-b:a", "128k")),
    "constant, plain stereo": (44_100, 2, ("-b:a", "64k", "-joint_stereo", "0")),
    "the highest bitrate": (48_000, 2, ("-b:a", "320k")),
    "the lowest bitrate": (16_000, 1, ("-b:a", "8k")),
    "MPEG 2.5": (8_000, 1, ("-b:a", "16k")),
    "variable, MPEG 1 mono": (44_100, 1, ("-q:a", "2")),
    "variable, MPEG 2 stereo": (22_050, 2, ("-q:a", "6")),
    "variable without a header frame": (22_050, 1, ("-q:a", "5", "-write_xing", "0")),
    "constant without any header": (32_000, 1, ("-b:a", "32k", "-write_xing", "0", "-id3v2_version", "0")),
    "without a bit reservoir": (48_000, 1, ("-b:a", "64k", "-reservoir", "0")),
    "with ID3v1 behind": (44_100, 1, ("-b:a", "64k", "-write_id3v1", "1", "-metadata", "title=Tape")),
}
#: The kinds that differ most from one another.
QUICK = ("constant, joint stereo", "variable without a header frame")
SECONDS = 21


def noise(size: int) -> bytes:
    return bytes((at * 7919 >> 3) & 0xFF for at in range(size))


def id3(size: int) -> bytes:
    return b"ID3\x04\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + bytes(size)


def ape() -> bytes:
    head = b"APETAGEX" + (2000).to_bytes(4, "little") + (132).to_bytes(4, "little") + (1).to_bytes(4, "little")
    return head + b"\0\0\0\xa0" + bytes(8) + bytes(100) + head + b"\0\0\0\x80" + bytes(8)


def audio(sound: bytes) -> bytes:
    """Leave out the ID3 tag that ffmpeg writes."""
    return sound[sound.index(b"\xff\xfb") :]


def vbri(sound: bytes) -> bytes:
    """Put a header frame as Fraunhofer's encoder writes it in the place of LAME's."""
    first = audio(sound)
    size = next(at for at in range(4, 2000) if first[at : at + 2] == first[:2])
    counts = len(first).to_bytes(4) + (800).to_bytes(4)
    return (first[:4] + bytes(32) + b"VBRI\0\1\0\0\0\0" + counts).ljust(size, b"\0") + first[size:]


def unsigned(sound: bytes) -> bytes:
    """Let the header frame be of no encoder whose delays are known."""
    at = sound.index(b"Info") + 120
    return sound[:at] + b"Anon" + sound[at + 4 :]


#: What may have become of a file, and whether it can still be indexed.
FATES: dict[str, tuple[bool, Callable[[bytes], bytes]]] = {
    "nothing": (True, bytes),
    "a long ID3 tag": (True, lambda sound: id3(3 << 20) + audio(sound)),
    "two ID3 tags": (True, lambda sound: id3(1000) + id3(0) + audio(sound)),
    "an APE tag and ID3v1 behind": (True, lambda sound: sound + ape() + b"TAG" + bytes(125)),
    "cut off in a frame": (True, lambda sound: sound[: len(sound) * 2 // 3]),
    "zeros behind": (True, lambda sound: sound + bytes(5000)),
    "noise behind": (True, lambda sound: audio(audio(sound)[500:]) + noise(5000)),
    "noise in the middle": (True, lambda sound: audio(audio(sound)[500:])[:-20_000] + noise(5000) + sound[-20_000:]),
    "a header frame of VBRI": (True, vbri),
    "a header frame that names no encoder": (True, unsigned),
    "another file behind": (False, lambda sound: sound + sound),
    "its frames thrice": (True, lambda sound: sound + 2 * audio(audio(sound)[500:])),
    "noise before": (False, lambda sound: noise(700) + audio(sound)),
    "its first frame cut": (False, lambda sound: audio(sound)[600:]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tapes")


@cache
def tape(folder: Path, kind: str) -> Path:
    rate, channels, options = KINDS[kind]
    wav = folder / f"{rate} {channels}.wav"
    if not wav.exists():
        write_tones(wav, seconds=SECONDS, rate=rate, channels=channels)
    made = folder / f"{kind}.mp3"
    ffmpeg("-i", str(wav), "-c:a", "libmp3lame", *options, str(made))
    os.utime(made, (1_000_000_000, 1_000_000_000))
    return made


@cache
def whole(tape: Path) -> bytes:
    return linear(tape).tobytes()


def check_spans(tape: Path, sound: bytes, channels: int, *more: tuple[int, int]) -> None:
    length = len(sound) // 2 // channels
    assert probe(tape).length == length
    middle = length // 2
    spans = [
        (0, 1),
        (0, 3000),
        (575, 1153),
        (middle, middle + 1),
        (middle - 1151, middle + 9001),
        (length - 577, length),
        (length - 1, length),
        *more,
    ]
    for first, last in spans:
        expected = sound[first * 2 * channels : last * 2 * channels]
        assert decode(tape, first, last).samples == expected, (first, last)


@pytest.mark.parametrize(
    "kind", [each if each in QUICK else pytest.param(each, marks=pytest.mark.long) for each in KINDS]
)
def test_passages_of_every_kind_equal_the_linear_decode(folder: Path, kind: str) -> None:
    assert mp3.index(tape(folder, kind)) is not None
    check_spans(tape(folder, kind), whole(tape(folder, kind)), KINDS[kind][1])


@pytest.mark.sampled(5)
@pytest.mark.long
@pytest.mark.parametrize("fate", FATES)
def test_passages_equal_the_linear_decode_whatever_became_of_the_file(
    folder: Path, tmp_path: Path, fate: str, caplog: pytest.LogCaptureFixture
) -> None:
    is_indexed, change = FATES[fate]
    made = tmp_path / "tape.mp3"
    made.write_bytes(change(tape(folder, "constant, joint stereo").read_bytes()))
    os.utime(made, (1_000_000_000, 1_000_000_000))
    assert (mp3.index(made) is not None) is is_indexed
    check_spans(made, linear(made).tobytes(), 2)
    assert "damage" in caplog.text or fate != "noise in the middle"


@pytest.mark.long
@settings(max_examples=examples(25))
@given(data=st.data(), kind=st.sampled_from(sorted(KINDS)))
def test_any_passage_equals_the_linear_decode(folder: Path, data: st.DataObject, kind: str) -> None:
    sound, frame = whole(tape(folder, kind)), 2 * KINDS[kind][1]
    first = data.draw(st.integers(0, len(sound) // frame - 2))
    last = data.draw(st.integers(first + 1, len(sound) // frame - 1))
    assert decode(tape(folder, kind), first, last).samples == sound[first * frame : last * frame]


def test_only_the_passage_is_read(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "tape.mp3"
    sound = audio(audio(tape(folder, "constant, joint stereo").read_bytes())[500:])
    made.write_bytes(sound * 40)
    os.utime(made, (1_000_000_000, 1_000_000_000))
    index = mp3.index(made)
    assert index is not None
    # With nothing but zeros before and after the passage, the passage is the same.
    first, last = index.length // 2, index.length // 2 + 10_000
    passage = decode(made, first, last)
    middle = len(sound) * 20
    made.write_bytes(bytes(middle - 60_000) + (sound * 40)[middle - 60_000 : middle + 60_000] + bytes(middle - 60_000))
    monkeypatch.setattr(mp3, "index", lambda _: index)
    assert mp3.decode(made, index, first, last) == passage.samples


@pytest.mark.long
def test_side_information_that_decoders_refuse_ends_what_is_indexed(folder: Path, tmp_path: Path) -> None:
    sound = bytearray(audio(tape(folder, "constant without any header").read_bytes()))
    size, at = 144, 144 * 400
    assert sound[at : at + 2] == sound[:2]
    # 18 bits, then part2_3_length with 12 and big_values with 9, here 511.
    sound[at + 4 + 3] |= 0b11
    sound[at + 4 + 4] |= 0b11111110
    made = tmp_path / "tape.mp3"
    made.write_bytes(sound)
    found = mp3_frames.read_frames(made)
    assert found is not None
    assert (found.count, found.start) == (400, 0)
    assert len(linear(made)) == (len(sound) // size - 1) * 1152
    check_spans(made, linear(made).tobytes(), 1)


def test_an_index_is_small_and_survives_being_kept(folder: Path) -> None:
    found = mp3_frames.read_frames(tape(folder, "variable, MPEG 2 stereo"))
    assert found is not None
    assert mp3_frames.unpack(mp3_frames.pack(found)) == found
    assert len(found.strides) == found.count // mp3_frames.STRIDE


@pytest.mark.parametrize("content", [b"", b"no sound " * 1000, bytes(10_000), b"\xff\xfb" * 5000, id3(5000)])
def test_what_is_no_mp3_has_no_index(tmp_path: Path, content: bytes) -> None:
    made = tmp_path / "tape.mp3"
    made.write_bytes(content)
    assert mp3_frames.read_frames(made) is None


@pytest.mark.long
def test_whoever_uses_the_index_of_a_tape_at_the_same_time_has_the_same(folder: Path) -> None:
    made = tape(folder, QUICK[0])
    held = mp3.index(made)
    # Of many copies that are made together, each would have one of its own.
    assert mp3.index(made) is held
    assert held in list(mp3._in_use.values())  # noqa: SLF001  # nobody else is told how long it is there
    before = len(mp3._in_use)  # noqa: SLF001  # as above
    del held
    gc.collect()
    assert len(mp3._in_use) < before  # noqa: SLF001  # as above


def test_a_tape_that_was_rewritten_within_its_size_and_time_gets_a_new_index(folder: Path, tmp_path: Path) -> None:
    made = tmp_path / "tape.mp3"
    sound = tape(folder, "with ID3v1 behind").read_bytes()
    for content in (sound, id3(len(sound) - len(audio(sound)) - 10) + audio(sound), noise(len(sound))):
        made.write_bytes(content)
        os.utime(made, (1_000_000_000, 1_000_000_000))
        if content[:1] == sound[:1]:
            assert decode(made, 5000, 9000).samples == linear(made)[5000:9000].tobytes()
        else:
            with pytest.raises(AudioError):
                decode(made, 5000, 9000)


def test_an_index_that_leads_elsewhere_is_not_believed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with an ffmpeg that counted the delays otherwise."""
    made = tape(folder, "constant, joint stereo")
    with stream.linear(made) as read:
        late = read(800_000)[4:]

    class Late:
        def __enter__(self) -> Callable[[int], bytes]:
            return lambda size: late[:size]

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(stream, "linear", lambda _: Late())
    assert mp3._index(made) == {}  # noqa: SLF001
