"""Readers of podcasts have of our feed and transcripts what is in them: the Podcast Index's own, and one of words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import npm_readers
import pytest
from closings import record_of
from exporting import READING, TOLD, add_to_record, write_words
from held_sounds import hold_fed

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.long

FEED: Final = """
const {parseFeed} = require("podcast-partytime");
console.log(JSON.stringify(parseFeed(require("fs").readFileSync(process.argv[1], "utf8"))));
"""
WORDS: Final = """
const {convertFile} = require("transcriptator");
const read = (path) => convertFile(require("fs").readFileSync(path, "utf8"));
console.log(JSON.stringify(process.argv.slice(1).map(read)));
"""
SPOKEN: Final = """\
00:00:01.500 --> 00:00:03.250
<v Ada>A ferry &amp; “a quay” <i>called</i> &lt;b&gt;Nord&lt;/b&gt;.

00:00:03.250 --> 00:00:04.000
[a door]

00:00:04.500 --> 00:00:09.999
<v Ben: the pilot>渡轮 عبّارة {not} a "format".
"""


def read_feed(archive: Path) -> dict[str, Any]:
    path = archive / "feed.xml"
    path.write_bytes(create_app(archive).test_client().get("/feed.xml").data)
    found: dict[str, Any] = npm_readers.run(FEED, path)
    return found


def test_the_reader_of_the_podcast_index_has_of_a_feed_what_is_in_it(archive: Path) -> None:
    about = 'name = "Harbour & quay"\nfeed = true\nfeed_category = "Education"\ncontact = "office@example.org"\n'
    (archive / "transcripts" / "archive.toml").write_text(about, encoding="utf-8")
    hold_fed(archive)
    record = record_of(archive)
    text = record.read_text(encoding="utf-8").replace('kind = "person"', 'kind = "person"\nperson = "Ada L."', 1)
    record.write_text(f'published = "2026-11-20"\nadvice = "Storms & <b>."\n{text}', encoding="utf-8")
    found = read_feed(archive)
    assert (found["title"], found["language"], found["itunesCategory"]) == ("Harbour & quay", "en", ["Education"])
    assert found["owner"] == {"name": "Harbour & quay", "email": "office@example.org"}
    assert (found["itunesImage"], found["itunesType"]) == ("http://localhost/feed.png", "episodic")
    assert found["pc20support"]["1"] == ["transcript", "chapters"]
    (item,) = found["items"]
    assert (item["guid"], item["duration"], item["explicit"]) == ("recording:tones", 10, True)
    assert item["pubDate"].startswith("2026-11-20T00:00:00")
    assert item["enclosure"]["url"] == "http://localhost/feed/tones.mp3"
    assert item["enclosure"]["length"] == (archive / "media" / "tones.mp3").stat().st_size
    assert [each["url"].rpartition("/")[2] for each in item["podcastTranscripts"]] == [
        *("text", "transcript.podcast.json", "transcript.srt", "transcript.vtt")
    ]
    assert item["podcastChapters"]["url"] == "http://localhost/recordings/tones/chapters.json"
    assert [(each["name"], each["role"]) for each in item["podcastPeople"]] == [("Ada L.", "Guest")]
    # It writes HTML as text that looks like it.
    assert item["description"].startswith("<p>Before you listen: Storms & <b>.</p> <p>")


def test_the_reader_of_transcripts_has_each_segment_of_podcast_json_and_of_subrip(archive: Path) -> None:
    write_words(archive, SPOKEN)
    add_to_record(archive, READING + TOLD)
    client, paths = create_app(archive).test_client(), []
    for ending in ("podcast.json", "srt"):
        paths.append(archive / f"words.{ending}")
        paths[-1].write_bytes(client.get(f"/recordings/tones/transcript.{ending}").data)
    ours = json.loads(paths[0].read_bytes())["segments"]
    by_json, by_srt = npm_readers.run(WORDS, *paths)
    for found in (by_json, by_srt):
        assert [(each["startTime"], each["endTime"]) for each in found] == [
            (each["startTime"], each["endTime"]) for each in ours
        ]
    assert [(each.get("speaker"), each["body"]) for each in by_json] == [
        (each.get("speaker"), each["body"]) for each in ours
    ]
    assert "A ferry & “a quay” called <b>Nord</b>." in [each["body"] for each in by_json]
