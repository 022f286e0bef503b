"""``player invite``: a link is printed once, a digest is kept; what cannot be is refused, nothing half written."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
import stat
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Final

import pytest
from clipping import run
from closings import FAR, another, record_of, write_closed

from player.archive.archive import Archive
from player.archive.gate.clock import Clock
from player.archive.gate.shown import Audience
from player.archive.invitations import digest_of, invitations
from player.errors import NotFoundError
from player.intake import inviting

if TYPE_CHECKING:
    from pathlib import Path

DRAFT: Final = '[access]\nrecord = "draft"\n'
NORA: Final = ("invite", "tones", "--for", "Nora Quill", "--until", "2940-03-01")
FILE: Final = "transcripts/tones/invitations.toml"


@pytest.fixture
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    return write_closed(tmp_path / "archive", DRAFT)


def test_the_link_is_printed_and_only_a_digest_of_it_is_kept(drafts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYER_URL", "https://tapes.example.org/old")
    result = run(drafts, *NORA)
    assert result.exit_code == 0, result.output
    found = re.search(r"^https://tapes\.example\.org/old/invited/\?token=(\S{43})$", result.output, re.MULTILINE)
    assert found, result.output
    assert "to the end of 1 March 2940" in result.output
    assert "opened by it: the recording (draft)" in result.output
    (kept,) = invitations(Archive(drafts), "tones")
    assert (kept.name, kept.until, kept.digest) == ("Nora Quill", "2940-03-01", digest_of(found[1]))
    path = drafts / FILE
    assert found[1] not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert run(drafts, "invite", "tones", "--for", "Otto", "--until", "2940-03-01").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = run(drafts, "check")
    assert (told.exit_code, "invitations.toml" in told.output) == (0, False), told.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("tones", "--for", "Nora", "--until", "2020-01-01"), "2020-01-01 is over"),
        (("tones", "--for", "Nora", "--until", "2940-02-30"), '"2940-02-30" is not a day'),
        (("tones", "--for", "Nora", "--until", "2940"), '"2940" is not a day'),
        (("nothing", "--for", "Nora", "--until", "2940-01-01"), 'no recording is called "nothing"'),
        (("../tones", "--for", "Nora", "--until", "2940-01-01"), "no recording is called"),
        (("tones", "--for", "  ", "--until", "2940-01-01"), "the name is"),
        (("tones", "--for", "No\x07ra", "--until", "2940-01-01"), "control character"),
        (("tones", "--for", "No\nra", "--until", "2940-01-01"), "line break"),
        (("tones", "--for", "a --> b", "--until", "2940-01-01"), "an arrow"),
        (("tones", "--for", "N" * 81, "--until", "2940-01-01"), "longer than 80"),
        (("tones", "--revoke", "Nora"), '"Nora" is not invited to tones; who is: nobody'),
    ],
)
def test_what_cannot_be_meant_is_refused(drafts: Path, words: tuple[str, ...], told: str) -> None:
    result = run(drafts, "invite", *words)
    assert (result.exit_code, told in result.output) == (1, True), result.output
    assert not (drafts / FILE).exists()


@pytest.mark.parametrize(
    "words",
    [(), ("tones",), ("tones", "--for", "Nora"), ("tones", "--list", "--revoke", "Nora"), ("--revoke", "Nora")],
)
def test_what_is_said_by_halves_is_misuse(drafts: Path, words: tuple[str, ...]) -> None:
    assert run(drafts, "invite", *words).exit_code == 2


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ("", "that visitors do not see already"),
        (f'[[closed]]\nstart = "0:02"\nend = "0:04"\nuntil = "{FAR}"\n', "that visitors do not see already"),
        (f'[access]\nrecord = "closed"\nuntil = "{FAR}"\n', f"is closed until {FAR}, and an invitation does not open"),
        ('[access]\nsound = "closed"\n', "that visitors do not see already"),
        ('[withdrawal]\ndate = "2026-01-01"\n', "is withdrawn"),
    ],
)
def test_nobody_is_invited_to_what_is_open_or_stays_closed(tmp_path: Path, tables: str, told: str) -> None:
    root = write_closed(tmp_path / "archive", tables)
    result = run(root, *NORA)
    assert (result.exit_code, told in result.output) == (1, True), result.output


def test_what_is_on_request_is_opened_and_what_stays_closed_is_said(tmp_path: Path) -> None:
    tables = '[access]\nsound = "on request"\ntranscript = "closed"\n[[closed]]\nstart = "0:02"\nend = "0:04"\n'
    root = write_closed(tmp_path / "archive", tables)
    result = run(root, *NORA)
    assert "opened by it: its sound (on request)" in result.output, result.output
    assert "stays closed: its words (closed), 1 passage" in result.output


def test_a_person_has_one_invitation_and_one_that_is_over_makes_room(drafts: Path) -> None:
    assert run(drafts, *NORA).exit_code == 0
    again = run(drafts, "invite", "tones", "--for", "nora  QUILL", "--until", "2940-01-01")
    assert (again.exit_code, "Nora Quill is invited to tones already" in again.output) == (1, True), again.output
    path = drafts / FILE
    path.write_text(path.read_text("utf-8").replace("2940-03-01", "2020-03-01") + "\n# a remark\n", "utf-8")
    assert "over" in run(drafts, "invite", "--list").output
    assert run(drafts, *NORA).exit_code == 0
    assert [each.until for each in invitations(Archive(drafts), "tones")] == ["2940-03-01"]


def test_invitations_are_listed_and_ended(drafts: Path) -> None:
    assert "nobody is invited" in run(drafts, "invite", "--list").output
    another(drafts, "other", DRAFT)
    for slug, name in (("tones", "Nora Quill"), ("tones", "Otto"), ("other", "Ines")):
        assert run(drafts, "invite", slug, "--for", name, "--until", "2940-03-01").exit_code == 0
    listed = run(drafts, "invite", "--list").output
    assert re.search(r"^tones +Nora Quill +2940-03-01 +\S+ +open$", listed, re.MULTILINE), listed
    assert "Ines" not in run(drafts, "invite", "tones", "--list").output
    assert run(drafts, "invite", "tones", "--revoke", "NORA quill").exit_code == 0
    assert [each.name for each in invitations(Archive(drafts), "tones")] == ["Otto"]
    assert run(drafts, "invite", "tones", "--revoke", "Otto").exit_code == 0
    assert not (drafts / FILE).exists()


def test_check_advises_of_what_is_over_and_of_who_may_read_it(drafts: Path) -> None:
    run(drafts, *NORA)
    path = drafts / FILE
    path.write_text(path.read_text("utf-8").replace("2940-03-01", "2020-03-01"), "utf-8")
    path.chmod(0o644)
    told = run(drafts, "check").output
    assert "the invitation of Nora Quill was good until 1 March 2020, and is over" in told
    assert "--revoke 'Nora Quill'" in told
    assert "others than its owner may read who is invited" in told
    assert "the invitation of Nora Quill" in run(drafts, "check").output, "it is told each time"
    record = record_of(drafts)
    path.write_text(path.read_text("utf-8").replace("2020-03-01", "2940-03-01"), "utf-8")
    record.write_text(record.read_text("utf-8").replace(DRAFT, ""), "utf-8")
    assert "needs no invitation" in run(drafts, "check").output
    path.write_text("[[invitation]]\nfro = 1\n", "utf-8")
    result = run(drafts, "check")
    assert (result.exit_code, "invitations.toml:2" in result.output) == (1, True), result.output


def test_check_sees_that_the_day_of_an_invitation_has_passed(drafts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found out of a recording that is open is kept until a file changes, but for this."""
    run(drafts, "invite", "tones", "--for", "Nora", "--until", "2930-05-01")
    record = record_of(drafts)
    record.write_text(record.read_text("utf-8").replace(DRAFT, ""), "utf-8")
    for each in sorted(drafts.rglob("*")):
        os.utime(each, (1_000_000_000, 1_000_000_000))
    now = [dt.datetime(2930, 4, 30, tzinfo=dt.UTC).timestamp()]
    monkeypatch.setattr("player.archive.archive.Clock", lambda root: Clock(root, lambda: now[0], lambda: now[0]))
    for _ in range(2):
        assert "needs no invitation" in run(drafts, "check").output
    now[0] += 3 * 86_400
    assert "was good until 1 May 2930, and is over" in run(drafts, "check").output


def test_a_renamed_recording_keeps_its_invitations_and_a_withdrawn_or_removed_one_has_none(drafts: Path) -> None:
    run(drafts, *NORA)
    assert run(drafts, "rename", "tones", "sounds").exit_code == 0
    assert [each.name for each in invitations(Archive(drafts), "sounds")] == ["Nora Quill"]
    told = run(drafts, "withdraw", "sounds").output
    assert "the invitations to it: " in told
    assert invitations(Archive(drafts), "sounds") == ()
    another(drafts, "other", DRAFT)
    run(drafts, "invite", "other", "--for", "Ines", "--until", "2940-03-01")
    assert "invitations.toml" in run(drafts, "remove", "other", "--yes").output
    assert not (drafts / "transcripts" / "other").exists()


def test_an_archive_for_who_is_invited_has_that_recording_and_what_visitors_see(tmp_path: Path) -> None:
    tables = (
        '[access]\nrecord = "draft"\nsound = "on request"\n[[closed]]\nstart = "0:02"\nend = "0:04"\nwhat = "words"\n'
    )
    root = write_closed(tmp_path / "archive", tables)
    another(root, "other", DRAFT)
    another(root, "sealed", '[access]\nrecord = "closed"\n')
    found = Archive(root, Audience.INVITED, "tones")
    assert found.slugs() == ["tones"]
    shown = found.recording("tones").shown
    assert (shown.record, shown.sound, [each.label for each in shown.passages]) == (None, None, ["closed"])
    for slug in ("other", "sealed"):
        with pytest.raises(NotFoundError):
            found.record(slug)
    with pytest.raises(NotFoundError):
        Archive(root, Audience.INVITED, "sealed").record("sealed")
    assert Archive(root, Audience.EDITORS).record("tones").shown.sound is not None, "that is for who is given it"
    assert Archive(root, Audience.INVITED).slugs() == []


_KILLED: Final = """
    import datetime, os, signal, sys
    from pathlib import Path
    from player.archive.archive import Archive
    from player.intake import inviting

    count, at = [0], int(sys.argv[2])

    def watch(event, arguments):
        if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"} and "archive" in str(arguments[0]):
            count[0] += 1
            if count[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    inviting.invite(Archive(Path(sys.argv[1])), "tones", "Otto", datetime.date(2940, 1, 1))
"""


@pytest.mark.long
def test_a_command_that_is_killed_leaves_what_was_there_or_all_of_it(drafts: Path) -> None:
    run(drafts, *NORA)
    before = (drafts / FILE).read_bytes()
    for moment in range(1, 60):
        command = [sys.executable, "-c", textwrap.dedent(_KILLED), str(drafts), str(moment)]
        done = subprocess.run(command, env={**os.environ}, check=False, capture_output=True)
        run(drafts, "invite", "--list")
        names = [each.name for each in invitations(Archive(drafts), "tones")]
        assert names in (["Nora Quill"], ["Nora Quill", "Otto"])
        assert [each.name for each in (drafts / "transcripts").iterdir() if each.name.startswith(".")] == []
        assert [each.name for each in (drafts / "transcripts" / "tones").iterdir() if "tape-player" in each.name] == []
        assert stat.S_IMODE((drafts / FILE).stat().st_mode) == 0o600
        (drafts / FILE).write_bytes(before)
        if done.returncode != -signal.SIGKILL:
            break
    assert moment > 10
    assert done.returncode == 0


def test_a_day_that_the_clock_may_have_lost_invites_nobody(drafts: Path) -> None:
    archive = Archive(drafts)
    inviting.invite(archive, "tones", "Nora", archive.day())
    (today,) = invitations(archive, "tones")
    assert today.holds(archive.clock)
    path = drafts / FILE
    day = (archive.day() - dt.timedelta(days=1)).isoformat()
    path.write_text(path.read_text("utf-8").replace(f'until = "{archive.day()}"', f'until = "{day}"'), "utf-8")
    assert not invitations(archive, "tones")[0].holds(archive.clock)
