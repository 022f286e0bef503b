"""Lines that are prepared for the API stay so while nothing of theirs changes, and are others at once where it does."""

from __future__ import annotations

import json
import time
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from clip_server import until
from small_archive import bind
from test_api import BASE, TONES, ids, said, settle

from player.audio import probe
from player.publish.api.cues import prepare
from player.web.app import create_app
from player.web.pages import api as pages
from player.web.serving import kept_values
from player.web.serving.kept_pages import TRUST
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from player.publish.api.cues import Prepared
    from player.publish.transcripts.exported import Exported

SPANISH = "WEBVTT\nLanguage: es\nLocal Usage Element: [Translated by] Nora\n\nfirst\n00:02.000 --> 00:04.500\n{}\n"


@pytest.fixture
def app(archive: Path) -> Flask:
    settle(archive)
    return create_app(archive, site=Site(BASE))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often lines are prepared."""
    made: list[str] = []

    def noted(exported: Exported, version: dict[str, Any] | None, *, in_step: bool) -> Prepared:
        made.append(exported.recording.slug)
        return prepare(exported, version, in_step=in_step)

    monkeypatch.setattr(pages, "prepare", noted)
    return made


def test_what_the_index_is_told_of_others_makes_none_anew(
    archive: Path, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of 20,000 lines take half a second, in which a server answers a thousand times."""
    made, index = counted(monkeypatch), app.extensions["index"]
    client.get(f"{TONES}/cues?at=3")
    before = index.generation
    folder = archive / "transcripts" / "ferry"
    folder.mkdir()
    (folder / "recording.toml").write_text('title = "A ferry"\ndate = "1971"\n', encoding="utf-8")
    index.look()
    assert index.generation != before
    time.sleep(TRUST)
    assert said(client, f"{TONES}/cues?at=3")["sources"][0]["title"] == "The log of the tones"
    assert made == ["tones"]
    sources = archive / "transcripts" / "sources.toml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace("The log of the tones", "The book of the tones"), encoding="utf-8")
    index.look()
    # The index sees it up to two seconds later, and is asked once a second.
    until(lambda: said(client, f"{TONES}/cues?at=3")["sources"][0]["title"] == "The book of the tones")
    sources.write_text(text.replace('id = "log"', 'id = "other"'), encoding="utf-8")
    index.look()
    until(lambda: said(client, f"{TONES}/cues?at=3")["sources"] == [])
    assert made == ["tones"] * 3


def test_what_becomes_known_of_the_sound_makes_none_anew(
    archive: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    bind(archive)
    settle(archive)
    passed = count()
    # What is not asked each time is looked at each time: ten seconds pass between any two looks.
    later = SimpleNamespace(monotonic=lambda: time.monotonic() + 10 * next(passed))
    monkeypatch.setattr(kept_values, "time", later)
    with monkeypatch.context() as still:
        still.setattr(probe, "counted", lambda _path: None)
        assert said(client, f"{TONES}/cues?at=3")["in_step"] is True
    made = counted(monkeypatch)
    for _ in range(3):
        assert said(client, f"{TONES}/cues?at=3")["in_step"] is True
    assert made == []
    with (archive / "media" / "tones.wav").open("ab") as sound:
        sound.write(bytes(1000))
    until(lambda: said(client, f"{TONES}/cues?at=3")["in_step"] is False)
    assert made == ["tones"]


def test_translations_and_later_pages_are_sent_in_front_of_the_application(
    archive: Path, app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    spanish = archive / "transcripts" / "tones" / "transcript.es.vtt"
    spanish.write_text(SPANISH.format("Uno."), encoding="utf-8")
    settle(archive)
    index = app.extensions["index"]
    index.look()
    monkeypatch.setattr(index, "is_watched", lambda: True)
    monkeypatch.setattr(kept_values, "time", SimpleNamespace(monotonic=lambda: 1.0))
    asked = [f"{TONES}/cues{each}" for each in ("?language=es&at=3", "?language=en&at=3", "?after=first", "?at=3")]
    before = [client.get(path).data for path in asked]
    with monkeypatch.context() as closed:
        closed.setattr(app, "full_dispatch_request", lambda: pytest.fail("the application was asked"))
        closed.setattr(index, "keep_current", lambda: pytest.fail("the index was asked"))
        assert [client.get(path).data for path in asked] == before
    texts = [[each["text"] for each in json.loads(data)["cues"]] for data in before]
    assert texts == [["Uno."], ["One two three."], ["A second voice.", "The end."], ["One two three."]]
    spanish.write_text(SPANISH.format("Dos."), encoding="utf-8")
    assert [each["text"] for each in said(client, asked[0])["cues"]] == ["Dos."], "at once"
    assert client.get(asked[2]).status_code == 200
    record = archive / "transcripts" / "tones" / "recording.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(f'{text}\n[access]\ntranscript = "closed"\n', encoding="utf-8")
    assert [client.get(path).status_code for path in asked] == [403] * 4, "at once"
    record.write_text(text, encoding="utf-8")
    spanish.unlink()
    assert client.get(asked[0]).status_code == 404


def test_lines_that_begin_before_a_passage_are_in_it_only_where_they_last(archive: Path) -> None:
    times = [(0, 9), (1, 3), (2, 4), (2, 8), (4, 5), (6, 9), (8, 9)]
    words = "".join(f"n{at}\n00:0{begin}.000 --> 00:0{end}.000\nWords.\n\n" for at, (begin, end) in enumerate(times))
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").write_text(f"WEBVTT\n\n{words}", encoding="utf-8")
    (folder / "annotations.toml").unlink()
    client = create_app(archive, site=Site(BASE)).test_client()
    for first in range(10):
        for last in range(first + 1, 11):
            there = [f"n{at}" for at, (begin, end) in enumerate(times) if begin < last and end > first]
            answer: dict[str, Any] = said(client, f"{TONES}/cues?from={first}&to={last}")
            assert (ids(answer), answer["total"]) == (there, len(there)), (first, last)
