"""``player closed`` lists all that visitors do not see: what, until when, on whose word, and whether it is due."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from clipping import run
from closings import FAR, PASSED, PEOPLE, another, record_of, write_closed

if TYPE_CHECKING:
    from pathlib import Path

TABLES = f"""
[[access]]
sound = "on request"
notes = "draft"
reason = "Asked for\\nby the family."
decided_by = "The board"

[[access]]
transcript = "closed"
until = "{PASSED}"

[[closed]]
start = "0:02"
end = "0:04.5"
until = "{FAR}-03"
opens = "by itself"
reason = "A name."
decided_by = "Her letter"

[[closed]]
cue = "first..last"
what = "sound"

[[closed]]
cue = "nowhere"
what = "words"

[[closed]]
start = "0:05"
end = "0:06"
until = "{PASSED}"
opens = "by itself"
"""


def rows(root: Path, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(root, "closed", "--json", *options).stdout)
    return found


def test_each_closure_is_listed_as_it_is_now(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", TABLES)
    found = [
        (each["what"], each["part"], each["state"], each["until"], each["opens"], each["due"]) for each in rows(root)
    ]
    assert found == [
        ("sound", None, "on request", None, None, False),
        ("notes", None, "draft", None, None, False),
        ("transcript", None, "closed", PASSED, "after review", True),
        ("passage", "sound and words", "closed", f"{FAR}-03", "by itself", False),
        ("passage", "sound", "closed", None, None, False),
        ("passage", "words, of lines whose place is unknown (nowhere), and so all of it", "closed", None, None, False),
        # The last has opened by itself.
    ]
    assert [(each["start"], each["end"]) for each in rows(root)[3:]] == [(2.0, 4.5), (2.0, 10.0), (None, None)]
    assert {each["line"] for each in rows(root)} != {None}
    assert rows(root, "--due") == [rows(root)[2]]
    assert rows(root, "tones") == rows(root)


def test_a_passage_after_the_last_line_is_listed_as_all_that_it_closes(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", '[[closed]]\nstart = "1:00"\nend = "1:01"\n')
    (found,) = rows(root)
    assert found["part"] == "sound and words, from 1:00 to 1:01, where no line is known, and so all of it"
    assert (found["start"], found["end"]) == (None, None)


def test_the_table_has_a_row_for_each(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", TABLES)
    answer = run(root, "closed")
    assert (answer.exit_code, answer.stderr) == (0, "")
    lines = [line.split("  ") for line in answer.stdout.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells[0] == ["recording", "what", "state", "opens", "decided by", "reason"]
    assert cells[1] == ["tones", "sound", "on request", "-", "The board", "Asked for by the family."]
    assert cells[3] == ["tones", "transcript", "closed until it is reviewed", "is due for review", "-", "-"]
    assert cells[4][1:5] == ["0:02 to 0:04.5 (sound and words)", f"closed until March {FAR}", "by itself", "Her letter"]
    assert len(cells) == 7


def test_names_that_are_replaced_are_listed(tmp_path: Path) -> None:
    people = PEOPLE + PEOPLE.replace("ada", "ben").replace("Ada", "Ben") + 'private = true\ndisplay_name = "A guard"\n'
    people += PEOPLE.replace('"ada"', '"eve"').replace("Ada", "Eve") + "private = true\n"
    root = write_closed(tmp_path / "archive", people=people)
    record = record_of(root)
    record.write_text(
        record.read_text(encoding="utf-8").replace('name = "Ada"\n', 'name = "Ada"\ndisplay_name = "The\\tnarrator"\n'),
        encoding="utf-8",
    )
    found = [(each["recording"], each["what"], each["part"], each["state"]) for each in rows(root)]
    assert found == [
        ("tones", "name", "Ada", 'shown as "The\\tnarrator"'),
        (None, "person", "ben", 'shown as "A guard"'),
        (None, "person", "eve", 'shown as "Name withheld"'),
    ]
    assert [each["what"] for each in rows(root, "tones")] == ["name"]


def test_what_cannot_be_read_is_listed_as_closed_with_its_place(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive", people="not TOML")
    another(root, "broken", '[access]\nrecord = "secret"\n')
    answer = run(root, "closed")
    assert answer.exit_code == 0
    assert "broken     record that cannot be read  closed  -      -" in answer.stdout
    assert (
        '/broken/recording.toml:5: "record" is "secret"; write one of open, draft, on request, closed' in answer.stdout
    )
    assert "people everybody" in answer.stdout
    assert "/people.toml:1: this is not TOML" in answer.stdout
    assert [(each["recording"], each["line"]) for each in rows(root, "broken")] == [("broken", 5)]


def test_a_withdrawn_recording_is_listed_with_what_is_closed_in_it(tmp_path: Path) -> None:
    root = write_closed(
        tmp_path / "archive", '[access]\nsound = "closed"\n[withdrawal]\ndate = "2026-11-29"\nreason = "R."'
    )
    assert [(each["what"], each["state"], each["reason"]) for each in rows(root)] == [
        ("record", "withdrawn 29 November 2026", "R."),
        ("sound", "closed", None),
    ]


@pytest.mark.parametrize("options", [[], ["tones"]])
def test_where_nothing_is_closed_it_says_so(tmp_path: Path, options: list[str]) -> None:
    root = write_closed(tmp_path / "archive", people=PEOPLE)
    assert run(root, "closed", *options).stdout == "nothing is closed\n"
    assert run(root, "closed", "--due", *options).stdout == "nothing waits to be opened\n"
    assert rows(root, *options) == []


def test_a_recording_that_is_not_there_is_refused(tmp_path: Path) -> None:
    root = write_closed(tmp_path / "archive")
    for name in ("none", "../media", "dossiers", ""):
        answer = run(root, "closed", name)
        assert (answer.exit_code, answer.stdout) == (1, "")
        assert "no recording is called" in answer.stderr


def test_while_the_clock_is_not_trusted_it_says_by_which_day_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_closed(tmp_path / "archive", TABLES)
    monkeypatch.setenv("PLAYER_CACHE", str(tmp_path / "cache"))
    assert run(root, "closed").stderr == ""
    (kept,) = (tmp_path / "cache" / "clock").iterdir()
    day = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({**day, "day": "2940-01-01"}), encoding="utf-8")  # it was later than now already
    answer = run(root, "closed")
    assert "the clock was changed, so the day is taken to be " in answer.stderr
    assert "player check" in answer.stderr
