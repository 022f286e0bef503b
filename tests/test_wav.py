"""The head of a WAV says where its samples lie; a title goes in without moving them."""

from __future__ import annotations

import io
import os
import struct
import wave
from typing import TYPE_CHECKING

import pytest

from player.audio.decode.stream import Wav, read_wav
from player.clips.write import wav_around

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = bytes(range(40))
PLAIN = struct.pack("<HHIIHH", 1, 2, 8000, 32_000, 4, 16)
# A subformat of PCM (KSDATAFORMAT_SUBTYPE_PCM), in 16 valid bits of 16.
EXTENSIBLE = struct.pack("<HHIIHHHHIH", 0xFFFE, 2, 8000, 32_000, 4, 16, 22, 16, 3, 1) + bytes(14)


def wav(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    """Give a WAV file of these chunks; ``size`` is what the last one claims to be."""
    body = b""
    for index, (name, content) in enumerate(chunks):
        claimed = size if size is not None and index == len(chunks) - 1 else len(content)
        body += name + struct.pack("<I", claimed) + content + bytes(len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def layout(folder: Path, content: bytes) -> Wav | None:
    """Read the layout of a file with this content."""
    path = folder / "tape.wav"
    path.write_bytes(content)
    return read_wav(path)


@pytest.mark.parametrize("head", [PLAIN, EXTENSIBLE])
def test_chunks_before_the_samples_are_passed_over(tmp_path: Path, head: bytes) -> None:
    content = wav((b"LIST", b"odd"), (b"fmt ", head), (b"junk", bytes(7)), (b"data", SAMPLES))
    found = layout(tmp_path, content)
    assert found == Wav(8000, 2, 16, content.index(SAMPLES), 10)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 40, 44, 1_000_000])
def test_samples_end_where_the_file_ends(tmp_path: Path, size: int) -> None:
    found = layout(tmp_path, wav((b"fmt ", PLAIN), (b"data", SAMPLES), size=size))
    assert found is not None
    assert found.length == 10


@pytest.mark.parametrize(
    "head",
    [
        PLAIN[:10],
        struct.pack("<HHIIHH", 3, 2, 8000, 64_000, 8, 32),
        struct.pack("<HHIIHH", 1, 0, 8000, 0, 0, 16),
        struct.pack("<HHIIHH", 1, 2, 0, 0, 4, 16),
        EXTENSIBLE[:20],
    ],
)
def test_what_is_no_plain_pcm_is_left_to_the_decoder(tmp_path: Path, head: bytes) -> None:
    assert layout(tmp_path, wav((b"fmt ", head), (b"data", SAMPLES))) is None


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"RF64\0\0\0\0WAVE", b"RIFX\0\0\0\0WAVE"])
def test_what_is_no_wav_has_no_layout(tmp_path: Path, content: bytes) -> None:
    assert layout(tmp_path, content) is None


@pytest.mark.parametrize("title", ["even", "odd", "über"])
def test_a_title_leaves_the_samples_where_they_were(title: str) -> None:
    parts = wav_around(wav((b"fmt ", PLAIN), (b"data", b"")), len(SAMPLES), {"INAM": title})
    assert parts is not None
    titled = parts[0] + SAMPLES + parts[1]
    assert struct.unpack_from("<I", titled, 4) == (len(titled) - 8,)
    with wave.open(io.BytesIO(titled)) as file:
        assert file.readframes(100) == SAMPLES
    at = titled.index(b"INAM")
    size = struct.unpack_from("<I", titled, at + 4)[0]
    assert titled[at + 8 : at + 8 + size].rstrip(b"\0").decode() == title
    assert len(titled) % 2 == 0


def test_more_samples_than_a_wav_can_say_are_refused() -> None:
    empty = wav((b"fmt ", PLAIN), (b"data", b""))
    parts = wav_around(empty, 2**32 - 1 - 64, {})
    assert parts is not None
    assert wav_around(empty, 2**32 - 1, {}) is None


def test_zeros_without_end_are_no_chunks_without_end(tmp_path: Path) -> None:
    """Of eight bytes each; a head is read at every look at the file."""
    path = tmp_path / "zeros.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVE")
    os.truncate(path, 10_000_000_000)
    assert read_wav(path) is None


@pytest.mark.parametrize(("bits", "block"), [(0, 0), (4, 0)])
def test_samples_of_no_bytes_are_no_plain_wav(tmp_path: Path, bits: int, block: int) -> None:
    head = struct.pack("<HHIIHH", 1, 1, 8000, 0, block, bits)
    assert layout(tmp_path, wav((b"fmt ", head), (b"data", SAMPLES))) is None


def test_a_file_that_was_emptied_while_its_head_was_read_has_no_samples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Emptied:
        st_size = 0

    path = tmp_path / "tape.wav"
    path.write_bytes(wav((b"fmt ", PLAIN), (b"data", SAMPLES)))
    monkeypatch.setattr(type(path), "stat", lambda _path: Emptied)
    found = read_wav(path)
    assert found is not None
    assert found.length == 0
