"""A clip over HTTP is the passage that was asked for, cut once, kept within limits, or refused in words."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import tempfile
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import imageio_ffmpeg
import numpy as np
import pytest
from clip_server import LIMIT, gated, get, real_ffmpeg, serving, until
from html_elements import parse
from mutagen.mp3 import MP3
from tones import ffmpeg, pitch, write_tones

from player.audio.decode.stream import header
from player.clips.clip import make
from player.errors import AudioError, ServeError
from player.web.app import create_app
from player.web.serving import kept_clips
from player.web.serving.clip_limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

RATE = 8000


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where clips are kept: a cache of this test's own."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "clips"


def ask(client: FlaskClient, times: str | None = "2,4", ext: str = "wav", method: str = "GET", **headers: str) -> Any:
    query = {} if times is None else {"t": times}
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(f"/recordings/tones/clip.{ext}", method=method, query_string=query, headers=told, buffered=True)


def samples(body: bytes) -> tuple[Any, int]:
    with wave.open(io.BytesIO(body)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def refusal(answer: TestResponse) -> str:
    html = parse(answer.text)
    assert html.one("h1").text != "Something went wrong" or answer.status_code == 500
    return " ".join(each.text for each in html.one("main").all("p"))


def test_a_wav_has_the_samples_of_the_passage_and_no_other(client: FlaskClient, archive: Path) -> None:
    cut, rate = samples(ask(client, "2,4").data)
    with wave.open(str(archive / "media" / "tones.wav")) as file:
        whole = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert (cut.size, rate) == (2 * RATE, RATE)
    fade = 5 * RATE // 1000
    assert np.array_equal(cut[fade:-fade], whole[2 * RATE : 4 * RATE][fade:-fade])


def test_an_mp3_has_the_tones_of_the_passage(client: FlaskClient, tmp_path: Path) -> None:
    answer = ask(client, "3,5", "mp3")
    assert answer.mimetype == "audio/mpeg"
    (tmp_path / "clip.mp3").write_bytes(answer.data)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(tmp_path / "clip.mp3"), "-f", "s16le", "-"]
    heard = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<i2")
    assert [round(pitch(heard[at : at + 6000], RATE), -1) for at in (1000, 9000)] == [350, 400]


@pytest.mark.parametrize(
    ("ext", "kind"),
    [("mp3", "audio/mpeg"), ("wav", "audio/wav"), ("flac", "audio/flac"), ("opus", "audio/ogg"), ("m4a", "audio/mp4")],
)
def test_each_format_is_an_attachment_of_its_type_with_a_telling_name(client: FlaskClient, ext: str, kind: str) -> None:
    answer = ask(client, "2,3.5", ext)
    assert (answer.status_code, answer.mimetype) == (200, kind)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert f"tones_0m02s000-0m03s500.{ext}" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_clip_carries_its_provenance_in_its_tags(client: FlaskClient) -> None:
    with client.get("/recordings/tones/clip.mp3?t=2,4.5") as answer:
        tags = MP3(io.BytesIO(answer.data)).tags  # type: ignore[no-untyped-call]  # mutagen has no types
    assert tags is not None
    text = " ".join(str(frame) for frame in tags.values())
    for words in ("A tape of tones, 0:02 to 0:04.5", "One two three.", "Ada", "The log of the tones"):
        assert words in text


def test_the_name_of_a_readings_clip_says_that_it_is_one(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(
        record.read_text(encoding="utf-8").replace("[original]", 'kind = "reading"\nnotice = "A reading."\n[original]')
    )
    answer = ask(create_app(archive).test_client())
    assert "tones-reading_0m02s000-0m04s000.wav" in answer.headers["Content-Disposition"]


def test_a_part_can_be_asked_for_and_head_says_what_get_would(client: FlaskClient) -> None:
    whole = ask(client)
    head = ask(client, method="HEAD")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Length", "Content-Type", "Content-Disposition", "ETag"):
        assert head.headers[name] == whole.headers[name]
    part = ask(client, Range="bytes=44-99", If_Range=whole.headers["ETag"])
    assert part.status_code == 206
    assert part.data == whole.data[44:100]


@pytest.mark.parametrize(
    "times",
    [None, "", " ", "25", "4,2", "3,3", "0:02", "nan,4", "2,nan", "-1,4", "2,inf", "1e1,2e1", "2;4", "2,4,6", ",",
     "2,99999999999999999999", "2,3600000", "٢,٤", "%00", "<script>", "2,4\r\nX: y", "9" * 5000],
)  # fmt: skip
def test_a_passage_that_is_none_is_refused_in_words(client: FlaskClient, times: str | None) -> None:
    answer = ask(client, times)
    assert answer.status_code == 400
    assert parse(answer.text).one("h1").text == "That request cannot be read"


@pytest.mark.parametrize("times", ["9,11", "10,11", "9,3000", "500,900"])
def test_a_passage_past_the_end_is_refused_with_the_length_there_is(client: FlaskClient, times: str) -> None:
    answer = ask(client, times)
    assert answer.status_code == 400
    assert "0:10" in refusal(answer)


@pytest.mark.parametrize("ext", ["exe", "MP3", "mp3.exe", "", "%2e", "wav%00"])
def test_a_format_that_clips_do_not_have_is_not_there(client: FlaskClient, ext: str) -> None:
    assert ask(client, ext=ext).status_code == 404


def test_a_recording_that_is_not_there_or_not_held_has_no_clips(client: FlaskClient, archive: Path) -> None:
    assert client.get("/recordings/nothing/clip.mp3?t=2,4").status_code == 404
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    (archive / "media" / "tones.wav").unlink()
    assert ask(client).status_code == 404
    record.write_text(text.replace('media = "tones.wav"\n', 'status = "not held"\n'), encoding="utf-8")
    answer = ask(client)
    assert answer.status_code == 404
    assert "does not hold" in refusal(answer)


def test_a_clip_longer_than_the_limit_is_refused_with_the_command_that_makes_it(archive: Path) -> None:
    write_tones(archive / "media" / "tones.wav", seconds=62, rate=RATE)
    client = create_app(archive, clip_limits=Limits(minutes=1)).test_client()
    answer = ask(client, "0.5,61.5")
    assert answer.status_code == 413
    assert parse(answer.text).one("h1").text == "Too long for one clip"
    assert "can be at most 1 minute long" in refusal(answer)
    assert "player clip tones --from 0:00.5 --to 1:01.5" in refusal(answer)
    assert ask(client, "1,61").status_code == 200


def test_a_clip_of_more_decoded_sound_than_the_limit_is_refused_however_short_it_is(archive: Path) -> None:
    wide = archive / "media" / "wide.flac"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=cl=7.1:r=192000", "-t", "4", "-sample_fmt", "s32", str(wide))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "wide.flac"), encoding="utf-8")
    client = create_app(archive, clip_limits=Limits(decoded=10)).test_client()
    answer = ask(client, "1,3")
    assert answer.status_code == 413
    assert "of this recording can be at most 1 second long, because decoded it may take 10 MB" in refusal(answer)
    assert "(8 channels, 192000 Hz); this one would be 2 seconds. Ask for a shorter one" in refusal(answer)
    assert ask(client, "1,2.6").status_code == 200
    page = parse(client.get("/recordings/tones").text)
    assert page.one("clip-picker")["data-longest"] == "1627"


def test_passages_past_the_end_of_a_long_sound_are_refused_after_one_decoding(
    archive: Path, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who ask meanwhile wait for its end, as many as are cut at a time, and the others are told to come again."""
    long = archive / "media" / "long.flac"
    ffmpeg("-f", "lavfi", "-i", "sine=d=120:r=8000", str(long))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "long.flac"), encoding="utf-8")
    os.utime(long, (1, 1))
    app = create_app(archive)
    header(long)
    waits = f'echo "$@" >>{tmp_path}/asked; while [ ! -e {tmp_path}/gate ]; do sleep 0.02; done'
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, f'{waits}; exec {real_ffmpeg()} "$@"')))
    answers: list[int] = []
    asking = [
        threading.Thread(target=lambda at=at: answers.append(ask(app.test_client(), f"{at},{at + 1}").status_code))
        for at in range(500, 508)
    ]
    for thread in asking:
        thread.start()
    until(lambda: len(answers) == 5)
    assert answers == [503] * 5
    (tmp_path / "gate").touch()
    for thread in asking:
        thread.join(LIMIT)
    assert answers[5:] == [400] * 3
    assert [ask(app.test_client(), f"{at},{at + 1}").status_code for at in range(600, 605)] == [400] * 5
    # A worker of the test before may still be at work.
    asked = (tmp_path / "asked").read_text().splitlines()
    assert len([each for each in asked if str(long) in each]) == 1
    assert not [path for path in shelf.iterdir() if path.is_file()]


def test_a_clip_is_cut_once_and_anew_when_the_sound_or_its_record_changes(
    client: FlaskClient, archive: Path, shelf: Path
) -> None:
    first = ask(client)
    (kept,) = shelf.iterdir()
    stamp = kept.stat().st_mtime_ns
    assert ask(client).data == first.data
    assert kept.stat().st_mtime_ns == stamp
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("A tape of", "The tape of"), encoding="utf-8")
    assert b"The tape of tones" in ask(client).data
    media = archive / "media" / "tones.wav"
    os.utime(media, ns=(0, media.stat().st_mtime_ns + 1_000_000_000))
    ask(client)
    assert len(list(shelf.iterdir())) == 3


def test_a_clip_has_one_tag_whether_it_is_kept_or_cut_again_and_another_with_another_encoder(
    client: FlaskClient, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = ask(client).headers["ETag"]
    assert ask(client, Range="bytes=0-3", If_Range=tag).status_code == 206
    (kept,) = shelf.iterdir()
    kept.unlink()
    assert ask(client, Range="bytes=0-3", If_Range=tag).data == b"RIFF"
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, f'exec {real_ffmpeg()} "$@"')))
    assert ask(client).headers["ETag"] != tag


def test_a_sound_rewritten_with_the_same_size_and_time_is_cut_anew(client: FlaskClient, archive: Path) -> None:
    first = ask(client)
    media = archive / "media" / "tones.wav"
    state, content = media.stat(), bytearray(media.read_bytes())
    content[44 + 2 * 3 * RATE] ^= 1
    media.write_bytes(content)
    os.utime(media, ns=(state.st_atime_ns, state.st_mtime_ns))
    second = ask(client)
    assert second.data != first.data
    assert second.headers["ETag"] != first.headers["ETag"]


def test_clips_that_were_used_longest_ago_make_room(archive: Path, shelf: Path) -> None:
    client = create_app(archive, clip_limits=Limits(megabytes=1)).test_client()  # room for six of ten seconds
    for end in range(9_000, 9_006):
        assert ask(client, f"0,{end / 1000}").status_code == 200
    kept = sorted(shelf.iterdir(), key=lambda path: path.stat().st_size)
    for age, path in enumerate(reversed(kept)):  # the first clip was used last
        os.utime(path, ns=(10**9 * (1000 - age), path.stat().st_mtime_ns))
    assert ask(client, "0,9").status_code == 200
    os.utime(kept[1], ns=(0, kept[1].stat().st_mtime_ns))
    ask(client, "0,9.5")
    left = set(shelf.iterdir())
    assert kept[0] in left
    assert kept[1] not in left
    assert sum(path.stat().st_size for path in left) <= 1_000_000


def test_a_clip_larger_than_all_that_may_be_kept_is_sent_and_not_kept(archive: Path, shelf: Path) -> None:
    client = create_app(archive, clip_limits=Limits(megabytes=0)).test_client()
    assert len(samples(ask(client).data)[0]) == 2 * RATE
    assert list(shelf.iterdir()) == []


def test_where_the_cache_cannot_be_written_clips_are_sent_all_the_same_and_none_is_left(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    assert len(samples(ask(client).data)[0]) == 2 * RATE
    assert ask(client, Range="bytes=0-3").data == b"RIFF"
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_cut_that_fails_leaves_nothing_and_names_no_folder_of_the_server(
    client: FlaskClient, tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(gated(tmp_path, "exit 1")))
    answer = ask(client, ext="mp3")
    assert answer.status_code == 500
    assert "could not write the clip" in refusal(answer)
    assert str(tmp_path) not in answer.text
    assert list(shelf.iterdir()) == []


def test_the_sound_that_cannot_be_decoded_is_told_as_such(client: FlaskClient, archive: Path, shelf: Path) -> None:
    (archive / "media" / "tones.wav").write_bytes(b"This is not sound. " * 500)
    answer = ask(client)
    assert answer.status_code == 503
    assert parse(answer.text).one("h1").text == "The sound cannot be read"
    told = client.get("/recordings/tones/clip.wav?t=2,3", headers={"Accept": "application/json"})
    assert (told.status_code, told.json) == (
        503,
        {"error": "The sound cannot be read", "message": "The server cannot read the sound at the moment."},
    )
    assert "the server cannot read the sound" in refusal(answer).lower()
    assert "tones.wav" not in refusal(answer)
    assert not shelf.exists(), "nothing was tried"


def test_the_limits_are_read_from_the_environment(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_CLIP_MINUTES", "3")
    monkeypatch.setenv("PLAYER_CLIP_CUTS", " 2 ")
    monkeypatch.setenv("PLAYER_CLIP_MEGABYTES", "")
    assert Limits.from_environment() == Limits(3, 2, 256)
    for wrong in ("0", "-1", "ten", "1.5", "9" * 40, "³"):
        monkeypatch.setenv("PLAYER_CLIP_CUTS", wrong)
        with pytest.raises(
            ServeError, match=r"PLAYER_CLIP_CUTS is .*; give a whole number, 1 or more, in at most nine digits"
        ):
            create_app(archive)


def test_those_who_want_the_same_clip_at_once_wait_for_one_cut(
    archive: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(archive, clip_limits=Limits(cuts=1))
    cutting, gate = threading.Event(), threading.Event()
    cuts = []

    def slow(*arguments: Any, **named: Any) -> Any:
        cuts.append(arguments)
        cutting.set()
        assert gate.wait(LIMIT)
        return make(*arguments, **named)

    monkeypatch.setattr(kept_clips, "make", slow)
    answers: list[TestResponse] = []
    asking = [threading.Thread(target=lambda: answers.append(ask(app.test_client()))) for _ in range(8)]
    for thread in asking:
        thread.start()
    assert cutting.wait(LIMIT)
    until(lambda: len(answers) == 3)  # one cuts, four wait, and three are told to come again
    assert {(answer.status_code, answer.headers["Retry-After"]) for answer in answers} == {(503, "5")}
    other = ask(app.test_client(), "5,6")
    assert (other.status_code, other.headers["Retry-After"]) == (503, "5")
    assert parse(other.text).one("h1").text == "The server is busy"
    gate.set()
    for thread in asking:
        thread.join(LIMIT)
    assert [answer.status_code for answer in answers] == [503, 503, 503, 200, 200, 200, 200, 200]
    assert len({answer.data for answer in answers[3:]}) == 1
    assert len(cuts) == 1
    assert len(list(shelf.iterdir())) == 1
    assert ask(app.test_client(), "5,6").status_code == 200


@pytest.mark.long
def test_a_server_that_cuts_answers_others_and_says_when_it_is_busy(archive: Path, tmp_path: Path) -> None:
    program = gated(tmp_path, f'while [ ! -e {tmp_path}/gate ]; do sleep 0.02; done; exec {real_ffmpeg()} "$@"')
    with serving(archive, tmp_path, program, PLAYER_CLIP_CUTS="1") as address:
        answers: list[tuple[int, bytes]] = []
        first = threading.Thread(target=lambda: answers.append(get(address, "t=2,4")[::2]))
        first.start()
        until((tmp_path / "started").exists)
        status, headers, _ = get(address, "t=5,6")
        assert (status, headers["Retry-After"]) == (503, "5")
        assert get(address, "t=2,4", "../tones")[0] == 200
        (tmp_path / "gate").touch()
        first.join(LIMIT)
        assert answers == [get(address, "t=2,4")[::2]]
        assert answers[0][0] == 200
        assert len((tmp_path / "started").read_text().splitlines()) == 1


@pytest.mark.long
def test_however_many_clips_are_cut_and_waited_for_others_are_answered(archive: Path, tmp_path: Path) -> None:
    program = gated(tmp_path, f'while [ ! -e {tmp_path}/gate ]; do sleep 0.02; done; exec {real_ffmpeg()} "$@"')
    asked = [f"t={second},{second + 1}" for second in range(6) for _ in range(5)]
    with (
        serving(archive, tmp_path, program, PLAYER_CLIP_CUTS="6") as address,
        ThreadPoolExecutor(len(asked)) as clients,
    ):
        answers = [clients.submit(get, address, passage) for passage in asked]
        until(lambda: (tmp_path / "started").exists() and len((tmp_path / "started").read_text().splitlines()) == 6)
        assert get(address, "t=2,4", "../tones")[0] == 200
        (tmp_path / "gate").touch()
        assert {answer.result()[0] for answer in answers} == {200}


@pytest.mark.long
def test_a_server_killed_while_it_cuts_leaves_no_clip_and_the_next_one_clears_up(archive: Path, tmp_path: Path) -> None:
    program = gated(tmp_path, f'while [ ! -e {tmp_path}/gate ]; do sleep 0.02; done; exec {real_ffmpeg()} "$@"')
    shelf = tmp_path / "cache" / "clips"
    with serving(archive, tmp_path, program, stop=signal.SIGKILL) as address:
        asking = HTTPConnection(urlsplit(address).netloc, timeout=LIMIT)
        asking.request("GET", "/recordings/tones/clip.mp3?t=2,4")
        until((tmp_path / "started").exists)
    asking.close()
    (left,) = shelf.iterdir()
    assert left.is_dir()
    (tmp_path / "gate").touch()
    with serving(archive, tmp_path, program) as address:
        assert list(shelf.iterdir()) == [], "at the start, not only with the next clip"
        assert get(address, "t=2,4")[0] == 200
    (kept,) = shelf.iterdir()
    assert kept.is_file()


def test_what_lies_among_the_clips_and_is_none_stops_no_clip(
    client: FlaskClient, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(client)
    (kept,) = shelf.iterdir()
    kept.unlink()
    os.mkfifo(kept)
    os.mkfifo(shelf / ".tape-player-0123456789abcdef.cut")
    os.mkfifo(shelf / "tape-player-cutting-old")
    (shelf / ".tape-player-0123456789abcdef.part").symlink_to("nowhere")
    monkeypatch.chdir(shelf)  # the address of a socket has no room for a long path
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(".tape-player-fedcba9876543210.part")
        assert ask(client).data == first.data
    assert kept.is_file()
    kept.unlink()
    kept.mkdir()
    assert ask(client).data == first.data
    assert ask(client, "5,6").status_code == 200


def test_a_disk_that_fills_up_is_the_servers_trouble(
    client: FlaskClient, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("player.clips.clip.encode", full)
    answer = ask(client)
    assert answer.status_code == AudioError.status
    assert str(shelf) not in answer.text
    assert list(shelf.iterdir()) == []
