"""The API gives to programs what pages show: recordings, lines by time, notes; and refuses in words."""

from __future__ import annotations

import json
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from clip_server import until
from closings import write_closed
from editors import editors_client
from machine_words import write_machine
from small_archive import bind, write_archive
from test_iiif import RIGHTS

from player.archive.machine import LABEL
from player.web.app import create_app
from player.web.serving import kept_values
from player.web.serving.public_address import Site
from player.web.serving.search_limits import Searches

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

BASE: Final = "https://tapes.example.org"
TONES: Final = "/api/recordings/tones"
PROBLEM: Final = "application/problem+json"


def client_of(root: Path) -> FlaskClient:
    return create_app(root, site=Site(BASE)).test_client()


def said(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/json"), answer.text
    found: dict[str, Any] = json.loads(answer.data)
    return found


def refused(answer: TestResponse, status: int) -> str:
    """Give what a refusal says, which is as RFC 9457 has it."""
    assert (answer.status_code, answer.content_type) == (status, PROBLEM), answer.text
    found = json.loads(answer.data)
    assert (found.keys(), found["type"], found["status"]) == (
        {"type", "title", "status", "detail"},
        "about:blank",
        status,
    )
    return str(found["detail"])


def ids(answer: dict[str, Any]) -> list[str]:
    return [each["id"] for each in answer["cues"]]


def test_the_archive_leads_to_all_of_it(archive: Path) -> None:
    client = client_of(archive)
    found = said(client, "/api/")
    assert found["holds"]["recordings"] == 1
    assert found["links"]["recordings"] == f"{BASE}/api/recordings"
    (one,) = said(client, found["links"]["recordings"].removeprefix(BASE))["recordings"]
    assert (one["id"], one["title"], one["state"]) == ("tones", "A tape of tones", "in step")
    for address in one["links"].values():
        assert client.get(address.removeprefix(BASE)).status_code == 200, address
    whole = said(client, one["links"]["self"].removeprefix(BASE))
    assert {name: whole[name] for name in one} == one, "what lists say of it, it says of itself"
    assert "the header Location names" in refused(client.get("/api"), 308)
    forms = {each["address"] for each in whole["forms"]}
    assert {f"{BASE}/recordings/tones/transcript.{ending}" for ending in ("vtt", "json", "fadgi.vtt")} <= forms
    for address in (whole["sound"]["address"], *forms):
        assert client.get(address.removeprefix(BASE), buffered=True).status_code == 200, address


def test_what_is_asked_of_a_list_is_what_the_list_of_pages_knows(archive: Path) -> None:
    for number in range(5):
        folder = archive / "transcripts" / f"more-{number}"
        folder.mkdir()
        record = f'title = "Ferry {number}"\ndate = "197{number}"\nseries = "Harbour {number % 2}"\ntags = ["rope"]\n'
        (folder / "recording.toml").write_text(record, encoding="utf-8")
    client = client_of(archive)
    first = said(client, "/api/recordings?limit=2&sort=title")
    assert (first["total"], first["links"]["prev"]) == (6, None)
    seen, address = [], first["links"]["self"]
    while address:
        page = said(client, address.removeprefix(BASE))
        seen += [each["title"] for each in page["recordings"]]
        address = page["links"]["next"]
    assert seen == ["A tape of tones", *(f"Ferry {number}" for number in range(5))]
    some = said(client, "/api/recordings?series=Harbour+1&tag=rope&sort=latest")
    assert [each["id"] for each in some["recordings"]] == ["more-3", "more-1"]
    assert [each["id"] for each in said(client, "/api/recordings?decade=1960s")["recordings"]] == ["tones"]
    assert said(client, "/api/recordings?person=Ada")["total"] == 1
    assert said(client, "/api/recordings?tag=none")["recordings"] == []
    assert "the last is 3" in refused(client.get("/api/recordings?limit=2&page=4"), 404)


def test_lines_are_given_by_time(archive: Path) -> None:
    client = client_of(archive)
    every = said(client, f"{TONES}/cues")
    assert ids(every) == ["opening", "first", "c3", "last"]
    by = {
        "at=2": ["first"],
        "at=1.999": ["opening"],
        "at=4.5": [],
        "from=2&to=5": ["first"],
        "from=2&to=5.001": ["first", "c3"],
        "from=7": ["last"],
        "from=0:06.5": ["c3", "last"],
        "to=2": ["opening"],
        "to=0:02.001": ["opening", "first"],
        "from=900": [],
    }
    assert {asked: ids(said(client, f"{TONES}/cues?{asked}")) for asked in by} == by
    first = said(client, f"{TONES}/cues?at=3")
    (cue,) = first["cues"]
    assert (cue["start"], cue["end"], cue["text"], cue["words"]) == (2000, 4500, "One two three.", [2000, 2500, 3000])
    assert cue["address"] == f"{BASE}/recordings/tones/lines/first"
    assert cue["passage"] == f"{BASE}/recordings/tones#t=2,4.5"
    assert client.get(cue["address"].removeprefix(BASE)).status_code == 200
    assert cue["sources"] == [{"source": "log", "locator": "p. 2"}]
    assert [each["id"] for each in first["sources"]] == ["log"]
    assert first["in_step"] is True
    one = said(client, f"{TONES}/cues/first")
    assert one["cue"] == cue
    assert f"{BASE}/recordings/tones#t=2,4.5" in one["citation"]["Chicago"]
    assert one["links"]["prev"] == f"{BASE}{TONES}/cues/opening"
    whole = json.loads(client.get("/recordings/tones/transcript.json").data)
    more = {"address", "passage"}
    assert [{name: each[name] for name in each.keys() - more} for each in every["cues"]] == whole["lines"]


def test_lines_come_a_page_at_a_time_and_in_other_words(archive: Path) -> None:
    client = client_of(archive)
    found, address = [], f"{TONES}/cues?limit=1&from=1"
    while address:
        page = said(client, address.removeprefix(BASE))
        found += ids(page)
        assert (page["total"], len(page["cues"])) == (4, 1)
        address = page["links"]["next"]
    assert found == ["opening", "first", "c3", "last"]
    translation = (
        "WEBVTT\nLanguage: spa\nLocal Usage Element: [Translated by] Nora\n\nfirst\n00:02.000 --> 00:04.500\nUno."
    )
    (archive / "transcripts/tones/transcript.es.vtt").write_text(translation, encoding="utf-8")
    there = said(client, f"{TONES}/cues?at=3&language=es")
    assert (there["cues"][0]["text"], there["translation"]["by"]) == ("Uno.", "Nora")
    assert there["links"]["self"].endswith("?at=3&language=es")
    assert {each["kind"] for each in there["recording"]["notices"]} == {"translation"}
    assert "fr" in refused(client.get(f"{TONES}/cues?language=fr"), 404)


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/none", 404, "no page at this address"),
        ("/api/recordings/none", 404, 'called "none"'),
        ("/api/recordings/none/cues", 404, 'called "none"'),
        (f"{TONES}/cues/none", 404, 'no line "none"'),
        (f"{TONES}/cues?after=none", 404, 'no line "none"'),
        (f"{TONES}?x=1", 400, 'has no "x"'),
        ("/api/?page=1", 400, "nothing can be asked"),
        (f"{TONES}/cues?=x&y=z", 400, 'has no ""'),
        (f"{TONES}/cues?from=NaN", 400, "it has to be a time"),
        (f"{TONES}/cues?from=-1", 400, "it has to be a time"),
        (f"{TONES}/cues?from=1e9", 400, "it has to be a time"),
        (f"{TONES}/cues?from=0:75", 400, "it has to be a time"),
        (f"{TONES}/cues?from=%00", 400, "it has to be a time"),
        (f"{TONES}/cues?from=%D9%A1", 400, "it has to be a time"),
        (f"{TONES}/cues?from=99999999999999999999", 400, "it has to be a time"),
        (f"{TONES}/cues?from=25%0A", 400, "it has to be a time"),
        (f"{TONES}/cues?from=1&from=2", 400, "2 times; give it once"),
        (f"{TONES}/cues?from=8&to=3", 400, "no later than it starts"),
        (f"{TONES}/cues?from=8&to=8", 400, "no later than it starts"),
        (f"{TONES}/cues?at=3&to=8", 400, "the one or the other"),
        (f"{TONES}/cues?limit=0", 400, "from 1 to 1000"),
        (f"{TONES}/cues?limit=1001", 400, "from 1 to 1000"),
        (f"{TONES}/cues?language=%3Cb%3E", 400, "a language"),
        ("/api/recordings?page=0", 400, "from 1 to"),
        ("/api/recordings?page=1.5", 400, "from 1 to"),
        ("/api/recordings?sort=up", 400, "one of date, latest"),
        ("/api/recordings?tag=", 400, "1 to 200 letters"),
        (f"/api/recordings?tag={'x' * 201}", 400, "1 to 200 letters"),
        (f"/api/recordings?{'&'.join(['tag=x'] * 21)}", 400, "20 times at most"),
    ],
)
def test_what_cannot_be_is_refused_in_words(archive: Path, path: str, status: int, words: str) -> None:
    client = client_of(archive)
    assert words in refused(client.get(path), status)
    assert words in refused(client.get(path, headers={"Accept": "text/html"}), status), "whatever else is wanted"


def test_nothing_can_be_sent_to_it(archive: Path) -> None:
    client = client_of(archive)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.open(f"{TONES}/cues", method=method, json={})
        assert "nothing can be sent" in refused(answer, 405)
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_it_is_tagged_and_read_from_other_sites_also_where_it_refuses(archive: Path) -> None:
    client = client_of(archive)
    for path in (
        "/api/",
        "/api/recordings",
        TONES,
        f"{TONES}/cues?at=3",
        f"{TONES}/cues/first",
        f"{TONES}/annotations",
    ):
        answer = client.get(path, headers={"Accept-Encoding": "identity"})
        tag = answer.headers["ETag"]
        assert not tag.startswith("W/")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["Access-Control-Allow-Origin"]) == (304, b"", "*")
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        if "Content-Encoding" in packed.headers:
            assert packed.headers["ETag"] == f"W/{tag}"
        head = client.head(path, headers={"Accept-Encoding": "identity"})
        assert (head.data, head.headers["ETag"], head.content_length) == (b"", tag, len(answer.data))
        assert client.options(path).headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert client.get("/api/recordings/none").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/nowhere").headers
    own = create_app(archive).test_client()
    assert "Access-Control-Allow-Origin" not in own.get("/api/").headers, "at one's own machine"


def test_what_is_changed_is_another_answer_at_once(archive: Path) -> None:
    client = client_of(archive)
    path = f"{TONES}/cues?at=3"
    before = client.get(path)
    assert client.get(path).data == before.data
    file = archive / "transcripts/tones/transcript.vtt"
    file.write_text(file.read_text(encoding="utf-8").replace("three", "four"), encoding="utf-8")
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, json.loads(after.data)["cues"][0]["text"]) == (200, "One two four.")


def test_a_recording_that_the_index_has_yet_to_read_is_not_said_to_be_none(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(archive)
    client = app.test_client()
    monkeypatch.setattr(app.extensions["index"], "keep_current", lambda: None)
    answer = client.get("/api/recordings/tones")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": 'Nothing is known yet of "tones"; ask again in a few seconds.',
    }
    assert client.get("/api/recordings/none").status_code == 404


def test_lines_are_out_of_step_soon_after_their_sound_was_replaced(archive: Path) -> None:
    bind(archive)
    client = client_of(archive)
    assert said(client, f"{TONES}/cues?at=3")["in_step"] is True
    with (archive / "media" / "tones.wav").open("ab") as sound:
        sound.write(bytes(1000))
    # Its file is looked at once a second.
    until(lambda: said(client, f"{TONES}/cues?at=3")["in_step"] is False)


def test_what_is_closed_is_refused_and_says_why(tmp_path: Path) -> None:
    client = client_of(write_closed(tmp_path / "a", '[access]\ntranscript = "closed"\nreason = "Asked for."\n'))
    assert "Asked for." in refused(client.get(f"{TONES}/cues"), 403)
    assert refused(client.get(f"{TONES}/cues/first"), 403)
    found = said(client, TONES)
    assert (found["state"], found["forms"]) == ("words closed", [])
    assert [each["reason"] for each in found["closed"]] == ["Asked for."]
    client = client_of(write_closed(tmp_path / "b", '[[closed]]\nstart = "0:02"\nend = "0:04"\nreason = "A name."\n'))
    (line,) = said(client, f"{TONES}/cues?at=3")["cues"]
    assert (line["closed"], line["reason"], line["words"]) == (True, "A name.", [])
    assert "three" not in client.get(f"{TONES}/cues").text
    refused(client.get(f"{TONES}/cues/first"), 404)
    client = client_of(write_closed(tmp_path / "c", '[access]\nrecord = "draft"\n'))
    assert refused(client.get(TONES), 404) == refused(client.get("/api/recordings/none"), 404).replace("none", "tones")
    assert said(client, "/api/")["holds"]["recordings"] == 0
    client = client_of(write_closed(tmp_path / "d", '[withdrawal]\ndate = "2026-11-01"\nreason = "Asked for."\n'))
    for path in (TONES, f"{TONES}/cues", f"{TONES}/cues/first", f"{TONES}/annotations"):
        assert "Asked for." in refused(client.get(path), 410)


def test_who_prepares_an_archive_has_no_api(tmp_path: Path) -> None:
    client = editors_client(write_closed(tmp_path / "archive", '[access]\nrecord = "draft"\n'))
    assert client.get("/recordings/tones").status_code == 200
    for path in ("/api/", TONES, f"{TONES}/cues"):
        assert client.get(path).status_code == 404


def test_a_recording_that_was_renamed_is_where_it_is_now(archive: Path) -> None:
    file = archive / "transcripts/tones/recording.toml"
    file.write_text(f'formerly = ["bells"]\n{file.read_text(encoding="utf-8")}', encoding="utf-8")
    client = client_of(archive)
    for below in ("", "/cues?at=3", "/cues/first", "/annotations"):
        answer = client.get(f"/api/recordings/bells{below}")
        assert (answer.status_code, answer.headers["Location"]) == (308, f"{TONES}{below}")


def test_it_says_of_a_machines_words_and_of_a_reading_what_they_are(tmp_path: Path) -> None:
    client = client_of(write_machine(tmp_path / "machine"))
    for found in (said(client, TONES), *said(client, "/api/recordings")["recordings"]):
        assert LABEL in [each["name"] for each in found["notices"]]
        assert found["unchecked"] > 0
    lines = said(client, f"{TONES}/cues")
    assert lines["machine"]["label"] == LABEL
    assert LABEL in [each["name"] for each in lines["recording"]["notices"]]
    assert any(each["unchecked"] for each in lines["cues"])
    root = write_archive(tmp_path / "reading")
    file = root / "transcripts/tones/recording.toml"
    more = 'kind = "reading"\nsurrogate_for = "harbour"\nadvice = "Loud."\nresponsible_party = "Nora"\n'
    label = '[[label]]\nname = "TK Seasonal"\ntext = "In winter."\ncommunity = "The quay"\n'
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{more}{text}\n{label}{RIGHTS.format('audio', 'https://example.org/terms')}", encoding="utf-8")
    client = client_of(root)
    for path in (TONES, f"{TONES}/cues?at=3", f"{TONES}/cues/first"):
        found = said(client, path)
        found = found.get("recording", found)
        assert [each["kind"] for each in found["notices"]] == ["label", "reading", "advice"]
        assert found["kind"] == "reading"
    assert said(client, TONES)["surrogate_for"] is None, "of which nobody knows here"


def test_a_search_finds_what_its_page_finds_with_citations(context_archive: Path) -> None:
    client = client_of(context_archive)
    found = said(client, "/api/search?q=second+voice")
    assert (found["total"], found["counts"]["recordings"]) == (1, 1)
    (one,) = found["items"]
    assert (one["recording"]["id"], one["count"]) == ("tones", 1)
    (line,) = one["lines"]
    assert "".join(each["text"] for each in line["text"]) == "A second voice."
    assert [each["text"] for each in line["text"] if each["hit"]] == ["second voice."]
    assert (line["id"], line["start"], line["end"], line["speaker"]) == ("c3", 5000, 7000, "Ben")
    assert line["address"] == f"{BASE}/recordings/tones#t=5,7"
    assert line["address"] in line["citation"]
    table = client.get("/search.csv?q=second+voice").text
    assert line["citation"].replace('"', '""') in table
    assert said(client, "/api/search?q=second+voice&lines=0")["items"][0]["lines"] == []
    (notes,) = said(client, "/api/search?q=near+the+end&in=notes")["items"]
    assert [each["id"] for each in notes["notes"]] == ["late"]
    assert notes["notes"][0]["address"] == f"{BASE}/recordings/tones#note-late"
    people = said(client, "/api/search?q=ada&in=people")
    assert people["total"] == people["counts"]["people"] == len(people["items"]) == 1
    assert client.get(people["items"][0]["address"].removeprefix(BASE)).status_code == 200
    assert said(client, "/api/search?q=ada&in=people&tag=x")["total"] == 0, "no person has a tag"
    assert said(client, "/api/search?q=unsaid")["items"] == []
    for path, words in (("?q=-", "no word"), ("?q=", "1 to 200 letters"), ("", "say what q")):
        assert words.casefold() in refused(client.get(f"/api/search{path}"), 400).casefold()


def test_searches_wait_their_turn_with_those_of_pages(archive: Path) -> None:
    app = create_app(archive, site=Site(BASE))
    app.extensions["searches"] = Searches(1, 0)
    with app.extensions["searches"].one():
        answer = app.test_client().get("/api/search?q=second")
    assert "busy" in refused(answer, 503)
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_passages_are_sent_again_in_front_of_the_application_and_are_the_same(
    archive: Path, monkeypatch: pytest.MonkeyPatch, coding: str
) -> None:
    queries = ("", "?from=2&to=5", "?at=3", "?limit=1", "?from=%32&limit=3", "?at=4.7")
    asked = [f"{TONES}/cues{query}" for query in queries]
    settle(archive)
    headers = {"Accept-Encoding": coding}
    anew = [client_of(archive).get(path, headers=headers) for path in asked]
    app = create_app(archive, site=Site(BASE))
    index = app.extensions["index"]
    index.look()
    monkeypatch.setattr(index, "is_watched", lambda: True)
    # A second does not pass, however long this takes.
    monkeypatch.setattr(kept_values, "time", SimpleNamespace(monotonic=lambda: 1.0))
    client = app.test_client()
    for path in asked:
        client.get(path, headers=headers)
    monkeypatch.setattr(app, "full_dispatch_request", lambda: pytest.fail("the application was asked"))
    for path, one in zip(asked, anew, strict=True):
        again = client.get(path, headers=headers)
        assert (again.status_code, again.data) == (200, one.data), path
        # The date is the server's to say.
        assert sorted(again.headers) == sorted((name, value) for name, value in one.headers if name != "Date"), path


def test_what_is_not_plain_is_left_to_the_application(archive: Path) -> None:
    settle(archive)
    client = client_of(archive)
    tag = client.get(f"{TONES}/cues?at=3").headers["ETag"]
    assert client.get(f"{TONES}/cues?at=3", headers={"If-None-Match": tag}).status_code == 304
    assert client.head(f"{TONES}/cues?at=3").data == b""
    refused(client.post(f"{TONES}/cues?at=3"), 405)
    refused(client.get(f"{TONES}/cues?at=x"), 400)
    refused(client.get(f"{TONES}/cues?at=3&at=4"), 400)
    refused(client.get(f"{TONES}/cues?x=3"), 400)
    refused(client.get(f"{TONES}/cues?at=3", headers={"Host": "no host"}), 400)
    assert ids(said(client, f"{TONES}/cues?after=first")) == ["c3", "last"]
    file = archive / "transcripts/tones/recording.toml"
    file.write_text(f'{file.read_text(encoding="utf-8")}\n[access]\ntranscript = "closed"\n', encoding="utf-8")
    refused(client.get(f"{TONES}/cues?at=3"), 403)


def settle(root: Path) -> None:
    """Let the files of an archive be as old as what is kept of them has to be."""
    for path in (root / "transcripts").rglob("*"):
        os.utime(path, (1_600_000_000, 1_600_000_000))
