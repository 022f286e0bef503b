"""``player publish`` opens what is a draft, and what was reviewed, and nothing else; the rest of the record stays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from clipping import run
from closings import FAR, PASSED, record_of, write_closed
from untimed import NOT_AT_ALL, give

from player.archive.archive import Archive
from player.archive.gate.shown import Audience
from player.errors import HiddenError

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = '[access]  # since she wrote\nrecord = "draft"   # until the notes are done\nreason = "In preparation."\n'
SEVERAL = f"""
[[access]]
transcript = "draft" # to be corrected
notes = 'closed'
until = "{FAR}"

[[access]]
sound = "closed"   # by letter
until = "{PASSED}"

[[closed]]
start = "0:02"
end = "0:04"
until = "{PASSED}-12"
# nobody else
[[closed]]
start = "0:08"
end = "0:09"
until = "{FAR}"
"""


def lines(text: str) -> list[str]:
    return text.splitlines()


def dated_by(text: str) -> str:
    """Give the line with the day that a record was given; it may not be the one on which the test began."""
    day = next(line for line in lines(text) if line.startswith("published ="))
    now = dt.datetime.now(dt.UTC).date()
    assert day in {f'published = "{now - dt.timedelta(days)}"' for days in (0, 1)}
    return day


def test_a_draft_is_opened_and_what_visitors_now_see_is_told(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", DRAFT)
    visitors = Archive(root, Audience.VISITORS)
    with pytest.raises(HiddenError):
        visitors.record("tones")
    before = record_of(root).read_text(encoding="utf-8")
    answer = run(root, "publish", "tones")
    assert (answer.exit_code, answer.stderr) == (0, "")
    after = record_of(root).read_text(encoding="utf-8")
    assert lines(answer.stdout)[1:] == [
        "  visitors can see that there is this recording",
        "  visitors can hear its sound",
        "  visitors can read its transcript (4 lines)",
        "  visitors can read 3 notes on it",
        f"  its record says since when: {dated_by(after)}",
    ]
    assert after.replace(f"{dated_by(after)}\n", "") == before.replace('"draft"', '"open"')
    assert visitors.recording("tones").shown.is_everything
    again = run(root, "publish", "tones")
    assert (again.exit_code, again.stderr) == (0, "")
    assert again.stdout.startswith("tones is open already: ")


def test_what_is_not_a_draft_stays_closed_and_is_named(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", SEVERAL)
    answer = run(root, "publish", "tones")
    assert lines(answer.stdout)[1:] == [
        "  visitors can read its transcript (4 lines)",
        f"  closed until {FAR}, as before: notes",
        "  closed until it is reviewed, as before: sound",
        "  closed until it is reviewed, as before: 0:02 to 0:04 (sound and words)",
        f"  closed until {FAR}, as before: 0:08 to 0:09 (sound and words)",
    ]
    after = record_of(root).read_text(encoding="utf-8")
    # What is open has no last day, so the key went; what was beside it stayed.
    assert f"[[access]]\n# to be corrected\nnotes = 'closed'\nuntil = \"{FAR}\"\n" in after
    nothing = run(root, "publish", "tones")
    assert nothing.exit_code == 1
    assert (
        "nothing in it is a draft; what is closed there waits for a review: after that, publish it with --reviewed"
        in (nothing.stderr)
    )
    assert record_of(root).read_text(encoding="utf-8") == after


def test_what_was_reviewed_opens_and_keeps_its_dates(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", SEVERAL)
    before = record_of(root).read_text(encoding="utf-8")
    answer = run(root, "publish", "tones", "--reviewed")
    assert lines(answer.stdout)[1:] == [
        "  visitors can hear its sound",
        "  visitors can read its transcript (4 lines)",
        "  visitors can hear and read 0:02 to 0:04",
        f"  its record says since when: {dated_by(record_of(root).read_text(encoding='utf-8'))}",
        f"  closed until {FAR}, as before: notes",
        f"  closed until {FAR}, as before: 0:08 to 0:09 (sound and words)",
    ]
    expected = before.replace('transcript = "draft" # to be', "# to be")
    expected = expected.replace(f'letter\nuntil = "{PASSED}"\n', f'letter\nuntil = "{PASSED}"\nopens = "by itself"\n')
    expected = expected.replace(f'"{PASSED}-12"\n', f'"{PASSED}-12"\nopens = "by itself"\n')
    after = record_of(root).read_text(encoding="utf-8")
    assert after.replace(f"{dated_by(after)}\n", "") == expected
    assert run(root, "publish", "tones", "--reviewed").exit_code == 1
    assert "waits for a review" in run(root, "publish", "tones", "--reviewed").stderr
    assert run(root, "check").exit_code == 0


def test_a_draft_with_a_last_day_loses_it(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", f'[access]\nsound = "draft"\nuntil = "{FAR}"\nopens = "by itself"\n')
    assert run(root, "publish", "tones").exit_code == 0
    assert record_of(root).read_text(encoding="utf-8").endswith('[access]\nsound = "open"\n')
    assert run(root, "check").exit_code == 0


@pytest.mark.parametrize(
    ("top", "tables"),
    [
        ('published = "2026-05-01" # on the radio\n', DRAFT),
        ("", '[access]\ntranscript = "draft"\n'),
        ("", f'[[access]]\nrecord = "draft"\n[[access]]\nsound = "closed"\nuntil = "{FAR}"\n'),
    ],
    ids=["dated already", "heard before", "not heard yet"],
)
def test_a_date_is_kept_and_none_is_given_to_what_is_not_heard_from_now_on(
    tmp_path: Path, top: str, tables: str
) -> None:
    root = write_closed(tmp_path / "archive", tables)
    record = record_of(root)
    record.write_text(top + record.read_text(encoding="utf-8"), encoding="utf-8")
    before = record.read_text(encoding="utf-8")
    answer = run(root, "publish", "tones")
    assert (answer.exit_code, "since when" in answer.stdout) == (0, False)
    assert record.read_text(encoding="utf-8") == before.replace('"draft"', '"open"')


def test_what_is_dated_stands_among_the_keys_and_comments_of_its_keeper(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '# told by letter\n[access]\nsound = "draft" # soon\n')
    record = record_of(root)
    head = '# by hand\r\ntitle = "Tones"  # as on the box\r\ndate = "1963"\r\n\r\n# the tape\r\nmedia = "tones.wav"\r\n'
    record.write_bytes(f'\ufeff{head}\r\n[access] # by letter\r\nsound = "draft" # soon\r\n'.encode())
    assert run(root, "publish", "tones").exit_code == 0
    after = record.read_bytes().decode()
    line = dated_by(after.replace("\r\n", "\n"))
    first = 'date = "1963"\r\n'
    expected = head.replace(first, f"{first}{line}\r\n")
    assert after == f'\ufeff{expected}\r\n[access] # by letter\r\nsound = "open" # soon\r\n'


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        (
            '[access]\nsound = "on request"',
            'nothing in it is a draft; what is closed has another word than "draft" in [access]',
        ),
        ('[access]\nrecord = "draft"\n[withdrawal]\ndate = "2026"', "tones is withdrawn; remove [withdrawal] by hand"),
        ('access = "draft"', "unknown key"),
        ('[access]\nrecord = "drafts"', '"record" is "drafts"; write one of open, draft'),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_remedy(tmp_path: Path, tables: str, what: str) -> None:
    root = write_closed(tmp_path / "archive", tables)
    before = record_of(root).read_bytes()
    answer = run(root, "publish", "tones")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert f"{record_of(root).parent.name}/recording.toml" in answer.stderr
    assert what in answer.stderr
    assert record_of(root).read_bytes() == before


@pytest.mark.parametrize(
    ("name", "old", "new", "what"),
    [
        ("tones/annotations.toml", 'sources = ["log, p. 1"]', 'sources = ["nowhere"]', "nowhere"),
        ("tones/transcript.vtt", "Media SHA-256] ", "Media SHA-256] 0", "SHA-256"),
        ("tones/recording.toml", 'sources = ["log"]', 'sources = ["gone"]', "gone"),
    ],
)
def test_a_recording_with_faults_is_not_published(tmp_path: Path, name: str, old: str, new: str, what: str) -> None:
    root = write_closed(tmp_path / "archive", DRAFT)
    path = root / "transcripts" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    before = record_of(root).read_bytes()
    answer = run(root, "publish", "tones")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert f"{name}:" in answer.stderr
    assert what in answer.stderr
    assert "tones is not published: correct the " in answer.stderr
    assert record_of(root).read_bytes() == before


def test_faults_of_other_recordings_do_not_keep_it_back(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", DRAFT)
    other = record_of(root, "broken")
    other.parent.mkdir()
    other.write_text("not TOML", encoding="utf-8")
    assert run(root, "check").exit_code == 1
    assert run(root, "publish", "tones").exit_code == 0


@pytest.mark.parametrize("written", ['access = { record = "draft" }', 'access = [{ record = "draft" }]'])
def test_what_is_written_on_one_line_is_left_to_its_keeper(tmp_path: Path, written: str) -> None:
    root = write_closed(tmp_path / "archive")
    record = record_of(root)
    record.write_text(f"{written}\n{record.read_text(encoding='utf-8')}", encoding="utf-8")
    before = record.read_bytes()
    answer = run(root, "publish", "tones")
    assert answer.exit_code == 1
    assert "this is written in a way that cannot be changed here; change it by hand" in answer.stderr
    assert record.read_bytes() == before


def test_a_recording_that_is_not_there_is_refused(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive")
    answer = run(root, "publish", "none")
    assert (answer.exit_code, "no recording is called" in answer.stderr) == (1, True)


def test_lines_that_are_not_timed_yet_are_counted_as_lines(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", DRAFT)
    give(root, NOT_AT_ALL)
    assert "  visitors can read its transcript (3 lines)\n" in run(root, "publish", "tones").stdout
