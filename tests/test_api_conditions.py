"""The API refuses in JSON what is wanted only as it was, leads on in JSON, and is led to from the first page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest
from test_api import BASE, TONES, client_of, refused, said, settle

from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

READ: Final = ("/api/", "/api/recordings", TONES, f"{TONES}/cues?at=3", f"{TONES}/cues/first", f"{TONES}/annotations")
OTHER: Final = {"If-Match": '"another"'}
PAGES: Final = ("/", "/recordings/tones", "/recordings/tones/transcript.vtt", "/recordings/tones/transcript.txt")


@pytest.mark.parametrize("path", READ)
def test_what_is_wanted_only_as_it_was_is_refused_in_few_words(archive: Path, path: str) -> None:
    settle(archive)
    client = client_of(archive)
    plain = {"Accept-Encoding": "identity"}
    tag = client.get(path, headers=plain).headers["ETag"]
    answer = client.get(path, headers=OTHER)
    assert "If-Match" in refused(answer, 412)
    assert "ETag" not in answer.headers, "it is that of something else"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert refused(client.get(path, headers={"If-Match": f"W/{tag}"}), 412), "a weak tag never serves"
    for wanted in (tag, f'"another", {tag}', "*"):
        assert client.get(path, headers={**plain, "If-Match": wanted}).status_code == 200, wanted
    assert client.head(path, headers=OTHER).status_code == 412
    assert client.get(path, headers={**plain, "If-Match": "*", "If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_and_files_are_refused_in_words_too(archive: Path, path: str, coding: str) -> None:
    settle(archive)
    client = create_app(archive, site=Site(BASE)).test_client()
    headers = {"Accept-Encoding": coding}
    for _ in range(2):  # the second time from what was kept
        assert client.get(path, headers=headers).status_code == 200
    answer = client.get(path, headers={**OTHER, **headers, "Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (412, "text/html")
    assert "Content-Disposition" not in answer.headers
    assert client.get(path, headers={**headers, "If-Match": "*"}).status_code == 200


@pytest.mark.parametrize("path", ["/api", "/api//recordings", f"{TONES}//cues"])
def test_an_address_with_too_many_slashes_or_too_few_leads_on_in_json(archive: Path, path: str) -> None:
    answer = client_of(archive).get(path, base_url=BASE)
    assert answer.status_code == 308
    if path.startswith("/api/"):
        assert answer.content_type == "application/problem+json"
        assert json.loads(answer.data)["status"] == 308
    assert answer.headers["Location"] in {"/api/", "/api/recordings", f"{TONES}/cues"}
    asked = client_of(archive).get(path, base_url=BASE, headers={"Accept": "application/json"})
    assert asked.content_type in {"application/json", "application/problem+json"}
    assert "<" not in asked.text


def test_the_first_page_and_that_of_the_api_lead_to_its_description(archive: Path) -> None:
    settle(archive)
    client = client_of(archive)
    for path in ("/", "/", "/api/"):
        answer = client.get(path, base_url="https://tapes.example.org/box", headers={"Accept-Encoding": "gzip"})
        (link,) = answer.headers.getlist("Link")
        assert link == '</box/api/openapi.json>; rel="service-desc"; type="application/json"'
    assert said(client, "/api/openapi.json")["openapi"].startswith("3.1.")
    assert "Link" not in client.get("/recordings/tones").headers
