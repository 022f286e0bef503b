"""A clip's tags say what it is, whose words, from where and on what terms, in every format."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING, Any

import mutagen
import pytest
from clipping import as_reading, cut, pitches
from tones import ffmpeg

from player.clips.provenance import Provenance
from player.clips.write import wav_fields
from player.errors import ClipError
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

OWN = ("RECORDING", "RECORDING_DATE", "RECORDING_SHA256", "SPAN", "SOURCE", "RIGHTS", "CITATION", "NOTICE")
TITLE = "Synthetic reading, not the tape: A tape of tones, 0:02 to 0:04; 0:05 to 0:07"


def read(path: Path) -> dict[str, str]:
    """Give the tags of a file, by their names in Vorbis comments."""
    found: Any = mutagen.File(path)
    if path.suffix == ".mp3":
        own = {name: str(found.tags[f"TXXX:{name}"]) for name in OWN}
        usual = {"TITLE": "TIT2", "ALBUM": "TALB", "ARTIST": "TPE1", "DATE": "TDRC", "COPYRIGHT": "TCOP"}
        usual |= {"LYRICS": "USLT::und", "DESCRIPTION": "COMM::eng"}
        return own | {name: str(found.tags[key]) for name, key in usual.items()}
    if path.suffix == ".m4a":
        own = {name: found.tags[f"----:com.apple.iTunes:{name}"][0].decode() for name in OWN}
        usual = {"TITLE": "\xa9nam", "ALBUM": "\xa9alb", "ARTIST": "\xa9ART", "DATE": "\xa9day", "COPYRIGHT": "cprt"}
        usual |= {"LYRICS": "\xa9lyr", "DESCRIPTION": "\xa9cmt"}
        return own | {name: found.tags[key][0] for name, key in usual.items()}
    return {name.upper(): "\n".join(values) for name, values in found.tags.as_dict().items()}


@pytest.mark.parametrize("suffix", [".mp3", ".wav"])
def test_a_clip_says_what_a_listener_should_know_first(archive: Path, tmp_path: Path, suffix: str) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    given = record.read_text(encoding="utf-8").replace("summary =", 'advice = "It is loud."\nsummary =')
    label = '\n[[label]]\nname = "TK Seasonal"\ntext = "Only in winter."\naddress = "https://hub.example/1"\n'
    record.write_text(given + label, encoding="utf-8")
    path = cut(archive, tmp_path / f"clip{suffix}", Span(2000, 4000))
    assert "Before you listen: It is loud." in str(mutagen.File(path).tags) or "It is loud." in path.read_text(
        "latin-1"
    )
    sidecar = json.loads((tmp_path / f"clip{suffix}.json").read_text(encoding="utf-8"))
    assert sidecar["advice"] == "It is loud."
    assert sidecar["labels"] == ["TK Seasonal: Only in winter. https://hub.example/1"]


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".opus", ".m4a"])
def test_tags_tell_what_the_clip_is_and_its_sound_is_untouched(archive: Path, tmp_path: Path, suffix: str) -> None:
    as_reading(archive)
    path = cut(archive, tmp_path / f"reading{suffix}", Span(2000, 4000), Span(5000, 7000), gap=1000)
    found = read(path)
    assert found["TITLE"] == TITLE
    assert found["ALBUM"] == "A tape of tones"
    assert found["ARTIST"] == "Ada (person); Ben (unidentified)"
    assert found["DATE"] == found["RECORDING_DATE"] == "1963-11-05"
    assert found["COPYRIGHT"] == found["RIGHTS"] == "audio: https://example.org/terms (Own work)"
    assert found["LYRICS"] == "One two three.\nA second voice."
    assert found["SPAN"] == "0:02 to 0:04; 0:05 to 0:07"
    assert found["SOURCE"] == "The log of the tones, p. 2; The log of the tones"
    assert found["RECORDING"] == "tones"
    assert found["NOTICE"] == "Synthetic reading, not the tape."
    assert found["DESCRIPTION"] == found["CITATION"]
    for part in ("“A tape of tones”, 1963-11-05, Nowhere", "0:02 to 0:04", found["RECORDING_SHA256"]):
        assert part in found["CITATION"]
    assert pitches(path)[:2] == [300, 350]
    assert pitches(path)[3:5] == [450, 500]


def test_a_wav_tells_the_same_in_its_info(archive: Path, tmp_path: Path) -> None:
    as_reading(archive)
    path = cut(archive, tmp_path / "reading.wav")
    told = ffmpeg("-i", str(path), "-f", "ffmetadata", "-").decode()
    for line in (
        "title=Synthetic reading\\, not the tape: A tape of tones\\, 0:02 to 0:04",
        "artist=Ada (person)",
        "date=1963-11-05",
        "copyright=audio: https://example.org/terms (Own work)",
        "ISRC=The log of the tones\\, p. 2\\; The log of the tones",
    ):
        assert line in told or line.replace("\\,", ",") in told
    assert "One two three." in told
    assert pitches(path) == [300, 350]


def test_what_is_not_known_is_left_out(archive: Path, tmp_path: Path) -> None:
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").unlink()
    (folder / "annotations.toml").unlink()
    (folder / "recording.toml").write_text('title = "T"\ndate = "1963~"\nmedia = "tones.wav"\n', encoding="utf-8")
    found: Any = mutagen.File(cut(archive, tmp_path / "clip.mp3"))
    assert not {"TPE1", "TCOP", "USLT::und", "TXXX:NOTICE", "TXXX:RIGHTS"} & set(found.tags)
    assert str(found.tags["TDRC"]) == "1963"
    assert str(found.tags["TXXX:RECORDING_DATE"]) == "1963~"


@pytest.mark.parametrize(("suffix", "written"), [(".mp3", "player.clips.id3.put"), (".flac", "mutagen.flac.FLAC.save")])
def test_a_disk_that_fills_while_tags_are_written_is_told(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, written: str
) -> None:
    def full(*_: object, **__: object) -> None:
        error = OSError(errno.ENOSPC, "No space left on device")
        raise error if suffix == ".mp3" else mutagen.MutagenError(error)

    monkeypatch.setattr(written, full)
    with pytest.raises(
        ClipError, match=rf"clip\{suffix}: the tags cannot be written \(no space left .*; check that the"
    ):
        cut(archive, tmp_path / f"clip{suffix}")
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_tags_that_do_not_fit_the_file_are_not_blamed_on_the_disk(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unfit(*_: object, **__: object) -> None:
        raise mutagen.MutagenError("no appropriate stream found")

    monkeypatch.setattr("mutagen.flac.FLAC.save", unfit)
    with pytest.raises(ClipError, match=r"\(no appropriate stream found\); the file is not one that holds FLAC tags"):
        cut(archive, tmp_path / "clip.flac")


def test_where_the_original_is_kept_is_in_the_citation(archive: Path, tmp_path: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    text = path.read_text(encoding="utf-8").replace("[original]", '[original]\nrepository = "The Tone Library"')
    path.write_text(text, encoding="utf-8")
    found: Any = mutagen.File(cut(archive, tmp_path / "clip.flac"))
    assert "Nowhere, The Tone Library, 0:02 to 0:04" in found["CITATION"][0]


def test_control_characters_do_not_end_a_tag() -> None:
    told = Provenance("a\0b", None, "s", "t", "1963", None, "m", "0" * 64, "p", ("w\0\x1b\nz",), (), (), (), "c\0")
    assert wav_fields(told)["ISBJ"] == "w  \nz"
    assert not any("\0" in text for text in wav_fields(told).values())
