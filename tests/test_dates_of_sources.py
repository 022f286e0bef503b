"""A list of sources says the date of each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("said", "listed"),
    [
        ('date = "1962-06"', "The log of the tones. June 1962."),
        ('publication = "The Quay, June 1962"\ndate = "1962-06"', "The log of the tones. The Quay, June 1962."),
        ('publication = "The Quay, June 1962."\ndate = "1962"', "The log of the tones. The Quay, June 1962."),
        ('publication = "The Quay, June 1962"\ndate = "1963"', "The log of the tones. The Quay, June 1962. 1963."),
    ],
)
def test_a_date_that_ends_a_name_is_not_said_again(archive: Path, said: str, listed: str) -> None:
    sources = archive / "transcripts/sources.toml"
    text = sources.read_text(encoding="utf-8")
    sources.write_text(text.replace('seen = "full"\n', f'seen = "full"\n{said}\n', 1), encoding="utf-8")
    client = create_app(archive).test_client()
    page = client.get("/recordings/tones/text").text.replace("<bdi>", "").replace("</bdi>", "")
    assert f"<li>{listed}</li>" in page
    markdown = client.get("/recordings/tones/transcript.md").text
    assert listed.removesuffix(".") in markdown
    assert markdown.count("1962") == markdown.count("The log of the tones") * listed.count("1962")
