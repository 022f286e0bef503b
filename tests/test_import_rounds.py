"""What is imported, and imported again from what it became, is the same; and whatever a reader gives can be held."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from imports import prepare, read_again, write_record

from player.archive.references import Citation
from player.archive.transcript import Turn
from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.imported import ImportedLine
from player.intake.transcripts.names import Speakers

if TYPE_CHECKING:
    from player.archive.recording import Record

WORDS = st.sampled_from(
    ["one", "boat", "&", "<", ">>", "Tom:", "1 < 2", "-->", "NOTE", "é", "שלום", "名\N{FULLWIDTH COLON}", "a\nb", "–"]
)
ODD = st.text(st.characters(codec=None), max_size=6)
TEXTS = st.lists(WORDS | ODD, min_size=1, max_size=7).map(" ".join)
TIMES = st.none() | st.integers(-5, 20_000)


@st.composite
def _lines(draw: st.DrawFn) -> list[ImportedLine]:
    return draw(st.lists(_line(), max_size=8))


@st.composite
def _line(draw: st.DrawFn) -> ImportedLine:
    text = draw(TEXTS)
    count = len(text.split())
    each = st.none() | st.integers(-10, 3000)
    voices = st.none() | st.sampled_from(["Anna Reed", "Tom & <Hale>", "tom@harbor.example", " ", "a\nb"]) | ODD
    cut = draw(st.integers(0, len(text)))
    turns = draw(
        st.sampled_from(
            [(), (Turn(draw(voices), text),), (Turn(draw(voices), text[:cut]), Turn(draw(voices), text[cut:]))]
        )
    )
    return ImportedLine(
        text,
        turns,
        draw(TIMES),
        draw(TIMES),
        is_approximate=draw(st.booleans()),
        words=draw(st.just(()) | st.lists(each, min_size=count, max_size=count).map(tuple)),
        confidence=draw(st.none() | st.floats()),
        word_confidences=draw(
            st.just(()) | st.lists(st.none() | st.floats(0, 1), min_size=count, max_size=count).map(tuple)
        ),
        page=draw(st.none() | st.sampled_from(["1", "ii", " 2\n3 ", "-->"]) | ODD),
        id=draw(st.sampled_from(["", "a", "a", "1", "c1", "x-1", "closed-1"]) | ODD),
        citations=draw(st.sampled_from([(), (Citation("log", "p. 1"),)])),
        opens_paragraph=draw(st.booleans()),
        comments=draw(st.sampled_from([(), ("so",), ("source: a, b",), ("untimed c9\nwords",), ("a\n\nb",)])),
        origin=draw(st.none() | st.just(7)),
    )


class _Held:
    """A record that failures are told of in few words."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.path = record.folder / "transcript.vtt"
        self.history = record.folder / "history"


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> _Held:
    return _Held(write_record(tmp_path_factory.mktemp("rounds")))


@pytest.mark.long
@settings(max_examples=examples(100))
@given(lines=_lines(), speakers=st.sampled_from([Speakers(), Speakers(takes_found=True)]))
def test_whatever_a_reader_gives_is_held_and_comes_back_the_same(
    held: _Held, lines: list[ImportedLine], speakers: Speakers
) -> None:
    record, path = held.record, held.path
    path.unlink(missing_ok=True)
    if not any(line.text.strip() for line in lines):
        return
    first = prepare(record, lines, speakers=speakers)
    assert read_again(record, first) == [_as_read(line) for line in first.lines]
    # What was published is exported, and imported into the same archive, and another.
    path.write_bytes(first.transcript)
    exported = formats.read(path)
    again = prepare(record, list(exported.lines), header=exported.header)
    assert again.transcript == first.transcript
    path.unlink()
    elsewhere = prepare(record, list(exported.lines), header=exported.header)
    assert elsewhere.transcript == first.transcript


@pytest.mark.long
@settings(max_examples=examples(100))
@given(first=_lines(), second=_lines())
def test_no_identifier_ever_means_other_words(
    held: _Held, first: list[ImportedLine], second: list[ImportedLine]
) -> None:
    record, path, history = held.record, held.path, held.history
    path.unlink(missing_ok=True)
    shutil.rmtree(history, ignore_errors=True)
    history.mkdir()
    published: dict[str, str] = {}
    for number, lines in enumerate((first, second, first[::-1], second[:3])):
        with contextlib.suppress(ArchiveError):  # where there are no lines
            brought = prepare(record, lines)
            for line in brought.lines:
                assert published.setdefault(line.id, " ".join(line.text.split())) == " ".join(line.text.split())
            if brought.before is not None:
                (history / f"{number}.vtt").write_bytes(brought.before)
            path.write_bytes(brought.transcript)


def _as_read(line: object) -> object:
    """Give a line as the file says it: words without a turn are no one's."""
    from dataclasses import replace  # noqa: PLC0415  # for lines of both kinds

    turns = getattr(line, "turns", ()) or (Turn(None, getattr(line, "text", "")),)
    return replace(line, turns=turns)  # type: ignore[type-var]  # a line
