"""Where a transcript has hundreds of lines, a screen reader goes from speaker to speaker by headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from html_elements import parse

from player.web.pages.recording import MANY

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient


@pytest.mark.parametrize(("lines", "expected"), [(MANY - 1, "p"), (MANY, "h3")])
def test_each_change_of_speaker_is_a_heading_where_there_are_many_lines(
    archive: Path, client: FlaskClient, lines: int, expected: str
) -> None:
    cues = [
        f"00:00.{n:03d} --> 00:00.{n + 1:03d}\n<v {'Ada' if n < lines - 1 else 'Ben'}>Line {n}.\n" for n in range(lines)
    ]
    folder = archive / "transcripts" / "tones"
    (folder / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    (folder / "annotations.toml").unlink()
    page = parse(client.get("/recordings/tones").text)
    assert [turn.text for turn in page.all(f"{expected}.turn")] == ["Ada", "Ben"]
