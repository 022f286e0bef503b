"""``player withdraw`` closes a recording at once, and changes of its record nothing else."""

from __future__ import annotations

import datetime as dt
import shutil
import tomllib
from typing import TYPE_CHECKING

import pytest
from clipping import run
from closings import record_of, write_closed
from withdrawing import REASON, is_hidden, own_cache, root

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.commands import withdraw as command
from player.errors import WithdrawnError
from player.index.index import Index

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["own_cache", "root"]


def withdrawal(root: Path) -> dict[str, str]:
    found: dict[str, str] = tomllib.loads(record_of(root).read_text(encoding="utf-8"))["withdrawal"]
    return found


def today() -> str:
    return dt.datetime.now().astimezone().date().isoformat()


@pytest.mark.parametrize(("eol", "mark"), [("\n", ""), ("\r\n", "\ufeff")])
def test_the_record_says_so_and_stays_as_it_was(root: Path, eol: str, mark: str) -> None:
    record = record_of(root)
    text = mark + record.read_text(encoding="utf-8").rstrip("\n").replace("\n", "   # a note\n", 1).replace("\n", eol)
    record.write_bytes(text.encode())
    record.chmod(0o640)
    answer = run(root, "withdraw", "tones", "--reason", REASON)
    assert (answer.exit_code, answer.stderr) == (0, "")
    escaped = REASON.replace('"', '\\"')
    added = f'\n\n[withdrawal]\ndate = "{today()}"\nreason = "{escaped}"\n'.replace("\n", eol)
    assert record.read_bytes().decode() == text + added
    assert record.stat().st_mode & 0o777 == 0o640
    with pytest.raises(WithdrawnError) as told:
        Archive(root, Audience.VISITORS).record("tones")
    assert (told.value.date, told.value.reason) == (today(), REASON)
    assert run(root, "check").exit_code == 0


@pytest.mark.parametrize(
    "tables",
    [
        '[access]\nrecord = "draft"\n',
        '[[access]]\nsound = "closed"\n[[closed]]\nstart = "0:01"\nend = "0:02"\n',
        '[access]\nrecord = "nonsense"\n',
        '[nothing]\nknown = "here"\n',
        "[withdrawal]   # by telephone\n",
    ],
)
def test_it_is_withdrawn_whatever_its_state(tmp_path: Path, tables: str) -> None:
    root = write_closed(tmp_path / "closed", tables)
    answer = run(root, "withdraw", "tones")
    assert answer.exit_code == 0
    assert withdrawal(root) == {"date": today()}
    assert is_hidden(root)
    if "n" in tables.partition('= "')[2][:1]:
        assert "Visitors see nothing of it in any case as long as it cannot be read." in answer.stderr


def test_a_second_time_changes_nothing_but_the_reason(root: Path) -> None:
    assert "tones is withdrawn: " in run(root, "withdraw", "tones", "--reason", "First.").stdout
    record = record_of(root)
    record.write_text(record.read_text(encoding="utf-8").replace(today(), "2020-01-02"), encoding="utf-8")
    before = record.read_bytes()
    for reason in ([], ["--reason", "First."]):
        answer = run(root, "withdraw", "tones", *reason)
        assert (answer.exit_code, record.read_bytes()) == (0, before)
        assert "tones was withdrawn before: " in answer.stdout
        assert "nothing was left to be removed" in answer.stdout
        assert "was changed" not in answer.stdout
    answer = run(root, "withdraw", "tones", "--reason", "Second.")
    assert answer.exit_code == 0
    assert 'the reason that visitors read was changed: it was "First.", and is now "Second."\n' in answer.stdout
    assert withdrawal(root) == {"date": "2020-01-02", "reason": "Second."}
    assert record.read_text(encoding="utf-8").count("[withdrawal]") == 1


def test_a_reason_where_there_was_none_is_told_as_a_change(root: Path) -> None:
    assert "was changed" not in run(root, "withdraw", "tones").stdout
    answer = run(root, "withdraw", "tones", "--reason", "A reason.")
    assert 'was changed: there was none, and is now "A reason."\n' in answer.stdout
    record = record_of(root)
    record.write_text(record.read_text(encoding="utf-8").replace("A reason.", "\\u001b[31m" + "a" * 80))
    answer = run(root, "withdraw", "tones", "--reason", "Another.")
    assert f'it was "\\x1b[31m{"a" * 80}", and is now "Another."\n' in answer.stdout


def test_what_is_not_toml_is_closed_already_and_what_to_do_is_told(root: Path) -> None:
    Index.of(Archive(root)).look()
    record = record_of(root)
    record.write_text("title = \n", encoding="utf-8")
    answer = run(root, "withdraw", "tones")
    assert answer.exit_code == 1
    assert "its title, words and notes in the index" in answer.stdout
    assert "what was derived from its sound was not looked for" in answer.stderr
    assert "recording.toml:1: this is not TOML" in answer.stderr
    assert "As long as it cannot be read, visitors see nothing of this recording; once it is corrected" in answer.stderr
    assert record.read_text(encoding="utf-8") == "title = \n"
    assert is_hidden(root)


def test_a_record_that_lies_elsewhere_is_not_written(root: Path, tmp_path: Path) -> None:
    record, elsewhere = record_of(root), tmp_path / "elsewhere.toml"
    shutil.move(record, elsewhere)
    record.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    answer = run(root, "withdraw", "tones")
    assert (answer.exit_code, elsewhere.read_bytes()) == (1, before)
    assert "this link leads out of the archive" in answer.stderr
    assert "visitors see nothing of this recording" in answer.stderr


def test_where_nothing_can_be_written_it_says_that_it_is_open_still(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("player.archive.toml.rewriting.new_file", refuse)
    before = record_of(root).read_bytes()
    answer = run(root, "withdraw", "tones")
    assert (answer.exit_code, answer.stdout, record_of(root).read_bytes()) == (1, "", before)
    assert "this cannot be written (permission denied)" in answer.stderr
    assert "tones is NOT withdrawn, and nothing was removed" in answer.stderr


@pytest.mark.parametrize("written", ['withdrawal = { date = "2026" }', 'withdrawal.date = "2026"'])
def test_one_that_is_written_on_a_line_is_one_too(root: Path, written: str) -> None:
    record = record_of(root)
    record.write_text(f"{written}\n{record.read_text(encoding='utf-8')}", encoding="utf-8")
    before = record.read_bytes()
    assert (run(root, "withdraw", "tones").exit_code, record.read_bytes()) == (0, before)
    answer = run(root, "withdraw", "tones", "--reason", "A reason.")
    assert "written in a way that cannot be changed here; change it by hand" in answer.stderr
    assert (answer.exit_code, record.read_bytes()) == (1, before)


@pytest.mark.parametrize("slug", ["none", "../media", "dossiers", "", ".", "a/b"])
def test_a_recording_that_is_not_there_is_refused(root: Path, slug: str) -> None:
    answer = run(root, "withdraw", slug)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "no recording is called" in answer.stderr


@pytest.mark.parametrize(
    ("reason", "what"),
    [("", "not text"), ("  ", "not text"), ("\x1b[31m", "control character"), ("\udcff", "not text in the encoding")],
)
def test_a_reason_that_is_none_is_refused(root: Path, reason: str, what: str) -> None:
    before = record_of(root).read_bytes()
    answer = run(root, "withdraw", "tones", "--reason", reason)
    assert (answer.exit_code, answer.stdout, record_of(root).read_bytes()) == (2, "", before)
    assert what in answer.stderr


def test_the_command_asks_nothing(root: Path) -> None:
    assert run(root, "withdraw", "tones").stdout.startswith("tones is withdrawn: ")  # it has nothing to read from
    assert not [each for each in command.withdraw.params if getattr(each, "prompt", None)]
