"""Typescripts in plain text: who speaks, when and on which page; no word is lost, and none is made up."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typescripts import SAMPLES, said, sample, speaker, told, words, words_kept_or_told, words_said

from player.archive.transcript import Turn
from player.errors import ArchiveError
from player.intake.transcripts import formats
from player.intake.transcripts.documents import plain_text
from player.intake.transcripts.imported import Deed, Imported

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return tmp_path / "talk.txt"


def read(path: Path, written: str) -> Imported:
    path.write_text(written, encoding="utf-8")
    return formats.read(path)


def starts(found: Imported) -> list[int | None]:
    return [line.start for line in found.lines]


def test_a_typed_interview() -> None:
    found = sample("text/typescript.txt")
    assert found.title == "THE HARBOUR AND THE ALLOTMENTS"
    assert found.date == "1974-05-12"
    assert found.speakers == ("BRANN", "QUILLFEATHER")
    assert [line.page for line in found.lines] == ["1", "1", "1", "1", "2", "2", "2", "2", "3", "3"]
    assert starts(found) == [None] * 10
    assert found.lines[0].comments[2] == "front matter: Interviewer: Edgar Brann"
    assert 'a running head or foot, "QUILLFEATHER INTERVIEW", on 2 pages' in told(found, Deed.LEFT_OUT)


def test_a_word_divided_by_the_margin_is_whole_and_a_compound_keeps_its_hyphen() -> None:
    found = sample("text/typescript.txt")
    assert "in the room with the round window." in found.lines[1].text
    assert "The well-known story" in found.lines[3].text
    assert told(found, Deed.MENDED) == ["2 words that were divided at the ends of lines"]


def test_a_paragraph_that_a_page_divides_is_in_both_pages_and_one_paragraph() -> None:
    lines = sample("text/typescript.txt").lines
    assert lines[3].text.endswith("but I have")
    assert lines[4].text == "[unclear] that he only asked because he had a horse to feed."
    assert (lines[3].opens_paragraph, lines[4].opens_paragraph) == (True, False)
    assert lines[4].turns == (Turn("QUILLFEATHER", lines[4].text),)


def test_what_is_wholly_in_brackets_is_nobodys() -> None:
    found = said(sample("text/typescript.txt"))
    assert (None, "(The telephone rings.)") in found
    assert (None, "[END OF TAPE 1, SIDE 1]") in found


def test_a_name_above_what_is_wholly_in_brackets_has_it(text: Path) -> None:
    found = read(text, "Ada  0:12\n[unclear]\n\n[laughter]\n\nBen  0:15\nThe ferry left.\n\nAda  0:19\nIt did.")
    assert [(line.text, speaker(line)) for line in found.lines] == [
        ("[unclear]", "Ada"),
        ("[laughter]", None),
        ("The ferry left.", "Ben"),
        ("It did.", "Ada"),
    ]


def test_questions_and_answers_of_a_court_without_the_numbers_of_its_lines() -> None:
    found = sample("text/questions.txt")
    assert said(found)[:3] == [
        ("Q", "Where was the ferry on the morning of the regatta?"),
        ("A", "At the lower steps. She had been there since the night before."),
        ("Q", "Who told you to move her?"),
    ]
    across = [line for line in found.lines if "forty" in line.text]
    assert [(line.page, line.text) for line in across] == [("42", "that is forty yards, or forty-five.")]
    assert speaker(across[0]) == "A"
    assert told(found, Deed.LEFT_OUT) == ["the numbers of the lines on 2 pages"]


def test_times_a_minute_apart_are_approximate() -> None:
    found = sample("text/minutes.txt")
    timed = [(line.start, line.text) for line in found.lines if line.start is not None]
    assert [start for start, _ in timed] == [0, 60_000, 120_000, 180_000]
    assert all(line.is_approximate for line in found.lines if line.start is not None)
    assert timed[1][1].startswith("I had meant to say so")
    assert timed[3] == (180_000, "Cut.")
    assert any("[unclear 00:01:40]" in line.text for line in found.lines)


def test_text_by_otter() -> None:
    found = sample("text/otter.txt")
    assert found.format == "plain text by Otter"
    assert starts(found) == [3_000, 11_000, 13_000, 17_000, 3_729_000]
    assert found.speakers == ("Ada Marrow", "Unknown Speaker", "Tobias Hale")
    assert not any(line.is_approximate for line in found.lines)
    assert 'what Otter signs with, "Transcribed by https://otter.ai"' in told(found, Deed.LEFT_OUT)


def test_what_otter_writes_above_its_blocks_is_not_said(text: Path) -> None:
    head = [
        "Ferry interview",
        "Mon, Jun 02, 2025 3:04PM • 12:44",
        "SUMMARY KEYWORDS",
        "ferry, rope, rain, goose",
        "SPEAKERS",
        "Ada Marrow, Tobias Hale",
    ]
    blocks = "Ada Marrow  00:05\nThe second tape.\n\nTobias Hale  12:40\nThat is all.\n\nhttps://otter.ai\n"
    written = "{}\n{}\n\n{}\n{}\n\n{}\n{}\n\n".format(*head) + blocks
    found = read(text, written)
    assert said(found) == [("Ada Marrow", "The second tape."), ("Tobias Hale", "That is all.")]
    assert found.lines[0].comments == tuple(f"front matter: {each}" for each in head)
    # When it came to Otter says nothing of when it was recorded.
    assert (found.title, found.date) == ("Ferry interview", None)
    assert found.format == "plain text by Otter"


def test_a_heading_of_markdown_is_the_title_without_its_mark(text: Path) -> None:
    turns = "**Ada:** [00:02] When?\n\n**Tom:** [00:07] At six.\n\n## Later\n\n**Ada:** [00:13] Why?\n\n**Tom:** So.\n"
    found = read(text, f"# The ferry\n{turns}")
    assert (found.title, found.lines[0].comments) == ("The ferry", ("front matter: The ferry",))
    assert said(found) == [("Ada", "When?"), ("Tom", "At six."), (None, "Later"), ("Ada", "Why?"), ("Tom", "So.")]
    assert [line.text for line in read(text, "Ada: # is a sign.\n\n# 5 was hers.").lines][1] == "# 5 was hers."


def test_letters_that_only_a_font_knows_are_told_with_their_lines(text: Path) -> None:
    found = read(text, "ADA: When?\n\nTOM: At s\ue123x.\n\nADA: \ue123.\n\nTOM: Why?\n")
    assert [(remark.what, remark.lines) for remark in found.remarks if "U+E123" in remark.what] == [
        (r'2 letters that no font but its own shows (U+E123), as in "s\ue123x.": correct the words', (3, 5))
    ]


def test_text_as_rev_writes_it() -> None:
    found = sample("text/rev.txt")
    assert starts(found) == [2_000, 7_000, 13_000, 17_000, None]
    assert not any(line.is_approximate for line in found.lines)
    assert said(found)[-1] == ("Speaker 2", "And the summer after that.")


@pytest.mark.parametrize("name", ["descript", "trint"])
def test_text_with_times_in_square_brackets(name: str) -> None:
    found = sample(f"text/{name}.txt")
    assert starts(found)[:4] == [2_000, 7_000, 13_000, 17_000]
    assert said(found)[0] == ("Ada Marrow", "So this is the second tape about the ferry.")


def test_windows_1252_and_names_before_a_colon_and_a_tab() -> None:
    found = sample("text/windows.txt")
    assert said(found)[1] == ("Étienne", "Et l’hiver ?")
    assert "Windows-1252" in told(found, Deed.MENDED)[0]


def test_prose_has_no_speakers_and_no_times() -> None:
    found = sample("text/prose.txt")
    assert [line.turns for line in found.lines] == [(), ()]
    assert starts(found) == [None, None]


@pytest.mark.parametrize("sign", ["\n", "\f", ">> "])
def test_more_lines_than_any_transcript_has_are_refused(text: Path, sign: str) -> None:
    with pytest.raises(ArchiveError, match=r"more than 8,000,000 letters or 200,000 lines"):
        read(text, sign * 200_001)


@pytest.mark.parametrize("written", ["", "\n\n", "\f\f", "   "])
def test_a_file_without_words_is_refused(text: Path, written: str) -> None:
    with pytest.raises(ArchiveError, match="no words"):
        read(text, written)


def test_what_stands_once_before_a_colon_is_words(text: Path) -> None:
    found = read(
        text, "ADA: Well.\n\nTOM: Yes.\n\nADA: No.\n\nTOM: Remember: never.\n\nBut one thing: hats.\n\nTwo Hats: no."
    )
    assert said(found)[-1] == (None, "Two Hats: no.")
    assert said(found)[-2] == ("TOM", "But one thing: hats.")
    assert said(found)[-3] == ("TOM", "Remember: never.")
    assert '"Two Hats:" before a paragraph, as words and not as a name' in told(found, Deed.READ)


def test_times_that_run_backwards_are_told_and_not_used(text: Path) -> None:
    found = read(text, "[00:01] One.\n\n[00:09] Two.\n\n[00:05] Three.\n\n[00:12] Four.\n\n[00:13] Five.")
    assert starts(found) == [1_000, None, 5_000, 12_000, 13_000] or starts(found) == [
        1_000,
        9_000,
        None,
        12_000,
        13_000,
    ]
    assert len([what for what in told(found, Deed.LEFT_OUT) if "backwards" in what]) == 1


def test_a_clock_of_day_in_the_words_is_no_time(text: Path) -> None:
    found = read(text, "10:30 was when we met.\n\nThe boat left (10:45) and came back.\n\nIt was 11:15 by then.")
    assert starts(found) == [None] * 3
    assert said(found)[1][1] == "The boat left (10:45) and came back."


def test_times_without_brackets_where_they_are_in_order(text: Path) -> None:
    found = read(text, "0:01\nOne.\n\n0:07\nTwo.\n\n1:10\nThree.\n")
    assert [(line.start, line.text) for line in found.lines] == [(1_000, "One."), (7_000, "Two."), (70_000, "Three.")]


def test_frames_are_told_and_not_guessed(text: Path) -> None:
    found = read(text, "[01:00:03:12] One.\n\n[01:00:07:24] Two.")
    assert starts(found) == [3_603_000, 3_607_000]
    assert "the frames of 2 times, which are kept to the second" in told(found, Deed.LEFT_OUT)


def test_a_pair_of_times_gives_an_end(text: Path) -> None:
    found = read(text, "[00:00:01.5 - 00:00:04] One.\n\n[00:00:05 --> 00:00:06.250] Two.")
    assert [(line.start, line.end) for line in found.lines] == [(1_500, 4_000), (5_000, 6_250)]


def test_pages_named_in_brackets_within_the_words(text: Path) -> None:
    found = read(text, "ADA: One [page 11] and two.\n\nTOM: Three.\n\n[p. 12]\n\nADA: Four.")
    assert [(line.page, line.text) for line in found.lines] == [
        (None, "One"),
        ("11", "and two."),
        ("11", "Three."),
        ("12", "Four."),
    ]


def test_numbers_that_are_answers_stay(text: Path) -> None:
    found = read(text, "How many boats?\n\n12\n\nHow many men?\n\n40\n\nHow many oars?\n\n41\n")
    assert [line.text for line in found.lines][1::2] == ["12", "40", "41"]


def test_a_name_without_words_is_told(text: Path) -> None:
    found = read(text, "ADA: One.\n\nTOM: Two.\n\nADA:\n\nTOM: Three.")
    assert 'a name without words, "ADA"' in told(found, Deed.LEFT_OUT)


def test_other_scripts_have_names_too(text: Path) -> None:
    turns = ["דנה: בוקר טוב.", "גל: בוקר אור.", "דנה: מתי?", "王\uff1a好。", "王\uff1a再见。", "王\uff1a好。"]
    found = read(text, "\n\n".join(turns))
    assert [who for who, _ in said(found)] == ["דנה", "גל", "דנה", "王", "王", "王"]


def test_long_paragraphs_become_lines_at_the_ends_of_sentences(text: Path) -> None:
    sentence = "The ferry left at six and whoever was late waited for the tide to turn."
    found = read(text, " ".join([sentence] * 40))
    assert len(found.lines) > 3
    assert not any(line.opens_paragraph for line in found.lines)
    assert " ".join(line.text for line in found.lines) == " ".join([sentence] * 40)


def test_captions_that_became_one_paragraph_are_divided_where_somebody_else_speaks(text: Path) -> None:
    found = read(text, ">> When? >> At six. Or at seven, >> I think. A >>> B.")
    assert [line.text for line in found.lines] == [">> When?", ">> At six. Or at seven,", ">> I think. A >>> B."]


_SYLLABLES = [first + second for first in "bdfgklmnprst" for second in ("a", "e", "o", "au")]
_UNIQUE = st.lists(st.lists(st.sampled_from(_SYLLABLES), min_size=2, max_size=4).map("".join), min_size=20, unique=True)


@pytest.mark.long
@settings(max_examples=150)
@given(
    _UNIQUE,
    st.randoms(use_true_random=False),
    st.sampled_from([45, 60, 72, 500]),
    st.sampled_from(["names", "questions", "times", "none"]),
    st.sampled_from(["\f", "- {} -", "Page {}", None]),
)
def test_every_word_of_a_typescript_is_in_its_lines_in_order(
    tmp_path_factory: pytest.TempPathFactory, unique: list[str], random: object, width: int, kind: str, foot: str | None
) -> None:
    import random as randoms  # noqa: PLC0415  # only for its type
    import textwrap  # noqa: PLC0415  # here alone

    assert isinstance(random, randoms.Random)
    rest, blocks, number = list(unique), [], 0
    while rest:
        count = random.randint(1, 30)
        said_here, rest = rest[:count], rest[count:]
        head = {
            "names": ["HOLT: ", "BRANN: "][number % 2],
            "questions": ["Q. ", "A. "][number % 2],
            "times": f"[00:{number // 60:02d}:{number % 60:02d}] ",
            "none": "",
        }[kind]
        blocks.append("\n".join(textwrap.wrap(head + " ".join(said_here).capitalize() + ".", width)))
        number += 1
    pages, page = [], 1
    while blocks:
        count = random.randint(1, 6)
        pages.append("\n\n".join(blocks[:count]) + ("" if foot in {None, "\f"} else f"\n\n{foot.format(page)}\n"))
        blocks, page = blocks[count:], page + 1
    path = tmp_path_factory.mktemp("typescript") / "talk.txt"
    found = read(path, ("\f" if foot == "\f" else "\n\n").join(pages))
    # With two turns or fewer nothing shows that a name is one.
    heads = {"holt:", "brann:", "q", "a"}
    read_back = " ".join(line.text for line in found.lines).replace(".", "").casefold().split()
    assert [word for word in read_back if word not in heads] == unique
    assert not (heads & set(read_back)) or number < 4 or kind == "names"


# Controls are the business of decoding.
_SIGNS = st.characters(exclude_categories=["Cc", "Cs"])
_FRAGMENTS = st.sampled_from(
    [
        "HOLT: ", "Ada  0:12\n", "[00:01:00] ", "[99:99:99]", "(1:02:03)", "12", "- 12 -", "Page 3", "\f", "\n",
        "\n\n", "\t", "Q. ", "A. ", "[unclear]", "[laughter]", "har-\nbour ", "well-", "word ",
        "Transcribed by https://otter.ai\n", ">> ", "**Tom:** ", "[p. 4]", "xii", "-->", "\u00ad\n",
        "1:00 - 2:00 ", "\uff1a", "♪ la", "Date: 12 May 1974\n", "  ", "é",
    ]
)  # fmt: skip


@pytest.mark.long
@settings(max_examples=400)
@given(st.lists(st.one_of(_FRAGMENTS, st.text(_SIGNS, max_size=12)), max_size=40).map("".join))
@example("HOLT: \n\nHOLT: \n\n[00:01:00]")
@example("Ada  0:12\n[99:99:99]")
def test_garbage_is_read_without_a_word_lost_or_made_up_or_refused(
    tmp_path_factory: pytest.TempPathFactory, written: str
) -> None:
    path = tmp_path_factory.mktemp("garbage") / "talk.txt"
    try:
        found = read(path, written)
    except ArchiveError:
        return
    joined = words(written.replace("-\n", "").replace("\u00ad\n", "").replace("\u00ad", ""))
    plain = words(written.replace("\u00ad", ""))
    kept = words_kept_or_told(found)
    # Where one word is cut twice, one of the cuts may stay.
    assert all(word in plain or any(word in other for other in joined) for word in words_said(found))
    beside = {"page", "p", "xii", "n"}
    missing = {word for word in plain if word not in kept and word not in beside}
    assert all(any(word in other for other in joined) and word not in joined for word in missing), missing


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "written",
    [
        "a" * 1_000_000,
        "a: " * 300_000,
        "[" * 500_000,
        "1\n\n" * 20_000,
        "\f" * 300_000,
        "A:\n" * 20_000,
        "- 1 -\n" * 20_000,
    ],
    ids=["one word", "heads", "brackets", "numbers", "pages", "names", "page numbers"],
)
@pytest.mark.long
def test_long_garbage_takes_seconds(text: Path, written: str) -> None:
    text.write_text(written, encoding="utf-8")
    with contextlib.suppress(ArchiveError):
        assert formats.read(text, "text").lines


def test_samples_are_taken_for_text() -> None:
    for path in (SAMPLES / "text").iterdir():
        assert plain_text.is_one(path, path.read_bytes())


TURNS = "INTERVIEWER: When did it come in?\n\nMRS. QUILL: At noon, as it always did.\n\n" * 2


def test_sentences_before_the_first_speaker_are_kept_as_comments(text: Path) -> None:
    before = "The quay, 1981\n\nRecorded in the clerk's kitchen. Transcribed in 1981.\n\n"
    found = read(text, before + TURNS)
    assert (found.title, len(found.lines)) == ("The quay, 1981", 4)
    assert found.lines[0].comments == (
        "front matter: The quay, 1981",
        "front matter: Recorded in the clerk's kitchen. Transcribed in 1981.",
    )
    assert len(read(text, f"{before}[Music]\n\n{TURNS}").lines[0].comments) == 2
    alone = read(text, before.partition("\n\n")[2] + TURNS)
    assert (alone.title, [line.turns == () for line in alone.lines]) == (None, [False] * 4)


@pytest.mark.parametrize(
    "before",
    [
        "and so we went down to the quay.",
        "[The telephone rings.]",
        "[00:00:05] We begin here.",
        "We went down to the quay, and there was nobody. " * 9,
        "… of the harbour.",
    ],
)
def test_what_may_be_said_before_the_first_speaker_stays_words(text: Path, before: str) -> None:
    found = read(text, f"{before}\n\n{TURNS}")
    assert found.lines[0].comments == ()
    assert len(found.lines) == 5


@pytest.mark.parametrize("between", ["", "the rose is red"])
def test_numbers_that_are_counted_aloud_are_words(tmp_path: Path, between: str) -> None:
    text = "\n\n".join(
        ["He counted for us.", *(f"{number}\n\n{between}" for number in range(1, 5)), "and then he ran."]
    )
    (tmp_path / "talk.txt").write_text(text, encoding="utf-8")
    found = formats.read(tmp_path / "talk.txt")
    assert {line.page for line in found.lines} == {None}
    said = " ".join(line.text for line in found.lines).split()
    assert [word for word in said if word.isdigit()] == ["1", "2", "3", "4"]


def test_one_page_number_that_says_so_is_one(tmp_path: Path) -> None:
    text = "ANNA: The ferry left,\n\n                - 12 -\n\nand nobody told us.\n\nTOM: Nobody ever does.\n"
    (tmp_path / "talk.txt").write_text(text, encoding="utf-8")
    found = formats.read(tmp_path / "talk.txt")
    assert not [line.text for line in found.lines if "12" in line.text]
    assert [line.page for line in found.lines][-1] == "12"


def test_what_may_be_somebody_elses_has_no_voice(tmp_path: Path) -> None:
    """Nobody is given what another may have said."""
    first = "ADA: One.|TOM: Two.|ADA (crying): Three.|MRS. REED [interrupting]: Four."
    heads = f"{first}|Five.|TOM: Six.|TOM. Seven.|ADA: Eight."
    (tmp_path / "talk.txt").write_text(heads.replace("|", "\n\n"), encoding="utf-8")
    found = formats.read(tmp_path / "talk.txt")
    assert said(found) == [
        ("ADA", "One."),
        ("TOM", "Two."),
        ("ADA", "(crying) Three."),
        (None, "MRS. REED [interrupting]: Four."),
        (None, "Five."),
        ("TOM", "Six."),
        (None, "TOM. Seven."),
        ("ADA", "Eight."),
    ]
    what = "2 paragraphs that somebody else may say, without a voice until the next name"
    assert (what, (7, 13)) in [(remark.what, remark.lines) for remark in found.remarks]
