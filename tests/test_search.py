"""Words are found where they are said, across lines and to the word; a pattern that never ends is ended."""

from __future__ import annotations

import pytest
from searched import LINES, SEARCHES, WORDLESS, rows

from player.archive.transcript import Cue, Turn
from player.errors import SearchError
from player.search.phrases import count, find, matches, phrases
from player.timecode import Span


def cue(name: str, start: int, end: int, text: str, words: tuple[int | None, ...] = ()) -> Cue:
    return Cue(name, start, end, text, (Turn(None, text),), words, (), 1)


CUES = (
    cue("a", 1000, 3000, "He said: “I don’t", (0, 500, 900, 1500)),
    cue("b", 3200, 5000, "know, —\nCafé\tsociety", (0, None, 400, 1000)),
    cue("c", 5000, 6000, "I do not. I don't know."),
    cue("d", 6000, 7000, "So-called U.S. straße 今日は東京"),
    cue("e", 8000, 9000, "Naïveté"),
)


@pytest.mark.parametrize(
    ("quote", "span", "first", "last", "text"),
    [
        ("said", Span(1500, 1900), "a", "a", "said:"),
        ("HE SAID", Span(1000, 1900), "a", "a", "He said:"),
        ("know cafe SOCIETY!", Span(3200, 5000), "b", "b", "know, — Café society"),
        ("say so called", None, "", "", ""),
        ("cafe\u0301", Span(3600, 4200), "b", "b", "Café"),
        ("know   cafe", Span(3200, 4200), "b", "b", "know, — Café"),
        ("so called us", Span(6000, 7000), "d", "d", "So-called U.S."),
        ("STRASSE", Span(6000, 7000), "d", "d", "straße"),
        ("東京", Span(6000, 7000), "d", "d", "今日は東京"),
        ("naivete", Span(8000, 9000), "e", "e", "Naïveté"),
        ("society I do not", Span(4200, 6000), "b", "c", "society I do not."),
    ],
)
def test_a_phrase_is_found_to_the_word(quote: str, span: Span | None, first: str, last: str, text: str) -> None:
    found = [(hit.span, hit.first, hit.last, hit.text) for hit in phrases(CUES, quote)]
    assert found == ([] if span is None else [(span, first, last, text)])


def test_a_phrase_is_found_across_lines_and_wherever_else_it_is_said() -> None:
    hits = phrases(CUES, "I don't know")
    assert [(hit.span, hit.first, hit.last) for hit in hits] == [
        (Span(1900, 3600), "a", "b"),
        (Span(5000, 6000), "c", "c"),
    ]


@pytest.mark.parametrize("part", ["on", "kno", "ca", "oci"])
def test_a_part_of_a_word_is_not_the_word(part: str) -> None:
    assert phrases(CUES, part) == []


@pytest.mark.parametrize("quote", ["", "  ", "“…” —", "\0"])
def test_what_holds_no_word_is_refused(quote: str) -> None:
    with pytest.raises(SearchError, match="the quote contains no word; write"):
        phrases(CUES, quote)


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        (r"(?i)don.t know,?", ["don’t know,", "don't know."]),
        (r"ociet", ["society"]),
        (r" Caf", ["Café"]),
        (r"know\b", ["know,", "know."]),
        (r"society I", ["society I"]),
        (r"o", ["So-called", "don’t", "know,", "society", "do", "not.", "don't", "know."]),
        (r"x*", []),
        (r"^He|é$", ["He", "Naïveté"]),
    ],
)
def test_a_pattern_matches_across_lines_and_takes_whole_words(pattern: str, texts: list[str]) -> None:
    hits = matches(CUES, pattern)
    assert sorted(hit.text for hit in hits) == sorted(texts)
    assert hits == sorted(hits, key=lambda hit: hit.span or Span(0, 1))


@pytest.mark.parametrize("pattern", ["(", "a{99999999999}", "(?P<x>", "[[a"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(SearchError, match=r"this is not a regular expression \(.*\); correct it"):
        matches(CUES, pattern)


def test_a_pattern_that_never_ends_is_ended() -> None:
    cues = [cue("a", 0, 1000, "a" * 40)]
    with pytest.raises(SearchError, match=r"did not finish within 0\.5 seconds; avoid repetitions inside"):
        matches(cues, "(a+)+b", patience=0.5)


def test_in_no_lines_nothing_is_found() -> None:
    assert phrases((), "word") == []
    assert matches((), ".*") == []


@pytest.mark.parametrize(("query", "hits"), SEARCHES, ids=[query for query, _ in SEARCHES])
def test_what_is_typed_is_found_as_the_page_finds_it(query: str, hits: list[list[str | int]]) -> None:
    assert rows(find(LINES, query)) == hits


@pytest.mark.parametrize("query", WORDLESS)
def test_what_holds_no_word_cannot_be_looked_for(query: str) -> None:
    with pytest.raises(SearchError, match="the search contains no word; write"):
        find(LINES, query)


def test_a_line_is_told_with_its_hits_and_what_stands_around_them() -> None:
    (first,) = find(LINES, "castros invi")
    assert first.line.id == "f"
    assert first.pieces == (
        ("It was", False),
        ("Castro’s invitation,", True),
        ("the INVITATION was cafe\u0301’s", False),
    )
    (second,) = find(LINES, '"invitation"')
    assert len(second.hits) == 2
    assert second.pieces == (
        ("invitation,", True),
        ("the", False),
        ("INVITATION", True),
        ("was cafe\u0301’s", False),
    )


def test_hits_in_a_text_of_its_own_are_counted() -> None:
    assert count("The tape, and another TAPE.", "tape") == 2
    assert count("", "tape") == 0
