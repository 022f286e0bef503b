"""What ``player add`` says of what it reads and makes, and what it refuses to read, in words."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from clipping import run
from small_archive import write_tones
from test_add import SRT
from tones import ffmpeg

from player import roots
from player.archive.archive import Archive
from player.audio.decode.stream import Header
from player.audio.tags import Tags
from player.cli import main
from player.commands import advised
from player.commands.options import archive_option
from player.intake.adding import Found, Wanted, add
from player.intake.beginning import begin
from player.intake.sounds import Sound
from player.intake.transcripts import bringing
from player.intake.transcripts.imported import Imported

if TYPE_CHECKING:
    from click.testing import Result


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    begin(tmp_path / "archive", "The quay")
    return tmp_path / "archive"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    write_tones(tmp_path / "quay talk.wav", seconds=2)
    return tmp_path / "quay talk.wav"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    (tmp_path / "quay.srt").write_text(SRT, encoding="utf-8")
    return tmp_path / "quay.srt"


def added(archive: Path, *words: str | Path) -> Result:
    """Add with the command; it must not fail otherwise than in words."""
    answer = run(archive, "add", *map(str, words))
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer


def titled(archive: Path, *words: str | Path) -> Result:
    return added(archive, *words, "--title", "On the quay", "--date", "1971")


@pytest.mark.long
@pytest.mark.parametrize("name", ["nothere.srt", "folder", "shut.srt"])
@pytest.mark.parametrize("way", ["new", "to", "dry"])
def test_a_transcript_that_cannot_be_read_is_told_in_words(
    empty: Path, sound: Path, tmp_path: Path, name: str, way: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "shut.srt").symlink_to(tmp_path / "shut.srt")
    folder = empty / "transcripts" / "quay"
    folder.mkdir()
    (folder / "recording.toml").write_text('title = "Quay"\ndate = "1971"\nstatus = "not held"\n', encoding="utf-8")
    given = {"new": ("--title", "x", "--date", "1971"), "to": ("--to", "quay"), "dry": ("--yes", "--dry-run")}[way]
    answer = added(empty, sound, "--transcript", tmp_path / name, *given)
    assert answer.exit_code == 1
    assert f"{name}: the file cannot be read (" in answer.output
    assert "check that it exists and that you may read it" in answer.output
    assert not list((empty / "media").iterdir())


def test_a_row_whose_transcript_cannot_be_read_is_told_and_the_others_are_added(
    empty: Path, sound: Path, tmp_path: Path
) -> None:
    write_tones(tmp_path / "dock.wav", seconds=3)
    table = tmp_path / "table.csv"
    table.write_text(
        f"sound,transcript,title,date\n{sound.name},nothere.srt,Quay,1971\ndock.wav,,Dock,1972\n", encoding="utf-8"
    )
    answer = added(empty, "--from-csv", table)
    assert answer.exit_code == 1
    assert "nothere.srt: the file cannot be read (no such file or directory)" in answer.output
    assert "1 recording added, 1 not added" in answer.output
    assert [*Archive(empty).slugs()] == ["dock"]


@pytest.mark.parametrize("name", ["nothere.csv", "folder.csv"])
def test_a_table_that_cannot_be_read_is_told_in_words(empty: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    answer = added(empty, "--from-csv", tmp_path / name)
    assert answer.exit_code == 1
    assert f"{name}: " in answer.output


@pytest.mark.long
def test_a_last_line_ends_with_the_sound_to_the_millisecond(empty: Path, tmp_path: Path) -> None:
    # 23.685 seconds, which a FLAC within Matroska states as 23.69.
    wav, sound, words = tmp_path / "talk.wav", tmp_path / "talk.mka", tmp_path / "talk.srt"
    write_tones(tmp_path / "long.wav", seconds=3)
    ffmpeg("-i", str(tmp_path / "long.wav"), "-af", "atrim=end_sample=21881", str(wav))
    ffmpeg("-i", str(wav), "-c:a", "flac", str(sound))
    words.write_text(SRT.replace("00:00:02,000", "00:00:09,000"), encoding="utf-8")
    slug = add(Archive(empty), Wanted((sound,), (words,), title="x", date="1971")).slug
    transcript = Archive(empty).recording(slug).transcript
    assert transcript is not None
    assert transcript.cues[-1].end == 21_881 * 1000 // 8000


@pytest.mark.parametrize(
    ("name", "title", "date"),
    [
        ("1971-06-02_harbour-office.wav", "Harbour office", "1971-06-02"),
        ("shed 1998-05-03.m4a", "Shed", "1998-05-03"),
        ("The shed, 1998.m4a", "The shed", "1998"),
        ("The shed (1998).m4a", "The shed", "1998"),
        ("Talk in 1971 on the quay.wav", "Talk in 1971 on the quay", "1971"),
        ("quay_1971.wav", "Quay", "1971"),
        ("shed 1998-05-03 of 1971.wav", "Shed 1998-05-03 of 1971", "1998-05-03"),
        ("from 1971 to 1974.wav", "From 1971 to 1974", None),
        ("1971-06-02 and 1971-06-03.wav", "And", "1971-06-02"),
        ("a 1971-06-02 b 1971-06-03.wav", "A 1971-06-02 b", None),
        ("shed 1998-13-45.wav", "Shed", "1998"),
        ("tape 1849.wav", "Tape 1849", None),
        ("tape 2999.wav", "Tape 2999", None),
        ("DSC1998.wav", "DSC1998", None),
        ("talk 12.30.1998.wav", "Talk 12.30.1998", None),
        ("1998.wav", None, "1998"),
    ],
)
def test_a_date_is_taken_from_a_name_where_it_is_the_only_one(name: str, title: str | None, date: str | None) -> None:
    sound = Sound(Path(name), name, ".wav", 1, Header(8000, 1, 2, "pcm_s16le", 0, None, "wav"), Tags())
    assert (sound.date, sound.title) == (date, title)


def test_the_command_says_where_title_and_date_are_taken_from(empty: Path, sound: Path, tmp_path: Path) -> None:
    answer = added(empty, sound.rename(tmp_path / "quay 1971.wav"), "--yes", "--dry-run")
    assert "its title is taken from the name of the file: Quay 1971\n" in answer.output
    assert "its date is taken from the name of the file: 1971\n" in answer.output
    answer = added(empty, tmp_path / "quay 1971.wav", "--title", "x", "--yes", "--dry-run")
    assert "its title" not in answer.output


def test_where_a_title_is_from_is_told_of_tags_and_of_transcripts() -> None:
    header = Header(8000, 1, 2, "pcm_s16le", 0, None, "wav")
    tagged = Sound(Path("a.wav"), "a.wav", ".wav", 1, header, Tags("Quay", "1971"))
    plain = Sound(Path("b.wav"), "b.wav", ".wav", 1, header, Tags())
    words = Imported(format="OHMS", lines=(), title="Shed", date="1972")
    assert Found((tagged,), (words,)).whence("title", "Quay") == "the tags of the sound"
    assert Found((plain,), (words,)).whence("title", "Shed") == "the transcript"
    assert Found((plain,), (words,)).whence("date", "1972") == "the transcript"
    assert Found((tagged, plain), (words,)).whence("title", "Shed") == "the transcript"
    assert Found((tagged, plain), ()).whence("title", "Quay") == "the names of the files"


@pytest.mark.long
def test_the_commands_that_are_advised_name_the_archive(empty: Path, tmp_path: Path) -> None:
    chair = "".join(
        f"{number}\n00:00:0{number},000 --> 00:00:0{number},900\n{name}: {text}\n\n"
        for number, (name, text) in enumerate([("Chair", "Good day."), ("Clerk", "So it is."), ("Chair", "We begin."),
                                               ("Clerk", "We do."), ("Chair", "The quay."), ("Clerk", "It is wet.")])
    )  # fmt: skip
    (tmp_path / "chair.srt").write_text(chair, encoding="utf-8")
    write_tones(tmp_path / "long.wav", seconds=7)
    answer = titled(empty, tmp_path / "long.wav", "--transcript", tmp_path / "chair.srt")
    told = [line for line in answer.output.splitlines() if "player import" in line]
    assert len(told) == 1, answer.output
    assert f"--archive {empty} (and 5 more like it" in told[0]
    assert f"player check --all --archive {empty} lists each)" in told[0]
    assert titled(empty, tmp_path / "long.wav").exit_code == 1
    refused = run(empty, "clip", "on-the-quay", "--from", "0", "--to", "1")
    assert f"with player publish on-the-quay --archive {empty}, or," in refused.output
    assert f"to publish it: player publish on-the-quay --archive {empty}\n" in answer.output


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("make it: player access quay; or set X", "make it: player access quay --archive a; or set X"),
        ("with player publish quay, or, so", "with player publish quay --archive a, or, so"),
        ("at once: player import quay 'a; b' --force", "at once: player import quay 'a; b' --force --archive a"),
        ("look: player check", "look: player check --archive a"),
        ("correct it first: player check says what is wrong", "correct it first: player check says what is wrong"),
        ("what player import reads", "what player import reads"),
        ("see it: player serve --drafts --archive b", "see it: player serve --drafts --archive b"),
        ("copies: player access --all\nuntil", "copies: player access --all --archive a\nuntil"),
    ],
)  # fmt: skip
def test_a_command_in_a_sentence_gets_the_archive_behind_its_last_word(text: str, named: str) -> None:
    @click.command()
    @archive_option
    def say(root: Path) -> None:
        click.echo(f"{advised.with_archive(text)}|{root}")

    assert CliRunner().invoke(say, ["--archive", "a"]).output == f"{named}|a\n"
    assert CliRunner().invoke(say, [], env={"PLAYER_ARCHIVE": "a"}).output == f"{text}|a\n"


@pytest.mark.long
def test_faults_of_one_kind_are_told_once_and_counted(empty: Path, sound: Path, tmp_path: Path) -> None:
    words = "".join(f"{n}\n00:01:{n:02},000 --> 00:01:{n:02},900\nLine {n} is said.\n\n" for n in range(1, 25))
    (tmp_path / "late.srt").write_text(words, encoding="utf-8")
    answer = titled(empty, sound, "--transcript", tmp_path / "late.srt")
    assert answer.exit_code == 1
    told = [line for line in answer.output.splitlines() if "transcript.vtt:" in line]
    assert [line.partition("(and ")[2][:20] for line in told] == ["23 more like it, the"], answer.output


def test_an_address_is_printed_where_a_server_can_answer(empty: Path, sound: Path) -> None:
    with socket.socket() as other:
        with contextlib.suppress(OSError):  # then another program has it, which is as good
            other.bind(("127.0.0.1", 8000))
            other.listen()
        answer = titled(empty, sound)
    assert answer.exit_code == 0
    assert " --port 80" in answer.output
    assert "http://127.0.0.1:8000/" not in answer.output
    assert "\n\n" not in answer.output


def test_one_sound_given_twice_is_refused(empty: Path, sound: Path) -> None:
    answer = titled(empty, sound, sound)
    assert answer.exit_code == 1
    assert "quay talk.wav: this is the same sound as quay talk.wav; give each part once" in answer.output


@pytest.mark.long
def test_a_dry_run_tells_what_an_addition_would(empty: Path, sound: Path, words: Path) -> None:
    words.write_text(SRT.replace("The ferry", "TOM: The ferry").replace("Nobody", "ANN: Nobody"), encoding="utf-8")
    before = sorted(empty.rglob("*"))
    given = ("--transcript", words, "--speakers", "TOM=Tom Reed,ANN=Ann Hale", "--like", "none")
    answer = titled(empty, sound, *given[:4], "--dry-run")
    assert answer.exit_code == 0, answer.output
    assert "quay.srt: SubRip, 2 lines, 0:00 to 0:02\n" in answer.output
    assert "unidentified in recording.toml: Tom Reed, Ann Hale\n" in answer.output
    assert "visitors would not see it: it would be a draft\n" in answer.output
    assert answer.output.endswith("it would be on-the-quay; nothing was added\n")
    assert "\n\n" not in answer.output
    assert sorted(empty.rglob("*")) == before
    told = [line for line in titled(empty, sound, *given[:4]).output.splitlines() if line.startswith("  new speakers")]
    assert told[0] in answer.output
    assert titled(empty, sound, *given, "--dry-run").exit_code == 1


@pytest.mark.long
def test_a_dry_run_tells_of_parts_and_of_the_copy_that_browsers_need(empty: Path, sound: Path, tmp_path: Path) -> None:
    write_tones(tmp_path / "other.wav", seconds=3)
    parts = titled(empty, sound, tmp_path / "other.wav", "--part-title", "A", "--part-title", "B", "--dry-run")
    assert "on-the-quay.flac: A from 0:00, B from 0:02; 0:05 in all\n" in parts.output
    ffmpeg("-i", str(sound), str(tmp_path / "quay.mp3"))
    one = titled(empty, tmp_path / "quay.mp3", "--publish", "--dry-run")
    assert "; a copy that they play exactly would be made\nvisitors would see it\n" in one.output


@pytest.mark.long
@pytest.mark.parametrize("way", ["new", "to"])
def test_a_record_that_could_not_be_read_is_not_written(
    empty: Path, sound: Path, words: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    folder = empty / "transcripts" / "quay"
    folder.mkdir()
    text = 'title = "Quay"\ndate = "1971"\nstatus = "not held"\n'
    (folder / "recording.toml").write_text(text, encoding="utf-8")
    words.write_text("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n<v Tom>hi\n", encoding="utf-8")
    # Whatever a name may hold that gets so far.
    monkeypatch.setattr(bringing, "new_speakers", lambda *_: ("Tom\u202e",))
    given = ("--to", "quay") if way == "to" else ("--title", "x", "--date", "1971")
    answer = added(empty, sound, "--transcript", words, *given)
    assert answer.exit_code == 1
    assert "recording.toml" in answer.output
    assert "control character" in answer.output
    assert sorted(path.name for path in folder.iterdir()) == ["recording.toml"]
    assert (folder / "recording.toml").read_text(encoding="utf-8") == text
    assert not list((empty / "media").iterdir())


def test_what_goes_into_the_archive_that_comes_with_the_player_is_told(
    empty: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roots, "SHIPPED_ARCHIVE", empty)
    words = ["add", str(sound), "--title", "On the quay", "--date", "1971", "--dry-run"]
    warning = f"{empty}: this is the archive that comes with the player; for one of your own, name it with --archive"
    assert CliRunner().invoke(main, words).stderr.startswith(warning)
    assert "comes with the player" not in run(empty, *words).output
