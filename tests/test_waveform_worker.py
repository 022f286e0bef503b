"""An outline is made beside the requests that want it: they are answered at once, and it is made once."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tones import EXECUTABLE, encoded

from player.audio import ffmpeg, probe, waveform
from player.audio.decode import stream
from player.audio.waveform_worker import Look, WaveformWorker
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

ADDRESS = "/recordings/tones/waveform.svg"
LIMIT = 120  # seconds until a test is given up; none is measured by it


@pytest.fixture
def flac(archive: Path) -> Path:
    """The sound of the small archive as a FLAC, old enough for the cache."""
    wav = archive / "media" / "tones.wav"
    encoded(wav, "flac").rename(wav.with_suffix(".flac"))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.flac"), encoding="utf-8")
    os.utime(wav.with_suffix(".flac"), (1_000_000_000, 1_000_000_000))
    return wav.with_suffix(".flac")


class Held:
    """An ffmpeg that does not begin before it is let go, and leaves a line for each time that it was started."""

    def __init__(self, folder: Path, sound: Path) -> None:
        self.sound = sound
        self._let_go = 0
        self._gate = folder / "gate"
        self._log = folder / "starts"
        self.executable = folder / "ffmpeg"
        os.mkfifo(self._gate)
        script = f'#!/bin/sh\necho >>{self._log}\nread line <{self._gate}\nexec {EXECUTABLE} "$@"\n'
        self.executable.write_text(script, encoding="utf-8")
        self.executable.chmod(0o755)

    def let_go(self) -> None:
        """Wait until it was started once more, and let it begin: the one before has left the gate by then."""
        until(lambda: self.starts > self._let_go)
        self._let_go += 1
        self._gate.write_text("\n", encoding="utf-8")

    def let_all_go(self, is_over: Callable[[], bool]) -> None:
        """Let each begin as it is started, until something is true."""
        while not is_over():
            until(lambda: is_over() or self.starts > self._let_go)
            if not is_over():
                self.let_go()

    @property
    def starts(self) -> int:
        return self._log.read_text(encoding="utf-8").count("\n") if self._log.exists() else 0


@pytest.fixture
def held(tmp_path: Path, flac: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    """What decodes from now on is held up; what a page has to know first is known."""
    stream.header(flac)
    held = Held(tmp_path, flac)
    monkeypatch.setattr(ffmpeg, "executable", lambda: str(held.executable))
    return held


def worker_of(client: FlaskClient) -> WaveformWorker:
    worker = client.application.extensions["waveform_worker"]
    assert isinstance(worker, WaveformWorker)
    return worker


def test_a_request_is_answered_before_the_sound_is_decoded(client: FlaskClient, held: Held) -> None:
    first = client.get(ADDRESS)
    assert (first.status_code, first.mimetype) == (202, "image/svg+xml")
    assert first.headers["Cache-Control"] == "no-store"
    assert 'data-read="0.000"' in first.text
    held.let_go()
    worker_of(client).join()
    drawn = client.get(ADDRESS)
    assert drawn.status_code == 200
    assert "data-read" not in drawn.text
    assert drawn.text.count("M") > 300


def test_many_who_ask_are_answered_by_one_decoding(client: FlaskClient, held: Held) -> None:
    assert {client.get(ADDRESS).status_code for _ in range(20)} == {202}
    held.let_go()
    worker_of(client).join()
    assert {client.get(ADDRESS).status_code for _ in range(20)} == {200}
    assert held.starts == 1


def test_a_drawing_is_kept_for_ever_under_the_version_of_its_sound(client: FlaskClient, flac: Path) -> None:
    client.get(ADDRESS)
    worker_of(client).join()
    version = client.get("/recordings/tones").text.partition("waveform.svg?v=")[2].partition('"')[0]
    assert "immutable" in client.get(f"{ADDRESS}?v={version}").headers["Cache-Control"]
    os.utime(flac, (1_000_000_001, 1_000_000_001))
    refused = client.get(f"{ADDRESS}?v={version}")
    assert (refused.status_code, refused.headers["Cache-Control"]) == (409, "no-cache")
    assert client.get(ADDRESS).status_code == 202


def test_what_may_change_unseen_is_not_kept_by_browsers(
    client: FlaskClient, flac: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of this second may change again without another time of change."""
    now = time.time_ns()
    os.utime(flac, ns=(now, now))
    monkeypatch.setattr(time, "time_ns", lambda: now)
    version = client.get("/recordings/tones").text.partition("waveform.svg?v=")[2].partition('"')[0]
    worker_of(client).join()  # the page has begun it: what came of it is told to the first who asks
    drawn = client.get(f"{ADDRESS}?v={version}")
    assert (drawn.status_code, drawn.headers["Cache-Control"]) == (200, "no-cache")
    assert drawn.text.count("M") > 300


def test_another_server_finds_what_one_has_made(client: FlaskClient, archive: Path, flac: Path) -> None:
    assert waveform.kept(flac) is None
    client.get(ADDRESS)
    worker_of(client).join()
    assert create_app(archive).test_client().get(ADDRESS).status_code == 200


def test_a_damaged_sound_is_a_line_and_one_message(
    client: FlaskClient, flac: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flac.write_bytes(b"This is not sound. " * 500)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert client.get(ADDRESS).status_code == 202
            worker_of(client).join()
            line = client.get(ADDRESS)
            assert (line.status_code, line.headers["Cache-Control"]) == (200, "no-cache")
            assert line.text.count("M") == 1
    assert len([record for record in caplog.records if "tones.flac" in record.message]) == 1


def test_a_sound_that_is_mended_is_drawn(client: FlaskClient, flac: Path) -> None:
    whole = flac.read_bytes()
    flac.write_bytes(b"This is not sound. " * 500)
    client.get(ADDRESS)
    worker_of(client).join()
    flac.write_bytes(whole)
    client.get(ADDRESS)
    client.get(ADDRESS)
    worker_of(client).join()
    assert client.get(ADDRESS).text.count("M") > 300


def test_a_page_says_what_the_container_states_until_the_samples_are_counted(client: FlaskClient, held: Held) -> None:
    page = client.get("/recordings/tones").text
    assert 'data-duration="10000"' in page
    assert probe.counted(held.sound) is None
    held.let_go()  # the outline, which a page shows
    held.let_go()  # the count
    worker_of(client).join()
    assert waveform.kept(held.sound) is not None
    counted = probe.counted(held.sound)
    assert counted is not None
    assert f'data-duration="{counted.duration}"' in client.get("/recordings/tones").text
    assert held.starts == 2


def test_the_shelf_says_how_long_a_sound_is_and_has_none_of_them_counted(client: FlaskClient, held: Held) -> None:
    assert "10 s" in client.get("/").text
    assert held.starts == 0


def test_no_thread_is_there_before_the_first_drawing_is_asked_for(archive: Path) -> None:
    """A server forks after its application is made."""
    before = drawing_threads()
    client = create_app(archive).test_client()
    client.get("/recordings/tones")
    assert drawing_threads() == before
    client.get(ADDRESS)
    assert drawing_threads() > before


def drawing_threads() -> int:
    return sum(thread.name == "waveform" for thread in threading.enumerate())


def test_no_more_wait_for_their_turn_than_may(tmp_path: Path, held: Held, flac: Path) -> None:
    others = [tmp_path / f"{number}.flac" for number in range(5)]
    for other in others:
        other.write_bytes(flac.read_bytes())
    worker = WaveformWorker(waiting=1)
    worker.look(flac)
    held.let_go()
    for other in others:
        assert worker.look(other) == Look(read=0.0)
    waiting = worker._read  # noqa: SLF001  # what it holds, and what it has in hand
    assert len(waiting) <= 3
    held.let_all_go(lambda: not waiting)


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed by Linux's /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_ffmpeg_is_left_when_the_server_ends(tmp_path: Path, archive: Path, number: signal.Signals) -> None:
    """This one reads no faster than one can listen, so that there is something to leave behind."""
    slow = tmp_path / "ffmpeg"
    slow.write_text(f'#!/bin/sh\nexec {EXECUTABLE} -re "$@"\n', encoding="utf-8")
    slow.chmod(0o755)
    media = archive / "media" / "tones.wav"
    media.unlink()
    source = ["-f", "lavfi", "-i", f"sine=d={2 * LIMIT}:r=8000"]
    subprocess.run([EXECUTABLE, "-v", "error", *source, str(media.with_suffix(".flac"))], check=True)
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.flac"), encoding="utf-8")
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(archive)]
    environment = {**os.environ, "PLAYER_CACHE": str(tmp_path / "cache"), "IMAGEIO_FFMPEG_EXE": str(slow)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment, start_new_session=True
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http://\S+(?=/)", server.stdout.readline())
        assert address
        with urllib.request.urlopen(f"{address[0]}{ADDRESS}") as answer:  # noqa: S310  # our own server
            assert answer.status == 202
        until(lambda: "ffmpeg" in " ".join(session(server.pid).values()))
        server.send_signal(number)
        server.wait(LIMIT)
        until(lambda: not session(server.pid))


def session(leader: int) -> dict[int, str]:
    """Give the names of the processes in a session, by id, but those that have ended."""
    found = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = place.read_text().rpartition(")")
        except OSError:
            continue
        state, _, _, its_session = rest.split()[:4]
        if int(its_session) == leader and state not in "ZX":
            found[int(place.parent.name)] = name.partition("(")[2]
    return found


def until(is_true: Callable[[], bool]) -> None:
    """Look again and again; a process's end tells nobody but its parent."""
    giving_up = time.monotonic() + LIMIT
    while not is_true():
        assert time.monotonic() < giving_up
        time.sleep(0.01)
