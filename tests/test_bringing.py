"""What becomes of the lines of a file that is brought in: identifiers, times, voices, notes, what a person wrote."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from imports import DIGEST, RECORD, prepare, read_again, timed, what, write_record

from player.archive.recording import read_record
from player.archive.references import Citation
from player.archive.transcript import Cue, Turn, UntimedLine
from player.errors import ArchiveError
from player.intake.transcripts import formats, made, own_names
from player.intake.transcripts.imported import ImportedLine, ImportedNote
from player.intake.transcripts.names import Speakers

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Record
    from player.intake.transcripts.bringing import Brought


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return write_record(tmp_path)


def ids(brought: Brought) -> list[str]:
    return [line.id for line in brought.lines]


def keep(record: Record, brought: Brought) -> None:
    """Have the transcript there as it would be written."""
    (record.folder / "transcript.vtt").write_bytes(brought.transcript)


def spans(brought: Brought) -> list[tuple[int, int]]:
    return [(line.start, line.end) for line in brought.lines if isinstance(line, Cue)]


def test_every_line_has_an_identifier_in_the_file_and_the_file_its_sound(record: Record) -> None:
    brought = prepare(record, timed("One boat.", "Two boats."))
    assert brought.transcript.decode() == (
        f"WEBVTT\nLocal Usage Element: [Media SHA-256] {DIGEST}\n\n"
        "c1\n00:00:00.000 --> 00:00:01.000\nOne boat.\n\nc2\n00:00:01.000 --> 00:00:02.000\nTwo boats.\n"
    )


def test_identifiers_of_the_file_are_kept_where_they_can_be(record: Record) -> None:
    lines = [
        ImportedLine("a", start=number, end=number + 1, id=name)
        for number, name in enumerate(
            ["opening", "7", "7", "12", "", "a b", "closed-5", "b5a5c0de-0000-4000-8000-000000000001/3-0", "c1"]
        )
    ]
    assert ids(prepare(record, lines)) == ["opening", "c2", "c3", "c12", "c5", "c6", "c10", "c8", "c1"]


def test_a_line_without_times_is_one_and_lines_know_their_page_and_paragraph(record: Record) -> None:
    lines = [
        ImportedLine("Of ropes.", page="12", opens_paragraph=True),
        ImportedLine("Of boats.", (Turn("Anna Reed", "Of boats."),), start=3000, end=4000, is_approximate=True),
        ImportedLine("Of nets.", page="13"),
    ]
    brought = prepare(record, lines)
    assert brought.lines == (
        UntimedLine("c1", "Of ropes.", (), (), 0, opens_paragraph=True, page="12"),
        Cue(
            *("c2", 3000, 4000, "Of boats.", (Turn("Anna Reed", "Of boats."),), (), (), 0),
            is_approximate=True,
            page="12",
        ),
        UntimedLine("c3", "Of nets.", (), (), 0, page="13"),
    )
    assert [line.page for line in read_again(record, brought)] == ["12", "12", "13"]
    assert b"NOTE approximate\n\nc2\n" in brought.transcript
    assert b"NOTE untimed c3\nOf nets." in brought.transcript


def test_how_sure_a_program_was_is_kept_as_comments(record: Record) -> None:
    line = ImportedLine("two boats", start=0, end=9, confidence=0.931, word_confidences=(0.98, None), comments=("so",))
    (made,) = prepare(record, [line]).lines
    assert made.comments == ("so", "confidence: 0.931", "word confidence: 0.98 -")


def test_the_words_that_a_program_doubted_are_named_so_that_no_others_come_to_be(record: Record) -> None:
    line = ImportedLine("two boats", start=0, end=9, word_confidences=(0.2, 0.4))
    (made,) = prepare(record, [line]).lines
    assert made.comments == ("word confidence: 0.2 0.4", "doubtful words: two boats")
    (made,) = prepare(record, [replace(line, text="two -->")]).lines
    assert made.comments == ("word confidence: 0.2 0.4", "doubtful words: two \N{RIGHTWARDS ARROW}")
    # As a person has corrected it, and brought it in again.
    line = replace(line, text="two ropes", comments=("doubtful words: two boats",))
    (made,) = prepare(record, [line]).lines
    assert made.comments == ("word confidence: 0.2 -", "doubtful words: two")


@pytest.mark.parametrize("comment", ["Source: BBC", "paragraph", "untimed part", "page: 7", "a --> b", "approximate"])
def test_a_comment_of_the_file_never_comes_to_mean_something(record: Record, comment: str) -> None:
    brought = prepare(record, timed("One.", "Two.", comments=(comment,)))
    assert [(line.page, line.citations, line.opens_paragraph) for line in read_again(record, brought)] == [
        (None, (), False)
    ] * 2


def test_lines_are_told_that_do_not_fit_each_other_or_the_sound(record: Record) -> None:
    lines = [
        ImportedLine("a", start=0, end=3000, origin=1),
        ImportedLine("b", start=2000, end=2500, origin=2),
        ImportedLine("c", start=1000, end=1500, origin=3),
        ImportedLine("d", start=8000, end=12_000, origin=4),
        ImportedLine("e", start=11_000, end=13_000, origin=5),
    ]
    brought = prepare(record, lines, length=10_000)
    assert spans(brought) == [(0, 3000), (1000, 1500), (2000, 2500), (8000, 10_000), (11_000, 13_000)]
    assert what(brought).splitlines() == [
        "read: 1 line that begins before the one above it ends [2]",
        "mended: 1 line out of order [3]",
        "mended: 1 line that ended after the sound (0:10) [4]",
        "read: 1 line that begins after the end of the sound (0:10) [5]",
    ]


def test_a_line_without_an_end_lasts_until_the_next_and_the_last_as_long_as_its_words_may(record: Record) -> None:
    lines = [ImportedLine("a b c", start=start, origin=start) for start in (0, 2000, 2000, 5000)]
    assert spans(prepare(record, lines, length=9000)) == [(0, 2000), (2000, 5000), (2000, 5000), (5000, 6200)]
    unknown = prepare(record, lines)
    assert spans(unknown)[-1] == (5000, 6200)
    assert "1 line without an end, as long as its words may last and roughly timed" in what(unknown)


def test_a_time_that_no_recording_has_is_none(record: Record) -> None:
    brought = prepare(record, [ImportedLine("a", start=-5, end=3), ImportedLine("b", start=10**13, end=10**13 + 1)])
    assert [type(line) for line in brought.lines] == [UntimedLine, UntimedLine]
    assert "2 lines with times that no recording has" in what(brought)


def test_words_that_no_line_can_hold_are_mended_and_keep_their_times(record: Record) -> None:
    line = ImportedLine("a\0b \x85 c\r\n\n d\ud800 \x01", start=0, end=900, words=(0, 100, 200, 300))
    (made,) = read_again(record, prepare(record, [line]))
    assert isinstance(made, Cue)
    assert len(made.text.split()) == 4
    assert made.words == (0, 100, 200, 300)


def test_times_of_words_that_no_line_can_have_are_left_out(record: Record) -> None:
    lines = [
        ImportedLine("a b c d", start=1000, end=2000, words=(0, 500, 400, 1200), origin=1),
        ImportedLine("a b", start=3000, end=4000, words=(0,), origin=2),
    ]
    brought = prepare(record, lines)
    assert [line.words for line in brought.lines if isinstance(line, Cue)] == [(0, 500, None, None), ()]
    assert "times of words outside their line" in what(brought)
    assert "not one for each" in what(brought)


def test_empty_lines_go_and_a_file_without_any_other_is_refused(record: Record) -> None:
    assert "1 empty line " in what(prepare(record, timed("One.", " \n ")))
    with pytest.raises(ArchiveError, match="no lines in it"):
        prepare(record, timed(" "))


def test_voices_that_the_record_does_not_know_are_added_and_those_there_are_not_touched(record: Record) -> None:
    lines = timed("One.", "Two.", "Three.")
    voices = ["Anna Reed", 'Tom "the boat" Hale', "Anna Reed"]
    heard = [
        ImportedLine(line.text, (Turn(voice, line.text),), line.start, line.end)
        for line, voice in zip(lines, voices, strict=True)
    ]
    brought = prepare(record, heard)
    assert brought.new_speakers == ('Tom "the boat" Hale',)
    assert brought.record_text.startswith(RECORD)
    assert tomllib.loads(brought.record_text)["speaker"][1:] == [
        {"name": 'Tom "the boat" Hale', "kind": "unidentified"}
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Tom Hale", "Tom Hale"),
        ("tom.hale@harbor.example", "Speaker 1"),
        ("Tom Hale <tom.hale@harbor.example>", "Tom Hale"),
        ("Tom Hale (hale@harbor.example)", "Tom Hale"),
        ("00000000-0000-4000-8000-00000000000a@00000000-0000-4000-8000-00000000000b", "Speaker 1"),
        ("Tom Hale 16778240", "Tom Hale"),
        ("User 16778240", "Speaker 1"),
        ("+44***1234", "Speaker 1"),
        ("Boat 12", "Boat 12"),
        ("Class of 1963", "Class of 1963"),
    ],
)
def test_accounts_in_names_are_left_out_unless_they_are_wanted(record: Record, name: str, shown: str) -> None:
    line = ImportedLine("One.", (Turn(name, "One."),), 0, 1000)
    assert prepare(record, [line]).new_speakers == (shown,)
    assert prepare(record, [line], keep_ids=True).new_speakers == (name,)


def test_accounts_stay_apart_and_go_from_comments_and_the_header_too(record: Record) -> None:
    lines = [
        ImportedLine("One.", (Turn("a@b.example", "One."),), 0, 1, comments=("made by a@b.example",)),
        ImportedLine("Two.", (Turn("c@d.example", "Two."),), 1, 2),
        ImportedLine("Three.", (Turn("a@b.example", "Three."),), 2, 3),
        ImportedLine("Four.", (Turn("Speaker 1", "Four."),), 3, 4),
    ]
    brought = prepare(record, lines, header=(("Host", "a@b.example"), ("Kind", "captions")))
    assert [line.speaker for line in brought.lines] == ["Speaker 2", "Speaker 3", "Speaker 2", "Speaker 1"]
    assert b"@" not in brought.transcript
    assert b"Kind: captions" in brought.transcript


def test_two_voices_in_a_line_and_words_of_nobody_between(record: Record) -> None:
    text = "Yes. (a bell) No. No."
    turns = (Turn("Anna Reed", "Yes."), Turn("Tom", "No."), Turn("Tom", "No."))
    (made,) = read_again(record, prepare(record, [ImportedLine(text, turns, 0, 1000)]))
    assert made.turns == (Turn("Anna Reed", "Yes."), Turn(None, "(a bell)"), Turn("Tom", "No. No."))


def test_a_file_that_was_timed_to_another_sound_is_refused(record: Record) -> None:
    header = (("Local Usage Element", f"[Notice] so; [Media SHA-256] {'cd' * 32}"),)
    with pytest.raises(ArchiveError, match="another sound"):
        prepare(record, timed("One."), header=header)
    forced = prepare(record, timed("One."), header=header, is_forced=True).transcript.decode()
    assert "cdcd" not in forced
    assert "Local Usage Element: [Notice] so\n" in forced
    assert f"[Media SHA-256] {DIGEST}" in forced


def test_a_recording_without_a_sound_keeps_what_the_file_says_of_it(record: Record) -> None:
    header = (("Local Usage Element", f"[Media SHA-256] {'CD' * 32}"),)
    assert (
        f"[Media SHA-256] {'cd' * 32}".encode() in prepare(record, timed("One."), header=header, digest=None).transcript
    )
    assert b"SHA-256" not in prepare(record, timed("One."), digest=None).transcript


def test_what_the_index_of_a_file_says_becomes_notes_once(record: Record) -> None:
    notes = (ImportedNote(0, 60_000, "The *quay*", "Boats [and] nets."), ImportedNote(60_000, None, "Ropes", ""))
    first = prepare(record, timed("One."), notes=notes, length=90_000)
    assert first.new_notes == 2
    text = first.annotations_text or ""
    assert [(note["start"], note["end"]) for note in tomllib.loads(text)["annotation"]] == [
        ("0:00", "1:00"),
        ("1:00", "1:30"),
    ]
    (record.folder / "annotations.toml").write_text(text, encoding="utf-8")
    assert prepare(record, timed("One."), notes=notes, length=90_000).annotations_text is None


@pytest.mark.long
def test_a_line_of_a_megabyte_takes_no_longer_than_others(record: Record) -> None:
    """What takes a time that grows with the square of it would take hours."""
    for filling in (" ", "a ", "x", ":", "(", "\n", ">> "):
        text = f"Tom:{filling * (1_000_000 // len(filling))}end"
        prepare(record, [ImportedLine(text, (Turn(text, text),), 0, 1, comments=(text,)), *timed("Tom: a", "Tom: b")])


def test_a_note_ends_with_the_sound_and_one_after_it_is_told(record: Record) -> None:
    notes = (ImportedNote(0, 60_000, "The quay", "Boats."), ImportedNote(50_000, 60_000, "Ropes", "Nets."))
    brought = prepare(record, timed("One."), notes=notes, length=40_000)
    assert tomllib.loads(brought.annotations_text or "")["annotation"][0]["end"] == "0:40"
    assert "1 note that begins after the end of the sound" in what(brought)


def test_a_file_with_an_index_alone_gives_notes_and_leaves_the_transcript(record: Record) -> None:
    keep(record, prepare(record, timed("One.")))
    brought = prepare(record, [], notes=(ImportedNote(0, 900, "The quay", "Boats."),))
    assert (brought.transcript, brought.new_notes) == (b"", 1)


ROPE, SIX, NOBODY = "The rope was as old as", "The ferry left at six that day", "And nobody was on it at all"


def test_brought_in_again_lines_keep_their_identifiers_however_they_move(record: Record) -> None:
    keep(record, prepare(record, timed(ROPE, "Yes.", SIX, "Yes.", NOBODY, "Yes.")))
    again = [
        ImportedLine(text, start=number * 500, end=number * 500 + 400)
        for number, text in enumerate(["New.", SIX, "Yes.", NOBODY, ROPE, "Yes."])
    ]
    brought = prepare(record, again)
    assert [(line.id, line.text) for line in brought.lines] == [
        ("c7", "New."),
        ("c3", SIX),
        ("c4", "Yes."),
        ("c5", NOBODY),
        ("c8", ROPE),  # it stands alone elsewhere
        ("c9", "Yes."),
    ]


def test_an_identifier_never_comes_to_mean_other_words_not_even_later(record: Record) -> None:
    keep(record, prepare(record, timed("One.", "Two.", SIX)))
    second = prepare(record, timed("One.", SIX))
    assert ids(second) == ["c1", "c3"]
    (record.folder / "history").mkdir()
    (record.folder / "history" / "1999-01-01-transcript.vtt").write_bytes(second.before or b"")
    keep(record, second)
    third = prepare(record, [ImportedLine("Other.", start=0, end=1, id="c2"), *timed("One.", SIX, "Four.")])
    assert {line.text: line.id for line in third.lines} == {"Other.": "c5", "One.": "c1", SIX: "c3", "Four.": "c4"}


def test_what_a_person_wrote_of_a_line_stays_with_it(record: Record) -> None:
    (record.folder / "transcript.vtt").write_text(
        "WEBVTT\nResponsible: the harbor\n\nNOTE heard by two\n\nNOTE paragraph\n\nNOTE source: log, p. 1\n\n"
        "x7\n00:00.000 --> 00:01.000\n<v Anna Reed>One.\n",
        encoding="utf-8",
    )
    brought = prepare(record, timed("One.", "Two."))
    (first, second) = read_again(record, brought)
    assert (first.id, first.speaker, first.comments, first.opens_paragraph, first.citations) == (
        *("x7", "Anna Reed", ("heard by two",), True, (Citation("log", "p. 1"),)),
    )
    assert (second.id, second.citations) == ("c2", ())
    assert b"Responsible: the harbor" in brought.transcript


def test_a_note_whose_line_would_be_gone_keeps_the_file_out(record: Record) -> None:
    keep(record, prepare(record, timed("One.", SIX)))
    (record.folder / "annotations.toml").write_text(
        '[[annotation]]\nid = "a"\nkind = "segment"\ntitle = "A"\nbody = "B"\ncue = "c2"\n', encoding="utf-8"
    )
    assert ids(prepare(record, timed(SIX, "Three."))) == ["c2", "c3"]
    with pytest.raises(ArchiveError, match=r'annotations\.toml:6: "a" belongs to the line "c2"'):
        prepare(record, timed("One.", "Three."))


def test_a_passage_that_is_closed_by_its_line_stays_closed(tmp_path: Path) -> None:
    record = write_record(tmp_path, f'{RECORD}\n[[closed]]\ncue = "c2"\n')
    keep(record, prepare(record, timed("One.", SIX)))
    assert ids(prepare(record, timed(SIX))) == ["c2"]
    with pytest.raises(ArchiveError, match='closed by the line "c2"'):
        prepare(record, timed("One.", "Three."))


def test_a_record_that_cannot_be_changed_is_refused_in_words(tmp_path: Path) -> None:
    plain = RECORD.partition("\n[[speaker]]")[0]
    record = write_record(tmp_path, f'{plain}speaker = [{{ name = "Anna Reed", kind = "person" }}]\n')
    line = ImportedLine("One.", (Turn("Tom", "One."),), 0, 1)
    with pytest.raises(ArchiveError, match="cannot be changed here"):
        prepare(record, [line])


def test_another_language_than_the_records_is_told(record: Record) -> None:
    assert "its language, Spanish; the record says English" in what(prepare(record, timed("Uno."), language="es"))
    assert "language" not in what(prepare(record, timed("One."), language="en-GB"))


def test_a_transcript_in_history_that_cannot_be_read_is_no_reason_to_refuse(record: Record) -> None:
    history = record.folder / "history"
    history.mkdir()
    (history / "1957-01-01-transcript.vtt").write_bytes("WEBVTT\n\nc1\n".encode("utf-16"))
    assert ids(prepare(record, timed("One boat."))) == ["c1"]


HEADED = ("Tom Hale: One boat.", "Anna Reed: Yes.", "Tom Hale: Yes.", "Tom Hale: Note: three.", "Tom Hale:", "Four.")


def test_lines_that_only_a_name_has_left_keep_their_identifiers(record: Record) -> None:
    keep(record, prepare(record, timed(*HEADED)))
    file = formats.read(record.folder / "transcript.vtt")
    for speakers in ("yes", "yes,Tom Hale=Thomas Hale"):
        brought = prepare(record, list(file.lines), speakers=Speakers.parse(speakers))
        assert ids(brought) == ["c1", "c2", "c3", "c4", "c6"]
        assert brought.lines[0].speaker in {"Tom Hale", "Thomas Hale"}
        assert "left out" not in what(brought)
    # As another program writes them, which marks who speaks, and at other times.
    marked = [
        ImportedLine(text, (Turn(name, text),), number * 700 + 9, number * 700 + 500)
        for number, (name, text) in enumerate(line.split(": ", 1) for line in HEADED[:4])
    ]
    assert ids(prepare(record, marked)) == ["c1", "c2", "c3", "c4"]


def test_lines_that_a_name_has_come_to_keep_their_identifiers(record: Record) -> None:
    keep(record, prepare(record, timed(*HEADED[:4]), speakers=Speakers(takes_found=True)))
    brought = prepare(record, timed("New.", *HEADED[:4]))
    assert ids(brought) == ["c6", "c1", "c2", "c3", "c4"]
    assert [line.speaker for line in brought.lines] == [None] * 5
    assert "left out" not in what(brought)


def test_a_name_that_is_gone_with_its_words_is_still_told(record: Record) -> None:
    keep(record, prepare(record, timed("Tom Hale: One boat.", "Tom Hale: Two.")))
    assert "left out: 1 line of the transcript before" in what(prepare(record, timed("One boat.", "Tom Hale: Two.")))


def test_speakers_who_say_nothing_any_more_are_told(tmp_path: Path) -> None:
    record = write_record(tmp_path, f'{RECORD}\n[[speaker]]\nname = "Tom"\nkind = "person"\n')
    keep(record, prepare(record, [ImportedLine("One.", (Turn("Tom", "One."),), 0, 1)]))
    told = what(prepare(record, [ImportedLine("Two.", (Turn("Ben", "Two."),), 0, 1)]))
    assert "Tom, who says nothing any more; that speaker is still in recording.toml" in told
    assert "Anna Reed" not in told


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("E\u202evil", "Evil"),
        ("\u2066Anna Reed\u2069", "Anna Reed"),
        ("\u202btom@harbor.example", "Speaker 1"),
        ("نرگس\u200cدشت", "نرگس\u200cدشت"),
        ("\u202e", None),
    ],
)
@pytest.mark.parametrize("keep_ids", [False, True])
def test_a_name_loses_what_nobody_sees_and_the_record_can_be_read(
    record: Record, name: str, shown: str | None, keep_ids: bool
) -> None:
    brought = prepare(record, [ImportedLine("One.", (Turn(name, "One."),), 0, 1000)], keep_ids=keep_ids)
    if not (keep_ids and "@" in name):
        assert brought.lines[0].speaker == shown
    assert ("signs that nobody sees, in the name of" in what(brought)) == ("\u200c" not in name)
    (record.folder / "recording.toml").write_text(brought.record_text, encoding="utf-8")
    read_record(record.folder, record.folder)


def test_a_note_loses_what_no_file_can_hold(record: Record) -> None:
    notes = (ImportedNote(0, 900, "The \u202equay", "Bo\x07ats.", ("a\u2066b",)),)
    (note,) = tomllib.loads(prepare(record, timed("One."), notes=notes).annotations_text or "")["annotation"]
    assert (note["title"], note["body"]) == ("The quay", "Boats.\n\nKeywords: ab")


def test_what_could_not_be_read_again_is_refused(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    line = ImportedLine("One.", (Turn("E\u202evil", "One."),), 0, 1000)
    monkeypatch.setattr(own_names, "visible", str)
    monkeypatch.setattr(made, "visible", str)
    with pytest.raises(ArchiveError, match=r"ferry/recording\.toml:10: as it would be written, .*U\+202E"):
        prepare(record, [line])
