"""A clip is verified where it is what its sidecar says, and refused, in words, where anything is otherwise."""

from __future__ import annotations

import json
import shutil
import wave
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from clipping import cut, run
from tones import ffmpeg

from player.archive.archive import Archive
from player.audio import cache
from player.audio.formats import FORMATS
from player.clips.compare import distance
from player.clips.cut import Cut, clip_sound
from player.timecode import Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SPANS = (Span(2000, 5000), Span(7000, 9000))


def altered(path: Path, edit: Callable[[Any], None]) -> None:
    """Change the sidecar beside a clip."""
    place = path.with_name(f"{path.name}.json")
    sidecar = json.loads(place.read_bytes())
    edit(sidecar)
    place.write_text(json.dumps(sidecar), encoding="utf-8")


def muted(path: Path, target: Path) -> None:
    """Mute the second second of a clip, in its own format."""
    kind = FORMATS[path.suffix]
    bitrate = ("-b:a", f"{kind.bitrates[0]}k") if kind.bitrates else ()
    mute = ("-af", "volume=0:enable='between(t,1,2)',aformat=s16", *kind.options, *bitrate)
    ffmpeg("-i", str(path), *mute, "-fflags", "+bitexact", "-f", kind.muxer, "-y", str(target))


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "suffix", [each if each == ".mp3" else pytest.param(each, marks=pytest.mark.long) for each in FORMATS]
)
def test_a_clip_is_what_it_claims_and_with_one_altered_second_is_not(
    archive: Path, tmp_path: Path, suffix: str
) -> None:
    path = cut(archive, tmp_path / f"clip{suffix}", *SPANS)
    result = run(archive, "verify", str(path))
    assert result.exit_code == 0, result.output
    assert (
        f"clip{suffix}: 0:02 to 0:05; 0:07 to 0:09 of tones; cut again, it is identical, sample for sample"
        in result.stdout
    )
    other = tmp_path / f"other{suffix}"
    muted(path, other)
    shutil.move(other, path)
    result = run(archive, "verify", str(path))
    assert result.exit_code == 1
    assert "the file has changed since it was made (its SHA-256 differs); do not rely on this clip" in result.stderr
    # A forger who also corrects the digest is found by the sound.
    altered(path, lambda sidecar: sidecar["clip"].update(sha256=cache.digest(path)))
    result = run(archive, "verify", str(path))
    assert result.exit_code == 1
    assert "the file has changed" not in result.stderr
    assert "sound differs from the recording" in result.stderr or "samples, but" in result.stderr
    assert not result.stdout


@pytest.mark.long
@pytest.mark.parametrize("suffix", [".mp3", ".opus", ".m4a"])
def test_a_muted_second_of_the_same_length_is_far_beyond_the_tolerance(
    archive: Path, tmp_path: Path, suffix: str
) -> None:
    what = Cut((Span(2000, 8000),), suffix)
    passage = clip_sound(Archive(archive).recording("tones"), what).decoding
    path = cut(archive, tmp_path / f"clip{suffix}", *what.spans)
    assert distance(path, passage, what).is_same
    samples = np.frombuffer(passage.samples, "<i2").copy()
    samples[2 * 8000 : 3 * 8000] = 0
    with wave.open(str(tmp_path / "muted.wav"), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    kind = FORMATS[suffix]
    bitrate = f"{kind.bitrates[0] if kind.bitrates else 0}k"
    ffmpeg("-i", str(tmp_path / "muted.wav"), *kind.options, "-b:a", bitrate, "-f", kind.muxer, "-y", str(path))
    apart = distance(path, passage, what)
    tolerance = FORMATS[suffix].tolerance
    assert tolerance is not None
    assert apart.lengths[0] == apart.lengths[1]
    assert apart.worst > tolerance + 10
    assert 1900 <= apart.moment <= 3000
    assert not apart.is_within


def test_another_encoder_of_the_same_codec_is_within_the_tolerance(archive: Path, tmp_path: Path) -> None:
    what = Cut((Span(2000, 8000),), ".m4a")
    passage = clip_sound(Archive(archive).recording("tones"), what).decoding
    path = tmp_path / "clip.m4a"
    raw = ("-f", "s16le", "-ar", "8000", "-ac", "1", "-i", str(tmp_path / "raw"))
    (tmp_path / "raw").write_bytes(passage.samples)
    # Without the processor's vector instructions the encoder rounds otherwise.
    ffmpeg("-cpuflags", "0", *raw, "-c:a", "aac", "-b:a", "64k", "-f", "ipod", str(path))
    assert distance(path, passage, what).is_within


CLAIMS: dict[str, tuple[Callable[[Any], object], str]] = {
    "another passage": (lambda a: a["cut"][0].update(start=2500, end=5500), "sound differs from the recording"),
    "other words": (lambda a: a.update(words=["invented", "words"]), "differs from the archive in: words"),
    "another title": (lambda a: a.update(title="The tape itself"), "from the archive in: title"),
    "other rights": (lambda a: a.update(rights=["none"]), "from the archive in: rights"),
    "other samples": (lambda a: a["cut"][0].update(samples=[0, 1]), "from the archive in: cut"),
    "more than was written": (lambda a: a.update({"\x1b[2J": 1}), "its sidecar has keys that were not written into it"),
    "other fades": (lambda a: a["settings"].update(fade_in=100), "sound differs from the recording"),
    "another digest of the recording": (
        lambda a: a.update(media_sha256="0" * 64),
        "cut from a different sound from the one that tones has now",
    ),
    "a longer passage": (
        lambda a: a["cut"][0].update(end=6000),
        "it is 0:05.5 long, but the passage of tones that it names",
    ),
    "an endless passage": (lambda a: a["cut"][0].update(end=3 * 10**9), "but the passage of tones that it names"),
    "no passage": (lambda a: a.update(cut=[]), "the cut that the sidecar describes is impossible; restore"),
    "a passage backwards": (
        lambda a: a["cut"][0].update(start=9000),
        "the cut that the sidecar describes is impossible",
    ),
    "times that are none": (
        lambda a: a["cut"][0].update(start=float("nan")),
        "the cut that the sidecar describes is impossible",
    ),
    "a flag for a time": (lambda a: a["settings"].update(gap=True), "the cut that the sidecar describes is impossible"),
    "an unknown format": (
        lambda a: a["settings"].update(format="../x"),
        "the cut that the sidecar describes is impossible",
    ),
    "a gap without end": (
        lambda a: a["settings"].update(gap=10**12),
        "the cut that the sidecar describes is impossible",
    ),
    "another recording": (lambda a: a.update(recording="../../etc"), 'no recording is called "../../etc"'),
    "a recording that hides": (lambda a: a.update(recording="\x1b[2J"), "the sidecar names no recording"),
    "another version": (lambda a: a.update({"tape-player clip": 2}), "this is not the sidecar of a clip"),
    "words of another digest": (lambda a: a["transcript"].update(sha256="0"), "clip.wav.vtt has changed since it was"),
}


@pytest.mark.parametrize(("edit", "words"), CLAIMS.values(), ids=list(CLAIMS))
def test_an_account_that_was_tampered_with_is_refused(
    archive: Path, tmp_path: Path, edit: Callable[[Any], None], words: str
) -> None:
    path = cut(archive, tmp_path / "clip.wav", *SPANS)
    altered(path, edit)
    result = run(archive, "verify", str(path))
    assert result.exit_code == 1
    assert words in result.stderr
    assert result.stderr.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"tape-player clip": ' + b"1" * 9999]
)
def test_a_file_that_is_no_account_is_refused(archive: Path, tmp_path: Path, content: bytes) -> None:
    path = cut(archive, tmp_path / "clip.wav")
    path.with_name("clip.wav.json").write_bytes(content)
    result = run(archive, "verify", str(path))
    assert result.exit_code == 1
    assert "clip.wav.json: this is not the sidecar of a clip; put the right file there" in result.stderr


def test_what_is_missing_is_told(archive: Path, tmp_path: Path) -> None:
    path = cut(archive, tmp_path / "clip.wav")
    path.with_name("clip.wav.vtt").unlink()
    assert "clip.wav.vtt is missing" in run(archive, "verify", str(path)).stderr
    path.with_name("clip.wav.json").unlink()
    assert "clip.wav.json: the sidecar of the clip is missing; put it" in run(archive, "verify", str(path)).stderr


def test_a_sidecar_in_place_of_its_clip_is_refused(archive: Path, tmp_path: Path) -> None:
    path = cut(archive, tmp_path / "clip.wav", *SPANS)
    result = run(archive, "verify", f"{path}.json")
    assert result.exit_code == 1
    assert "clip.wav.json: this is not a clip; name the clip, not its sidecar" in result.stderr
    path.unlink()
    assert "clip.wav: there is no such file; give the name of a clip" in run(archive, "verify", str(path)).stderr


def test_a_clip_that_is_no_sound_is_refused(archive: Path, tmp_path: Path) -> None:
    path = cut(archive, tmp_path / "clip.mp3")
    path.write_text("no sound" * 1000, encoding="utf-8")
    result = run(archive, "verify", str(path))
    assert result.exit_code == 1
    assert "cannot be decoded" in result.stderr


def test_a_changed_recording_is_told(archive: Path, tmp_path: Path) -> None:
    path = cut(archive, tmp_path / "clip.wav")
    media = archive / "media" / "tones.wav"
    content = bytearray(media.read_bytes())
    content[-1] ^= 1
    media.write_bytes(content)
    result = run(archive, "verify", str(path))
    assert result.exit_code == 1
    assert "the clip was cut from a different sound from the one that tones has now" in result.stderr
