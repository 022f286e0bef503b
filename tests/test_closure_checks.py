"""What closes something and is wrong is told with its line and what to do, and is closed meanwhile."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

import checking
import pytest
from small_archive import bind, write_archive

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.cli import main
from player.errors import ArchiveError, NotFoundError
from player.web.app import create_app

if TYPE_CHECKING:
    from click.testing import CliRunner

    from player.archive.recording import Recording
    from player.errors import Fault

DATA: Final = Path(__file__).parent / "data" / "closed"

#: What keeps a record from being read: the line that is told, words of what is wrong or of what to do.
REFUSED: Final = {
    "access_is_a_word": (4, "[access]"),
    "no_part": (5, "write one of record, sound, transcript, notes"),
    "opens_unknown": (8, "write one of after review, by itself"),
    "opens_without_until": (7, 'what happens after "until", which is missing'),
    "part_twice": (9, "an earlier [[access]]"),
    "part_unknown": (6, 'unknown key "sounds"'),
    "passage_at_noon": (6, '"noon" is not a time'),
    "passage_by_cue_and_time": (6, "both a cue and a time are given"),
    "passage_ends_first": (7, "ends (0:02) no later than it starts (0:04)"),
    "passage_in_single_brackets": (5, "begin each one with [[closed]]"),
    "passage_nowhere": (5, "does not say where it is"),
    "passage_of_a_key_unknown": (7, 'unknown key "untill"'),
    "passage_of_speech": (7, "write one of sound, words, both"),
    "passage_opens_without_until": (7, 'what happens after "until", which is missing'),
    "passage_until_about": (7, "a last day that is sure"),
    "passage_until_soon": (7, '"soon", not a date'),
    "passage_without_end": (5, "give start and end, or a cue"),
    "record_closed_and_part_open": (7, "so no part of it can be open"),
    "state_in_capitals": (6, "write one of open, draft, on request, closed"),
    "state_unknown": (6, "write one of open, draft, on request, closed"),
    "until_about": (7, "a last day that is sure"),
    "until_before_christ": (7, '"-0041", not a date'),
    "until_both": (7, "a last day that is sure"),
    "until_day_30_of_february": (7, '"2041-02-30", not a date'),
    "until_day_first": (7, '"30/06/2041", not a date'),
    "until_decade": (7, '"204X", not a date'),
    "until_empty": (7, '"", not a date'),
    "until_flag": (7, '"until" is true, not a date'),
    "until_hour": (7, "not a date"),
    "until_interval": (7, "a last day that is sure"),
    "until_list": (7, "['2041'], not a date"),
    "until_month_13": (7, '"2041-13", not a date'),
    "until_month_of_one_digit": (7, '"2041-6-30", not a date'),
    "until_no_beginning": (7, "a last day that is sure"),
    "until_of_what_is_open": (7, '"until" belongs to what is not open'),
    "until_open_interval": (7, "a last day that is sure"),
    "until_season": (7, "a last day that is sure"),
    "until_two_digits": (7, '"41", not a date'),
    "until_uncertain": (7, "a last day that is sure"),
    "until_word": (7, '"soon", not a date'),
    "withdrawal_on_no_day": (6, '"yesterday", which is not in the form of a date'),
    "withdrawal_without_date": (5, '"date" is missing'),
}
#: What is seen only beside the transcript and the sound; what of these is then open.
MISPLACED: Final = {
    "cue_not_there": (6, 'the identifier "firts", so all of the sound, the transcript and the notes are closed', ""),
    "cue_not_there_sound": (6, 'the identifier "firts", so all of the sound is closed', "words"),
    "cue_not_there_words": (6, 'the identifier "firts", so all of the transcript and the notes are closed', "sound"),
    "cues_turned_round": (6, 'write "opening..last"', ""),
    "far_past_the_end": (6, "past the end of the sound (0:10), so none of the recording is played", "copy words"),
    "past_the_end": (7, "the passage ends (0:12) past the end of the sound (0:10)", "copy words"),
    "past_the_last_line": (6, "after the last line ends (0:08.5)", "sound"),
    "words_between_lines": (5, "so it closes nothing", "sound words"),
}
REASONS: Final = 'reason = "Asked for."\ndecided_by = "The board"\n'


@pytest.fixture
def archive(archive: Path) -> Path:
    """The small archive, with nothing to advise on."""
    bind(archive)
    return archive


def put(archive: Path, name: str) -> Path:
    path = archive / "transcripts" / "tones" / "recording.toml"
    shutil.copy(DATA / f"{name}.toml", path)
    return path


def add(archive: Path, text: str) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")


def seen(archive: Path) -> Recording:
    return Archive(archive, Audience.VISITORS).recording("tones")


def advised(archive: Path) -> list[str]:
    return [str(each).partition("recording.toml:")[2] for each in checking.advice_on_texts(archive)]


def after(archive: Path, days: int) -> str:
    """Give a day so many after the one that decides what is open."""
    return (Archive(archive).day() + dt.timedelta(days=days)).isoformat()


def test_every_file_of_the_data_is_in_a_table() -> None:
    assert {path.stem for path in DATA.iterdir()} == REFUSED.keys() | MISPLACED.keys()


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Fault]]:
    """An archive in which each of these files is the record of a recording, and what is wrong with it."""
    root = write_archive(tmp_path_factory.mktemp("refused") / "archive")
    for name in REFUSED:
        (root / "transcripts" / name).mkdir()
        shutil.copy(DATA / f"{name}.toml", root / "transcripts" / name / "recording.toml")
    return root, checking.faults(root)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_told_and_the_recording_is_not_there(
    refused: tuple[Path, list[Fault]], name: str
) -> None:
    root, faults = refused
    path = root / "transcripts" / name / "recording.toml"
    (fault,) = [each for each in faults if each.path == path]
    line, words = REFUSED[name]
    assert fault.line == line
    assert words in str(fault)
    with pytest.raises(NotFoundError):
        Archive(root, Audience.VISITORS).recording(name)
    with pytest.raises(ArchiveError):
        Archive(root).recording(name)


def test_what_cannot_be_read_is_not_there_for_a_browser_either(archive: Path) -> None:
    client = create_app(archive).test_client()
    assert client.get("/recordings/tones").status_code == 200
    for name in ("state_unknown", "until_word", "passage_nowhere"):
        put(archive, name)
        answer = client.get("/recordings/tones")
        assert answer.status_code == 404
        # As a name that never was.
        assert answer.text.replace("tones", "never") == client.get("/recordings/never").text


@pytest.mark.parametrize("name", MISPLACED)
def test_a_passage_that_is_nowhere_is_told_and_what_it_may_mean_is_closed(archive: Path, name: str) -> None:
    path = put(archive, name)
    transcript = path.with_name("transcript.vtt")
    text = transcript.read_text(encoding="utf-8")
    if name == "past_the_last_line":
        transcript.write_text(text.replace("--> 00:00:10.000", "--> 00:00:08.500"), encoding="utf-8")
    line, words, open_parts = MISPLACED[name]
    (fault,) = checking.faults(archive)
    assert (fault.path, fault.line) == (path, line)
    assert words in str(fault)
    recording = seen(archive)
    assert (recording.transcript is not None) == ("words" in open_parts)
    # How long a sound is shows when its copy is made, which is all that may be sent of it.
    assert (recording.media is not None) == ("sound" in open_parts or "copy" in open_parts)
    assert recording.shown.sends_held == ("sound" in open_parts)
    client = create_app(archive).test_client()
    assert client.get("/media/tones").status_code == (200 if "sound" in open_parts else 403)
    assert client.get("/recordings/tones/transcript.vtt").status_code == (200 if "words" in open_parts else 403)


@pytest.mark.parametrize("until", ['"2041"', '"2041-06"', '"2041-06-30"', "2041-06-30", "2041"])
def test_a_day_a_month_and_a_year_are_right_with_quotation_marks_or_without(archive: Path, until: str) -> None:
    add(archive, f'[access]\nrecord = "closed"\nuntil = {until}\n{REASONS}')
    assert checking.faults(archive) == []
    assert advised(archive) == []


def test_a_withdrawal_in_the_future_is_told_and_holds(archive: Path) -> None:
    add(archive, '[withdrawal]\ndate = "3003"\n')
    (fault,) = checking.faults(archive)
    assert '"date" (3003) lies in the future; correct the date' in str(fault)
    with pytest.raises(NotFoundError):
        seen(archive)


ADVICE = [
    # what is written, the line that is told, words of the advice
    (
        f'[[closed]]\nstart = "0:02"\nend = "0:04"\n{REASONS}\n[[closed]]\ncue = "first"\nwhat = "sound"\n{REASONS}',
        26,
        "the passage (0:02 to 0:04.5) overlaps that of line 20 (0:02 to 0:04), and the stricter one holds",
    ),
    (
        f'[[closed]]\nstart = "0:07.2"\nend = "0:07.8"\n{REASONS}',
        20,
        "no line of the transcript is in the passage (0:07.2 to 0:07.8), so it closes the sound alone",
    ),
    (f'[access]\nsound = "closed"\n{REASONS}', 21, 'the sound is "closed", and its transcript is open'),
    (
        f'[access]\nrecord = "closed"\nuntil = "1999"\n{REASONS}',
        22,
        '"until" (1999) has passed, and this waits for review; write a later one, or open it: player publish tones',
    ),
    (f'[[closed]]\ncue = "first"\nuntil = "1999-02"\n{REASONS}', 22, "(February 1999) has passed, and this waits"),
    ('[access]\nrecord = "closed"\n', 20, "nothing says why or on whose word; write reason = … and decided_by = …"),
    ('[access]\nnotes = "on request"\nreason = "x"\n', 20, "nothing says on whose word; write decided_by = …"),
    ('[[closed]]\ncue = "first"\ndecided_by = "x"\n', 20, "nothing says why; write reason = …"),
]


@pytest.mark.parametrize(("written", "line", "words"), ADVICE)
def test_what_its_keeper_has_to_see_to_is_advised(archive: Path, written: str, line: int, words: str) -> None:
    add(archive, written)
    assert checking.faults(archive) == []
    (told,) = advised(archive)
    assert told.startswith(f"{line}: ")
    assert words in told


def test_a_speaker_who_is_heard_in_closed_lines_alone_is_told(archive: Path) -> None:
    record = archive / "transcripts" / "tones" / "recording.toml"
    before = record.read_text(encoding="utf-8")
    add(archive, f'[[closed]]\ncue = "c3"\nwhat = "words"\n{REASONS}')
    (told,) = advised(archive)
    assert told.startswith("16: ")
    assert 'only closed lines have the voice of "Ben", who is listed as a speaker' in told
    for other in (
        before.replace('name = "Ben"', 'name = "Ben"\ndisplay_name = "A neighbour"') + '\n[[closed]]\ncue = "c3"\n',
        before + '\n[[closed]]\ncue = "first"\n',  # Ada is heard elsewhere too
        before + '\n[access]\ntranscript = "closed"\n',
    ):
        record.write_text(other + REASONS, encoding="utf-8")
        assert advised(archive) == []


def test_a_copy_that_is_silent_is_asked_for_until_it_is_there(archive: Path, runner: CliRunner) -> None:
    add(archive, f'[[closed]]\ncue = "first"\n{REASONS}')
    (told,) = checking.advice(archive)
    assert told.what == checking.UNCOPIED
    assert told.remedy.endswith(": player access tones")
    record = archive / "transcripts" / "tones" / "recording.toml"
    closed = record.read_text(encoding="utf-8")
    add(archive, f'[access]\nsound = "closed"\ntranscript = "open"\n{REASONS}')
    assert checking.advice(archive) == []
    record.write_text(closed, encoding="utf-8")
    assert runner.invoke(main, ["access", "tones", "--archive", str(archive)]).exit_code == 0
    assert checking.advice(archive) == []
    add(archive, f'[[closed]]\ncue = "last"\n{REASONS}')
    (told,) = checking.advice(archive)
    assert told.path.parent.name == "access"


OPENED: Final = 'until = "1999"\nopens = "by itself"\n'
NO_ADVICE = [
    '[access]\nrecord = "draft"\n',
    f'[access]\nsound = "closed"\ntranscript = "open"\n{REASONS}',
    (
        f'[[closed]]\nstart = "0:02"\nend = "0:04"\nwhat = "sound"\n{REASONS}\n'
        f'[[closed]]\nstart = "0:03"\nend = "0:04"\nwhat = "words"\n{REASONS}'
    ),
    f'[[closed]]\nstart = "0:07.2"\nend = "0:07.8"\nwhat = "sound"\n{REASONS}',
    '[access]\nsound = "closed"\nuntil = "1999"\n\n[withdrawal]\ndate = "1999"\n',
    # What has opened by itself, as it was written or by publish --reviewed, needs neither word nor reason any more.
    f'[access]\nrecord = "closed"\n{OPENED}',
    f'[[closed]]\ncue = "first"\n{OPENED}',
    f'[[closed]]\nstart = "0:02"\nend = "0:04"\n{OPENED}\n[[closed]]\nstart = "0:03"\nend = "0:04"\n{REASONS}',
    f'[[closed]]\nstart = "0:07.2"\nend = "0:07.8"\n{OPENED}',
]


@pytest.mark.parametrize("written", NO_ADVICE)
def test_what_is_as_it_should_be_needs_no_advice(archive: Path, written: str) -> None:
    add(archive, written)
    assert checking.faults(archive) == []
    assert advised(archive) == []


def test_what_opens_by_itself_is_told_thirty_days_before(archive: Path) -> None:
    told = []
    record = archive / "transcripts" / "tones" / "recording.toml"
    before = record.read_text(encoding="utf-8")
    for days in (-1, 0, 29, 30):
        until = f'until = "{after(archive, days)}"\nopens = "by itself"\n'
        record.write_text(f'{before}\n[[closed]]\ncue = "first"\n{until}{REASONS}', encoding="utf-8")
        told.append(advised(archive))
    assert (told[0], told[3]) == ([], [])
    for (each,) in told[1:3]:
        assert "this opens by itself on" in each
        assert each.startswith("22: ")


def test_the_command_that_opens_what_is_due_names_the_archive(archive: Path, runner: CliRunner) -> None:
    add(archive, f'[access]\nrecord = "closed"\nuntil = "1999"\n{REASONS}')
    result = runner.invoke(main, ["check", "--archive", str(archive)])
    assert result.exit_code == 0
    assert f"or open it: player publish tones --reviewed --archive {archive}\n" in result.stdout
    assert runner.invoke(main, ["check", "--strict", "--archive", str(archive)]).exit_code == 1


SECOND = 'title = "Again"\ndate = "1963-11-05"\nmedia = "{}"\n'


@pytest.mark.parametrize("link", [None, "symbolic", "hard"])
def test_a_sound_that_another_recording_plays_in_the_open_is_a_fault(archive: Path, link: str | None) -> None:
    add(archive, f'[[closed]]\nstart = "0:02"\nend = "0:04"\nwhat = "sound"\n{REASONS}')
    sound = archive / "media" / "tones.wav"
    other = archive / "media" / "again.wav"
    if link == "symbolic":
        other.symlink_to(sound.name)
    elif link == "hard":
        other.hardlink_to(sound)
    path = archive / "transcripts" / "again" / "recording.toml"
    path.parent.mkdir()
    path.write_text(SECOND.format(other.name if link else sound.name), encoding="utf-8")
    (fault,) = checking.faults(archive)
    name = other.name if link else sound.name
    assert (fault.path, fault.line) == (path, 3)
    assert f'{name} is open here, and closed from 0:02 to 0:04 in "tones"' in fault.what
    for covered in ('[[closed]]\nstart = "0:01"\nend = "0:05"\nwhat = "sound"\n', '[access]\nrecord = "closed"\n'):
        path.write_text(SECOND.format(name) + covered + REASONS, encoding="utf-8")
        told = [str(each) for each in checking.faults(archive)]
        # The other way round it is wrong too: this closes more than the first does.
        assert [each for each in told if "again/recording.toml" in each] == []
        assert len(told) == 1
        assert "tones/recording.toml:6: " in told[0]
    path.write_text(SECOND.format(name) + '[[closed]]\nstart = "0:03"\nend = "0:05"\n' + REASONS, encoding="utf-8")
    assert len(checking.faults(archive)) == 2


def test_a_clock_that_went_back_is_told_with_its_day_and_trusted_from_then_on(archive: Path, runner: CliRunner) -> None:
    clock = Archive(archive).clock
    today = clock.day()
    kept = clock._path  # noqa: SLF001  # what a process that saw another time has left
    assert kept is not None
    assert "clock" not in runner.invoke(main, ["check", "--archive", str(archive)]).stdout
    tomorrow = (today + dt.timedelta(days=40)).isoformat()
    kept.write_text(f'{{"day": "{tomorrow}", "is_trusted": true, "confirmed": 0}}', encoding="utf-8")
    assert not Archive(archive).clock.is_trusted
    result = runner.invoke(main, ["check", "--archive", str(archive)])
    assert result.exit_code == 0
    assert "the clock of this machine went back, or jumped" in result.stdout
    assert Archive(archive).clock.is_trusted
    assert "clock" not in runner.invoke(main, ["check", "--archive", str(archive)]).stdout


def test_a_line_without_a_length_is_told_and_what_names_it_closes_all(archive: Path) -> None:
    folder = archive / "transcripts" / "tones"
    transcript = (folder / "transcript.vtt").read_text(encoding="utf-8")
    ended = transcript.replace("00:00:08.000 --> 00:00:10.000", "00:00:08.000 --> 00:00:08.000")
    (folder / "transcript.vtt").write_text(ended, encoding="utf-8")
    record = folder / "recording.toml"
    record.write_text(f'{record.read_text(encoding="utf-8")}\n[[closed]]\ncue = "last"\n', encoding="utf-8")
    told = [str(each) for each in checking.faults(archive) if each.path == record]
    assert len(told) == 1
    all_of_it = "all of the sound, the transcript and the notes are closed"
    assert f'nothing says how long the line "last" lasts, so {all_of_it}' in told[0]
