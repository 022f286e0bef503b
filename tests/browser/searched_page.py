"""A page on which words are searched for, and what is found there."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import long_talk
from browser import talk
from browser.conftest import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from browser.player_page import PlayerPage
    from playwright.sync_api import Locator

#: Two lines whose words are timed, and one in the middle of nowhere.
SAID = {
    "L8": "They spoke of <00:00:{a}>Castro’s",
    "L9": "invitation, <00:00:{b}>to the café",
    "L40": "“Café invitation” was all",
}
NOTES = """
[[annotation]]
id = "deep"
kind = "person"
title = "Who is meant"
body = '''
{filler}

The zebra is *far*ther down: an <b>invitation</b> to look.'''
sources = ["log"]
cue = "L20"

[[annotation]]
id = "around"
kind = "term"
title = "Zebra"
body = "Of the whole recording."
sources = ["log"]
"""
PAINTED = """name => [...(CSS.highlights.get(name) ?? [])].map(
  ({ startContainer, startOffset, endOffset }) => startContainer.data.slice(startOffset, endOffset),
)"""
IN_VIEW = """name => {
  const [{ startContainer, startOffset, endOffset }] = CSS.highlights.get(name);
  const range = new Range();
  range.setStart(startContainer, startOffset);
  range.setEnd(startContainer, endOffset);
  const { top, bottom, height } = range.getBoundingClientRect();
  return height > 0 && top >= 0 && bottom <= document.querySelector(".transport").getBoundingClientRect().top;
}"""
TOLD = """() => {
  window.told = [];
  document.querySelector("recording-player").addEventListener("hitschange", ({ detail }) => told.push(detail));
}"""


@contextmanager
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the recording of talk.py with some words put into it, the same without sound, and one of 600 lines."""
    root = talk.write_archive(tmp_path_factory.mktemp("searching") / "archive")
    folder = root / "transcripts" / talk.SLUG
    vtt = (folder / "transcript.vtt").read_text(encoding="utf-8")
    for name, text in SAID.items():
        start = talk.LINES[int(name[1:]) - 1].start
        words = text.format(a=_seconds(start + 600), b=_seconds(start + 300))
        vtt = re.sub(rf"(?m)^({name}\n.*\n<v \w+>).*$", rf"\g<1>{words}", vtt)
    (folder / "transcript.vtt").write_text(vtt, encoding="utf-8")
    with (folder / "annotations.toml").open("a", encoding="utf-8") as file:
        file.write(NOTES.format(filler=" ".join(["All of this stands before it."] * 30)))
    silent = root / "transcripts" / "silent"
    silent.mkdir()
    record = (folder / "recording.toml").read_text(encoding="utf-8")
    (silent / "recording.toml").write_text(record.replace('media = "talk.wav"\n', ""), encoding="utf-8")
    (silent / "transcript.vtt").write_text(vtt, encoding="utf-8")
    _add_long(root, tmp_path_factory.mktemp("long") / "archive")
    with serving(root, tmp_path_factory.getbasetemp() / "cache") as address:
        yield address


def _add_long(root: Path, made: Path) -> None:
    long_talk.write_archive(made, lines=600)
    slug = long_talk.SLUG
    (made / "media" / f"{slug}.wav").rename(root / "media" / f"{slug}.wav")
    (made / "transcripts" / slug).rename(root / "transcripts" / slug)


def _seconds(moment: int) -> str:
    return f"{moment // 1000:02d}.{moment % 1000:03d}"


def field(player: PlayerPage) -> Locator:
    return player.page.locator(".search input")


def count(player: PlayerPage) -> str:
    return player.page.locator(".search .count").inner_text()


def search(player: PlayerPage, query: str) -> str:
    """Type a query, and give what the field counts."""
    field(player).fill(query)
    return count(player)


def painted(player: PlayerPage, name: str = "hit") -> list[str]:
    found: list[str] = player.page.evaluate(PAINTED, name)
    return found


def current_in_view(player: PlayerPage) -> bool:
    return bool(player.page.evaluate(IN_VIEW, "current-hit"))


def start_of(line: str) -> int:
    return talk.LINES[int(line[1:]) - 1].start
