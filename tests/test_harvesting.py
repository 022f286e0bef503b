"""``/oai``, harvested by a program that others wrote: what is new, what was changed, what is to be dropped."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
from closings import another, record_of
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import (
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
    NoSetHierarchy,
)
from started import started

from player.roots import cache_folder
from player.web.app import create_app
from player.web.pages import harvested
from player.web.routes import oai
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

CONTACT = 'name = "Harbour archive"\ncontact = "keeper@example.org"\n'
CLOSED = '\n[access]\nrecord = "closed"\nuntil = "2941"\n'


def identified(slug: str) -> str:
    """What is gone goes on being listed, so its name does not say what it was."""
    return f"oai:tapes.example.org:{hashlib.sha256(slug.encode()).hexdigest()[:24]}"


TONES = identified("tones")
SECOND = identified("second")
OAI = "{http://www.openarchives.org/OAI/2.0/}"


@pytest.fixture
def kept(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    (archive / "transcripts/archive.toml").write_text(CONTACT, encoding="utf-8")
    another(archive, "second", 'summary = "Of <ferries> & quays"\n')
    return archive


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The seconds at which harvesters come, one hour after another."""

    class Later:
        now = 1_800_000_000

        def time(self) -> float:
            return self.now

        def pass_by(self) -> None:
            self.now += 3600

    later = Later()
    monkeypatch.setattr(harvested, "time", later)
    return later


def client_of(root: Path) -> FlaskClient:
    return create_app(root, site=Site("https://tapes.example.org")).test_client()


def asked(client: FlaskClient, query: str) -> Any:
    client.application.extensions["index"].look()
    answer = client.get(f"/oai?{query}")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    return etree.fromstring(answer.data)


def headers(document: Any) -> dict[str, tuple[str, str | None]]:
    """Give the datestamp and the status of each record by its identifier."""
    return {
        header.findtext(f"{OAI}identifier"): (header.findtext(f"{OAI}datestamp"), header.get("status"))
        for header in document.iter(f"{OAI}header")
    }


def code(document: Any) -> str | None:
    error = document.find(f"{OAI}error")
    return None if error is None else error.get("code")


def refusals(sickle: Sickle) -> Iterator[tuple[type[Exception], Callable[[], object]]]:
    yield IdDoesNotExist, lambda: sickle.GetRecord(identifier="oai:none", metadataPrefix="oai_dc")
    yield CannotDisseminateFormat, lambda: sickle.ListRecords(metadataPrefix="marc21")
    yield NoSetHierarchy, sickle.ListSets
    yield BadArgument, sickle.ListRecords
    yield BadResumptionToken, lambda: sickle.ListRecords(resumptionToken="none")
    yield NoRecordsMatch, lambda: sickle.ListRecords(metadataPrefix="oai_dc", until="1999-01-01")


@pytest.mark.long
def test_a_harvester_that_others_wrote_reads_the_archive(kept: Path) -> None:
    """Sickle 0.7.0 (https://pypi.org/project/Sickle/), over HTTP."""
    environment = {**os.environ, "PLAYER_ARCHIVE": str(kept), "PLAYER_URL": "https://tapes.example.org"}
    command = [sys.executable, "-W", "error", "-m", "player", "serve", "--port", "0"]
    with started(command, env=environment) as address:
        for method in ("GET", "POST"):
            sickle = Sickle(f"{address.rstrip('/')}/oai", http_method=method)
            said = sickle.Identify()
            assert (said.repositoryName, said.adminEmail) == ("Harbour archive", "keeper@example.org")
            assert (said.protocolVersion, said.deletedRecord) == ("2.0", "transient")
            assert [each.metadataPrefix for each in sickle.ListMetadataFormats()] == ["oai_dc"]
            records = {each.header.identifier: each for each in sickle.ListRecords(metadataPrefix="oai_dc")}
            assert set(records) == {TONES, SECOND}
            assert records[TONES].metadata["identifier"][0] == "https://tapes.example.org/recordings/tones"
            assert records[SECOND].metadata["description"] == ["Of <ferries> & quays"]
            assert records[TONES].metadata["type"] == ["Sound"]
            assert records[TONES].metadata["publisher"] == ["Harbour archive"]
            one = sickle.GetRecord(identifier=TONES, metadataPrefix="oai_dc")
            assert one.metadata == records[TONES].metadata
            for refused, ask in refusals(sickle):
                with pytest.raises(refused):
                    ask()


def test_what_was_changed_is_told_to_who_comes_again_and_nothing_else(kept: Path, moments: Any) -> None:
    client = client_of(kept)
    first = headers(asked(client, "verb=ListIdentifiers&metadataPrefix=oai_dc"))
    assert first[TONES] == ("2027-01-15T08:00:00Z", None)
    moments.pass_by()
    record = record_of(kept)
    record.write_text(record.read_text(encoding="utf-8").replace('title = "', 'title = "New: ', 1), encoding="utf-8")
    note = kept / "transcripts/second/notes.txt"
    note.write_text("nothing that visitors see", encoding="utf-8")
    again = asked(client, "verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-15T08:00:01Z")
    assert headers(again) == {TONES: ("2027-01-15T09:00:00Z", None)}
    assert "New: " in etree.tostring(again, encoding="unicode")
    assert headers(asked(client, "verb=ListIdentifiers&metadataPrefix=oai_dc&until=2027-01-15T08:59:59Z")).keys() == {
        SECOND
    }


@pytest.mark.parametrize("way", ["closed", "removed"])
def test_what_is_gone_is_to_be_dropped_and_comes_back(kept: Path, moments: Any, way: str) -> None:
    client = client_of(kept)
    asked(client, "verb=Identify")
    moments.pass_by()
    record = record_of(kept)
    before = record.read_text(encoding="utf-8")
    if way == "closed":
        record.write_text(before + CLOSED, encoding="utf-8")
    else:
        shutil.move(record.parent, kept / "aside")
    gone = asked(client, "verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-15T08:30:00Z")
    assert headers(gone) == {TONES: ("2027-01-15T09:00:00Z", "deleted")}
    assert gone.find(f".//{OAI}metadata") is None
    folder = cache_folder()
    assert folder is not None
    assert not [path for path in folder.glob("changes/*") if b"tones" in path.read_bytes()], (
        "what it was called is not kept"
    )
    again = client_of(kept)  # a server that was started anew
    assert headers(asked(again, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={TONES}")) == headers(gone)
    moments.pass_by()
    if way == "removed":
        shutil.move(kept / "aside", record.parent)
    record.write_text(before, encoding="utf-8")
    back = asked(client, "verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-15T09:30:00Z")
    assert headers(back) == {TONES: ("2027-01-15T10:00:00Z", None)}


def test_what_was_never_open_is_never_named(kept: Path, moments: Any) -> None:
    record = record_of(kept)
    record.write_text(record.read_text(encoding="utf-8") + CLOSED, encoding="utf-8")
    client = client_of(kept)
    assert headers(asked(client, "verb=ListRecords&metadataPrefix=oai_dc")).keys() == {SECOND}
    assert code(asked(client, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={TONES}")) == "idDoesNotExist"
    moments.pass_by()


def test_what_a_reading_stands_in_for_is_named_once_it_can_be_seen(kept: Path, moments: Any) -> None:
    record = record_of(kept, "second")
    before = record.read_text(encoding="utf-8")
    record.write_text(f"{before}{CLOSED}", encoding="utf-8")
    tones = record_of(kept)
    tones.write_text('surrogate_for = "second"\n' + tones.read_text(encoding="utf-8"), encoding="utf-8")
    client = client_of(kept)
    query = f"verb=GetRecord&metadataPrefix=oai_dc&identifier={TONES}"
    assert "recordings/second" not in etree.tostring(asked(client, query), encoding="unicode")
    moments.pass_by()
    record.write_text(before, encoding="utf-8")
    opened = asked(client, query)
    assert "https://tapes.example.org/recordings/second" in etree.tostring(opened, encoding="unicode")
    assert headers(opened)[TONES] == ("2027-01-15T09:00:00Z", None)


def test_what_is_known_to_be_withdrawn_is_to_be_dropped_also_where_nobody_saw_it_before(
    kept: Path, moments: Any
) -> None:
    record = record_of(kept)
    table = '\n[withdrawal]\ndate = "2020-01-01"\ndecided_by = "the board"\n'
    record.write_text(record.read_text(encoding="utf-8") + table, encoding="utf-8")
    found = headers(asked(client_of(kept), "verb=ListIdentifiers&metadataPrefix=oai_dc"))
    assert found[TONES] == ("2027-01-15T08:00:00Z", "deleted")
    moments.pass_by()


def test_a_recording_that_is_called_otherwise_is_the_same_one(kept: Path, moments: Any) -> None:
    client = client_of(kept)
    asked(client, "verb=Identify")
    moments.pass_by()
    (kept / "transcripts/tones").rename(kept / "transcripts/bells")
    record = record_of(kept, "bells")
    record.write_text('formerly = ["tones"]\n' + record.read_text(encoding="utf-8"), encoding="utf-8")
    changed = asked(client, "verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-15T08:30:00Z")
    assert headers(changed) == {TONES: ("2027-01-15T09:00:00Z", None)}
    assert "https://tapes.example.org/recordings/bells" in etree.tostring(changed, encoding="unicode")


def test_a_long_list_comes_in_parts_of_which_none_is_missed(
    kept: Path, moments: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai, "MOST", 2)
    for number in range(5):
        another(kept, f"more-{number}")
    client = client_of(kept)
    found: list[str] = []
    query, sizes = "verb=ListIdentifiers&metadataPrefix=oai_dc", []
    while query:
        document = asked(client, query)
        found += headers(document)
        token = document.find(f".//{OAI}resumptionToken")
        sizes.append((token.get("completeListSize"), token.get("cursor")))
        query = f"verb=ListIdentifiers&resumptionToken={token.text}" if token.text else ""
        moments.pass_by()
    assert sorted(found) == sorted({identified(each.name) for each in kept.glob("transcripts/*/")})
    assert sizes == [("7", "0"), ("7", "2"), ("7", "4"), ("7", "6")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "badVerb"),
        ("verb=Delete", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&from=2020-01-01", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-13-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2020-01-02T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-02&until=2020-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=all", "noSetHierarchy"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1970-01-01", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=W10=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=WzEsMiwxZTQwMCwiYSJd", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=W251bGwsbnVsbCwwLCJcdWQ4MDAiXQ==", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:elsewhere:tones", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=marc&identifier={TONES}", "cannotDisseminateFormat"),
        ("verb=ListMetadataFormats&identifier=%3Cscript%3E%00", "idDoesNotExist"),
    ],
)
def test_what_cannot_be_answered_is_told_by_the_protocols_own_codes(kept: Path, query: str, expected: str) -> None:
    document = asked(client_of(kept), query)
    assert code(document) == expected
    assert document.find(f"{OAI}error").text


@pytest.mark.parametrize("about", ['name = "Harbour archive"\n', f"{CONTACT}search_engines = false\n"])
def test_who_gives_no_address_or_wants_no_robots_is_not_harvested(kept: Path, about: str) -> None:
    (kept / "transcripts/archive.toml").write_text(about, encoding="utf-8")
    answer = client_of(kept).get("/oai?verb=Identify")
    assert answer.status_code == 404
    assert "harvested" in answer.text


def test_where_what_was_seen_is_damaged_all_is_new(kept: Path) -> None:
    before = headers(asked(client_of(kept), "verb=ListIdentifiers&metadataPrefix=oai_dc"))
    folder = cache_folder()
    assert folder is not None
    for file in folder.glob("changes/*.sqlite"):
        file.write_bytes(b"damaged" * 1000)
    assert headers(asked(client_of(kept), "verb=ListIdentifiers&metadataPrefix=oai_dc")).keys() == before.keys()
