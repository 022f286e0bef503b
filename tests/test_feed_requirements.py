"""The feed is what apps and their directories ask for, and readers that others wrote have of it what is in it.

What Apple asks: https://podcasters.apple.com/support/823-podcast-requirements, of the picture
https://podcasters.apple.com/support/896, of categories https://podcasters.apple.com/support/1691. Others ask for less.
"""

from __future__ import annotations

import io
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import podcastparser
import pytest
from clipping import run
from closings import record_of
from held_sounds import hold, hold_fed
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from player.archive.about import CATEGORIES
from player.publish.feed import Episode, Feed, Heard, Link, written
from player.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

ITUNES: Final = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
DRAFT: Final = '[access]\nrecord = "draft"\n'
SHIPPED: Final = Path(__file__).parents[1]
#: What Apple's apps play, by the end of the address, and its media type.
PLAYED: Final = {".mp3": "audio/mpeg", ".m4a": "audio/mp4"}
SQUARE: Final = range(1400, 3001)
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def wanting(client: FlaskClient, address: str = "/feed.xml") -> Iterator[str]:
    """Give what a feed lacks, and what it leads to."""
    answer = client.get(address)
    found = feedparser.parse(answer.data)
    if found.bozo or (found.version, found.encoding) != ("rss20", "utf-8"):
        yield f"it is no RSS 2.0 in UTF-8: {found.get('bozo_exception')}"
    channel = ET.fromstring(answer.data)[0]  # noqa: S314  # our own
    yield from wanting_of_channel(found.feed, channel)
    yield from wanting_of_picture(client, found.feed.image.href)
    items = channel.findall("item")
    names = [entry.id for entry in found.entries]
    if len(set(names)) != len(items) or not all(item.findtext("guid") for item in items):
        yield "each episode needs a guid of its own"
    for entry, item in zip(found.entries, items, strict=True):
        yield from (f"{entry.id}: {each}" for each in wanting_of_episode(client, entry, item))


def wanting_of_channel(feed: Any, channel: ET.Element) -> Iterator[str]:
    for name in ("title", "link", "description", "language", f"{ITUNES}explicit"):
        if len(found := channel.findall(name)) != 1 or not (found[0].text or "").strip():
            yield f"it needs one {name}"
    if len((channel.findtext("description") or "").encode()) > 4000:
        yield "its description is too long"
    if not LANGUAGE.fullmatch(feed.language):
        yield f"its language is {feed.language}"
    if {each["term"] for each in feed.tags if each["scheme"] == "http://www.itunes.com/"} - {*CATEGORIES}:
        yield "it is in none of Apple's categories"
    if channel.findtext(f"{ITUNES}explicit") not in {"true", "false"}:
        yield "explicit is true or false"
    if (channel.findtext(f"{ITUNES}type") or "episodic") not in {"episodic", "serial"}:
        yield "its type is neither of two"


def wanting_of_picture(client: FlaskClient, href: str) -> Iterator[str]:
    parts = urlsplit(href)
    if not parts.path.endswith((".png", ".jpg", ".jpeg")):
        yield "the address of its picture does not tell what it is"
    address = f"{parts.path}?{parts.query}"
    if (head := client.head(address)).status_code != 200:
        yield f"HEAD of its picture: {head.status_code}"
    picture = Image.open(io.BytesIO(client.get(address).data))
    if picture.format not in {"PNG", "JPEG"} or picture.mode != "RGB":
        yield f"its picture is {picture.format} in {picture.mode}"
    if picture.width != picture.height or picture.width not in SQUARE:
        yield f"its picture is {picture.width} by {picture.height}"


def wanting_of_episode(client: FlaskClient, entry: Any, item: ET.Element) -> Iterator[str]:
    if not entry.title.strip() or len(item.findtext("description") or "") > 10_000:
        yield "its title is empty, or its description too long"
    if "published" in entry and not (entry.published_parsed and entry.published_parsed <= time.gmtime()):
        yield f"its date is none, or to come: {entry.published}"
    if item.findtext(f"{ITUNES}explicit") not in {"true", "false"}:
        yield "explicit is true or false"
    if not re.fullmatch(r"\d+|\d+(:\d\d){1,2}", item.findtext(f"{ITUNES}duration") or "0"):
        yield "its duration is none"
    (enclosure,) = entry.enclosures
    path = urlsplit(enclosure.href).path
    if PLAYED.get(Path(path).suffix) != enclosure.type or not path.isascii():
        yield f"its sound is {enclosure.type} at {path}"
    head = client.head(path)
    if (head.status_code, head.mimetype, head.content_length) != (200, enclosure.type, int(enclosure.length)):
        yield f"HEAD of its sound: {head.status_code} {head.mimetype} {head.content_length}"
    part = client.get(path, headers={"Range": "bytes=4-9"})
    if (part.status_code, len(part.data)) != (206, 6):
        yield "a part of its sound is not sent"


def test_the_shipped_feed_is_what_is_asked_for() -> None:
    assert list(wanting(create_app(SHIPPED).test_client())) == []


def fill(archive: Path, about: str, top: str) -> FlaskClient:
    (archive / "transcripts" / "archive.toml").write_text(f"feed = true\n{about}", encoding="utf-8")
    record = record_of(archive)
    record.write_text(f"{top}{record.read_text(encoding='utf-8')}", encoding="utf-8")
    return create_app(archive).test_client()


@pytest.mark.long
@pytest.mark.parametrize("category", ["Health & Fitness", "History"])
def test_so_is_that_of_any_archive_with_copies_that_apps_play(archive: Path, category: str) -> None:
    assert run(archive, "access", "tones", "--force").exit_code == 0
    about = (
        f'name = "Häfen & <Fähren>"\nlanguage = "pt-BR"\nfeed_category = "{category}"\ncontact = "office@example.org"\n'
    )
    client = fill(archive, about, 'series = "渡轮 & more"\nadvice = "Storms."\npublished = "2026-11-20"\n')
    assert list(wanting(client)) == []
    assert list(wanting(client, "/feed.xml?series=%E6%B8%A1%E8%BD%AE%20%26%20more")) == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["tones.wav", "tones.flac"])
def test_a_sound_that_apples_directory_does_not_take_is_left_out_and_advised_on(archive: Path, name: str) -> None:
    if name != "tones.wav":
        hold(archive, archive / "media" / "tones.wav", "-c:a", "flac", name=name)
    client = fill(archive, 'name = "Harbour"\n', 'series = "Piers"\n')
    assert list(wanting(client)) == []
    for address in ("/feed.xml", "/feed.xml?series=Piers"):
        answer = client.get(address)
        assert (answer.status_code, feedparser.parse(answer.data).entries) == (200, [])
    assert client.get(f"/feed/{name}", headers={"Accept": "application/json"}).status_code == 404
    said = f"{name}: the feed leaves this out: it has MP3 and M4A alone, as Apple's directory asks; "
    remedy = "player access tones --force --format m4a"
    advised = run(archive, "check").output
    assert f"{said}make a copy that it takes: {remedy}" in advised
    assert run(archive, *remedy.split()[1:]).exit_code == 0
    assert "the feed leaves this out" not in run(archive, "check").output
    (entry,) = feedparser.parse(create_app(archive).test_client().get("/feed.xml").data).entries
    assert [(each.href, each.type) for each in entry.enclosures] == [("http://localhost/feed/tones.m4a", "audio/mp4")]


def test_what_the_feed_leaves_out_is_told_where_there_is_a_feed_and_it_is_heard(archive: Path) -> None:
    about = archive / "transcripts" / "archive.toml"
    record = record_of(archive)
    text = record.read_text("utf-8")
    for feed, table in (("false", ""), ("true", '[access]\nsound = "closed"\n'), ("true", DRAFT), ("true", "")):
        about.write_text(f'name = "Harbour"\nfeed = {feed}\n', encoding="utf-8")
        record.write_text(f"{text}\n{table}", encoding="utf-8")
        is_told = (feed, table) == ("true", "")
        assert ("the feed leaves this out" in run(archive, "check").output) is is_told, (feed, table)
    record.write_text(f"{text}\n{DRAFT}", encoding="utf-8")
    done = run(archive, "publish", "tones")
    assert "  the feed leaves this out: " in done.output
    assert f"player access tones --force --format m4a --archive {archive}" in done.output


def test_who_keeps_the_archive_can_be_written_to(archive: Path) -> None:
    client = fill(archive, 'name = "Harbour"\ncontact = "office@example.org"\n', "")
    assert feedparser.parse(client.get("/feed.xml").data).feed.publisher_detail == {
        "name": "Harbour",
        "email": "office@example.org",
    }
    (archive / "transcripts" / "archive.toml").write_text('feed = true\ncontact = "https://example.org/us"\n', "utf-8")
    assert "owner" not in create_app(archive).test_client().get("/feed.xml").text


def test_the_reader_of_gpodder_has_of_it_what_is_in_it(archive: Path) -> None:
    hold_fed(archive)
    client = fill(
        archive, 'name = "Harbour"\nfeed_category = "Education"\n', 'published = "2026-11-20"\nadvice = "A & <b>."\n'
    )
    found = podcastparser.parse("http://localhost/feed.xml", io.BytesIO(client.get("/feed.xml").data))
    assert (found["title"], found["link"], found["language"]) == ("Harbour", "http://localhost/", "en")
    assert (found["cover_url"], found["itunes_categories"]) == ("http://localhost/feed.png", [["Education"]])
    (episode,) = found["episodes"]
    assert (episode["guid"], episode["total_time"], episode["explicit"]) == ("recording:tones", 10, True)
    assert time.strftime("%Y-%m-%d", time.gmtime(episode["published"])) == "2026-11-20"
    size = (archive / "media" / "tones.mp3").stat().st_size
    assert episode["enclosures"] == [
        {"file_size": size, "mime_type": "audio/mpeg", "url": "http://localhost/feed/tones.mp3"}
    ]
    assert episode["description_html"].startswith("<p>Before you listen: A &amp; &lt;b&gt;.</p>")


@pytest.mark.long
@given(st.lists(st.tuples(st.text(), st.text()), max_size=3))
def test_whatever_is_said_the_readers_find_as_many_episodes_with_their_sounds(said: list[tuple[str, str]]) -> None:
    link = Link("https://harbour.example/feed/quay.mp3", "audio/mpeg", "en")
    episodes = [
        Episode(
            str(number),
            title,
            link.address,
            [text],
            link,
            1,
            1,
            "2026-11-20",
            has_advice=False,
            transcripts=[link],
            chapters=link.address,
            people=[Heard(title, text)],
        )
        for number, (title, text) in enumerate(said)
    ]
    title, text = said[0] if said else ("", "")
    data = written(Feed(title, link.address, link.address, text, "en", title, "History", link.address, episodes))
    found = feedparser.parse(data)
    assert not found.bozo
    assert [(each.id, each.enclosures[0].href) for each in found.entries] == [
        (str(number), link.address) for number in range(len(said))
    ]
    other = podcastparser.parse("https://harbour.example/feed.xml", io.BytesIO(data))
    assert sorted(each["guid"] for each in other["episodes"]) == [str(number) for number in range(len(said))]
