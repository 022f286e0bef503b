"""A sound that lies in the archive is found, by whatever file system its name was written."""

from __future__ import annotations

import json
import os
import unicodedata
from typing import TYPE_CHECKING

import pytest
from clipping import run
from small_archive import bind

from player.archive.archive import Archive
from player.audio.waveform_worker import WaveformWorker

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

NAMED = "Gespräch in Łódź, été 1963.wav"
NFC, NFD = (unicodedata.normalize(form, NAMED) for form in ("NFC", "NFD"))

#: What a record writes, what the file is called, and how the two differ.
VARIANTS = {
    "decomposed on the disk": (NFC, NFD, "how Unicode composes their letters"),
    "composed on the disk": (NFD, NFC, "how Unicode composes their letters"),
    "other capitals": ("tones.wav", "Tones.WAV", "only in capitals"),
    "both": (NFC, NFD.upper(), "only in capitals"),
    "a sharp s": ("straße.wav", "STRASSE.WAV", "only in capitals"),
}


def named(archive: Path, name: str, *files: str) -> None:
    """Let the record name a sound, and let files be there."""
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", name), encoding="utf-8")
    sound = (archive / "media" / "tones.wav").read_bytes()
    (archive / "media" / "tones.wav").unlink()
    for number, file in enumerate(files):
        (archive / "media" / file).write_bytes(sound + bytes(2 * number))


@pytest.mark.parametrize(("record", "file", "words"), VARIANTS.values(), ids=list(VARIANTS))
def test_a_sound_under_a_name_that_is_the_same_to_a_reader_is_found_by_everything(
    archive: Path, client: FlaskClient, tmp_path: Path, record: str, file: str, words: str
) -> None:
    bind(archive)
    named(archive, record, file)
    page = client.get("/recordings/tones").text
    assert "<audio" in page
    with client.get("/media/tones") as sound:
        assert sound.data == (archive / "media" / file).read_bytes()
    client.get("/recordings/tones/waveform.svg")
    worker = client.application.extensions["waveform_worker"]
    assert isinstance(worker, WaveformWorker)
    worker.join()
    assert client.get("/recordings/tones/waveform.svg").status_code == 200
    with client.get("/recordings/tones/clip.wav?t=2,4") as clip:
        assert clip.status_code == 200
    assert "missing" not in run(archive, "list").stdout
    done = run(archive, "clip", "tones", "--from", "2", "--to", "4", "-o", str(tmp_path / "clip.wav"))
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "clip.wav.json").read_bytes())["media"] == record
    check = run(archive, "check")
    assert check.exit_code == 0, check.output
    (advice,) = [line for line in check.stdout.splitlines() if line.startswith("advice: ")]
    assert "transcripts/tones/recording.toml:6: the file in media/ is called" in advice
    assert words in advice
    assert "; write this name here, or rename the file" in advice


def test_a_clip_is_verified_in_a_copy_of_the_archive_that_writes_names_otherwise(archive: Path, tmp_path: Path) -> None:
    named(archive, NFC, NFC)
    run(archive, "clip", "tones", "--from", "2", "--to", "4", "-o", str(tmp_path / "clip.wav"))
    (archive / "media" / NFC).rename(archive / "media" / NFD)
    done = run(archive, "verify", str(tmp_path / "clip.wav"))
    assert done.exit_code == 0, done.output


def test_the_file_of_that_very_name_is_meant_and_one_that_could_take_its_place_is_a_fault(archive: Path) -> None:
    bind(archive)
    named(archive, NFC, NFC, NFD)
    media = Archive(archive).recording("tones").media
    assert media is not None
    assert media.name == NFC
    check = run(archive, "check")
    assert check.exit_code == 1
    (fault,) = check.stdout.splitlines()
    assert f"/media/{NFD}: on some file systems this would replace" in fault
    assert "; give it another name, or remove it" in fault


@pytest.mark.parametrize("files", [("Tones.wav", "TONES.WAV"), ("tones.WAV", "tones.Wav", "TONES.wav")])
def test_of_several_files_none_is_taken_and_that_is_told(
    archive: Path, client: FlaskClient, files: tuple[str, ...]
) -> None:
    named(archive, "tones.wav", *files)
    check = run(archive, "check")
    assert check.exit_code == 1
    (fault,) = check.stdout.splitlines()
    assert 'recording.toml:6: media/ has no file "tones.wav", but more than one with a similar name: ' in fault
    assert "; write the name of one of them exactly" in fault
    assert client.get("/recordings/tones").status_code == 200
    assert client.get("/media/tones").status_code >= 400
    done = run(archive, "clip", "tones", "--from", "2", "--to", "4", "-o", str(archive / "clip.wav"))
    assert done.exit_code == 1
    assert "more than one with a similar name" in done.stderr


def test_the_same_letters_go_before_the_same_words(archive: Path) -> None:
    named(archive, NFC, NFD, NFC.upper())
    media = Archive(archive).recording("tones").media
    assert media is not None
    assert media.name == NFD


def test_a_file_that_is_renamed_under_a_running_server_is_found(archive: Path, client: FlaskClient) -> None:
    for name in ("Tones.wav", "tones.wav", "TONES.WAV"):
        (next((archive / "media").iterdir())).rename(archive / "media" / name)
        assert "<audio" in client.get("/recordings/tones").text, name
    (archive / "media" / "TONES.WAV").rename(archive / "media" / "other.wav")
    assert "<audio" not in client.get("/recordings/tones").text


def test_what_leads_out_of_the_archive_does_so_under_any_name(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes((archive / "media" / "tones.wav").read_bytes())
    (archive / "media" / "tones.wav").unlink()
    (archive / "media" / "TONES.wav").symlink_to(tmp_path / "secret")
    recording = Archive(archive).recording("tones")
    assert recording.media is None
    assert "leads out of the archive" in str(recording.unread.media[0])


def test_two_names_of_one_file_are_no_fault(archive: Path) -> None:
    bind(archive)
    os.link(archive / "media" / "tones.wav", archive / "media" / "TONES.wav")
    assert run(archive, "check").exit_code == 0
