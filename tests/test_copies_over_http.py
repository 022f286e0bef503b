"""``clip.mp3?format=copy`` sends the recording's own frames, named as a copy; what is encoded in their place is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest
from closed_tone import write_tone
from held_sounds import CLOSING, RATE, hold
from mp3_tapes import frames, without_tag
from small_archive import write_archive
from test_copying import all_decoded
from tone_heard import SILENT, tone_level

from player.web.app import create_app
from player.web.serving import kept_clips

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

CLIP = "/recordings/tones/clip"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    root = write_archive(tmp_path / "archive")
    hold(root, write_tone(tmp_path / "tone.wav"))
    for name in ("transcript.vtt", "annotations.toml"):
        (root / "transcripts" / "tones" / name).unlink()
    return root


@pytest.fixture
def client(archive: Path) -> FlaskClient:
    return create_app(archive).test_client()


def name_of(answer: TestResponse) -> str:
    return str(answer.headers["Content-Disposition"].partition("filename=")[2].strip('"'))


def refuse(*_: object, **__: object) -> NoReturn:
    raise AssertionError("it was cut again")


def test_a_copy_is_sent_and_kept(archive: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = client.get(f"{CLIP}.mp3?t=2.5,3.5&format=copy")
    assert answer.status_code == 200
    assert name_of(answer) == "tones_0m02s500-0m03s500_copy.mp3"
    assert answer.mimetype == "audio/mpeg"
    own = b"".join(frames(without_tag(answer.data))[2:])
    assert len(own) > 8000
    assert own in (archive / "media" / "tones.mp3").read_bytes()
    # Without that it is encoded, as before, and of another version.
    encoded = client.get(f"{CLIP}.mp3?t=2.5,3.5")
    assert name_of(encoded) == "tones_0m02s500-0m03s500.mp3"
    assert b"".join(frames(without_tag(encoded.data))[2:]) not in (archive / "media" / "tones.mp3").read_bytes()
    assert encoded.headers["ETag"] != answer.headers["ETag"]
    monkeypatch.setattr(kept_clips, "make", refuse)
    again = client.get(f"{CLIP}.mp3?t=2.5,3.5&format=copy")
    assert (again.data, name_of(again), again.headers["ETag"]) == (
        answer.data,
        name_of(answer),
        answer.headers["ETag"],
    )


@pytest.mark.long
def test_beside_what_is_closed_it_is_encoded_and_kept_as_that(
    archive: Path, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace('substance = "0:02"\n', "") + CLOSING, "utf-8")
    client = create_app(archive).test_client()
    address = f"{CLIP}.mp3?t=2.1,3&format=copy"
    while (answer := client.get(address)).status_code == 503:
        client.application.extensions["waveform_worker"].join()
    assert answer.status_code == 200
    assert name_of(answer) == "tones_0m02s100-0m03s000.mp3"
    (tmp_path / "got.mp3").write_bytes(answer.data)
    assert tone_level(all_decoded(tmp_path / "got.mp3"), RATE) < SILENT
    monkeypatch.setattr(kept_clips, "make", refuse)
    again = client.get(address)
    assert (again.data, name_of(again)) == (answer.data, name_of(answer))
    assert client.get(f"{CLIP}.mp3?t=1,1.5&format=copy").status_code == 403


@pytest.mark.long
def test_what_cannot_be_had_as_a_copy_is_refused(client: FlaskClient) -> None:
    for asked in ("clip.wav?t=1,2&format=copy", "clip.mp3?t=1,2&format=wav", "clip.mp3?t=1,2&format=%22"):
        answer = client.get(f"/recordings/tones/{asked}")
        assert answer.status_code == 400
        assert "ask for clip.mp3 or clip.m4a with format=copy" in answer.text


def test_of_what_is_no_mp3_no_copy_can_be_had(archive: Path, client: FlaskClient) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.mp3", "tones.wav"), encoding="utf-8")
    answer = client.get(f"{CLIP}.mp3?t=1,2&format=copy")
    assert answer.status_code == 400
    assert (
        "Only passages of MP3 and AAC in M4A can be copied, and the sound of this recording is uncompressed samples."
        in answer.text
    )
