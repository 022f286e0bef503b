"""TextGrids are read as Praat reads them, whatever form and encoding they are saved in."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imported_lines import DATA, are_whole, read, told
from praatio.utilities import textgrid_io

from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.programs import textgrid
from player.intake.transcripts.programs.praat_letters import spelled

if TYPE_CHECKING:
    from pathlib import Path

    from player.intake.transcripts.imported import Imported

TWO = [
    (520, 2910, "Ines", 'The sign says "closed", item [2] on the list.'),
    (3100, 5750, "Tom", "It has said so since the flood."),
    (6100, 8000, "Ines", "Nobody reads it."),
    (8200, 9400, "Tom", "I do."),
]


def lines(found: Imported) -> list[tuple[int | None, int | None, str, str]]:
    return [(line.start, line.end, line.turns[0].speaker or "", line.text) for line in found.lines]


def imported(path: Path, text: str) -> Imported:
    path /= "talk.TextGrid"
    path.write_text(text, encoding="utf-8")
    found = formats.read(path)
    are_whole(found)
    return found


def short(*intervals: tuple[float, float, str], name: str = "Ines", kind: str = "IntervalTier") -> str:
    """Write one tier in the short form."""
    quoted = [f'{start}\n{end}\n"{text.replace(chr(34), 2 * chr(34))}"' for start, end, text in intervals]
    rows = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        *("0", "99", "<exists>", "1"),
        *(f'"{kind}"', f'"{name}"', "0", "99", str(len(intervals))),
    ]
    return "\n".join([*rows, *quoted, ""])


@pytest.mark.parametrize("name", ["two-speakers", "two-speakers-short-utf16"])
def test_tiers_of_intervals_are_voices_and_empty_intervals_are_silence(name: str) -> None:
    found = read(f"textgrid/{name}.TextGrid")
    assert lines(found) == TWO
    assert found.length == 10_000
    assert "left out 2 marks on tiers of points" in told(found)


def test_what_praat_saved_in_latin_1_keeps_its_letters() -> None:
    found = read("textgrid/umlauts-latin1.TextGrid")
    assert [line.text for line in found.lines] == ["Die Fähre fährt um sechs übers Wasser.", "Grüße an die Gärtner!"]
    assert found.speakers == ("Jörg",)
    assert any('(as in "Jörg"), written' in what for what in told(found))


def test_a_tier_of_words_gives_the_times_of_words() -> None:
    found = read("textgrid/utterances-and-words.TextGrid")
    assert [line.words for line in found.lines] == [(0, 590, 1330, 1920), (0, 300, 1000, 1300, 1700)]
    assert [line.text for line in found.lines] == ["The tide was late.", "We waited on the jetty."]


def test_an_aligners_words_become_lines_and_its_phones_do_not() -> None:
    found = read("textgrid/aligner-words-phones.TextGrid")
    assert lines(found) == [(400, 5940, "Tom", "the tide was late we waited on the jetty")]
    assert told(found) == [
        'read 1 tier of single words, joined into lines, "Tom - words"',
        'left out 1 tier of parts of words, "Tom - phones"',
    ]


def test_the_chronological_form_is_read() -> None:
    found = read("textgrid/chronological.TextGrid")
    assert lines(found) == [(520, 2910, "Ines", 'The sign says "closed".'), TWO[1]]


def test_letters_that_praat_spells_are_letters() -> None:
    assert lines(read("textgrid/praat-letters.TextGrid"))[0][2:] == ("Jörg", "Grüße aus Ålesund, François!")


@pytest.mark.parametrize(
    ("written", "read"),
    [(r"\e'cole", "école"), (r"\o/", "ø"), (r"\ss", "ß"), (r"\bs", "\\"), (r"\sw", r"\sw"), (r"C:\new", r"C:\new")],
)
def test_only_letters_of_alphabets_are_spelled(written: str, read: str) -> None:
    assert spelled(written) == read


def test_notes_for_people_are_no_part_of_it(tmp_path: Path) -> None:
    text = 'File type = "ooTextFile"\nObject class = "TextGrid"\n! about "it" 7\n0s 9s <exists> 1 tier\n'
    found = imported(tmp_path, text + '"IntervalTier" "Ines" from 0 to 9 has 1 ! 1 interval\n0.5 2.5 "Cast off."\n')
    assert lines(found) == [(500, 2500, "Ines", "Cast off.")]


@pytest.mark.parametrize("number", ["1.5", "+1.5", "1.5s", "15e-1", "150%", "3/2", "300%/2", "0x1.8", "0x3p-1"])
def test_numbers_are_read_as_praat_reads_them(tmp_path: Path, number: str) -> None:
    found = imported(tmp_path, short((0, 9, "Cast off now.")).replace("\n0\n9\n", f"\n{number}\n9\n"))
    assert found.lines[0].start == 1_500


@pytest.mark.parametrize("name", ["utterances", "Text", "transcript", "sentence 1", ""])
def test_a_tier_with_nobodys_name_is_nobodys(tmp_path: Path, name: str) -> None:
    assert imported(tmp_path, short((0, 2, "Cast off now."), name=name)).speakers == ()


def test_short_answers_are_lines_and_not_words(tmp_path: Path) -> None:
    found = imported(tmp_path, short(*((at * 4, at * 4 + 1, "Yes.") for at in range(8))))
    assert [line.start for line in found.lines] == [at * 4_000 for at in range(8)]


def test_a_line_names_where_it_stands_in_the_file() -> None:
    found = read("textgrid/two-speakers.TextGrid")
    rows = (DATA / "textgrid/two-speakers.TextGrid").read_text(encoding="utf-8").split("\n")
    for line in found.lines:
        assert line.origin is not None
        assert line.text in rows[line.origin - 1].replace('""', '"')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (short((0, 1, "a")).replace('"a"', '"a'), "ends nowhere"),
        (short((0, 1, "a"))[:-8], "ends too early"),
        (short((0, 1, "a"), kind="Sound"), "no tier of intervals"),
        (short((0, 1, "a")).replace("<exists>\n1", "<exists>\n1.5"), "no number of tiers"),
        (short((0, 1, "a")).replace("<exists>\n1", "<exists>\n99999999999"), "no number of tiers"),
        (short((0, 1, "a")).replace("<exists>\n1", "<exists>\n-1"), "no words were found"),
        (short((0, 1, "a")).replace("<exists>\n1", "<exists>\n-1e999"), "no number of tiers"),
        (short((0, 1, "a")).replace("<exists>\n1", "<exists>\n1/0"), "no number of tiers"),
        (short((0, 1, "a")).replace('0\n1\n"a"', '0\n"a"'), "a text stands where a number"),
        (short((0, 1, "")), "no words were found"),
        (short(), "no words were found"),
    ],
)
def test_what_is_no_textgrid_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        imported(tmp_path, text)


def test_quotes_without_end_take_no_memory(tmp_path: Path) -> None:
    """A pattern that remembers each of them would take seventy bytes for each."""
    path = tmp_path / "talk.TextGrid"
    path.write_bytes(b'"ooTextFile" "TextGrid" ' + b'"' * 200_001)
    tracemalloc.start()
    try:
        with pytest.raises(ArchiveError, match="ends nowhere"):
            textgrid.read(path, path.read_bytes())
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_a_binary_one_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "talk.TextGrid"
    path.write_bytes(b"ooBinaryFile\x08TextGrid\x00\x00")
    with pytest.raises(ArchiveError, match="binary TextGrid"):
        formats.read(path)


@pytest.mark.parametrize(("start", "end", "times"), [(-1, 1, (0, 1000)), (2, 2, (2000, None)), (3, 1, (3000, None))])
def test_intervals_that_cannot_be_are_mended(
    tmp_path: Path, start: float, end: float, times: tuple[int, int | None]
) -> None:
    found = imported(tmp_path, short((start, end, "Cast off now.")))
    assert (found.lines[0].start, found.lines[0].end) == times
    assert told(found)


_LABELS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=30).map(str.strip)


@given(st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 9_000), _LABELS), min_size=1, max_size=8))
@settings(deadline=None)
@pytest.mark.long
def test_praatio_writes_what_is_read_here(marks: list[tuple[int, int, str]]) -> None:
    """It writes rightly what it cannot always read."""
    entries: list[tuple[float, float, str]] = []
    at = 0
    for pause, length, label in marks:
        entries.append(((at + pause) / 1000, (at + pause + length) / 1000, f"say {label}"))
        at += pause + length
    grid = {
        "xmin": 0,
        "xmax": at / 1000,
        "tiers": [{"class": "IntervalTier", "name": "Ines", "xmin": 0, "xmax": at / 1000, "entries": entries}],
    }
    for form in ("short_textgrid", "long_textgrid"):
        text = textgrid_io.getTextgridAsStr(grid, form, includeBlankSpaces=False)
        found = textgrid.read(DATA / "talk.TextGrid", text.encode())
        are_whole(found)
        assert [line.text for line in found.lines] == [" ".join(label.split()) for _, _, label in entries]
        assert [line.start for line in found.lines] == [round(start * 1000) for start, _, _ in entries]
