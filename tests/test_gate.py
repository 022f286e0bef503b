"""What of a recording may be shown: what its record says, on a day, to an audience; and what is left for it to see."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_archive import write_archive

from player.archive.archive import Archive
from player.archive.gate.clock import Clock
from player.archive.gate.shown import Audience
from player.archive.gate.spans import Ordered
from player.archive.translation_names import translation_files
from player.errors import ArchiveError, HiddenError, NotFoundError, WithdrawnError
from player.timecode import Span

if TYPE_CHECKING:
    from pathlib import Path

SLUG = "tones"
LINES = """\
WEBVTT

one
00:00:00.000 --> 00:00:02.000
<v Ada>first words

two
00:00:02.000 --> 00:00:04.000
<v Ada>second words

three
00:00:04.000 --> 00:00:06.000
<v Ben>third words

four
00:00:06.000 --> 00:00:08.000
<v Ben>fourth words
"""
NOTES = """\
[[annotation]]
id = "early"
kind = "term"
title = "Early"
body = "Of the first line."
sources = ["log"]
cue = "one"

[[annotation]]
id = "late"
kind = "term"
title = "Late"
body = "Of the third line."
sources = ["log"]
cue = "three"
people = ["grace"]
"""
PEOPLE = """\
[[person]]
id = "grace"
name = "Grace"
role = "Tester"
sources = ["log"]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    root = write_archive(tmp_path / "archive")
    folder = root / "transcripts" / SLUG
    (folder / "transcript.vtt").write_text(LINES, encoding="utf-8")
    (folder / "annotations.toml").write_text(NOTES, encoding="utf-8")
    (root / "transcripts" / "people.toml").write_text(PEOPLE, encoding="utf-8")
    for translation in folder.glob("transcript.*.vtt"):
        translation.unlink()
    return root


def say(root: Path, text: str) -> None:
    """Let the record say something more."""
    path = root / "transcripts" / SLUG / "recording.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr(Clock, "day", lambda _: dt.date.fromisoformat(day))


def words(root: Path, audience: Audience = Audience.VISITORS) -> list[tuple[str, str]]:
    transcript = Archive(root, audience).recording(SLUG).transcript
    assert transcript is not None
    return [(cue.id, cue.text) for cue in transcript.cues]


def test_what_says_nothing_of_access_is_open(root: Path) -> None:
    whole, shown = Archive(root).recording(SLUG), Archive(root, Audience.VISITORS).recording(SLUG)
    assert shown == whole
    assert shown.shown.is_everything
    assert shown.shown.sends_held


@pytest.mark.parametrize("state", ["draft", "on request", "closed"])
def test_a_record_that_is_not_open_is_not_there(root: Path, state: str) -> None:
    say(root, f'[access]\nrecord = "{state}"')
    archive = Archive(root, Audience.VISITORS)
    with pytest.raises(HiddenError) as hidden:
        archive.recording(SLUG)
    with pytest.raises(NotFoundError) as unknown:
        archive.recording("nowhere")
    assert str(hidden.value) == str(unknown.value).partition(";")[0].replace("nowhere", SLUG)
    assert hidden.value.for_visitors == unknown.value.for_visitors.replace("nowhere", SLUG)
    assert archive.slugs() == []
    assert Archive(root).recording(SLUG).transcript is not None
    assert Archive(root).record(SLUG).shown.record is not None


def test_those_who_prepare_it_see_drafts_and_nothing_that_is_closed(root: Path) -> None:
    say(root, '[[access]]\nrecord = "draft"\n\n[[access]]\nnotes = "closed"')
    found = Archive(root, Audience.EDITORS).recording(SLUG)
    assert found.transcript is not None
    assert found.annotations == ()


@pytest.mark.parametrize(
    ("until", "last"), [("2041-06-30", "2041-06-30"), ("2041-02", "2041-02-28"), ("2041", "2041-12-31")]
)
def test_what_opens_by_itself_is_closed_on_its_last_day_and_open_on_the_next(
    root: Path, monkeypatch: pytest.MonkeyPatch, until: str, last: str
) -> None:
    say(root, f'[access]\nsound = "closed"\nuntil = "{until}"\nopens = "by itself"')
    archive = Archive(root, Audience.VISITORS)
    on(monkeypatch, last)
    assert archive.record(SLUG).media is None
    assert archive.record(SLUG).shown.is_dated
    on(monkeypatch, (dt.date.fromisoformat(last) + dt.timedelta(1)).isoformat())
    assert archive.record(SLUG).media is not None


def test_what_opens_after_review_stays_closed_and_is_due(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(root, '[access]\nsound = "closed"\nuntil = "2041"\nreason = "As agreed"')
    on(monkeypatch, "2099-01-01")
    record = Archive(root, Audience.VISITORS).record(SLUG)
    assert record.media is None
    withheld = record.shown.sound
    assert withheld is not None
    assert (withheld.is_due, withheld.label, withheld.reason) == (True, "closed until it is reviewed", "As agreed")


@pytest.mark.parametrize(
    ("access", "left"),
    [
        ('sound = "closed"', {"transcript", "annotations"}),
        ('transcript = "on request"', {"media", "annotations"}),
        ('notes = "draft"', {"media", "transcript"}),
    ],
)
def test_a_part_that_is_not_open_is_taken_away(root: Path, access: str, left: set[str]) -> None:
    say(root, f"[access]\n{access}")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert {name for name in ("media", "transcript", "annotations") if getattr(found, name)} == left
    assert found.access == ()


def test_one_line_stands_for_all_that_a_closed_passage_touches(root: Path) -> None:
    say(root, '[[closed]]\nstart = "0:03"\nend = "0:05"\nuntil = "2041"\nreason = "A neighbour is named"')
    assert words(root) == [("one", "first words"), ("closed-2000", "[closed until 2041]"), ("four", "fourth words")]
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert found.transcript is not None
    line = found.transcript.cues[1]
    assert (line.start, line.end, line.speaker, line.words, line.citations) == (2000, 6000, None, (), ())
    assert [note.id for note in found.annotations] == ["early"]
    assert found.shown.silenced == (Span(3000, 5000),)
    assert not found.shown.sends_held
    assert found.shown.crosses(Span(0, 3000)) is None
    assert found.shown.crosses(Span(0, 3001)) == found.shown.passages[0]
    assert words(root, Audience.OWNERS)[1] == ("two", "second words")


def test_a_passage_can_be_closed_by_its_lines(root: Path) -> None:
    say(root, '[[closed]]\ncue = "two..three"')
    assert words(root) == [("one", "first words"), ("closed-2000", "[closed]"), ("four", "fourth words")]
    assert Archive(root, Audience.VISITORS).record(SLUG).shown.silenced == (Span(2000, 6000),)


def test_passages_that_meet_are_one_for_as_long_as_the_longer(root: Path) -> None:
    say(root, '[[closed]]\nstart = 2.5\nend = 3\nuntil = "2041"\n\n[[closed]]\nstart = 3.5\nend = 5\nuntil = "2050"')
    assert words(root) == [("one", "first words"), ("closed-2000", "[closed until 2050]"), ("four", "fourth words")]
    assert Archive(root, Audience.VISITORS).record(SLUG).shown.silenced == (Span(2500, 3000), Span(3500, 5000))


def test_sound_and_words_can_be_closed_apart(root: Path) -> None:
    say(root, '[[closed]]\ncue = "one"\nwhat = "sound"\n\n[[closed]]\ncue = "three"\nwhat = "words"')
    assert [name for name, _ in words(root)] == ["one", "two", "closed-4000", "four"]
    shown = Archive(root, Audience.VISITORS).record(SLUG).shown
    assert shown.silenced == (Span(0, 2000),)
    assert [(each.sound, each.words) for each in shown.passages] == [(True, False), (False, True)]


@pytest.mark.parametrize("place", ['cue = "nine"', 'cue = "two..one"', "start = 8\nend = 9"])
@pytest.mark.parametrize("what", ["sound", "words", "both"])
def test_where_nobody_knows_which_passage_is_closed_all_is(root: Path, place: str, what: str) -> None:
    say(root, f'[[closed]]\n{place}\nwhat = "{what}"')
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    # A sound may go on after the last line.
    is_known = what == "sound" and place.startswith("start")
    assert (found.media is None) == (what != "words" and not is_known)
    assert (found.transcript is None) == (what != "sound")
    # There may be notes at the lines that are meant.
    assert (found.annotations == ()) == (what != "sound")


def test_a_line_of_which_nothing_says_how_long_it_lasts_closes_all(root: Path) -> None:
    path = root / "transcripts" / SLUG / "transcript.vtt"
    path.write_text(LINES.replace("00:00:06.000 --> 00:00:08.000", "00:00:06.000 --> 00:00:06.000"), encoding="utf-8")
    say(root, '[[closed]]\ncue = "four"')
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert (found.media, found.transcript, found.annotations) == (None, None, ())


def test_a_line_between_two_is_closed_to_its_own_end(root: Path) -> None:
    path = root / "transcripts" / SLUG / "transcript.vtt"
    path.write_text(LINES.replace("00:00:02.000 --> 00:00:04.000", "00:00:02.000 --> 00:00:07.000"), encoding="utf-8")
    say(root, '[[closed]]\ncue = "one..three"')
    assert Archive(root, Audience.VISITORS).record(SLUG).shown.silenced == (Span(0, 7000),)


def test_a_passage_of_a_transcript_that_cannot_be_read_closes_all_of_it(root: Path) -> None:
    say(root, '[[closed]]\ncue = "two"')
    (root / "transcripts" / SLUG / "transcript.vtt").write_bytes(b"\xff\xfe")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert (found.media, found.transcript) == (None, None)
    assert found.unread.transcript == ()


def test_a_withdrawn_recording_is_gone_with_its_reason(root: Path) -> None:
    say(root, '[withdrawal]\ndate = "2026-11-29"\nreason = "The speaker asked for it"\ndecided_by = "the keeper"')
    with pytest.raises(WithdrawnError) as gone:
        Archive(root, Audience.VISITORS).record(SLUG)
    assert (gone.value.status, gone.value.date, gone.value.reason) == (410, "2026-11-29", "The speaker asked for it")
    assert Archive(root).record(SLUG).shown.withdrawal is not None


def test_a_record_that_cannot_be_read_is_not_there_but_for_its_owners(root: Path) -> None:
    say(root, '[access]\nrecord = "opne"')
    with pytest.raises(HiddenError) as hidden:
        Archive(root, Audience.VISITORS).recording(SLUG)
    assert hidden.value.faults
    with pytest.raises(ArchiveError):
        Archive(root).recording(SLUG)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[access]\nsound = "secret"', '"sound" is "secret"'),
        ('[access]\nsound = "closed"\nuntil = "soon"', '"until" is "soon", not a date'),
        ('[access]\nsound = "closed"\nuntil = "2041~"', "a last day that is sure"),
        ('[access]\nsound = "closed"\nuntil = "2041/2050"', "a last day that is sure"),
        ('[access]\nsound = "closed"\nuntil = "2041-21"', "a last day that is sure"),
        ('[access]\nsound = "closed"\nuntil = "2041-02-30"', "not a date"),
        ('[access]\nsound = "closed"\nopens = "by itself"', '"until", which is missing'),
        ('[access]\nsound = "open"\nuntil = "2041"', '"until" belongs to what is not open'),
        ('[access]\nuntil = "2041"', "this table names no part"),
        ('[access]\nrecord = "closed"\nsound = "open"', "so no part of it can be open"),
        (
            '[[access]]\nsound = "closed"\n\n[[access]]\nsound = "open"',
            'is "closed" in an earlier [[access]]',
        ),
        ("[[closed]]\nstart = 1", "does not say where it is"),
        ('[[closed]]\nstart = 1\nend = 2\ncue = "one"', "both a cue and a time are given"),
        ("[[closed]]\nstart = 2\nend = 1", "no later than it starts"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line_and_all_is_closed(root: Path, text: str, what: str) -> None:
    say(root, text)
    with pytest.raises(ArchiveError) as refused:
        Archive(root).record(SLUG)
    fault = next(fault for fault in refused.value.faults if what in fault.what)
    assert fault.line is not None
    assert fault.remedy
    with pytest.raises(HiddenError):
        Archive(root, Audience.VISITORS).record(SLUG)


def test_another_name_is_shown_wherever_a_voice_is(root: Path) -> None:
    path = root / "transcripts" / SLUG / "recording.toml"
    record = path.read_text(encoding="utf-8")
    path.write_text(record.replace('name = "Ada"', 'name = "Ada"\ndisplay_name = "A neighbour"'), encoding="utf-8")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert found.transcript is not None
    assert [cue.speaker for cue in found.transcript.cues] == ["A neighbour", "A neighbour", "Ben", "Ben"]
    assert [speaker.name for speaker in found.speaker] == ["A neighbour", "Ben"]
    assert found.shown.redacts_words
    assert "Ada" not in repr(found)


def test_a_private_person_is_in_no_list_and_lends_no_voice_a_name(root: Path) -> None:
    people = root / "transcripts" / "people.toml"
    private = PEOPLE.replace('role = "Tester"', 'role = "Tester"\nprivate = true\nalso = ["ADA"]')
    people.write_text(private, encoding="utf-8")
    archive = Archive(root, Audience.VISITORS)
    assert archive.people == {}
    found = archive.recording(SLUG)
    assert [speaker.name for speaker in found.speaker] == ["Name withheld", "Ben"]
    assert [note.people for note in found.annotations] == [(), ()]
    assert list(Archive(root).people) == ["grace"]


def test_where_nobody_knows_who_is_private_everybody_is(root: Path) -> None:
    (root / "transcripts" / "people.toml").write_text("[[person]]\n", encoding="utf-8")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    # Who is said to be unidentified may have the name of somebody all the same.
    assert [speaker.name for speaker in found.speaker] == ["Name withheld", "Name withheld (2)"]
    assert [note.people for note in found.annotations] == [(), ()]


@pytest.mark.parametrize("voice", ["ADA", "A\u0301da", "\u00c1DA"])
def test_a_voice_that_differs_in_its_letters_alone_has_the_name_that_is_shown(root: Path, voice: str) -> None:
    folder = root / "transcripts" / SLUG
    record = (folder / "recording.toml").read_text(encoding="utf-8")
    shown = record.replace('name = "Ada"', 'name = "Ada"\ndisplay_name = "A neighbour"')
    (folder / "recording.toml").write_text(shown, encoding="utf-8")
    (folder / "transcript.vtt").write_text(LINES.replace("<v Ada>", f"<v {voice}>", 1), encoding="utf-8")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert found.transcript is not None
    assert [cue.speaker for cue in found.transcript.cues] == ["A neighbour", "A neighbour", "Ben", "Ben"]


@pytest.mark.parametrize(
    "voice", ["Ine\u0301s\u00a0Field", "In\u00e9s   Field", "INES FIELD", "In\u00e9s Field's mother"]
)
def test_a_private_name_is_known_however_its_letters_are_written(root: Path, voice: str) -> None:
    private = PEOPLE.replace('name = "Grace"', 'name = "In\u00e9s Field"\nprivate = true')
    (root / "transcripts" / "people.toml").write_text(private, encoding="utf-8")
    path = root / "transcripts" / SLUG / "transcript.vtt"
    path.write_text(LINES.replace("<v Ben>", f"<v {voice}>", 1), encoding="utf-8")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert found.transcript is not None
    assert [cue.speaker for cue in found.transcript.cues] == ["Ada", "Ada", "Name withheld", "Ben"]


def test_who_was_identified_by_somebody_private_is_not_that_person(root: Path) -> None:
    private = PEOPLE.replace('role = "Tester"', 'role = "Tester"\nprivate = true\ndisplay_name = "A keeper"')
    (root / "transcripts" / "people.toml").write_text(private, encoding="utf-8")
    path = root / "transcripts" / SLUG / "recording.toml"
    record = path.read_text(encoding="utf-8")
    path.write_text(record.replace('name = "Ada"', 'name = "Ada"\nidentified_by = "Grace, her aunt"'), encoding="utf-8")
    found = Archive(root, Audience.VISITORS).record(SLUG)
    assert [(each.name, each.identified_by) for each in found.speaker] == [("Ada", None), ("Ben", None)]


def test_a_record_alone_is_shown_as_the_whole_is(root: Path) -> None:
    say(root, '[[closed]]\ncue = "two"\n\n[access]\nnotes = "closed"')
    people = PEOPLE.replace('role = "Tester"', 'role = "Tester"\nprivate = true\nalso = ["Ada"]')
    (root / "transcripts" / "people.toml").write_text(people, encoding="utf-8")
    for audience in Audience:
        archive = Archive(root, audience)
        assert archive.record(SLUG).shown == archive.recording(SLUG).shown


def test_a_draft_says_so_to_those_who_see_it(root: Path) -> None:
    say(root, '[access]\nrecord = "draft"\nnotes = "draft"')
    assert Archive(root, Audience.EDITORS).record(SLUG).shown.drafts == ("record", "notes")


def test_a_voice_that_the_record_does_not_know_is_private_too(root: Path) -> None:
    people = PEOPLE.replace('role = "Tester"', 'role = "Tester"\nprivate = true')
    (root / "transcripts" / "people.toml").write_text(people, encoding="utf-8")
    path = root / "transcripts" / SLUG / "transcript.vtt"
    path.write_text(LINES.replace("<v Ben>", "<v GRACE H.>", 1), encoding="utf-8")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert found.transcript is not None
    assert [cue.speaker for cue in found.transcript.cues] == ["Ada", "Ada", "Name withheld", "Ben"]


def test_which_sound_the_times_of_closed_passages_are_of_is_known(root: Path) -> None:
    path = root / "transcripts" / SLUG / "transcript.vtt"
    bound = f"WEBVTT\nLocal Usage Element: [Media SHA-256] {'a' * 64}"
    path.write_text(LINES.replace("WEBVTT", bound, 1), encoding="utf-8")
    say(root, '[access]\ntranscript = "closed"\n\n[[closed]]\nstart = 1\nend = 2')
    assert Archive(root, Audience.VISITORS).record(SLUG).shown.timed_to == "a" * 64


def test_who_only_lists_recordings_reads_no_transcript(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "transcripts" / "people.toml").write_text(f"{PEOPLE}private = true\n", encoding="utf-8")
    say(root, '[[closed]]\ncue = "two"')
    monkeypatch.setattr(Archive, "_whole_recording", lambda *_: pytest.fail("it was read"))
    assert Archive(root, Audience.VISITORS).slugs() == [SLUG]


SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 50), st.integers(1, 20))


@given(st.lists(SPANS), SPANS)
def test_spans_that_touch_another_are_found_as_by_asking_each(spans: list[Span], asked: Span) -> None:
    spans.sort()
    expected = [number for number, span in enumerate(spans) if span.overlaps(asked)]
    assert Ordered(spans).touched(asked) == expected
    assert Ordered(spans).first(asked) == (expected[0] if expected else None)


def test_what_is_shown_is_decided_once_for_a_day(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    say(root, '[[closed]]\ncue = "two"\nuntil = "2041"\nopens = "by itself"')
    archive = Archive(root, Audience.VISITORS)
    on(monkeypatch, "2041-12-31")
    first = archive.recording(SLUG)
    assert archive.recording(SLUG) is first
    assert archive.record(SLUG).shown is first.shown
    on(monkeypatch, "2042-01-01")
    assert [name for name, _ in words(root)] == ["one", "two", "three", "four"]
    on(monkeypatch, "2041-12-31")
    assert archive.recording(SLUG) == first


def test_what_is_open_may_be_named_beside_what_is_closed_until_a_day(root: Path) -> None:
    say(root, '[access]\nsound = "closed"\ntranscript = "open"\nuntil = "2041"')
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert (found.media is None, found.transcript is None) == (True, False)


def test_a_slip_in_a_name_that_is_not_shown_is_not_shown_either(root: Path) -> None:
    path = root / "transcripts" / SLUG / "recording.toml"
    record = path.read_text(encoding="utf-8")
    path.write_text(record.replace('name = "Ada"', 'name = "Ada"\ndisplay_name = "A neighbour"'), encoding="utf-8")
    transcript = root / "transcripts" / SLUG / "transcript.vtt"
    transcript.write_text(LINES.replace("<v Ada>first", "<v Adda>first"), encoding="utf-8")
    found = Archive(root, Audience.VISITORS).recording(SLUG)
    assert found.transcript is not None
    assert [cue.speaker for cue in found.transcript.cues] == ["Name withheld", "A neighbour", "Ben", "Ben"]


@pytest.mark.parametrize(
    "closing", ['\n[access]\ntranscript = "closed"\n', '\n[[closed]]\nstart = "0:02"\nend = "0:04"\n']
)
def test_what_is_closed_between_reading_a_record_and_its_lines_is_not_shown_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closing: str
) -> None:
    root = write_archive(tmp_path / "archive")
    folder = root / "transcripts" / SLUG
    (folder / "transcript.vtt").write_text(LINES, encoding="utf-8")
    record = folder / "recording.toml"
    archive = Archive(root, Audience.VISITORS)
    text = record.read_text(encoding="utf-8")

    def close(folder: Path) -> dict[str, Path]:
        # Who reads the lines has the record by then, and not yet asked whether the file is the same.
        record.write_text(text + closing, encoding="utf-8")
        return translation_files(folder)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("player.archive.archive.translation_files", close)
        archive.recording(SLUG)
    assert record.read_text(encoding="utf-8") != text
    found = archive.recording(SLUG)
    assert "second words" not in repr(found.transcript)
    assert found.shown == archive.record(SLUG).shown == Archive(root, Audience.VISITORS).recording(SLUG).shown
