"""Text is folded alike in Python and in the browser, counted as it is found, and an index misses no hit."""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import node

from player import roots
from player.errors import SearchError
from player.letters import folded, parts_of
from player.search.bodies import body_of, joined, letters_of
from player.search.needles import count_in, hits_in, letters_in, needles_of, whole

#: Letters that overlap themselves, marks, gaps, and signs of two and three bytes.
SIGNS = "aab-–  ,.'1é冰\n\"0"
TEXTS = st.lists(st.text(SIGNS, max_size=12), max_size=6)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("The co-operation of 1,000 men", "the co-operation of 1-000 men"),
        ("co--op, co – op, co - op", "co op co op co op"),
        ("12 345 678; 1963 400; 1 00", "12-345-678 1963 400 1 00"),
        ("AT&T’s word(s), 9/11, U.S.-made", "at-ts word-s 9-11 us-made"),
        ("Øre, þorn, œuvre, ŋ, \u0131, đ, ł, ß", "ore thorn oeuvre n i d l ss"),
        ("-a- 冰雪b", "a 冰 雪 b"),
        ("\ud800a\udfffb\0c", "a-b c"),
    ],
)
def test_text_is_folded_to_words_and_marks_within_them(text: str, line: str) -> None:
    assert folded(text) == line
    assert parts_of(text) == line.replace("-", " ").split()


def test_a_body_says_where_each_text_begins_and_keeps_apart_what_is_apart() -> None:
    body = body_of(["Łódź,", "— …", "co-op", ""])
    assert (body.folded, list(body.starts)) == (b" lodz co-op ", [1, 6, 6, 12])
    assert body_of(["one", "", "two"], apart=True).folded == b" one \n two "
    assert body_of([]).folded == body_of(["…"]).folded == b" "
    assert not list(hits_in(body_of(["one", "two"], apart=True).folded, ["one two"]))
    notes = joined([body_of(["one", "two"], apart=True), body_of(["…"]), body_of(["three"])])
    assert (notes.folded, list(notes.starts)) == (b" one \n two \n \n three ", [1, 13, 15])
    assert joined([]).folded == b" "


def test_what_an_index_holds_are_letters_and_the_words_that_are_too_short_for_it() -> None:
    assert letters_of(body_of(["A co-op of U-S 冰雪"]).folded) == "acoopofus冰雪 a co of op s u us 冰 雪 "


@pytest.mark.parametrize(("times", "count"), [(1, 0), (2, 1), (3, 1), (4, 2), (5, 2), (6, 3), (8, 4), (9, 4)])
@pytest.mark.parametrize("words", ["no no", "no-no"])
def test_words_that_begin_as_they_end_are_counted_as_they_are_found(words: str, times: int, count: int) -> None:
    text = body_of(["no " * times]).folded
    assert count_in(text, [whole(words)]) == len(list(hits_in(text, [whole(words)]))) == count


@given(TEXTS, st.text(SIGNS, min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_what_is_counted_is_what_is_found_and_an_index_finds_where(texts: list[str], query: str) -> None:
    body = body_of(texts)
    try:
        needles = needles_of(query)
    except SearchError:
        return
    for each in (needles, [whole(needle.strip()) for needle in needles]):
        hits = list(hits_in(body.folded, each))
        assert count_in(body.folded, each) == len(hits)
        for begin, end in hits:
            said = body.folded[begin:end].decode()
            assert letters_in(said) in {letters_in(needle) for needle in each}
            assert letters_in(said) in letters_of(body.folded)


@pytest.mark.long
def test_the_browser_folds_every_sign_as_python_does() -> None:
    """But for Cherokee: there the one takes capitals for all, the other small letters."""
    script = f"""
        import {{ lineOf }} from "{(roots.STATIC / "js/search/letters.js").as_uri()}";
        const isSurrogate = (code) => code >= 0xd800 && code < 0xe000;
        const line = (code) => isSurrogate(code) ? "" : lineOf(`x${{String.fromCodePoint(code)}}y`);
        const all = Array.from({{ length: 0x110000 }}, (_, code) => line(code));
        process.stdout.write(JSON.stringify(all));
    """
    run = subprocess.run([node(), "--input-type=module", "-e", script], capture_output=True, check=True, timeout=120)
    folds = dict(enumerate(json.loads(run.stdout)))
    is_unknown = re.compile("C[nos]")  # to the older of two versions of Unicode
    different = [
        chr(code)
        for code, line in folds.items()
        if not is_unknown.match(unicodedata.category(chr(code))) and folded(f"x{chr(code)}y") != line
    ]
    assert {unicodedata.name(sign).split()[0] for sign in different} <= {"CHEROKEE"}
