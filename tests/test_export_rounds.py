"""What is exported comes back by ``player import``, as far as its form can carry it; and hostile text harms nobody."""

from __future__ import annotations

import csv
import io
import json
import re
import statistics
import subprocess
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import docx
import jsonschema
import pytest
from drawing import examples
from exporting import add_to_record, exported, write_words, written
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from small_archive import write_archive
from tones import EXECUTABLE

from player.archive.transcript import Cue, Turn, UntimedLine
from player.archive.webvtt.writing import write_transcript
from player.intake.transcripts import formats
from player.intake.transcripts.imported import Deed
from player.intake.transcripts.names import Speakers, spoken
from player.publish.transcripts.json_lines import schema
from player.publish.transcripts.plain_signs import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from player.archive.transcript import Line
    from player.intake.transcripts.imported import ImportedLine

VOICES = ("Ada", "Ben Reed")
#: Words that some form could take for something else.
HOSTILE = (
    *("<script>alert(1)</script>", "-->", "&", "&amp;", "&lt;b&gt;", "<b>", "<", ">", "=1+1", "+1", "-2", "@SUM(1)"),
    *(
        "{\\an8}",
        "**a**",
        "`x`",
        "[a](b:c)",
        "![a](b)",
        "#",
        "1.",
        "12",
        "|",
        "~~~",
        "_a_",
        "<v Eve>",
        "<00:00:01.000>",
    ),
    *("\u202eabc", "\u2067a\u2069", "é", "שלום", "\x07b", "00:00:01,000", "NOTE", "WEBVTT", "\\", '"', "'", "$x$"),
)
WORDS = st.lists(st.sampled_from(HOSTILE) | st.sampled_from(["one", "two", "boat"]), min_size=1, max_size=6)


@st.composite
def _lines(draw: st.DrawFn, *, is_plain: bool = False) -> list[Line]:
    """Draw lines that follow one another, each said by somebody; now and then two speak in one, or none is timed."""
    lines: list[Line] = []
    start = 0
    for number in range(draw(st.integers(3, 7))):
        words = st.lists(st.sampled_from(["one", "boat", "sea", "late"]), min_size=2, max_size=6) if is_plain else WORDS
        voices = draw(st.sampled_from([(VOICES[number % 2],), VOICES]))
        turns = tuple(Turn(voice, " ".join(draw(words))) for voice in voices)
        text = "\n".join(turn.text for turn in turns)
        start += draw(st.integers(0, 4_000))
        end = start + draw(st.integers(1, 9_000))
        if not is_plain and draw(st.integers(0, 9)) == 0:
            lines.append(UntimedLine(f"L{number}", text, turns, (), 0))
            continue
        lines.append(Cue(f"L{number}", start, end, text, turns, (), (), 0))
        start = end
    return lines


class _Held:
    """A small archive that failures are told of in few words."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, lines: Sequence[Line]) -> None:
        write_transcript(self.root / "transcripts" / "tones" / "transcript.vtt", lines, ())

    def back(self, form: str, name: str) -> tuple[ImportedLine, ...]:
        """Export, and read what was exported as ``player import`` does."""
        path = self.root / f"back.{name}"
        path.write_bytes(written(self.root, form))
        return formats.read(path).lines


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> _Held:
    root = write_archive(tmp_path_factory.mktemp("rounds") / "archive")
    (root / "transcripts" / "tones" / "annotations.toml").unlink()
    return _Held(root)


def said(lines: Sequence[Any]) -> list[tuple[str | None, str]]:
    """Give who says what, whatever the lines."""
    return [(turn.speaker, " ".join(turn.text.split())) for line in lines for turn in line.turns]


def as_exported(lines: Sequence[Line]) -> list[tuple[str | None, str]]:
    return [(voice, " ".join(plain(text).split())) for voice, text in said(lines)]


def not_told(lines: Sequence[ImportedLine]) -> list[ImportedLine]:
    """Leave out what is said in brackets at the head."""
    return [line for line in lines if not (line.text.startswith("[") and line.text.endswith(" said.]"))]


@settings(max_examples=examples(60))
@given(lines=_lines())
def test_srt_brings_back_times_to_the_millisecond_words_and_voices(held: _Held, lines: list[Line]) -> None:
    timed = [line for line in lines if isinstance(line, Cue)]
    # What each caption says again could as well be captions that roll up the screen: tests/test_rolling.py.
    assume(all(before.turns[-1] != line.turns[0] for before, line in pairwise(timed)))
    held.put(lines)
    if not timed:
        return
    found = spoken(not_told(held.back("srt", "srt")), Speakers(names={voice: voice for voice in VOICES})).lines
    assert [(line.start, line.end) for line in found] == [(line.start, line.end) for line in timed]
    clean = [(voice, text.replace("\N{WORD JOINER}", "")) for voice, text in said(found)]
    assert joined(clean) == joined(as_exported(timed))


def joined(turns: Sequence[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    """Join what one voice says one after the other."""
    found: list[tuple[str | None, str]] = []
    for voice, text in turns:
        if not text:
            continue
        if found and found[-1][0] == voice:
            found[-1] = (voice, f"{found[-1][1]} {text}")
        else:
            found.append((voice, text))
    return found


@pytest.mark.long
@settings(max_examples=examples(60))
@given(lines=_lines())
def test_podcast_json_brings_back_times_words_and_voices_of_each_turn(held: _Held, lines: list[Line]) -> None:
    timed = [line for line in lines if isinstance(line, Cue)]
    # One word after the other could as well be a machine's, of which lines are made: tests/test_machine_imports.py.
    several = [" " in text for _, text in as_exported(timed)]
    assume(not several or statistics.mean(several) > 0.2)
    held.put(lines)
    if not timed:
        return
    found = [line for line in held.back("podcast", "json") if not line.text.endswith(" said.]")]
    assert said(found) == [each for each in as_exported(timed) if each[1]]
    times = [(line.start, line.end) for line in timed for turn in line.turns if plain(turn.text)]
    assert [(line.start, line.end) for line in found] == times


@pytest.mark.long
@settings(max_examples=examples(40))
@given(lines=_lines(is_plain=True))
@pytest.mark.parametrize("form", ["txt", "docx"])
def test_text_and_word_bring_back_voices_words_and_when_paragraphs_begin_to_the_second(
    held: _Held, form: str, lines: list[Line]
) -> None:
    held.put(lines)
    # As --speakers takes them, where a text is too short to show by itself that these are names.
    found = spoken(held.back(form, form), Speakers(names={voice: voice for voice in VOICES})).lines
    assert joined(said(found)) == joined(as_exported(lines))
    assert " ".join(line.text for line in found).split() == " ".join(line.text for line in lines).split()
    begins = {line.start // 1000 * 1000 for line in lines if isinstance(line, Cue)}
    starts = [line.start for line in found if line.start is not None]
    assert starts
    assert set(starts) <= begins


@pytest.mark.parametrize("form", ["txt", "docx"])
def test_what_stands_before_and_behind_the_words_does_not_come_back_as_words(form: str, archive: Path) -> None:
    add_to_record(archive, '\nadvice = "A door is shut, and a long sentence says that it is. Then another one."\n')
    path = archive / f"back.{form}"
    path.write_bytes(written(archive, form))
    found = formats.read(path)
    assert [line.text for line in found.lines] == [
        "Ada: Silence & hum. One two three.",
        "Ben: A second voice.",
        "Ada: The end.",
    ]
    assert found.title == "A tape of tones"
    assert found.lines[0].comments[2].startswith("front matter: Before you listen: A door is shut")
    told = [remark.what for remark in found.remarks if remark.deed is Deed.LEFT_OUT]
    assert ("the list of what the lines rest on, 3 paragraphs" in told) == (form == "docx")


@pytest.mark.long
@settings(max_examples=examples(60))
@given(lines=_lines())
def test_json_holds_all_and_is_as_its_schema_says(held: _Held, lines: list[Line]) -> None:
    held.put(lines)
    found = json.loads(written(held.root, "json"))
    jsonschema.validate(found, json.loads(schema()), jsonschema.Draft202012Validator)
    assert [each["id"] for each in found["lines"]] == [line.id for line in lines]
    starts = [line.start if isinstance(line, Cue) else None for line in lines]
    assert [each["start"] for each in found["lines"]] == starts
    turns = [(turn["speaker"], " ".join(turn["text"].split())) for each in found["lines"] for turn in each["turns"]]
    assert joined(turns) == joined(as_exported(lines))


@pytest.mark.long
@settings(max_examples=examples(60))
@given(lines=_lines())
def test_tei_brings_back_lines_their_times_words_and_voices(held: _Held, lines: list[Line]) -> None:
    held.put(lines)
    found = held.back("tei", "tei.xml")
    assert [line.id for line in found] == [line.id for line in lines]
    assert [joined(said([line])) for line in found] == [joined(as_exported([line])) for line in lines]
    assert [(line.start, line.end) for line in found] == [
        (line.start, line.end) if isinstance(line, Cue) else (None, None) for line in lines
    ]


@settings(max_examples=examples(60))
@given(lines=_lines())
def test_csv_has_no_cell_that_a_spreadsheet_runs_and_all_words(held: _Held, lines: list[Line]) -> None:
    held.put(lines)
    rows = list(csv.DictReader(io.StringIO(written(held.root, "csv").decode("utf-8-sig"), newline="")))
    assert [row["line"] for row in rows] == [line.id for line in lines]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    words = [row["words"][1:] if re.match(r"'+[=+\-@]", row["words"]) else row["words"] for row in rows]
    assert words == [" ".join(each.text.split()) for each in exported(held.root).lines]


@pytest.mark.long
@settings(max_examples=examples(60))
@given(lines=_lines())
def test_markdown_shows_the_words_as_they_are_and_makes_nothing_of_them(held: _Held, lines: list[Line]) -> None:
    held.put(lines)
    blocks = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(written(held.root, "md").decode())
    kinds = {each.type for each in blocks}
    assert kinds <= {
        *("heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close"),
        *("blockquote_open", "blockquote_close"),
    }
    children = [each for block in blocks for each in block.children or ()]
    assert {each.type for each in children} <= {"text", "strong_open", "strong_close", "text_special"}
    shown = " ".join("".join(each.content for each in block.children or ()) for block in blocks)
    for _, text in as_exported(lines):
        assert text in shown


@pytest.mark.long
@settings(max_examples=examples(30))
@given(lines=_lines())
def test_word_opens_with_the_words_as_they_are(held: _Held, lines: list[Line]) -> None:
    held.put(lines)
    document = docx.Document(io.BytesIO(written(held.root, "docx")))
    shown = " ".join(each.text for each in document.paragraphs)
    for _, text in as_exported(lines):
        assert text in shown


def test_srt_survives_a_program_that_makes_webvtt_of_it(archive: Path) -> None:
    """Ffmpeg leaves ``<`` and ``&`` bare in the WebVTT that it makes; a browser would lose the words behind them."""
    write_words(archive, "00:01.000 --> 00:02.000\n<v Ada>1 &lt; 2 &amp;amp; &lt;script&gt; --&gt; AT&amp;T\n")
    told = [EXECUTABLE, "-v", "error", "-f", "srt", "-i", "-", "-f", "webvtt", "-"]
    made = subprocess.run(told, input=written(archive, "srt"), capture_output=True, check=True).stdout.decode()
    assert "Ada: 1 &lt; 2 &amp;amp; &lt;script> --&gt; AT&T" in made


def test_letters_that_turn_others_round_end_with_the_line_that_has_them(archive: Path) -> None:
    write_words(archive, "00:01.000 --> 00:02.000\n<v \u202eAda>One \u2067two\u2069 \u2066three.\n")
    for form in ("srt", "txt", "md", "docx", "csv", "json", "podcast"):
        data = written(archive, form)
        if form == "docx":
            data = "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs).encode()
        text = data.decode()
        assert "Ada" in text, form
        assert "One two three." in text
        assert not set("\u202e\u2066\u2067") & set(text)
