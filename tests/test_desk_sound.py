"""The desk hears all of a recording, any passage to the sample, and sees how loud it is; nobody else does."""

from __future__ import annotations

import io
import math
import threading
import wave
from typing import TYPE_CHECKING

import pytest
from at_the_desk import desk_window
from shut_tones import settle, write_shut
from tones import ffmpeg

from player.audio import passage_outline, waveform_worker
from player.web.app import create_app
from player.web.routes import desk_sound

if TYPE_CHECKING:
    from pathlib import Path

    from at_the_desk import Window
    from werkzeug.test import TestResponse

CLOSED = '\n[[closed]]\nstart = 2\nend = 4\nuntil = "2090"\nreason = "A promise."\n'


@pytest.fixture
def window(archive: Path) -> Window:
    return desk_window(archive)


def ask(window: Window, path: str, **query: object) -> TestResponse:
    return window.client.get(f"{window.address}/{path}", query_string=query)


def samples(wav: bytes) -> bytes:
    with wave.open(io.BytesIO(wav)) as file:
        return bytes(file.readframes(file.getnframes()))


def test_an_outline_has_as_many_levels_as_are_asked_for(window: Window) -> None:
    answer = ask(window, "outline", **{"from": 1000, "to": 3000, "points": 40})
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["from"], told["to"], len(told["peaks"])) == (1000, 3000, 40)
    # The tones have an amplitude of 12,000 of 32,768.
    assert set(told["peaks"]) <= {round(255 * math.sqrt(loud / 32_768)) for loud in (12_000, 11_999)}
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_outline_ends_with_the_sound(window: Window) -> None:
    told = ask(window, "outline", **{"from": 9000, "to": 13_000, "points": 10}).get_json()
    assert (told["to"], len(told["peaks"])) == (10_000, 10)


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ({"to": 10, "points": 5}, "The address does not say from="),
        ({"from": "1e3", "to": 4000, "points": 5}, 'from is "1e3", which is no whole number'),
        ({"from": 5, "to": 5, "points": 5}, "This is no passage of a recording"),
        ({"from": 0, "to": 9_999_999_999, "points": 5}, "This is no passage of a recording"),
        ({"from": 0, "to": 10, "points": 0}, "0 parts cannot be given"),
        ({"from": 0, "to": 10, "points": 4001}, "4001 parts cannot be given"),
        ({"from": 20_000, "to": 30_000, "points": 5}, "The recording ends at 0:10"),
    ],
)
def test_what_is_no_passage_is_refused_with_what_to_do(window: Window, query: dict[str, object], what: str) -> None:
    answer = ask(window, "outline", **query)
    assert (answer.status_code, answer.get_json()["what"]) == (422, what)
    assert answer.get_json()["remedy"]


def test_a_long_passage_is_drawn_from_the_whole_outline(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passage_outline, "LONGEST", 4000)
    query = {"from": 0, "to": 10_000, "points": 30}
    answer = ask(window, "outline", **query)
    assert (answer.status_code, answer.get_json()["peaks"]) == (202, [])
    window.client.application.extensions["waveform_worker"].join()
    answer = ask(window, "outline", **query)
    assert (answer.status_code, len(answer.get_json()["peaks"])) == (200, 30)


def test_a_passage_is_sent_to_the_sample(window: Window, archive: Path) -> None:
    whole = samples((archive / "media" / "tones.wav").read_bytes())
    answer = ask(window, "passage.wav", **{"from": 2013, "to": 2413})
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    assert samples(answer.data) == whole[2 * 8 * 2013 : 2 * 8 * 2413]
    last = ask(window, "passage.wav", **{"from": 9900, "to": 10_500})
    assert samples(last.data) == whole[2 * 8 * 9900 :]


def test_a_long_passage_is_not_sent(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_sound, "_LONGEST_HEARD", 1000)
    assert ask(window, "passage.wav", **{"from": 0, "to": 1000}).status_code == 200
    answer = ask(window, "passage.wav", **{"from": 0, "to": 1001})
    assert (answer.status_code, answer.get_json()["remedy"]) == (422, "Ask for at most 1000 milliseconds")


def test_only_so_many_passages_are_decoded_at_a_time(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr(desk_sound, "_AT_A_TIME", turns)
    query = {"from": 0, "to": 100, "points": 5}
    with turns:
        answers = [ask(window, path, **query) for path in ("outline", "passage.wav")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].get_json()["what"] == "Other passages are being decoded"
    assert ask(window, "outline", **query).status_code == 200


def test_the_version_of_another_sound_is_refused(window: Window) -> None:
    for path in ("sound", "access", "outline", "passage.wav"):
        name = "of" if path == "access" else "v"
        answer = ask(window, path, **{"from": 0, "to": 100, "points": 5, name: "0123456789"})
        assert answer.status_code == 409, path


def test_the_sound_is_sent_in_ranges(window: Window, archive: Path) -> None:
    answer = window.client.get(f"{window.address}/sound", headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.data == (archive / "media" / "tones.wav").read_bytes()[100:200]


def test_a_copy_that_is_not_there_is_not_sent(window: Window) -> None:
    assert ask(window, "access", v="0123456789ab").status_code == 404


def test_who_edits_hears_what_is_closed_and_nobody_else_does(tmp_path: Path) -> None:
    root = write_shut(tmp_path / "shut", CLOSED)
    window = desk_window(root)
    whole = samples((root / "media" / "tones.wav").read_bytes())
    query = {"from": 2500, "to": 2600, "points": 4}
    assert samples(ask(window, "passage.wav", **query).data) == whole[2 * 8 * 2500 : 2 * 8 * 2600]
    assert min(ask(window, "outline", **query).get_json()["peaks"]) > 100
    assert ask(window, "sound").data == (root / "media" / "tones.wav").read_bytes()
    assert window.client.get("/media/tones").status_code == 403
    stranger = window.client.application.test_client()
    visitors = create_app(root).test_client()
    for path in ("sound", "access", "outline", "passage.wav"):
        address = f"/recordings/tones/edit/{path}?from=2500&to=2600&points=4"
        assert stranger.get(address).status_code == 403, path
        assert visitors.get(address).status_code == 404, path


def test_without_its_sound_there_is_nothing_to_hear(archive: Path) -> None:
    (archive / "media" / "tones.wav").unlink()
    window = desk_window(archive)
    answer = ask(window, "outline", **{"from": 0, "to": 100, "points": 5})
    assert answer.status_code == 404
    assert str(archive) not in answer.text


@pytest.mark.long
def test_nobody_waits_for_a_tape_to_be_counted(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    may_begin = threading.Event()
    # What the thread beside does first: it counts nothing before it may.
    monkeypatch.setattr(waveform_worker, "be_modest", may_begin.wait)
    tape = archive / "media" / "tones.flac"
    ffmpeg("-i", str(archive / "media" / "tones.wav"), "-bitexact", str(tape))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.flac"), encoding="utf-8")
    settle(archive)  # what is counted of a file of the last two seconds is not kept
    window = desk_window(archive)
    query = {"from": 1000, "to": 2000, "points": 20}
    answer = ask(window, "outline", **query)
    assert (answer.status_code, answer.get_json()) == (202, {"from": 1000, "to": 2000, "peaks": []})
    assert ask(window, "passage.wav", **query).status_code == 202
    may_begin.set()
    window.client.application.extensions["waveform_worker"].join()
    answer = ask(window, "outline", **query)
    assert (answer.status_code, len(answer.get_json()["peaks"])) == (200, 20)
