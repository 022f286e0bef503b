"""A signed address reads one object for ten minutes, and nothing else; a stand-in for S3 holds it to that."""

from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING, Final
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from clipping import run
from held_sounds import CLOSING
from programs import missing
from signing_storage import BUCKET, Signing, signing
from small_archive import bind
from test_distant_sounds import sound_of

from player.audio import cache
from player.errors import AudioError, ServeError
from player.storage import objects
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

KEY: Final = "1963/tones.wav"
ASKED: Final = "/media/tones"


@pytest.fixture
def storage(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Signing]:
    """Have the sound of the small archive lie in the bucket, beside another."""
    if importlib.util.find_spec("obstore") is None:
        missing("obstore is not installed (pip install -e '.[storage]')")
    objects.forget()
    bind(archive)
    with signing(tmp_path / "storage") as found:
        (found.folder / BUCKET / "1963").mkdir()
        (found.folder / BUCKET / "1963" / "closed.wav").write_bytes(b"closed")
        shutil.move(archive / "media" / "tones.wav", found.folder / BUCKET / KEY)
        record = archive / "transcripts" / "tones" / "recording.toml"
        record.write_text(record.read_text("utf-8").replace('"tones.wav"', f'"s3://{BUCKET}/{KEY}"'), "utf-8")
        for name, value in {**found.environment, "PLAYER_CACHE": str(tmp_path / "cache")}.items():
            monkeypatch.setenv(name, value)
        yield found


def status_of(address: str, method: str = "GET") -> int:
    try:
        with urlopen(Request(address, method=method)) as answer:  # noqa: S310  # our own server
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_it_reads_the_object_and_nothing_else_and_is_over_after_ten_minutes(archive: Path, storage: Signing) -> None:
    address = create_app(archive).test_client().get(ASKED).headers["Location"]
    assert address.startswith(f"{storage.address}/{BUCKET}/1963/tones.wav?")
    assert parse_qs(urlsplit(address).query)["X-Amz-Expires"] == ["600"]
    with urlopen(address) as answer:  # noqa: S310  # our own server
        assert answer.read() == (storage.folder / BUCKET / KEY).read_bytes()
    for changed in (
        address.replace("1963/tones", "1963/closed"),
        address.replace("X-Amz-Expires=600", "X-Amz-Expires=6000"),
        address.partition("?")[0],
    ):
        assert status_of(changed) == 403, changed
    assert status_of(address, "HEAD") == 403
    storage.expire()
    assert status_of(address) == 403


def test_pages_let_sound_come_from_the_endpoint_of_the_buckets(archive: Path, storage: Signing) -> None:
    policy = create_app(archive).test_client().get("/recordings/tones").headers["Content-Security-Policy"]
    assert policy.endswith(f"; media-src 'self' {storage.address}")


def test_buckets_that_are_hosts_are_named_as_these(
    archive: Path, storage: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert storage.address
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    monkeypatch.setenv("PLAYER_MEDIA_HOSTS", "s3://tapes s3://more/open/")
    policy = create_app(archive).test_client().get("/about").headers["Content-Security-Policy"]
    hosts = [f"https://{name}.s3.eu-north-1.amazonaws.com" for name in ("tapes", "more")]
    assert policy.endswith(f"; media-src 'self' {' '.join(hosts)}")


def test_a_page_by_https_leads_to_no_storage_that_has_none(
    archive: Path, storage: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_URL", "https://tapes.example.org")
    told = f"but browsers play nothing from {storage.address} on a page that came by https; let the storage"
    with pytest.raises(ServeError, match=told):
        create_app(archive)


def test_a_server_without_the_right_to_read_is_told_so(
    archive: Path, storage: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert storage.address
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    told = "the storage does not let this server read it; check the keys in the environment, and their rights"
    with pytest.raises(AudioError, match=told):
        cache.digest(sound_of(archive))
    assert create_app(archive).test_client().get(ASKED).status_code == 502


@pytest.mark.parametrize(("is_closed", "is_public"), [(True, True), (True, False), (False, True)])
def test_a_check_finds_the_object_of_a_closed_recording_that_anybody_can_read(
    archive: Path, storage: Signing, *, is_closed: bool, is_public: bool
) -> None:
    storage.is_public = is_public
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(record.read_text("utf-8") + (CLOSING if is_closed else ""), "utf-8")
    done = run(archive, "check")
    said = f"{done.output}{done.stderr}{done.exception!r}"
    told = "anybody can have all of its sound from where it lies; let nobody read it there without a key"
    assert (told in said) == (is_closed and is_public)


def test_no_listener_is_told_the_password_of_an_endpoint(
    archive: Path, storage: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", storage.address.replace("//", "//keeper:a-password@"))
    with pytest.raises(ServeError, match="has a name or a password, which every listener would be told") as refused:
        create_app(archive)
    assert "a-password" not in str(refused.value)
