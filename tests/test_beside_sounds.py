"""What one machine found in a sound in object storage lies beside it, and others believe what is theirs and of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from clipping import run
from s3_server import BUCKET, S3, s3
from small_archive import bind
from test_distant_sounds import sound_of
from test_signed_addresses import KEY, storage
from test_stored_sounds import name_in

from player import stamp
from player.audio import cache, waveform
from player.storage import objects
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from signing_storage import Signing

pytestmark = pytest.mark.long
__all__ = ["storage"]

SECRET: Final = "5e" * 16
ASKED: Final = ("access", "--all", "--outlines", "--beside")


@pytest.fixture(scope="session")
def server() -> Iterator[S3]:
    with s3() as found:
        yield found


@pytest.fixture
def put(archive: Path, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Have the sound in the bucket, and what one machine found in it beside it: give that."""
    objects.forget()
    monkeypatch.setattr(objects, "FRESH", 0)
    monkeypatch.setattr(stamp, "_TICK", 0)
    for name, value in {**server.environment, "PLAYER_BESIDE_KEY": SECRET}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "one"))
    bind(archive)
    (archive / "media" / "tones.wav").rename(tmp_path / "tones.wav")
    name_in(archive, server.put(tmp_path / "tones.wav", sound(tmp_path)))
    done = run(archive, *ASKED)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "put beside 1 sound"), done.output
    again = run(archive, *ASKED)
    assert again.stdout.splitlines()[-1] == "put beside 0 sounds, 1 had it there"
    found: dict[str, Any] = json.loads(server.content(f"{sound(tmp_path)}.player.json"))
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "another"))
    return found


def sound(folder: Path) -> str:
    """Give the key of a test's own sound: the bucket is one for all."""
    return f"{folder.name}/tones.wav"


def derives(archive: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Tell whether a server with an empty cache reads a sound to know it."""
    asked: list[Path] = []

    def measured(path: Path, *_: Any) -> tuple[float, ...]:
        asked.append(path)
        return (0.5,)

    monkeypatch.setattr(waveform, "_peaks", measured)
    waveform.peaks(sound_of(archive))
    return bool(asked)


def test_what_one_machine_found_in_a_sound_another_need_not_look_for(
    archive: Path, put: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {kind.partition("-")[0] for kind in put["values"]} >= {"peaks", "sha256"}
    monkeypatch.setattr(waveform, "_peaks", None)
    monkeypatch.setattr(cache, "_digest", None)
    media = sound_of(archive)
    assert cache.digest(media) == put["values"]["sha256-1"]
    assert list(waveform.peaks(media)) == next(value for kind, value in put["values"].items() if "peaks" in kind)
    client = create_app(archive).test_client()
    assert client.get("/recordings/tones/waveform.svg").status_code == 200
    assert list((tmp_path / "another").glob("peaks-*/*.json"))


@pytest.mark.parametrize("what", ["value", "mac", "no JSON", "no table", "nothing", "deep", "key", "no key"])
def test_what_is_damaged_or_anothers_is_not_believed(
    archive: Path, put: dict[str, Any], tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, what: str,
) -> None:  # fmt: skip
    texts = {
        "value": json.dumps({**put, "values": {**put["values"], "sha256-1": "0" * 64}}),
        "mac": json.dumps({**put, "mac": 5}),
        "no JSON": "{",
        "no table": json.dumps({**put, "values": [1]}),
        "nothing": "",
        "deep": "[" * 100_000,
    }
    (tmp_path / "beside").write_text(texts.get(what, json.dumps(put)), "utf-8")
    server.put(tmp_path / "beside", f"{sound(tmp_path)}.player.json")
    if what == "no key":
        monkeypatch.delenv("PLAYER_BESIDE_KEY")
    elif what == "key":
        monkeypatch.setenv("PLAYER_BESIDE_KEY", "7a" * 16)
    assert derives(archive, monkeypatch)
    said = f"{sound(tmp_path)}.player.json: it was not written with this PLAYER_BESIDE_KEY, or is damaged, and is not"
    assert (said in caplog.text) == (what != "no key")
    assert cache.digest(sound_of(archive)) == put["values"]["sha256-1"]


def test_what_was_found_in_a_sound_that_was_replaced_is_not_used(
    archive: Path, put: dict[str, Any], tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tones.wav").write_bytes((tmp_path / "tones.wav").read_bytes()[:-1000])
    server.put(tmp_path / "tones.wav", sound(tmp_path))
    assert derives(archive, monkeypatch)
    assert cache.digest(sound_of(archive)) != put["values"]["sha256-1"]


def test_keys_that_may_only_read_and_secrets_that_are_none_are_told(
    archive: Path, storage: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert storage.address
    monkeypatch.setattr(stamp, "_TICK", 0)
    for secret, told in (
        ("", "PLAYER_BESIDE_KEY is not set: give a secret that all servers share; make one: openssl rand -hex 32"),
        ("short", "PLAYER_BESIDE_KEY is too short to keep anybody out; make one: openssl rand -hex 32"),
        (SECRET, f"s3://{BUCKET}/{KEY}.player.json: the storage does not let it be written; give keys that may do so"),
    ):
        monkeypatch.setenv("PLAYER_BESIDE_KEY", secret)
        done = run(archive, *ASKED)
        assert done.exit_code == 1
        assert told in done.stderr


@pytest.mark.parametrize("command", ["serve", "check"])
def test_no_server_starts_with_a_secret_that_is_none_and_a_check_says_so(
    archive: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PLAYER_BESIDE_KEY", "short")
    done = run(archive, command)
    assert done.exit_code == 1
    assert "PLAYER_BESIDE_KEY is too short to keep anybody out; make one: openssl rand -hex 32" in done.output
    assert "Traceback" not in done.output
    assert command == "serve" or "1 fault in 1 recording" in done.stderr
