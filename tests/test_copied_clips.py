"""A passage of an MP3 is copied with the tape's own frames, and decodes to exactly the samples that it has there."""

from __future__ import annotations

import io
import subprocess
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from drawing import examples
from mp3_tapes import KINDS, frames, kind_of, passages, slow_checksum, tape
from programs import find
from test_frames import FATES
from tones import EXECUTABLE, ffmpeg, linear

from player.audio import mp3_copy, mp3_passage, mp3_proof
from player.audio.copied_sound import NotCopiedError
from player.audio.decode import mp3

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: The kinds that differ most from one another.
QUICK = ("128 kbit/s, joint stereo", "8 kbit/s, MPEG-2", "variable, MPEG-1 mono", "16 kbit/s, MPEG-2.5")
#: The ffmpeg that comes with the program, and the system's, an older one, where there is one.
DECODERS = [EXECUTABLE, *filter(None, [find("ffmpeg")])]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tapes")


def copied(path: Path, first: int, last: int) -> bytes:
    """Copy a passage, without tags."""
    found = mp3.index(path)
    assert found is not None
    target = io.BytesIO()
    mp3_passage.write(path, mp3_passage.find(path, found, first, last), target)
    return target.getvalue()


def decoded(clip: bytes, decoder: str, channels: int) -> NDArray[Any]:
    # From a file: where ffmpeg cannot see how long it is, it does not trim the end.
    with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
        file.write(clip)
        file.flush()
        command = [decoder, "-v", "error", "-f", "mp3", "-i", file.name, "-f", "s16le", "pipe:1"]
        made = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(made, "<i2").reshape(-1, channels)


def check(path: Path, whole: NDArray[Any], first: int, last: int, decoder: str) -> None:
    found = decoded(copied(path, first, last), decoder, whole.shape[1])
    assert len(found) == last - first, (first, last)
    assert np.array_equal(found, whole[first:last]), (first, last)


@pytest.mark.parametrize("name", QUICK)
def test_a_copy_decodes_to_the_samples_of_the_tape(folder: Path, name: str) -> None:
    path, whole = tape(folder, name)
    for first, last in passages(name, len(whole), 3):
        check(path, whole, first, last, EXECUTABLE)


@pytest.mark.sampled
@pytest.mark.long
@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("name", KINDS)
def test_copies_of_every_kind_decode_to_the_samples_of_the_tape(folder: Path, name: str, decoder: str) -> None:
    path, whole = tape(folder, name)
    # In `make bench` 2,000 of 20 kinds.
    for first, last in passages(name, len(whole), examples(5)):
        check(path, whole, first, last, decoder)


@pytest.mark.parametrize("name", [QUICK[0], pytest.param("with checksums", marks=pytest.mark.long)])
def test_its_header_frame_states_what_is_in_the_file(folder: Path, name: str) -> None:
    path, _ = tape(folder, name)
    clip = copied(path, 100_000, 200_000)
    first, *others = frames(clip)
    assert b"".join([first, *others]) == clip
    at = 4 + kind_of(first).side
    is_constant = len({frame[2] >> 4 for frame in others}) == 1
    assert first[at : at + 4] == (b"Info" if is_constant else b"Xing")
    assert int.from_bytes(first[at + 8 : at + 12]) == len(others)
    assert int.from_bytes(first[at + 12 : at + 16]) == len(clip)
    tag = first[at + 120 :]
    assert tag[:4] == b"LAME"
    delay, padding = divmod(int.from_bytes(tag[21:24]), 4096)
    samples = kind_of(others[0]).samples * len(others)
    assert samples - delay - padding == 100_000
    assert int.from_bytes(tag[28:32]) == len(clip)
    assert int.from_bytes(tag[32:34]) == slow_checksum(clip[len(first) :])
    assert int.from_bytes(tag[34:36]) == slow_checksum(first[: at + 120 + 34])
    # All frames but the first two are the tape's, in a row.
    assert b"".join(others[1:]) in path.read_bytes()
    if name == "with checksums":
        assert first[1] & 1 != others[0][1] & 1
        assert not ffmpeg_errors(clip)
        # It would have told of the carrier's.
        assert ffmpeg_errors(clip[: len(first) + 4] + bytes(2) + clip[len(first) + 6 :])


def ffmpeg_errors(clip: bytes) -> str:
    """Let ffmpeg compare the checksums of frames, which it does where it is told to."""
    command = [EXECUTABLE, "-v", "error", "-err_detect", "crccheck+explode", "-f", "mp3", "-i", "pipe:0"]
    done = subprocess.run([*command, "-f", "null", "-"], input=clip, check=False, capture_output=True)
    return done.stderr.decode()


def test_what_is_outside_of_the_passage_is_counted(folder: Path) -> None:
    """Without the tag a decoder gives all of it: nothing that is in the tape further away can be heard."""
    name = "128 kbit/s, joint stereo"
    path, whole = tape(folder, name)
    found = mp3.index(path)
    assert found is not None
    passage = mp3_passage.find(path, found, 100_000, 200_000)
    clip = copied(path, 100_000, 200_000)
    untrimmed = decoded(clip[len(frames(clip)[0]) :], EXECUTABLE, 2)
    begins, ends = passage.trimmed
    assert len(untrimmed) == begins + 100_000 + ends
    assert np.array_equal(untrimmed[begins:][:100_000], whole[100_000:200_000])
    assert passage.before <= begins - 1152
    assert passage.after >= ends
    # The carrier is silent.
    assert not untrimmed[:1152].any()


def test_what_the_bit_reservoir_has_of_later_frames_is_counted(folder: Path) -> None:
    path, _ = tape(folder, "32 kbit/s, MPEG-1 mono")
    found = mp3.index(path)
    assert found is not None
    passages_of = [mp3_passage.find(path, found, first, first + 9000) for first in range(50_000, 90_000, 1000)]
    # Of a frame after the last some bytes are in the frames before it, often.
    reached = [passage.after - passage.trimmed[1] - mp3_copy.OVERLAP for passage in passages_of]
    assert max(reached) > 0
    assert min(reached) >= 0
    for passage in passages_of[:10]:
        data = path.read_bytes()
        kind = passage.kind
        after = frames(data[passage.stop :])[:20]
        between, last = 0, 0
        for number, frame in enumerate(after, 1):
            if mp3_copy.main_data_begin(frame, kind) > between:
                last = number
            between += len(frame) - kind.head - kind.side
        assert passage.after - passage.trimmed[1] - mp3_copy.OVERLAP == last * kind.samples


def test_a_passage_within_one_frame_is_not_copied(folder: Path) -> None:
    path, _ = tape(folder, "128 kbit/s, joint stereo")
    found = mp3.index(path)
    assert found is not None
    with pytest.raises(NotCopiedError, match="within one frame"):
        mp3_passage.find(path, found, 30, 40)


def test_a_passage_after_damage_is_not_copied(folder: Path, tmp_path: Path) -> None:
    path, _ = tape(folder, "64 kbit/s, MPEG-1 mono")
    data = path.read_bytes()
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(data[:60_000] + bytes(3000) + data[63_000:])
    found = mp3.index(broken)
    assert found is None or found.frames.count < 800
    if found is not None:
        with pytest.raises(NotCopiedError, match="damaged"):
            mp3_passage.find(broken, found, 400_000, 450_000)
    assert len(linear(broken)) > 450_000


@pytest.mark.sampled(5)
@pytest.mark.long
@pytest.mark.parametrize("fate", FATES)
def test_whatever_became_of_a_tape_what_is_proved_is_exact(folder: Path, tmp_path: Path, fate: str) -> None:
    name = "128 kbit/s, joint stereo"
    path = tmp_path / "tape.mp3"
    path.write_bytes(FATES[fate][1](tape(folder, name)[0].read_bytes()))
    found = mp3.index(path)
    if found is None:
        return
    whole = linear(path).reshape(-1, 2)
    target = tmp_path / "copy.mp3"
    for first, last in passages(name, len(whole), examples(4)):
        try:
            target.write_bytes(copied(path, first, last))
        except NotCopiedError:
            continue
        is_exact = np.array_equal(linear(target).reshape(-1, 2), whole[first:last])
        assert mp3_proof.is_proven(target, path, found, first, last) is is_exact


def test_the_checksum_is_that_of_any_pieces() -> None:
    data = bytes(range(256)) * 3
    for size in (0, 1, 2, 3, 500, 767):
        assert mp3_copy.continued(mp3_copy.continued(0, data[:size]), data[size:]) == slow_checksum(data)


@pytest.mark.parametrize("size", [4095, 4096, 4097, 32_766, 32_767, 32_768, 65_534, 65_535, 100_003])
def test_the_checksum_of_long_pieces_is_that_of_short_ones(size: int) -> None:
    data = np.random.default_rng(size).bytes(size)
    for begun in (0, 1, 0xFFFF, 0x8001):
        short = begun
        for at in range(0, size, 1000):
            short = mp3_copy.continued(short, data[at : at + 1000])
        assert mp3_copy.continued(begun, data) == short
    assert mp3_copy.continued(0, data) == slow_checksum(data)


def test_frames_that_changed_in_between_are_not_copied(folder: Path, tmp_path: Path) -> None:
    path, _ = tape(folder, "64 kbit/s, MPEG-1 mono")
    found = mp3.index(path)
    assert found is not None
    passage = mp3_passage.find(path, found, 100_000, 200_000)
    other = tmp_path / "other.mp3"
    data = path.read_bytes()
    other.write_bytes(data[: passage.start + 5000] + bytes(700) + data[passage.start + 5700 :])
    with pytest.raises(NotCopiedError, match="do not follow"):
        mp3_passage.write(other, passage, io.BytesIO())


@pytest.mark.parametrize("off", [(0, 0), (1, 0), (0, 1), (1, -1)])
def test_a_copy_is_proved_by_its_samples_and_their_number(folder: Path, tmp_path: Path, off: tuple[int, int]) -> None:
    path, _ = tape(folder, "64 kbit/s, MPEG-1 mono")
    found = mp3.index(path)
    assert found is not None
    clip = bytearray(copied(path, 100_000, 250_000))
    at = clip.index(b"LAME3.100") + 21
    delay, padding = divmod(int.from_bytes(clip[at : at + 3]), 4096)
    clip[at : at + 3] = ((delay + off[0]) << 12 | padding + off[1]).to_bytes(3)
    target = tmp_path / "copy.mp3"
    target.write_bytes(clip)
    assert mp3_proof.is_proven(target, path, found, 100_000, 250_000) is (off == (0, 0))


def test_ffmpeg_reads_a_copy_to_its_end_without_complaint(folder: Path, tmp_path: Path) -> None:
    path, whole = tape(folder, "16 kbit/s, MPEG-2.5")
    target = tmp_path / "copy.mp3"
    target.write_bytes(copied(path, 20_000, len(whole)))
    assert len(ffmpeg("-i", str(target), "-f", "s16le", "-")) == 2 * (len(whole) - 20_000)
