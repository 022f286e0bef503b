"""A passage of AAC in M4A is copied with the tape's own packets, and decodes to exactly the tape's samples."""

from __future__ import annotations

import struct
import subprocess
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from aac_tapes import KINDS, box_of, boxed, changed, passages, tape
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import find
from tones import EXECUTABLE, ffmpeg, linear, write_tones

from player import files
from player.audio import aac_copied, aac_noise, aac_packets, aac_proof
from player.audio.aac_packets import EACH
from player.audio.copied_sound import NotCopiedError
from player.errors import AudioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

#: The kinds that differ most from one another.
QUICK = ("128 kbit/s, stereo", "a later beginning")
RATE = 44_100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tapes")


def copied(path: Path, first: int, last: int, target: Path) -> aac_copied.AacCopy:
    """Copy a passage, without tags."""
    found = aac_copied.find(path, first, last)
    with target.open("wb") as file:
        found.write(file)
    return found


def decoded(clip: Path, channels: int, decoder: str = EXECUTABLE) -> NDArray[Any]:
    return np.frombuffer(ffmpeg("-i", str(clip), "-f", "s16le", "-", executable=decoder), "<i2").reshape(-1, channels)


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(each, marks=pytest.mark.long) for each in KINDS)])
def test_a_copy_decodes_to_the_samples_of_the_tape(
    folder: Path, tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    path, whole = tape(folder, name)
    is_long = request.node.get_closest_marker("long") is not None
    # In `make bench` 1,120 of 14 kinds.
    for first, last in passages(name, len(whole), examples(4) if is_long else 2):
        found = copied(path, first, last, tmp_path / "copy.m4a")
        samples = decoded(tmp_path / "copy.m4a", whole.shape[1])
        assert len(samples) == last - first, (first, last)
        assert np.array_equal(samples, whole[first:last]), (first, last)
        assert found.is_in(tmp_path / "copy.m4a")
        assert found.after < 2 * EACH
        assert found.before < 2 * EACH


@pytest.mark.sampled(5)
@pytest.mark.long
@pytest.mark.parametrize("name", KINDS)
def test_an_older_ffmpeg_begins_with_the_same_sample_and_ends_with_the_packet(
    folder: Path, tmp_path: Path, name: str
) -> None:
    """It reads of the edit list only where it begins, of every M4A."""
    older = find("ffmpeg")
    if older is None:
        pytest.skip("there is no other ffmpeg")
    path, whole = tape(folder, name)
    own = decoded(path, whole.shape[1], str(older))
    for first, last in passages(name, len(whole), examples(2)):
        copied(path, first, last, tmp_path / "copy.m4a")
        samples = decoded(tmp_path / "copy.m4a", whole.shape[1], str(older))
        assert 0 <= len(samples) - (last - first) < EACH
        assert np.array_equal(samples[: last - first], own[first:last]), (first, last)


def test_what_is_outside_of_the_passage_is_counted(folder: Path, tmp_path: Path) -> None:
    """Without the edit list a decoder gives all of it, and no more than is said."""
    path, whole = tape(folder, QUICK[0])
    found = copied(path, 100_000, 200_000, tmp_path / "copy.m4a")
    untrimmed = ("-flags2", "+skip_manual", "-ignore_editlist", "1")
    made = ffmpeg(*untrimmed, "-i", str(tmp_path / "copy.m4a"), "-f", "s16le", "-")
    samples = np.frombuffer(made, "<i2").reshape(-1, 2)
    assert np.array_equal(samples[found.skip :][:100_000], whole[100_000:200_000])
    assert EACH <= found.skip == found.before
    # The last packet has half of what the one after it would give.
    assert found.after >= EACH
    assert len(found.packets.sizes) * EACH - found.skip - 100_000 + EACH == found.after


def test_all_packets_are_the_tape_s_and_the_tables_say_what_is_there(folder: Path, tmp_path: Path) -> None:
    path, _ = tape(folder, "beside pictures")
    target = tmp_path / "copy.m4a"
    found = copied(path, 100_000, 200_000, target)
    data, source = target.read_bytes(), path.read_bytes()
    assert len(found.packets.pieces) > 2
    own = b"".join(source[start:stop] for start, stop in found.packets.pieces)
    assert data.endswith(boxed(b"mdat", own))
    assert box_of(data, b"stsz")[4:12] == struct.pack(">II", 0, len(found.packets.sizes))
    assert box_of(data, b"elst")[4:] == struct.pack(">IIII", 1, 100_000, found.skip, 1 << 16)
    # Firefox has it from here alone where the sound ends.
    times = struct.iter_unpack(">II", box_of(data, b"stts")[8:])
    assert sum(count * each for count, each in times) == found.skip + 100_000
    (first,) = struct.unpack_from(">I", box_of(data, b"stco"), 8)
    assert first == len(data) - len(own)
    assert (found.start, found.stop) == (found.packets.pieces[0][0], found.packets.pieces[-1][1])
    # Its decoder is told what the tape's is.
    assert boxed(b"esds", found.track.config) in source
    assert boxed(b"esds", found.track.config) in data


@pytest.mark.parametrize(
    "off", [(0, 0), (1, -1), *(pytest.param(each, marks=pytest.mark.long) for each in ((1, 0), (0, 1)))]
)
def test_a_copy_is_proved_by_its_samples_and_their_number(folder: Path, tmp_path: Path, off: tuple[int, int]) -> None:
    path, _ = tape(folder, QUICK[0])
    target = tmp_path / "copy.m4a"
    found = copied(path, 100_000, 350_000, target)
    edit = struct.pack(">II", 250_000 + off[1], found.skip + off[0])
    data = changed(target.read_bytes(), b"elst", lambda box: box[:16] + edit + box[24:])
    # A decoder that ships reads the length from the last packet's too.
    times = box_of(data, b"stts")
    short = struct.pack(">I", struct.unpack(">I", times[-4:])[0] + sum(off))
    target.write_bytes(changed(data, b"stts", lambda box: box[:-4] + short))
    assert aac_proof.is_proven(target, path, 100_000, 350_000) is (off == (0, 0))
    assert found.is_in(target) is (off == (0, 0))


def test_packets_that_are_not_the_tape_s_are_noticed(folder: Path, tmp_path: Path) -> None:
    path, _ = tape(folder, QUICK[0])
    target, other = tmp_path / "copy.m4a", tmp_path / "other.m4a"
    found = copied(path, 100_000, 350_000, target)
    data = bytearray(target.read_bytes())
    assert found.is_alike(target, target)
    for at in (-1000, len(data) - found.packets.length, data.index(b"elst") + 16, data.index(b"stsz") + 20):
        data[at] ^= 1
        other.write_bytes(data)
        assert not found.is_alike(other, target)
        data[at] ^= 1
    # In the middle, where no end of the passage is, a packet of another place.
    count = len(found.packets.sizes)
    first = (found.samples[0] + EACH) // EACH - aac_copied.LEAD
    with files.opened(path) as file:
        each = [aac_packets.read_packets(file, found.track, first + at, first + at + 1) for at in range(count)]
    assert b"".join(path.read_bytes()[slice(*one.pieces[0])] for one in each) == bytes(data[-found.packets.length :])
    each[count // 2] = each[3]
    sizes = array("I", (one.sizes[0] for one in each))
    wrong = aac_packets.Packets(sizes, tuple(one.pieces[0] for one in each))
    with other.open("wb") as file_of_other:
        replace(found, packets=wrong).write(file_of_other)
    assert not found.is_in(other)
    assert aac_proof.is_proven(target, path, 100_000, 350_000)
    assert not aac_proof.is_proven(other, path, 100_000, 350_000)
    for broken in (b"", bytes(data[:500]), bytes(data) + boxed(b"mdat", b"")):
        other.write_bytes(broken)
        assert not found.is_alike(other, target)


def test_noise_that_the_decoder_makes_up_is_found_and_not_copied(folder: Path, tmp_path: Path) -> None:
    wav = write_tones(tmp_path / "tape.wav", seconds=8, rate=22_050)
    noisy, plain = tmp_path / "noisy.m4a", tmp_path / "plain.m4a"
    ffmpeg("-i", str(wav), "-c:a", "aac", "-b:a", "32k", str(noisy))
    ffmpeg("-i", str(wav), "-c:a", "aac", "-b:a", "32k", "-aac_pns", "0", str(plain))
    assert not aac_copied.is_likely(noisy)
    assert aac_copied.is_likely(plain)
    assert aac_copied.is_likely(tape(folder, QUICK[0])[0])
    with pytest.raises(NotCopiedError, match="noise that every decoder makes up"):
        aac_copied.find(noisy, 60_000, 120_000)
    # From the beginning on it is what it is in the tape.
    copied(noisy, 0, 60_000, tmp_path / "copy.m4a")
    assert np.array_equal(linear(tmp_path / "copy.m4a"), linear(noisy)[:60_000])
    # Were it not looked for, the proof would find it.
    found = aac_copied.find(noisy, 0, 1)
    with files.opened(noisy) as file:
        packets = aac_packets.read_packets(file, found.track, 30, 70)
    late = aac_copied.AacCopy(noisy, (30 * EACH, 69 * EACH - EACH), found.track, packets, EACH)
    with (tmp_path / "late.m4a").open("wb") as file:
        late.write(file)
    assert not late.is_in(tmp_path / "late.m4a")


@given(st.binary(max_size=64))
@settings(max_examples=300, deadline=None)
def test_no_packet_makes_the_search_for_noise_fail(packet: bytes) -> None:
    assert aac_noise.has_noise(packet) in {True, False}


FATES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "clock of milliseconds": (
        lambda sound: changed(sound, b"mdhd", lambda box: box[:20] + struct.pack(">I", 1000) + box[24:]),
        "its times do not count samples",
    ),
    "two edits": (
        lambda sound: changed(
            sound, b"elst", lambda box: boxed(b"elst", box[8:12] + struct.pack(">I", 2) + 2 * box[16:28])
        ),
        "its edit list has several parts",
    ),
    "longer packets": (
        lambda sound: changed(sound, b"stts", lambda box: box[:20] + struct.pack(">I", 960) + box[24:]),
        "its packets do not all give the same number of samples",
    ),
    "other description": (
        lambda sound: changed(sound, b"stsd", lambda box: box[:32] + b"\0\1" + box[34:]),
        "its packets are described in a way that is not known here",
    ),
    "sizes left out": (
        lambda sound: changed(sound, b"stsz", lambda box: box[:12] + struct.pack(">I", 7) + box[16:]),
        "the file's tables of packets are damaged",
    ),
    "chunks that are not there": (
        lambda sound: changed(sound, b"stco", lambda box: box[:12] + b"\xff\xff\xff\xff" + box[16:]),
        "the file's tables of packets are damaged",
    ),
    "runs backwards": (
        lambda sound: changed(
            sound, b"stsc", lambda box: boxed(b"stsc", box[8:12] + struct.pack(">I6I", 2, 1, 1, 1, 1, 1, 1))
        ),
        "the file's tables of packets are damaged",
    ),
    "offsets after its end": (
        lambda sound: changed(sound, b"stco", lambda box: box[:16] + b"\x7f" * (len(box) - 16)),
        "the file ends before its last packets",
    ),
}


@pytest.mark.parametrize("fate", FATES)
def test_tables_that_say_something_else_are_not_believed(folder: Path, tmp_path: Path, fate: str) -> None:
    change, why = FATES[fate]
    path = tmp_path / "tape.m4a"
    path.write_bytes(change(tape(folder, QUICK[0])[0].read_bytes()))
    with pytest.raises(NotCopiedError, match=why):
        read(path)


def read(path: Path) -> None:
    """Read what a copy needs of a file, in the order in which it does, but for how long the file says it is."""
    with files.opened(path) as file:
        track = aac_packets.read_track(file)
        if track.rate == RATE:
            aac_packets.read_packets(file, track, 100, 150)
    aac_copied.find(path, 100_000, 150_000)


@pytest.mark.long
def test_whatever_becomes_of_the_tables_what_is_proved_is_exact(folder: Path, tmp_path: Path) -> None:
    data = tape(folder, "a later beginning")[0].read_bytes()
    begin = data.index(b"moov")
    chance = np.random.default_rng(1963)
    path, target = tmp_path / "tape.m4a", tmp_path / "copy.m4a"
    for _ in range(examples(12)):
        broken = bytearray(data)
        for at in chance.integers(begin, len(broken), 3):
            broken[at] ^= 1 << chance.integers(8)
        path.write_bytes(broken)
        try:
            found = copied(path, 100_000, 150_000, target)
            if not found.is_in(target):
                continue
        except (NotCopiedError, AudioError):
            continue
        assert np.array_equal(decoded(target, 2), linear(path).reshape(-1, 2)[100_000:150_000])


@pytest.mark.long
@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_tables_make_the_reader_fail_otherwise(
    tmp_path_factory: pytest.TempPathFactory, folder: Path, data: st.DataObject
) -> None:
    sound = tape(folder, QUICK[0])[0].read_bytes()
    tables = sound[sound.index(b"moov") - 4 :]
    broken = bytearray(tables)
    for at in data.draw(st.lists(st.integers(0, len(tables) - 1), min_size=1, max_size=6)):
        broken[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "broken.m4a"
    path.write_bytes(broken[: data.draw(st.integers(1, len(broken)))])
    with files.opened(path) as file:
        try:
            track = aac_packets.read_track(file)
            aac_packets.read_packets(file, track, 5, 50)
        except NotCopiedError:
            pass


@pytest.mark.parametrize(
    "flags", ["frag_keyframe+empty_moov", pytest.param("frag_every_frame", marks=pytest.mark.long)]
)
def test_a_file_in_fragments_is_not_copied(folder: Path, tmp_path: Path, flags: str) -> None:
    path = tmp_path / "tape.m4a"
    ffmpeg("-i", str(tape(folder, QUICK[0])[0]), "-c", "copy", "-movflags", flags, str(path))
    assert not aac_copied.is_likely(path)
    with pytest.raises(NotCopiedError):
        aac_copied.find(path, 100_000, 150_000)


def test_ffmpeg_reads_a_copy_through_a_pipe_too(folder: Path, tmp_path: Path) -> None:
    path, whole = tape(folder, QUICK[0])
    copied(path, 100_000, 150_000, tmp_path / "copy.m4a")
    command = [EXECUTABLE, "-v", "error", "-i", "pipe:0", "-f", "s16le", "-"]
    given_it = (tmp_path / "copy.m4a").read_bytes()
    samples = subprocess.run(command, input=given_it, check=True, capture_output=True).stdout
    assert samples == whole[100_000:150_000].tobytes()
