"""Those who have an archive's files see all of it at the command, marked with what visitors may not see."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from closed_words import DRAFT, PASSAGE, WITHDRAWN, WORD, bytes_of, declare, rewrite, write_words

from player.archive.archive import Archive
from player.cli import main
from player.index.index import Index
from player.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner, Result


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_words(tmp_path / "archive")


def run(runner: CliRunner, root: Path, *arguments: str) -> Result:
    result = runner.invoke(main, [*arguments, "--archive", str(root)])
    assert result.exit_code == 0, result.output
    return result


def searched(runner: CliRunner, root: Path, words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(runner, root, "search", words, "--json").stdout)
    return answer


MARKS = {"withdrawn": (WITHDRAWN, "withdrawn"), "draft": (DRAFT, "draft"), "passage": (PASSAGE, "closed until 2999")}


@pytest.mark.parametrize(("table", "mark"), MARKS.values(), ids=MARKS)
def test_closed_words_are_found_by_the_owner_and_by_nobody_else(
    runner: CliRunner, root: Path, table: str, mark: str
) -> None:
    before = searched(runner, root, WORD)
    declare(root, table)
    after = searched(runner, root, WORD)
    for each in (*after["lines"], *after["notes"]):
        assert each.pop("access") == mark
    for each in (*before["lines"], *before["notes"]):
        assert each.pop("access") == "open"
    assert after == before
    told = run(runner, root, "search", WORD)
    assert told.stdout == (
        f"sealed  two  0:02  Ada: Then {WORD} is said.  [{mark}]\nsealed  note-told  What {WORD} is  [{mark}]\n"
    )
    assert told.stderr == "1 passage in 1 recording, 2 in notes\n"
    assert "Nothing" in create_app(root).test_client().get(f"/search?q={WORD}").text
    index = Index.of(Archive(root))
    index.look()  # whoever was still reading a moment ago kept the last look from overwriting it
    assert bytes_of(index) == {}


def test_what_is_found_in_the_index_and_beside_it_adds_up(runner: CliRunner, root: Path) -> None:
    declare(root, PASSAGE)
    declare(root, '\n[[closed]]\ncue = "first"\n', "tones")
    found = searched(runner, root, "open")
    assert [(line["recording"], line["line"], line["access"]) for line in found["lines"]] == [
        ("sealed", "one", "open"),
        ("sealed", "three", "open"),
    ]
    assert (found["passages"], found["recordings"]) == (2, 1)
    # The line that stands in the place of others is nobody's words.
    assert searched(runner, root, "three")["lines"][0]["access"] == "closed"


def test_a_private_person_is_found_and_marked(runner: CliRunner, root: Path) -> None:
    rewrite(root / "transcripts" / "people.toml", 'id = "ada"', 'id = "ada"\nprivate = true')
    found = searched(runner, root, "Lovelace")
    people = {each["id"]: each["access"] for each in found["others"] if each["kind"] == "person"}
    assert people == {"ada": "private"}
    assert searched(runner, root, "voice")["others"][0]["access"] == "open"


def test_lists_are_marked(runner: CliRunner, root: Path) -> None:
    assert "[" not in run(runner, root, "list").stdout
    declare(root, DRAFT)
    declare(root, '\n[access]\nsound = "closed"\nuntil = "2041"\n\n[[closed]]\ncue = "first"\n', "tones")
    assert run(runner, root, "list").stdout.splitlines() == [
        "sealed  1963-11-05  not held   A tape of hums  [draft]",
        "tones   1963-11-05  recording  A tape of tones  [sound closed until 2041]",
    ]
    assert run(runner, root, "annotations", "sealed").stdout.endswith("#note-told  [draft]\n")
    marked = [line for line in run(runner, root, "annotations", "tones").stdout.splitlines() if line.endswith("]")]
    assert [line.split()[-1] for line in marked] == ["[closed]"]
    assert "#note-who" in marked[0]


def test_a_table_of_records_says_it_and_does_not_change_it(runner: CliRunner, root: Path, tmp_path: Path) -> None:
    declare(root, DRAFT)
    table = tmp_path / "records.csv"
    run(runner, root, "records", "--export", str(table))
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["slug"], row["access"]) for row in rows] == [("sealed", "draft"), ("tones", "open")]
    assert "0 records of 2 changed" in run(runner, root, "records", "--import", str(table)).stdout
    table.write_text(table.read_text(encoding="utf-8").replace(",draft", ",open"), encoding="utf-8")
    result = runner.invoke(main, ["records", "--import", str(table), "--archive", str(root)])
    assert result.exit_code == 1
    assert '"access" says "open", but the record of "sealed" is draft; remove the column' in result.stderr


def test_what_cannot_be_read_is_told_after_what_was_found(runner: CliRunner, root: Path) -> None:
    declare(root, "\nsubstance = 3 : 4\n")
    result = run(runner, root, "search", "second")
    assert "tones  c3" in result.stdout
    assert 'There is a fault in the record of "sealed"' in result.stderr


def test_a_line_that_is_closed_is_found_and_not_cut(runner: CliRunner, root: Path, tmp_path: Path) -> None:
    declare(root, '\n[[closed]]\ncue = "first"\nuntil = "2999"\n', "tones")
    result = runner.invoke(main, ["search", "three", "--clips", str(tmp_path / "found"), "--archive", str(root)])
    assert (result.exit_code, list((tmp_path / "found").iterdir())) == (1, [])
    assert "tones first: tones: 0:02 to 0:04.5 runs into what is closed until 2999" in result.stderr


def test_bringing_the_index_up_to_date_counts_what_visitors_do_not_see(runner: CliRunner, root: Path) -> None:
    assert run(runner, root, "index").stdout.startswith("2 recordings; ")
    declare(root, DRAFT)
    assert run(runner, root, "index").stdout.startswith("1 recording, and 1 that visitors do not see; ")
    declare(root, "\nsubstance = 3 : 4\n")
    result = run(runner, root, "index")
    assert result.stdout.startswith("1 recording, and 1 that visitors do not see; ")
    assert 'There is a fault in the record of "sealed"' in result.stderr
