"""Robots are asked to stay away from what is not for them; what an archive has not said is not asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.robotparser import RobotFileParser

import pytest

from player.web.app import create_app
from player.web.routes.robots import TRAINERS
from player.web.serving.public_address import Site

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

OPEN = ("/", "/?page=2", "/about", "/people", "/recordings/tones", "/media/tones")
MADE = (
    *("/search?q=one", "/search", "/?tag=x", "/recordings/?page=2&sort=date", "/recordings/tones?t=2"),
    *("/recordings/tones?q=one", "/recordings/tones/clip.wav?t=2,3", "/recordings/tones/cite?t=2"),
    *("/recordings/tones/lines/first", "/basket", "/basket?p=tones@2,3", "/basket.zip?p=tones@2,3"),
)


def asked(archive: Path, said: str) -> FlaskClient:
    (archive / "transcripts" / "archive.toml").write_text(said, encoding="utf-8")
    return create_app(archive).test_client()


def matches(rule: str, address: str) -> bool:
    """Tell whether a path of robots.txt is that of an address (RFC 9309, 2.2.3); Python's parser knows no ``*``."""
    first, *rest = rule.split("*")
    if not address.startswith(first):
        return False
    place = len(first)
    for part in rest:
        found = address.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True


def rules(text: str, agent: str) -> list[str]:
    groups = [group.splitlines() for group in text.strip().split("\n\n")]
    found = [group for group in groups if f"User-agent: {agent}" in group]
    assert len(found) == 1, text
    return [line.removeprefix("Disallow: ") for line in found[0] if line.startswith("Disallow: ")]


def tags(answer: TestResponse) -> set[str]:
    return set(filter(None, answer.headers.get("X-Robots-Tag", "").split(", ")))


@pytest.mark.parametrize("address", MADE)
def test_what_is_made_on_demand_is_closed_to_all(archive: Path, address: str) -> None:
    client = asked(archive, "ai_training = true\n")
    assert any(matches(rule, address) for rule in rules(client.get("/robots.txt").text, "*"))
    assert tags(client.get(address)) == {"noindex"}


@pytest.mark.parametrize("address", OPEN)
def test_pages_are_open_unless_the_archive_closes_them(archive: Path, address: str) -> None:
    client = asked(archive, "ai_training = true\n")
    assert not any(matches(rule, address) for rule in rules(client.get("/robots.txt").text, "*"))
    assert tags(client.get(address)) == set()
    client = asked(archive, "search_engines = false\nai_training = true\n")
    assert rules(client.get("/robots.txt").text, "*") == ["/"]
    assert tags(client.get(address)) == {"noindex"}


@pytest.mark.parametrize("said", ["", "ai_training = false\n"])
def test_those_who_train_are_asked_to_stay_away_unless_they_are_welcome(archive: Path, said: str) -> None:
    client = asked(archive, said)
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())
    assert {agent for agent in TRAINERS if parser.can_fetch(agent, "/recordings/tones")} == set()
    assert parser.can_fetch("Googlebot", "/recordings/tones")
    assert tags(client.get("/recordings/tones")) == {"noai", "noimageai"}
    assert "X-Robots-Tag" not in client.get("/static/0/css/site.linked.css").headers


def test_below_a_prefix_the_rules_are_about_what_is_there(archive: Path) -> None:
    client = create_app(archive, site=Site(proxies=1)).test_client()
    answer = client.get("/robots.txt", headers={"X-Forwarded-Prefix": "/tapes", "X-Forwarded-Proto": "http"})
    assert {rule.split("/")[1] for rule in rules(answer.text, "*")} == {"tapes"}


def test_while_nobody_knows_what_the_archive_asks_nothing_is_open(archive: Path) -> None:
    client = asked(archive, "search_engines = no\n")
    assert client.get("/robots.txt").status_code == 503
    assert client.get("/recordings/tones").status_code == 200
