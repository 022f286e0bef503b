"""``player search`` prints what the page of a search finds, as text or JSON, and cuts it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from searched import SEARCHES, WORDLESS, over_all, write_searched

from player.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import CliRunner, Result


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_searched(tmp_path_factory.mktemp("searched") / "archive")


def run(runner: CliRunner, archive: Path, *words: str) -> Result:
    return runner.invoke(main, ["search", "--archive", str(archive), *words])


@pytest.mark.parametrize(("query", "hits"), SEARCHES, ids=[query for query, _ in SEARCHES])
def test_what_a_page_finds_is_printed(runner: CliRunner, table: Path, query: str, hits: list[list[str | int]]) -> None:
    expected = over_all(query, hits)
    result = run(runner, table, "--json", "--", query)
    found = json.loads(result.stdout)
    said = [[hit["line"], hit["start"], hit["end"], hit["text"]] for line in found["lines"] for hit in line["hits"]]
    assert said == [[first, *rest] for first, _, *rest in expected]
    assert found["passages"] == len(expected)
    assert result.exit_code == (0 if expected or found["records"] else 1)


@pytest.mark.parametrize("query", [each for each in WORDLESS if "\0" not in each])
def test_a_search_without_a_word_is_refused(runner: CliRunner, table: Path, query: str) -> None:
    result = run(runner, table, query)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("the search contains no word; write a word")


def test_words_that_begin_with_a_hyphen_are_searched_for_as_the_refusal_says(
    runner: CliRunner, context_archive: Path
) -> None:
    refused = runner.invoke(main, ["search", "-9 degrees"])
    assert refused.exit_code == 2
    assert "to search for words that begin with a hyphen, write -- before them" in refused.stderr
    found = runner.invoke(main, ["search", "--archive", str(context_archive), "--", "-hum"])
    assert found.exit_code == 0, found.stderr


def test_each_line_is_printed_with_its_place_and_speaker(runner: CliRunner, context_archive: Path) -> None:
    result = run(runner, context_archive, "two", "zebra")
    assert (result.exit_code, result.stderr) == (1, "0 recordings\nnothing was found\n")
    result = run(runner, context_archive, "three a second")
    assert result.stdout == "tones  first  0:02  Ada: One two three. / A second voice.\n"
    assert result.stderr == "1 passage in 1 recording\n"
    result = run(runner, context_archive, "tape")
    assert result.stdout.splitlines()[0] == "tones  A tape of tones"
    both = run(runner, context_archive, '"voice" "three"').stdout.splitlines()
    assert [line.split()[1] for line in both] == ["first", "c3", "ben"]
    one = run(runner, context_archive, '"voice" "three"', "--most", "1").stdout.splitlines()
    assert one == [both[0], both[2]]


def test_what_was_found_is_cut(runner: CliRunner, context_archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "some" / "where"
    result = run(runner, context_archive, "three a second", "--clips", str(folder))
    assert result.exit_code == 0, result.stderr
    (clip,) = folder.glob("*.mp3")
    assert clip.name == "tones_0m02s000-0m07s000.mp3"
    assert str(clip) in result.stdout
    assert json.loads(clip.with_name(f"{clip.name}.json").read_text(encoding="utf-8"))
    again = run(runner, context_archive, "three a second", "--clips", str(folder), "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (1, [])
    assert "tones first: " in again.stderr
