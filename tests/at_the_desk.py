"""The application as those see it who edit: a client that has opened the address, and sends steps as the page does."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from player.archive.gate.shown import Audience
from player.web.app import create_app
from player.web.serving.editors import EditingTokenGuard
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

NAME = "Ines Keeper"


@dataclass
class Window:
    """A window in which a recording is edited; ``state`` is the last that it has seen."""

    client: FlaskClient
    slug: str
    token: str
    state: str = ""

    @property
    def address(self) -> str:
        return f"/recordings/{self.slug}/edit"

    def look(self, since: str | None = None) -> dict[str, Any]:
        """Ask what the lines are now."""
        answer = self.client.get(f"{self.address}/state", query_string={"since": since} if since else {})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        self.state = found["state"]
        return found

    def post(self, path: str, told: object, **headers: str) -> TestResponse:
        """Send as the page does, but for ``headers``."""
        sent = {
            "Content-Type": "application/json",
            "Origin": "http://localhost",
            "Sec-Fetch-Site": "same-origin",
            "X-Desk": self.token,
            "If-Match": f'"{self.state}"',
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in sent.items() if value}
        data = told if isinstance(told, (str, bytes)) else json.dumps(told)
        return self.client.post(f"{self.address}/{path}", data=data, headers=kept)

    def step(self, **operation: Any) -> dict[str, Any]:
        """Do one operation."""
        answer = self.post("steps", operation)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        self.state = found["state"]
        return found

    def line(self, name: str) -> dict[str, Any]:
        """Give a line as it is now."""
        return next(line for line in self.look()["lines"] if line["id"] == name)


def desk_window(root: Path, slug: str = "tones", name: str = NAME) -> Window:
    """Open the desk of a recording in an application of its own."""
    guard = EditingTokenGuard("127.0.0.1", Site(), name)
    client = create_app(root, Audience.EDITORS, guard=guard).test_client()
    assert client.get(f"/?token={guard.token}").status_code == 303
    return another_window(client, slug)


def another_window(client: FlaskClient, slug: str = "tones") -> Window:
    """Open the desk in another window of the same browser."""
    page = client.get(f"/recordings/{slug}/edit")
    assert page.status_code == 200, page.text
    found = re.search(r'data-token="([0-9a-f]{64})"', page.text)
    assert found
    window = Window(client, slug, found[1])
    window.look()
    return window
