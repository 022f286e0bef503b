"""What the API says of itself is what it does: its OpenAPI document is one, and a server answers as that describes.

Others' programs say so: openapi-spec-validator reads the document, jsonschema holds answers to it, and schemathesis
asks a server whatever the document allows, and what it does not.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import jsonschema
import pytest
from clip_server import LIMIT
from context_files import add_context
from hypothesis import HealthCheck, assume, given, settings
from machine_words import write_machine
from openapi_spec_validator import validate
from small_archive import bind, write_archive
from started import started

from player.errors import SearchError
from player.publish.api.asked import ADDRESSES
from player.search.needles import needles_of
from player.timecode import parse
from player.web.app import create_app
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from schemathesis import Case
    from schemathesis.schemas import BaseSchema

BASE: Final = "https://tapes.example.org"
#: Of each address, so many requests that the document allows, and so many that it does not.
EXAMPLES: Final = 60
#: Of an address that is longer than the head of a request may be, the server reads nothing.
LONGEST: Final = 24_000
SPANISH: Final = "WEBVTT\nLanguage: spa\nLocal Usage Element: [Translated by] Nora\n"
TONES: Final = "/api/recordings/tones"
ASKED: Final = {
    "Annotations": [f"{TONES}/annotations"],
    "Archive": ["/api/"],
    "Cues": [f"{TONES}/cues", f"{TONES}/cues?at=3", f"{TONES}/cues?limit=1", f"{TONES}/cues?language=es"],
    "Description": ["/api/openapi.json"],
    "Found": [f"/api/search?q=e&in={place}" for place in ("recordings", "notes", "people", "sources", "chronology")],
    "Line": [f"{TONES}/cues/first", f"{TONES}/cues/last?language=es"],
    "Problem": ["/api/recordings/none", "/api/nowhere", f"{TONES}?x=y", f"{TONES}/cues?at=x"],
    "Recording": [TONES],
    "Recordings": ["/api/recordings", "/api/recordings?tag=none", "/api/recordings?sort=title&limit=1"],
}


def described(root: Path) -> dict[str, Any]:
    answer = create_app(root, site=Site(BASE)).test_client().get("/api/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    found: dict[str, Any] = json.loads(answer.data)
    return found


def test_the_document_is_one_of_openapi(archive: Path) -> None:
    found = described(archive)
    validate(found)
    assert found["openapi"].startswith("3.1.")
    assert found["servers"] == [{"url": f"{BASE}/api"}]


def test_it_has_every_address_and_no_other(archive: Path) -> None:
    rules = [rule for rule in create_app(archive).url_map.iter_rules() if rule.endpoint.startswith("api.")]
    there = {re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api")): rule.endpoint for rule in rules}
    assert there == {each.path: each.endpoint for each in ADDRESSES}
    assert described(archive)["paths"].keys() == there.keys()
    assert {each.answers for each in ADDRESSES} | {"Problem"} == ASKED.keys()


@pytest.mark.parametrize("write", [write_archive, write_machine])
def test_every_answer_is_as_it_says(tmp_path: Path, write: Any) -> None:
    root = write(tmp_path / "archive")
    if write is write_archive:
        bind(root)
        add_context(root)
        (root / "transcripts/tones/transcript.es.vtt").write_text(
            f"{SPANISH}\nfirst\n00:02.000 --> 00:04.500\nUno.\n",
            encoding="utf-8",
        )
    client = create_app(root, site=Site(BASE)).test_client()
    found = described(root)
    for name, paths in ASKED.items():
        reader = jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", **found})
        for path in paths:
            if "es" in path.partition("?")[2] and "language" in path and write is write_machine:
                continue  # which has no translation
            answer = json.loads(client.get(path).data)
            assert [f"{path}: {error.json_path}: {error.message}" for error in reader.iter_errors(answer)] == []
            if name != "Annotations":  # whose model is the W3C's
                assert [each for each in answer if reader.is_valid({**answer, each: object})] == [], "it is exact"
                assert not reader.is_valid({**answer, "more": 1})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the small archive, with all that is around its recording."""
    folder = tmp_path_factory.mktemp("openapi")
    root = write_archive(folder / "archive")
    bind(root)
    add_context(root)
    command = [sys.executable, "-m", "player", "serve", "--port", "0", "--archive", str(root)]
    environment = {**os.environ, "PLAYER_CACHE": str(folder / "cache"), "PLAYER_COPY_MEGABYTES": "0"}
    with started(command, env=environment) as address:
        yield address


@pytest.fixture(scope="module")
def schema(server: str) -> BaseSchema:
    """The document, as schemathesis reads it."""
    from schemathesis import openapi  # noqa: PLC0415  # it takes a second

    return openapi.from_url(f"{server}/api/openapi.json", timeout=LIMIT)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["positive", "negative"])
@pytest.mark.parametrize("path", [each.path for each in ADDRESSES])
def test_a_server_answers_as_it_says(schema: BaseSchema, path: str, mode: str) -> None:
    """What the document allows is answered, and each answer, also to what it does not, is of the shape it says.

    That the latter is refused is not asked here: schemathesis takes ``limit=1`` for a list where it wrote one
    of a single number, which nobody can tell from the number. ``test_api`` holds what is refused.
    """
    from schemathesis.generation.modes import GenerationMode  # noqa: PLC0415  # it takes a second
    from schemathesis.specs.openapi.checks import negative_data_rejection  # noqa: PLC0415  # likewise

    operation = schema[path]["GET"]
    if mode == "negative" and not (operation.query or operation.path_parameters):
        return  # of which nothing can be asked

    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
    def ask(case: Case[Any]) -> None:
        assume(mode == "negative" or not is_refused(case.query or {}))
        assume(len(urlencode(case.query or {}, doseq=True)) < LONGEST)
        if case.path_parameters.get("slug") and len(case.path_parameters["slug"]) % 2:
            case.path_parameters["slug"] = "tones"
        case.call_and_validate(timeout=LIMIT, excluded_checks=[negative_data_rejection])

    ask()


def is_refused(asked: dict[str, Any]) -> bool:
    """Tell whether what is asked cannot be for what it says, which no shape of a single value tells."""
    first, last = (parse(asked[name]) if name in asked else None for name in ("from", "to"))
    if "at" in asked and (first, last) != (None, None):
        return True
    if last is not None and (first or 0) >= last:
        return True
    try:
        needles_of(asked.get("q", "word"))
    except SearchError:
        return True
    return False
