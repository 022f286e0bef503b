"""The pages that may be listed are in the sitemap, by the rules of its protocol; no others are, and robots are told."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from closings import another, record_of, write_closed
from lxml import etree
from usp.objects.sitemap import PagesXMLSitemap
from usp.tree import sitemap_from_str

from player.web.app import create_app
from player.web.routes import sitemap
from player.web.routes.robots import CARDS
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from usp.objects.page import SitemapPage

DAY: Final = dt.date(2024, 2, 29)


def settled(root: Path) -> Path:
    at = dt.datetime.combine(DAY, dt.time(12), dt.UTC).timestamp()
    for path in sorted(root.rglob("*")):
        os.utime(path, (at, at))
    return root


def pages(client: FlaskClient, address: str = "/sitemap.xml") -> dict[str, SitemapPage]:
    """Give the pages by their paths, as ultimate-sitemap-parser (1.8.1) reads them."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    document = etree.fromstring(answer.data)
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert document.tag == f"{namespace}urlset"
    assert {each.tag for row in document for each in row} <= {f"{namespace}loc", f"{namespace}lastmod"}
    found = sitemap_from_str(answer.text)
    assert isinstance(found, PagesXMLSitemap)
    listed = list(found.all_pages())
    assert len({each.url for each in listed}) == len(listed)
    return {urlsplit(each.url).path: each for each in listed}


def test_each_page_that_may_be_listed_is_there_and_can_be_had(context_archive: Path) -> None:
    client = create_app(settled(context_archive)).test_client()
    found = pages(client)
    assert {"/", "/about", "/recordings/tones", "/people", "/people/ada", "/sources/log", "/dossiers/pitch"} <= set(
        found
    )
    assert {client.get(path).status_code for path in found} == {200}
    assert not [path for path in found if "noindex" in client.get(path).text]
    changed = found["/recordings/tones"].last_modified
    assert changed is not None
    assert changed.date() == DAY


def test_nothing_that_is_not_public_is_there_and_of_what_is_closed_in_part_no_day(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[access]\nnotes = "draft"\n')
    for slug, state in (("sealed", "closed"), ("begun", "draft"), ("asked", "on request")):
        another(root, slug, f'[access]\nrecord = "{state}"\n', "tones.wav")
    another(root, "gone", '[withdrawal]\ndate = "2026-11-01"\n', "tones.wav")
    found = pages(create_app(settled(root)).test_client())
    assert {path for path in found if path.startswith("/recordings/")} == {"/recordings/tones"}
    assert found["/recordings/tones"].last_modified is None


@pytest.mark.parametrize("at", [-1.0, 4e9])
def test_a_day_that_no_clock_can_have_shown_is_not_told(archive: Path, at: float) -> None:
    for path in record_of(archive).parent.glob("*"):
        os.utime(path, (at, at))
    assert pages(create_app(archive).test_client())["/recordings/tones"].last_modified is None


def test_very_many_pages_are_listed_in_several(context_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(context_archive).test_client()
    whole = pages(client)
    monkeypatch.setattr(sitemap, "MOST", 3)
    answer = client.get("/sitemap.xml")
    assert etree.fromstring(answer.data).tag.endswith("sitemapindex")
    files = [each.text for each in etree.fromstring(answer.data).iter("{*}loc")]
    assert len(files) == -(-len(whole) // 3)
    assert {path for each in files for path in pages(client, each.removeprefix("http://localhost"))} == set(whole)
    for wrong in ("0", str(len(files) + 1), "x", "٣", "-1", "0000000017", "000000001" + "7" * 5000):
        assert client.get(f"/sitemap.xml?page={wrong}").status_code == 404


def test_an_archive_that_is_not_to_be_listed_has_none(archive: Path) -> None:
    (archive / "transcripts" / "archive.toml").write_text("search_engines = false\n", encoding="utf-8")
    client = create_app(archive).test_client()
    assert client.get("/sitemap.xml").status_code == 404
    assert "Sitemap:" not in client.get("/robots.txt").text


def test_robots_are_told_where_it_is_and_cards_may_be_made_of_passages(archive: Path) -> None:
    client = create_app(archive, site=Site("https://example.org/tapes")).test_client()
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())
    assert parser.site_maps() == ["https://example.org/tapes/sitemap.xml"]
    for agent in CARDS:
        assert parser.can_fetch(agent, "/recordings/tones?t=2,7")
        assert not parser.can_fetch(agent, "/search?q=one")
