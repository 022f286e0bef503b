"""The feed of an archive has what anybody may hear, as feedparser reads it, and by names that never change."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest
from clipping import run
from closings import record_of
from held_sounds import hold_fed
from html_elements import parse

from player.archive.gate.shown import Audience
from player.publish.feed import Episode, Feed, Heard, Link, moment, written
from player.web.app import create_app
from player.web.serving.drafts import TokenGuard
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from typing import Any

    from flask.testing import FlaskClient

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
SHIPPED = "1963-11-05-attwood-reading"


@pytest.fixture
def fed(archive: Path) -> Path:
    """An archive that asks for a feed."""
    about = archive / "transcripts" / "archive.toml"
    about.write_text('name = "Tones & <hums>"\nfeed = true\nfeed_category = "Science"\n', encoding="utf-8")
    hold_fed(archive)
    return archive


def change(root: Path, old: str, new: str) -> None:
    path = record_of(root)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def client_of(root: Path) -> FlaskClient:
    return create_app(root).test_client()


def feed_of(root: Path, query: str = "") -> Any:
    answer = client_of(root).get(f"/feed.xml{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/rss+xml")
    found = feedparser.parse(answer.data)
    assert not found.bozo
    return found


def items(root: Path) -> list[ET.Element]:
    return ET.fromstring(client_of(root).get("/feed.xml").data).findall("channel/item")  # noqa: S314  # our own


def test_an_archive_has_a_feed_only_where_it_asks_for_one(archive: Path, fed: Path) -> None:
    assert "application/rss+xml" in client_of(fed).get("/").text
    link = next(each for each in parse(client_of(fed).get("/").text).all("link") if each["rel"] == "alternate")
    assert link["href"] == "/feed.xml"
    (archive / "transcripts" / "archive.toml").write_text('name = "Tones"\n', encoding="utf-8")
    client = client_of(archive)
    assert "application/rss+xml" not in client.get("/").text
    for path in ("/feed.xml", "/feed.png", "/feed/tones.mp3"):
        assert client.get(path).status_code == 404


def test_feedparser_reads_the_feed(fed: Path) -> None:
    change(fed, "place =", 'published = "2026-11-20"\nplace =')
    found = feed_of(fed)
    assert (found.version, found.feed.title) == ("rss20", "Tones & <hums>")
    assert [each["term"] for each in found.feed.tags] == ["Science"]
    assert (found.feed.language, found.feed.author) == ("en", "Tones & <hums>")
    assert found.feed.image.href == "http://localhost/feed.png"
    (entry,) = found.entries
    assert (entry.title, entry.id, entry.link) == (
        "A tape of tones",
        "recording:tones",
        "http://localhost/recordings/tones",
    )
    assert entry.published_parsed[:3] == (2026, 11, 20), "the day it could be heard here, not that of 1963"
    assert entry.itunes_duration == "10"
    (sound,) = entry.enclosures
    assert (sound.href, sound.type) == ("http://localhost/feed/tones.mp3", "audio/mpeg")
    assert entry.podcast_transcript["type"] == "text/vtt", "feedparser keeps the last of several"
    assert entry.podcast_chapters["url"] == "http://localhost/recordings/tones/chapters.json"


def test_what_the_feed_leads_to_is_there_with_its_type_and_length(fed: Path) -> None:
    client = client_of(fed)
    (item,) = items(fed)
    enclosure = item.find("enclosure")
    assert enclosure is not None
    answer = client.get(urlsplit(enclosure.get("url") or "").path)
    assert len(answer.data) == int(enclosure.get("length") or 0)
    part = client.get(urlsplit(enclosure.get("url") or "").path, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, answer.data[:4])
    given = item.findall(f"{PODCAST}transcript")
    assert [each.get("type") for each in given] == ["text/html", "application/json", "application/x-subrip", "text/vtt"]
    for each in (*given, *item.findall(f"{PODCAST}chapters")):
        led = client.get(urlsplit(each.get("url") or "").path)
        assert (led.status_code, led.mimetype) == (200, each.get("type"))
    chapters = json.loads(client.get("/recordings/tones/chapters.json").data)
    assert [(each["startTime"], each["title"]) for each in chapters["chapters"]] == [
        (0, "A tape of tones"),
        (2, "Who Ada is"),
        (8.5, "Something late"),
    ]
    assert client.get("/recordings/none/chapters.json").status_code == 404


@pytest.mark.parametrize("day", [None, "2026", "2026-11", "2026~"])
def test_a_day_that_nobody_knows_is_not_made_up(fed: Path, day: str | None) -> None:
    assert moment(day) is None
    if day:
        change(fed, "place =", f'published = "{day}"\nplace =')
    text = client_of(fed).get("/feed.xml").text
    assert "pubDate" not in text
    assert "1963" not in text


def test_its_name_stays_when_a_recording_is_renamed_and_its_sound_and_title_are_others(fed: Path) -> None:
    (before,) = (each.id for each in feed_of(fed).entries)
    assert run(fed, "rename", "tones", "ferry").exit_code == 0
    assert run(fed, "rename", "ferry", "quay").exit_code == 0
    path = record_of(fed, "quay")
    path.write_text(path.read_text("utf-8").replace("A tape of tones", "The quay"), encoding="utf-8")
    (entry,) = feed_of(fed).entries
    assert (entry.id, entry.title, entry.link) == (before, "The quay", "http://localhost/recordings/quay")
    answer = client_of(fed).get("/feed/tones.mp3")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/feed/quay.mp3")


def test_who_has_the_feed_is_told_that_it_is_the_same(fed: Path) -> None:
    client = client_of(fed)
    tag = client.get("/feed.xml").headers["ETag"]
    assert client.get("/feed.xml", headers={"If-None-Match": tag}).status_code == 304
    change(fed, "A tape of tones", "Another title")
    again = create_app(fed).test_client().get("/feed.xml", headers={"If-None-Match": tag})
    assert (again.status_code, "Another title" in again.text) == (200, True)


def test_people_are_those_who_are_known_and_heard(fed: Path) -> None:
    change(fed, 'name = "Ada"\nkind = "person"', 'name = "Ada"\nkind = "person"\nperson = "Ada L."\nrole = "narrator"')
    (item,) = items(fed)
    assert [(each.text, each.get("role")) for each in item.findall(f"{PODCAST}person")] == [("Ada L.", "narrator")]
    change(fed, "place =", 'kind = "reading"\nnotice = "Read by a machine."\nplace =')
    (item,) = items(fed)
    assert item.findall(f"{PODCAST}person") == [], "voices of a reading are nobody's"
    assert (item.findtext("title"), (item.findtext("description") or "").split("\n")[0]) == (
        "Reading: A tape of tones",
        "<p>Read by a machine.</p>",
    )


def test_advice_stands_before_all_else_that_is_said(fed: Path) -> None:
    change(fed, "place =", 'advice = "Names of the <i>dead</i> & more."\nplace =')
    (item,) = items(fed)
    said = item.findtext("description") or ""
    assert said.startswith("<p>Before you listen: Names of the &lt;i&gt;dead&lt;/i&gt; &amp; more.</p>"), "it is HTML"
    assert item.findtext(f"{ITUNES}explicit") == "true"


CLOSED = {
    "the record": '\n[access]\nrecord = "closed"\n',
    "a draft": '\n[access]\nrecord = "draft"\n',
    "the sound": '\n[access]\nsound = "on request"\n',
    "a passage": '\n[[closed]]\ncue = "first"\nuntil = "2941"\n',
    "withdrawn": '\n[withdrawal]\ndate = "2026-05-03"\n',
}


@pytest.mark.parametrize("table", CLOSED.values(), ids=CLOSED)
def test_what_nobody_may_hear_is_not_in_it(fed: Path, table: str) -> None:
    shutil.copytree(fed / "transcripts" / "tones", fed / "transcripts" / "quay")
    path = record_of(fed)
    path.write_text(path.read_text("utf-8") + table, encoding="utf-8")
    assert [each.id for each in feed_of(fed).entries] == ["recording:quay"]
    client = client_of(fed)
    assert client.get("/feed/tones.mp3").status_code in {403, 404, 410}
    if "record" in table or "withdrawal" in table:
        refused = 410 if "withdrawal" in table else 404
        asked = [(ending, method) for ending in ("mp3", "exe") for method in ("GET", "HEAD", "OPTIONS")]
        came = {client.open(f"/feed/tones.{ending}", method=method).status_code for ending, method in asked}
        assert came == {refused}, "as at every address of a recording"


@pytest.mark.long
def test_editors_see_the_feed_that_everybody_has(fed: Path) -> None:
    shutil.copytree(fed / "transcripts" / "tones", fed / "transcripts" / "quay")
    path = record_of(fed)
    path.write_text(path.read_text("utf-8") + CLOSED["a draft"], encoding="utf-8")
    guard = TokenGuard("127.0.0.1", Site())
    client = create_app(fed, audience=Audience.EDITORS, guard=guard).test_client()
    client.get(f"/?token={guard.token}")
    assert client.get("/recordings/tones").status_code == 200
    assert [each.id for each in feedparser.parse(client.get("/feed.xml").data).entries] == ["recording:quay"]


def test_words_that_are_closed_have_no_transcripts_in_it(fed: Path) -> None:
    path = record_of(fed)
    path.write_text(path.read_text("utf-8") + '\n[access]\ntranscript = "closed"\nnotes = "closed"\n', encoding="utf-8")
    (item,) = items(fed)
    assert (item.findall(f"{PODCAST}transcript"), item.findall(f"{PODCAST}chapters")) == ([], [])


def test_a_series_has_a_feed_of_its_own(fed: Path) -> None:
    change(fed, "place =", 'series = "Hums & more"\nplace =')
    shutil.copytree(fed / "transcripts" / "tones", fed / "transcripts" / "quay")
    path = record_of(fed, "quay")
    path.write_text(path.read_text("utf-8").replace("Hums & more", "Others"), encoding="utf-8")
    found = feed_of(fed, "?series=Hums%20%26%20more")
    assert [each.id for each in found.entries] == ["recording:tones"]
    assert found.feed.title == "Hums & more · Tones & <hums>"
    assert len(feed_of(fed).entries) == 2
    assert client_of(fed).get("/feed.xml?series=none").status_code == 404


def test_what_cannot_stand_in_xml_breaks_nothing() -> None:
    said = "Tones \u0001\ud800 ]]> <b>&amp; \U0001f3bb"
    link = Link(f"https://harbour.example/?a=1&b={said}", "audio/mpeg")
    heard = [Heard(said, "guest")]
    episode = Episode("x", said, link.address, [said], link, 1, None, None, False, [link], None, heard)  # noqa: FBT003  # in order
    feed = Feed(said, link.address, link.address, said, "en", said, said, link.address, [episode])
    text = written(feed)
    assert not feedparser.parse(text).bozo
    channel = ET.fromstring(text)[0]  # noqa: S314  # our own
    legal = said.replace("\u0001", "\N{REPLACEMENT CHARACTER}").replace("\ud800", "\N{REPLACEMENT CHARACTER}")
    assert (channel.findtext("title"), channel.findtext(f"item/{PODCAST}person")) == (legal, legal)


def test_the_shipped_reading_is_heard_as_what_it_is() -> None:
    (item,) = items(Path(__file__).parents[1])
    assert item.findtext("guid") == f"recording:{SHIPPED}"
    said = item.findtext("description") or ""
    assert said.startswith("<p>Synthetic reading, not the tape. Kennedy and Bundy are not heard.")
    assert item.findall(f"{PODCAST}person") == []
