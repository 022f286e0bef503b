"""A sound of which less is there than its own head says is told: a broken download loses what nobody has heard."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import checking
import pytest
from tones import encoded, write_tones

if TYPE_CHECKING:
    from pathlib import Path


def advice(root: Path) -> list[str]:
    return [str(each) for each in checking.outcome(root).advice if "and its sound ends at" in str(each)]


def archive_of(tmp_path: Path, kind: str, share: float) -> Path:
    """Write an archive with a sound of ten seconds, of which the first part is there."""
    wav = write_tones(tmp_path / "tape.wav", seconds=10)
    sound = wav if kind == "wav" else encoded(wav, kind)
    folder = tmp_path / "archive" / "transcripts" / "tape"
    folder.mkdir(parents=True)
    (tmp_path / "archive" / "media").mkdir()
    held = sound.rename(tmp_path / "archive" / "media" / f"tape{sound.suffix}")
    os.truncate(held, int(held.stat().st_size * share))
    (folder / "recording.toml").write_text(
        f'title = "A tape"\ndate = "1971"\nmedia = "{held.name}"\n', encoding="utf-8"
    )
    return tmp_path / "archive"


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3 of variable bitrate"])
def test_a_sound_that_was_cut_short_is_told(tmp_path: Path, kind: str) -> None:
    (told,) = advice(archive_of(tmp_path, kind, 0.5))
    assert "the file says that it is 0:10" in told
    assert "if it was cut short, as a broken download is, get it anew" in told


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3 of variable bitrate"])
def test_one_that_is_whole_or_lacks_a_moment_is_not(tmp_path: Path, kind: str) -> None:
    assert advice(archive_of(tmp_path, kind, 1.0)) == []


def test_one_that_was_written_into_a_pipe_is_not(tmp_path: Path) -> None:
    root = archive_of(tmp_path, "wav", 1.0)
    sound = root / "media" / "tape.wav"
    data = bytearray(sound.read_bytes())
    at = data.index(b"data")
    for size in (0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0):
        data[at + 4 : at + 8] = size.to_bytes(4, "little")
        sound.write_bytes(data)
        assert advice(root) == [], hex(size)


def test_one_of_less_than_a_millisecond_is_no_sound_to_hear(tmp_path: Path) -> None:
    root = archive_of(tmp_path, "wav", 1.0)
    sound = root / "media" / "tape.wav"
    data = bytearray(sound.read_bytes())
    at = data.index(b"data")
    data[at + 4 : at + 8] = (20).to_bytes(4, "little")
    sound.write_bytes(data[: at + 28])
    told = [str(each) for each in checking.faults(root)]
    assert len(told) == 1
    what = "the sound is shorter than a millisecond, in which nothing can be heard; name a file that can be played"
    assert told[0].endswith(f"recording.toml:3: {what}")
