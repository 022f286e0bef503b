"""``/healthz`` says whether the archive can be read, to whoever watches and to nobody else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def test_it_says_that_the_archive_can_be_read(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "The archive can be read.\n")
    assert answer.mimetype == "text/plain"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.head("/healthz").status_code == 200


def test_it_says_when_the_folder_is_gone_and_when_it_is_back(client: FlaskClient, archive: Path) -> None:
    away = archive.rename(archive.with_name("away"))
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.text == "The archive's folder cannot be read; check that it is there.\n"
    assert answer.headers["Cache-Control"] == "no-store"
    away.rename(archive)
    assert client.get("/healthz").status_code == 200
    shutil.rmtree(archive / "transcripts")
    assert client.get("/healthz").status_code == 503


def test_a_record_that_is_wrong_is_no_reason_to_call_the_archive_gone(client: FlaskClient, archive: Path) -> None:
    (archive / "transcripts" / "tones" / "recording.toml").write_text("?", encoding="utf-8")
    assert client.get("/healthz").status_code == 200


def test_no_page_leads_there_and_no_log_tells_of_it(context_archive: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    client = create_app(context_archive, log_place=str(log)).test_client()
    client.get("/healthz")
    assert log.read_text(encoding="ascii") == ""
    for path in ("/", "/recordings/tones", "/people", "/sources", "/none"):
        assert "healthz" not in client.get(path).text
