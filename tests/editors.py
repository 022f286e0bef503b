"""The application as those see it who prepare an archive: with its drafts, once they have opened the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from player.archive.gate.shown import Audience
from player.web.app import create_app
from player.web.serving.drafts import TokenGuard
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


def editors_client(root: Path) -> FlaskClient:
    """Give a client that is let in; it keeps the cookie."""
    guard = TokenGuard("127.0.0.1", Site())
    client = create_app(root, Audience.EDITORS, guard=guard).test_client()
    assert client.get(f"/?token={guard.token}").status_code == 303
    return client
