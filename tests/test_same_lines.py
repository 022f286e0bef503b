"""An identifier stays with its line, and never comes to mean another, not even one with the same words."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from drawing import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from imports import RECORD, SLUG, prepare, timed, write_record

from player.archive.transcript import Turn
from player.errors import ArchiveError
from player.intake.transcripts.imported import ImportedLine
from player.intake.transcripts.names import Speakers

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Record
    from player.intake.transcripts.bringing import Brought

MET, RED = "HOLT: Did you meet him?", "HOLT: Was the box red?"
TALK = (MET, "PARK: Yes.", RED, "PARK: Yes.")
STARTS = (1000, 3200, 5000, 68_000)
LONG = "The ferry left at six that day"
LATER = "And nobody was on it at all"


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return write_record(tmp_path)


def keep(record: Record, brought: Brought) -> Brought:
    """Have a transcript there as it would be written, and that before it in the history."""
    history = record.folder / "history"
    history.mkdir(exist_ok=True)
    if brought.before is not None:
        (history / f"2001-01-01-{len(list(history.iterdir()))}-transcript.vtt").write_bytes(brought.before)
    (record.folder / "transcript.vtt").write_bytes(brought.transcript)
    return brought


def said(*texts: str, starts: tuple[int | None, ...] = ()) -> list[ImportedLine]:
    """Give lines of which the words before a colon are who says them."""
    return [
        ImportedLine(
            text.rpartition(": ")[2],
            (Turn(text.partition(": ")[0], text.rpartition(": ")[2]),) if ": " in text else (),
            start,
            None if start is None else start + 900,
        )
        for text, start in zip(texts, starts or (None,) * len(texts), strict=True)
    ]


def ids(brought: Brought) -> list[str]:
    return [line.id for line in brought.lines]


@pytest.mark.parametrize("starts", [(), STARTS])
def test_a_line_with_the_same_words_does_not_take_over_that_of_one_that_was_corrected(
    record: Record, starts: tuple[int, ...]
) -> None:
    keep(record, prepare(record, said(*TALK, starts=starts)))
    moved = tuple(start + 100 for start in starts)
    brought = prepare(record, said(MET, "PARK: Yes, Zebrowski.", RED, "PARK: Yes.", starts=moved))
    assert ids(brought) == ["c1", "c5", "c3", "c4"]


def test_a_line_that_was_cut_takes_no_other_with_it(record: Record) -> None:
    keep(record, prepare(record, said(*TALK, starts=STARTS)))
    brought = prepare(record, said(MET, RED, "Yes.", starts=(1100, 5100, 68_100)))
    assert ids(brought) == ["c1", "c3", "c4"]


def test_what_a_corrected_answer_was_split_into_does_not_take_its_identifier(record: Record) -> None:
    keep(record, prepare(record, said(MET, "PARK: Yes.", LONG)))
    brought = prepare(record, said(MET, "PARK: Yes, Zebrowski.", "HOLT: Really?", "PARK: Yes.", LONG))
    assert "c2" not in ids(brought)


@pytest.mark.parametrize("starts", [(), (0, 1000, 2000, 3000)])
def test_where_either_of_two_could_be_meant_neither_is(record: Record, starts: tuple[int, ...]) -> None:
    keep(record, prepare(record, said(LONG, "PARK: Yes.", "PARK: Yes.", LATER, starts=starts)))
    brought = prepare(record, said(LONG, "PARK: Yes.", LATER, starts=tuple(start + 600 for start in starts[:3])))
    assert (ids(brought)[0], ids(brought)[2]) == ("c1", "c4")
    assert ids(brought)[1] not in {"c2", "c3"}


def test_times_tell_which_of_two_it_is(record: Record) -> None:
    keep(record, prepare(record, said(LONG, "PARK: Yes.", "PARK: Yes.", LATER, starts=(0, 1000, 2000, 3000))))
    assert ids(prepare(record, said(LONG, "PARK: Yes.", LATER, starts=(0, 2000, 3000)))) == ["c1", "c3", "c4"]


def test_another_voice_is_another_line_and_a_voice_that_is_renamed_is_not(record: Record) -> None:
    keep(record, prepare(record, said(f"PARK: {LONG}", "HOLT: Yes.", f"HOLT: {LATER}")))
    assert ids(prepare(record, said(f"PARK: {LONG}", "PARK: Yes.", f"HOLT: {LATER}"))) == ["c1", "c4", "c3"]
    assert ids(prepare(record, said(f"PARK: {LONG}", "Ada Holt: Yes.", f"Ada Holt: {LATER}"))) == ["c1", "c2", "c3"]
    assert ids(prepare(record, said(LONG, "Yes.", LATER))) == ["c1", "c2", "c3"]


def test_lines_of_an_export_that_was_edited_keep_the_identifiers_that_it_names(record: Record) -> None:
    keep(record, prepare(record, timed("One.", "Yes.", "Two.")))
    edited = [
        ImportedLine(text, start=start, end=start + 900, id=name)
        for text, start, name in [("No.", 0, "x1"), ("One, or two.", 5000, "c1"), ("Yes.", 9000, "c2")]
    ]
    assert ids(prepare(record, edited)) == ["x1", "c4", "c2"]


BROKEN = b"WEBVTX\n\nc1\n00:00.000 --> 00:01.000\nYes.\n\nNOTE untimed c2\nNo.\n\nfirst_9\n00:01.000 -->\nSo.\n"


def test_a_transcript_that_cannot_be_read_gives_its_identifiers_to_nobody(record: Record) -> None:
    path = record.folder / "transcript.vtt"
    path.write_bytes(BROKEN)
    lines = [ImportedLine("Did you?", id="c2"), *timed("One.", "Two."), ImportedLine("Other.", id="first_9")]
    first = keep(record, prepare(record, lines, is_forced=True))
    assert set(ids(first)).isdisjoint({"c1", "c2", "first_9"})
    again = prepare(record, [*lines, *timed("Three.", "Four.")])
    assert set(ids(again)).isdisjoint({"c1", "c2", "first_9"})


POINTING = {
    "transcripts/chronology.toml": f'[[entry]]\nid = "a"\nmoments = ["{SLUG}#c1", "{SLUG}#c2"]\n',
    "transcripts/dossiers/box.toml": f'title = "A"\n\n[[tie]]\nmoment = "{SLUG}#c2"\n',
    "transcripts/people.toml": f'[[person]]\nid = "a"\nnote = "See [that](/recordings/{SLUG}#cue-c2)."\n',
    f"transcripts/{SLUG}/annotations.toml": '[[annotation]]\nid = "a"\ncue = "c1..c2"\n',
    "transcripts/archive.toml": f'home = """\nSee [it](/recordings/{SLUG}/lines/c2)."""\n',
    "transcripts/other/annotations.toml": f'[[annotation]]\nid = "a"\nsee = ["{SLUG}#c2"]\n',
    f"transcripts/{SLUG}/recording.toml": f'{RECORD}\n[[closed]]\ncue = "c2"\n',
}


@pytest.mark.parametrize("name", POINTING)
def test_what_names_a_line_keeps_out_a_transcript_without_it(tmp_path: Path, name: str) -> None:
    record = write_record(tmp_path)
    keep(record, prepare(record, said(LONG, "No.", LATER)))
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(POINTING[name], encoding="utf-8")
    assert ids(prepare(record, said("New.", LONG, "No.", LATER)))[2] == "c2"
    with pytest.raises(ArchiveError, match=r'\.toml:\d+: .*the line "c2", and no line of the new transcript is'):
        prepare(record, said(LONG, "No, he said.", LATER))
    (record.folder / "transcript.vtt").write_bytes(BROKEN)
    with pytest.raises(ArchiveError, match=r"\.toml:\d+: .*correct transcript\.vtt first"):
        prepare(record, said(LONG, "No.", LATER), is_forced=True)


def test_what_names_lines_of_another_recording_or_none_keeps_nothing_out(tmp_path: Path) -> None:
    record = write_record(tmp_path)
    keep(record, prepare(record, said(LONG, "No.")))
    (tmp_path / "transcripts" / "chronology.toml").write_text(
        f'[[entry]]\nid = "c2"\nmoments = ["{SLUG}-2#c2", "{SLUG}#note-c2", "{SLUG}#c1", "{SLUG}"]\n'
        f'event = "[a](https://c2.example/recordings/{SLUG}#cue-c2) [b](/recordings/{SLUG}-2/lines/c2)"\n',
        encoding="utf-8",
    )
    assert ids(prepare(record, said(LONG, "Not so."))) == ["c1", "c3"]


def test_a_file_that_may_name_a_line_and_cannot_be_read_is_named(tmp_path: Path) -> None:
    record = write_record(tmp_path)
    keep(record, prepare(record, said(LONG, "No.")))
    (tmp_path / "transcripts" / "chronology.toml").write_text(f'[[entry]\nmoments = ["{SLUG}#c2"]\n', encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"chronology\.toml: this cannot be read, and may name lines"):
        prepare(record, said(LONG, "Not so."))


TEXTS = st.sampled_from(
    ["Yes.", "No.", "Tom: Yes.", "Yes. No.", LONG, LATER, f"Tom: {LONG}", "Yes. Yes. Yes. Yes. No."]
)
NAMES = st.sampled_from(["", "", "", "c1", "c2", "c3", "7", "x"])
VOICES = st.sampled_from([None, "Anna Reed", "Tom", "Holt"])


@st.composite
def _line(draw: st.DrawFn) -> tuple[str, str | None, int | None, str]:
    return draw(TEXTS), draw(VOICES), draw(st.none() | st.integers(0, 9)), draw(NAMES)


EDITS = st.lists(
    st.tuples(st.sampled_from(["cut", "put", "swap", "say", "shift", "rename"]), st.integers(0, 12), _line()),
    max_size=4,
)


def _edited(
    lines: list[tuple[str, str | None, int | None, str]],
    edits: list[tuple[str, int, tuple[str, str | None, int | None, str]]],
) -> None:
    for what, place, line in edits:
        at = place % (len(lines) or 1)
        if what == "put" or not lines:
            lines.insert(at, line)
        elif what == "cut":
            del lines[at]
        elif what == "swap":
            lines[at], lines[-1] = lines[-1], lines[at]
        elif what == "say":
            lines[at] = (line[0], *lines[at][1:])
        elif what == "shift":
            lines[:] = [(text, voice, None if start is None else start + 1, name) for text, voice, start, name in lines]
        else:
            lines[:] = [(text, "Ada" if voice == "Tom" else voice, start, name) for text, voice, start, name in lines]


@pytest.mark.long
@given(st.lists(_line(), min_size=1, max_size=7), st.lists(st.tuples(EDITS, st.booleans()), max_size=5))
@settings(max_examples=examples(300), deadline=None)
def test_an_identifier_has_the_words_it_had_or_is_gone_for_good(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[tuple[str, str | None, int | None, str]],
    imports: list[tuple[list[tuple[str, int, tuple[str, str | None, int | None, str]]], bool]],
) -> None:
    record = write_record(tmp_path_factory.mktemp("archive"))
    words: dict[str, str] = {}
    gone: set[str] = set()
    for edits, takes_names in [([], False), *imports]:
        _edited(lines, edits)
        if not lines:
            return
        read = [
            ImportedLine(
                *(text, (Turn(voice, text),) if voice else ()),
                *(None if start is None else start * 1000, None if start is None else start * 1000 + 900),
                id=name,
            )
            for text, voice, start, name in lines
        ]
        brought = keep(record, prepare(record, read, speakers=Speakers(takes_names)))
        now = {line.id: line.text.removeprefix("Tom: ") for line in brought.lines}
        assert len(now) == len(lines)
        assert gone.isdisjoint(now)
        for name, text in now.items():
            assert words.setdefault(name, text) == text
        gone |= words.keys() - now.keys()


@pytest.mark.sampled(4)
@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_in_a_long_interview_no_answer_takes_over_the_identifier_of_another(record: Record, seed: int) -> None:
    """Which line each is, is known here: some are cut, some corrected, some put in, and all are timed anew."""
    drawn = random.Random(seed)  # noqa: S311  # nothing is kept secret by it
    talk = [
        (
            number,
            f"HOLT: And what happened on day {number}?" if number % 2 else drawn.choice(["PARK: Yes.", "PARK: No."]),
        )
        for number in range(300)
    ]
    starts = tuple(range(0, 300 * 3000, 3000))
    keep(record, prepare(record, said(*(text for _, text in talk), starts=starts)))
    new: list[tuple[int, str, int]] = []
    for number, text in talk:
        fate = drawn.random()
        at = number * 3000 + drawn.randint(-200, 200)
        if fate < 0.9:
            new.append((number, text, at))
        elif fate < 0.94:
            new.append((-1, f"{text} So.", at))
        elif fate < 0.97:
            new += [(number, text, at), (-1, drawn.choice(["PARK: Yes.", "HOLT: Yes.", "PARK: So."]), at + 1200)]
    brought = prepare(record, said(*(text for _, text, _ in new), starts=tuple(at for _, _, at in new)))
    old = {f"c{number + 1}" for number in range(300)}
    given = [(number, line.id) for (number, _, _), line in zip(new, brought.lines, strict=True) if line.id in old]
    assert [name for number, name in given if name != f"c{number + 1}"] == []
    assert len(given) > 0.9 * sum(number >= 0 for number, _, _ in new)
