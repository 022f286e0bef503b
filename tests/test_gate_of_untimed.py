"""Of a line that is not timed, or only roughly, nobody knows that it is outside a closed passage: it is closed too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import checking
import pytest
from closings import FAR, write_closed

from player.archive.archive import Archive
from player.archive.gate.shown import Audience

if TYPE_CHECKING:
    from pathlib import Path

    from player.archive.recording import Recording

#: Five lines at 1, 3, 5, 7 and 9 seconds; after each stands one that is not timed.
MIXED: Final = "WEBVTT\n" + "".join(
    f"\nt{at}\n00:00:0{at}.000 --> 00:00:{at + 1:02}.000\n<v Ada>timed\n\nNOTE untimed u{at}\n<v Ada>not\n"
    for at in (1, 3, 5, 7, 9)
)
#: Five that are timed roughly.
ROUGH: Final = "WEBVTT\n" + "".join(
    f"\nNOTE approximate\n\nt{at}\n00:00:0{at}.000 --> 00:00:{at + 1:02}.000\n<v Ada>rough {at}\n"
    for at in (1, 3, 5, 7, 9)
)
#: None is timed.
UNTIMED: Final = "WEBVTT\n\nNOTE untimed a\n<v Ada>first\n\nNOTE untimed b\n<v Ada>second\n"


def write(root: Path, transcript: str, closed: str) -> Path:
    write_closed(root, f'\n[[closed]]\n{closed}\nuntil = "{FAR}"\nwhat = "words"\n')
    (root / "transcripts" / "tones" / "annotations.toml").unlink()
    (root / "transcripts" / "tones" / "transcript.vtt").write_text(transcript, encoding="utf-8")
    return root


def recording(root: Path) -> Recording:
    return Archive(root, Audience.VISITORS).recording("tones")


def shown(root: Path) -> list[str]:
    transcript = recording(root).transcript
    return [line.id for line in transcript.lines] if transcript else []


@pytest.mark.parametrize(
    ("closed", "left"),
    [
        # u1 and u3 may be said until t3 and t5 are over; u5 only after t5 began.
        ('cue = "t3"', ["t1", "closed-3000", "t5", "u5", "t7", "u7", "t9", "u9"]),
        ('cue = "t3..t5"', ["t1", "closed-3000", "t7", "u7", "t9", "u9"]),
        ("start = 4.2\nend = 4.4", ["t1", "u1", "t3", "closed-4200", "t5", "u5", "t7", "u7", "t9", "u9"]),
        # The last line may be said until the sound ends, and the first since it began.
        ("start = 9.5\nend = 9.8", ["t1", "u1", "t3", "u3", "t5", "u5", "t7", "closed-9000"]),
    ],
)
def test_an_untimed_line_is_closed_with_what_is_closed_beside_it(tmp_path: Path, closed: str, left: list[str]) -> None:
    assert shown(write(tmp_path, MIXED, closed)) == left


def test_a_line_that_is_timed_roughly_may_be_said_as_long_as_those_beside_it(tmp_path: Path) -> None:
    assert shown(write(tmp_path, ROUGH, 'cue = "t5"')) == ["t1", "closed-5000", "t9"]


@pytest.mark.parametrize("closed", ["start = 1.0\nend = 2.0", 'cue = "a"', 'cue = "a..b"'])
def test_where_no_line_is_timed_all_words_are_closed(tmp_path: Path, closed: str) -> None:
    found = recording(write(tmp_path, UNTIMED, closed))
    assert found.transcript is None
    assert found.shown.transcript is not None


@pytest.mark.parametrize(
    ("closed", "what"),
    [
        ('cue = "a"', 'the line "a" is untimed, so that nobody knows where it is, and all of the transcript'),
        ("start = 1.0\nend = 2.0", "no line of the transcript is timed, so all of the transcript and the notes are"),
    ],
)
def test_that_it_closes_all_is_told(tmp_path: Path, closed: str, what: str) -> None:
    faults = checking.faults(write(tmp_path, UNTIMED, closed))
    assert [fault for fault in map(str, faults) if what in fault]


@pytest.mark.parametrize("closed", ['cue = "t3"', "start = 9.5\nend = 9.8"])
def test_translations_have_the_lines_that_are_left(tmp_path: Path, closed: str) -> None:
    root = write(tmp_path, MIXED, closed)
    spanish = MIXED.replace("WEBVTT\n", "WEBVTT\nLanguage: spa\nLocal Usage Element: [Translated by] Ada\n", 1)
    (root / "transcripts" / "tones" / "transcript.es.vtt").write_text(spanish, encoding="utf-8")
    (translation,) = Archive(root).recording("tones").translations
    assert translation.faults == ()
    assert len(translation.lines) == 2 * len(translation.cues) == 10
    (seen,) = recording(root).translations
    assert [line.id for line in seen.lines] == shown(root)


def test_a_translation_says_when_no_line_is_said_that_has_no_time(tmp_path: Path) -> None:
    root = write(tmp_path, MIXED, 'cue = "t3"')
    spanish = MIXED.replace("WEBVTT\n", "WEBVTT\nLanguage: spa\nLocal Usage Element: [Translated by] Ada\n", 1)
    timed = spanish.replace("NOTE untimed u1\n", "u1\n00:00:02.000 --> 00:00:02.500\n")
    untimed = timed.replace("t9\n00:00:09.000 --> 00:00:10.000\n", "NOTE untimed t9\n")
    (root / "transcripts" / "tones" / "transcript.es.vtt").write_text(untimed, encoding="utf-8")
    (translation,) = Archive(root).recording("tones").translations
    assert [(fault.what, fault.remedy) for fault in translation.faults] == [
        ("line u1 is untimed in the transcript", "write NOTE untimed u1 above its words"),
        ("line t9 has different times in the transcript", "write 00:00:09.000 --> 00:00:10.000"),
    ]
