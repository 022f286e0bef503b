"""A clip that the site sends says of a machine's words what they are, by the transcript as it is now."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from clipping import run
from machine_ferry import DOUBTFUL, HEARD, KEEPER, LABEL, SLUG, UNHEARD, write_archive
from mutagen.id3 import ID3

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

CLIP = f"/recordings/{SLUG}/clip.mp3"


def tags(archive: Path, passage: str) -> Any:
    with create_app(archive).test_client() as client:
        answer = client.get(f"{CLIP}?t={passage}")
    assert answer.status_code == 200, answer.text
    found: Any = ID3(io.BytesIO(answer.data))  # type: ignore[no-untyped-call]  # mutagen has no types
    return found


def words(found: Any) -> str:
    return "\n".join(frame.text for frame in found.getall("USLT"))


@pytest.mark.long
def test_it_goes_with_the_words_until_somebody_has_reviewed_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    archive = write_archive(tmp_path / "archive")
    found = tags(archive, "0,4.5")
    assert words(found).startswith(f"[{LABEL}]\n")
    assert UNHEARD in words(found)
    assert LABEL in str(found.getall("COMM")[0])
    assert found.getall("TXXX:MACHINE")[0].text == [f"{LABEL}: faster-whisper 1.2.1, tiny.en, 2026-11-27"]
    assert words(tags(archive, "2.5,4.5")) == f"Nobody saw a {HEARD} on the quay."
    run(archive, "reviewed", SLUG, "--by", KEEPER)
    again = tags(archive, "0,4.5")
    assert UNHEARD in words(again)
    assert LABEL not in f"{words(again)}{again.getall('COMM')}{again.getall('TXXX')}"
    run(archive, "reviewed", SLUG, "--undo")
    assert words(tags(archive, "0,4.5")).startswith(f"[{LABEL}]\n")


@pytest.mark.long
def test_words_that_visitors_do_not_see_are_in_no_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    archive = write_archive(tmp_path / "archive", drafts="hidden")
    with create_app(archive).test_client() as client:
        for suffix in ("mp3", "wav", "flac", "opus", "m4a"):
            data = client.get(f"/recordings/{SLUG}/clip.{suffix}?t=0,8").data
            for word in (UNHEARD, HEARD, DOUBTFUL):
                assert word.encode() not in data
                assert word.encode("utf-16-le") not in data
    run(archive, "publish", SLUG)
    assert UNHEARD in words(tags(archive, "0,4.5"))
