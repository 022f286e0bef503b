"""What is wrong with an archive is written into the log once, however often its pages are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_fault_is_logged_once_and_another_one_again(archive: Path, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(archive).test_client()
    about = archive / "transcripts" / "archive.toml"
    about.write_text("nmae = 1\n")
    for _ in range(3):
        assert client.get("/").status_code == 200
    # The index reads a file again that was written a moment ago; pages tell nothing twice.
    told = [record.getMessage() for record in caplog.records if record.name.startswith("player.web")]
    (fault,) = [message for message in told if message.startswith(f"{about}:1: ")]
    assert '"nmae"' in fault
    about.write_text("mane = 1\n")
    for _ in range(3):
        client.get("/")
    told = [record.getMessage() for record in caplog.records if record.name.startswith("player.web")]
    assert len([message for message in told if '"mane"' in message]) == 1
