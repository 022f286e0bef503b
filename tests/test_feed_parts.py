"""A long feed has parts that lead to each other; one that is kept is right at once, and who asks again is told so."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import feedparser
import pytest
from browser.conftest import serving
from closings import record_of
from held_sounds import hold_fed
from shut_tones import settle

from player.archive.gate.shown import Audience
from player.web.app import create_app
from player.web.pages import feed as feed_page
from player.web.serving.drafts import TokenGuard
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

DRAFT = '\n[access]\nrecord = "draft"\n'


@pytest.fixture
def fed(archive: Path) -> Path:
    """An archive with a feed of recordings that were published day by day, but for two that are not public."""
    (archive / "transcripts" / "archive.toml").write_text('name = "Harbour"\nfeed = true\n', encoding="utf-8")
    hold_fed(archive)
    for number in range(6):
        path = record_of(archive, f"talk{number}")
        shutil.copytree(archive / "transcripts" / "tones", path.parent)
        shut = {2: DRAFT, 4: '\n[access]\nsound = "closed"\n'}.get(number, "")
        text = f'published = "2026-10-{number + 1:02}"\n{path.read_text("utf-8")}{shut}'
        path.write_text(text, encoding="utf-8")
    return archive


def parts_of(client: FlaskClient, address: str) -> tuple[list[str], dict[str, str]]:
    """Read a part of a feed: which episodes it has, and where the others are."""
    answer = client.get(address)
    assert answer.status_code == 200
    found = feedparser.parse(answer.data)
    assert not found.bozo
    links = {
        each.rel: each.href.removeprefix("http://localhost") for each in found.feed.links if each.rel != "alternate"
    }
    return [each.id.removeprefix("recording:") for each in found.entries], links


@pytest.mark.sampled(1)
@pytest.mark.parametrize("audience", [Audience.VISITORS, Audience.EDITORS])
def test_a_long_feed_has_parts_that_lead_to_each_other(
    fed: Path, monkeypatch: pytest.MonkeyPatch, audience: Audience
) -> None:
    monkeypatch.setattr(feed_page, "MOST", 2)
    guard = TokenGuard("127.0.0.1", Site()) if audience is Audience.EDITORS else None
    client = create_app(fed, audience=audience, guard=guard).test_client()
    client.get(f"/?token={guard.token}" if guard else "/")
    first, second, third = "/feed.xml", "/feed.xml?page=2", "/feed.xml?page=3"
    ends = {"first": first, "last": third}
    assert parts_of(client, first) == (["talk5", "talk3"], {"self": first, "next": second, **ends})
    assert parts_of(client, second) == (["talk1", "talk0"], {"self": second, "previous": first, "next": third, **ends})
    assert parts_of(client, third) == (["tones"], {"self": third, "previous": second, **ends})
    assert parts_of(client, "/feed.xml?page=1") == parts_of(client, first)
    for page in ("4", "0", "-1", "x", "1.0", "9" * 30):
        assert client.get(f"/feed.xml?page={page}").status_code == 404


@pytest.mark.long
def test_a_short_feed_has_no_other_parts(fed: Path) -> None:
    assert parts_of(create_app(fed).test_client(), "/feed.xml")[1] == {"self": "/feed.xml"}


def test_a_feed_that_is_kept_has_at_once_what_was_closed_since(fed: Path) -> None:
    app = create_app(fed)
    settle(fed)
    app.extensions["index"].look()
    # The index sees no change any more: what is closed does not wait for it.
    app.extensions["index"].is_watched = lambda: True
    client, packed = app.test_client(), {"Accept-Encoding": "gzip"}
    before = client.get("/feed.xml", headers=packed)
    assert before.headers["Content-Encoding"] == "gzip"
    assert len(app.extensions["kept_pages"]) == 1
    again = client.get("/feed.xml", headers=packed)
    assert (again.data, again.headers["ETag"], again.mimetype) == (before.data, before.headers["ETag"], before.mimetype)
    assert client.get("/feed.xml", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    assert "talk3" in client.get("/feed.xml").text
    path = record_of(fed, "talk3")
    path.write_text(path.read_text("utf-8") + DRAFT, encoding="utf-8")
    now = client.get("/feed.xml", headers={"If-None-Match": before.headers["ETag"]})
    assert (now.status_code, "talk3" in now.text, "talk1" in now.text) == (200, False, True)


@pytest.mark.long
def test_a_server_tells_who_asks_often_that_nothing_is_new(fed: Path, tmp_path: Path) -> None:
    settle(fed)
    with serving(fed, tmp_path / "cache") as base:
        address = f"{base}/feed.xml"
        with urlopen(address) as answer:  # noqa: S310  # our own server
            tag, kind = answer.headers["ETag"], answer.headers["Content-Type"]
        assert kind == "application/rss+xml; charset=utf-8"
        for coding in ("identity", "gzip", "br"):
            asked = Request(address, headers={"If-None-Match": tag, "Accept-Encoding": coding})  # noqa: S310  # the same
            with pytest.raises(HTTPError) as told:
                urlopen(asked)  # noqa: S310  # the same
            answer = told.value
            assert (answer.code, answer.read(), answer.headers["Cache-Control"]) == (304, b"", "private, no-cache")
        found = feedparser.parse(address, etag=tag)
        assert (found.status, found.entries) == (304, [])
