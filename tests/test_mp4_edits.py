"""The edit list of an MP4 is read as it is, and no file makes its reader fail, wait or read too much."""

from __future__ import annotations

import struct
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tones import ffmpeg, write_tones

from player.audio import exact
from player.audio.decode.mp4_edits import Edits, edits, read
from player.errors import AudioError

if TYPE_CHECKING:
    from pathlib import Path

RATE = 22_050
SECONDS = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mp4")
    write_tones(folder / "tape.wav", seconds=SECONDS)
    return folder


@pytest.fixture(scope="module")
def plain(folder: Path) -> Path:
    return encoded(folder, "plain.m4a")


def encoded(folder: Path, name: str, *options: str) -> Path:
    ffmpeg("-y", "-i", str(folder / "tape.wav"), "-c:a", "aac", *options, str(folder / name))
    return folder / name


def box(name: bytes, content: bytes = b"", *, size: int | None = None) -> bytes:
    return struct.pack(">I4s", 8 + len(content) if size is None else size, name) + content


def movie(
    *entries: tuple[int, int, int, int], version: int = 0, count: int | None = None, kind: bytes = b"soun"
) -> bytes:
    """Give a file with one track and an edit list, and nothing else."""
    form = ">Qqhh" if version else ">Iihh"
    head = struct.pack(">B3xI", version, len(entries) if count is None else count)
    listed = box(b"elst", head + b"".join(struct.pack(form, *entry) for entry in entries))
    handler = box(b"hdlr", bytes(8) + kind + bytes(12))
    track = box(b"trak", box(b"tkhd", bytes(84)) + box(b"edts", listed) + box(b"mdia", handler))
    times = struct.pack(">B3x", version) + bytes(16 if version else 8)
    return box(b"ftyp", b"M4A ") + box(b"moov", box(b"mvhd", times + struct.pack(">I", 1000)) + track)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "made.m4a"
    path.write_bytes(content)
    return path


def test_the_edit_of_a_plain_file_begins_after_the_delay_of_the_encoder(plain: Path) -> None:
    assert edits(plain) == Edits((1024,), (SECONDS * RATE,), RATE, is_fragmented=False, is_steady=True)
    assert edits(plain) == read(plain)
    assert exact.inexact(plain) is None


def test_a_file_without_an_edit_list_has_no_edits(folder: Path) -> None:
    path = encoded(folder, "bare.m4a", "-use_editlist", "0")
    found = edits(path)
    assert found is not None
    assert found.starts == ()
    assert "has no edit list that leaves out" in str(exact.inexact(path))


def test_the_tag_of_itunes_does_not_stand_in_for_an_edit_list(folder: Path, tmp_path: Path) -> None:
    mp4: Any = import_module("mutagen.mp4")  # which has no types
    path = tmp_path / "itunes.m4a"
    path.write_bytes(encoded(folder, "bare.m4a", "-use_editlist", "0").read_bytes())
    tagged = mp4.MP4(path)
    tagged["----:com.apple.iTunes:iTunSMPB"] = [
        mp4.MP4FreeForm(b" 00000000 00000400 000002DE 000000000001AE96 00000000 00000000")
    ]
    tagged.save()
    assert "has no edit list that leaves out" in str(exact.inexact(path))


def test_a_pause_before_the_sound_is_an_edit_of_nothing(folder: Path, plain: Path) -> None:
    path = folder / "late.m4a"
    ffmpeg("-y", "-itsoffset", "1", "-i", str(plain), "-c", "copy", str(path))
    found = edits(path)
    assert found is not None
    assert found.starts[0] == -1
    assert "begins with a pause" in str(exact.inexact(path))


def test_a_file_in_fragments_is_told(folder: Path) -> None:
    path = encoded(folder, "parts.m4a", "-movflags", "frag_keyframe+empty_moov")
    found = edits(path)
    assert found is not None
    assert found.is_fragmented
    assert "an MP4 in fragments" in str(exact.inexact(path))


def test_the_edits_are_those_of_the_sound_and_not_of_the_picture(folder: Path) -> None:
    path = folder / "film.mp4"
    picture = ("-f", "lavfi", "-i", f"color=s=16x16:r=5:d={SECONDS}")
    ffmpeg("-y", *picture, "-i", str(folder / "tape.wav"), "-c:v", "mpeg4", "-c:a", "aac", str(path))
    found = edits(path)
    assert found is not None
    assert found.starts == (1024,)


def test_aac_of_another_profile_is_not_said_to_be_exact(plain: Path, tmp_path: Path) -> None:
    """The profile stands in the first bits of AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1): 2 is LC, 1 is Main."""
    content = bytearray(plain.read_bytes())
    place = content.index(b"\x05\x80\x80\x80", content.index(b"esds")) + 5
    assert content[place] >> 3 == 2
    content[place] = 1 << 3 | content[place] & 7
    assert "AAC of this profile (Main)" in str(exact.inexact(written(tmp_path, bytes(content))))


def test_long_times_and_several_edits_are_read(tmp_path: Path) -> None:
    found = read(written(tmp_path, movie((1 << 40, 1024, 1, 0), (5, 1 << 40, 2, 0), version=1)))
    assert found == Edits((1024, 1 << 40), (1 << 40, 5), 1000, is_fragmented=False, is_steady=False)


def test_of_a_long_list_the_beginning_is_read(tmp_path: Path) -> None:
    found = read(written(tmp_path, movie(*((1, place, 1, 0) for place in range(50_000)))))
    assert found is not None
    assert found.starts == tuple(range(16))


def test_a_last_box_that_goes_to_the_end_and_one_with_a_long_size_are_followed(tmp_path: Path) -> None:
    content = movie((7, 1024, 1, 0))
    head, rest = content[: content.index(b"moov") - 4], content[content.index(b"moov") + 4 :]
    for before in (box(b"moov", size=0), struct.pack(">I4sQ", 1, b"moov", 16 + len(rest))):
        found = read(written(tmp_path, head + struct.pack(">I4sQ", 1, b"free", 16) + before + rest))
        assert found is not None
        assert found.starts == (1024,)


DAMAGED = {
    "nothing": b"",
    "no movie": box(b"ftyp", b"M4A "),
    "no sound": movie((7, 1024, 1, 0), kind=b"vide"),
    "more edits than there is room for": movie((7, 1024, 1, 0), count=0xFFFFFFFF),
    "no edits where one is counted": movie(count=1),
    "a version that nobody knows": movie((7, 1024, 1, 0), version=0).replace(b"elst\0", b"elst\7"),
    "a movie without a head": movie((7, 1024, 1, 0)).replace(b"mvhd", b"free"),
    "a head of another version": movie((7, 1024, 1, 0)).replace(b"mvhd\0", b"mvhd\7"),
    "a handler that is cut short": box(b"moov", box(b"trak", box(b"mdia", box(b"hdlr", b"\0\0")))),
    "a box smaller than its head": box(b"ftyp", b"M4A ") + box(b"moov", size=4),
    "a long size that is not there": struct.pack(">I4s", 1, b"moov"),
    "a long size smaller than its head": struct.pack(">I4sQ", 1, b"moov", 3) + bytes(32),
    "boxes without end": box(b"free") * 100_001 + movie((7, 1024, 1, 0)),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_cannot_be_followed_has_no_edits(tmp_path: Path, content: bytes) -> None:
    assert read(written(tmp_path, content)) is None


def test_a_size_beyond_the_end_is_taken_for_the_end(tmp_path: Path) -> None:
    content = movie((7, 1024, 1, 0))
    place = content.index(b"moov") - 4
    found = read(written(tmp_path, content[:place] + b"\xff\xff\xff\xff" + content[place + 4 :]))
    assert found is not None
    assert found.starts == (1024,)


def test_a_damaged_list_needs_a_copy_and_says_why(plain: Path, tmp_path: Path) -> None:
    content = plain.read_bytes()
    place = content.index(b"elst")
    path = written(tmp_path, content[: place + 8] + b"\x7f" + content[place + 9 :])
    assert edits(path) is None
    assert "is damaged" in str(exact.inexact(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="cannot be read"):
        read(tmp_path / "none.m4a")


@settings(max_examples=60)
@given(data=st.data())
def test_no_bytes_make_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(movie((7, 1024, 1, 0), (9, 5, 1, 0)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.sampled_from([0, 1, 7, 8, 0x7F, 0x80, 0xFF]))
    cut = data.draw(st.integers(0, len(content)))
    path = tmp_path_factory.getbasetemp() / "random.m4a"
    path.write_bytes(bytes(content[:cut]))
    found = read(path)
    assert found is None or len(found.starts) == len(found.lengths) <= 16
