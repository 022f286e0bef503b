"""The ``player`` command: what it prints, what it refuses, and what it exits with."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import wave
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from player.cli import main
from player.clips.defaults import FADE, GAP


def run(archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--archive", str(archive)])


def test_the_recordings_are_listed(archive: Path) -> None:
    assert run(archive, "list").stdout == "tones  1963-11-05  recording  A tape of tones\n"


def test_a_recording_whose_file_is_not_there_is_listed_as_missing(archive: Path) -> None:
    (archive / "media" / "tones.wav").unlink()
    assert "  missing  " in run(archive, "list").stdout


def test_the_annotations_are_listed_with_their_links(archive: Path) -> None:
    assert run(archive, "annotations", "tones").stdout.splitlines() == [
        "0:02    Who Ada is      /recordings/tones?t=2#note-who",
        "0:08.5  Something late  /recordings/tones?t=8.5#note-late",
        "-       All around      /recordings/tones#note-around",
    ]


def test_a_clip_holds_the_samples_of_its_passage(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "clip.wav"
    result = run(
        archive, "clip", "tones", "--from", ":02.5", "--to", "4", "--fade-in", "0", "--fade-out", "0", "-o", str(target)
    )
    assert result.exit_code == 0, result.output
    with wave.open(str(target)) as made, wave.open(str(archive / "media" / "tones.wav")) as tape:
        tape.setpos(20_000)
        assert made.readframes(100_000) == tape.readframes(12_000)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing", "--from", "1", "--to", "2"], 'no recording is called "nothing"; the archive has: tones'),
        (["tones", "--from", "1", "--to", "11"], "0:10"),
        (["tones", "--from", "3", "--to", "2"], "no later than it starts"),
        (["tones", "--from", "2", "--to", "2"], "no later than it starts"),
        (["tones", "--from", "nan", "--to", "2"], "is not a time"),
        (["tones", "--from", "1", "--to", "2", "--fade-in", "-5"], "fade"),
    ],
)
def test_a_clip_that_cannot_be_is_refused_and_leaves_nothing(
    archive: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    result = run(archive, "clip", *arguments, "-o", str(folder / "clip.mp3"))
    assert result.exit_code == 1
    assert words in result.stderr
    assert not result.stdout
    assert list(folder.iterdir()) == []


def test_a_clip_of_what_is_not_held_is_refused(archive: Path, tmp_path: Path) -> None:
    path = archive / "transcripts" / "tones" / "recording.toml"
    path.write_text('title = "Lost"\ndate = "1963"\nstatus = "not held"\n', encoding="utf-8")
    result = run(archive, "clip", "tones", "--from", "1", "--to", "2", "-o", str(tmp_path / "clip.mp3"))
    assert result.exit_code == 1
    assert "does not hold" in result.stderr


def test_a_file_that_is_there_is_kept_unless_forced(archive: Path, tmp_path: Path) -> None:
    target = tmp_path / "clip.wav"
    target.write_text("mine", encoding="utf-8")
    arguments = ["clip", "tones", "--from", "1", "--to", "2", "-o", str(target)]
    assert run(archive, *arguments).exit_code == 1
    assert target.read_text(encoding="utf-8") == "mine"
    assert run(archive, *arguments, "--force").exit_code == 0
    assert target.read_bytes()[:4] == b"RIFF"


def test_a_folder_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, "list")
    assert result.exit_code == 1
    assert 'no folder "transcripts"; name a folder' in result.stderr


def test_a_mistake_in_the_arguments_is_misuse(archive: Path) -> None:
    assert run(archive, "clip", "tones").exit_code == 2
    assert run(archive, "serve", "--port", "99999").exit_code == 2


def test_the_environment_may_name_the_archive(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_ARCHIVE", str(archive))
    assert "tones" in CliRunner().invoke(main, ["list"]).stdout


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_with_an_example(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert f"Example:\n    player {name}" in result.stdout
    command = main.commands[name]
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_commands_that_write_into_an_archive_are_those_that_the_guide_names() -> None:
    guide = Path(__file__).parents[1] / "docs/your-own.md"
    named = guide.read_text(encoding="utf-8").partition("Only ")[2].partition("ever write into an archive")[0]
    reading = {
        "bag",
        "check",
        "cite",
        "clip",
        "clips",
        "closed",
        "credentials",
        "export",
        "index",
        "list",
        "search",
        "serve",
        "verify",
    }
    assert {*re.findall(r"`player ([a-z]+)`", named)} == set(main.commands) - reading


def test_the_command_line_has_the_defaults_of_clips() -> None:
    options = {option.name: option for option in main.commands["clip"].params if isinstance(option, click.Option)}
    assert (options["fade_in"].default, options["fade_out"].default) == (FADE, FADE)
    assert str(options["gap"].help).endswith(f"; {GAP / 1000} by default.")


def test_a_reading_that_is_refused_is_not_spoken() -> None:
    result = CliRunner().invoke(main, ["reading", "1963-11-05-attwood-reading"])
    assert result.exit_code == 1
    assert "already exists; use --force to replace it" in result.stderr
    assert "Speaking" not in result.output


def test_an_archive_without_recordings_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "transcripts").mkdir()
    advice, last = run(tmp_path, "check").stdout.splitlines()
    assert "there are no recordings, and the first page is empty" in advice
    assert last == "the archive has no recordings; 1 piece of advice"
    (tmp_path / "transcripts" / "people.toml").write_text("wrong", encoding="utf-8")
    assert run(tmp_path, "check").stderr == "1 fault; 1 piece of advice\n"


def test_help_does_not_load_what_it_does_not_need() -> None:
    code = (
        "import sys; from player.cli import main; main(['--help'], standalone_mode=False); print(*sorted(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(result.stdout.split())
    assert not loaded & {"flask", "pydub", "webvtt", "jinja2", "waitress", "mutagen", "numpy"}


def test_on_windows_it_is_said_where_the_player_serves() -> None:
    code = "import sys; sys.modules['resource'] = None; from player.cli import main; main(['serve', '--port', '0'])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stdout) == (1, "")
    assert "run it in WSL" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_package_runs_as_a_module() -> None:
    result = subprocess.run([sys.executable, "-m", "player", "--version"], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("player, version ")


@pytest.mark.parametrize("name", ["a" * 300, "loop", "a/" * 3000])
def test_a_folder_that_cannot_be_is_no_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    result = CliRunner().invoke(main, ["list", "--archive", name])
    assert result.exit_code == 1
    assert "this is not an archive" in result.stderr


def test_a_working_directory_that_is_gone_is_no_traceback(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for name, words in ((str(archive), "there is no folder"), ("archive", "this is not an archive")):
        result = CliRunner().invoke(
            main, ["clip", "tones", "--from", "1", "--to", "2", "-o", "gone/a.wav", "--archive", name]
        )
        assert (result.exit_code, words in result.stderr) == (1, True), result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_nothing_takes_is_told_in_words(archive: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "player", "list", "--archive", str(archive)]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert "no space left" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_told_to_stop_leaves_nothing_unfinished(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "import click, os, pathlib, sys\n"
        "from player.cli import main\n"
        "from player.files import new_file\n"
        "@main.command('wait')\n"
        "def wait():\n"
        "    with new_file(pathlib.Path(sys.argv[2])):\n"
        "        os.kill(os.getpid(), int(sys.argv[3]))\n"
        "        import time; time.sleep(60)\n"
        "target = sys.argv[2]\n"
        "main(['wait'])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, "wait", str(tmp_path / "clip.mp3"), str(int(number))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (128 + number, "")
    assert list(tmp_path.iterdir()) == []


def test_a_name_with_control_characters_is_shown_harmless(archive: Path) -> None:
    result = run(archive, "annotations", "\x1b[31mred")
    assert (result.exit_code, "\x1b" in result.stderr) == (1, False)
