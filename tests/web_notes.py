"""The notes of the small archive, as a server gives them as Web Annotations."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flask.testing import FlaskClient

PAGE: Final = "http://localhost/recordings/tones"
ADDRESS: Final = "/recordings/tones/annotations.json"


def asked(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(ADDRESS)
    assert answer.status_code == HTTPStatus.OK
    found: dict[str, Any] = json.loads(answer.data)
    return found
