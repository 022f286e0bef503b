"""What pages say of a recording to those who lead to it is read by a reader that we did not write.

extruct (0.18.0, by Zyte) reads JSON-LD and Open Graph as those do who index the web.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import extruct
import pytest
from closings import write_closed
from editors import editors_client
from html_elements import parse
from machine_words import write_machine

from player.archive.machine import LABEL
from player.web.app import create_app
from player.web.pages import found_by

if TYPE_CHECKING:
    from pathlib import Path

BASE: Final = "http://localhost/recordings/tones"


def read(archive: Path, path: str = "/recordings/tones") -> tuple[dict[str, Any], dict[str, str]]:
    """Give the JSON-LD of a page, and its Open Graph, as extruct reads them."""
    answer = create_app(archive).test_client().get(path)
    assert answer.status_code == 200, path
    found = extruct.extract(answer.text, base_url=BASE, syntaxes=["json-ld", "opengraph"])
    (described,) = found["json-ld"] or [{}]
    return described, dict(found["opengraph"][0]["properties"])


def change(archive: Path, old: str, new: str, name: str = "recording.toml") -> None:
    path = archive / "transcripts" / "tones" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_recording_without_a_summary_has_no_empty_description(archive: Path) -> None:
    change(archive, 'summary = "Each second has its own pitch."\n', "")
    said, graph = read(archive)
    assert ("description" in said, "og:description" in graph) == (False, False)
    page = parse(create_app(archive).test_client().get("/recordings/tones").text)
    assert page.one("meta", name="description")["content"] == "A tape of tones"


def test_a_recording_is_an_audio_object_with_its_moments(archive: Path) -> None:
    rights = '[[rights]]\nobject = "audio"\nuri = "https://creativecommons.org/publicdomain/zero/1.0/"\n'
    change(archive, "[[speaker]]", f'{rights}basis = "Made here."\ncertainty = "documented"\n[[speaker]]')
    said, _ = read(archive)
    assert said["@type"] == "AudioObject"
    assert said["@id"] == said["url"] == BASE
    assert (said["name"], said["description"]) == ("A tape of tones", "Each second has its own pitch.")
    assert (said["dateCreated"], said["duration"], said["inLanguage"]) == ("1963-11-05", "PT10S", "en")
    assert said["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert (said["contentUrl"], said["embedUrl"]) == ("http://localhost/media/tones", f"{BASE}/embed")
    assert said["caption"]["contentUrl"] == f"{BASE}/transcript.vtt"
    assert [(each["@type"], each["startOffset"], each["endOffset"]) for each in said["hasPart"]] == [
        *(("Clip", 2, 4.5), ("Clip", 8.5, 10)),
    ]
    assert said["hasPart"][1] | {"url": f"{BASE}?t=8.5,10", "name": "Something late"} == said["hasPart"][1]
    assert said["potentialAction"]["@type"] == "SeekToAction"
    target = said["potentialAction"]["target"].replace("{seek_to_second_number}", "5")
    client = create_app(archive).test_client()
    for address in (target, said["contentUrl"], said["embedUrl"], said["caption"]["contentUrl"]):
        assert client.get(address).status_code == 200
    assert "transcript" not in said
    assert "creator" not in said


def test_the_page_of_its_text_has_its_words_too(archive: Path) -> None:
    change(archive, "NOTE source: log, p. 2\n", 'NOTE source: log, p. 2\n\nNOTE doubtful: 2 "two"\n', "transcript.vtt")
    change(archive, 'kind = "person"', 'kind = "person"\nperson = "ada"')
    said, graph = read(archive, "/recordings/tones/text")
    assert said["transcript"] == "Ada: Silence & hum.\nOne two [?] three.\nBen: A second voice.\nAda: The end."
    assert said["contributor"] == [{"@type": "Person", "name": "Ada"}]
    assert graph["og:url"] == BASE


def test_a_card_names_the_passage_that_a_link_is_of(archive: Path) -> None:
    _, graph = read(archive)
    assert (graph["og:title"], graph["og:url"], graph["og:audio"]) == (
        *("A tape of tones", BASE, "http://localhost/media/tones"),
    )
    _, graph = read(archive, "/recordings/tones?t=2,7")
    assert (graph["og:title"], graph["og:url"]) == ("A tape of tones, 0:02 to 0:07", f"{BASE}?t=2,7")
    page = parse(create_app(archive).test_client().get("/recordings/tones?t=2,7").text)
    assert page.one("link", rel="canonical")["href"] == BASE


def test_a_reading_is_said_to_be_one_and_what_it_is_about(archive: Path) -> None:
    (archive / "transcripts" / "quay").mkdir()
    (archive / "transcripts" / "quay" / "recording.toml").write_text('title = "The quay"\ndate = "1963"\n')
    change(
        archive, 'place = "Nowhere"', 'kind = "reading"\nsurrogate_for = "quay"\nnotice = "Synthetic, not the quay."'
    )
    said, graph = read(archive)
    assert said["description"].startswith("Synthetic, not the quay. ")
    assert graph["og:description"].startswith("Synthetic, not the quay. ")
    assert said["digitalSourceType"] == "https://schema.org/AlgorithmicMediaDigitalSource"
    assert said["about"] == {"@type": "AudioObject", "@id": "http://localhost/recordings/quay"}


def test_what_is_not_certain_is_left_out(archive: Path) -> None:
    for date in ("1963~", "1963-10-31/1963-11-05", "../1963"):
        root = archive / "transcripts" / "tones" / "recording.toml"
        before = root.read_text("utf-8")
        change(archive, 'date = "1963-11-05"', f'date = "{date}"')
        assert "dateCreated" not in read(archive)[0]
        root.write_text(before, encoding="utf-8")


def test_nothing_that_is_written_ends_the_block(archive: Path) -> None:
    evil = "</script><script>alert(1)</script><!-- <script> ]]>"
    change(archive, '"A tape of tones"', json.dumps(evil))
    change(archive, '"Something late"', json.dumps(evil), "annotations.toml")
    said, graph = read(archive)
    assert said["name"] == said["hasPart"][1]["name"] == evil
    assert graph["og:title"] == evil
    page = parse(create_app(archive).test_client().get("/recordings/tones").text)
    assert not [each for each in page.all("script") if "src" not in each and each["type"] != "application/ld+json"]


@pytest.mark.parametrize(
    ("tables", "absent"),
    [
        ('[access]\nsound = "closed"\n', {"contentUrl", "duration", "hasPart", "potentialAction"}),
        ('[access]\ntranscript = "closed"\n', {"caption"}),
        ('[[closed]]\nstart = "0:02"\nend = "0:04"\n', {"contentUrl", "duration", "hasPart", "potentialAction"}),
    ],
)
def test_what_is_closed_is_not_described(tmp_path: Path, tables: str, absent: set[str]) -> None:
    said, graph = read(write_closed(tmp_path / "archive", tables))
    assert not absent & said.keys()
    assert ("og:audio" in graph) == ("contentUrl" in said)


def test_a_machines_words_are_said_to_be_a_draft(tmp_path: Path) -> None:
    said, _ = read(write_machine(tmp_path / "archive"), "/recordings/tones/text")
    assert said["transcript"].startswith(f"{LABEL}.\n")


def test_who_prepares_an_archive_is_told_nothing_that_is_for_others(archive: Path) -> None:
    page = editors_client(archive).get("/recordings/tones")
    assert page.status_code == 200
    assert "A tape of tones" in page.text
    for word in ("application/ld+json", "og:url", "oembed"):
        assert word not in page.text


def test_of_very_many_moments_the_page_has_the_first(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_by, "MOST", 1)
    assert len(read(archive)[0]["hasPart"]) == 1
    assert len(read(archive, "/recordings/tones/text")[0]["hasPart"]) == 2
