"""A sound in a bucket of which browsers need a copy, and what is told of copies beside it; a stand-in plays S3."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from clipping import run
from s3_server import S3, s3
from small_archive import bind
from test_distant_sounds import encoded_beside
from test_stored_sounds import name_in

from player import stamp
from player.storage import objects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

SECRET: Final = "5e" * 16
ASKED: Final = ("access", "--all", "--beside")
CLOSED: Final = '[[closed]]\nstart = "0:02"\nend = "0:04"\nwhat = "sound"\n'
WITHDRAWN: Final = '[withdrawal]\ndate = "2026-01-02"\nreason = "At the wish of the narrator."'


@pytest.fixture(scope="session")
def server() -> Iterator[S3]:
    with s3() as found:
        yield found


@pytest.fixture
def key(archive: Path, tmp_path: Path, server: S3, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Have an MP3 in the bucket, under this key: browsers need a copy of it."""
    objects.forget()
    for name in ("FRESH", "_PAUSE", "_WAIT"):
        monkeypatch.setattr(objects, name, 0)
    monkeypatch.setattr(stamp, "_TICK", 0)
    for name, value in {**server.environment, "PLAYER_BESIDE_KEY": SECRET}.items():
        monkeypatch.setenv(name, value)
    bind(archive)
    shutil.move(archive / "media" / "tones.wav", tmp_path / "tones.wav")
    put(archive, server, encoded_beside(tmp_path / "tones.wav", "tones.mp3"), tmp_path)
    on_machine("one", tmp_path, monkeypatch)
    yield f"{tmp_path.name}/tones.mp3"
    server.fate()


def put(archive: Path, server: S3, sound: Path, folder: Path) -> None:
    name_in(archive, server.put(sound, f"{folder.name}/{sound.name}"))
    record = archive / "transcripts" / "tones" / "recording.toml"
    (archive / "transcripts" / "tones" / "transcript.vtt").write_text(
        re.sub(r"Local Usage Element:.*\n", "", (record.parent / "transcript.vtt").read_text("utf-8")), "utf-8"
    )


def on_machine(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(folder / name))
    objects.forget()


def done(archive: Path, *asked: str) -> Result:
    found = run(archive, *(asked or ASKED))
    assert found.exit_code == 0, found.output
    return found


def declare(archive: Path, text: str) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    record.write_text(f"{record.read_text('utf-8')}\n{text}\n", "utf-8")


def told(server: S3, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(server.content(f"{key}.player.json"))["values"]["copies-1"]
    return found


def kinds(server: S3, key: str) -> set[str]:
    """Give of what is told beside a sound."""
    return set(json.loads(server.content(f"{key}.player.json"))["values"])
