"""Access copies are made beside everything else, each once, and no more of them are kept than may be."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_waveform_worker import session, until
from tones import EXECUTABLE, encoded, write_tones

from player.audio import access, access_room, ffmpeg
from player.audio.access_worker import AccessWorker
from player.errors import AudioError
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long

LIMIT = 120  # seconds until a test is given up; none is measured by it
#: Of a copy of ten seconds at 64 kbit/s; its head is less.
SIZE = 80_000
ROOMY = 10 * SIZE


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / access.CACHE_KIND


@pytest.fixture
def sounds(tmp_path: Path) -> list[Path]:
    """Three MP3s of ten seconds, in a folder of their own."""
    (tmp_path / "media").mkdir()
    found = []
    for seed in range(3):
        wav = write_tones(tmp_path / f"{seed}.wav", seconds=10, seed=seed)
        found.append(encoded(wav, "mp3 of constant bitrate").rename(tmp_path / "media" / f"{seed}.mp3"))
        os.utime(found[-1], (1_000_000_000, 1_000_000_000))
    return found


def make(worker: AccessWorker, *sounds: Path) -> None:
    """Have copies made, one after the other, each heard later than the one before."""
    for number, sound in enumerate(sounds):
        worker.want(sound.parent, sound.stem, sound)
        worker.join()
        if (copy := access.cached(sound)) is not None:
            os.utime(copy.path.with_suffix(".json"), (2_000_000_000 + number, 1))


def are_there(*sounds: Path) -> list[bool]:
    return [access.cached(sound) is not None for sound in sounds]


@pytest.fixture
def held_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no copy be encoded until the test is over; whatever else ffmpeg does, it does."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    slow = tmp_path / "ffmpeg"
    slow.write_text(
        f'#!/bin/sh\ncase "$*" in *aac_pns*) read line <{gate};; esac\nexec {EXECUTABLE} "$@"\n', encoding="utf-8"
    )
    slow.chmod(0o755)
    monkeypatch.setattr(ffmpeg, "executable", lambda: str(slow))
    yield
    gate.write_text("\n", encoding="utf-8")


@pytest.mark.usefixtures("cache")
def test_those_heard_longest_ago_go_first(sounds: list[Path]) -> None:
    first, second, third = sounds
    worker = AccessWorker(2 * SIZE + SIZE // 2)
    make(worker, first, second)
    assert are_there(*sounds) == [True, True, False]
    copy = access.cached(first)
    assert copy is not None
    os.utime(copy.path.with_suffix(".json"), (2_000_000_100, 1))
    make(worker, third)
    assert are_there(*sounds) == [True, False, True]


def test_to_be_heard_is_to_be_used(cache: Path, sounds: list[Path]) -> None:
    make(AccessWorker(ROOMY), sounds[0])
    (sidecar,) = cache.glob("*.json")
    before = sidecar.stat()
    os.utime(sidecar, (1, before.st_mtime))
    access_room.use(sidecar.with_suffix(".m4a"))
    after = sidecar.stat()
    assert after.st_atime > before.st_mtime - 1
    assert after.st_mtime_ns // 1000 == before.st_mtime_ns // 1000


def test_who_is_sent_a_copy_that_goes_receives_it_to_its_end(
    archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "10")
    wav = archive / "media" / "tones.wav"
    encoded(wav, "mp3 of constant bitrate").rename(wav.with_suffix(".mp3"))
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    client = create_app(archive).test_client()
    client.get("/recordings/tones")
    client.application.extensions["access_worker"].join()
    (copy,) = cache.glob("*.m4a")
    body = copy.read_bytes()
    with client.get("/media/tones/access") as answer:
        access_room.make(0)
        assert not list(cache.iterdir())
        assert answer.data == body


@pytest.mark.usefixtures("cache")
def test_a_copy_that_is_too_large_is_not_made_and_that_is_said_once(
    sounds: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    worker = AccessWorker(SIZE // 2)
    for _ in range(3):
        make(worker, sounds[0])
    assert are_there(sounds[0]) == [False]
    (said,) = caplog.records
    assert "its access copy would take about 1 MB, and no more than 0 MB of copies are kept" in said.message
    assert "player access 0" in said.message
    assert not worker.want(sounds[0].parent, "0", sounds[0])


def test_copies_of_sounds_that_were_changed_or_removed_go(cache: Path, sounds: list[Path]) -> None:
    changed, removed, other = sounds
    make(AccessWorker(ROOMY), changed, removed)
    assert len(list(cache.glob("*.m4a"))) == 2
    changed.write_bytes(changed.read_bytes()[:40_000])
    removed.unlink()
    make(AccessWorker(ROOMY), other)
    assert len(list(cache.iterdir())) == 3  # a copy, its sidecar, and where its sound lies
    make(AccessWorker(ROOMY), changed)
    assert are_there(changed, other) == [True, True]


def test_when_a_server_starts_they_go_too_but_not_where_a_disk_may_be_away(
    archive: Path, cache: Path, sounds: list[Path], tmp_path: Path
) -> None:
    make(AccessWorker(ROOMY), *sounds)
    sounds[0].unlink()
    create_app(archive)
    assert len(list(cache.glob("*.m4a"))) == 2
    sounds[0].parent.rename(tmp_path / "away")
    create_app(archive)
    assert len(list(cache.glob("*.m4a"))) == 2
    (tmp_path / "away").rename(sounds[0].parent)
    assert are_there(*sounds[1:]) == [True, True]


@pytest.mark.parametrize("place", ["a" * 300 + "/sound.mp3", "\0/sound.mp3", "locked/sound.mp3"])
def test_wherever_the_sound_of_a_copy_lay_a_server_starts(
    archive: Path, cache: Path, tmp_path: Path, place: str
) -> None:
    """What may not be entered is for others than root; a name that is too long fails in the same way for everybody."""
    (tmp_path / "locked").mkdir(mode=0o000)
    cache.mkdir(parents=True)
    (cache / "one.json").write_text("{}", encoding="utf-8")
    (cache / "one.path").write_bytes(os.fsencode(tmp_path / place))
    create_app(archive)


def test_copies_are_counted_while_another_server_removes_some(
    cache: Path, sounds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(AccessWorker(ROOMY), *sounds)
    listed = Path.iterdir

    def removed(folder: Path) -> Iterator[Path]:
        found = sorted(listed(folder))
        found[0].unlink()
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", removed)
    access_room.make(0)
    monkeypatch.undo()
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("cache")
def test_a_copy_that_will_be_lossless_is_reckoned_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of four channels at 44.1 kHz, ten seconds take 3.5 MB."""
    sound = tmp_path / "four.aiff"
    source = ["-f", "lavfi", "-i", "anoisesrc=d=10:r=44100:a=0.1", "-ac", "4"]
    subprocess.run([EXECUTABLE, "-hide_banner", "-loglevel", "error", *source, str(sound)], check=True)
    make(AccessWorker(3_000_000), sound)
    (said,) = caplog.records
    assert "its access copy would take about 4 MB, and no more than 3 MB of copies are kept" in said.message
    assert not are_there(sound)[0]


@pytest.mark.usefixtures("cache")
def test_what_is_in_the_way_of_the_archives_own_copy_is_said_with_what_to_do(
    sounds: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    (sounds[0].parent / "access").write_bytes(b"")
    make(AccessWorker(ROOMY), sounds[0])
    (said,) = caplog.records
    assert said.message.endswith("access: this is not a folder, as access copies need, so no copy is played; "
                                 "move it elsewhere, and make the copies: player access --all")  # fmt: skip
    assert are_there(sounds[0]) == [True]


@pytest.mark.usefixtures("cache")
def test_a_copy_that_cannot_be_made_costs_no_other(
    tmp_path: Path, sounds: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    worker = AccessWorker(2 * SIZE + SIZE // 2)
    make(worker, *sounds[:2])
    # No format of copies has so many channels.
    wide = tmp_path / "media" / "wide.aiff"
    source = ["-f", "lavfi", "-i", f"aevalsrc={'|'.join(['sin(2000*t)'] * 10)}:d=0.1:s=8000"]
    subprocess.run([EXECUTABLE, "-hide_banner", "-loglevel", "error", *source, str(wide)], check=True)
    make(worker, wide)
    (said,) = caplog.records
    assert said.message.startswith(f"{wide}: no access copy could be made for its page")
    assert are_there(*sounds) == [True, True, False]


@pytest.mark.usefixtures("cache")
def test_a_copy_that_aac_cannot_have_is_made_in_flac(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shrill = tmp_path / "media" / "shrill.mp3"
    shrill.parent.mkdir(exist_ok=True)
    source = ["-f", "lavfi", "-i", "sine=18000:d=10:r=44100", "-b:a", "320k", "-cutoff", "20000"]
    subprocess.run([EXECUTABLE, "-hide_banner", "-loglevel", "error", *source, str(shrill)], check=True)
    make(AccessWorker(ROOMY), shrill)
    assert caplog.records == []
    copy = access.cached(shrill)
    assert copy is not None
    assert copy.kind == "flac"


@pytest.mark.usefixtures("cache")
def test_a_sound_that_is_replaced_while_it_is_copied_is_copied_next(
    sounds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in refuses as ``make`` does, at the moment at which the sound is replaced."""
    first, second, _ = sounds

    def replaced(held: Path, **_: object) -> None:
        second.replace(held)
        raise AudioError(f"{held}: the file changed while it was copied; try again")

    worker = AccessWorker(ROOMY)
    with monkeypatch.context() as patch:
        patch.setattr(access, "make_cached", replaced)
        assert worker.want(first.parent, "0", first)
        worker.join()
    assert worker.want(first.parent, "0", first)
    worker.join()
    assert are_there(first) == [True]


def test_where_the_cache_cannot_be_written_that_is_said_once_and_nothing_is_tried_at_each_look(
    tmp_path: Path, sounds: list[Path], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "file" / "cache"))
    worker = AccessWorker(ROOMY)
    assert worker.want(sounds[0].parent, "0", sounds[0])
    worker.join()
    for _ in range(3):
        assert not worker.want(sounds[0].parent, "0", sounds[0])
    assert len([each for each in caplog.records if "the copy cannot be written" in each.message]) == 1


@pytest.mark.usefixtures("cache")
def test_what_cannot_be_copied_is_tried_again_once_it_has_changed(
    sounds: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    sound = sounds[0]
    whole = sound.read_bytes()
    sound.write_bytes(b"This is not sound. " * 500)
    worker = AccessWorker(ROOMY)
    for _ in range(3):
        make(worker, sound)
    assert len(caplog.records) == 1
    sound.write_bytes(whole)
    assert worker.want(sound.parent, "0", sound)
    worker.join()
    assert are_there(sound) == [True]


@pytest.mark.usefixtures("cache", "held_up")
def test_an_outline_does_not_wait_for_a_copy_nor_does_anybody_who_asks(
    archive: Path, sounds: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_COPY_MEGABYTES", "10")
    shutil.copy(sounds[0], archive / "media" / "tones.mp3")
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    client = create_app(archive).test_client()
    for _ in range(3):
        assert "is being prepared" in client.get("/recordings/tones").text
    until(lambda: any(thread.name == "access" for thread in threading.enumerate()))
    assert client.get("/recordings/tones/waveform.svg").status_code == 202
    client.application.extensions["waveform_worker"].join()
    assert client.get("/recordings/tones/waveform.svg").status_code == 200
    assert client.get("/media/tones/access").status_code == 404


def test_no_thread_is_there_before_the_first_copy_is_asked_for(archive: Path) -> None:
    """A server forks after its application is made."""
    before = set(threading.enumerate())
    create_app(archive).test_client().get("/recordings/tones")
    # Those of other tests may end meanwhile.
    assert set(threading.enumerate()) <= before


@pytest.mark.usefixtures("cache", "held_up")
def test_no_more_wait_for_their_turn_than_may(sounds: list[Path]) -> None:
    worker = AccessWorker(ROOMY, waiting=1)
    for sound in sounds * 3:
        assert worker.want(sound.parent, sound.stem, sound)
    assert len(worker._coming) <= 2  # noqa: SLF001  # what it holds, and what it has in hand


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed by Linux's /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_ffmpeg_is_left_when_the_server_ends(tmp_path: Path, archive: Path, number: signal.Signals) -> None:
    """This one decodes no faster than one can listen, so that there is something to leave behind."""
    slow = tmp_path / "ffmpeg"
    script = f'#!/bin/sh\ncase "$*" in *aac_pns*) exec {EXECUTABLE} "$@";; *) exec {EXECUTABLE} -re "$@";; esac\n'
    slow.write_text(script, encoding="utf-8")
    slow.chmod(0o755)
    sound = archive / "media" / "tones.mp3"
    source = ["-f", "lavfi", "-i", f"sine=d={2 * LIMIT}:r=48000"]
    subprocess.run([EXECUTABLE, "-v", "error", *source, str(sound)], check=True)
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text(encoding="utf-8").replace("tones.wav", "tones.mp3"), encoding="utf-8")
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(archive)]
    own = {"PLAYER_CACHE": str(tmp_path / "cache"), "PLAYER_COPY_MEGABYTES": "10", "IMAGEIO_FFMPEG_EXE": str(slow)}
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **own},
        start_new_session=True,
    ) as server:
        assert server.stdout is not None
        address = re.search(r"http://\S+(?=/)", server.stdout.readline())
        assert address
        with urllib.request.urlopen(f"{address[0]}/recordings/tones") as answer:  # noqa: S310  # our own server
            assert b"is being prepared" in answer.read()
        until(lambda: list((tmp_path / "cache" / access.CACHE_KIND).glob(".tape-player-*")) != [])
        until(lambda: "ffmpeg" in " ".join(session(server.pid).values()))
        server.send_signal(number)
        server.wait(LIMIT)
        until(lambda: not session(server.pid))
    assert not list((tmp_path / "cache" / access.CACHE_KIND).glob("*.m4a"))
    create_app(archive)
