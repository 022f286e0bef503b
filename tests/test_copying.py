"""``--format copy``: a clip of an MP3 that has the recording's own frames, says what they hide, and is proved."""

from __future__ import annotations

import shutil
import subprocess
from functools import partial
from typing import TYPE_CHECKING, Any

import mutagen
import numpy as np
import pytest
from clipping import run
from closed_tone import CLOSED, write_tone
from held_sounds import CLOSING, RATE, copy_to, held_archive, hold, rewrite, sidecar
from mp3_tapes import frames, without_tag
from tone_heard import SILENT, tone_level
from tones import EXECUTABLE, ffmpeg, linear

from player.archive.archive import Archive
from player.audio import cache, mp3_passage
from player.clips import copying
from player.clips.clip import clip
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return held_archive(tmp_path, monkeypatch)


cut = partial(copy_to, "out.mp3")


def all_decoded(path: Path) -> NDArray[Any]:
    """Decode a file as a reader does that knows nothing of what the tag leaves out."""
    command = [EXECUTABLE, "-v", "error", "-flags2", "+skip_manual", "-i", str(path), "-f", "s16le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<i2")


def test_a_copy_has_the_recording_s_frames_and_samples_and_says_so(archive: Path, tmp_path: Path) -> None:
    result = cut(archive)
    assert result.exit_code == 0, result.output
    assert result.output == "out.mp3: 0:02 to 0:04.5 of tones, copied without encoding it again\n"
    media, path = archive / "media" / "tones.mp3", tmp_path / "out.mp3"
    whole = linear(media)
    rate = len(whole) // 10
    assert np.array_equal(linear(path), whole[2 * rate : 9 * rate // 2])
    said = sidecar(path)
    first, last = said["copied"]["bytes"]
    assert path.read_bytes().endswith(media.read_bytes()[first:last])
    # Tags before the frames, which they leave alone.
    assert b"".join(frames(without_tag(path.read_bytes()))[2:]) == media.read_bytes()[first:last]
    assert said["settings"] == {"format": "copy", "bitrate": None, "fade_in": 0, "fade_out": 0, "gap": 500}
    assert said["encoder"] is said["not_copied"] is None
    # What a reader without a notion of the tag hears is not more than what is said.
    hidden = len(all_decoded(path)) - len(linear(path))
    assert 0 < said["copied"]["before"] + said["copied"]["after"] < 500
    carrier, overlap = 576, 1056
    assert hidden - carrier + overlap <= (said["copied"]["before"] + said["copied"]["after"]) * rate / 1000
    tags = mutagen.File(path)
    hides = f"{said['copied']['before']} ms of sound before the passage and {said['copied']['after']} ms after it"
    assert hides in str(tags["TXXX:COPY"])
    assert str(tags["TIT2"]) == "A tape of tones, 0:02 to 0:04.5"
    assert (tmp_path / "out.mp3.vtt").is_file()
    # As before, where nobody asks for a copy.
    assert run(archive, "clip", "tones", "--from", "2", "--to", "4.5", "-o", "other.mp3").exit_code == 0
    assert sidecar(tmp_path / "other.mp3")["settings"]["fade_in"] == 5
    assert not sidecar(tmp_path / "other.mp3")["copied"]


@pytest.mark.long
def test_verify_compares_the_bytes_of_a_copy(archive: Path, tmp_path: Path) -> None:
    assert cut(archive).exit_code == 0
    result = run(archive, "verify", "out.mp3")
    assert result.exit_code == 0, result.output
    assert "it is the same, byte for byte: its frames are those of the archive's file" in result.stdout
    path = tmp_path / "out.mp3"
    data = bytearray(path.read_bytes())
    data[-2000] ^= 1
    path.write_bytes(data)
    # A forger corrects the digests.
    rewrite(path, clip={"file": "out.mp3", "sha256": cache.digest(path)})
    result = run(archive, "verify", "out.mp3")
    assert result.exit_code == 1
    assert "its coded bytes are not those of the recording's file" in result.stderr
    data[-2000] ^= 1
    path.write_bytes(data)
    rewrite(
        path, copied={**sidecar(path)["copied"], "after": 1}, clip={"file": "out.mp3", "sha256": cache.digest(path)}
    )
    result = run(archive, "verify", "out.mp3")
    assert result.exit_code == 1
    assert "its sidecar differs from the archive in: copied" in result.stderr


@pytest.fixture
def half_closed(archive: Path) -> Path:
    """The recording has a rare tone between 1.3 and 2.1 seconds, which is closed."""
    hold(archive, write_tone(archive.parent / "tone.wav"))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace('substance = "0:02"\n', "") + CLOSING, "utf-8")
    for name in ("transcript.vtt", "annotations.toml"):
        (archive / "transcripts" / "tones" / name).unlink()
    return archive


@pytest.mark.parametrize(
    ("start", "end", "is_copied"),
    [
        ("2.1", "3", False),
        ("2.5", "3.5", True),
        *(
            pytest.param(*each, False, marks=pytest.mark.long)
            for each in (("0.3", "1.3"), ("0.3", "1.25"), ("2.13", "3"))
        ),
    ],
)
def test_nothing_closed_is_in_a_copy_not_even_what_only_a_tag_hides(
    half_closed: Path, tmp_path: Path, start: str, end: str, *, is_copied: bool
) -> None:
    result = cut(half_closed, start=start, end=end)
    assert result.exit_code == 0, result.output
    path = tmp_path / "out.mp3"
    assert ("copied without encoding" in result.stdout) is is_copied
    assert (
        "out.mp3: encoded, not copied: what lies next to the passage is closed, and a copy would have some of it"
        in result.stderr
    ) is not is_copied
    assert tone_level(all_decoded(path), RATE) < SILENT
    assert bool(sidecar(path)["not_copied"]) is not is_copied
    assert run(half_closed, "verify", "out.mp3").exit_code == 0


@pytest.mark.long
def test_the_tone_would_be_heard_in_a_copy_beside_it(
    half_closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "keep_closed", lambda *_: None)
    assert "copied without" in cut(half_closed, start="2.1", end="3").stdout
    assert tone_level(all_decoded(tmp_path / "out.mp3"), RATE) > SILENT + 10


@pytest.mark.long
def test_what_is_closed_is_copied_for_the_archive_s_own_use(half_closed: Path, tmp_path: Path) -> None:
    start, end = CLOSED.start / 1000, CLOSED.end / 1000
    assert cut(half_closed, start=str(start), end=str(end)).exit_code == 1
    assert not (tmp_path / "out.mp3").exists()
    result = cut(half_closed, "--include-closed", start=str(start), end=str(end))
    assert "copied without" in result.stdout, result.output
    assert sidecar(tmp_path / "out.mp3")["closed"] == ["closed until 2041"]
    # Only what is beside it is closed: such a clip would not say so.
    result = copy_to("other.mp3", half_closed, "--include-closed", start="0.3", end="1.29")
    assert "encoded, not copied" in result.stderr


@pytest.mark.long
def test_of_two_closed_passages_with_one_label_a_clip_of_one_has_nothing_of_the_other(
    half_closed: Path, tmp_path: Path
) -> None:
    record = half_closed / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    result = copy_to("before.mp3", half_closed, "--include-closed", start="1.2", end="2.49")
    assert "copied without" in result.stdout, result.output
    record.write_text(f'{text}\n[[closed]]\nstart = "2.5"\nend = "2.8"\nuntil = "2041"\n', encoding="utf-8")
    result = cut(half_closed, "--include-closed", start="1.2", end="2.49")
    assert "encoded, not copied" in result.stderr, result.output
    assert sidecar(tmp_path / "out.mp3")["closed"] == ["closed until 2041"]


def test_what_is_not_certain_is_encoded_and_told(archive: Path, tmp_path: Path) -> None:
    media = archive / "media" / "tones.mp3"
    sound = media.read_bytes()
    broken = sound[:24_000] + bytes(2000) + sound[26_000:]
    media.write_bytes(broken)
    result = cut(archive)
    assert result.exit_code == 0, result.output
    assert "encoded, not copied: " in result.stderr
    assert "damaged" in result.stderr
    assert sidecar(tmp_path / "out.mp3")["settings"]["fade_in"] == 5


def test_an_mp3_of_a_free_bitrate_is_refused_by_name(archive: Path, tmp_path: Path) -> None:
    media = archive / "media" / "tones.mp3"
    sound = without_tag(media.read_bytes())
    media.write_bytes(b"".join(frame[:2] + bytes([frame[2] & 0x0F]) + frame[3:] for frame in frames(sound)))
    for how in (("--format", "copy"), ()):
        result = run(archive, "clip", "tones", "--from", "2", "--to", "4.5", "-o", "out.mp3", *how)
        assert result.exit_code == 1
        assert "tones.mp3: it is an MP3 of a free bitrate, which ffmpeg does not decode; replace it" in result.output
    assert not (tmp_path / "out.mp3").exists()


@pytest.mark.long
def test_a_passage_of_a_few_samples_is_encoded_and_told(archive: Path, tmp_path: Path) -> None:
    result = cut(archive, start="3", end="3.008")
    assert result.exit_code == 0, result.output
    assert "encoded, not copied: " in result.stderr
    assert sidecar(tmp_path / "out.mp3")["settings"] == {
        "format": "mp3",
        "bitrate": None,
        "fade_in": 0,
        "fade_out": 0,
        "gap": 500,
    }


def test_a_copy_that_is_not_proved_is_not_kept(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = mp3_passage.write

    def wrongly(path: Path, passage: mp3_passage.Passage, target: Any) -> None:
        written(path, passage, target)
        target.seek(-3000, 2)
        target.write(bytes(100))

    monkeypatch.setattr(mp3_passage, "write", wrongly)
    result = cut(archive)
    assert "encoded, not copied: decoded, the copy has other samples than the recording" in result.stderr
    assert sidecar(tmp_path / "out.mp3")["encoder"]


@pytest.mark.long
def test_a_recording_that_changes_meanwhile_is_noticed(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = mp3_passage.write
    media = archive / "media" / "tones.mp3"
    other = tmp_path / "other.mp3"
    ffmpeg("-i", str(media), "-af", "volume=0.5", "-b:a", "64k", str(other))

    def meanwhile(path: Path, passage: mp3_passage.Passage, target: Any) -> None:
        written(path, passage, target)
        shutil.copyfile(other, media)

    monkeypatch.setattr(mp3_passage, "write", meanwhile)
    before = sorted(tmp_path.iterdir())
    result = cut(archive)
    assert result.exit_code == 1
    assert "the sound of tones changed while it was copied; cut the clip again" in result.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_what_needs_another_sound_does_not_go_with_a_copy(archive: Path, tmp_path: Path) -> None:
    for more in (("--fade-in", "5"), ("--fade-out", "1"), ("--bitrate", "64")):
        result = cut(archive, *more)
        assert result.exit_code == 2
        assert more[0] in result.stderr
        assert "copy" in result.stderr
        assert not (tmp_path / "out.mp3").exists()
    assert cut(archive, "--fade-in", "0").exit_code == 0


def test_only_mp3_is_copied(archive: Path, tmp_path: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.mp3", "tones.wav"), encoding="utf-8")
    result = cut(archive)
    assert result.exit_code == 1
    assert (
        "tones: only MP3 and AAC in M4A can be copied, and its sound is uncompressed samples; "
        "write a .wav, which loses nothing" in result.stderr
    )
    assert not (tmp_path / "out.mp3").exists()
    result = copy_to("out.wav", archive)
    assert result.exit_code == 2
    assert "the name ends in .wav but --format says copy, of MP3 and AAC in M4A" in result.stderr


@pytest.mark.long
def test_many_copies_are_made_once(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("start,end,name\n1,2,harbour\n3,3.01,ferry\n", encoding="utf-8")
    many = partial(run, archive, "clips", "tones", "--from-csv", "table.csv", "--format", "copy", "-o", "clips")
    result = many()
    assert result.exit_code == 0, result.output
    assert "harbour.mp3: 0:01 to 0:02 of tones, copied without encoding it again" in result.stdout
    assert "ferry.mp3: encoded, not copied: " in result.stderr
    assert "2 made" in result.stderr
    result = many()
    assert "2 already there" in result.stderr, result.output
    plain = ("--fade-in", "0", "--fade-out", "0")
    # One that is encoded is not what was asked for where a copy can be had.
    assert run(archive, "clips", "tones", "--from-csv", "table.csv", "-o", "clips", "--force", *plain).exit_code == 0
    result = many()
    assert result.exit_code == 1
    assert "a file of that name exists" in result.stderr


@pytest.mark.long
def test_a_bare_copy_has_a_title_only_and_can_be_piped(archive: Path, tmp_path: Path) -> None:
    assert cut(archive, "--bare").exit_code == 0
    tags = mutagen.File(tmp_path / "out.mp3").tags
    assert list(tags) == ["TIT2"]
    recording = Archive(archive).recording("tones")
    assert not clip(recording, Span(2000, 4000), tmp_path / "plain.mp3").copied
    piped = run(archive, "clip", "tones", "--from", "2", "--to", "4.5", "--format", "copy", "-o", "-", "--bare")
    assert piped.stdout_bytes == (tmp_path / "out.mp3").read_bytes()
