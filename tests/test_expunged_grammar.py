"""Taking words out leaves the grammar of the files: only words of people go, and what stays is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from at_the_desk import NAME, desk_window
from clipping import run

from player.archive.doubts import doubts
from player.archive.line_marks import doubtful
from player.archive.machine import machine_made
from player.archive.recording import HISTORY, TRANSCRIPT, WORKING
from player.archive.webvtt.reading import parse
from player.history.removed_words import Phrases

if TYPE_CHECKING:
    from player.archive.transcript import Line, Transcript

DIGEST = "ab" * 32
FULL = f"""\
WEBVTT media of the source
Type: transcript
Language: en
Title: The media of Nora, with a speaker
Origin History: aligned by Nora; typed from the source
Local Usage Element: [Media SHA-256] {DIGEST}; [Machine Transcript] faster-whisper 1.2.1, tiny.en, unknown
Local Usage Element: [Aligned] soundswallower 0.6.7, en-us, 2026-11-29
Nora Quill: a line that is dropped nowhere

STYLE
::cue(v[voice="Nora Quill"]) {{ color: red }}

NOTE paragraph

NOTE source: nora-log, the source by Nora, p. 2

NOTE page: page 2

NOTE aligned: 0.93

NOTE word confidence: 0.98 0.20 - 0.30 - - - -

NOTE doubtful words: Nora source

NOTE heard: 2026-11-29, Nora

NOTE doubtful: 2-3 "Nora Quill"

NOTE variant: 2 "Nora": "Mora", Nora's letter

NOTE a note on the source, aligned by Nora, heard: never

first
00:00:02.000 --> 00:00:04.500 align:start line:0
<v.source Nora Quill>NOTE Nora Quill <00:00:03.000>source <lang en>en</lang> v &amp; amp first

NOTE approximate

last
00:00:05.000 --> 00:00:06.000
<i>media</i> NOTE WEBVTT align start i

NOTE untimed loose
<v Nora>the untimed loose source is aligned

NOTE no longer in the transcript: gone
| <v Nora>gone
"""
GRAMMAR = (
    *("WEBVTT", "NOTE", "Media", "Media SHA-256", "SHA-256", "aligned", "source", "Local Usage Element", "Local"),
    *("Speaker", "Type", "Language", "transcript", "en", "Title", "Origin History", "Machine Transcript", "unknown"),
    *("paragraph", "page", "confidence", "word", "doubtful", "words", "heard", "variant", "untimed", "loose", "align"),
    *("start", "line", "first", "last", "v", "i", "lang", "amp", "cue", "voice", "STYLE", "color", "2", "2026", "0.93"),
    *("approximate", "gone", "00", "nora-log", "no longer in the transcript", DIGEST, "tiny.en", "whisper", "Quill"),
    *("Nora", "Nora Quill", "note Nora"),
)


def shape(read: Transcript) -> object:
    """Give all that a file means but for its words."""

    def of(line: Line) -> object:
        bare = replace(line, text="", turns=(), comments=(), citations=())
        sources = [each.source for each in line.citations]
        kinds = [each.partition(":")[0] for each in line.comments if not each.startswith("a ")]
        said = [(each.first, each.last, each.is_doubtful, len(each.readings)) for each in doubts(line)]
        return bare, len(line.turns), len(line.text.split()), sources, kinds, said, doubtful(line)

    names = [name for name, _ in read.header if "Nora" not in name and "removed" not in name]
    return [of(line) for line in read.lines], names, read.media_sha256, machine_made(read.header) is None


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("words", GRAMMAR)
def test_a_file_means_afterwards_what_it_meant(words: str, end: str) -> None:
    path = Path(TRANSCRIPT)
    before = FULL.replace("\n", end)
    made = Phrases([words]).taken_out_of_file(before.encode()).decode()
    old, new = parse(path, before), parse(path, made)
    assert not old.faults
    assert not new.faults
    shapes = [shape(read) for read in (old, new)]
    if words in {"2", "page"}:
        for lines in shapes:
            lines[0][:] = [(replace(each[0], page=None), *each[1:]) for each in lines[0]]  # type: ignore[index]
    assert shapes[0] == shapes[1]


def test_words_of_people_go_beside_grammar_and_in_it_none_is_left() -> None:
    made = Phrases(["source", "aligned", "Media", "Speaker"]).taken_out_of_file(FULL.encode()).decode()
    for gone in (
        "WEBVTT [removed] of the [removed]",
        "The [removed] of Nora, with a [removed]",
        "[removed] by Nora; typed",
    ):
        assert gone in made
    for kept in ("NOTE source: nora-log, the [removed] by Nora", "<v.source Nora", "NOTE aligned: 0.93", "[Aligned] s"):
        assert kept in made
    assert "NOTE a note on the [removed], [removed] by Nora" in made
    made = Phrases(["Nora Quill", "note Nora", "Nora"]).taken_out_of_file(FULL.encode()).decode()
    assert [line for line in made.splitlines() if "Nora" in line or "Quill" in line] == []
    assert '[voice="[removed] [removed]"]' in made


def test_a_word_that_a_doubt_names_goes_with_the_phrase_that_it_is_of() -> None:
    data = (
        'WEBVTT\n\nNOTE doubtful: 2 "Quill"\n\nNOTE doubtful words: Quill\n\n00:01.000 --> 00:02.000\nNora Quill came\n'
    )
    made = Phrases(["Nora Quill"]).taken_out_of_file(data.encode()).decode()
    assert "Quill" not in made
    (line,) = parse(Path(TRANSCRIPT), made).lines
    assert [(each.first, each.last) for each in doubts(line)] == [(1, 1)]
    assert "doubtful words: [removed]" in line.comments


def test_a_machine_is_named_still_where_only_its_name_said_that_one_wrote_the_words() -> None:
    data = b"WEBVTT\nFile Creator: Otter.ai\n\n00:01.000 --> 00:02.000\nWords\n"
    made = Phrases(["Otter.ai"]).taken_out_of_file(data).decode()
    assert "Otter" not in made
    assert parse(Path(TRANSCRIPT), made).is_draft


def test_what_is_grammar_is_told_and_the_archive_is_valid(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text="The source of the hawsers.")
    assert window.post("write", {}).status_code == 200
    window.look()
    window.step(do="words", id="last", text="The source of the hawser.")
    path = archive / "transcripts/tones" / TRANSCRIPT
    nothing = run(archive, "history", "tones", "--expunge", "Language", "--yes")
    assert nothing.exit_code == 1
    assert "transcript.vtt:3: there it is grammar of the file" in nothing.output
    done = run(archive, "history", "tones", "--expunge", "source", "--yes")
    assert done.exit_code == 0, done.output
    assert "transcript.vtt:5, 11: there it is grammar" in done.output
    assert "1 place in the transcript" in done.output
    assert "annotations.toml:6" not in done.output  # where it is but a key: sources = […]
    assert "NOTE source: log, p. 1" in path.read_text(encoding="utf-8")
    assert window.look()["conflicts"] == []
    assert window.line("last")["text"] == "The [removed] of the hawser."
    assert window.line("opening")["sources"] == ["log, p. 1"]


def test_an_editor_whose_name_is_taken_out_has_their_working_copy_and_history_says_who(archive: Path) -> None:
    window = desk_window(archive)
    window.step(do="words", id="last", text="The end, said Ines Keeper.")
    assert window.post("write", {}).status_code == 200
    window.look()
    window.step(do="words", id="first", text="One two three, says Ines Keeper.")
    window.step(do="heard", id="last", on=True)
    (working,) = (archive / "transcripts/tones" / WORKING).glob("*.jsonl")
    done = run(archive, "history", "tones", "--expunge", NAME, "--yes")
    assert done.exit_code == 0, done.output
    assert "version 1, 2 of the history: it is the name of who made it, which the history keeps" in done.output
    assert f"{working.name}: it is the name of whose working copy this is" in done.output
    assert [*working.parent.iterdir()] == [working]
    head, *steps = working.read_text(encoding="utf-8").splitlines()
    assert json.loads(head)["by"] == NAME
    assert not any(NAME in step for step in steps)
    for at_it in (window, desk_window(archive)):
        assert at_it.look()["unwritten"] == 2
        assert at_it.line("first")["text"] == "One two three, says [removed] [removed]."
    entries = sorted((archive / "transcripts/tones" / HISTORY).glob("*.json"))
    assert [json.loads(each.read_bytes())["by"] for each in entries] == [NAME, NAME, None]
    assert window.post("write", {}).status_code == 200
    assert run(archive, "check").exit_code == 0
