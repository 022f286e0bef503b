"""``player import``: a file of somebody becomes the transcript of a recording, as a whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from imports import RECORD, SLUG, write_record
from small_archive import write_tones

from player.archive.archive import Archive
from player.cli import main
from player.commands import import_
from player.intake.transcripts import formats
from player.intake.transcripts.imported import Deed

if TYPE_CHECKING:
    from click.testing import Result

SRT = """\
1
00:00:00,000 --> 00:00:02,000
Tom Hale: One boat.

2
00:00:02,000 --> 00:00:04,000
Anna Reed: Two boats.

3
00:00:04,000 --> 00:00:06,000
Tom Hale: Note: three.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    write_record(root, RECORD.replace('status = "not held"', 'media = "ferry.wav"\n\n[access]\nrecord = "draft"'))
    write_tones(root / "media" / "ferry.wav", seconds=6)
    return root


def run(archive: Path, *arguments: object, answers: str = "") -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, ["import", SLUG, *words, "--archive", str(archive)], input=answers)


def held(archive: Path) -> dict[str, bytes]:
    return {str(path.relative_to(archive)): path.read_bytes() for path in sorted(archive.rglob("*")) if path.is_file()}


def test_a_file_becomes_the_transcript_bound_to_its_sound_and_is_told(archive: Path, file: Path) -> None:
    result = run(archive, file, "--speakers", "yes")
    assert result.exit_code == 0, result.output
    digest = hashlib.sha256((archive / "media" / "ferry.wav").read_bytes()).hexdigest()
    text = (archive / "transcripts" / SLUG / "transcript.vtt").read_text(encoding="utf-8")
    assert f"[Media SHA-256] {digest}\n" in text
    assert "c3\n00:00:04.000 --> 00:00:06.000\n<v Tom Hale>Note: three.\n" in text
    recording = Archive(archive).recording(SLUG)
    assert [speaker.name for speaker in recording.speaker] == ["Anna Reed", "Tom Hale"]
    assert recording.access[0].record == "draft"
    assert "3 lines, 0:00 to 0:06" in result.output
    assert "new speaker, unidentified in recording.toml: Tom Hale" in result.output
    assert "bound to ferry.wav" in result.output
    assert "for visitors, the recording stays as it is: draft" in result.output


def test_in_a_script_names_stay_in_the_words_and_are_told(archive: Path, file: Path) -> None:
    result = run(archive, file)
    assert (
        '"Tom Hale", 2 times at the head of a line, as words (line 2)' in result.output or "Tom Hale" in result.output
    )
    (first, *_) = Archive(archive).recording(SLUG).transcript.cues  # type: ignore[union-attr]  # it was imported
    assert (first.text, first.speaker) == ("Tom Hale: One boat.", None)


def test_nothing_is_written_where_only_asked_what_would_be(archive: Path, file: Path) -> None:
    before = held(archive)
    result = run(archive, file, "--dry-run")
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "nothing is written")
    assert held(archive) == before


def test_a_transcript_that_is_there_is_replaced_only_by_force_and_kept(archive: Path, file: Path) -> None:
    run(archive, file)
    before = held(archive)
    refused = run(archive, file, "--speakers", "yes")
    assert refused.exit_code == 1
    assert "there is a transcript already; --force replaces it" in refused.output
    assert held(archive) == before
    assert "which --force replaces" in run(archive, file, "--dry-run").output
    assert run(archive, file, "--speakers", "yes", "--force").exit_code == 0
    folder = archive / "transcripts" / SLUG
    kept, entry = sorted((folder / "history").iterdir())
    assert (kept.name, entry.name) == ("0000-first.vtt", "0001.json")
    assert kept.read_bytes() == before[f"transcripts/{SLUG}/transcript.vtt"]
    assert "nothing in it changes" in run(archive, file, "--speakers", "yes", "--force").output
    assert len(list((folder / "history").iterdir())) == 2
    checked = CliRunner().invoke(main, ["check", "--archive", str(archive)])
    assert "history" not in checked.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--speakers", "perhaps"], 2, "neither yes, none"),
        (["--format", "parchment"], 2, '"parchment" is no format that is known; it is one of docx, '),
        ([], 1, "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(
    archive: Path, file: Path, arguments: list[str], code: int, said: str
) -> None:
    if not arguments:
        file.unlink()
    result = run(archive, file, *arguments)
    assert result.exit_code == code
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_pipe_in_place_of_a_file_does_not_hang(archive: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.srt")
    result = run(archive, tmp_path / "pipe.srt")
    assert result.exit_code == 1
    assert "it is a pipe" in result.output


def test_a_transcript_that_is_a_link_out_of_the_archive_is_not_written(
    archive: Path, file: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.vtt"
    outside.write_text("WEBVTT\n", encoding="utf-8")
    (archive / "transcripts" / SLUG / "transcript.vtt").symlink_to(outside)
    assert run(archive, file, "--force").exit_code == 1
    assert outside.read_text(encoding="utf-8") == "WEBVTT\n"


def test_a_recording_that_is_withdrawn_stays_so(archive: Path, file: Path) -> None:
    path = archive / "transcripts" / SLUG / "recording.toml"
    path.write_text(f'{path.read_text(encoding="utf-8")}\n[withdrawal]\ndate = "2020-01-01"\n', encoding="utf-8")
    result = run(archive, file, "--speakers", "yes")
    assert result.exit_code == 0, result.output
    assert "stays as it is: withdrawn" in result.output
    assert Archive(archive).record(SLUG).withdrawal is not None


@pytest.mark.parametrize(
    ("answers", "speakers"),
    [
        ("yes\n", ["Tom Hale", "Anna Reed", "Tom Hale"]),
        ("none\n", [None, None, None]),
        ("each\nThomas Hale\n-\n", ["Thomas Hale", None, "Thomas Hale"]),
    ],
)
def test_on_a_terminal_it_asks_who_speaks(
    archive: Path, file: Path, monkeypatch: pytest.MonkeyPatch, answers: str, speakers: list[str | None]
) -> None:
    monkeypatch.setattr(import_, "_is_terminal", lambda: True)
    result = run(archive, file, answers=answers)
    assert result.exit_code == 0, result.output
    assert "Tom Hale  (2 times, as on line " in result.output
    transcript = Archive(archive).recording(SLUG).transcript
    assert transcript is not None
    assert [cue.speaker for cue in transcript.cues] == speakers


_KILLED = """
import os, signal, sys
import player.intake.transaction as changing
from player.cli import main

count = 0
moment = int(sys.argv.pop(1))

def dying(function):
    def call(*arguments, **named):
        global count
        count += 1
        if count > moment:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)
    return call

for name in ("replace", "unlink", "write_bytes", "write_text", "rename"):
    setattr(changing.Path, name, dying(getattr(changing.Path, name)))
main()
"""


@pytest.mark.long
def test_killed_at_any_moment_it_leaves_all_or_nothing(archive: Path, file: Path) -> None:
    """Kill the command before each of its changes to the disk in turn, until it gets to its end."""
    cache = {"PLAYER_CACHE": str(archive.parent / "cache")}
    whole = [f"transcripts/{SLUG}/{name}" for name in ("recording.toml", "transcript.vtt")]
    before = {name: content for name, content in held(archive).items() if name in whole}
    outcomes = []
    for moment in range(200):
        for name in whole:
            (archive / name).unlink(missing_ok=True)
        for name, content in before.items():
            (archive / name).write_bytes(content)
        arguments = ["import", SLUG, str(file), "--speakers", "yes", "--archive", str(archive)]
        ended = subprocess.run(
            [sys.executable, "-c", _KILLED, str(moment), *arguments],
            env={**os.environ, **cache},
            capture_output=True,
            check=False,
        )
        from player.intake.transaction import recover  # noqa: PLC0415  # the module that is under test

        recover(archive)
        after = {name: content for name, content in held(archive).items() if name in whole}
        is_done = after != before
        assert not is_done or (len(after) == 2 and all(after[name] != before.get(name) for name in whole))
        left = [name for name in held(archive) if "tape-player" in name]
        assert left == []
        outcomes.append(is_done)
        if ended.returncode != -signal.SIGKILL:
            break
    assert ended.returncode == 0, ended.stderr
    assert set(outcomes) == {False, True}


@pytest.mark.long
def test_without_room_nothing_changes_and_that_is_said(archive: Path, tmp_path: Path) -> None:
    cues = (
        f"00:{second // 60:02d}:{second % 60:02d}.000 --> 00:{second // 60:02d}:{second % 60:02d}.900\nLine {second}.\n"
        for second in range(3000)
    )
    file = tmp_path / "long.vtt"
    file.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    before = held(archive)

    def little_room() -> None:
        # As on a full disk, the file that is written cannot grow; what is written of it is removed.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    ended = subprocess.run(
        [sys.executable, "-m", "player", "import", SLUG, str(file), "--archive", str(archive)],
        env={**os.environ, "PLAYER_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=little_room,  # the limit has to hold in the child alone
    )
    assert ended.returncode == 1, ended.stderr
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert held(archive) == before


def test_the_formats_are_those_of_the_readers_and_are_named_in_help_and_guide() -> None:
    assert tuple(formats.READERS) == tuple(reader.NAME for reader in formats.readers())
    for command in ("import", "add"):
        told = "".join(CliRunner().invoke(main, [command, "--help"]).output.split())
        assert ",".join(formats.READERS) in told
    guide = (Path(__file__).parent.parent / "docs" / "your-own.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z][a-z-]*)` \|", guide.partition("\n## Formats\n")[2], re.MULTILINE)) == {
        *formats.READERS
    }


def test_the_typescript_in_the_guide_is_read_as_it_says(tmp_path: Path) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "your-own.md").read_text(encoding="utf-8")
    typed = guide.partition("### How to lay out a typescript")[2].partition("```text\n")[2].partition("```")[0]
    (tmp_path / "talk.txt").write_text(typed, encoding="utf-8")
    found = formats.read(tmp_path / "talk.txt")
    assert found.title == "The harbour office, 1971"
    assert [(line.turns[0].speaker, line.start, line.page) for line in found.lines] == [
        *(("REED", None, "1"), ("HALE", None, "1"), ("HALE", None, "2")),
        *(("REED", 192_000, "2"), ("HALE", None, "2")),
    ]
    assert [remark.deed for remark in found.remarks if remark.deed is not Deed.READ] == []
