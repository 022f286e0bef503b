"""A recording whose sound lies on another server is heard, cut and checked like any other, and refused in words."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from clip_server import serving, until
from clipping import run
from distant_server import Distant, distant
from held_sounds import CLOSING
from holding import LIMIT
from small_archive import bind
from tones import ffmpeg as run_ffmpeg

from player.archive.archive import Archive
from player.audio import cache, ffmpeg
from player.audio.decode.samples import decoding
from player.errors import AudioError
from player.storage import objects, web
from player.storage.addresses import ALLOWED, parsed
from player.storage.faults import ChangedError
from player.web import current
from player.web.app import create_app
from player.web.serving.ahead import THREADS, Ahead

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

    from werkzeug.test import TestResponse

ASKED = "/media/tones"


@pytest.fixture
def there(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Distant]:
    """Have the sound of the small archive lie on another server, which the operator allows."""
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(objects, "FRESH", 0)
    monkeypatch.setattr(objects, "_PAUSE", 0)
    monkeypatch.setattr(objects, "_WAIT", 0)
    bind(archive)
    with distant(tmp_path / "there") as server:
        move(archive, server)
        monkeypatch.setenv(ALLOWED, f"{server.address} 127.0.0.0/8")
        yield server


def encoded_beside(sound: Path, name: str) -> Path:
    """Give the sound in another file beside its own, as the suffix of the name says."""
    made = sound.with_name(name)
    if not made.exists():
        run_ffmpeg("-i", str(sound), str(made))
    return made


def encoded(archive: Path, there: Distant, name: str) -> Path:
    """Have the sound there be of another kind, and the record name that; give what the other server has."""
    made = encoded_beside(there.folder / "tones.wav", name)
    if name != "tones.wav":
        record = archive / "transcripts" / "tones" / "recording.toml"
        record.write_text(record.read_text("utf-8").replace("/tones.wav", f"/{name}"), "utf-8")
    return made


def sound_of(archive: Path) -> Path:
    media = Archive(archive).record("tones").media
    assert media is not None
    return media


def move(archive: Path, server: Distant) -> None:
    """Put the sound there, and name it in the record."""
    (sound,) = archive.glob("media/tones.*")
    shutil.move(sound, server.folder / sound.name)
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text("utf-8")
    record.write_text(text.replace(f'"{sound.name}"', f'"{server.address}/{sound.name}"'), "utf-8")


def ranges(client: Any) -> list[TestResponse]:
    tag = client.head(ASKED).headers["ETag"]
    return [
        client.get(ASKED),
        client.head(ASKED),
        client.get(ASKED, headers={"Range": "bytes=100-199"}),
        client.get(ASKED, headers={"Range": "bytes=-50"}),
        client.get(ASKED, headers={"Range": "bytes=40000-"}),
        client.get(ASKED, headers={"Range": "bytes=99999999-"}),
        client.get(ASKED, headers={"Range": "bytes=0-9", "If-Range": tag}),
        client.get(ASKED, headers={"Range": "bytes=0-9", "If-Range": '"other"'}),
        client.get(ASKED, headers={"If-None-Match": tag}),
        client.get(ASKED, headers={"If-Match": '"other"'}),
    ]


def test_it_is_sent_as_a_file_is(archive: Path, tmp_path: Path, there: Distant) -> None:
    here = shutil.copytree(archive, tmp_path / "here")
    sound = there.folder / "tones.wav"
    shutil.copy2(sound, here / "media" / "tones.wav")
    record = here / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace(f"{there.address}/", ""), "utf-8")
    kept = {"Content-Length", "Content-Range", "Content-Type", "Accept-Ranges", "Content-Disposition", "Cache-Control"}
    told = []
    for root in (here, archive):
        answers = ranges(create_app(root).test_client())
        told.append(
            [
                (each.status_code, b"" if each.status_code > 400 else each.data,
                 {name: value for name, value in each.headers.items() if name in kept and each.status_code < 400})
                for each in answers
            ]
        )  # fmt: skip
    assert told[0] == told[1]
    assert [status for status, *_ in told[1]] == [200, 200, 206, 206, 206, 416, 206, 200, 304, 412]


def test_its_entity_tag_is_that_of_the_object_whoever_serves_it(
    archive: Path, there: Distant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = create_app(archive).test_client().head(ASKED).headers["ETag"]
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "another"))
    assert create_app(archive).test_client().head(ASKED).headers["ETag"] == one
    (there.folder / "tones.wav").write_bytes((there.folder / "tones.wav").read_bytes()[:-2])
    assert create_app(archive).test_client().head(ASKED).headers["ETag"] != one


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["tones.wav", "tones.mp3", "tones.flac", "tones.m4a"])
def test_its_samples_are_those_of_the_file(archive: Path, there: Distant, name: str) -> None:
    held = encoded(archive, there, name)
    media = sound_of(archive)
    assert media.name == name
    for span in ((0, 10_000), (31_000, 39_000), (60_000, 75_000)):
        assert decoding(media, *span).samples == decoding(held, *span).samples, span
    assert cache.digest(media) == cache.digest(held)


def test_a_clip_reads_little_more_than_its_passage(archive: Path, there: Distant) -> None:
    client = create_app(archive).test_client()
    assert client.get("/recordings/tones/clip.wav?t=1,2").status_code == 200
    objects.forget()
    before = there.sent
    answer = client.get("/recordings/tones/clip.wav?t=6,7")
    assert answer.status_code == 200
    passage = len(answer.data)
    assert there.sent - before <= passage + 3 * 4096 + 2 * 8192


@pytest.mark.parametrize(
    ("fate", "status", "told"),
    [
        ("404", 502, "its server has nothing there"),
        ("403", 502, "its server does not give it to everybody"),
        ("302", 502, "its server leads on to another address"),
        ("500", 502, "its server answers with 500"),
        ("503", 503, "its server has too much to do"),
        ("torn", 502, "the connection broke"),
        ("knows no ranges", 502, "its server does not give parts of a file"),
        ("silent", 504, "its server takes too long"),
    ],
)
def test_what_a_server_does_wrong_is_told_in_words(
    archive: Path, there: Distant, fate: str, status: int, told: str, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip

    monkeypatch.setattr(web, "_SILENCE", 0.5)
    client = create_app(archive).test_client()
    there.fate = fate
    answer = client.get("/recordings/tones/clip.wav?t=1,2", headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["message"].startswith("The sound is kept elsewhere")
    assert "127.0.0.1" not in answer.text
    assert told in caplog.text
    assert not any(path == "/elsewhere" for _, path, _ in there.asked), "nothing that leads on is followed"
    there.fate = ""
    assert client.get("/recordings/tones/clip.wav?t=1,2").status_code == 200


def test_what_is_torn_off_once_is_asked_for_again(archive: Path, there: Distant) -> None:
    client = create_app(archive).test_client()
    there.fate, there.times = "torn", 2
    assert client.get("/recordings/tones/clip.wav?t=1,2").status_code == 200
    assert there.times == 0


def test_a_server_that_does_not_say_when_its_file_changes_is_refused(archive: Path, there: Distant) -> None:
    there.fate = "has no tag"
    media = sound_of(archive)
    with pytest.raises(AudioError, match="its server does not say how large it is, and when it changes"):
        cache.digest(media)


@pytest.mark.parametrize("fate", ["", "knows no conditions"])
def test_a_sound_that_is_replaced_while_it_is_read_is_refused(archive: Path, there: Distant, fate: str) -> None:
    media = sound_of(archive)
    found = decoding(media, 0, 40_000)
    address = parsed(f"{there.address}/tones.wav")
    assert address is not None
    seen = objects.look(address)
    sound = there.folder / "tones.wav"
    sound.write_bytes(sound.read_bytes()[::-1])
    there.fate = fate
    with pytest.raises(ChangedError, match="it was replaced by another while it was read; try again"):
        objects.read(address, seen, 10_000, 90_000)
    there.fate = ""
    assert found.length == 40_000


def test_a_page_stands_while_its_sound_cannot_be_had(archive: Path, there: Distant) -> None:
    client = create_app(archive).test_client()
    assert client.get("/recordings/tones").status_code == 200
    there.fate = "503"
    page = client.get("/recordings/tones?t=2")
    assert page.status_code == 200
    assert "One" in page.text
    assert client.get(ASKED).status_code in {200, 502, 503}


@pytest.mark.parametrize("page", ["", "?t=2", "/embed", "/text", "/lines/first"])
def test_no_page_waits_for_a_storage_that_takes_requests_and_is_silent(
    archive: Path, there: Distant, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    look, under_way = web.look, []

    def slow(address: Any) -> Any:
        under_way.append(address)
        try:
            return look(address)
        finally:
            under_way.pop()

    monkeypatch.setattr(web, "look", slow)
    monkeypatch.setattr(web, "_SILENCE", LIMIT)
    monkeypatch.setattr(objects, "FRESH", LIMIT)
    monkeypatch.setattr(current, "PATIENCE", 0.05)
    there.fate, there.times = "mute", 1
    client = create_app(archive).test_client()
    first = client.get(f"/recordings/tones{page}")
    assert under_way, "the page waited to the end"
    assert (first.status_code, "A tape of tones" in first.text) == (200, True)
    there.speaks.set()
    until(lambda: client.get(f"/recordings/tones{page}").text != first.text)
    assert len([path for method, path, _ in there.asked if method == "HEAD"]) == 1


@pytest.mark.parametrize("was_seen", [False, True])
def test_a_server_that_starts_while_a_sound_cannot_be_had_shows_all_but_that(
    archive: Path, there: Distant, was_seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if was_seen:
        assert create_app(archive).test_client().get(ASKED).status_code == 200
    monkeypatch.setattr(objects, "_parts", OrderedDict())
    there.fate = "404"
    client = create_app(archive).test_client()
    for path in ("", "/text", "/embed?t=1,2", "/manifest.json"):
        assert client.get(f"/recordings/tones{path}").status_code == 200, path
    for path in ("", "/cues", "/annotations"):
        assert client.get(f"/api/recordings/tones{path}").status_code == 200, path
    page = client.get("/recordings/tones").text
    assert "One" in page
    there.fate = ""
    assert client.get(ASKED).status_code == 200
    assert client.get("/recordings/tones").text != page, "a place in it is remembered again"


@pytest.mark.long
def test_while_a_storage_says_nothing_one_waits_for_it_and_the_others_read_on(
    archive: Path, there: Distant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_SILENCE", 0.2)
    monkeypatch.setattr(objects, "_PAUSE", 1000)
    there.fate = "mute"
    app = create_app(archive)
    assert app.test_client().get("/recordings/tones").status_code == 200
    monkeypatch.setattr(web, "_SILENCE", 60)
    monkeypatch.setattr(objects, "_PAUSE", 0)
    asked = len(there.asked)
    waiting = threading.Thread(target=app.test_client().get, args=(ASKED,))
    waiting.start()
    until(lambda: len(there.asked) > asked)
    for path in ("", "/text", "/embed?t=1,2"):
        assert app.test_client().get(f"/recordings/tones{path}").status_code == 200
    assert len(there.asked) == asked + 1
    assert waiting.is_alive()
    there.speaks.set()
    waiting.join()
    assert app.test_client().get(ASKED).status_code == 200


def test_ffmpeg_is_not_believed_where_not_all_could_be_had(archive: Path, there: Distant) -> None:
    """It takes the end of what came for the end of the sound, and the clip would be short."""
    encoded(archive, there, "tones.flac")
    media = sound_of(archive)
    there.fate, there.times = "torn", 1 << 20
    with pytest.raises(AudioError, match="the connection broke"):
        decoding(media, 0, 1000)


def heard(address: str, what: str = "media/tones") -> bytes:
    with urlopen(f"{address}{what}") as answer:  # noqa: S310  # our own server
        found: bytes = answer.read()
        return found


@pytest.mark.long
def test_a_listener_far_from_a_slow_storage_keeps_nobody_waiting(archive: Path, there: Distant, tmp_path: Path) -> None:
    with serving(archive, tmp_path, ffmpeg.executable()) as address:
        there.pace = 8.0
        done: list[bytes] = []
        listeners = [threading.Thread(target=lambda: done.append(heard(address))) for _ in range(12)]
        for each in listeners:
            each.start()
        for _ in range(5):
            assert b"log" in heard(address, "sources")
        for each in listeners:
            each.join()
        assert {len(each) for each in done} == {(there.folder / "tones.wav").stat().st_size}


def test_listeners_are_sent_the_next_pieces_whatever_goes_wrong_with_one(archive: Path) -> None:
    with (archive / "media" / "tones.wav").open("rb", buffering=0) as file:
        for _ in range(2 * THREADS):
            assert sent_ahead(file, Failing()) is None
        assert sent_ahead(file, Given()) == b"word"


def test_the_loop_that_holds_all_listeners_fetches_no_piece_itself(archive: Path) -> None:
    given = Given()
    with (archive / "media" / "tones.wav").open("rb", buffering=0) as file:
        assert sent_ahead(file, given) == b"word"
    assert given.by
    assert threading.get_ident() not in given.by


class Given:
    parts = ""

    def __init__(self) -> None:
        self.by: set[int] = set()

    def read_at(self, size: int, place: int) -> bytes:
        self.by.add(threading.get_ident())
        return b"word"[place : place + size]


class Failing:
    parts = ""

    def read_at(self, size: int, place: int) -> bytes:
        raise RuntimeError(size, place)


def sent_ahead(file: FileIO, there: Given | Failing) -> bytes | None:
    """Give what a listener is sent of a piece that is fetched; None where the answer is broken off."""
    has_come = threading.Event()
    ahead = Ahead(file, there, range(4), "word")
    ahead.wake = has_come.set
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(BlockingIOError):
            ahead.send(ours, 4)
        assert has_come.wait(10)
        try:
            ahead.send(ours, 4)
        except ConnectionResetError:
            return None
        return theirs.recv(4)


@pytest.mark.long
def test_an_archive_of_files_imports_nothing_of_it(archive: Path) -> None:

    program = (
        "import sys; from pathlib import Path; from player.web.app import create_app;"
        "client = create_app(Path(sys.argv[1])).test_client();"
        "client.get('/recordings/tones'); client.get('/media/tones');"
        "print([name for name in sys.modules if name.startswith(('player.storage', 'obstore'))])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(archive)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_check_says_that_a_closed_sound_can_be_had_from_where_it_lies(
    archive: Path, there: Distant, is_closed: bool
) -> None:
    assert there.folder.is_dir()
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8") + (CLOSING if is_closed else ""), "utf-8")
    done = run(archive, "check")
    said = f"{done.output}{done.stderr}{done.exception!r}"
    assert ("anybody can have all of its sound from where it lies; let nobody read it" in said) == is_closed


def test_the_first_clip_of_all_is_cut_by_the_command_too(archive: Path, there: Distant, tmp_path: Path) -> None:
    """What stands for a sound has no size before the first look, which is no change of the sound."""
    encoded(archive, there, "tones.mp3")
    done = run(archive, "clip", "tones", "--from", "2", "--to", "4", "-o", str(tmp_path / "clip.mp3"))
    assert (done.exit_code, done.exception) == (0, None), done.output
