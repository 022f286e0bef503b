"""Who is invited to the small archive's recording, a draft, and has opened the link."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pytest
from closings import write_closed

from player.archive.archive import Archive
from player.intake import inviting
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

DRAFT: Final = '[access]\nrecord = "draft"\n'
FAR: Final = dt.date(2940, 3, 1)
PAGE: Final = "/invited/recordings/tones"
SOUND: Final = "/invited/media/tones"
CLIP: Final = f"{PAGE}/clip.wav?t=2,4"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return write_closed(tmp_path / "archive", DRAFT)


@pytest.fixture
def app(root: Path) -> Flask:
    return create_app(root)


def invited(root: Path, slug: str = "tones", name: str = "Nora Quill", until: dt.date = FAR) -> str:
    """Invite somebody; give the secret."""
    return inviting.invite(Archive(root), slug, name, until)


def guest(app: Flask, secret: str) -> FlaskClient:
    """Give the browser of somebody who has opened the link."""
    client = app.test_client()
    answer = client.get(f"/invited/?token={secret}")
    assert (answer.status_code, answer.location) == (303, PAGE)
    return client


def with_cookie(app: Flask, path: str, cookie: str, method: str = "GET", **headers: str) -> TestResponse:
    """Ask with a cookie, also where a browser would not send it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = app.test_client(use_cookies=False)
    return client.open(path, method=method, headers={"Cookie": cookie, **named}, buffered=True)
