"""Asks for baskets of passages of two recordings, and reads what their page says."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from html_elements import Element, parse

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

#: Passages of the two.
FIRST, SECOND = "tones@2,4.5", "quay@5,7"


def two_recordings(archive: Path) -> Path:
    """Let an archive have a second recording, of the same tones."""
    there = archive / "transcripts"
    shutil.copytree(there / "tones", there / "quay")
    record = there / "quay" / "recording.toml"
    record.write_text(record.read_text("utf-8").replace("A tape of tones", "The quay"), encoding="utf-8")
    return archive


@pytest.fixture
def two(archive: Path) -> Path:
    """The small archive with that second recording."""
    return two_recordings(archive)


@pytest.fixture
def visitor(two: Path) -> FlaskClient:
    """A client of that archive's own site."""
    return create_app(two).test_client()


def ask(client: FlaskClient, *passages: str, to: str = "/basket", **more: str) -> TestResponse:
    """Ask for a basket of passages, or for what can be had of it."""
    return client.get(to, query_string=[*(("p", each) for each in passages), *more.items()], buffered=True)


def rows(answer: TestResponse) -> list[Element]:
    """Find the passages on the page."""
    return parse(answer.text).all("li.passage")


def words(row: Element) -> str:
    """Give the words of a passage."""
    return " ".join(each.text for each in row.all("p.says"))


def why(row: Element) -> str:
    """Give the reason why a passage cannot be had."""
    return " ".join(each.text for each in row.all("p.why"))
