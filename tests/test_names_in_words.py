"""Who speaks, where only the words of a transcript say so: what is taken for a name, and what is not."""

from __future__ import annotations

import pytest

from player.archive.transcript import Turn
from player.intake.transcripts.found_names import Found, heads, merged
from player.intake.transcripts.imported import ImportedLine
from player.intake.transcripts.name_forms import head
from player.intake.transcripts.names import Speakers, spoken

ALL = Speakers(takes_found=True)


def lines(*texts: str) -> list[ImportedLine]:
    return [ImportedLine(text, origin=number) for number, text in enumerate(texts, 1)]


def sure(*texts: str) -> dict[str, int]:
    return {found.name: found.count for found in heads(lines(*texts)) if found.is_speaker}


def said(found: list[ImportedLine], speakers: Speakers = ALL) -> list[tuple[str | None, str]]:
    """Give who says what, a pair for each turn."""
    return [
        (turn.speaker, turn.text)
        for line in spoken(found, speakers).lines
        for turn in line.turns or (Turn(None, line.text),)
    ]


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("Tom Hale: The ferry is late.", "Tom Hale", "The ferry is late."),
        ("HALE:  Late again?", "HALE", "Late again?"),
        ("SEN. REED (HARBOR-EAST): Yes.", "SEN. REED (HARBOR-EAST)", "Yes."),
        ("Dr. O'Neil-Smith: Yes.", "Dr. O'Neil-Smith", "Yes."),
        ("Maria de la Cruz: Yes.", "Maria de la Cruz", "Yes."),
        ("SPEAKER_00: yes", "SPEAKER_00", "yes"),
        ("Speaker 2: yes", "Speaker 2", "yes"),
        ("Anne : oui", "Anne", "oui"),
        (">> TOM: Yes.", "TOM", "Yes."),
        (">> Yes.", ">>", "Yes."),
        ("- Tom: Yes.", "Tom", "Yes."),
        ("- [Ada] Yes.", "Ada", "Yes."),
        ("[Ada Marrow] Yes.", "Ada Marrow", "Yes."),
        ("Tom:", "Tom", ""),
        ("ANNA (crying): No.", "ANNA", "(crying) No."),
        ("MRS. REED [interrupting]: No.", "MRS. REED", "[interrupting] No."),
        ("TOM (CONT'D):", "TOM", "(CONT'D)"),
        ("ANNA (V.O.): No.", "ANNA", "(V.O.) No."),
        ("REED [LAKE]: No.", "REED [LAKE]", "No."),
        ("(SOBBING) ANNA: Leave.", "ANNA", "(SOBBING) Leave."),
        (">> [sighs] ANNA (softly): Leave.", "ANNA", "[sighs] (softly) Leave."),
        ("DR. O'NEILL-GRANT, JR.: I did.", "DR. O'NEILL-GRANT, JR.", "I did."),
        ("田中：はい", "田中", "はい"),  # noqa: RUF001  # as Japanese writes it
    ],
)
def test_a_name_at_the_head_of_a_line_is_found(text: str, name: str, rest: str) -> None:
    found = head(text)
    assert found is not None
    assert (found.name, found.rest) == (name, rest)


@pytest.mark.parametrize(
    "text",
    [
        "[Laughs] Yes.",
        "- [door opens] Yes.",
        "[Page 4] Yes.",
        "- [Ada]",
        "Note: the ferry is late.",
        "Q: When did it come in?",
        "A: At noon.",
        "Warning: deep water.",
        "Chapter 3: The quay",
        "10:30 was when it came.",
        "https://example.org/quay",
        "There are two kinds of rope: the new and the old.",
        "He said, “Wait”: and we did.",
        "Ferry:late",
        "- Yes, it did.",
        "",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert head(text) is None


def test_names_at_nearly_every_head_are_speakers_also_one_that_is_there_once() -> None:
    texts = ["Tom Hale: One.", "Anna Reed: Two.", "Tom Hale: Three."] * 20
    assert sure(*texts, "Ben Ford: Four.", "Remember: it was late.") == {"Tom Hale": 40, "Anna Reed": 20, "Ben Ford": 1}


def test_names_only_where_the_speaker_changes_are_speakers() -> None:
    texts = ["TOM: One.", "two", "three", "four", "five", "ANNA: Six.", "seven", "eight", "nine"] * 3
    assert sure(*texts) == {"TOM": 3, "ANNA": 3}


@pytest.mark.parametrize(
    "texts",
    [
        ["Remember: it was late."] + ["The ferry came."] * 9,
        # A list of what is different each time.
        [f"Rope {word}: strong." for word in ("Abel", "Baker", "Carol")] + ["Well."] * 3,
        ["Look: a boat."] * 4 + ["The ferry came."] * 60,
        ["Q: When?", "A: At noon."] * 9,
        [],
        ["Tom: One."],
    ],
)
def test_without_the_pattern_nothing_is_sure(texts: list[str]) -> None:
    assert sure(*texts) == {}
    assert said(lines(*texts)) == [(None, text) for text in texts]


def test_what_is_not_sure_is_found_with_its_count_and_its_first_line() -> None:
    found = heads(lines("Well.", "Q: When?", "A: At noon.", "Q: Why?", "A: Rain."))
    assert found == (
        Found("Q", 2, 2, "Q: When?", is_speaker=False),
        Found("A", 2, 3, "A: At noon.", is_speaker=False),
    )


def test_questions_and_answers_become_speakers_where_they_are_named() -> None:
    chosen = Speakers.parse("Q=Interviewer,A=Anna Reed")
    assert said(lines("Q: When?", "A: At noon.", "Q: Why?"), chosen) == [
        ("Interviewer", "When?"),
        ("Anna Reed", "At noon."),
        ("Interviewer", "Why?"),
    ]


def test_nothing_is_taken_out_of_the_words_unless_it_is_wanted() -> None:
    found = lines(*["Tom: One.", "Anna: Two."] * 3)
    assert spoken(found, Speakers()).lines == tuple(found)
    assert "as words" in spoken(found, Speakers()).remarks[0].what
    assert spoken(found, Speakers.parse("Tom=,Anna=")).remarks == ()


def test_a_name_can_be_another_or_stay_in_the_words() -> None:
    chosen = Speakers.parse("yes,TOM=Hale, Tom,ANNA=")
    assert said(lines(*["TOM: One.", "ANNA: Two."] * 2), chosen)[:2] == [("Hale, Tom", "One."), (None, "ANNA: Two.")]


def test_lines_below_are_the_same_speakers_but_for_those_in_brackets() -> None:
    texts = ["TOM: One.", "two", "[laughter]", "three", "ANNA: Four.", "five"] * 3
    assert said(lines(*texts))[:6] == [
        ("TOM", "One."),
        ("TOM", "two"),
        (None, "[laughter]"),
        ("TOM", "three"),
        ("ANNA", "Four."),
        ("ANNA", "five"),
    ]


def test_where_nearly_every_line_is_named_one_that_is_not_is_nobodys() -> None:
    texts = ["Tom: One.", "Anna: Two."] * 10 + ["three", "Tom: Four."]
    assert said(lines(*texts))[-2:] == [(None, "three"), ("Tom", "Four.")]
    (remark,) = (each for each in spoken(lines(*texts), ALL).remarks if "without a voice" in each.what)
    assert remark.lines == (21,)


def test_a_name_alone_is_that_of_the_line_below() -> None:
    texts = ["TOM:", "One.", "ANNA:", "Two."] * 3
    assert said(lines(*texts)) == [("TOM", "One."), ("ANNA", "Two.")] * 3


def test_two_names_in_one_line_are_two_turns() -> None:
    (line, *_) = spoken(lines(*["TOM: Yes.\nANNA: No."] * 3), ALL).lines
    assert line.text == "Yes.\nNo."
    assert line.turns == (Turn("TOM", "Yes."), Turn("ANNA", "No."))


def test_a_sign_for_a_change_begins_a_paragraph_and_goes() -> None:
    found = spoken(lines(">> Is it late?", "I think so.", ">> TOM: It is.", ">> Yes."), ALL).lines
    assert [(line.text, line.speaker_of(), line.opens_paragraph) for line in map(_Told, found)] == [
        ("Is it late?", None, True),
        ("I think so.", None, False),
        ("It is.", "TOM", False),
        ("Yes.", None, True),
    ]


def test_the_times_and_the_sureness_of_words_stay_with_their_words() -> None:
    timed = [
        ImportedLine("Tom Hale: so it is", words=(0, 100, 200, None, 400), word_confidences=(1, 1, 0.5, 0.6, 0.7)),
        *lines(*["Tom Hale: One."] * 4),
    ]
    (line, *_) = spoken(timed, ALL).lines
    assert (line.text, line.words, line.word_confidences) == ("so it is", (200, None, 400), (0.5, 0.6, 0.7))


def test_what_the_format_says_stays_and_can_be_renamed() -> None:
    found = [ImportedLine("Note: One.", (Turn("SPEAKER_00", "Note: One."),)), ImportedLine("Two.")]
    assert spoken(found, ALL).lines == tuple(found)
    assert said(found, Speakers.parse("SPEAKER_00=Anna Reed"))[0] == ("Anna Reed", "Note: One.")


@pytest.mark.parametrize("text", ["", "perhaps", "=Tom", "yes,Tom"])
def test_a_choice_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither yes, none|it is empty"):
        Speakers.parse(text)


class _Told:
    """A line, and who speaks first in it."""

    def __init__(self, line: ImportedLine) -> None:
        self.text = line.text
        self.opens_paragraph = line.opens_paragraph
        self._turns = line.turns

    def speaker_of(self) -> str | None:
        return self._turns[0].speaker if self._turns else None


SPEAKERS = ["Chair: One.", "Secretary: Two.", "Chair: Three.", "Secretary: Four.", "Chair: Five.", "Chair: Six."]


def test_where_each_line_has_a_name_one_that_speaks_once_is_a_speaker() -> None:
    assert sure(*SPEAKERS, "Treasurer: Seven.") == {"Chair": 4, "Secretary": 2, "Treasurer": 1}


def test_where_one_line_has_no_name_what_stands_there_once_is_told_and_nobodys() -> None:
    found = spoken(lines(*SPEAKERS, "Treasurer: Seven.", "and eight"), ALL)
    assert said(list(found.lines))[-2:] == [(None, "Treasurer: Seven."), (None, "and eight")]
    assert '"Treasurer", once at the head of a line, as words' in found.remarks[-1].what
    many = spoken(lines(*SPEAKERS * 3, "Treasurer: a", "Clerk: b", "Warden: c", "Keeper: d", "and e"), ALL)
    assert '"Treasurer", "Clerk", "Warden" and 1 more, once each at the head of a line' in many.remarks[-1].what
    assert many.remarks[-1].lines == (19, 20, 21, 22)


def test_what_is_told_of_heads_is_what_was_taken() -> None:
    chosen = Speakers.parse("yes,Treasurer=Treasurer")
    found = spoken(lines(*SPEAKERS, "Treasurer: Seven.", "and eight"), chosen)
    assert found.remarks[0].what == "7 heads of lines as who speaks"
    marked = [ImportedLine("One.", (Turn("INTERVIEWER", "One."),))] * 4
    renamed = spoken(marked, Speakers.parse("INTERVIEWER=Interviewer,Tresurer=Treasurer"))
    assert [remark.what for remark in renamed.remarks] == ['"INTERVIEWER" as "Interviewer", 4 lines']
    assert renamed.unknown == {"Tresurer"}


def test_what_was_found_in_several_files_is_each_name_once() -> None:
    one, other = heads(lines(*["Tom: One.", "Anna: Two."] * 2)), heads(lines("Tom: a", "Tom: b", *["c"] * 9))
    assert [(found.name, found.count, found.is_speaker) for found in merged([one, other])] == [
        ("Tom", 4, True),
        ("Anna", 2, True),
    ]


def test_in_a_file_of_two_lines_each_with_a_name_both_are_speakers() -> None:
    assert sure("harbour.office: The tide table.", "Paul R.: Thank you!") == {"harbour.office": 1, "Paul R.": 1}


def test_where_nearly_all_lines_have_a_name_none_is_passed_over() -> None:
    texts = [f"rope {word}: strong." for word in "abcdefgh"]
    found = heads(lines(*texts, "and late"))
    assert found == ()
    found = heads(lines(*texts[:8], *[f"rope {word}: weak." for word in "ijk"], "and late"))
    assert [each.is_speaker for each in found] == [False] * 11


def test_names_in_brackets_that_come_again_are_speakers_as_rev_writes_them() -> None:
    texts = (
        "- [Ada] So.",
        "- [Tom] Yes.",
        "It rained.",
        "- [Ada] When?",
        "- [Tom] At six.",
        "- [Ada] No.",
        "[Tom] So.",
    )
    found = lines(*texts)
    assert {each.name: each.is_speaker for each in heads(found)} == {"Ada": True, "Tom": True}
    assert said(found)[:4] == [("Ada", "So."), ("Tom", "Yes."), (None, "It rained."), ("Ada", "When?")]


@pytest.mark.parametrize(
    "text",
    [
        "Penrose: I lied.",
        "Anna: I lied.",
        "Remember: I lied.",
        "ANNA — I lied.",
        "ANNA. I lied.",
        "- Who?\n- Me.",
        "TOM: So.\n– I lied.",
        "(sobbing) Penrose: I lied (twice).",
    ],
)
def test_a_voice_does_not_go_on_past_what_may_be_somebody_elses_head(text: str) -> None:
    texts = ["TOM: One.", "two", "three", "ANNA: Four.", "five"] * 3
    found = spoken(lines(*texts, text, "and seven", "TOM: Eight."), ALL)
    last = [turn for line in found.lines[15:-1] for turn in line.turns]
    assert [turn for turn in last if turn.speaker is not None] == ([Turn("TOM", "So.")] if "So." in text else [])
    assert found.lines[-2].text == "and seven"
    assert 16 in {place for remark in found.remarks for place in remark.lines}


def test_lines_without_a_name_are_told_with_their_places() -> None:
    texts = ["TOM: One.", "two", "well -- three", "ANNA: Four.", "the ferry. It left", "3. of May"] * 3
    found = spoken(lines(*texts), ALL)
    (remark,) = (each for each in found.remarks if "whoever spoke before" in each.what)
    assert remark.lines[:4] == (2, 3, 5, 6)
    assert all(line.turns for line in found.lines)


def test_the_times_of_words_stay_with_theirs_where_somebody_does_something_too() -> None:
    texts = ["TOM: One.", "ANNA: Two."] * 3
    first = ImportedLine("(sobbing) ANNA [crying]: so it is", words=(0, 10, 20, 30, 40, 50))
    (line, *_) = spoken([first, *lines(*texts)], ALL).lines
    assert (line.text, line.words) == ("(sobbing) [crying] so it is", (0, 20, 30, 40, 50))


def test_a_name_with_a_comma_can_be_named() -> None:
    chosen = Speakers.parse("yes,DR. REED, JR.=Tom Reed")
    assert chosen.names == {"DR. REED, JR.": "Tom Reed"}
