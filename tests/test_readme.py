"""README tells the truth: its commands run, its make targets exist, its table of keys is the code's."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner
from programs import program

from player.archive import keys
from player.cli import main

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"^ {4,}(player .+)$", README, flags=re.MULTILINE)))


def test_the_table_of_keys_is_the_codes_own() -> None:
    shown = README.partition("<!-- keys: printed by `python -m player.archive.keys` -->\n")[2].partition(
        "<!-- /keys -->"
    )[0]
    assert shown.strip() == keys.table()


def test_every_make_target_that_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"(?:`| {4})make ([a-z]+)", README))
    assert named
    assert named <= targets


def test_every_file_that_readme_maps_exists() -> None:
    for path in re.findall(r"`((?:player|static|templates|tests)/[\w./]*\w(?:/|\.\w+))`", README):
        assert (ROOT / path).exists(), path


def test_readme_shows_every_command() -> None:
    shown = {command.split()[1] for command in COMMANDS} | set(re.findall(r"`player (\w+)", README))
    assert shown >= set(main.commands)


def test_the_commands_of_readme_run_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (table,) = re.findall(r"```csv\n(.*?)```", README, flags=re.DOTALL)
    Path("passages.csv").write_text(table, encoding="utf-8")
    for command in COMMANDS:
        if command.split()[1] not in {"serve", "reading"}:
            result = CliRunner().invoke(main, shlex.split(command)[1:])
            assert result.exit_code == 0, f"{command}: {result.output}"


def test_the_command_that_makes_the_reading_again_runs(tmp_path: Path) -> None:
    program("flite")
    (command,) = [command for command in COMMANDS if "player reading" in command]
    for folder in ("media", "transcripts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    result = CliRunner().invoke(main, [*shlex.split(command)[1:], "--archive", str(tmp_path)])
    assert result.exit_code == 0, result.output


def test_the_python_of_readme_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    for folder in ("media", "transcripts"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, cwd=tmp_path)
    assert (tmp_path / "clip.wav").read_bytes()[:4] == b"RIFF"
