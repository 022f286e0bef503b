"""A recording whose sound lies in object storage is heard and cut like any other; a stand-in plays the storage."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING

import pytest
from clipping import run
from held_sounds import CLOSING
from s3_server import BUCKET, S3, s3
from small_archive import bind, write_archive
from test_distant_sounds import encoded_beside, ranges, sound_of

from player.archive.archive import Archive
from player.audio import cache
from player.audio.decode.samples import decoding
from player.errors import AudioError
from player.storage import objects
from player.storage import s3 as in_s3
from player.storage.addresses import Address, parsed
from player.storage.faults import ChangedError, SlowError
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long


@pytest.fixture(scope="session")
def server() -> Iterator[S3]:
    with s3() as found:
        yield found


@pytest.fixture
def stored(archive: Path, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the sound of the small archive lie in the bucket; give the file as it was."""
    for name, value in {**server.environment, "PLAYER_CACHE": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(objects, "FRESH", 0)
    monkeypatch.setattr(objects, "_PAUSE", 0)
    monkeypatch.setattr(objects, "_WAIT", 0)
    bind(archive)
    held = tmp_path / "tones.wav"
    shutil.move(archive / "media" / "tones.wav", held)
    name_in(archive, server.put(held, "1963/tones.wav"))
    return held


def name_in(archive: Path, address: str) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    lines = record.read_text("utf-8").splitlines()
    record.write_text("\n".join(f'media = "{address}"' if "media =" in each else each for each in lines), "utf-8")


def test_it_is_sent_as_a_file_is(archive: Path, stored: Path, tmp_path: Path) -> None:
    here = write_archive(tmp_path / "here")
    shutil.copy2(stored, here / "media" / "tones.wav")
    answers = [ranges(create_app(root).test_client()) for root in (here, archive)]
    told = [[(each.status_code, each.headers.get("Content-Range"), len(each.data)) for each in of] for of in answers]
    assert told[0][:6] == told[1][:6]
    assert [status for status, *_ in told[1]] == [200, 200, 206, 206, 206, 416, 206, 200, 304, 412]
    assert answers[1][0].data == stored.read_bytes()


@pytest.mark.parametrize("name", ["tones.wav", "tones.mp3", "tones.flac", "tones.m4a"])
def test_its_samples_are_those_of_the_file(archive: Path, stored: Path, server: S3, name: str) -> None:
    held = encoded_beside(stored, name)
    name_in(archive, server.put(held))
    media = sound_of(archive)
    for span in ((0, 10_000), (31_000, 39_000), (60_000, 75_000)):
        assert decoding(media, *span).samples == decoding(held, *span).samples, span
    assert cache.digest(media) == cache.digest(held)


def test_a_clip_of_it_says_what_it_is_from_and_not_where_that_lies(archive: Path, stored: Path) -> None:
    client = create_app(archive).test_client()
    clip = client.get("/recordings/tones/clip.wav?t=2,4")
    assert clip.status_code == 200
    assert b"s3://" not in clip.data
    page = client.get("/recordings/tones")
    assert f"s3://{BUCKET}" not in page.text
    assert stored.exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (f"s3://{BUCKET}/nothing.wav", "there is no such object, or no such bucket"),
        (f"s3://{BUCKET}-other/tones.wav", "there is no such object, or no such bucket"),
    ],
)
def test_what_is_not_there_is_told_in_words(
    archive: Path, stored: Path, address: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_MEDIA_HOSTS", f"s3://{BUCKET} s3://{BUCKET}-other")
    name_in(archive, address)
    with pytest.raises(AudioError, match=told) as refused:
        cache.digest(sound_of(archive))
    assert str(refused.value).startswith(f"{address}: ")
    answer = create_app(archive).test_client().get("/media/tones", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.is_json) == (502, True)
    assert stored.exists()


def test_a_storage_that_does_not_run_is_told_in_words(
    archive: Path, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(AudioError, match="the storage does not answer"):
        cache.digest(sound_of(archive))
    assert stored.exists()


def test_an_object_that_is_replaced_while_it_is_read_is_refused(archive: Path, stored: Path, server: S3) -> None:
    address = parsed(f"s3://{BUCKET}/1963/tones.wav")
    assert address is not None
    seen = objects.look(address)
    before = sound_of(archive)
    digest = cache.digest(before)
    stored.write_bytes(stored.read_bytes()[::-1])
    server.put(stored, "1963/tones.wav")
    with pytest.raises(ChangedError, match="it was replaced by another while it was read; try again"):
        objects.read(address, seen, 10_000, 90_000)
    assert cache.digest(before) != digest


def test_without_its_extra_it_says_what_to_install(
    archive: Path, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import builtins  # noqa: PLC0415  # for this test

    real = builtins.__import__

    def without(name: str, *arguments: object, **named: object) -> object:
        if name == "obstore":
            raise ImportError(name)
        return real(name, *arguments, **named)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(AudioError, match=r"sounds in S3 need the extra storage; install it"):
        in_s3.look(next(filter(None, [parsed(f"s3://{BUCKET}/a.wav")])))
    assert stored.exists()
    assert Archive(archive).record("tones").media_faults == ()


def test_a_check_does_not_take_an_object_that_wants_a_signature_for_open(archive: Path, stored: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8") + CLOSING, "utf-8")
    assert "anybody can have all" not in run(archive, "check").output
    assert stored.exists()


def test_a_storage_that_takes_requests_and_answers_none_is_asked_once_for_all_that_lies_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("obstore")
    monkeypatch.setattr(in_s3, "_TIMES", {"timeout": "1s", "connect_timeout": "1s"})
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "keeper")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret of the keeper's")
    first, other = Address("s3", BUCKET, None, "quay.flac"), Address("s3", BUCKET, None, "ferry.flac")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        objects.forget()
        with pytest.raises(SlowError, match=r"quay\.flac: the storage takes too long to answer; try again later"):
            objects.look(first)
    monkeypatch.setattr(in_s3, "look", pytest.fail)
    with pytest.raises(SlowError, match=r"ferry\.flac: the storage takes too long to answer; try again later"):
        objects.look(other)
    objects.forget()
